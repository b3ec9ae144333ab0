#pragma once

#include "importers/pprof/profile_tables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright::pprof {

// What the labels of a sample say about thread and time, under the names that the profilers of
// Go, Node, Python, .NET and Parca give them.
struct LabelFacts {
    std::int64_t pid = -1, tid = -1;
    std::string_view process, thread; // names
    std::optional<std::int64_t> endTimestampNs;
};
LabelFacts factsOf(const Tables &tables, const std::vector<Label> &labels);

inline constexpr std::size_t kMaxLabelText = 32u << 10;

// Canonical JSON: keys sorted by bytes, {"endpoint":"/cart","bytes":4096}; a number whose unit is
// not its key reads {"value":5,"unit":"seconds"}; a key that comes several times gives an array
// in the order of the file. Time stamps of single samples are left out: they are the sample's
// time. Empty when there is nothing, nullopt when it would be longer than kMaxLabelText.
std::optional<std::string> labelJson(const Tables &tables, const std::vector<Label> &labels);

} // namespace flamewright::pprof
