#pragma once

#include <cstdint>
#include <string_view>

namespace flamewright {

// One object of "traceEvents": https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
// Views into the input; strings without quotes, escapes as they are in the file; numbers as text.
struct ChromeEvent {
    std::string_view phase, name, category;
    std::string_view time, duration, threadDuration; // microseconds
    std::string_view pid, tid;
    std::string_view id, id2, scope, bindId, bindingPoint, instantScope;
    std::string_view stackFrame, endStackFrame, stack; // numbers of "stackFrames", or JSON text
    std::string_view args;                             // JSON text
    bool escapes = false;                              // in the name or the category
    bool flowIn = false, flowOut = false;
    std::uint32_t others = 0; // fields that nobody knows here
};

enum class JsonPiece : std::uint8_t {
    Whole,
    NeedsMore, // it does not end before the end of what is there
    Bad        // it is not what it should be
};

// Reads the object at `p`, which is '{'; sets `next` behind it when it is whole.
JsonPiece readChromeEvent(const char *p, const char *end, ChromeEvent &out, const char *&next);

// Microseconds as text, with or without a fraction, in nanoseconds; saturating, which it says.
struct ChromeTime {
    std::int64_t ns = 0;
    bool good = false; // it is a number
    bool saturated = false;
};
ChromeTime chromeTime(std::string_view text);

} // namespace flamewright
