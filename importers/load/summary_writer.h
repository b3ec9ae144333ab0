#pragma once

#include "capture/session/record_sink.h"
#include "importers/load/request_writer.h"

#include <cstdint>
#include <string_view>

namespace flamewright {

// What a group of figures of a tool is about.
struct SummarySubject {
    std::string_view endpoint = {}; // empty: of all
    std::string_view metric = "latency";
    std::string_view subset = {}; // "ok", "failed", or as the tool calls it
    Unit unit = Unit::Nanoseconds;
    Timestamp begin = kNoTime; // see SummaryWriter::at
    Duration length{0};
    std::string_view method = {}; // how the tool got them
};

// What importers of aggregates share: names to ids, and figures that are none (NaN) left out with a
// note. Values are in the subject's unit, times in nanoseconds.
class SummaryWriter {
public:
    explicit SummaryWriter(RecordSink &sink) : m_sink(sink), m_names(sink) {}

    void add(const SummarySubject &subject, SummaryFigure figure, double value);
    // quantile: 0 to 1.
    void quantile(const SummarySubject &subject, double quantile, double value);
    // Of a histogram: how many values are at most `highest`, and above the bucket before.
    void bucket(const SummarySubject &subject, double highest, double count);
    // Counts are of their own unit.
    void count(SummarySubject subject, double value);
    void failed(SummarySubject subject, double value);
    void rate(SummarySubject subject, double perSecond);

    // On the capture's clock, which begins with the first time that was asked for.
    Timestamp at(std::int64_t epochNs) { return m_names.at(epochNs); }
    std::uint64_t written() const { return m_written; }

private:
    void put(const SummarySubject &subject, SummaryFigure figure, double quantile, double value);

    RecordSink &m_sink;
    RequestWriter m_names;
    std::uint64_t m_written = 0;
};

} // namespace flamewright
