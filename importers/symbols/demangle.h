#pragma once

#include <string>
#include <string_view>

namespace flamewright {

inline constexpr std::size_t kMaxMangledBytes = 64u << 10;
inline constexpr std::size_t kMaxDemangledBytes = 64u << 10;

// The name as a person writes it, for C++ (Itanium ABI) and Rust (legacy and v0), without
// parameters and return type, which is what `perf report` prints: "std::vector<int>::push_back".
// The name itself when it is not mangled, is too long or expands beyond all bounds.
std::string demangle(std::string_view name);

} // namespace flamewright
