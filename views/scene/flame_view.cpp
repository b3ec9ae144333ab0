#include "views/scene/flame_view.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr auto kRow = static_cast<float>(tokens::k_row_frame);

bool samePlaces(FlameLayout a, FlameLayout b)
{
    const auto byName = [](FlameLayout l) {
        return l == FlameLayout::Icicle || l == FlameLayout::Flame;
    };
    return byName(a) == byName(b);
}

} // namespace

FlameData::FlameData(std::shared_ptr<const Profile> of, FlameLayout as)
    : profile(std::move(of)),
      layout(as)
{
    if (!profile)
        return;
    rows = FlameRows(*profile, layout);
    functions.reserve(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i)
        functions.push_back(profile->tree.function[rows.nodeAt(i)].raw);
}

FlameView::FlameView(std::shared_ptr<const Profile> profile, FlameLayout layout)
    : FlameView(std::make_shared<const FlameData>(std::move(profile), layout))
{}

FlameView::FlameView(std::shared_ptr<const FlameData> data)
    : m_data(std::move(data)),
      m_profile(m_data->profile.get()),
      m_layout(m_data->layout)
{
    setColorScheme(ColorScheme::Name);
}

void FlameView::setLayout(FlameLayout layout)
{
    if (!samePlaces(layout, m_data->layout))
        setData(std::make_shared<const FlameData>(m_data->profile, layout));
    m_layout = layout;
}

void FlameView::setData(std::shared_ptr<const FlameData> data)
{
    m_data = std::move(data);
    m_profile = m_data->profile.get();
    m_hovered.reset();
    setColorScheme(m_coloring.scheme());
    countMarks(m_matches, m_found);
    highlight(m_highlighted);
}

void FlameView::setColorScheme(ColorScheme scheme, const FlameColoring *like)
{
    if (m_profile)
        m_coloring = FlameColoring(*m_profile, m_data->rows, scheme, like);
}

bool FlameView::isEmpty() const
{
    return !m_profile || m_profile->tree.size() < 2 || m_profile->tree.total[0] <= 0;
}

float FlameView::contentHeight() const
{
    return static_cast<float>(m_data->rows.count()) * kRow;
}

bool FlameView::growsUp() const
{
    return (m_up || m_layout == FlameLayout::Flame) && !alongTime();
}

bool FlameView::isLane(std::uint32_t node) const
{
    return node != 0 && alongTime() && m_profile->tree.parent[node] == 0;
}

float FlameView::offsetOf(std::uint32_t node) const
{
    if (node >= m_data->rows.size())
        return 0;
    // Below the axis, not behind it.
    const auto depth = m_profile->tree.depth[node];
    return static_cast<float>(alongTime() && depth > 0 ? depth - 1 : depth) * kRow;
}

void FlameView::setFocus(std::uint32_t node)
{
    m_focus = node < m_data->rows.size() ? node : 0;
}

void FlameView::countMarks(std::vector<std::uint32_t> &prefix,
                           const std::vector<std::uint8_t> &functions) const
{
    prefix.clear();
    if (!m_profile || std::find(functions.begin(), functions.end(), 1) == functions.end())
        return;
    const auto &shown = m_data->functions;
    prefix.resize(shown.size() + 1);
    for (std::size_t i = 0; i < shown.size(); ++i)
        prefix[i + 1] = prefix[i] + (shown[i] < functions.size() && functions[shown[i]] != 0);
}

std::uint32_t FlameView::marks(const std::vector<std::uint32_t> &prefix, const FlameBox &box) const
{
    if (prefix.empty())
        return 0;
    const auto at = m_data->rows.position(box.node);
    return prefix[at + box.count] - prefix[at];
}

void FlameView::setSearch(const SearchResult &result)
{
    m_found = result.functions;
    countMarks(m_matches, m_found);
}

void FlameView::highlight(FunctionId function)
{
    m_highlighted = function;
    m_highlights.clear();
    if (function.raw == 0 || !m_profile || function.raw >= m_profile->functions.size())
        return;
    std::vector<std::uint8_t> functions(m_profile->functions.size(), 0);
    functions[function.raw] = 1;
    countMarks(m_highlights, functions);
}

float FlameView::rowTop(std::uint32_t depth, const Viewport &viewport) const
{
    const auto down = static_cast<float>(depth) * kRow - viewport.scrollY;
    return growsUp() ? viewport.size.height - kRow - down : down;
}

// First and one past the last row that is at least partly visible.
std::pair<std::uint32_t, std::uint32_t> FlameView::rowsIn(const Viewport &viewport) const
{
    const auto count = m_data->rows.count();
    if (count == 0)
        return {0, 0};
    // The time axis covers one row and stands for the root.
    const auto hidden = alongTime() ? kRow : 0.0f;
    const auto first =
        std::max(hidden > 0 ? 1.0f : 0.0f, std::floor((viewport.scrollY + hidden) / kRow));
    const auto last = std::ceil((viewport.scrollY + viewport.size.height) / kRow);
    if (!(last > first) || !(first < static_cast<float>(count)))
        return {0, 0};
    return {static_cast<std::uint32_t>(first),
            last < static_cast<float>(count) ? static_cast<std::uint32_t>(last) : count};
}

void FlameView::rowBoxes(std::uint32_t row, const Viewport &viewport,
                         std::vector<FlameBox> &out) const
{
    const auto first = out.size();
    m_data->rows.boxes(row, FlameScale::of(viewport, m_profile->tree.total[0]), out);
    for (auto i = first; i < out.size(); ++i) {
        out[i].rect.y = rowTop(row, viewport);
        out[i].rect.height = kRow;
    }
}

