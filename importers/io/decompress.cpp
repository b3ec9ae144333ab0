#include "importers/io/layer.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <zlib.h>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 128u << 10;
// 128 MiB: what `zstd --long` makes and `zstd -d` accepts without being asked.
constexpr int kZstdWindowLog = 27;

// The compressed bytes a decoder works through, with those not used yet kept.
class Feed {
public:
    explicit Feed(std::unique_ptr<HeadReader> below) : m_below(std::move(below)) {}

    std::span<const std::byte> left() const
    {
        return std::span(m_buffer).subspan(m_pos, m_end - m_pos);
    }
    void use(std::size_t bytes) { m_pos += bytes; }
    std::uint64_t offset() const { return m_below->position() - (m_end - m_pos); }
    // At least `bytes` in left(), or all there is.
    Result<> fill(std::size_t bytes)
    {
        while (m_end - m_pos < bytes) {
            if (m_buffer.empty())
                m_buffer.resize(kReadBytes);
            std::memmove(m_buffer.data(), m_buffer.data() + m_pos, m_end - m_pos);
            m_end -= m_pos;
            m_pos = 0;
            FW_ASSIGN(const auto got, m_below->read(std::span(m_buffer).subspan(m_end)));
            if (got == 0)
                return {};
            m_end += got;
        }
        return {};
    }

private:
    std::unique_ptr<HeadReader> m_below;
    std::vector<std::byte> m_buffer;
    std::size_t m_pos = 0, m_end = 0;
};

bool startsWith(std::span<const std::byte> bytes, std::string_view magic)
{
    return bytes.size() >= magic.size() &&
           std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

void noteTrailing(LayerNotes &notes, const Feed &feed)
{
    notes.add("input_trailing_bytes", feed.offset(),
              "bytes after the end of the " + notes.name + " stream were ignored");
}

class GzipLayer final : public Layer {
public:
    GzipLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes)
        : m_feed(std::move(below)),
          m_notes(notes)
    {
        m_ready = inflateInit2(&m_stream, 15 + 16) == Z_OK;
    }
    GzipLayer(const GzipLayer &) = delete;
    GzipLayer &operator=(const GzipLayer &) = delete;
    ~GzipLayer() override
    {
        if (m_ready)
            inflateEnd(&m_stream);
    }

    Result<std::size_t> read(std::span<std::byte> into) override
    {
        if (!m_ready)
            return fail(Errc::Limit, "not enough memory");
        while (!m_end) {
            if (m_between) {
                FW_TRY(nextMember());
                continue;
            }
            FW_TRY(m_feed.fill(1));
            const auto in = m_feed.left();
            if (in.empty())
                return fail(
                    Error(Errc::Corrupt, "the gzip stream ends too early").at(m_feed.offset()));
            const auto room = std::min<std::size_t>(into.size(), 1u << 30);
            m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<std::byte *>(in.data()));
            m_stream.avail_in = static_cast<uInt>(in.size());
            m_stream.next_out = reinterpret_cast<Bytef *>(into.data());
            m_stream.avail_out = static_cast<uInt>(room);
            const auto code = inflate(&m_stream, Z_NO_FLUSH);
            m_feed.use(in.size() - m_stream.avail_in);
            if (code == Z_STREAM_END)
                m_between = true;
            else if (code != Z_OK)
                return fail(Error(code == Z_MEM_ERROR ? Errc::Limit : Errc::Corrupt,
                                  "the gzip stream is damaged")
                                .at(m_feed.offset()));
            if (const auto made = room - m_stream.avail_out; made > 0)
                return made;
        }
        return std::size_t{0};
    }

private:
    // Members follow each other (bgzip, rotated logs); anything else after one is not data.
    Result<> nextMember()
    {
        FW_TRY(m_feed.fill(3));
        if (startsWith(m_feed.left(), "\x1f\x8b\x08")) {
            inflateReset(&m_stream);
            m_between = false;
            return {};
        }
        m_end = true;
        if (!m_feed.left().empty())
            noteTrailing(m_notes, m_feed);
        return {};
    }

    Feed m_feed;
    LayerNotes &m_notes;
    z_stream m_stream{};
    bool m_ready = false;
    bool m_between = false;
    bool m_end = false;
};

