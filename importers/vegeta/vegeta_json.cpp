#include "importers/formats.h"
#include "importers/text/date_text.h"
#include "importers/text/json_lines.h"
#include "importers/vegeta/vegeta_row.h"

#include <simdjson.h>

namespace flamewright {
namespace {

// vegeta encode -to json: an object a line. Keys may come in any order.
constexpr FormatInfo kFormat{"vegeta-json", "vegeta JSON lines", "json;jsonl;ndjson", "load test"};

constexpr unsigned kLinesPerCheck = 256;
constexpr std::size_t kMaxLine = 64u << 20; // bodies are in it

// Absent and null are what `out` was before; anything else must be of its type.
template <class T>
bool take(simdjson::dom::object object, std::string_view key, T &out)
{
    simdjson::dom::element element;
    if (object[key].get(element) != simdjson::SUCCESS || element.is_null())
        return true;
    return element.get(out) == simdjson::SUCCESS;
}

bool row(RequestRows &rows, simdjson::dom::parser &parser, const JsonLines::Line &line)
{
    simdjson::dom::object object;
    if (parser.parse(line.text.data(), line.text.size(), false).get(object) != simdjson::SUCCESS)
        return false;
    VegetaResult result;
    std::string_view timestamp;
    simdjson::dom::element latency;
    // A latency is what makes a line a result.
    if (object["latency"].get(latency) != simdjson::SUCCESS ||
        latency.get(result.latencyNs) != simdjson::SUCCESS)
        return false;
    if (!take(object, "timestamp", timestamp) || !take(object, "code", result.code) ||
        !take(object, "bytes_out", result.bytesOut) || !take(object, "bytes_in", result.bytesIn) ||
        !take(object, "error", result.error) || !take(object, "attack", result.attack) ||
        !take(object, "method", result.method) || !take(object, "url", result.url))
        return false;
    const auto date = parseDate(timestamp);
    if (!date)
        return false;
    result.epochNs = date->epochNs;
    return addVegetaResult(rows, result, line.offset);
}

class VegetaJson final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto line = std::string_view(head).substr(0, std::min(head.find('\n'), head.size()));
        const auto has = [&](std::string_view key) { return line.find(key) != line.npos; };
        const bool all = line.starts_with('{') && has("\"attack\":") && has("\"seq\":") &&
                         has("\"latency\":") && has("\"timestamp\":");
        return all ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        static_assert(JsonLines::kPadding >= simdjson::SIMDJSON_PADDING);
        RequestRows rows(run, "vegeta", {});
        TextSource text(run.input);
        JsonLines lines(text, kMaxLine);
        simdjson::dom::parser parser;
        run.sink.provenance("tool", "vegeta");
        if (const auto size = run.input.sizeHint())
            run.job.setTotal(*size);
        std::uint64_t count = 0;
        for (unsigned untilCheck = 1;;) {
            if (--untilCheck == 0) {
                untilCheck = kLinesPerCheck;
                FW_TRY(run.job.checkpoint());
                FW_TRY(run.sink.status());
            }
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                break;
            run.job.setDone(line->offset);
            if (line->state == JsonLines::State::TooLong)
                rows.note(Severity::DataLoss, "long_row", line->offset, "a line that is too long");
            else if (line->text.empty())
                continue;
            else if (row(rows, parser, *line))
                ++count;
            else if (line->state == JsonLines::State::Cut)
                rows.note(Severity::DataLoss, "cut_off", line->offset,
                          "the last row is incomplete");
            else
                rows.note(Severity::DataLoss, "bad_row", line->offset, line->text.substr(0, 80));
        }
        FW_TRY(run.job.checkpoint());
        if (count == 0)
            return fail(Errc::Corrupt, "no line is a result of vegeta");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeVegetaJson()
{
    return std::make_unique<VegetaJson>();
}

} // namespace flamewright
