#pragma once

#include "app/trace_study.h"

#include <cstdint>
#include <iosfwd>

// The answers of the verb `spans`, for people and for programs.
namespace flamewright {

void printOperations(std::ostream &out, const TraceStudy &study, std::size_t limit);
void writeOperationsJson(std::ostream &out, const TraceStudy &study);

void printServiceMap(std::ostream &out, const TraceStudy &study);
void writeServiceMapJson(std::ostream &out, const TraceStudy &study);

void printCriticalPath(std::ostream &out, const TraceStudy &study, OperationKey root);
void writeCriticalPathJson(std::ostream &out, const TraceStudy &study, OperationKey root);

void printSlowTraces(std::ostream &out, const TraceStudy &study, OperationKey root);
void writeSlowTracesJson(std::ostream &out, const TraceStudy &study, OperationKey root);

// The waterfall of one trace.
void printTrace(std::ostream &out, const TraceStudy &study, std::uint32_t trace);
void writeTraceJson(std::ostream &out, const TraceStudy &study, std::uint32_t trace);

// Pairs of services whose clocks disagree; nothing where there are none.
void printClockSkew(std::ostream &out, const TraceStudy &study);

} // namespace flamewright
