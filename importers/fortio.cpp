#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/date_text.h"
#include "importers/text/json_whole.h"

#include <algorithm>

namespace flamewright {
namespace {

// fortio load -json, and what Nighthawk writes in its place: histograms of seconds, with percentiles
// interpolated in their buckets. 64-bit numbers may be texts. https://github.com/fortio/fortio
constexpr FormatInfo kFormat{"fortio", "fortio JSON", "json;gold", "load test"};

void addHistogram(SummaryWriter &out, simdjson::dom::element root, std::string_view key,
                  const SummarySubject &subject, double factor)
{
    simdjson::dom::element histogram;
    if (memberOf(root, key).get(histogram) != simdjson::SUCCESS)
        return;
    constexpr std::pair<const char *, SummaryFigure> kFigures[] = {
        {"Sum", SummaryFigure::Sum},
        {"Min", SummaryFigure::Min},
        {"Avg", SummaryFigure::Mean},
        {"Max", SummaryFigure::Max},
        {"StdDev", SummaryFigure::Deviation}};
    if (const auto count = numberAt(histogram, "Count"))
        out.count(subject, *count);
    for (const auto &[name, figure] : kFigures) {
        if (const auto value = numberAt(histogram, name))
            out.add(subject, figure, *value * factor);
    }
    simdjson::dom::array rows;
    if (memberOf(histogram, "Percentiles").get(rows) == simdjson::SUCCESS) {
        auto quantiles = subject;
        quantiles.method = "fortio, linear within buckets";
        for (const auto row : rows) {
            const auto percent = numberAt(row, "Percentile"), value = numberAt(row, "Value");
            if (percent && value && *percent >= 0 && *percent <= 100)
                out.quantile(quantiles, *percent / 100, *value * factor);
        }
    }
    if (memberOf(histogram, "Data").get(rows) == simdjson::SUCCESS) {
        for (const auto row : rows) {
            const auto end = numberAt(row, "End"), count = numberAt(row, "Count");
            if (end && count)
                out.bucket(subject, *end * factor, *count);
        }
    }
}

class Fortio final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '{', {"DurationHistogram", "ActualQPS"}) ? Match::Strong
                                                                           : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        run.sink.provenance("tool", "fortio");
        run.sink.provenance("tool_version", textAt(root, "Version"));
        run.sink.provenance("labels", textAt(root, "Labels"));
        const auto url = textAt(root, "URL");
        run.sink.provenance("url", url);
        SummaryWriter out(run.sink);
        SummarySubject subject{.endpoint = url, .method = "fortio"};
        if (const auto start = parseDate(textAt(root, "StartTime")))
            subject.begin = out.at(start->epochNs);
        if (const auto ns = numberAt(root, "ActualDuration"); ns && *ns >= 0)
            subject.length = Duration{static_cast<std::int64_t>(std::min(*ns, 1e18))};
        addHistogram(out, root, "DurationHistogram", subject, 1e9);
        auto errors = subject;
        errors.subset = "failed";
        addHistogram(out, root, "ErrorsDurationHistogram", errors, 1e9);
        auto sizes = subject;
        sizes.unit = Unit::Bytes;
        sizes.metric = "size";
        addHistogram(out, root, "Sizes", sizes, 1);
        sizes.metric = "header size";
        addHistogram(out, root, "HeaderSizes", sizes, 1);
        if (const auto rate = numberAt(root, "ActualQPS"))
            out.rate(subject, *rate);
        simdjson::dom::object codes;
        if (memberOf(root, "RetCodes").get(codes) == simdjson::SUCCESS) {
            for (const auto field : codes) {
                auto code = subject;
                code.metric = "responses";
                code.subset = field.key;
                double count = 0;
                std::string_view text;
                if (field.value.get(count) == simdjson::SUCCESS)
                    out.count(code, count);
                else if (field.value.get(text) == simdjson::SUCCESS && parseDouble(text))
                    out.count(code, *parseDouble(text));
            }
        }
        FW_TRY(run.job.checkpoint());
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of fortio in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeFortio()
{
    return std::make_unique<Fortio>();
}

} // namespace flamewright