class ZstdLayer final : public Layer {
public:
    ZstdLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes)
        : m_feed(std::move(below)),
          m_notes(notes),
          m_context(ZSTD_createDCtx(), &ZSTD_freeDCtx)
    {
        if (m_context)
            ZSTD_DCtx_setParameter(m_context.get(), ZSTD_d_windowLogMax, kZstdWindowLog);
    }

    Result<std::size_t> read(std::span<std::byte> into) override
    {
        if (!m_context)
            return fail(Errc::Limit, "not enough memory");
        while (!m_end) {
            FW_TRY(m_feed.fill(1));
            const auto from = m_feed.left();
            if (from.empty() && m_between) {
                m_end = true;
                break;
            }
            ZSTD_inBuffer in{from.data(), from.size(), 0};
            ZSTD_outBuffer out{into.data(), into.size(), 0};
            const auto code = ZSTD_decompressStream(m_context.get(), &out, &in);
            if (ZSTD_isError(code)) {
                FW_TRY(stopped(ZSTD_getErrorCode(code)));
                continue;
            }
            m_feed.use(in.pos);
            m_between = code == 0;
            if (out.pos > 0)
                return out.pos;
            if (from.empty())
                return fail(
                    Error(Errc::Corrupt, "the zstd stream ends too early").at(m_feed.offset()));
        }
        return std::size_t{0};
    }

private:
    Result<> stopped(ZSTD_ErrorCode code)
    {
        if (m_between && code == ZSTD_error_prefix_unknown) {
            m_end = true;
            noteTrailing(m_notes, m_feed);
            return {};
        }
        const auto offset = m_feed.offset();
        if (code == ZSTD_error_frameParameter_windowTooLarge ||
            code == ZSTD_error_memory_allocation)
            return fail(Error(Errc::Limit, "the zstd stream wants more than 128 MiB of memory to "
                                           "be decompressed; recompress it without --long")
                            .at(offset));
        return fail(Error(code == ZSTD_error_dictionary_wrong ? Errc::Unsupported : Errc::Corrupt,
                          std::string("the zstd stream is damaged: ") + ZSTD_getErrorString(code))
                        .at(offset));
    }

    Feed m_feed;
    LayerNotes &m_notes;
    std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx *)> m_context;
    bool m_between = true;
    bool m_end = false;
};

} // namespace

LayerKind layerKindOf(std::span<const std::byte> head)
{
    const auto at = [&](std::size_t i) {
        return i < head.size() ? static_cast<unsigned>(head[i]) : 256u;
    };
    if (startsWith(head, "\x1f\x8b\x08"))
        return LayerKind::Gzip;
    // A frame, or the skippable frame that pzstd and the seekable format begin with.
    if (startsWith(head, "\x28\xb5\x2f\xfd") ||
        (at(0) >= 0x50 && at(0) <= 0x5f && at(1) == 0x2a && at(2) == 0x4d && at(3) == 0x18))
        return LayerKind::Zstd;
    if (startsWith(head, std::string_view("\xfd"
                                          "7zXZ\0",
                                          6)))
        return LayerKind::Xz;
    if (startsWith(head, "BZh") && at(3) >= '1' && at(3) <= '9' && head.size() >= 10 &&
        (startsWith(head.subspan(4), "1AY&SY") || startsWith(head.subspan(4), "\x17rE8P\x90")))
        return LayerKind::Bzip2;
    if (startsWith(head, "PK\x03\x04") || startsWith(head, "PK\x05\x06"))
        return LayerKind::Zip;
    if (head.size() >= 512 && startsWith(head.subspan(257), "ustar"))
        return LayerKind::Tar;
    return LayerKind::None;
}

std::unique_ptr<Layer> makeGzipLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes)
{
    notes.name = "gzip";
    return std::make_unique<GzipLayer>(std::move(below), notes);
}

std::unique_ptr<Layer> makeZstdLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes)
{
    notes.name = "zstd";
    return std::make_unique<ZstdLayer>(std::move(below), notes);
}

} // namespace flamewright
