#include "views/scene/diff_flame_view.h"

#include "analysis/compare/change_text.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr std::string_view kDot = " \u00b7 ";
constexpr float kHatchStep = 6;
constexpr double kHatch = 0.28;   // how much of the text's colour
constexpr float kSideBar = 3;     // pixels of the side's own colour, at the left
constexpr float kLeastMarked = 8; // narrower boxes have a thin bar alone
constexpr double kQuiet = 0.5;    // of the side's colour where there is no evidence

std::shared_ptr<const DiffFlameData> orEmpty(std::shared_ptr<const DiffFlameData> data)
{
    return data ? std::move(data)
                : std::make_shared<const DiffFlameData>(nullptr, DiffWidth::Larger,
                                                        FlameLayout::Icicle);
}

// Diagonals from the lower left to the upper right, cut to the box.
void hatch(const RectF &box, Rgba color, DisplayList &out)
{
    for (auto x = box.x; x < box.right() + box.height; x += kHatchStep) {
        // From (x - height, bottom) to (x, top).
        const auto from = std::max(x - box.height, box.x);
        const auto to = std::min(x, box.right());
        if (to > from)
            out.line({from, box.y + (x - from)}, {to, box.y + (x - to)}, color, 1);
    }
}

void edges(const RectF &box, Rgba color, DisplayList &out)
{
    out.fillRect({box.x, box.y, box.width, 1}, color);
    out.fillRect({box.x, box.bottom() - 1, box.width, 1}, color);
    out.fillRect({box.right() - 1, box.y + 1, 1, box.height - 2}, color);
}

} // namespace

void paintPresence(FramePresence presence, bool evident, RectF box, FrameColors colors,
                   const Palette &palette, DisplayList &out)
{
    if (presence == FramePresence::Both)
        return;
    const bool gone = presence == FramePresence::OnlyBase;
    const auto side = gone ? palette.sideA : palette.sideB;
    const auto color = evident ? side : mixed(colors.fill, side, kQuiet);
    auto bar = kSideBar;
    if (box.width < kLeastMarked)
        bar = std::min(1.0f, box.width);
    else if (gone)
        hatch(box, mixed(colors.fill, colors.text, kHatch), out);
    else
        edges(box, color, out);
    out.fillRect({box.x, box.y, bar, box.height}, color);
}

DiffFlameView::DiffFlameView(std::shared_ptr<const DiffFlameData> data)
    : FlameView(orEmpty(data)->flame()),
      m_diff(orEmpty(std::move(data)))
{}

void DiffFlameView::setWidth(DiffWidth width)
{
    if (width == m_diff->width())
        return;
    m_diff = std::make_shared<const DiffFlameData>(m_diff->diff(), width, layout());
    setData(m_diff->flame());
}

void DiffFlameView::setLayout(FlameLayout layout)
{
    if (layout != FlameLayout::Icicle && layout != FlameLayout::Flame &&
        layout != FlameLayout::LeftHeavy)
        return;
    if ((layout == FlameLayout::LeftHeavy) != (this->layout() == FlameLayout::LeftHeavy)) {
        m_diff = std::make_shared<const DiffFlameData>(m_diff->diff(), m_diff->width(), layout);
        setData(m_diff->flame());
    }
    FlameView::setLayout(layout);
}

FrameColors DiffFlameView::colorsOf(const FlameBox &box, FrameLook look, Theme theme) const
{
    look.scheme =
        ColorScheme::Self; // the colour has a meaning: nothing but zoom and search alter it
    const auto shade = m_diff->shadeOf(m_color, box);
    const auto &colors = palette(theme);
    const auto fill = shade == 0 && box.merged() ? colors.flame.merged : changeColor(shade, colors);
    return frameColors(look, fill, theme);
}

void DiffFlameView::paintMarks(const FlameBox &box, RectF inner, FrameColors colors, Theme theme,
                               DisplayList &out) const
{
    if (!box.merged())
        paintPresence(m_diff->presence(box.node), m_diff->shade(m_color, box.node) != 0, inner,
                      colors, palette(theme), out);
}

std::string DiffFlameView::labelOf(const FlameBox &box) const
{
    auto label = FlameView::labelOf(box);
    if (box.merged() || box.node == 0)
        return label;
    switch (m_diff->presence(box.node)) {
    case FramePresence::OnlyBase: return "gone: " + label;
    case FramePresence::OnlyCand: return "new: " + label;
    case FramePresence::Both: break;
    }
    const auto shade = m_diff->shade(m_color, box.node);
    if (shade == 0)
        return label;
    const auto values = m_diff->of(m_color, box.node);
    return (values.delta() > 0 ? "\u2191 " : "\u2193 ") + label;
}

