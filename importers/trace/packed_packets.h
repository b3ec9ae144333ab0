#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace flamewright {

enum class Packing : unsigned char { Zlib, Zstd };

// What was compressed into one packet. Nothing when it is damaged or larger than `limit`.
std::optional<std::string> unpacked(Packing packing, std::string_view bytes, std::size_t limit);

} // namespace flamewright
