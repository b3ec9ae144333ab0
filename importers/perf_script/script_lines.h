#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The lines that `perf script` prints. Its fields can be chosen (-F), names may hold nearly
// anything, so lines are told apart by what cannot be otherwise: the time, the colon of the
// event, the address at the beginning of a frame.
// https://man7.org/linux/man-pages/man1/perf-script.1.html
namespace flamewright::perfscript {

//   comm  pid/tid [cpu] time: period event: rest
struct ScriptEvent {
    std::string_view comm;
    std::int64_t pid = -1; // -1: only one number is printed, which is the thread
    std::int64_t tid = -1;
    std::int32_t cpu = -1;
    std::optional<std::int64_t> timeNs;
    std::optional<std::int64_t> period;
    std::string_view event; // "cycles:u", "sched:sched_switch"; may be empty
    std::string_view rest;  // what follows: an address with symbol, a tracepoint's arguments
};
std::optional<ScriptEvent> parseEventLine(std::string_view line);

//   7f5c0c875c60 _dl_open+0x10 (/usr/lib64/ld-2.28.so)
struct FrameLine {
    std::uint64_t address = 0;
    std::string_view symbol; // without offset; empty: unknown
    std::string_view dso;    // empty: not printed
    bool inlined = false;    // into the frame of the next line
};
std::optional<FrameLine> parseFrameLine(std::string_view line);

//   book.cpp:42  (-F +srcline: belongs to the frame above)
struct SourceLine {
    std::string_view file;
    std::uint32_t line = 0;
};
std::optional<SourceLine> parseSourceLine(std::string_view line);

std::string_view trimmed(std::string_view text);

} // namespace flamewright::perfscript
