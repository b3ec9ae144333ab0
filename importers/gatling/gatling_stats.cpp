#include "importers/formats.h"
#include "importers/text/json_document.h"
#include "importers/text/number_text.h"

#include <array>
#include <string>
#include <vector>

namespace flamewright {
namespace {

using simdjson::dom::element;

// stats.json (a tree of groups and requests) and global_stats.json (its root alone) of the reports that
// Gatling made until 3.13.4. Figures, no samples.
constexpr FormatInfo kFormat{"gatling-stats", "Gatling stats.json", "json", "load test"};

constexpr std::string_view kMethod = "Gatling";
constexpr std::string_view kQuantileMethod = "Gatling, t-digest of whole ms";
constexpr double kNanosPerMilli = 1e6;
constexpr std::size_t kMaxNodes = 200'000;

// Which ranks "percentiles1" to "4" have is configured, and the file does not say how.
constexpr std::array<double, 4> kRanks{0.5, 0.75, 0.95, 0.99};
// Until 2.0 there were two.
constexpr std::array<double, 2> kTwoRanks{0.95, 0.99};

constexpr std::pair<std::string_view, std::string_view> kSubsets[] = {
    {"total", ""}, {"ok", "ok"}, {"ko", "failed"}};

// Old reports write numbers as texts, and "-" where there are none.
std::optional<double> numberOf(element value)
{
    if (const auto real = realOf(value))
        return real;
    const auto number = parseInteger(textOf(value));
    return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
}

// The figures of no responses are zeros, which mean nothing.
bool isEmpty(element stats, std::string_view subset)
{
    const auto counts = member(stats, "numberOfRequests");
    const auto count = counts ? member(*counts, subset) : std::nullopt;
    return count && numberOf(*count) == 0.0;
}

class StatsReader {
public:
    explicit StatsReader(ImportRun run) : m_run(run), m_sink(run.sink) {}
    Result<> read(element root);

private:
    void stats(element stats, TrackId endpoint, std::string_view metric);
    void figure(element stats, std::string_view key, Summary summary, double scale);
    void ranges(element stats, Summary summary);

    ImportRun m_run;
    RecordSink &m_sink;
    std::size_t m_figures = 0, m_quantiles = 0;
};

void StatsReader::figure(element stats, std::string_view key, Summary summary, double scale)
{
    const auto values = member(stats, key);
    if (!values)
        return;
    for (const auto &[name, subset] : kSubsets) {
        const auto value = member(*values, name);
        const auto number = value ? numberOf(*value) : std::nullopt;
        if (!number || (summary.figure != SummaryFigure::Count && isEmpty(stats, name)))
            continue;
        summary.subset = m_sink.string(subset);
        summary.value = *number * scale;
        m_sink.add(summary);
        ++m_figures;
        m_quantiles += summary.figure == SummaryFigure::Quantile ? 1 : 0;
        // Of all responses: how many failed.
        if (name == "ko" && summary.figure == SummaryFigure::Count) {
            summary.subset = {};
            summary.figure = SummaryFigure::Failed;
            m_sink.add(summary);
            summary.figure = SummaryFigure::Count;
        }
    }
}

// How many responses were faster than two limits, between them, slower, or failed.
void StatsReader::ranges(element stats, Summary summary)
{
    for (const std::string_view key : {"group1", "group2", "group3", "group4"}) {
        const auto group = member(stats, key);
        const auto name = group ? member(*group, "name") : std::nullopt;
        const auto count = group ? member(*group, "count") : std::nullopt;
        const auto number = count ? numberOf(*count) : std::nullopt;
        if (!name || !number || textOf(*name).empty())
            continue;
        summary.subset = m_sink.string(textOf(*name));
        summary.value = *number;
        m_sink.add(summary);
    }
}

void StatsReader::stats(element stats, TrackId endpoint, std::string_view metric)
{
    const Summary counts{
        .endpoint = endpoint, .metric = m_sink.string(metric), .method = m_sink.string(kMethod)};
    const auto times = [&](SummaryFigure which) {
        auto out = counts;
        out.figure = which;
        out.unit = Unit::Nanoseconds;
        return out;
    };
    figure(stats, "numberOfRequests", counts, 1);
    figure(stats, "minResponseTime", times(SummaryFigure::Min), kNanosPerMilli);
    figure(stats, "maxResponseTime", times(SummaryFigure::Max), kNanosPerMilli);
    figure(stats, "meanResponseTime", times(SummaryFigure::Mean), kNanosPerMilli);
    figure(stats, "standardDeviation", times(SummaryFigure::Deviation), kNanosPerMilli);
    const bool two = !member(stats, "percentiles3");
    for (std::size_t i = 0; i < (two ? kTwoRanks.size() : kRanks.size()); ++i) {
        auto quantile = times(SummaryFigure::Quantile);
        quantile.position = two ? kTwoRanks[i] : kRanks[i];
        quantile.method = m_sink.string(kQuantileMethod);
        figure(stats, "percentiles" + std::to_string(i + 1), quantile, kNanosPerMilli);
    }
    auto rate = counts;
    rate.figure = SummaryFigure::Rate;
    figure(stats, "meanNumberOfRequestsPerSecond", rate, 1);
    ranges(stats, counts);
}

Result<> StatsReader::read(element root)
{
    m_sink.provenance("tool", "Gatling");
    std::vector<element> nodes{root};
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto node = nodes[i];
        const auto nested = member(node, "stats");
        const auto type = member(node, "type"), name = member(node, "name");
        // The root stands for all requests; so does the whole of global_stats.json.
        const bool isGroup = type && textOf(*type) == "GROUP";
        TrackId endpoint;
        if (i > 0)
            endpoint = m_sink.track(
                {.kind = TrackKind::Endpoint, .name = name ? textOf(*name) : "(no name)"});
        stats(nested ? *nested : node, endpoint, i > 0 && isGroup ? "transaction" : "latency");
        simdjson::dom::object contents;
        if (const auto inner = member(node, "contents");
            inner && inner->get(contents) == simdjson::SUCCESS) {
            for (const auto field : contents) {
                if (nodes.size() < kMaxNodes)
                    nodes.push_back(field.value);
                else
                    m_sink.note(Severity::DataLoss, "gatling_too_many_requests", 0,
                                "requests beyond the first 200,000 were left out");
            }
        }
        FW_TRY(m_run.job.checkpoint());
    }
    if (m_figures == 0)
        return fail(Errc::Corrupt, "the statistics have no figures");
    m_sink.note(
        Severity::Notice, "gatling_percentile_ranks", 0,
        "the file does not name the ranks of its percentiles; they are taken for those that "
        "Gatling has when nothing else is configured: 50, 75, 95, 99",
        m_quantiles);
    return m_sink.status();
}

class GatlingStats final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = jsonHead(probe);
        const auto has = [&](std::string_view key) { return head.find(key) != std::string::npos; };
        return has("\"numberOfRequests\"") && has("\"meanResponseTime\"") && has("\"percentiles1\"")
                   ? Match::Strong
                   : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        JsonDocument document;
        FW_TRY(document.read(run.input));
        FW_TRY(StatsReader(run).read(document.root()));
        return run.job.checkpoint();
    }
};

} // namespace

std::unique_ptr<Importer> makeGatlingStats()
{
    return std::make_unique<GatlingStats>();
}

} // namespace flamewright
