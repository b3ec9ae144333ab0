#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace flamewright {

using SqlValue = std::variant<std::monostate, std::int64_t, double, std::string>;

// The answer to SQL somebody typed. Typed queries never go through it.
struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<SqlValue>> rows;
    bool truncated = false; // there were more than maxRows
};

} // namespace flamewright
