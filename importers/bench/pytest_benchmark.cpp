#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/text/date_text.h"
#include "importers/text/json_whole.h"

#include <array>
#include <string>

namespace flamewright {
namespace {

// --benchmark-json and --benchmark-save of pytest-benchmark: statistics in seconds and, with
// --benchmark-save-data, the rounds that they are of. https://github.com/ionelmc/pytest-benchmark
constexpr FormatInfo kFormat{"pytest-benchmark", "pytest-benchmark JSON", "json", "benchmarks"};

using simdjson::dom::element;

constexpr unsigned kValuesPerCheck = 512;

struct Statistic {
    std::string_view key, metric, unit, name;
};
constexpr std::array<Statistic, 14> kStatistics{{{"min", "time", "s", "min"},
                                                 {"max", "time", "s", "max"},
                                                 {"mean", "time", "s", "mean"},
                                                 {"stddev", "time", "s", "stddev"},
                                                 {"median", "time", "s", "median"},
                                                 {"iqr", "time", "s", "iqr"},
                                                 {"q1", "time", "s", "q1"},
                                                 {"q3", "time", "s", "q3"},
                                                 {"ld15iqr", "time", "s", "ld15iqr"},
                                                 {"hd15iqr", "time", "s", "hd15iqr"},
                                                 {"total", "time", "s", "total"},
                                                 {"iqr_outliers", "time", "", "iqr outliers"},
                                                 {"stddev_outliers", "time", "", "stddev outliers"},
                                                 {"ops", "operations", "1/s", "mean"}}};

class Report {
public:
    explicit Report(ImportRun run) : m_run(run), m_out(run.sink) {}

    void about(element root);
    Result<> read(element benchmark);
    std::uint64_t given() const { return m_out.given(); }

private:
    std::string labelsOf(element benchmark);
    Result<> rounds(simdjson::dom::array data, const BenchmarkSubject &subject,
                    std::uint64_t iterations);

    ImportRun m_run;
    BenchmarkWriter m_out;
    std::string m_method = "pytest-benchmark";
};

void Report::about(element root)
{
    auto &sink = m_run.sink;
    if (const auto version = textAt(root, "version"); !version.empty())
        m_method += " " + std::string(version);
    sink.provenance("tool", m_method);
    const auto date = textAt(root, "datetime");
    sink.provenance("date", date);
    if (const auto when = parseDate(date); when && when->hasZone)
        sink.setWallOffset(when->epochNs);
    element machine;
    if (memberOf(root, "machine_info").get(machine) == simdjson::SUCCESS) {
        sink.provenance("host", textAt(machine, "node"));
        sink.provenance("arch", textAt(machine, "machine"));
        sink.provenance("python", textAt(machine, "python_version"));
        element cpu;
        if (memberOf(machine, "cpu").get(cpu) == simdjson::SUCCESS) {
            auto model = textAt(cpu, "brand_raw");
            sink.provenance("cpu", model.empty() ? textAt(cpu, "brand") : model);
        }
    }
    element commit;
    if (memberOf(root, "commit_info").get(commit) == simdjson::SUCCESS) {
        sink.provenance("commit", textAt(commit, "id"));
        sink.provenance("branch", textAt(commit, "branch"));
    }
}

// Parameters by name where there are such; the id of the parameter set otherwise.
std::string Report::labelsOf(element benchmark)
{
    BenchmarkLabels labels;
    labels.set("group", textAt(benchmark, "group"));
    simdjson::dom::object params;
    if (memberOf(benchmark, "params").get(params) == simdjson::SUCCESS) {
        for (const auto param : params)
            labels.set(param.key, param.value);
    } else {
        labels.set("param", textAt(benchmark, "param"));
    }
    return labels.json();
}

Result<> Report::read(element benchmark)
{
    auto name = textAt(benchmark, "fullname");
    if (name.empty())
        name = textAt(benchmark, "name");
    element stats;
    if (name.empty() || memberOf(benchmark, "stats").get(stats) != simdjson::SUCCESS) {
        m_run.sink.note(Severity::Notice, "pytest_no_statistics", 0,
                        "a benchmark without a name or without statistics was left out");
        return {};
    }
    const auto labels = labelsOf(benchmark);
    BenchmarkSubject subject{.name = name, .labels = labels, .method = m_method};
    simdjson::dom::array data;
    if (memberOf(stats, "data").get(data) == simdjson::SUCCESS)
        FW_TRY(rounds(data, subject, countOf(numberAt(stats, "iterations"))));
    const auto count = countOf(numberAt(stats, "rounds"));
    for (const auto &statistic : kStatistics) {
        subject.metric = statistic.metric;
        subject.unit = statistic.unit;
        if (const auto value = reportedNumber(stats, statistic.key))
            m_out.computed(subject, statistic.name, *value, count);
    }
    return {};
}

Result<> Report::rounds(simdjson::dom::array data, const BenchmarkSubject &subject,
                        std::uint64_t iterations)
{
    BenchmarkPlace place{.iterations = iterations};
    for (const auto one : data) {
        if (place.repetition % kValuesPerCheck == 0)
            FW_TRY(m_run.job.checkpoint());
        if (const auto value = reportedNumber(one))
            m_out.measured(subject, place, *value);
        else
            m_run.sink.note(Severity::Notice, "pytest_no_round", 0,
                            "what stands among the rounds of a benchmark is no number");
        ++place.repetition;
    }
    return {};
}

class PytestBenchmark final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        // The machine may be described behind any number of values.
        return headHasKeys(probe, '{', {"machine_info", "benchmarks"}) ||
                       headHasKeys(probe, '{', {"benchmarks", "fullname", "min_rounds"})
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.readWithBareNumbers(run));
        simdjson::dom::array benchmarks;
        if (memberOf(root, "benchmarks").get(benchmarks) != simdjson::SUCCESS)
            return fail(Errc::Corrupt, "there are no benchmarks in it");
        Report report(run);
        report.about(root);
        for (const auto benchmark : benchmarks) {
            FW_TRY(run.job.checkpoint());
            FW_TRY(report.read(benchmark));
        }
        FW_TRY(run.job.checkpoint());
        if (report.given() == 0)
            return fail(Errc::Corrupt, "there is no value of a benchmark in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makePytestBenchmark()
{
    return std::make_unique<PytestBenchmark>();
}

} // namespace flamewright
