#include "importers/io/input.h"

#include "importers/io/layer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace flamewright {
namespace {

// Grows with realloc: the pages of a large block are moved, not copied, and those nothing was
// read into cost no memory.
class GrowingBuffer {
public:
    GrowingBuffer() = default;
    GrowingBuffer(const GrowingBuffer &) = delete;
    GrowingBuffer &operator=(const GrowingBuffer &) = delete;
    ~GrowingBuffer() { std::free(m_data); }

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    std::span<std::byte> room() const { return {m_data + m_size, m_capacity - m_size}; }
    void added(std::size_t bytes) { m_size += bytes; }
    bool grow(std::uint64_t limit, std::optional<std::uint64_t> hint)
    {
        auto wanted = std::max<std::uint64_t>(std::uint64_t{m_capacity} * 2, 1u << 20);
        if (hint && *hint >= m_size)
            wanted = std::min(wanted, *hint + 1); // one more, to see the end without growing
        wanted = std::min(wanted, limit);
        auto *data =
            static_cast<std::byte *>(std::realloc(m_data, static_cast<std::size_t>(wanted)));
        if (data == nullptr)
            return false;
        m_data = data;
        m_capacity = static_cast<std::size_t>(wanted);
        return true;
    }

private:
    std::byte *m_data = nullptr;
    std::size_t m_size = 0, m_capacity = 0;
};

std::string withoutSuffix(std::string name, LayerKind kind)
{
    const auto cut = [&](std::string_view suffix, std::string_view replacement = {}) {
        if (!name.ends_with(suffix) || name.size() == suffix.size())
            return false;
        name.resize(name.size() - suffix.size());
        name += replacement;
        return true;
    };
    switch (kind) {
    case LayerKind::Gzip: cut(".tgz", ".tar") || cut(".gz"); break;
    case LayerKind::Zstd: cut(".zst") || cut(".zstd"); break;
    case LayerKind::Xz: cut(".txz", ".tar") || cut(".xz"); break;
    case LayerKind::Bzip2: cut(".tbz2", ".tar") || cut(".bz2"); break;
    case LayerKind::Zip:
    case LayerKind::Tar:
    case LayerKind::None: break;
    }
    return name;
}

class LayeredInput final : public Input {
public:
    LayeredInput(std::string fileName, InputLimits limits)
        : m_fileName(std::move(fileName)),
          m_limits(limits)
    {}

    Result<> open(int descriptor)
    {
        FW_ASSIGN(auto raw, RawInput::open(descriptor));
        m_raw = raw.get();
        m_top = std::make_unique<HeadReader>(std::move(raw), *m_raw, m_limits, true);
        for (;;) {
            FW_ASSIGN(const auto head, m_top->peek(512));
            const auto kind = layerKindOf(head);
            if (kind == LayerKind::None)
                return {};
            if (m_notes.size() >= m_limits.maxLayers)
                return fail(Errc::Limit, "the input is compressed more than " +
                                             std::to_string(m_limits.maxLayers) + " times over");
            FW_TRY(unwrap(kind));
        }
    }

    Result<Probe> probe() override
    {
        FW_ASSIGN(const auto head, m_top->peek(kProbeBytes));
        return Probe{head, head.size() < kProbeBytes, m_fileName};
    }

    Result<std::size_t> read(std::span<std::byte> into) override { return m_top->read(into); }

    std::optional<std::uint64_t> sizeHint() const override
    {
        return m_notes.empty() ? m_raw->size() : std::nullopt;
    }

    Result<std::span<const std::byte>> whole(std::uint64_t limit) override
    {
        // One byte more than allowed tells "exactly" from "too much".
        const auto most = limit == UINT64_MAX ? limit : limit + 1;
        while (!m_wholeRead) {
            if (m_whole.room().empty() && !m_whole.grow(most, sizeHint()))
                return fail(Errc::Limit, "not enough memory for the input");
            FW_ASSIGN(const auto got, m_top->read(m_whole.room()));
            m_whole.added(got);
            m_wholeRead = got == 0;
            if (m_whole.bytes().size() > limit)
                return fail(Errc::Limit, "the input is larger than the " +
                                             std::to_string(limit >> 20) +
                                             " MiB this format allows");
        }
        return m_whole.bytes();
    }

    const std::string &layers() const override { return m_layerText; }
    std::uint64_t rawBytesRead() const override { return m_raw->position(); }
    std::optional<std::uint64_t> rawSize() const override { return m_raw->size(); }

