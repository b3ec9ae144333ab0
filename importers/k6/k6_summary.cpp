#include "importers/formats.h"
#include "importers/text/json_document.h"

#include <charconv>
#include <cmath>
#include <vector>

namespace flamewright {
namespace {

using simdjson::dom::element;

// What k6 says when a test has ended: `--summary-export FILE`, the data that a script's handleSummary()
// gets and often writes to a file, and the summary for machines of k6 1.5. Figures, no samples.
// https://grafana.com/docs/k6/latest/results-output/end-of-test/
constexpr FormatInfo kFormat{"k6-summary", "k6 end-of-test summary", "json", "load test"};

constexpr std::string_view kMethod = "k6";
constexpr std::string_view kQuantileMethod = "k6, linear between ranks";
constexpr double kNanosPerMilli = 1e6;
constexpr std::size_t kMaxTold = 100; // thresholds and checks
constexpr std::size_t kMaxGroups = 10'000;

enum class Kind : unsigned char { Trend, Counter, Rate, Gauge };

// "http_req_duration{expected_response:true}"
struct Name {
    std::string_view metric, subset, endpoint;
};

Name nameOf(std::string_view text)
{
    const auto brace = text.find('{');
    if (brace == std::string_view::npos || !text.ends_with('}'))
        return {text, {}, {}};
    const auto subset = text.substr(brace + 1, text.size() - brace - 2);
    constexpr std::string_view kByName = "name:";
    if (subset.starts_with(kByName) && subset.find(',') == std::string_view::npos)
        return {text.substr(0, brace), {}, subset.substr(kByName.size())};
    return {text.substr(0, brace), subset, {}};
}

// The export does not say what a metric is.
Kind guessKind(element values)
{
    if (member(values, "passes"))
        return Kind::Rate;
    if (member(values, "avg") || member(values, "med"))
        return Kind::Trend;
    return member(values, "count") ? Kind::Counter : Kind::Gauge;
}

bool isTime(std::string_view metric)
{
    return metric.starts_with("http_req_") || metric.starts_with("browser_http_req_") ||
           metric.ends_with("_duration") || metric == "ws_connecting" || metric == "ws_ping";
}

Kind kindOf(std::string_view type, element values)
{
    if (type == "trend")
        return Kind::Trend;
    if (type == "counter")
        return Kind::Counter;
    if (type == "rate")
        return Kind::Rate;
    return type == "gauge" ? Kind::Gauge : guessKind(values);
}

// "p(99.9)" is 0.999.
std::optional<double> quantileOf(std::string_view name)
{
    if (name == "med")
        return 0.5;
    if (!name.starts_with("p(") || !name.ends_with(')'))
        return std::nullopt;
    double percent = 0;
    const auto digits = name.substr(2, name.size() - 3);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), percent);
    if (error != std::errc() || end != digits.data() + digits.size() ||
        !(percent >= 0 && percent <= 100))
        return std::nullopt;
    return percent / 100;
}

class SummaryReader {
public:
    SummaryReader(RecordSink &sink, element root) : m_sink(sink), m_root(root) {}
    Result<> read();

private:
    void metric(std::string_view name, element metric);
    void values(const Name &name, Kind kind, element values);
    void rate(const Name &name, element values);
    void figure(const Name &name, SummaryFigure figure, double value, double quantile = 0);
    void thresholds(std::string_view metric, element thresholds);
    void checks(element root);
    void duration();

    RecordSink &m_sink;
    element m_root;
    Unit m_unit = Unit::Count; // of the metric that is being read
    std::size_t m_metrics = 0;
    std::size_t m_told = 0;
    std::string m_thresholds, m_checks;
    std::uint64_t m_failedThresholds = 0;
};

void SummaryReader::figure(const Name &name, SummaryFigure figure, double value, double quantile)
{
    const bool isLatency = name.metric == "http_req_duration";
    m_sink.add(Summary{
        .endpoint = name.endpoint.empty()
                        ? TrackId{}
                        : m_sink.track({.kind = TrackKind::Endpoint, .name = name.endpoint}),
        .metric = m_sink.string(isLatency ? "latency" : name.metric),
        .subset = m_sink.string(name.subset),
        .figure = figure,
        .unit = figure == SummaryFigure::Count || figure == SummaryFigure::Failed ? Unit::Count
                                                                                  : m_unit,
        .position = quantile,
        .value = value,
        .method = m_sink.string(figure == SummaryFigure::Quantile ? kQuantileMethod : kMethod)});
}

