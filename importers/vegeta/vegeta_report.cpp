#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/date_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>
#include <string>

namespace flamewright {
namespace {

// vegeta report -type=json: nanoseconds; percentiles of a t-digest, whose extremes may be far off.
// https://github.com/tsenart/vegeta
constexpr FormatInfo kFormat{"vegeta-report", "vegeta report", "json", "load test"};

constexpr std::string_view kMethod = "vegeta, t-digest";

void addLatencies(SummaryWriter &out, simdjson::dom::object latencies,
                  const SummarySubject &subject)
{
    auto quantiles = subject;
    quantiles.method = kMethod;
    for (const auto field : latencies) {
        double value = 0;
        if (field.value.get(value) != simdjson::SUCCESS)
            continue;
        if (field.key == "total")
            out.add(subject, SummaryFigure::Sum, value);
        else if (field.key == "mean")
            out.add(subject, SummaryFigure::Mean, value);
        else if (field.key == "min")
            out.add(subject, SummaryFigure::Min, value);
        else if (field.key == "max")
            out.add(subject, SummaryFigure::Max, value);
        else if (field.key.ends_with("th")) {
            const auto percent = parseDouble(field.key.substr(0, field.key.size() - 2));
            if (percent && *percent <= 100)
                out.quantile(quantiles, *percent / 100, value);
        }
    }
}

class VegetaReport final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '{', {"latencies", "bytes_in", "status_codes"}) ? Match::Strong
                                                                                  : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "vegeta");
        SummaryWriter out(run.sink);
        SummarySubject subject{.method = "vegeta"};
        if (const auto earliest = parseDate(textAt(root, "earliest")))
            subject.begin = out.at(earliest->epochNs);
        if (const auto ns = numberAt(root, "duration"); ns && *ns >= 0)
            subject.length = Duration{static_cast<std::int64_t>(std::min(*ns, 1e18))};
        simdjson::dom::object object;
        if (memberOf(root, "latencies").get(object) == simdjson::SUCCESS)
            addLatencies(out, object, subject);
        if (const auto requests = numberAt(root, "requests"))
            out.count(subject, *requests);
        if (const auto rate = numberAt(root, "rate"))
            out.rate(subject, *rate);
        auto ok = subject;
        ok.subset = "ok";
        if (const auto rate = numberAt(root, "throughput"))
            out.rate(ok, *rate);
        for (const auto *const key : {"bytes_in", "bytes_out"}) {
            simdjson::dom::element bytes;
            auto sizes = subject;
            sizes.metric = key;
            sizes.unit = Unit::Bytes;
            if (memberOf(root, key).get(bytes) != simdjson::SUCCESS)
                continue;
            if (const auto total = numberAt(bytes, "total"))
                out.add(sizes, SummaryFigure::Sum, *total);
            if (const auto mean = numberAt(bytes, "mean"))
                out.add(sizes, SummaryFigure::Mean, *mean);
        }
        if (memberOf(root, "status_codes").get(object) == simdjson::SUCCESS) {
            auto responses = subject;
            responses.metric = "responses";
            for (const auto field : object) {
                double count = 0;
                responses.subset = field.key;
                if (field.value.get(count) == simdjson::SUCCESS)
                    out.count(responses, count);
            }
        }
        FW_TRY(run.job.checkpoint());
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of vegeta in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeVegetaReport()
{
    return std::make_unique<VegetaReport>();
}

} // namespace flamewright