std::vector<FlameBox> FlameView::boxes(const Viewport &viewport) const
{
    std::vector<FlameBox> out;
    if (isEmpty())
        return out;
    const auto [first, last] = rowsIn(viewport);
    for (auto row = first; row < last; ++row)
        rowBoxes(row, viewport, out);
    return out;
}

std::optional<FlameBox> FlameView::boxAt(const Viewport &viewport, PointF at) const
{
    const RectF inside{0, alongTime() ? kRow : 0, viewport.size.width, viewport.size.height};
    if (isEmpty() || !inside.contains(at) || at.y >= viewport.size.height)
        return std::nullopt;
    const auto [first, last] = rowsIn(viewport);
    // Rows are closed at the top on screen, in all layouts.
    const auto wanted = growsUp()
                            ? std::ceil((viewport.size.height - at.y + viewport.scrollY) / kRow) - 1
                            : std::floor((at.y + viewport.scrollY) / kRow);
    if (wanted < static_cast<float>(first) || wanted >= static_cast<float>(last))
        return std::nullopt;
    std::vector<FlameBox> row;
    rowBoxes(static_cast<std::uint32_t>(wanted), viewport, row);
    const auto hit = std::find_if(row.begin(), row.end(),
                                  [&](const FlameBox &box) { return box.rect.contains(at); });
    return hit == row.end() ? std::nullopt : std::optional(*hit);
}

std::optional<Hit> FlameView::hitTest(const Viewport &viewport, PointF at) const
{
    const auto box = boxAt(viewport, at);
    if (!box)
        return std::nullopt;
    const auto tip = tooltip(*box);
    return Hit{box->node, tip.title, plainText(tip)};
}

RectF FlameView::rectOf(std::uint32_t node, const Viewport &viewport) const
{
    if (node >= m_data->rows.size() || isEmpty())
        return {};
    const auto scale = FlameScale::of(viewport, m_profile->tree.total[0]);
    const auto i = m_data->rows.position(node);
    const auto left = scale.rounded(scale.px(m_data->rows.begin(i)));
    const auto right = scale.rounded(scale.px(m_data->rows.end(i)));
    return {static_cast<float>(left), rowTop(m_profile->tree.depth[node], viewport),
            static_cast<float>(right - left), kRow};
}

std::pair<double, double> FlameView::rangeOf(const FlameBox &box) const
{
    if (isEmpty() || box.node >= m_data->rows.size())
        return {0, 1};
    const auto &rows = m_data->rows;
    const auto whole = static_cast<double>(m_profile->tree.total[0]);
    const auto first = rows.position(box.node), last = first + box.count - 1;
    const auto begin = static_cast<double>(rows.begin(first));
    const auto end = static_cast<double>(rows.end(last));
    return end > begin ? std::pair(begin / whole, end / whole) : std::pair(0.0, 1.0);
}

FlameTooltip FlameView::tooltip(const FlameBox &box) const
{
    const auto &rows = m_data->rows;
    if (!m_profile || box.node >= rows.size())
        return {};
    if (!box.merged())
        return frameTooltip(*m_profile, box.node, m_focus, m_style);
    std::int64_t total = 0, samples = 0;
    const auto first = rows.position(box.node);
    for (auto i = first; i < first + box.count; ++i) {
        total = saturatingAdd(total, m_profile->tree.total[rows.nodeAt(i)]);
        samples = saturatingAdd(samples, m_profile->tree.totalSamples[rows.nodeAt(i)]);
    }
    return mergedTooltip(*m_profile, box.count, total, samples, m_focus, m_style);
}

std::string FlameView::summary() const
{
    return m_profile ? rootLabel(*m_profile, m_style) : std::string();
}

std::uint32_t FlameView::parentOf(std::uint32_t node) const
{
    return node == 0 || node >= m_data->rows.size() ? kNoNode : m_profile->tree.parent[node];
}

std::uint32_t FlameView::childOf(std::uint32_t node) const
{
    if (node >= m_data->rows.size() || m_profile->tree.subtreeEnd[node] <= node + 1)
        return kNoNode;
    return node + 1;
}

std::uint32_t FlameView::siblingOf(std::uint32_t node, int step) const
{
    const auto &rows = m_data->rows;
    if (node == 0 || node >= rows.size())
        return kNoNode;
    const auto &tree = m_profile->tree;
    if (isLane(node)) { // each in a row of its own
        if (step > 0)
            return tree.subtreeEnd[node] < tree.size() ? tree.subtreeEnd[node] : kNoNode;
        auto before = node - 1;
        while (before != 0 && tree.parent[before] != 0)
            before = tree.parent[before];
        return before == 0 ? kNoNode : before;
    }
    const auto [first, last] = rows.row(tree.depth[node]);
    const auto at = static_cast<std::int64_t>(rows.position(node)) + step;
    if (at < first || at >= last)
        return kNoNode;
    const auto other = rows.nodeAt(static_cast<std::uint32_t>(at));
    // Along time a row is one thread's: what follows may have another caller.
    return alongTime() || tree.parent[other] == tree.parent[node] ? other : kNoNode;
}

std::uint32_t FlameView::neighbourOf(std::uint32_t node, Step step) const
{
    switch (step) {
    case Step::Left: return siblingOf(node, -1);
    case Step::Right: return siblingOf(node, 1);
    case Step::Up:
        if (node < m_data->rows.size() && isLane(node))
            return siblingOf(node, -1);
        return growsUp() ? childOf(node) : parentOf(node);
    case Step::Down: return growsUp() ? parentOf(node) : childOf(node);
    }
    return kNoNode;
}

} // namespace flamewright
