#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <map>
#include <string>

namespace flamewright {
namespace {

// oha --output-format json: seconds. https://github.com/hatoo/oha: schema.json
constexpr FormatInfo kFormat{"oha", "oha JSON", "json", "load test"};

constexpr std::string_view kMethod = "oha, element at floor(p n)";

// "p99.99" is 0.9999.
void addPercentiles(SummaryWriter &out, simdjson::dom::element root, std::string_view key,
                    SummarySubject subject, double factor)
{
    subject.method = kMethod;
    simdjson::dom::object object;
    if (memberOf(root, key).get(object) != simdjson::SUCCESS)
        return;
    for (const auto field : object) {
        double value = 0;
        const auto percent =
            field.key.starts_with('p') ? parseDouble(field.key.substr(1)) : std::nullopt;
        if (percent && *percent <= 100 && field.value.get(value) == simdjson::SUCCESS)
            out.quantile(subject, *percent / 100, value * factor);
    }
}

void addHistogram(SummaryWriter &out, simdjson::dom::element root, std::string_view key,
                  const SummarySubject &subject)
{
    simdjson::dom::object object;
    if (memberOf(root, key).get(object) != simdjson::SUCCESS)
        return;
    std::map<double, double> buckets;
    for (const auto field : object) {
        double count = 0;
        const auto seconds = parseDouble(field.key);
        if (seconds && field.value.get(count) == simdjson::SUCCESS)
            buckets[*seconds] += count;
    }
    for (const auto &[seconds, count] : buckets)
        out.bucket(subject, seconds * 1e9, count);
}

void addCounts(SummaryWriter &out, simdjson::dom::element root, std::string_view key,
               SummarySubject subject)
{
    simdjson::dom::object object;
    if (memberOf(root, key).get(object) != simdjson::SUCCESS)
        return;
    for (const auto field : object) {
        double count = 0;
        subject.subset = field.key;
        if (field.value.get(count) == simdjson::SUCCESS)
            out.count(subject, count);
    }
}

void addSummary(SummaryWriter &out, simdjson::dom::element summary, const SummarySubject &subject)
{
    constexpr std::pair<const char *, SummaryFigure> kTimes[] = {{"fastest", SummaryFigure::Min},
                                                                 {"average", SummaryFigure::Mean},
                                                                 {"slowest", SummaryFigure::Max}};
    for (const auto &[key, figure] : kTimes) {
        if (const auto seconds = numberAt(summary, key))
            out.add(subject, figure, *seconds * 1e9);
    }
    if (const auto rate = numberAt(summary, "requestsPerSec"))
        out.rate(subject, *rate);
    auto one = subject;
    one.metric = "success rate";
    one.unit = Unit::Ratio;
    if (const auto share = numberAt(summary, "successRate"))
        out.add(one, SummaryFigure::Last, *share);
    one.metric = "bytes received";
    one.unit = Unit::Bytes;
    if (const auto bytes = numberAt(summary, "totalData"))
        out.add(one, SummaryFigure::Sum, *bytes);
    if (const auto bytes = numberAt(summary, "sizePerRequest"))
        out.add(one, SummaryFigure::Mean, *bytes);
    if (const auto bytes = numberAt(summary, "sizePerSec"))
        out.add(one, SummaryFigure::Rate, *bytes);
}

class Oha final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '{', {"summary", "responseTimeHistogram", "latencyPercentiles"})
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "oha");
        SummaryWriter out(run.sink);
        SummarySubject subject{.method = "oha"};
        simdjson::dom::element summary;
        if (memberOf(root, "summary").get(summary) == simdjson::SUCCESS) {
            if (const auto seconds = numberAt(summary, "total"); seconds && *seconds >= 0)
                subject.length = Duration{static_cast<std::int64_t>(std::min(*seconds, 1e9) * 1e9)};
            addSummary(out, summary, subject);
        }
        addPercentiles(out, root, "latencyPercentiles", subject, 1e9);
        addHistogram(out, root, "responseTimeHistogram", subject);
        auto part = subject;
        part.subset = "ok";
        addPercentiles(out, root, "latencyPercentilesSuccessful", part, 1e9);
        addHistogram(out, root, "responseTimeHistogramSuccessful", part);
        part.subset = "failed";
        addPercentiles(out, root, "latencyPercentilesNotSuccessful", part, 1e9);
        addHistogram(out, root, "responseTimeHistogramNotSuccessful", part);
        part.subset = {};
        part.metric = "time to first byte";
        addPercentiles(out, root, "firstBytePercentiles", part, 1e9);
        addHistogram(out, root, "firstByteHistogram", part);
        simdjson::dom::element rates;
        if (memberOf(root, "rps").get(rates) == simdjson::SUCCESS) {
            part.metric = "requests per second";
            part.unit = Unit::Count;
            for (const auto &[key, figure] :
                 {std::pair("mean", SummaryFigure::Mean),
                  std::pair("stddev", SummaryFigure::Deviation),
                  std::pair("max", SummaryFigure::Max), std::pair("min", SummaryFigure::Min)}) {
                if (const auto value = numberAt(rates, key))
                    out.add(part, figure, *value);
            }
            addPercentiles(out, rates, "percentiles", part, 1);
        }
        part.metric = "responses";
        addCounts(out, root, "statusCodeDistribution", part);
        part.metric = "errors";
        addCounts(out, root, "errorDistribution", part);
        FW_TRY(run.job.checkpoint());
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of oha in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeOha()
{
    return std::make_unique<Oha>();
}

} // namespace flamewright
