#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/date_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// autocannon -j. Latencies in milliseconds, of an HdrHistogram; requests and throughput are
// statistics of whole seconds. https://github.com/mcollina/autocannon
constexpr FormatInfo kFormat{"autocannon", "autocannon JSON", "json", "load test"};

// "p97_5" is 0.975.
std::optional<double> quantileOf(std::string_view key)
{
    if (!key.starts_with('p'))
        return std::nullopt;
    std::string number(key.substr(1));
    std::replace(number.begin(), number.end(), '_', '.');
    const auto percent = parseDouble(number);
    return percent && *percent <= 100 ? std::optional(*percent / 100) : std::nullopt;
}

void addStatistics(SummaryWriter &out, simdjson::dom::element root, std::string_view key,
                   const SummarySubject &subject, double factor)
{
    simdjson::dom::object object;
    if (memberOf(root, key).get(object) != simdjson::SUCCESS)
        return;
    for (const auto field : object) {
        double value = 0;
        if (field.value.get(value) != simdjson::SUCCESS)
            continue;
        if (field.key == "mean")
            out.add(subject, SummaryFigure::Mean, value * factor);
        else if (field.key == "stddev")
            out.add(subject, SummaryFigure::Deviation, value * factor);
        else if (field.key == "min")
            out.add(subject, SummaryFigure::Min, value * factor);
        else if (field.key == "max")
            out.add(subject, SummaryFigure::Max, value * factor);
        else if (const auto quantile = quantileOf(field.key))
            out.quantile(subject, *quantile, value * factor);
    }
}

class Autocannon final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '{', {"latency", "requests", "throughput", "p97_5"})
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "autocannon");
        run.sink.provenance("title", textAt(root, "title"));
        const auto url = textAt(root, "url");
        run.sink.provenance("url", url);
        if (const auto connections = numberAt(root, "connections");
            connections && *connections >= 0)
            run.sink.provenance("connections", std::to_string(static_cast<std::uint64_t>(
                                                   std::min(*connections, 1e9))));
        SummaryWriter out(run.sink);
        SummarySubject subject{.endpoint = url, .method = "autocannon, HdrHistogram"};
        if (const auto start = parseDate(textAt(root, "start")))
            subject.begin = out.at(start->epochNs);
        if (const auto seconds = numberAt(root, "duration"); seconds && *seconds >= 0)
            subject.length = Duration{static_cast<std::int64_t>(std::min(*seconds, 1e9) * 1e9)};
        addStatistics(out, root, "latency", subject, 1e6);
        simdjson::dom::element latency;
        if (memberOf(root, "latency").get(latency) == simdjson::SUCCESS) {
            if (const auto count = numberAt(latency, "totalCount"))
                out.count(subject, *count);
        }
        auto seconds = subject;
        seconds.method = "autocannon, of whole seconds";
        seconds.metric = "requests per second";
        seconds.unit = Unit::Count;
        addStatistics(out, root, "requests", seconds, 1);
        seconds.metric = "bytes received per second";
        seconds.unit = Unit::Bytes;
        addStatistics(out, root, "throughput", seconds, 1);
        auto totals = subject;
        totals.method = "autocannon";
        simdjson::dom::element sums;
        if (memberOf(root, "throughput").get(sums) == simdjson::SUCCESS) {
            totals.metric = "bytes received";
            totals.unit = Unit::Bytes;
            if (const auto bytes = numberAt(sums, "total"))
                out.add(totals, SummaryFigure::Sum, *bytes);
        }
        if (memberOf(root, "requests").get(sums) == simdjson::SUCCESS) {
            totals.metric = "requests";
            if (const auto count = numberAt(sums, "total"))
                out.count(totals, *count);
            totals.subset = "sent";
            if (const auto count = numberAt(sums, "sent"))
                out.count(totals, *count);
        }
        auto responses = subject;
        responses.method = "autocannon";
        responses.metric = "responses";
        for (const auto *const key : {"1xx", "2xx", "3xx", "4xx", "5xx"}) {
            responses.subset = key;
            if (const auto count = numberAt(root, key))
                out.count(responses, *count);
        }
        responses.metric = "errors";
        for (const auto *const key : {"errors", "timeouts", "mismatches", "resets"}) {
            responses.subset = key;
            if (const auto count = numberAt(root, key))
                out.count(responses, *count);
        }
        responses.metric = "responses";
        responses.subset = {};
        if (const auto failed = numberAt(root, "non2xx"))
            out.failed(responses, *failed);
        FW_TRY(run.job.checkpoint());
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of autocannon in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeAutocannon()
{
    return std::make_unique<Autocannon>();
}

} // namespace flamewright