    std::vector<ImportNote> notes() const override
    {
        std::vector<ImportNote> all;
        for (const auto &layer : m_notes)
            all.insert(all.end(), layer->notes.begin(), layer->notes.end());
        return all;
    }

private:
    Result<> unwrap(LayerKind kind)
    {
        m_notes.push_back(std::make_unique<LayerNotes>());
        auto &notes = *m_notes.back();
        std::unique_ptr<Layer> layer;
        if (kind == LayerKind::Gzip) {
            layer = makeGzipLayer(std::move(m_top), notes);
        } else if (kind == LayerKind::Zstd) {
            layer = makeZstdLayer(std::move(m_top), notes);
        } else {
            FW_ASSIGN(layer, makeArchiveLayer(kind, std::move(m_top), notes));
        }
        m_top = std::make_unique<HeadReader>(std::move(layer), *m_raw, m_limits, false);
        m_layerText += (m_layerText.empty() ? "" : ", ") + notes.name;
        m_fileName = notes.memberName.empty() ? withoutSuffix(std::move(m_fileName), kind)
                                              : notes.memberName;
        return {};
    }

    std::string m_fileName;
    InputLimits m_limits;
    std::vector<std::unique_ptr<LayerNotes>> m_notes; // layers refer to them
    std::string m_layerText;
    std::unique_ptr<HeadReader> m_top;
    RawInput *m_raw = nullptr; // owned by the lowest layer under m_top
    GrowingBuffer m_whole;
    bool m_wholeRead = false;
};

} // namespace

void LayerNotes::add(const char *code, std::uint64_t offset, std::string detail)
{
    notes.push_back({Severity::Notice, code, 1, offset, std::move(detail)});
}

HeadReader::HeadReader(std::unique_ptr<Layer> layer, RawInput &raw, InputLimits limits, bool isRaw)
    : m_layer(std::move(layer)),
      m_raw(raw),
      m_limits(limits),
      m_isRaw(isRaw)
{}

Result<std::size_t> HeadReader::pull(std::span<std::byte> into)
{
    if (m_end || into.empty())
        return std::size_t{0};
    FW_ASSIGN(const auto got, m_layer->read(into));
    m_end = got == 0;
    m_pulled += got;
    if (m_isRaw)
        return got;
    if (m_pulled > m_limits.maxOutputBytes)
        return fail(Error(Errc::Limit, "the input decompresses to more than " +
                                           std::to_string(m_limits.maxOutputBytes >> 30) + " GiB")
                        .at(m_pulled));
    if (m_pulled > m_limits.ratioFrom &&
        m_pulled / m_limits.maxRatio > std::max<std::uint64_t>(m_raw.position(), 1))
        return fail(Error(Errc::Limit, "the input decompresses to more than " +
                                           std::to_string(m_limits.maxRatio) +
                                           " times its size; this looks like a decompression bomb")
                        .at(m_pulled));
    return got;
}

Result<std::span<const std::byte>> HeadReader::peek(std::size_t bytes)
{
    m_head.erase(m_head.begin(), m_head.begin() + static_cast<std::ptrdiff_t>(m_headPos));
    m_headPos = 0;
    while (m_head.size() < bytes && !m_end) {
        const auto old = m_head.size();
        m_head.resize(bytes);
        auto got = pull(std::span(m_head).subspan(old));
        m_head.resize(old + (got.has_value() ? *got : 0));
        if (!got.has_value())
            return fail(std::move(got).error());
    }
    return std::span<const std::byte>(m_head).first(std::min(bytes, m_head.size()));
}

Result<std::size_t> HeadReader::read(std::span<std::byte> into)
{
    std::size_t got = 0;
    if (m_headPos < m_head.size()) {
        got = std::min(into.size(), m_head.size() - m_headPos);
        std::memcpy(into.data(), m_head.data() + m_headPos, got);
        m_headPos += got;
    } else {
        FW_ASSIGN(got, pull(into));
    }
    m_given += got;
    return got;
}

RawInput *HeadReader::seekable()
{
    return m_isRaw && m_raw.size() ? &m_raw : nullptr;
}

Result<> HeadReader::seek(std::uint64_t position)
{
    FW_TRY(m_raw.seek(position));
    m_head.clear();
    m_headPos = 0;
    m_given = position;
    m_end = false;
    return {};
}

Result<std::unique_ptr<Input>> openInput(int descriptor, std::string fileName, InputLimits limits)
{
    auto input = std::make_unique<LayeredInput>(std::move(fileName), limits);
    FW_TRY(input->open(descriptor));
    return input;
}

} // namespace flamewright
