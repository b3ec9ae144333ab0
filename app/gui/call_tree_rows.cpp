#include "app/gui/call_tree_rows.h"

#include <algorithm>

namespace flamewright {
namespace {

// Functions that were added to a profile later (the marker for more callers) match nothing.
bool matches(const SearchResult *search, FunctionId function)
{
    return search && function.raw < search->functions.size() &&
           search->functions[function.raw] != 0;
}

StatRow cellsOf(const Profile &profile, const FunctionStat &stat, const SearchResult *search)
{
    const auto &f = profile.functions[stat.function.raw];
    return {.name = f.name,
            .module = f.module,
            .self = stat.self,
            .total = stat.total,
            .samples = stat.totalSamples,
            .matches = matches(search, stat.function)};
}

// Row n is the n-th row of the function table, counted from 1.
class FlatRows final : public CallTreeRows {
public:
    FlatRows(std::shared_ptr<const Profile> profile, std::shared_ptr<const SearchResult> search)
        : m_profile(std::move(profile)),
          m_search(std::move(search))
    {}
    bool hasBelow(std::uint32_t row) const override { return row == 0; }
    std::vector<std::uint32_t> below(std::uint32_t row) const override
    {
        std::vector<std::uint32_t> out;
        for (std::uint32_t i = 0; row == 0 && i < m_profile->table.size(); ++i) {
            if (!m_search || matches(m_search.get(), m_profile->table[i].function))
                out.push_back(i + 1);
        }
        return out;
    }
    StatRow cells(std::uint32_t row) const override
    {
        return cellsOf(*m_profile, m_profile->table[row - 1], m_search.get());
    }
    FunctionId function(std::uint32_t row) const override
    {
        return row == 0 ? FunctionId{} : m_profile->table[row - 1].function;
    }
    std::uint32_t countBelow(std::uint32_t row) const override
    {
        return row == 0 ? static_cast<std::uint32_t>(below(0).size()) : 0;
    }
    std::uint32_t matchesBelow(std::uint32_t row) const override
    {
        return m_search ? countBelow(row) : 0; // nothing else is listed
    }

private:
    std::shared_ptr<const Profile> m_profile;
    std::shared_ptr<const SearchResult> m_search;
};

// Row n is node n.
class TreeRows final : public CallTreeRows {
public:
    TreeRows(std::shared_ptr<const Profile> profile, std::shared_ptr<const SearchResult> search,
             bool inverted)
        : m_profile(std::move(profile)),
          m_search(std::move(search)),
          m_inverted(inverted)
    {
        if (!m_search)
            return;
        const auto &functions = m_profile->tree.function;
        m_found.reserve(functions.size() + 1);
        m_found.push_back(0);
        for (const auto function : functions)
            m_found.push_back(m_found.back() + (matches(m_search.get(), function) ? 1 : 0));
    }
    bool hasBelow(std::uint32_t row) const override { return countBelow(row) > 0; }
    std::vector<std::uint32_t> below(std::uint32_t row) const override
    {
        std::vector<std::uint32_t> out;
        const auto &end = m_profile->tree.subtreeEnd;
        for (auto node = row + 1; row < end.size() && node < end[row]; node = end[node])
            out.push_back(node);
        return out;
    }
    StatRow cells(std::uint32_t row) const override
    {
        const auto &tree = m_profile->tree;
        const auto &f = m_profile->at(row);
        const auto ownInverted = tree.parent[row] == 0 ? tree.total[row] : 0;
        return {.name = f.name,
                .module = f.module,
                .self = m_inverted ? ownInverted : tree.self[row],
                .total = tree.total[row],
                .samples = tree.totalSamples[row],
                .matches = matches(m_search.get(), tree.function[row])};
    }
    FunctionId function(std::uint32_t row) const override { return m_profile->tree.function[row]; }
    std::uint32_t countBelow(std::uint32_t row) const override
    {
        const auto &end = m_profile->tree.subtreeEnd;
        return row < end.size() ? end[row] - row - 1 : 0;
    }
    std::uint32_t matchesBelow(std::uint32_t row) const override
    {
        const auto &end = m_profile->tree.subtreeEnd;
        return m_search && row < end.size() ? m_found[end[row]] - m_found[row + 1] : 0;
    }

private:
    std::shared_ptr<const Profile> m_profile;
    std::shared_ptr<const SearchResult> m_search;
    bool m_inverted;
    std::vector<std::uint32_t> m_found; // matches among the first n nodes, with a search
};

// Rows 1 to n are the groups; behind them the functions, group by group.
class GroupRows final : public CallTreeRows {
public:
    GroupRows(std::shared_ptr<const Profile> profile,
              std::shared_ptr<const std::vector<FunctionGroup>> groups,
              std::shared_ptr<const SearchResult> search)
        : m_profile(std::move(profile)),
          m_groups(std::move(groups)),
          m_search(std::move(search))
    {
        auto next = groupCount() + 1;
        for (const auto &group : *m_groups) {
            m_first.push_back(next);
            next += static_cast<std::uint32_t>(group.functions.size());
        }
        m_first.push_back(next);
    }
    bool hasBelow(std::uint32_t row) const override
    {
        return row == 0 ? !below(0).empty() : row <= groupCount() && shown(row - 1) > 0;
    }
    std::vector<std::uint32_t> below(std::uint32_t row) const override
    {
        std::vector<std::uint32_t> out;
        if (row == 0) {
            for (std::uint32_t group = 0; group < groupCount(); ++group) {
                if (shown(group) > 0)
                    out.push_back(group + 1);
            }
        } else if (row <= groupCount()) {
            const auto &functions = (*m_groups)[row - 1].functions;
            for (std::uint32_t i = 0; i < functions.size(); ++i) {
                if (isShown(functions[i]))
                    out.push_back(m_first[row - 1] + i);
            }
        }
        return out;
    }
    StatRow cells(std::uint32_t row) const override
    {
        if (row > groupCount())
            return cellsOf(*m_profile, stat(row), m_search.get());
        const auto &group = (*m_groups)[row - 1];
        return {.name = group.name,
                .self = group.self,
                .total = group.total,
                .samples = group.totalSamples};
    }
    FunctionId function(std::uint32_t row) const override
    {
        return row <= groupCount() ? FunctionId{} : stat(row).function;
    }
    std::uint32_t countBelow(std::uint32_t row) const override
    {
        if (row > groupCount())
            return 0;
        if (row > 0)
            return shown(row - 1);
        std::uint32_t all = 0;
        for (const auto group : below(0))
            all += 1 + shown(group - 1);
        return all;
    }
    std::uint32_t matchesBelow(std::uint32_t row) const override
    {
        if (!m_search || row > groupCount())
            return 0;
        if (row > 0)
            return shown(row - 1);
        std::uint32_t all = 0;
        for (std::uint32_t group = 0; group < groupCount(); ++group)
            all += shown(group);
        return all;
    }

private:
    std::uint32_t groupCount() const { return static_cast<std::uint32_t>(m_groups->size()); }
    bool isShown(const FunctionStat &stat) const
    {
        return !m_search || matches(m_search.get(), stat.function);
    }
    std::uint32_t shown(std::uint32_t group) const
    {
        const auto &functions = (*m_groups)[group].functions;
        return static_cast<std::uint32_t>(
            std::count_if(functions.begin(), functions.end(),
                          [this](const FunctionStat &stat) { return isShown(stat); }));
    }
    const FunctionStat &stat(std::uint32_t row) const
    {
        const auto after = std::upper_bound(m_first.begin(), m_first.end(), row);
        const auto group = static_cast<std::size_t>(after - m_first.begin()) - 1;
        return (*m_groups)[group].functions[row - m_first[group]];
    }

