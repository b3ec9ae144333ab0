#pragma once

#include "capture/session/record_sink.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// How often fields came that are not read, by their number; of very many numbers, the rest together.
inline constexpr std::size_t kMaxCountedFields = 512;
inline constexpr std::uint32_t kOtherFields = 0;

// One note about all of them: the most frequent first.
inline void noteCountedFields(RecordSink &sink, std::string_view code, std::uint64_t offset,
                              std::string detail,
                              const std::map<std::uint32_t, std::uint64_t> &counts)
{
    constexpr std::size_t kShown = 16;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> most;
    std::uint64_t all = 0;
    for (const auto &entry : counts) {
        most.emplace_back(entry.second, entry.first);
        all += entry.second;
    }
    if (all == 0)
        return;
    std::sort(most.begin(), most.end(), [](const auto &a, const auto &b) {
        return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    for (std::size_t i = 0; i < most.size() && i < kShown; ++i)
        detail += (i == 0 ? " " : ", ") + std::to_string(most[i].second) + " (" +
                  std::to_string(most[i].first) + ")";
    if (most.size() > kShown)
        detail += " and " + std::to_string(most.size() - kShown) + " more";
    sink.note(Severity::Info, code, offset, detail, all);
}

inline std::string addressText(std::uint64_t address)
{
    char buffer[24];
    std::snprintf(buffer, sizeof buffer, "0x%llx", static_cast<unsigned long long>(address));
    return buffer;
}

} // namespace flamewright
