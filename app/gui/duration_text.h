#pragma once

#include <QString>

#include <cstdint>
#include <optional>

namespace flamewright {

// A time as a person types it: "300 ms", "1.2s", "250 µs"; a bare number is milliseconds. nullopt:
// it is none, or not above zero.
std::optional<std::int64_t> parseDurationText(const QString &text);

} // namespace flamewright
