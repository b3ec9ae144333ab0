#pragma once

#include "importers/load/summary_writer.h"

#include <optional>
#include <string_view>

namespace flamewright {

// The table that HdrHistogram prints, alone or inside of the output of another tool (wrk2):
//
//        Value   Percentile   TotalCount 1/(1-Percentile)
//        1.317     0.000000            1         1.00
//   #[Mean    =       13.171, StdDeviation   =       42.415]
//   #[Max     =     1418.239, Total count    =        39500]
//
// or with commas and quotes. Its rows are quantiles as the tool gave them.
class PercentileRows {
public:
    // "Value ... 1/(1-Percentile)", in either form.
    static bool isHeader(std::string_view line);
    // What the header says of the unit, in nanoseconds: "Value(ms)" is 1,000,000. nullopt: nothing.
    static std::optional<double> nanosPerUnit(std::string_view header);

    PercentileRows(SummaryWriter &out, SummarySubject subject, double nanosPerUnit)
        : m_out(out),
          m_subject(subject),
          m_nanosPerUnit(nanosPerUnit)
    {}
    // False when the line is none of the table's.
    bool line(std::string_view text);
    // The table is complete: its last line was read.
    bool finished() const { return m_finished; }

private:
    bool footer(std::string_view text);

    SummaryWriter &m_out;
    SummarySubject m_subject;
    double m_nanosPerUnit;
    bool m_finished = false;
};

} // namespace flamewright
