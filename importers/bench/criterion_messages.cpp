#include "importers/bench/criterion.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/text/json_lines.h"
#include "importers/text/json_whole.h"

#include <array>
#include <map>
#include <string>

namespace flamewright {
namespace {

// cargo criterion --message-format=json: a line per benchmark with its samples and estimates.
// https://bheisler.github.io/criterion.rs/book/cargo_criterion/external_tools.html
constexpr FormatInfo kFormat{"criterion-messages", "cargo-criterion messages", "json;ndjson",
                             "benchmarks"};

using simdjson::dom::element;

struct Member {
    std::string_view key, statistic;
};
constexpr std::array<Member, 5> kEstimates{{{"typical", "typical"},
                                            {"mean", "mean"},
                                            {"median", "median"},
                                            {"median_abs_dev", "median abs dev"},
                                            {"slope", "slope"}}};

CriterionEstimate estimateOf(element one)
{
    return {.estimate = reportedNumber(one, "estimate"),
            .low = reportedNumber(one, "lower_bound"),
            .high = reportedNumber(one, "upper_bound")};
}

std::string throughputOf(element message)
{
    std::string out;
    simdjson::dom::array all;
    if (memberOf(message, "throughput").get(all) != simdjson::SUCCESS)
        return out;
    for (const auto one : all) {
        if (const auto per = countOf(numberAt(one, "per_iteration")); per > 0)
            out += (out.empty() ? "" : ", ") + std::to_string(per) + " " +
                   std::string(textAt(one, "unit"));
    }
    return out;
}

class Messages {
public:
    explicit Messages(ImportRun run) : m_run(run), m_out(run.sink) {}

    void read(const JsonLines::Line &line)
    {
        element message;
        if (line.state == JsonLines::State::TooLong ||
            m_parser.parse(line.text.data(), line.text.size(), false).get(message) !=
                simdjson::SUCCESS) {
            // Compilers and tests write between the messages.
            if (line.text.starts_with('{') || line.state == JsonLines::State::TooLong)
                m_run.sink.note(Severity::DataLoss, "criterion_bad_message", line.offset,
                                "a message is no JSON");
            return;
        }
        if (textAt(message, "reason") == "benchmark-complete")
            benchmark(message, line.offset);
    }
    std::uint64_t given() const { return m_out.given(); }

private:
    void benchmark(element message, std::uint64_t offset)
    {
        BenchmarkLabels labels;
        labels.set("throughput", throughputOf(message));
        const auto json = labels.json();
        BenchmarkSubject subject{.name = textAt(message, "id"),
                                 .unit = textAt(message, "unit"),
                                 .labels = json,
                                 .method = kCriterionMethod};
        auto &seen = m_seen[std::string(subject.name)];
        std::uint64_t values = 0;
        simdjson::dom::array iterations, totals;
        if (memberOf(message, "iteration_count").get(iterations) == simdjson::SUCCESS &&
            memberOf(message, "measured_values").get(totals) == simdjson::SUCCESS) {
            auto count = iterations.begin();
            for (const auto total : totals) {
                const auto n = count != iterations.end() ? reportedNumber(*count) : std::nullopt;
                const auto sum = reportedNumber(total);
                if (n && sum && addSample(m_out, subject, seen, *sum, *n))
                    ++values;
                else
                    m_run.sink.note(Severity::DataLoss, "criterion_bad_sample", offset,
                                    "a sample without a number or without its iterations");
                ++seen;
                if (count != iterations.end())
                    ++count;
            }
        }
        for (const auto &member : kEstimates) {
            element one;
            if (memberOf(message, member.key).get(one) != simdjson::SUCCESS)
                continue;
            subject.unit = textAt(one, "unit");
            addEstimate(m_out, subject, member.statistic, estimateOf(one), values);
        }
        // "%" stands at fractions: 0.014 is 1.4 %.
        subject.metric = "change of the time";
        subject.unit = {};
        element change, one;
        if (memberOf(message, "change").get(change) != simdjson::SUCCESS)
            return;
        for (const auto *const key : {"mean", "median"}) {
            if (memberOf(change, key).get(one) == simdjson::SUCCESS)
                addEstimate(m_out, subject, key, estimateOf(one), values);
        }
    }

    ImportRun m_run;
    BenchmarkWriter m_out;
    simdjson::dom::parser m_parser;
    std::map<std::string, std::uint32_t> m_seen; // samples by name
};

class CriterionMessages final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        // Behind what compilers print, at the begin of a line.
        constexpr std::string_view kMessage = "{\"reason\":\"benchmark-complete\"";
        const auto head = textHead(probe);
        const auto at = head.find(kMessage);
        return at != head.npos && (at == 0 || head[at - 1] == '\n') ? Match::Strong : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        JsonLines lines(text);
        run.sink.provenance("tool", "cargo-criterion");
        Messages messages(run);
        for (;;) {
            FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                break;
            messages.read(*line);
            FW_TRY(run.sink.status());
        }
        if (messages.given() == 0)
            return fail(Errc::Corrupt, "there is no finished benchmark in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeCriterionMessages()
{
    return std::make_unique<CriterionMessages>();
}

} // namespace flamewright
