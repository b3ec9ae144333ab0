#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What the attributes of spans say under one key: a number or text, as text.
struct SpanAttribute {
    std::string key;
    std::vector<std::uint32_t> row;   // of SpanRows, ascending; spans without the key are not there
    std::vector<std::uint32_t> value; // index of `values`
    std::vector<std::string> values;  // all different

    static constexpr std::uint32_t kNone = 0xffff'ffff;
    // Index of `values`, or kNone.
    std::uint32_t valueOf(std::uint32_t of) const
    {
        const auto at = std::lower_bound(row.begin(), row.end(), of);
        return at != row.end() && *at == of ? value[static_cast<std::size_t>(at - row.begin())]
                                            : kNone;
    }
    std::string_view textOf(std::uint32_t of) const
    {
        const auto at = valueOf(of);
        return at == kNone ? std::string_view() : std::string_view(values[at]);
    }
};

struct SpanAttributes {
    std::vector<SpanAttribute> keys; // sorted by key
    // Values that are not there: keys or values beyond a limit, attributes that cannot be read.
    std::uint64_t leftOut = 0;

    const SpanAttribute *find(std::string_view key) const
    {
        const auto at =
            std::lower_bound(keys.begin(), keys.end(), key,
                             [](const SpanAttribute &a, std::string_view b) { return a.key < b; });
        return at != keys.end() && at->key == key ? &*at : nullptr;
    }
};

} // namespace flamewright
