#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/text/json_whole.h"

#include <string>

namespace flamewright {
namespace {

// -rf json of JMH: the score of every iteration of every fork (or, in sample mode, histograms), the
// scores that JMH computed of them, and the same of secondary metrics, which profilers add.
// https://github.com/openjdk/jmh: JSONResultFormat.java
constexpr FormatInfo kFormat{"jmh", "JMH JSON", "json", "benchmarks"};

using simdjson::dom::element;

constexpr unsigned kValuesPerCheck = 512;

simdjson::simdjson_result<simdjson::dom::array> arrayOf(element object, std::string_view key)
{
    element member;
    if (const auto error = memberOf(object, key).get(member); error != simdjson::SUCCESS)
        return error;
    return member.get_array();
}

class Report {
public:
    explicit Report(ImportRun run) : m_run(run), m_out(run.sink) {}

    Result<> read(element benchmark);
    std::uint64_t given() const { return m_out.given(); }

private:
    Result<> metric(element metric, BenchmarkSubject subject);
    Result<> iterations(element metric, const BenchmarkSubject &subject);
    Result<> histograms(element metric, BenchmarkSubject subject);
    void bucket(element bucket, const BenchmarkSubject &subject, BenchmarkPlace place);
    void scores(element metric, BenchmarkSubject subject);
    void about(element benchmark);
    Result<> tick()
    {
        return ++m_ticks % kValuesPerCheck == 0 ? m_run.job.checkpoint() : Result<>();
    }

