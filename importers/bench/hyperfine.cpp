#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// hyperfine --export-json: the time of every run of a command, and hyperfine's statistics of them.
// Seconds. https://github.com/sharkdp/hyperfine: src/export/json.rs
constexpr FormatInfo kFormat{"hyperfine-json", "hyperfine JSON", "json", "benchmarks"};

using simdjson::dom::element;

class Command {
public:
    Command(ImportRun run, BenchmarkWriter &out, element result)
        : m_run(run),
          m_out(out),
          m_result(result)
    {
        BenchmarkLabels labels;
        simdjson::dom::object parameters;
        if (memberOf(result, "parameters").get(parameters) == simdjson::SUCCESS) {
            for (const auto parameter : parameters)
                labels.set(parameter.key, parameter.value);
        }
        m_labels = labels.json();
    }

    void read()
    {
        runs("times", {.metric = "time", .unit = "s"});
        runs("memory_usage_byte", {.metric = "memory", .unit = "B"});
        const auto statistic = [&](const char *key, const char *metric, const char *name) {
            if (const auto value = reportedNumber(m_result, key))
                m_out.computed(subject(metric, "s"), name, *value, m_runs);
        };
        statistic("mean", "time", "mean");
        statistic("stddev", "time", "stddev");
        statistic("median", "time", "median");
        statistic("min", "time", "min");
        statistic("max", "time", "max");
        statistic("user", "user", "mean");
        statistic("system", "system", "mean");
    }

private:
    BenchmarkSubject subject(std::string_view metric, std::string_view unit) const
    {
        return {.name = textAt(m_result, "command"),
                .metric = metric,
                .unit = unit,
                .labels = m_labels,
                .method = "hyperfine"};
    }

    void runs(std::string_view key, const BenchmarkSubject &what)
    {
        simdjson::dom::array values, codes;
        if (memberOf(m_result, key).get(values) != simdjson::SUCCESS)
            return;
        const bool hasCodes = memberOf(m_result, "exit_codes").get(codes) == simdjson::SUCCESS;
        BenchmarkPlace place;
        auto code = hasCodes ? codes.begin() : simdjson::dom::array::iterator();
        for (const auto value : values) {
            place.ok = true;
            if (hasCodes && code != codes.end()) {
                // null: ended by a signal.
                std::int64_t exit = -1;
                place.ok = (*code).get(exit) == simdjson::SUCCESS && exit == 0;
                ++code;
            }
            const auto number = reportedNumber(value);
            if (number)
                m_out.measured(subject(what.metric, what.unit), place, *number);
            else
                m_run.sink.note(Severity::Notice, "hyperfine_no_time", 0,
                                "a run without a number was left out");
            if (number && !place.ok && what.metric == "time")
                m_run.sink.note(Severity::Notice, "hyperfine_failed_run", 0,
                                std::string(textAt(m_result, "command")) +
                                    ": the command failed in a run, which is marked");
            ++place.repetition;
        }
        m_runs = std::max<std::uint64_t>(m_runs, place.repetition);
    }

    ImportRun m_run;
    BenchmarkWriter &m_out;
    element m_result;
    std::string m_labels;
    std::uint64_t m_runs = 0;
};

class HyperfineJson final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '{', {"results", "command"}) &&
                       (headHasKeys(probe, '{', {"times"}) ||
                        headHasKeys(probe, '{', {"mean", "stddev", "user", "system"}))
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "hyperfine");
        simdjson::dom::array results;
        if (memberOf(root, "results").get(results) != simdjson::SUCCESS)
            return fail(Errc::Corrupt, "there are no results in it");
        BenchmarkWriter out(run.sink);
        for (const auto result : results) {
            FW_TRY(run.job.checkpoint());
            Command(run, out, result).read();
        }
        FW_TRY(run.job.checkpoint());
        if (out.given() == 0)
            return fail(Errc::Corrupt, "there is no time of a command in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeHyperfineJson()
{
    return std::make_unique<HyperfineJson>();
}

} // namespace flamewright
