#include "importers/formats.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"
#include "importers/text/json_whole.h"

#include <cmath>
#include <map>
#include <string>

namespace flamewright {
namespace {

// `locust --json`: an array with an object for every request's name, with all its response times as a
// histogram of rounded milliseconds. https://docs.locust.io/en/stable/configuration.html
constexpr FormatInfo kFormat{"locust-json", "Locust JSON", "json", "load test"};

constexpr double kNanosPerMilli = 1e6;

void addEntry(SummaryWriter &out, simdjson::dom::element entry)
{
    const auto method = textAt(entry, "method"), name = textAt(entry, "name");
    const auto endpoint = (method.empty() ? "" : std::string(method) + " ") + std::string(name);
    SummarySubject subject{.endpoint = endpoint, .method = "Locust, rounded to two digits"};
    const auto start = numberAt(entry, "start_time"),
               last = numberAt(entry, "last_request_timestamp");
    if (start && *start > 0 && *start < 9e9) {
        // Seconds with microseconds: what is behind them is not exact.
        subject.begin = out.at(std::llround(*start * 1e6) * 1000);
        if (last && *last >= *start && *last < 9e9)
            subject.length = Duration{std::llround((*last - *start) * 1e6) * 1000};
    }
    if (const auto count = numberAt(entry, "num_requests"))
        out.count(subject, *count);
    if (const auto failed = numberAt(entry, "num_failures"))
        out.failed(subject, *failed);
    const auto time = [&](std::string_view key, SummaryFigure figure) {
        if (const auto value = numberAt(entry, key))
            out.add(subject, figure, *value * kNanosPerMilli);
    };
    time("total_response_time", SummaryFigure::Sum);
    time("min_response_time", SummaryFigure::Min);
    time("max_response_time", SummaryFigure::Max);
    simdjson::dom::object times;
    if (memberOf(entry, "response_times").get(times) == simdjson::SUCCESS) {
        std::map<double, double> buckets; // the file has them in the order of their first use
        for (const auto field : times) {
            const auto millis = parseDouble(field.key);
            double count = 0;
            if (millis && field.value.get(count) == simdjson::SUCCESS)
                buckets[*millis] += count;
        }
        for (const auto &[millis, count] : buckets)
            out.bucket(subject, millis * kNanosPerMilli, count);
    }
    if (const auto bytes = numberAt(entry, "total_content_length")) {
        subject.metric = "content size";
        subject.unit = Unit::Bytes;
        out.add(subject, SummaryFigure::Sum, *bytes);
    }
}

class LocustJson final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        return headHasKeys(probe, '[', {"response_times", "num_requests"}) ? Match::Strong
                                                                           : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        JsonWhole json;
        FW_ASSIGN(const auto root, json.read(run));
        simdjson::dom::array entries;
        if (root.get(entries) != simdjson::SUCCESS)
            return fail(Errc::Corrupt, "this is not the JSON of Locust: it is no array");
        run.sink.provenance("tool", "Locust");
        SummaryWriter out(run.sink);
        for (const auto entry : entries) {
            FW_TRY(run.job.checkpoint());
            addEntry(out, entry);
        }
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no figure of Locust in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeLocustJson()
{
    return std::make_unique<LocustJson>();
}

} // namespace flamewright
