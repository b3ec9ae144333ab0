#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// artillery run -o: the whole run and its periods of ten seconds. From 2.0 on counters, rates and
// summaries of named metrics; before, fixed fields. Milliseconds, of a DDSketch of 1 %.
// https://www.artillery.io/docs
constexpr FormatInfo kFormat{"artillery", "Artillery JSON", "json", "load test"};

constexpr std::string_view kMethod = "Artillery, DDSketch of 1 %";
constexpr std::string_view kByEndpoint = "plugins.metrics-by-endpoint.";
constexpr std::string_view kResponseTime = "response_time.";
constexpr double kNanosPerMilli = 1e6;

// "p999" is 0.999, "p99" 0.99, "median" 0.5.
std::optional<double> quantileOf(std::string_view key)
{
    if (key == "median")
        return 0.5;
    if (!key.starts_with('p') || key.size() < 3)
        return std::nullopt;
    return parseDouble("0." + std::string(key.substr(1)));
}

class ArtilleryReader {
public:
    explicit ArtilleryReader(ImportRun run) : m_run(run), m_out(run.sink) {}

    Result<> run()
    {
        FW_ASSIGN(const auto root, m_json.read(m_run));
        m_run.sink.provenance("tool", "Artillery");
        simdjson::dom::element aggregate;
        if (memberOf(root, "aggregate").get(aggregate) == simdjson::SUCCESS)
            report(aggregate, Duration{0});
        simdjson::dom::array periods;
        if (memberOf(root, "intermediate").get(periods) == simdjson::SUCCESS) {
            for (const auto period : periods) {
                FW_TRY(m_run.job.checkpoint());
                report(period, Duration{10'000'000'000});
            }
        }
        FW_TRY(m_run.job.checkpoint());
        if (m_out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of Artillery in it");
        return m_run.sink.status();
    }

private:
    Timestamp time(std::optional<double> millis)
    {
        if (!millis || !(*millis > 0 && *millis < 9e12))
            return kNoTime;
        return m_out.at(static_cast<std::int64_t>(*millis) * 1'000'000);
    }

    // A period's length is given; the whole run's is between its first and last metric.
    void report(simdjson::dom::element report, Duration length)
    {
        SummarySubject subject{
            .begin = time(numberAt(report, "firstMetricAt")), .length = length, .method = kMethod};
        if (length == Duration{0}) {
            const auto last = time(numberAt(report, "lastMetricAt"));
            if (subject.begin != kNoTime && last != kNoTime && last > subject.begin)
                subject.length = last - subject.begin;
        } else if (const auto begin = time(numberAt(report, "period")); begin != kNoTime) {
            subject.begin = begin;
        }
        simdjson::dom::object object;
        if (memberOf(report, "summaries").get(object) == simdjson::SUCCESS) {
            for (const auto field : object)
                summary(subject, field.key, field.value);
        }
        if (memberOf(report, "counters").get(object) == simdjson::SUCCESS) {
            for (const auto field : object)
                single(subject, field.key, field.value, SummaryFigure::Count);
        }
        if (memberOf(report, "rates").get(object) == simdjson::SUCCESS) {
            for (const auto field : object)
                single(subject, field.key, field.value, SummaryFigure::Rate);
        }
        if (memberOf(report, "latency").get(object) == simdjson::SUCCESS)
            firstVersion(subject, report);
    }

    void firstVersion(SummarySubject subject, simdjson::dom::element report)
    {
        subject.method = "Artillery";
        simdjson::dom::object object;
        for (const auto *const key : {"errors", "codes"}) {
            if (memberOf(report, key).get(object) != simdjson::SUCCESS)
                continue;
            auto one = subject;
            for (const auto field : object) {
                one.subset = field.key;
                single(one, key, field.value, SummaryFigure::Count);
            }
        }
        simdjson::dom::element latency;
        if (memberOf(report, "latency").get(latency) == simdjson::SUCCESS)
            summary(subject, "latency", latency);
        for (const auto *const key :
             {"scenariosCreated", "scenariosCompleted", "requestsCompleted"}) {
            subject.metric = key;
            if (const auto count = numberAt(report, key))
                m_out.count(subject, *count);
        }
    }

    void summary(SummarySubject subject, std::string_view name, simdjson::dom::element values)
    {
        subject.metric = name;
        std::string endpoint;
        if (name.starts_with(kByEndpoint)) {
            const auto rest = name.substr(kByEndpoint.size());
            if (rest.starts_with(kResponseTime)) {
                endpoint = rest.substr(kResponseTime.size());
                subject.endpoint = endpoint;
                subject.metric = "latency";
            }
        } else if (name == "http.response_time") {
            subject.metric = "latency";
        }
        // All that Artillery itself summarises are times; counts of a session are not.
        simdjson::dom::object object;
        if (values.get(object) != simdjson::SUCCESS)
            return;
        for (const auto field : object) {
            double value = 0;
            if (field.value.get(value) != simdjson::SUCCESS)
                continue;
            if (field.key == "count")
                m_out.count(subject, value);
            else if (field.key == "min")
                m_out.add(subject, SummaryFigure::Min, value * kNanosPerMilli);
            else if (field.key == "max")
                m_out.add(subject, SummaryFigure::Max, value * kNanosPerMilli);
            else if (field.key == "mean")
                m_out.add(subject, SummaryFigure::Mean, value * kNanosPerMilli);
            else if (field.key == "median" && numberAt(values, "p50"))
                continue; // the same once more
            else if (const auto quantile = quantileOf(field.key))
                m_out.quantile(subject, *quantile, value * kNanosPerMilli);
        }
    }

    void single(SummarySubject subject, std::string_view name, simdjson::dom::element element,
                SummaryFigure figure)
    {
        double value = 0;
        if (element.get(value) != simdjson::SUCCESS)
            return; // stray nulls
        subject.metric = name;
        subject.unit = Unit::Count;
        subject.method = "Artillery";
        m_out.add(subject, figure, value);
    }

    ImportRun m_run;
    JsonWhole m_json;
    SummaryWriter m_out;
};

class Artillery final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        // The periods come behind the whole, which may be longer than the head.
        return headHasKeys(probe, '{', {"aggregate"}) &&
                       (headHasKeys(probe, '{', {"counters", "rates"}) ||
                        headHasKeys(probe, '{', {"scenariosCreated", "latency"}))
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override { return ArtilleryReader(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeArtillery()
{
    return std::make_unique<Artillery>();
}

} // namespace flamewright
