#pragma once

#include "app/gui/requests_model.h"
#include "capture/base/format_value.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <optional>

// The columns of the table of requests: what its cells say, and in what order its rows are.
namespace flamewright {

enum class LoadColumn : std::uint8_t {
    Name,
    Count,
    Rate,
    Errors,
    P50,
    P90,
    P95,
    P99,
    P999,
    Max,
    Trend,
    Apdex,
    Mean,
    Min
};
inline constexpr int kLoadColumns = 14;

// A row: a group, or everything in the scope.
struct LoadCells {
    const LoadAnswer &answer;
    const LatencyReportRow &row;
    bool total = false;
    ValueStyle style;

    QString text(LoadColumn column) const;
    // Below the text, small: the 95 % interval of a percentile, the share of errors.
    QString detail(LoadColumn column) const;
    // The whole of it, in a sentence; empty where the cell says it all.
    QString toolTip(LoadColumn column) const;
    QString tsv(LoadColumn column) const; // unrounded, nanoseconds
    const Apdex &apdex() const;
};

// Index of kPercentiles; nullopt: another column.
std::optional<std::size_t> percentileOf(LoadColumn column);
// -1, 0, 1: how two rows compare, smallest first.
int compareLoad(const LoadAnswer &answer, const LatencyReportRow &a, const LatencyReportRow &b,
                LoadColumn column);

QString titleOf(LoadColumn column, LatencyBy by);
QString toolTipOf(LoadColumn column, bool failures);
// Of a file: with units.
QString tsvTitleOf(LoadColumn column, LatencyBy by);

// "Endpoint", "Status": what rows are.
QString groupingTitle(LatencyBy by, const std::string &tag = {});
// "398–431 ms".
QString rangeText(std::int64_t low, std::int64_t high, ValueStyle style);
// What a reader should know, as the window says it. `whatIf`: the inspector has one.
QString findingText(const LoadFinding &finding, bool whatIf);
// "412 /s".
QString rateText(std::optional<double> perSecond);

} // namespace flamewright
