#include "analysis/readable_name.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/flame_view.h"
#include "views/scene/time_axis.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr auto kRow = static_cast<float>(tokens::k_row_frame);
constexpr auto kBoxHeight = kRow - 1;
constexpr float kMinLabel = 22;
constexpr float kPadding = 5;
constexpr float kTickDistance = 110;
constexpr std::size_t kLabelBytes = 1024;
constexpr std::size_t kReadBytes = 64 << 10; // of a name, to make it readable
constexpr std::size_t kMostNames = 20'000;   // kept
constexpr std::string_view kDot = " \u00b7 ";
constexpr std::string_view kManyMark = "\u22ef"; // where "(n merged)" has no room
constexpr float kLeastOutlined = 3;              // pixels: below there is no inside

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

std::vector<TimeTick> ticksOf(const Viewport &viewport, std::int64_t total, std::int64_t origin)
{
    const auto whole = static_cast<double>(total), from = static_cast<double>(origin);
    return timeTicks(from + viewport.begin * whole, from + viewport.end * whole,
                     static_cast<double>(viewport.size.width), static_cast<double>(kTickDistance));
}

} // namespace

struct FlameView::Paint {
    Theme theme;
    const Palette &colors;
    const TextMetrics &metrics;
    DisplayList &out;

    // One line, vertically in the middle of a row.
    float text(std::string_view label, float x, float y, float room, Rgba color, FontRole font)
    {
        float width = 0;
        const auto shown = elided(label, font, room, metrics, &width);
        if (!shown.empty())
            out.text({x, std::round(y + (kBoxHeight - metrics.lineHeight(font)) / 2)}, shown, color,
                     font, width);
        return width;
    }
};

void FlameView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                      DisplayList &out) const
{
    Paint paint{theme, palette(theme), metrics, out};
    out.pushClip({0, 0, viewport.size.width, viewport.size.height});
    if (isEmpty()) {
        paintEmpty(viewport, paint);
    } else {
        if (alongTime())
            paintGrid(viewport, paint);
        std::vector<FlameBox> row;
        const auto [first, last] = rowsIn(viewport);
        for (auto i = first; i < last; ++i) {
            row.clear();
            rowBoxes(i, viewport, row);
            for (const auto &box : row)
                isLane(box.node) ? paintLane(box, paint) : paintBox(box, paint);
        }
        paintOutlines(viewport, paint);
        if (alongTime())
            paintAxis(viewport, paint);
    }
    out.popClip();
}

void FlameView::paintOutlines(const Viewport &viewport, Paint &paint) const
{
    const auto outline = [&](RectF r, Rgba color, float width) {
        const auto left = std::max(r.x, 0.0f);
        const auto right = std::min(r.right(), viewport.size.width);
        if (right > left && r.y < viewport.size.height && r.bottom() > 0)
            paint.out.strokeRect({left, r.y, std::max(right - left - 1, 3.0f), kBoxHeight}, color,
                                 width, tokens::k_radius_frame);
    };
    if (m_selected < m_data->rows.size())
        outline(rectOf(m_selected, viewport), paint.colors.accent, 2);
    if (m_hovered)
        outline(m_hovered->rect, paint.colors.text1, 1);
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
    centred(emptyText(), FontRole::Strong, paint.colors.text1, y);
    centred("Widen the time range or clear the filter.", FontRole::Body, paint.colors.text2,
            y + 22);
}

void FlameView::paintBox(const FlameBox &box, Paint &paint, std::string_view after) const
{
    const auto &tree = m_profile->tree;
    FrameLook look{.merged = box.merged()};
    if (!look.merged) { // looks at nothing it does not need: most boxes of a large tree are merged
        const auto &function = m_profile->at(box.node);
        look.kind = function.kind;
        look.unresolved = function.unresolved;
        look.inlined = tree.inlined[box.node] != 0;
        look.dimmed = box.node < m_focus && m_focus < tree.subtreeEnd[box.node];
    }
    look.match = marks(m_matches, box) != 0;
    look.mismatch = !look.match && !m_matches.empty() && m_matches.back() != 0;
    const auto colors = colorsOf(box, look, paint.theme);
    const auto [fill, text] = colors;

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
    const auto address = m_links.isEmpty() || look.merged
                             ? std::string()
                             : m_links.addressOf(m_profile->at(box.node));
    if (!address.empty())
        paint.out.beginLink(inner, address);
    const auto radius = inner.width >= 6 && !look.merged ? tokens::k_radius_frame : 0;
    paint.out.fillRect(inner, fill, static_cast<std::uint8_t>(radius));
    // Greys of a palette may be near that of merged frames: an outline is what only they have.
    if (look.merged && inner.width >= kLeastOutlined)
        paintEdges(inner, mergedEdge(fill, text), paint);
    if (look.inlined && inner.width >= 8) // a notch: this code has no call of its own
        paint.out.fillRect({inner.x, inner.y + 3, 2, inner.height - 6}, mixed(fill, text, 0.45));
    paintMarks(box, inner, colors, paint.theme, paint.out);
    if (marks(m_highlights, box) != 0)
        paint.out.fillRect({inner.x, inner.bottom() - 3, inner.width, 3}, paint.colors.accent);
    paintLabel({box.node, box.count, inner}, text, paint, after);
    if (!address.empty())
        paint.out.endLink();
    if (m_annotated)
        paint.out.endItem();
}

