#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/text/date_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace flamewright {
namespace {

// --benchmark_format=json of Google Benchmark: repetitions, the library's own statistics of them,
// and counters of the user as further members of each. NaN and Infinity stand as they are.
// https://github.com/google/benchmark: src/json_reporter.cc
constexpr FormatInfo kFormat{"google-benchmark", "Google Benchmark JSON", "json", "benchmarks"};

using simdjson::dom::element;

// Numbers that are no counters.
constexpr std::array<std::string_view, 19> kOwnMembers{"name",
                                                       "run_name",
                                                       "run_type",
                                                       "repetitions",
                                                       "family_index",
                                                       "per_family_instance_index",
                                                       "threads",
                                                       "repetition_index",
                                                       "iterations",
                                                       "real_time",
                                                       "cpu_time",
                                                       "time_unit",
                                                       "aggregate_name",
                                                       "aggregate_unit",
                                                       "label",
                                                       "big_o",
                                                       "rms",
                                                       "cpu_coefficient",
                                                       "real_coefficient"};
constexpr std::array<std::string_view, 4> kOldStatistics{"mean", "median", "stddev", "cv"};

bool isTrue(element object, std::string_view key)
{
    bool value = false;
    element member;
    if (memberOf(object, key).get(member) != simdjson::SUCCESS)
        return false;
    // Newer versions say with a text or number why or that something was skipped.
    return member.get(value) == simdjson::SUCCESS ? value : !member.is_null();
}

std::string_view unitOfCounter(std::string_view counter)
{
    if (counter == "bytes_per_second")
        return "B/s";
    if (counter == "items_per_second")
        return "items/s";
    if (counter == "max_bytes_used" || counter == "total_allocated_bytes")
        return "B";
    return {};
}

class Report {
public:
    explicit Report(ImportRun run) : m_run(run), m_out(run.sink) {}

    void context(element context);
    Result<> benchmarks(simdjson::dom::array all);
    std::uint64_t given() const { return m_out.given(); }

private:
    void benchmark(element one);
    void fitted(element one, const BenchmarkSubject &subject);
    void values(element one, BenchmarkSubject subject, std::string_view statistic,
                const BenchmarkPlace &place);
    // Of versions that had no run_type: the statistic that the end of the name says; the rest is the
    // name of a benchmark before.
    std::string_view oldStatistic(std::string_view &name) const;