// Passes are samples that are not 0: of checks the good ones, of failed requests the bad ones.
void SummaryReader::rate(const Name &name, element values)
{
    const auto real = [&](std::string_view key) {
        const auto value = member(values, key);
        return value ? realOf(*value) : std::nullopt;
    };
    const auto passes = real("passes"), fails = real("fails");
    const bool failures = name.metric == "http_req_failed";
    m_unit = Unit::Count;
    if (passes && fails) {
        figure(name, SummaryFigure::Count, *passes + *fails);
        figure(name, SummaryFigure::Failed, failures ? *passes : *fails);
        if (failures) {
            const Name latency{"http_req_duration", name.subset, name.endpoint};
            figure(latency, SummaryFigure::Failed, *passes);
        }
    }
    m_unit = Unit::Ratio;
    if (const auto share = real("rate") ? real("rate") : real("value"))
        figure(name, SummaryFigure::Mean, *share);
}

void SummaryReader::values(const Name &name, Kind kind, element values)
{
    if (kind == Kind::Rate) {
        rate(name, values);
        return;
    }
    const double scale = m_unit == Unit::Nanoseconds ? kNanosPerMilli : 1;
    simdjson::dom::object object;
    if (values.get(object) != simdjson::SUCCESS)
        return;
    for (const auto field : object) {
        const auto value = realOf(field.value);
        if (!value)
            continue;
        const auto quantile = quantileOf(field.key);
        if (quantile) {
            figure(name, SummaryFigure::Quantile, *value * scale, *quantile);
        } else if (field.key == "avg") {
            figure(name, SummaryFigure::Mean, *value * scale);
        } else if (field.key == "min") {
            figure(name, SummaryFigure::Min, *value * scale);
        } else if (field.key == "max") {
            figure(name, SummaryFigure::Max, *value * scale);
        } else if (field.key == "value") {
            figure(name, SummaryFigure::Last, *value * scale);
        } else if (field.key == "rate") {
            figure(name, SummaryFigure::Rate, *value);
        } else if (field.key == "count") {
            // A counter's count is the sum of what was added to it.
            const bool sum = kind == Kind::Counter && m_unit == Unit::Bytes;
            figure(name, sum ? SummaryFigure::Sum : SummaryFigure::Count, *value);
            if (name.metric == "http_reqs")
                figure({"http_req_duration", name.subset, name.endpoint}, SummaryFigure::Count,
                       *value);
            if (name.metric == "dropped_iterations" && name.subset.empty() && *value >= 1 &&
                *value < 1e18)
                m_sink.note(Severity::Notice, "k6_generator_saturated", 0,
                            "iterations that k6 dropped: the load generator was too slow to start "
                            "them, so the load was less than planned",
                            static_cast<std::uint64_t>(*value));
        }
    }
}

// The export says whether a threshold was crossed, the others whether it is ok.
void SummaryReader::thresholds(std::string_view metric, element thresholds)
{
    simdjson::dom::object object;
    if (thresholds.get(object) != simdjson::SUCCESS)
        return;
    for (const auto field : object) {
        bool failed = false, ok = true;
        if (const auto nested = member(field.value, "ok");
            nested && nested->get(ok) == simdjson::SUCCESS)
            failed = !ok;
        else if (field.value.get(failed) != simdjson::SUCCESS)
            continue;
        m_failedThresholds += failed ? 1 : 0;
        if (m_told++ < kMaxTold)
            m_thresholds += (m_thresholds.empty() ? "" : "; ") + std::string(metric) + ' ' +
                            std::string(field.key) + (failed ? ": failed" : ": met");
    }
}

void SummaryReader::metric(std::string_view text, element metric)
{
    ++m_metrics;
    const auto name = nameOf(text);
    const auto nested = member(metric, "values");
    const auto values = nested ? *nested : metric;
    const auto type = member(metric, "type"), contains = member(metric, "contains");
    const auto kind = kindOf(nested && type ? textOf(*type) : "", values);
    m_unit = Unit::Count;
    if (nested && contains) {
        const auto what = textOf(*contains);
        m_unit = what == "time" ? Unit::Nanoseconds : what == "data" ? Unit::Bytes : Unit::Count;
    } else if (kind == Kind::Trend && isTime(name.metric)) {
        m_unit = Unit::Nanoseconds;
    } else if (kind == Kind::Counter && name.metric.starts_with("data_")) {
        m_unit = Unit::Bytes;
    }
    this->values(name, kind, values);
    if (const auto rules = member(metric, "thresholds"))
        thresholds(text, *rules);
}

