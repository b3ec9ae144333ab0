#include "importers/otlp/otlp_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

constexpr std::int64_t kMaxScale = 20; // as far as SDKs go; more says nothing
constexpr std::size_t kMaxBuckets = 1u << 16;
constexpr std::uint64_t kNoRecordedValue = 1; // of a point's flags
constexpr std::uint64_t kDelta = 1;
constexpr std::uint64_t kCumulative = 2;

// Units as UCUM writes them, https://opentelemetry.io/docs/specs/semconv/general/metrics/#units
struct Meaning {
    Unit unit = Unit::Count;
    double scale = 1;
    bool known = false;
};
Meaning meaningOf(std::string_view unit)
{
    if (unit == "ns")
        return {Unit::Nanoseconds, 1, true};
    if (unit == "us")
        return {Unit::Nanoseconds, 1e3, true};
    if (unit == "ms")
        return {Unit::Nanoseconds, 1e6, true};
    if (unit == "s")
        return {Unit::Nanoseconds, 1e9, true};
    if (unit == "By")
        return {Unit::Bytes, 1, true};
    return {Unit::Count, 1, unit.empty() || unit == "1"};
}

// "By" and "{request}" are meant for programs.
std::string inBrackets(std::string_view unit)
{
    if (unit.empty() || unit == "1")
        return {};
    if (unit == "By")
        unit = "bytes";
    if (unit.size() > 2 && unit.front() == '{' && unit.back() == '}')
        unit = unit.substr(1, unit.size() - 2);
    return " [" + std::string(unit) + "]";
}

// "method=GET, status=200".
std::string textOf(Attributes &attributes)
{
    constexpr std::size_t kMaxText = 1u << 10;
    std::string out;
    attributes.eachSorted([&](std::string_view key, std::string_view json) {
        if (out.size() > kMaxText)
            return;
        if (json.size() >= 2 && json.front() == '"')
            json = json.substr(1, json.size() - 2);
        out += out.empty() ? "" : ", ";
        out += key;
        out += '=';
        out += firstBytes(json, kMaxText);
    });
    return out;
}

const char *methodOf(const OtlpMetric &metric)
{
    switch (metric.kind) {
    case OtlpMetricKind::Gauge:
    case OtlpMetricKind::Sum: break; // are counters
    case OtlpMetricKind::Histogram:
        return metric.temporality == kCumulative ? "OTLP histogram, cumulative"
               : metric.temporality == kDelta    ? "OTLP histogram, delta"
                                                 : "OTLP histogram";
    case OtlpMetricKind::ExponentialHistogram:
        return metric.temporality == kCumulative ? "OTLP exponential histogram, cumulative"
               : metric.temporality == kDelta    ? "OTLP exponential histogram, delta"
                                                 : "OTLP exponential histogram";
    case OtlpMetricKind::Summary: return "OTLP summary, cumulative";
    }
    return "OTLP";
}

} // namespace

void OtlpPoint::clear()
{
    attributes.clear();
    counts.clear();
    bounds.clear();
    positive.clear();
    negative.clear();
    quantiles.clear();
    start = time = flags = count = zeroCount = exemplars = 0;
    scale = positiveOffset = negativeOffset = 0;
    zeroThreshold = 0;
    value = sum = min = max = std::nullopt;
    rounded = cut = false;
}

void OtlpPoint::setInteger(std::int64_t integer)
{
    const auto number = static_cast<double>(integer);
    value = number;
    rounded = !(number < 9223372036854775808.0) || static_cast<std::int64_t>(number) != integer;
}

void OtlpPoint::setScale(std::int64_t newScale)
{
    scale = std::clamp(newScale, -kMaxScale, kMaxScale);
}

void OtlpPoint::addCount(std::vector<std::uint64_t> &to, std::uint64_t values)
{
    if (to.size() < kMaxBuckets)
        to.push_back(values);
    else
        cut = true;
}

void OtlpPoint::addBound(double bound)
{
    if (bounds.size() < kMaxBuckets)
        bounds.push_back(bound);
    else
        cut = true;
}

void OtlpPoint::addQuantile(std::pair<double, double> quantile)
{
    if (quantiles.size() < kMaxBuckets)
        quantiles.push_back(quantile);
    else
        cut = true;
}

void OtlpMetrics::point(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset)
{
    if (point.exemplars > 0)
        m_sink.note(Severity::Info, "otlp_exemplars", offset, "exemplars of metrics are not kept",
                    point.exemplars);
    if ((point.flags & kNoRecordedValue) != 0) {
        m_sink.note(Severity::Info, "otlp_no_recorded_value", offset,
                    "a point of a metric says that there was no value");
        return;
    }
    if (point.cut)
        m_sink.note(Severity::DataLoss, "otlp_too_many_buckets", offset,
                    "a histogram has more buckets than are read: " + metric.name);
    if (metric.kind == OtlpMetricKind::Gauge || metric.kind == OtlpMetricKind::Sum)
        number(metric, point, offset);
    else
        aggregate(metric, point, offset);
    ++m_points;
}

