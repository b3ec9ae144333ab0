#include "importers/formats.h"
#include "importers/otlp/otlp_messages.h"
#include "importers/otlp/otlp_proto.h"
#include "importers/otlp/otlp_run.h"
#include "importers/text/json_lines.h"

#include <zstd.h>

#include <memory>
#include <string>

namespace flamewright {
namespace {

// OTLP as protobuf: a message as programs send it, several of them after each other, or what the
// OpenTelemetry Collector's file exporter writes, which puts the length before each message.
constexpr FormatInfo kFormat{"otlp-proto", "OpenTelemetry OTLP protobuf", "pb;bin;proto;otlp",
                             "trace"};

constexpr std::size_t kMaxMessage = OtlpMessages::kMaxMessage;
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

// Messages of one stream, decompressed into a buffer that is used again and again.
class ZstdMessages {
public:
    ZstdMessages() : m_context(ZSTD_createDCtx(), ZSTD_freeDCtx) {}
    // The message, followed by simdjson's padding; nullopt when it is damaged or too long.
    std::optional<std::string_view> decompress(std::string_view message);

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> m_context;
    std::string m_buffer;
};

std::optional<std::string_view> ZstdMessages::decompress(std::string_view message)
{
    if (!m_context || ZSTD_isError(ZSTD_DCtx_reset(m_context.get(), ZSTD_reset_session_only)))
        return std::nullopt;
    ZSTD_inBuffer in{message.data(), message.size(), 0};
    std::size_t size = 0;
    for (;;) {
        // What the message says about its size is not believed.
        if (m_buffer.size() < size + (64u << 10))
            m_buffer.resize(std::max<std::size_t>(256u << 10, m_buffer.size() * 2));
        ZSTD_outBuffer out{m_buffer.data(), m_buffer.size(), size};
        const auto left = ZSTD_decompressStream(m_context.get(), &out, &in);
        const bool stuck = out.pos == size && in.pos == in.size;
        size = out.pos;
        if (ZSTD_isError(left) || size > kMaxMessage)
            return std::nullopt;
        if (left == 0 && in.pos == in.size)
            break;
        if (stuck)
            return std::nullopt; // ends within
    }
    m_buffer.resize(std::max(m_buffer.size(), size + JsonLines::kPadding));
    return std::string_view(m_buffer.data(), size);
}

class OtlpProtoFile {
public:
    explicit OtlpProtoFile(ImportRun run)
        : m_messages(run.input),
          m_otlp(run),
          m_proto(m_otlp.writer(), m_otlp.metrics())
    {}
    Result<> run();

private:
    bool framed(const OtlpMessages::Message &message);

    OtlpMessages m_messages;
    OtlpRun m_otlp;
    OtlpProtoReader m_proto;
    ZstdMessages m_zstd;
};

bool OtlpProtoFile::framed(const OtlpMessages::Message &message)
{
    auto bytes = message.bytes;
    if (bytes.starts_with(kZstdMagic)) {
        const auto plain = m_zstd.decompress(bytes);
        if (!plain)
            return false;
        bytes = *plain;
    }
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first != bytes.npos && bytes[first] == '{')
        return m_otlp.json().document(bytes, message.offset);
    return m_proto.message(bytes, message.offset);
}

Result<> OtlpProtoFile::run()
{
    for (;;) {
        FW_ASSIGN(const auto message, m_messages.next());
        if (!message)
            break;
        switch (message->state) {
        case OtlpMessages::State::Rows:
            FW_TRY(m_otlp.read(message->offset, message->bytes.size(),
                               m_proto.resourceRows(message->bytes, message->offset)));
            break;
        case OtlpMessages::State::Framed:
            FW_TRY(m_otlp.read(message->offset, message->bytes.size(), framed(*message)));
            break;
        case OtlpMessages::State::TooLong:
            m_otlp.damaged("otlp_long_message", message->offset,
                           "a message is too long to be read");
            break;
        case OtlpMessages::State::Damaged:
            m_otlp.damaged("otlp_cut_off", message->offset,
                           "the file is cut off or damaged here; what comes before was read");
            break;
        }
    }
    return m_otlp.finish(m_proto.unknownSignals() + m_otlp.json().profiles());
}

class OtlpProto final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return looksLikeOtlp(probe.text(), probe.headIsAll);
    }
    Result<> run(ImportRun run) const override { return OtlpProtoFile(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeOtlpProto()
{
    return std::make_unique<OtlpProto>();
}

} // namespace flamewright
