#pragma once

#include "app/gui/rows_model.h"
#include "app/trace_answer.h"
#include "capture/base/format_value.h"

#include <QString>

#include <memory>
#include <vector>

namespace flamewright {

using SharedTraces = std::shared_ptr<const TraceAnswer>;

// The table of operations; rows are those of TraceAnswer::table.
std::vector<TableColumn> operationColumns(const SharedTraces &study, ValueStyle style);
inline constexpr int kOperationName = 1, kOperationSelf = 8; // columns

// The list of traces; rows are those of `shown`, which are indices of TraceAnswer::traces.
std::vector<TableColumn> traceColumns(const SharedTraces &study,
                                      std::shared_ptr<const std::vector<std::uint32_t>> shown,
                                      ValueStyle style);
inline constexpr int kTraceOperation = 0, kTraceDuration = 1;

// The findings; rows are those of TraceAnswer::findings.
std::vector<TableColumn> findingColumns(const SharedTraces &study);
inline constexpr int kFindingSentence = 2;

// What a kind of finding is called: "N+1 calls".
QString findingName(std::string_view kind);
// "GET /cart", and its service.
QString operationText(const SpanRows &rows, OperationKey key);
// When something happened after the first span of all: "12.345 s".
QString sinceStart(const TraceAnswer &study, std::int64_t ns);

} // namespace flamewright
