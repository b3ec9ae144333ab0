#include "views/scene/flame_view.h"

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr auto kRow = static_cast<float>(tokens::k_row_frame);
constexpr auto kBoxHeight = kRow - 1;
constexpr double kMinBox = 2;   // narrower frames are merged with narrow neighbours
constexpr double kMergeGap = 1; // pixels between two narrow frames that are still neighbours
constexpr float kMinLabel = 22;
constexpr float kPadding = 5;
constexpr std::size_t kLabelBytes = 1024;

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// What is shown of a name; the rest is in the tooltip.
std::string displayLabel(std::string_view name)
{
    const auto head = name.substr(0, kLabelBytes);
    if (head.size() == name.size() && isPlain(head))
        return std::string(head);
    return CaptureText(name.substr(0, 2 * kLabelBytes)).toDisplay(kLabelBytes);
}

} // namespace

struct FlameView::Scale {
    double origin; // value at the left edge
    double perUnit;
    double width;
    double device;

    double px(std::int64_t value) const { return (static_cast<double>(value) - origin) * perUnit; }
    double value(double px) const { return origin + px / perUnit; }
    // On a whole device pixel.
    float snapped(double px) const
    {
        return static_cast<float>(std::round(std::clamp(px, 0.0, width) * device) / device);
    }
    static Scale of(const Viewport &viewport, std::int64_t total)
    {
        const auto whole = static_cast<double>(total);
        const auto width = static_cast<double>(viewport.size.width);
        const auto span = std::max(viewport.end - viewport.begin, 1e-15);
        return {viewport.begin * whole, width / (span * whole), width,
                static_cast<double>(viewport.scale)};
    }
};

struct FlameView::Paint {
    Theme theme;
    const Palette &colors;
    const TextMetrics &metrics;
    DisplayList &out;
};

FlameView::FlameView(std::shared_ptr<const Profile> profile) : m_profile(std::move(profile))
{
    if (m_profile)
        buildRows();
}

bool FlameView::isEmpty() const
{
    return !m_profile || m_profile->tree.size() < 2 || m_profile->tree.total[0] <= 0;
}

void FlameView::buildRows()
{
    const auto &tree = m_profile->tree;
    const auto nodes = static_cast<std::uint32_t>(tree.size());
    std::uint32_t deepest = 0;
    for (const auto depth : tree.depth)
        deepest = std::max(deepest, depth);
    // A counting sort by depth keeps the preorder, which within a row is from left to right.
    m_rows.assign(std::size_t{deepest} + 2, 0);
    for (const auto depth : tree.depth)
        ++m_rows[depth + 1];
    for (std::size_t i = 1; i < m_rows.size(); ++i)
        m_rows[i] += m_rows[i - 1];
    m_order.resize(nodes);
    m_position.resize(nodes);
    auto next = m_rows;
    for (std::uint32_t node = 0; node < nodes; ++node) {
        m_position[node] = next[tree.depth[node]]++;
        m_order[m_position[node]] = node;
    }
    // The first child starts where its parent does, a sibling where the one before it ends.
    // Values may be negative or add up to more than the parent (differences, saturated sums):
    // a box is never outside its caller's.
    m_begin.assign(nodes, 0);
    m_end.assign(nodes, 0);
    m_caller.assign(nodes, 0);
    std::vector<std::int64_t> filled(nodes, 0); // end of the last child so far, by node
    if (nodes > 0)
        m_end[0] = std::max<std::int64_t>(tree.total[0], 0);
    for (std::uint32_t node = 1; node < nodes; ++node) {
        const auto at = m_position[node], parent = tree.parent[node];
        m_caller[at] = m_position[parent];
        const auto limit = m_end[m_caller[at]];
        m_begin[at] = filled[parent];
        const auto width = std::max<std::int64_t>(tree.total[node], 0);
        m_end[at] = std::min(saturatingAdd(m_begin[at], width), limit);
        filled[parent] = m_end[at];
        filled[node] = m_begin[at];
    }
    m_hash.resize(m_profile->functions.size());
    for (std::size_t i = 0; i < m_hash.size(); ++i)
        m_hash[i] = nameHash(m_profile->functions[i].name);
}

float FlameView::contentHeight() const
{
    return m_rows.empty() ? 0 : static_cast<float>(m_rows.size() - 1) * kRow;
}

void FlameView::setFocus(std::uint32_t node)
{
    m_focus = m_profile && node < m_profile->tree.size() ? node : 0;
}