    ImportRun m_run;
    BenchmarkWriter m_out;
    std::string m_method = "Google Benchmark";
    std::map<std::string, std::uint32_t, std::less<>> m_seen; // repetitions by name
};

void Report::context(element context)
{
    auto &sink = m_run.sink;
    if (const auto version = textAt(context, "library_version"); !version.empty())
        m_method += " " + std::string(version);
    sink.provenance("tool", m_method);
    sink.provenance("host", textAt(context, "host_name"));
    sink.provenance("executable", textAt(context, "executable"));
    sink.provenance("date", textAt(context, "date"));
    if (const auto cpus = countOf(numberAt(context, "num_cpus")); cpus > 0)
        sink.provenance("cpus", std::to_string(cpus));
    if (const auto mhz = countOf(numberAt(context, "mhz_per_cpu")); mhz > 0)
        sink.provenance("cpu_mhz", std::to_string(mhz));
    if (const auto date = parseDate(textAt(context, "date")); date && date->hasZone)
        sink.setWallOffset(date->epochNs);
    const auto build = textAt(context, "library_build_type");
    sink.provenance("library_build_type", build);
    if (build == "debug")
        sink.note(
            Severity::Notice, "google_benchmark_debug", 0,
            "the benchmark library was built for debugging, which slows down what it measures");
    if (isTrue(context, "cpu_scaling_enabled"))
        sink.note(Severity::Notice, "cpu_scaling", 0,
                  "the frequency of the CPU was scaled while it was measured");
}

Result<> Report::benchmarks(simdjson::dom::array all)
{
    for (const auto one : all) {
        FW_TRY(m_run.job.checkpoint());
        benchmark(one);
    }
    return {};
}

std::string_view Report::oldStatistic(std::string_view &name) const
{
    const auto at = name.rfind('_');
    if (at == name.npos)
        return {};
    const auto end = name.substr(at + 1);
    if (std::find(kOldStatistics.begin(), kOldStatistics.end(), end) == kOldStatistics.end() ||
        !m_seen.contains(name.substr(0, at)))
        return {};
    name = name.substr(0, at);
    return end;
}

void Report::benchmark(element one)
{
    auto name = textAt(one, "run_name");
    if (name.empty())
        name = textAt(one, "name");
    if (name.empty()) {
        m_run.sink.note(Severity::Notice, "google_benchmark_no_name", 0,
                        "a benchmark without a name was left out");
        return;
    }
    if (isTrue(one, "error_occurred") || isTrue(one, "skipped")) {
        const bool failed = isTrue(one, "error_occurred");
        const auto why = textAt(one, failed ? "error_message" : "skip_message");
        m_run.sink.note(failed ? Severity::Notice : Severity::Info,
                        failed ? "benchmark_failed" : "benchmark_skipped", 0,
                        std::string(name) + ": " + std::string(why));
        return;
    }
    const auto type = textAt(one, "run_type");
    auto statistic = textAt(one, "aggregate_name");
    if (type.empty() && statistic.empty())
        statistic = oldStatistic(name);
    BenchmarkLabels labels;
    labels.set("label", textAt(one, "label"));
    if (const auto threads = countOf(numberAt(one, "threads")); threads > 1)
        labels.set("threads", std::to_string(threads));
    const auto json = labels.json();
    const BenchmarkSubject subject{
        .name = name, .unit = textAt(one, "time_unit"), .labels = json, .method = m_method};
    if (statistic == "BigO" || statistic == "RMS") {
        fitted(one, subject);
        return;
    }
    BenchmarkPlace place;
    // Of statistics: how many repetitions they are of.
    place.iterations = countOf(numberAt(one, "iterations"));
    if (statistic.empty()) {
        auto &seen = m_seen[std::string(name)];
        const auto index = numberAt(one, "repetition_index");
        place.repetition = index ? indexOf(index) : seen;
        ++seen;
    }
    values(one, subject, statistic, place);
}

void Report::values(element one, BenchmarkSubject subject, std::string_view statistic,
                    const BenchmarkPlace &place)
{
    const auto put = [&](const BenchmarkSubject &what, double value) {
        if (statistic.empty())
            m_out.measured(what, place, value);
        else
            m_out.computed(what, statistic, place, value);
    };
    // Relative statistics have no unit: 0.05 is 5 %.
    const bool relative = textAt(one, "aggregate_unit") == "percentage" || statistic == "cv";
    if (relative)
        subject.unit = {};
    for (const auto *const metric : {"real_time", "cpu_time"}) {
        subject.metric = metric;
        if (const auto value = reportedNumber(one, metric))
            put(subject, *value);
    }
    simdjson::dom::object members;
    if (one.get(members) != simdjson::SUCCESS)
        return;
    for (const auto member : members) {
        if (std::find(kOwnMembers.begin(), kOwnMembers.end(), member.key) != kOwnMembers.end())
            continue;
        const auto value = reportedNumber(member.value);
        if (!value)
            continue;
        subject.metric = member.key;
        subject.unit = relative ? std::string_view() : unitOfCounter(member.key);
        put(subject, *value);
    }
}

// What the library fitted to the times over the argument: coefficients and how well they fit.
void Report::fitted(element one, const BenchmarkSubject &subject)
{
    auto fit = subject;
    const auto order = "coefficient of " + std::string(textAt(one, "big_o"));
    for (const auto &[key, metric] :
         {std::pair("real_coefficient", "real_time"), std::pair("cpu_coefficient", "cpu_time")}) {
        fit.metric = metric;
        if (const auto value = reportedNumber(one, key))
            m_out.computed(fit, order, *value);
    }
    fit.metric = "time";
    fit.unit = {};
    if (const auto value = reportedNumber(one, "rms"))
        m_out.computed(fit, "relative RMS of the fit", *value);
}

class GoogleBenchmark final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        if (!headHasKeys(probe, '{', {"benchmarks"}) || headHasKeys(probe, '{', {"machine_info"}))
            return Match::No;
        return headHasKeys(probe, '{', {"context", "library_build_type"}) ||
                       headHasKeys(probe, '{', {"name", "real_time", "cpu_time"}) ||
                       headHasKeys(probe, '{', {"context", "num_cpus", "name", "iterations"})
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.readWithBareNumbers(run));
        Report report(run);
        element context;
        if (memberOf(root, "context").get(context) == simdjson::SUCCESS)
            report.context(context);
        simdjson::dom::array all;
        if (memberOf(root, "benchmarks").get(all) != simdjson::SUCCESS)
            return fail(Errc::Corrupt, "there are no benchmarks in it");
        FW_TRY(report.benchmarks(all));
        FW_TRY(run.job.checkpoint());
        if (report.given() == 0)
            return fail(Errc::Corrupt, "there is no value of a benchmark in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeGoogleBenchmark()
{
    return std::make_unique<GoogleBenchmark>();
}

} // namespace flamewright