    std::shared_ptr<const Profile> m_profile;
    std::shared_ptr<const std::vector<FunctionGroup>> m_groups;
    std::shared_ptr<const SearchResult> m_search;
    std::vector<std::uint32_t> m_first; // by group: row of its first function
};

} // namespace

std::shared_ptr<const CallTreeRows> flatRows(std::shared_ptr<const Profile> profile,
                                             std::shared_ptr<const SearchResult> search)
{
    return std::make_shared<FlatRows>(std::move(profile), std::move(search));
}

std::shared_ptr<const CallTreeRows> treeRows(std::shared_ptr<const Profile> shown,
                                             std::shared_ptr<const SearchResult> search)
{
    return std::make_shared<TreeRows>(std::move(shown), std::move(search), false);
}

std::shared_ptr<const CallTreeRows> callerRows(std::shared_ptr<const Profile> inverted,
                                               std::shared_ptr<const SearchResult> search)
{
    return std::make_shared<TreeRows>(std::move(inverted), std::move(search), true);
}

std::shared_ptr<const CallTreeRows>
groupRows(std::shared_ptr<const Profile> profile,
          std::shared_ptr<const std::vector<FunctionGroup>> groups,
          std::shared_ptr<const SearchResult> search)
{
    return std::make_shared<GroupRows>(std::move(profile), std::move(groups), std::move(search));
}

} // namespace flamewright