void FlameView::countMarks(std::vector<std::uint32_t> &prefix,
                           const std::vector<std::uint8_t> &nodes) const
{
    prefix.assign(m_order.size() + 1, 0);
    for (std::size_t i = 0; i < m_order.size(); ++i)
        prefix[i + 1] = prefix[i] + (m_order[i] < nodes.size() && nodes[m_order[i]] != 0);
}

std::uint32_t FlameView::marks(const std::vector<std::uint32_t> &prefix, const FlameBox &box) const
{
    if (prefix.empty())
        return 0;
    const auto at = m_position[box.node];
    return prefix[at + box.count] - prefix[at];
}

void FlameView::setSearch(const SearchResult &result)
{
    m_searching = !result.nodes.empty() && m_profile;
    if (m_searching)
        countMarks(m_matches, result.nodes);
    else
        m_matches.clear();
}

void FlameView::highlight(FunctionId function)
{
    m_highlighted = function;
    m_highlights.clear();
    if (function.raw == 0 || !m_profile)
        return;
    std::vector<std::uint8_t> nodes(m_profile->tree.size());
    for (std::size_t i = 0; i < nodes.size(); ++i)
        nodes[i] = m_profile->tree.function[i] == function;
    countMarks(m_highlights, nodes);
}

float FlameView::rowTop(std::uint32_t depth, const Viewport &viewport) const
{
    const auto down = static_cast<float>(depth) * kRow - viewport.scrollY;
    return m_layout == FlameLayout::Icicle ? down : viewport.size.height - kRow - down;
}

// First and one past the last row that is at least partly visible.
std::pair<std::uint32_t, std::uint32_t> FlameView::rowsIn(const Viewport &viewport) const
{
    if (m_rows.size() < 2)
        return {0, 0};
    const auto count = static_cast<std::uint32_t>(m_rows.size() - 1);
    const auto first = std::max(0.0f, std::floor(viewport.scrollY / kRow));
    const auto last = std::ceil((viewport.scrollY + viewport.size.height) / kRow);
    if (!(last > 0) || !(first < static_cast<float>(count)))
        return {0, 0};
    return {static_cast<std::uint32_t>(first), std::min(count, static_cast<std::uint32_t>(last))};
}

// Visits the boxes of one row from left to right. Steps over narrow frames with a binary search
// per two pixels, so the cost depends on the width in pixels only.
template <class F>
void FlameView::eachBox(std::uint32_t row, const Scale &scale, F visit) const
{
    const auto begin = [&](std::uint32_t i) { return scale.px(m_begin[i]); };
    const auto end = [&](std::uint32_t i) { return scale.px(m_end[i]); };
    // First position in [from, to) whose right edge is beyond `px`. It is mostly near: steps that
    // double stay in the cache where halving the row would not.
    const auto beyond = [&](std::uint32_t from, std::uint32_t to, double px) {
        const auto value = scale.value(px);
        const auto before = [&](std::int64_t e) { return static_cast<double>(e) <= value; };
        std::uint32_t step = 1;
        while (step < to - from && before(m_end[from + step - 1])) {
            from += step;
            step *= 2;
        }
        const auto it = std::partition_point(m_end.begin() + from,
                                             m_end.begin() + std::min(to, from + step), before);
        return static_cast<std::uint32_t>(it - m_end.begin());
    };
    const auto rowEnd = m_rows[row + 1];
    const auto least = static_cast<float>(1 / scale.device);
    float filled = 0; // up to here
    for (auto i = beyond(m_rows[row], rowEnd, 0); i < rowEnd && begin(i) < scale.width;) {
        auto last = i + 1; // one past
        auto right = end(i);
        if (right - begin(i) < kMinBox) {
            // Children of one wide frame are not merged with those of the next.
            auto stop = rowEnd;
            const auto parent = m_caller[i];
            if (row > 0 && end(parent) - begin(parent) >= kMinBox)
                stop = beyond(i, rowEnd, end(parent));
            while (last < stop && begin(last) < scale.width && end(last) - begin(last) < kMinBox &&
                   begin(last) - right < kMergeGap) {
                last = std::max(last + 1, beyond(last, stop, right + kMinBox));
                right = end(last - 1);
            }
        }
        // A box is at least one device pixel wide; the next one gives way, so that neither is
        // painted over.
        FlameBox box{.node = m_order[i], .count = last - i};
        box.rect.x = std::max(scale.snapped(begin(i)), filled);
        box.rect.width = std::max(scale.snapped(right) - box.rect.x, least);
        filled = box.rect.right();
        visit(box);
        i = last;
    }
}

