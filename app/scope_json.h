#pragma once

#include "analysis/scope.h"
#include "capture/base/result.h"

#include <string>
#include <string_view>

namespace flamewright {

// A scope as the JSON that sessions keep: of the window as it was left, and of saved scopes.
//
//   {"version": 1, "captures": [1], "times": [{"begin": ns, "end": ns}],
//    "tracks": [{"capture": 1, "track": 7}], "measure": "cpu-clock", "search": "/alloc/i",
//    "inlines": true, "transforms": [{"kind": "hide", "pattern": "libuv"}]}
//
// Times are nanoseconds on the captures' own clocks. A text that is not UTF-8 (captures are free
// to name functions as they like) is {"base64": "..."}.
std::string scopeToJson(const Scope &scope);

// What is missing has its default. Errc::Version: a newer program wrote it. Errc::Corrupt: it is
// no such object, or says something impossible.
Result<Scope> scopeFromJson(std::string_view json);

} // namespace flamewright
