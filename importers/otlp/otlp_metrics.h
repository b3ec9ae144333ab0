#pragma once

#include "importers/otlp/otlp_writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace flamewright {

enum class OtlpMetricKind : std::uint8_t { Gauge, Sum, Histogram, ExponentialHistogram, Summary };

struct OtlpMetric {
    std::string name, unit;
    OtlpMetricKind kind = OtlpMetricKind::Gauge;
    std::uint64_t temporality = 0; // 1: delta, 2: cumulative
    bool monotonic = false;
};

// A data point of any kind of metric; each kind has some of these.
struct OtlpPoint {
    Attributes attributes;
    std::uint64_t start = 0, time = 0;
    std::uint64_t flags = 0; // bit 0: no value was recorded
    std::optional<double> value;
    bool rounded = false; // an integer that a double cannot hold
    std::uint64_t count = 0;
    std::optional<double> sum, min, max;
    std::vector<std::uint64_t> counts; // one more than bounds
    std::vector<double> bounds;
    std::int64_t scale = 0;
    std::uint64_t zeroCount = 0;
    double zeroThreshold = 0;
    std::int64_t positiveOffset = 0, negativeOffset = 0;
    std::vector<std::uint64_t> positive, negative;
    std::vector<std::pair<double, double>> quantiles;
    std::uint64_t exemplars = 0;

    bool cut = false; // has more buckets or quantiles than are read

    void clear();
    void setInteger(std::int64_t integer);
    void setScale(std::int64_t newScale);
    void addCount(std::vector<std::uint64_t> &to, std::uint64_t values);
    void addBound(double bound);
    void addQuantile(std::pair<double, double> quantile);
};

// Gauges and sums become counters, the others summaries: they are aggregates of what the file does
// not hold.
class OtlpMetrics {
public:
    OtlpMetrics(RecordSink &sink, OtlpWriter &writer) : m_sink(sink), m_writer(writer) {}

    void point(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset);
    std::uint64_t points() const { return m_points; }

private:
    struct Subject;
    void number(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset);
    void aggregate(const OtlpMetric &metric, OtlpPoint &point, std::uint64_t offset);
    void explicitBuckets(const OtlpPoint &point, Summary row, double scale, std::uint64_t offset);
    void exponentialBuckets(const OtlpPoint &point, Summary row, double scale);

    RecordSink &m_sink;
    OtlpWriter &m_writer;
    std::uint64_t m_points = 0;
    std::string m_text;
};

} // namespace flamewright