    ImportRun m_run;
    BenchmarkWriter m_out;
    std::string m_method = "JMH";
    unsigned m_ticks = 0;
    std::uint64_t m_values = 0; // of the metric that is being read
};

void Report::about(element benchmark)
{
    auto &sink = m_run.sink;
    if (const auto version = textAt(benchmark, "jmhVersion"); !version.empty())
        m_method = "JMH " + std::string(version);
    sink.provenance("tool", m_method);
    sink.provenance("jvm", textAt(benchmark, "jvm"));
    sink.provenance("jdk", textAt(benchmark, "jdkVersion"));
    sink.provenance("vm", textAt(benchmark, "vmName"));
    sink.provenance("vm_version", textAt(benchmark, "vmVersion"));
}

Result<> Report::read(element benchmark)
{
    const auto name = textAt(benchmark, "benchmark");
    if (name.empty()) {
        m_run.sink.note(Severity::Notice, "jmh_no_name", 0,
                        "a benchmark without a name was left out");
        return {};
    }
    about(benchmark);
    BenchmarkLabels labels;
    simdjson::dom::object params;
    if (memberOf(benchmark, "params").get(params) == simdjson::SUCCESS) {
        for (const auto param : params)
            labels.set(param.key, param.value);
    }
    if (const auto threads = countOf(numberAt(benchmark, "threads")); threads > 1)
        labels.set("threads", std::to_string(threads));
    const auto primaryLabels = labels.json();
    const auto mode = textAt(benchmark, "mode");
    // Profilers measure beside each mode.
    labels.set("mode", mode);
    const auto secondaryLabels = labels.json();
    element primary;
    if (memberOf(benchmark, "primaryMetric").get(primary) == simdjson::SUCCESS)
        FW_TRY(metric(primary, {.name = name, .metric = mode, .labels = primaryLabels}));
    simdjson::dom::object secondary;
    if (memberOf(benchmark, "secondaryMetrics").get(secondary) != simdjson::SUCCESS)
        return {};
    for (const auto member : secondary)
        FW_TRY(
            metric(member.value, {.name = name, .metric = member.key, .labels = secondaryLabels}));
    return {};
}

Result<> Report::metric(element metric, BenchmarkSubject subject)
{
    subject.unit = textAt(metric, "scoreUnit");
    subject.method = m_method;
    m_values = 0;
    FW_TRY(iterations(metric, subject));
    FW_TRY(histograms(metric, subject));
    scores(metric, subject);
    return {};
}

Result<> Report::iterations(element metric, const BenchmarkSubject &subject)
{
    simdjson::dom::array forks;
    if (arrayOf(metric, "rawData").get(forks) != simdjson::SUCCESS)
        return {};
    BenchmarkPlace place;
    for (const auto fork : forks) {
        simdjson::dom::array values;
        if (fork.get(values) != simdjson::SUCCESS)
            continue;
        place.repetition = 0;
        for (const auto value : values) {
            FW_TRY(tick());
            if (const auto number = reportedNumber(value)) {
                m_out.measured(subject, place, *number);
                ++m_values;
            }
            ++place.repetition;
        }
        ++place.run;
    }
    return {};
}

// Sample mode: [value, count] of every iteration. They are many values each, so that they stay what they
// are.
Result<> Report::histograms(element metric, BenchmarkSubject subject)
{
    simdjson::dom::array forks;
    if (arrayOf(metric, "rawDataHistogram").get(forks) != simdjson::SUCCESS)
        return {};
    const auto method = m_method + ", histogram of an iteration";
    subject.method = method;
    BenchmarkPlace place;
    for (const auto fork : forks) {
        simdjson::dom::array histograms;
        if (fork.get(histograms) != simdjson::SUCCESS)
            continue;
        place.repetition = 0;
        for (const auto histogram : histograms) {
            simdjson::dom::array buckets;
            if (histogram.get(buckets) == simdjson::SUCCESS) {
                for (const auto one : buckets) {
                    FW_TRY(tick());
                    bucket(one, subject, place);
                }
            }
            ++place.repetition;
        }
        ++place.run;
    }
    return {};
}

void Report::bucket(element bucket, const BenchmarkSubject &subject, BenchmarkPlace place)
{
    simdjson::dom::array pair;
    element value, count;
    if (bucket.get(pair) != simdjson::SUCCESS || pair.at(0).get(value) != simdjson::SUCCESS ||
        pair.at(1).get(count) != simdjson::SUCCESS)
        return;
    const auto number = reportedNumber(value);
    place.iterations = countOf(reportedNumber(count));
    if (!number || place.iterations == 0)
        return;
    m_out.computed(subject, "bucket", place, *number);
    m_values += place.iterations;
}

void Report::scores(element metric, BenchmarkSubject subject)
{
    if (const auto score = reportedNumber(metric, "score"))
        m_out.computed(subject, "mean", *score, m_values);
    const auto interval = m_method + ", 99.9 % t interval";
    subject.method = interval;
    // Of one value there is none: NaN says so, which is no figure that is missing.
    if (const auto error = reportedNumber(metric, "scoreError"); error && *error == *error)
        m_out.computed(subject, "error", *error, m_values);
    simdjson::dom::array bounds;
    if (arrayOf(metric, "scoreConfidence").get(bounds) == simdjson::SUCCESS) {
        const char *name = "low";
        for (const auto bound : bounds) {
            if (const auto value = reportedNumber(bound); value && *value == *value)
                m_out.computed(subject, name, *value, m_values);
            name = "high";
        }
    }
    subject.method = m_method;
    simdjson::dom::object percentiles;
    if (memberOf(metric, "scorePercentiles").get(percentiles) != simdjson::SUCCESS)
        return;
    for (const auto one : percentiles) {
        if (const auto value = reportedNumber(one.value))
            m_out.computed(subject, "p" + std::string(one.key), *value, m_values);
    }
}

class Jmh final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '[', {"jmhVersion", "benchmark"}) ||
                       headHasKeys(probe, '[', {"benchmark", "mode", "primaryMetric"})
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        simdjson::dom::array benchmarks;
        if (root.get(benchmarks) != simdjson::SUCCESS)
            return fail(Errc::Corrupt, "this is not JMH's list of benchmarks");
        Report report(run);
        for (const auto benchmark : benchmarks) {
            FW_TRY(run.job.checkpoint());
            FW_TRY(report.read(benchmark));
        }
        FW_TRY(run.job.checkpoint());
        if (report.given() == 0)
            return fail(Errc::Corrupt, "there is no score of JMH in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeJmh()
{
    return std::make_unique<Jmh>();
}

} // namespace flamewright