// Groups lie in groups; the export keys them by name, the others list them.
void SummaryReader::checks(element root)
{
    const auto each = [](element list, auto take) {
        simdjson::dom::array array;
        simdjson::dom::object object;
        if (list.get(array) == simdjson::SUCCESS) {
            for (const auto item : array)
                take(item);
        } else if (list.get(object) == simdjson::SUCCESS) {
            for (const auto field : object)
                take(field.value);
        }
    };
    std::vector<element> groups{root};
    std::size_t told = 0;
    for (std::size_t i = 0; i < groups.size() && groups.size() < kMaxGroups; ++i) {
        if (const auto inner = member(groups[i], "groups"))
            each(*inner, [&](element group) { groups.push_back(group); });
        const auto list = member(groups[i], "checks");
        if (!list)
            continue;
        each(*list, [&](element check) {
            const auto name = member(check, "name"), passes = member(check, "passes");
            const auto fails = member(check, "fails");
            const auto passed = passes ? realOf(*passes) : std::nullopt;
            const auto failed = fails ? realOf(*fails) : std::nullopt;
            if (!name || !passed || !failed || told++ >= kMaxTold)
                return;
            m_checks += (m_checks.empty() ? "" : "; ") + std::string(textOf(*name)) + ": " +
                        std::to_string(std::llround(*passed)) + " of " +
                        std::to_string(std::llround(*passed + *failed));
        });
    }
}

void SummaryReader::duration()
{
    const auto told = [&](std::string_view where, std::string_view key, double scale) {
        const auto parent = member(m_root, where);
        const auto value = parent ? member(*parent, key) : std::nullopt;
        const auto length = value ? realOf(*value) : std::nullopt;
        if (length && *length >= 0 && *length * scale < 9e18)
            m_sink.setDuration(std::llround(*length * scale));
    };
    told("state", "testRunDurationMs", kNanosPerMilli);
    told("config", "duration", 1e9);
}

Result<> SummaryReader::read()
{
    m_sink.provenance("tool", "k6");
    if (const auto metadata = member(m_root, "metadata")) {
        if (const auto version = member(*metadata, "k6Version"))
            m_sink.provenance("tool_version", textOf(*version));
    }
    const auto results = member(m_root, "results");
    const auto metrics = member(results ? *results : m_root, "metrics");
    if (!metrics)
        return fail(Errc::Corrupt, "the summary has no metrics");
    simdjson::dom::object object;
    simdjson::dom::array array;
    if (metrics->get(object) == simdjson::SUCCESS) {
        for (const auto field : object)
            metric(field.key, field.value);
    } else if (metrics->get(array) == simdjson::SUCCESS) {
        for (const auto item : array) {
            if (const auto name = member(item, "name"))
                metric(textOf(*name), item);
        }
    }
    if (m_metrics == 0)
        return fail(Errc::Corrupt, "the summary has no metrics");
    if (const auto root = member(m_root, "root_group"))
        checks(*root);
    duration();
    m_sink.provenance("checks", m_checks);
    m_sink.provenance("thresholds", m_thresholds);
    m_sink.note(Severity::Notice, "k6_threshold_failed", 0, "thresholds of the script that failed",
                m_failedThresholds);
    return m_sink.status();
}

class K6Summary final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = jsonHead(probe);
        const auto has = [&](std::string_view key) {
            return head.find('"' + std::string(key) + '"') != std::string::npos;
        };
        if (!has("metrics"))
            return Match::No;
        return has("root_group") || has("testRunDurationMs") || has("k6Version") ? Match::Strong
                                                                                 : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        JsonDocument document;
        FW_TRY(document.read(run.input));
        FW_TRY(run.job.checkpoint());
        FW_TRY(SummaryReader(run.sink, document.root()).read());
        return run.job.checkpoint();
    }
};

} // namespace

std::unique_ptr<Importer> makeK6Summary()
{
    return std::make_unique<K6Summary>();
}

} // namespace flamewright
