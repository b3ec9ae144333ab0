#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The lines that the Linux kernel's tracer, `trace-cmd report` and Android's atrace print. A name may
// hold spaces, dashes and brackets, so a line is told by what follows it: the CPU in brackets, then
// the time.
// https://www.kernel.org/doc/html/latest/trace/ftrace.html
namespace flamewright::ftrace {

//   comm-tid (tgid) [cpu] flags time: event: args
struct EventLine {
    std::string_view comm; // empty: the kernel did not know it any more ("<...>")
    std::int32_t tid = -1;
    std::int32_t tgid = -1; // -1: not printed, or unknown
    std::int32_t cpu = -1;
    bool inInterrupt = false; // of hardware or software, by the flags
    std::int64_t timeNs = 0;
    std::string_view event; // "sched_switch"; "function" for those of the function tracer
    std::string_view args;
};
std::optional<EventLine> parseLine(std::string_view line);

// Lines of the function_graph tracer with a time (option funcgraph-abstime); comm and tid only with
// funcgraph-proc:
//   1234.567890 |   0)  comm-tid  | + 12.345 us  |    name() {
struct GraphLine {
    std::string_view comm;
    std::int32_t tid = -1;
    std::int32_t cpu = -1;
    std::int64_t timeNs = 0;
    std::string_view call; // what stands behind the last bar
    std::optional<std::int64_t> durationNs;
};
std::optional<GraphLine> parseGraphLine(std::string_view line);

// The same without a time: there is no place for it on an axis.
bool isGraphLineWithoutTime(std::string_view line);

// "+ 12.345 us": with the mark that the tracer puts before long ones.
std::optional<std::int64_t> parseGraphDuration(std::string_view text);

std::string_view trimmed(std::string_view text);
// What is between two texts, the second after the first; without an end: the rest.
std::optional<std::string_view> between(std::string_view text, std::string_view begin,
                                        std::string_view end = {});

} // namespace flamewright::ftrace