std::string DiffFlameView::unit() const
{
    return unitOf(diff()->unit, diff()->measure, diff()->normalisation);
}

std::string DiffFlameView::figure(double value) const
{
    return figureText(value, unit(), diff()->normalisation.per, valueStyle());
}

std::string DiffFlameView::summary() const
{
    if (!diff() || isEmpty())
        return "No samples on either side";
    const auto &change = diff()->whole;
    const auto values = m_diff->total(0);
    auto out = "all" + std::string(kDot) + "A " +
               figureText(change.base.value_or(values.base), unit(), {}, valueStyle());
    out += std::string(kDot) + "B " + figure(change.cand.value_or(values.cand));
    if (change.base && change.cand)
        out += std::string(kDot) + changeText(change, unit(), {}, valueStyle());
    return out;
}

void DiffFlameView::addRows(std::string_view of, DiffColor value, std::uint32_t node,
                            FlameTooltip &to) const
{
    const auto here = m_diff->of(value, node), all = m_diff->total(0);
    const auto inFocus = m_diff->total(focus());
    const auto row = [&](std::string_view side, double amount, double whole, double view) {
        FlameTooltip::Row out{.label = std::string(side) + " " + std::string(of),
                              .value = figure(amount)};
        if (node != 0)
            out.ofAll = formatShare(amount, whole);
        if (focus() != 0)
            out.ofView = formatShare(amount, view);
        to.rows.push_back(std::move(out));
    };
    row("A", here.base, all.base, inFocus.base);
    row("B", here.cand, all.cand, inFocus.cand);
}

// "total here: -3.1 ms per request, improved (1,204 and 890 samples)"
std::string DiffFlameView::evidence(DiffColor value, std::uint32_t node) const
{
    const auto values = m_diff->of(value, node);
    return std::string(nameOf(value)) + " here: " +
           differenceText(values.delta(), unit(), diff()->normalisation.per, valueStyle()) + ", " +
           std::string(wordsOf(m_diff->verdict(value, node))) + " (" +
           formatCount(values.baseSamples) + " and " + formatCount(values.candSamples) +
           " samples)";
}

FlameTooltip DiffFlameView::tooltip(const FlameBox &box) const
{
    if (!diff() || isEmpty() || box.node >= rows().size())
        return {};
    if (box.merged()) {
        double base = 0, cand = 0;
        const auto first = rows().position(box.node);
        for (auto i = first; i < first + box.count; ++i) {
            const auto values = m_diff->total(rows().nodeAt(i));
            base += values.base;
            cand += values.cand;
        }
        FlameTooltip out{.title = "(" + formatCount(box.count) + " merged)",
                         .subtitle = "Frames too narrow to draw one by one. Zoom in to tell "
                                     "them apart."};
        out.rows = {{.label = "A total", .value = figure(base)},
                    {.label = "B total", .value = figure(cand)}};
        out.footer = "together: " +
                     differenceText(cand - base, unit(), diff()->normalisation.per, valueStyle());
        return out;
    }
    auto out = frameTooltip(*profile(), box.node, 0, valueStyle()); // names and places
    out.rows.clear();
    switch (m_diff->presence(box.node)) {
    case FramePresence::OnlyBase:
        out.subtitle += (out.subtitle.empty() ? "" : std::string(kDot)) + "gone: only in A";
        break;
    case FramePresence::OnlyCand:
        out.subtitle += (out.subtitle.empty() ? "" : std::string(kDot)) + "new: only in B";
        break;
    case FramePresence::Both: break;
    }
    addRows("total", DiffColor::Total, box.node, out);
    addRows("self", DiffColor::Self, box.node, out);
    out.footer = evidence(DiffColor::Total, box.node) + "\n" + evidence(DiffColor::Self, box.node);
    const auto function = diff()->tree.function[box.node];
    const auto everywhere = [&](std::string_view of, const Change &change) {
        out.footer += "\n" + std::string(of) +
                      changeText(change, unit(), diff()->normalisation.per, valueStyle()) + ", " +
                      std::string(wordsOf(change.verdict));
    };
    if (box.node == 0) {
        everywhere("all: ", diff()->whole);
    } else if (const auto *change = m_diff->changeOf(function)) {
        everywhere("self everywhere: ", change->self);
        everywhere("total everywhere: ", change->total);
    }
    if (!diff()->normalisation.source.empty())
        out.footer += "\n" + diff()->normalisation.words() + ": " + diff()->normalisation.source;
    return out;
}

} // namespace flamewright