void OtlpMetrics::number(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset)
{
    if (point.time == 0 || !point.value) {
        m_sink.note(Severity::DataLoss, "otlp_bad_point", offset,
                    "a point of a metric without a time or a value: " + metric.name);
        return;
    }
    if (point.rounded)
        m_sink.note(Severity::Notice, "otlp_value_rounded", offset,
                    "an integer of more than 53 bits was rounded");
    const auto attributes = textOf(point.attributes);
    m_text = metric.name;
    if (!attributes.empty())
        m_text += '{' + attributes + '}';
    if (metric.kind == OtlpMetricKind::Sum && metric.temporality == kDelta)
        m_text += " (delta)";
    else if (metric.kind == OtlpMetricKind::Sum && metric.monotonic)
        m_text += " (cumulative)";
    m_text += inBrackets(metric.unit);
    const auto track =
        m_sink.track({.kind = TrackKind::Counter, .name = m_text, .parent = m_writer.service()});
    m_sink.add(CounterPoint{m_writer.spans().timeOf(point.time, offset), track, *point.value});
}

void OtlpMetrics::aggregate(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset)
{
    const auto meaning = meaningOf(metric.unit);
    auto &spans = m_writer.spans();
    Summary row{.unit = meaning.unit};
    const auto end = point.time != 0 ? point.time : point.start;
    if (end != 0) {
        const auto begin = point.start != 0 && point.start <= end ? point.start : end;
        row.begin = spans.timeOf(begin, offset);
        row.length = spans.timeOf(end, offset) - row.begin;
    }
    const auto service = m_writer.serviceName();
    row.endpoint = m_sink.track(
        {.kind = TrackKind::Endpoint, .name = service.empty() ? "unknown_service" : service});
    row.metric =
        m_sink.string(metric.name + (meaning.known ? std::string() : inBrackets(metric.unit)));
    row.subset = m_sink.string(textOf(point.attributes));
    row.method = m_sink.string(methodOf(metric));
    const auto add = [&](SummaryFigure figure, Unit unit, std::optional<double> value) {
        if (!value)
            return;
        auto out = row;
        out.figure = figure;
        out.unit = unit;
        out.value = *value;
        m_sink.add(out);
    };
    const auto scaled = [&](std::optional<double> value) {
        return value ? std::optional(*value * meaning.scale) : std::nullopt;
    };
    add(SummaryFigure::Count, Unit::Count, static_cast<double>(point.count));
    add(SummaryFigure::Sum, meaning.unit, scaled(point.sum));
    add(SummaryFigure::Min, meaning.unit, scaled(point.min));
    add(SummaryFigure::Max, meaning.unit, scaled(point.max));
    row.figure = SummaryFigure::Bucket;
    if (metric.kind == OtlpMetricKind::Histogram)
        explicitBuckets(point, row, meaning.scale, offset);
    else if (metric.kind == OtlpMetricKind::ExponentialHistogram)
        exponentialBuckets(point, row, meaning.scale);
    row.figure = SummaryFigure::Quantile;
    for (const auto &quantile : point.quantiles) {
        row.position = quantile.first;
        row.value = quantile.second * meaning.scale;
        m_sink.add(row);
    }
}

// The highest value of a bucket is its bound; of the last one nobody knows.
void OtlpMetrics::explicitBuckets(const OtlpPoint &point, Summary row, double scale,
                                  std::uint64_t offset)
{
    if (point.counts.empty())
        return;
    if (point.counts.size() != point.bounds.size() + 1) {
        m_sink.note(Severity::DataLoss, "otlp_bad_buckets", offset,
                    "a histogram has " + std::to_string(point.counts.size()) + " buckets and " +
                        std::to_string(point.bounds.size()) + " bounds");
        return;
    }
    for (std::size_t i = 0; i < point.counts.size(); ++i) {
        row.position = i + 1 < point.counts.size() ? point.bounds[i] * scale
                                               : std::numeric_limits<double>::infinity();
        row.value = static_cast<double>(point.counts[i]);
        m_sink.add(row);
    }
}

// Bucket i holds (base^i, base^(i+1)] with base = 2^(2^-scale); those of negative numbers are its
// mirror image.
void OtlpMetrics::exponentialBuckets(const OtlpPoint &point, Summary row, double scale)
{
    const auto bound = [&](std::int64_t index) {
        return std::exp2(std::ldexp(static_cast<double>(index), -static_cast<int>(point.scale))) *
               scale;
    };
    const auto add = [&](double position, std::uint64_t count) {
        row.position = position;
        row.value = static_cast<double>(count);
        m_sink.add(row);
    };
    const auto index = [](std::int64_t offset, std::size_t i) {
        return saturatingAdd(offset, static_cast<std::int64_t>(i));
    };
    for (auto i = point.negative.size(); i-- > 0;)
        add(-bound(index(point.negativeOffset, i)), point.negative[i]);
    if (point.zeroCount > 0)
        add(point.zeroThreshold * scale, point.zeroCount);
    for (std::size_t i = 0; i < point.positive.size(); ++i)
        add(bound(index(point.positiveOffset, i + 1)), point.positive[i]);
}

} // namespace flamewright
