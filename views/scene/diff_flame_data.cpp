#include "views/scene/diff_flame_data.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::uint32_t kNoRow = UINT32_MAX;

// What a side's sums are divided by: the whole says it exactly, whatever many runs were divided by.
double divisorOf(std::int64_t total, const std::optional<double> &whole, double stated)
{
    if (whole && *whole > 0 && total > 0)
        return static_cast<double>(total) / *whole;
    return stated > 0 ? stated : 1;
}

double at(const std::vector<std::int64_t> &values, std::uint32_t node)
{
    return node < values.size() ? static_cast<double>(values[node]) : 0;
}

std::int64_t count(const std::vector<std::int64_t> &values, std::uint32_t node)
{
    return node < values.size() ? values[node] : 0;
}

} // namespace

DiffFlameData::DiffFlameData(std::shared_ptr<const ProfileDiff> of, DiffWidth by,
                             FlameLayout layout)
    : m_diff(std::move(of)),
      m_width(by)
{
    if (m_diff)
        measure();
    makeFlame(layout);
    if (m_diff)
        sumUp();
}

void DiffFlameData::measure()
{
    const auto &tree = m_diff->tree;
    const auto &whole = m_diff->whole;
    m_baseDivisor = divisorOf(count(tree.base.total, 0), whole.base, m_diff->normalisation.base);
    m_candDivisor = divisorOf(count(tree.cand.total, 0), whole.cand, m_diff->normalisation.cand);
    m_presence.reserve(tree.size());
    for (std::uint32_t node = 0; node < tree.size(); ++node) {
        const bool base = at(tree.base.total, node) != 0 || count(tree.base.totalSamples, node) > 0;
        const bool cand = at(tree.cand.total, node) != 0 || count(tree.cand.totalSamples, node) > 0;
        m_presence.push_back(base == cand ? FramePresence::Both
                             : base       ? FramePresence::OnlyBase
                                          : FramePresence::OnlyCand);
    }
    m_tableRow.assign(m_diff->functions.size(), kNoRow);
    for (std::uint32_t i = 0; i < m_diff->table.size(); ++i) {
        if (m_diff->table[i].function < m_tableRow.size())
            m_tableRow[m_diff->table[i].function] = i;
    }
}

DiffFlameData::Values DiffFlameData::total(std::uint32_t node) const
{
    const auto &tree = m_diff->tree;
    return {at(tree.base.total, node) / m_baseDivisor, at(tree.cand.total, node) / m_candDivisor,
            count(tree.base.totalSamples, node), count(tree.cand.totalSamples, node)};
}

DiffFlameData::Values DiffFlameData::self(std::uint32_t node) const
{
    const auto &tree = m_diff->tree;
    return {at(tree.base.self, node) / m_baseDivisor, at(tree.cand.self, node) / m_candDivisor,
            count(tree.base.selfSamples, node), count(tree.cand.selfSamples, node)};
}

Verdict DiffFlameData::verdict(DiffColor color, std::uint32_t node) const
{
    if (node == 0 && color == DiffColor::Total)
        return m_diff->whole.verdict;
    const auto &of =
        color == DiffColor::Self ? m_diff->tree.selfVerdict : m_diff->tree.totalVerdict;
    return node < of.size() ? of[node] : Verdict::NotEnoughData;
}

ChangeShade DiffFlameData::shade(DiffColor color, std::uint32_t node) const
{
    const auto values = of(color, node);
    return changeShade(verdict(color, node), values.base, values.cand);
}

ChangeShade DiffFlameData::shadeOf(DiffColor color, const FlameBox &box) const
{
    if (!box.merged())
        return shade(color, box.node);
    const auto &before = color == DiffColor::Self ? m_selfBefore : m_totalBefore;
    const auto first = m_flame->rows.position(box.node);
    const auto change = before[first + box.count] - before[first];
    return static_cast<ChangeShade>(change > 0 ? 1 : change < 0 ? -1 : 0);
}

const FunctionChange *DiffFlameData::changeOf(std::uint32_t function) const
{
    if (function >= m_tableRow.size() || m_tableRow[function] == kNoRow)
        return nullptr;
    return &m_diff->table[m_tableRow[function]];
}

std::vector<double> DiffFlameData::widths() const
{
    const auto &tree = m_diff->tree;
    const auto size = static_cast<std::uint32_t>(tree.size());
    std::vector<double> out(size, 0), called(size, 0);
    for (auto node = size; node-- > 0;) { // children come after their callers
        const auto values = total(node);
        out[node] = m_width == DiffWidth::Base   ? values.base
                    : m_width == DiffWidth::Cand ? values.cand
                                                 : std::max(values.base, values.cand);
        out[node] = std::max(out[node], 0.0);
        if (m_width == DiffWidth::Larger)
            out[node] = std::max(out[node], called[node]);
        if (node > 0)
            called[tree.parent[node]] += out[node];
    }
    return out;
}

void DiffFlameData::makeFlame(FlameLayout layout)
{
    std::shared_ptr<Profile> profile;
    if (m_diff && m_diff->tree.size() > 0) {
        profile = std::make_shared<Profile>();
        const auto &tree = m_diff->tree;
        const auto size = static_cast<std::uint32_t>(tree.size());
        profile->measure = m_diff->measure;
        profile->functions = m_diff->functions;
        auto &to = profile->tree;
        to.parent = tree.parent;
        to.subtreeEnd = tree.subtreeEnd;
        to.depth = tree.depth;
        to.inlined = tree.inlined;
        to.inlined.resize(size, 0);
        const auto shown = widths();
        const auto perUnit = shown[0] > 0 ? static_cast<double>(kWhole) / shown[0] : 0;
        to.total.reserve(size);
        for (std::uint32_t node = 0; node < size; ++node) {
            to.function.push_back(FunctionId{tree.function[node]});
            const auto width = std::clamp(shown[node] * perUnit, 0.0, static_cast<double>(kWhole));
            to.total.push_back(std::llround(width));
            to.selfSamples.push_back(saturatingAdd(count(tree.base.selfSamples, node),
                                                   count(tree.cand.selfSamples, node)));
            to.totalSamples.push_back(saturatingAdd(count(tree.base.totalSamples, node),
                                                    count(tree.cand.totalSamples, node)));
        }
        to.self = to.total;
        for (std::uint32_t node = 1; node < size; ++node) {
            auto &rest = to.self[tree.parent[node]];
            rest = std::max<std::int64_t>(rest - to.total[node], 0);
        }
        profile->total = to.total[0];
        profile->samples = to.totalSamples[0];
    }
    m_flame = std::make_shared<const FlameData>(std::move(profile), layout);
}

void DiffFlameData::sumUp()
{
    const auto &rows = m_flame->rows;
    const auto evident = [&](DiffColor color, std::uint32_t node) {
        const auto shown = shade(color, node);
        const auto size = std::fabs(of(color, node).delta());
        return shown > 0 ? size : shown < 0 ? -size : 0.0;
    };
    m_totalBefore.assign(std::size_t{rows.size()} + 1, 0);
    m_selfBefore.assign(std::size_t{rows.size()} + 1, 0);
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        m_totalBefore[i + 1] = m_totalBefore[i] + evident(DiffColor::Total, rows.nodeAt(i));
        m_selfBefore[i + 1] = m_selfBefore[i] + evident(DiffColor::Self, rows.nodeAt(i));
    }
}

} // namespace flamewright