void FlameView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                      DisplayList &out) const
{
    Paint paint{theme, palette(theme), metrics, out};
    out.pushClip({0, 0, viewport.size.width, viewport.size.height});
    if (isEmpty()) {
        paintEmpty(viewport, paint);
    } else {
        const auto scale = Scale::of(viewport, m_profile->tree.total[0]);
        const auto [first, last] = rowsIn(viewport);
        for (auto row = first; row < last; ++row) {
            const auto y = rowTop(row, viewport);
            eachBox(row, scale, [&](FlameBox &box) {
                box.rect.y = y;
                box.rect.height = kRow;
                paintBox(box, paint);
            });
        }
        const auto outline = [&](RectF r, Rgba color, float width) {
            const auto left = std::max(r.x, 0.0f);
            const auto right = std::min(r.right(), viewport.size.width);
            if (right > left && r.y < viewport.size.height && r.bottom() > 0)
                out.strokeRect({left, r.y, std::max(right - left - 1, 3.0f), kBoxHeight}, color,
                               width, tokens::k_radius_frame);
        };
        if (m_selected < m_order.size())
            outline(rectOf(m_selected, viewport), paint.colors.accent, 2);
        if (m_hovered)
            outline(m_hovered->rect, paint.colors.text1, 1);
    }
    out.popClip();
}

void FlameView::paintEmpty(const Viewport &viewport, Paint &paint) const
{
    const auto centred = [&](std::string_view text, FontRole font, Rgba color, float y) {
        float width = 0;
        const auto shown = elided(text, font, viewport.size.width - 32, paint.metrics, &width);
        paint.out.text({std::round((viewport.size.width - width) / 2), y}, shown, color, font,
                       width);
    };
    const auto y = std::round(viewport.size.height / 2) - 20;
    if (!m_profile)
        return;
    centred("No samples in this scope", FontRole::Strong, paint.colors.text1, y);
    centred("Widen the time range or clear the filter.", FontRole::Body, paint.colors.text2,
            y + 22);
}

void FlameView::paintBox(const FlameBox &box, Paint &paint) const
{
    const auto &tree = m_profile->tree;
    FrameLook look{.merged = box.merged()};
    if (!look.merged) { // looks at nothing it does not need: most boxes of a large tree are merged
        const auto &function = m_profile->at(box.node);
        look.kind = function.kind;
        look.unresolved = function.unresolved;
        look.inlined = tree.inlined[box.node] != 0;
        look.hash = m_hash[tree.function[box.node].raw];
        look.dimmed = box.node < m_focus && m_focus < tree.subtreeEnd[box.node];
    }
    look.match = m_searching && marks(m_matches, box) != 0;
    look.mismatch = m_searching && !look.match && m_matches.back() != 0;
    auto [fill, text] = frameColors(look, paint.theme);
    if (box.node == 0 && !look.dimmed)
        fill = paint.colors.flame.merged;

    if (m_annotated)
        paint.out.beginItem(look.match     ? ItemRole::Match
                            : box.merged() ? ItemRole::Merged
                            : look.dimmed  ? ItemRole::Dimmed
                                           : ItemRole::Frame,
                            plainText(tooltip(box)));
    // One pixel of gap, where there is room for it.
    RectF inner{box.rect.x, box.rect.y, box.rect.width, kBoxHeight};
    if (inner.width >= 2)
        inner.width -= 1;
    const auto radius = inner.width >= 6 ? tokens::k_radius_frame : 0;
    paint.out.fillRect(inner, fill, static_cast<std::uint8_t>(radius));
    if (look.inlined && inner.width >= 8) // a notch: this code has no call of its own
        paint.out.fillRect({inner.x, inner.y + 3, 2, inner.height - 6}, mixed(fill, text, 0.45));
    if (marks(m_highlights, box) != 0)
        paint.out.fillRect({inner.x, inner.bottom() - 3, inner.width, 3}, paint.colors.accent);
    paintLabel({box.node, box.count, inner}, text, paint);
    if (m_annotated)
        paint.out.endItem();
}

void FlameView::paintLabel(const FlameBox &box, Rgba color, Paint &paint) const
{
    if (box.rect.width < kMinLabel)
        return;
    float width = 0;
    const auto label =
        elided(labelOf(box), FontRole::Label, box.rect.width - 2 * kPadding, paint.metrics, &width);
    if (label.empty())
        return;
    const auto top = box.rect.y + (kBoxHeight - paint.metrics.lineHeight(FontRole::Label)) / 2;
    paint.out.text({box.rect.x + kPadding, std::round(top)}, label, color, FontRole::Label, width);
}