FrameColors FlameView::colorsOf(const FlameBox &box, FrameLook look, Theme theme) const
{
    m_coloring.look(*m_profile, m_data->rows, box,
                    static_cast<double>(m_profile->tree.total[m_focus]), look);
    auto out = frameColors(look, theme);
    if (box.node == 0 && !look.dimmed && look.scheme != ColorScheme::Self)
        out.fill = palette(theme).flame.merged;
    return out;
}

// Rectangles of whole pixels: as sharp in every painter, and cheaper than a pen.
void FlameView::paintEdges(RectF box, Rgba color, Paint &paint) const
{
    paint.out.fillRect({box.x, box.y, box.width, 1}, color);
    paint.out.fillRect({box.x, box.bottom() - 1, box.width, 1}, color);
    paint.out.fillRect({box.x, box.y + 1, 1, box.height - 2}, color);
    paint.out.fillRect({box.right() - 1, box.y + 1, 1, box.height - 2}, color);
}

void FlameView::paintLabel(const FlameBox &box, Rgba color, Paint &paint,
                           std::string_view after) const
{
    if (box.rect.width < kMinLabel)
        return;
    auto x = box.rect.x + kPadding;
    const auto right = box.rect.right() - kPadding;
    if (box.merged()) { // whole or not at all
        auto label = labelOf(box);
        if (paint.metrics.width(label, FontRole::Label) > right - x)
            label = kManyMark;
        if (paint.metrics.width(label, FontRole::Label) <= right - x)
            paint.text(label, x, box.rect.y, right - x, color, FontRole::Label);
        return;
    }
    x += paint.text(labelOf(box), x, box.rect.y, right - x, color, FontRole::Label);
    if (!after.empty() && right - x > kMinLabel)
        paint.text(after, x, box.rect.y, right - x, color, FontRole::Caption);
}

void FlameView::paintAs(std::uint32_t node, RectF rect, std::string_view after, Theme theme,
                        const TextMetrics &metrics, DisplayList &out) const
{
    Paint paint{theme, palette(theme), metrics, out};
    if (node < m_data->rows.size())
        paintBox({.node = node, .rect = rect}, paint, after);
}

std::string FlameView::labelOf(const FlameBox &box) const
{
    if (box.merged())
        return "(" + formatCount(box.count) + " merged)";
    return box.node == 0 ? summary() : displayLabel(shownName(box.node));
}

const std::string &FlameView::shownName(std::uint32_t node) const
{
    const auto &name = m_profile->at(node).name;
    if (!m_readable)
        return name;
    if (m_names.size() > kMostNames)
        m_names.clear();
    const auto [known, fresh] = m_names.try_emplace(m_profile->tree.function[node].raw);
    if (fresh)
        known->second = readableName(std::string_view(name).substr(0, kReadBytes));
    return known->second;
}

// A lane takes the whole time: its box is what is seen of it, and the name stays in sight.
void FlameView::paintLane(const FlameBox &box, Paint &paint) const
{
    if (m_annotated)
        paint.out.beginItem(ItemRole::Frame, plainText(tooltip(box)));
    paint.out.fillRect({box.rect.x, box.rect.y, box.rect.width, kBoxHeight}, paint.colors.surface1);
    paint.out.fillRect({box.rect.x, box.rect.y, box.rect.width, 1}, paint.colors.border);
    auto x = box.rect.x + kPadding;
    const auto right = box.rect.right() - kPadding;
    x += paint.text(displayLabel(m_profile->at(box.node).name), x, box.rect.y, right - x,
                    paint.colors.text1, FontRole::Label);
    const auto samples = m_profile->tree.totalSamples[box.node];
    paint.text(std::string(kDot) + formatCount(samples) + " samples", x, box.rect.y, right - x,
               paint.colors.text2, FontRole::Caption);
    if (m_annotated)
        paint.out.endItem();
}

void FlameView::paintGrid(const Viewport &viewport, Paint &paint) const
{
    const auto scale = FlameScale::of(viewport, m_profile->tree.total[0]);
    for (const auto &tick : ticksOf(viewport, m_profile->tree.total[0], m_timeOriginNs)) {
        const auto x = static_cast<float>(scale.rounded(scale.px(tick.ns - m_timeOriginNs)));
        paint.out.fillRect({x, kRow, 1, viewport.size.height - kRow}, paint.colors.grid);
    }
}

// Stays on top while rows move below it.
void FlameView::paintAxis(const Viewport &viewport, Paint &paint) const
{
    const auto width = viewport.size.width;
    paint.out.fillRect({0, 0, width, kRow}, paint.colors.surface0);
    const auto scale = FlameScale::of(viewport, m_profile->tree.total[0]);
    for (const auto &tick : ticksOf(viewport, m_profile->tree.total[0], m_timeOriginNs)) {
        const auto x = static_cast<float>(scale.rounded(scale.px(tick.ns - m_timeOriginNs)));
        paint.out.fillRect({x, kRow - 6, 1, 5}, paint.colors.text3);
        if (paint.metrics.width(tick.label, FontRole::Caption) <= width - x - 4) // whole or not
            paint.text(tick.label, x + 4, 0, width - x - 4, paint.colors.text2, FontRole::Caption);
    }
    paint.out.fillRect({0, kRow - 1, width, 1}, paint.colors.border);
}

} // namespace flamewright
