#include "importers/bench/criterion.h"
#include "importers/formats.h"
#include "importers/text/json_whole.h"

#include <array>
#include <string>

namespace flamewright {
namespace {

// sample.json, estimates.json and change/estimates.json of criterion.rs: nanoseconds summed over some
// iterations, and what criterion estimated. None of them says which benchmark it is of, which is the
// name of its folder.
constexpr FormatInfo kFormat{"criterion-json", "criterion.rs JSON", "json", "benchmarks"};

using simdjson::dom::element;

constexpr std::string_view kNoName = "(named by its folder)";
constexpr unsigned kSamplesPerCheck = 512;

struct Member {
    std::string_view key, old, statistic; // old: until 0.3
};
constexpr std::array<Member, 5> kEstimates{{{"mean", "Mean", "mean"},
                                            {"median", "Median", "median"},
                                            {"median_abs_dev", "MedianAbsDev", "median abs dev"},
                                            {"slope", "Slope", "slope"},
                                            {"std_dev", "StdDev", "stddev"}}};

Result<> addSamples(ImportRun run, BenchmarkWriter &out, simdjson::dom::array iterations,
                    simdjson::dom::array totals)
{
    const BenchmarkSubject subject{.name = kNoName, .unit = "ns"};
    std::uint32_t repetition = 0;
    auto count = iterations.begin();
    for (const auto total : totals) {
        if (repetition % kSamplesPerCheck == 0)
            FW_TRY(run.job.checkpoint());
        std::optional<double> n;
        if (count != iterations.end()) {
            n = reportedNumber(*count);
            ++count;
        }
        const auto sum = reportedNumber(total);
        if (!n || !sum || !addSample(out, subject, repetition, *sum, *n))
            run.sink.note(Severity::DataLoss, "criterion_bad_sample", 0,
                          "a sample without a number or without its iterations");
        ++repetition;
    }
    return {};
}

void addEstimates(BenchmarkWriter &out, element root)
{
    // Changes are fractions of what was before, and have no slope or deviation.
    element absolute;
    const bool change = memberOf(root, "median_abs_dev").get(absolute) != simdjson::SUCCESS &&
                        memberOf(root, "MedianAbsDev").get(absolute) != simdjson::SUCCESS;
    const BenchmarkSubject subject{.name = kNoName,
                                   .metric = change ? "change of the time" : "time",
                                   .unit = change ? "" : "ns",
                                   .method = kCriterionMethod};
    for (const auto &member : kEstimates) {
        element one, interval;
        if (memberOf(root, member.key).get(one) != simdjson::SUCCESS &&
            memberOf(root, member.old).get(one) != simdjson::SUCCESS)
            continue;
        CriterionEstimate estimate{.estimate = reportedNumber(one, "point_estimate")};
        if (memberOf(one, "confidence_interval").get(interval) == simdjson::SUCCESS) {
            estimate.low = reportedNumber(interval, "lower_bound");
            estimate.high = reportedNumber(interval, "upper_bound");
        }
        addEstimate(out, subject, member.statistic, estimate);
    }
}

// The old sample.json: [[iterations], [times]].
bool isOldSample(std::string_view head)
{
    std::string text(head.substr(0, 200));
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return text.starts_with("[[") && text.size() > 3 && text[2] >= '0' && text[2] <= '9' &&
           text.find_first_not_of("0123456789.,eE+-[]") == text.npos;
}

class CriterionJson final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        if (headHasKeys(probe, '{', {"sampling_mode", "iters", "times"}) ||
            headHasKeys(probe, '{', {"confidence_interval", "point_estimate", "lower_bound"}))
            return Match::Strong;
        if (headHasKeys(probe, '[', {}) && isOldSample(probe.text()))
            return Match::Weak;
        return Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "criterion.rs");
        BenchmarkWriter out(run.sink);
        simdjson::dom::array pair, iterations, totals;
        if (root.get(pair) == simdjson::SUCCESS) {
            if (pair.at(0).get(iterations) == simdjson::SUCCESS &&
                pair.at(1).get(totals) == simdjson::SUCCESS)
                FW_TRY(addSamples(run, out, iterations, totals));
        } else if (memberOf(root, "iters").get(iterations) == simdjson::SUCCESS &&
                   memberOf(root, "times").get(totals) == simdjson::SUCCESS) {
            FW_TRY(addSamples(run, out, iterations, totals));
        } else {
            addEstimates(out, root);
        }
        FW_TRY(run.job.checkpoint());
        if (out.given() == 0)
            return fail(Errc::Corrupt, "there is no sample and no estimate in it");
        run.sink.note(Severity::Info, "criterion_no_name", 0,
                      "criterion's JSON does not say which benchmark it is of: its folder does");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeCriterionJson()
{
    return std::make_unique<CriterionJson>();
}

} // namespace flamewright
