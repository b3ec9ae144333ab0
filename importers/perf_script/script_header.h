#pragma once

#include "capture/session/record_sink.h"

#include <string_view>

namespace flamewright::perfscript {

// One "# key : value" line of `perf script --header` as provenance; others are ignored.
void takeHeaderLine(std::string_view line, RecordSink &sink);

} // namespace flamewright::perfscript
