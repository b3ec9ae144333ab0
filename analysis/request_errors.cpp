#include "analysis/request_errors.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace flamewright {

std::vector<RequestError> requestErrors(const LoadRows &rows)
{
    struct Found {
        RequestError error;
        std::unordered_map<std::uint32_t, std::uint64_t> groups;
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Found> found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.failed[i] == 0)
            continue;
        auto &[error, groups] = found[{rows.status[i], rows.error[i]}];
        ++error.count;
        ++groups[rows.group[i]];
        if (rows.begin[i] == LoadRows::kUntimed)
            continue;
        // Rows are in order of time.
        if (error.firstNs == LoadRows::kUntimed)
            error.firstNs = rows.begin[i];
        error.lastNs = rows.begin[i];
    }
    std::vector<RequestError> out;
    out.reserve(found.size());
    for (auto &[key, one] : found) {
        std::vector<std::pair<std::uint32_t, std::uint64_t>> groups(one.groups.begin(),
                                                                    one.groups.end());
        std::sort(groups.begin(), groups.end(), [](const auto &a, const auto &b) {
            return std::tie(b.second, a.first) < std::tie(a.second, b.first);
        });
        std::tie(one.error.status, one.error.error) = key;
        for (const auto &group : groups)
            one.error.groups.push_back(group.first);
        out.push_back(std::move(one.error));
    }
    std::stable_sort(out.begin(), out.end(), [](const RequestError &a, const RequestError &b) {
        return a.count > b.count;
    });
    return out;
}

} // namespace flamewright