std::string FlameView::labelOf(const FlameBox &box) const
{
    if (box.merged())
        return "(" + formatCount(box.count) + " merged)";
    return box.node == 0 ? rootLabel(*m_profile) : displayLabel(m_profile->at(box.node).name);
}

std::vector<FlameBox> FlameView::boxes(const Viewport &viewport) const
{
    std::vector<FlameBox> out;
    if (isEmpty())
        return out;
    const auto scale = Scale::of(viewport, m_profile->tree.total[0]);
    const auto [first, last] = rowsIn(viewport);
    for (auto row = first; row < last; ++row) {
        eachBox(row, scale, [&](FlameBox &box) {
            box.rect.y = rowTop(row, viewport);
            box.rect.height = kRow;
            out.push_back(box);
        });
    }
    return out;
}

std::optional<FlameBox> FlameView::boxAt(const Viewport &viewport, PointF at) const
{
    if (isEmpty() || at.x < 0 || at.x >= viewport.size.width || at.y < 0 ||
        at.y >= viewport.size.height)
        return std::nullopt;
    const auto [first, last] = rowsIn(viewport);
    // Rows are closed at the top on screen, in both layouts.
    const auto wanted =
        m_layout == FlameLayout::Icicle
            ? std::floor((at.y + viewport.scrollY) / kRow)
            : std::ceil((viewport.size.height - at.y + viewport.scrollY) / kRow) - 1;
    if (wanted < static_cast<float>(first) || wanted >= static_cast<float>(last))
        return std::nullopt;
    const auto row = static_cast<std::uint32_t>(wanted);
    std::optional<FlameBox> out;
    const auto scale = Scale::of(viewport, m_profile->tree.total[0]);
    eachBox(row, scale, [&](FlameBox &box) {
        box.rect.y = rowTop(row, viewport);
        box.rect.height = kRow;
        if (!out && box.rect.contains(at))
            out = box;
    });
    return out;
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
    if (!m_profile || node >= m_order.size() || isEmpty())
        return {};
    const auto scale = Scale::of(viewport, m_profile->tree.total[0]);
    const auto i = m_position[node];
    const auto left = std::round(scale.px(m_begin[i]) * scale.device) / scale.device;
    const auto right = std::round(scale.px(m_end[i]) * scale.device) / scale.device;
    return {static_cast<float>(left), rowTop(m_profile->tree.depth[node], viewport),
            static_cast<float>(right - left), kRow};
}

std::pair<double, double> FlameView::rangeOf(const FlameBox &box) const
{
    if (isEmpty() || box.node >= m_order.size())
        return {0, 1};
    const auto whole = static_cast<double>(m_profile->tree.total[0]);
    const auto first = m_position[box.node], last = first + box.count - 1;
    const auto begin = static_cast<double>(m_begin[first]), end = static_cast<double>(m_end[last]);
    return end > begin ? std::pair(begin / whole, end / whole) : std::pair(0.0, 1.0);
}

FlameTooltip FlameView::tooltip(const FlameBox &box) const
{
    if (!m_profile || box.node >= m_order.size())
        return {};
    if (!box.merged())
        return frameTooltip(*m_profile, box.node, m_focus);
    std::int64_t total = 0, samples = 0;
    const auto first = m_position[box.node];
    for (auto i = first; i < first + box.count; ++i) {
        total = saturatingAdd(total, m_profile->tree.total[m_order[i]]);
        samples = saturatingAdd(samples, m_profile->tree.totalSamples[m_order[i]]);
    }
    return mergedTooltip(*m_profile, box.count, total, samples, m_focus);
}

std::uint32_t FlameView::parentOf(std::uint32_t node) const
{
    return node == 0 || node >= m_order.size() ? kNoNode : m_profile->tree.parent[node];
}

std::uint32_t FlameView::childOf(std::uint32_t node) const
{
    if (node >= m_order.size() || m_profile->tree.subtreeEnd[node] <= node + 1)
        return kNoNode;
    return node + 1;
}

std::uint32_t FlameView::siblingOf(std::uint32_t node, int step) const
{
    if (node == 0 || node >= m_order.size())
        return kNoNode;
    const auto at = static_cast<std::int64_t>(m_position[node]) + step;
    if (at < 0 || at >= static_cast<std::int64_t>(m_order.size()))
        return kNoNode;
    const auto other = m_order[static_cast<std::size_t>(at)];
    const auto &tree = m_profile->tree;
    return other != 0 && tree.parent[other] == tree.parent[node] ? other : kNoNode;
}

} // namespace flamewright
