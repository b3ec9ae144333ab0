#include "importers/formats.h"
#include "importers/vegeta/gob_stream.h"
#include "importers/vegeta/vegeta_row.h"

namespace flamewright {
namespace {

// What `vegeta attack` writes: a gob stream of structs named Result. The definition at its start
// names the fields, so that those of any version are found.
constexpr FormatInfo kFormat{"vegeta-gob", "vegeta results", "bin;gob", "load test"};

constexpr unsigned kMessagesPerCheck = 256;
constexpr std::int64_t kUnixEpoch = 62'135'596'800; // seconds from the year 1
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// Go's time.Time: version, seconds since the year 1, nanoseconds, zone; big-endian.
std::optional<std::int64_t> epochNs(std::string_view bytes)
{
    if (bytes.size() < 15 || bytes.size() > 16 || (bytes[0] != 1 && bytes[0] != 2))
        return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t size) {
        std::uint64_t out = 0;
        for (std::size_t i = from; i < from + size; ++i)
            out = out << 8 | static_cast<unsigned char>(bytes[i]);
        return out;
    };
    const auto seconds = saturatingSub(static_cast<std::int64_t>(number(1, 8)), kUnixEpoch);
    const auto nanos = number(9, 4);
    std::int64_t out = 0;
    if (nanos >= kNanosPerSecond || __builtin_mul_overflow(seconds, kNanosPerSecond, &out) ||
        __builtin_add_overflow(out, static_cast<std::int64_t>(nanos), &out))
        return std::nullopt;
    return out;
}

// Reads the fields that the type names and this program knows; stops at the first one of a type
// that would need its definition (the headers, which are last).
std::optional<VegetaResult> readResult(const GobStream &stream, const GobStream::Message &message)
{
    VegetaResult out;
    bool hasTime = false;
    GobCursor cursor(message.value);
    const auto &fields = message.type->fields;
    for (std::uint64_t at = 0;;) {
        const auto delta = cursor.unsignedValue();
        if (!cursor.ok())
            return std::nullopt;
        if (delta == 0)
            break;
        if (delta > fields.size() - at)
            return std::nullopt;
        at += delta;
        const auto &field = fields[at - 1];
        const auto *type = stream.typeOf(field.type);
        if (field.type == GobStream::kInt) {
            const auto value = cursor.signedValue();
            if (field.name == "Latency")
                out.latencyNs = value;
        } else if (field.type == GobStream::kUint) {
            const auto value = cursor.unsignedValue();
            if (field.name == "Code")
                out.code = value;
            else if (field.name == "BytesOut")
                out.bytesOut = value;
            else if (field.name == "BytesIn")
                out.bytesIn = value;
        } else if (field.type == GobStream::kString || field.type == GobStream::kBytes ||
                   (type != nullptr && type->isOpaque)) {
            const auto value = cursor.bytes();
            if (field.name == "Attack") {
                out.attack = value;
            } else if (field.name == "Error") {
                out.error = value;
            } else if (field.name == "Method") {
                out.method = value;
            } else if (field.name == "URL") {
                out.url = value;
            } else if (field.name == "Timestamp") {
                const auto time = epochNs(value);
                if (!time)
                    return std::nullopt;
                hasTime = true;
                out.epochNs = *time;
            }
        } else {
            break;
        }
    }
    return cursor.ok() && hasTime ? std::optional(out) : std::nullopt;
}

class VegetaGob final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        // The first message defines a type (its id is the byte between), a struct named Result.
        constexpr std::string_view kStruct("\x03\x01\x01\x06Result", 10);
        const auto head = probe.text().substr(0, 64);
        const auto at = head.find(kStruct);
        const bool defines = at >= 3 && at <= 5 && head[at - 2] == '\xff';
        return defines && head.find("Attack") != head.npos ? Match::Magic : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "vegeta", {}); // for its notes: nothing of this is text
        GobStream stream(run.input);
        run.sink.provenance("tool", "vegeta");
        if (const auto size = run.input.sizeHint())
            run.job.setTotal(*size);
        std::uint64_t count = 0;
        for (unsigned untilCheck = 1;;) {
            if (--untilCheck == 0) {
                untilCheck = kMessagesPerCheck;
                FW_TRY(run.job.checkpoint());
                FW_TRY(run.sink.status());
            }
            FW_ASSIGN(const auto message, stream.next());
            run.sink.note(Severity::DataLoss, "vegeta_bad_message", stream.offset(),
                          "a message that is too long or damaged", stream.takeSkipped());
            if (!message)
                break;
            run.job.setDone(message->offset);
            const bool known = message->type != nullptr && message->type->isStruct;
            const auto result = known ? readResult(stream, *message) : std::nullopt;
            if (result && addVegetaResult(rows, *result, message->offset))
                ++count;
            else
                rows.note(Severity::DataLoss, "bad_row", message->offset,
                          known ? "a result that is damaged" : "a value of an unknown type");
        }
        if (stream.cutOff())
            rows.note(Severity::DataLoss, "cut_off", stream.offset(), "the last row is incomplete");
        FW_TRY(run.job.checkpoint());
        if (count == 0)
            return fail(Errc::Corrupt, "there is no result of vegeta in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeVegetaGob()
{
    return std::make_unique<VegetaGob>();
}

} // namespace flamewright
