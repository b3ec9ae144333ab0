#include "views/scene/legend_flow.h"

#include "views/scene/frame_look.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace flamewright {
namespace {

constexpr float kGap = 16, kBeside = 6, kStepPadding = 6;
constexpr auto kFont = FontRole::Caption;

} // namespace

void LegendFlow::text(std::string text)
{
    m_items.push_back({.before = {}, .label = std::move(text), .swatch = {}, .steps = {}});
}

void LegendFlow::key(std::string label, Swatch swatch)
{
    m_items.push_back(
        {.before = {}, .label = std::move(label), .swatch = std::move(swatch), .steps = {}});
}

void LegendFlow::key(std::string label, Rgba fill)
{
    key(std::move(label),
        [fill](RectF box, const Palette &, DisplayList &out) { out.fillRect(box, fill, 2); });
}

void LegendFlow::scale(std::string before, std::vector<Step> steps, std::string after)
{
    m_items.push_back({.before = std::move(before),
                       .label = std::move(after),
                       .swatch = {},
                       .steps = std::move(steps)});
}

void LegendFlow::newLine()
{
    if (!m_items.empty())
        m_items.back().breaks = true;
}

float LegendFlow::stepWidth(const Step &step) const
{
    return std::ceil(m_metrics.width(step.label, kFont)) + 2 * kStepPadding;
}

float LegendFlow::widthOf(const Item &item) const
{
    float out = item.label.empty() ? 0 : m_metrics.width(item.label, kFont);
    if (!item.before.empty())
        out += m_metrics.width(item.before, kFont) + kBeside;
    if (item.swatch)
        out += kSwatch + kBeside;
    for (const auto &step : item.steps)
        out += stepWidth(step);
    return out + (item.steps.empty() ? 0 : kBeside);
}

template <typename Place>
float LegendFlow::flow(float width, Place place) const
{
    float x = 0, y = 0;
    for (const auto &item : m_items) {
        const auto wide = widthOf(item);
        if (x > 0 && x + wide > width) {
            x = 0;
            y += kLine;
        }
        place(item, PointF{std::round(x), y});
        x += wide + kGap;
        if (item.breaks) {
            x = 0;
            y += kLine;
        }
    }
    return m_items.empty() ? 0 : x > 0 ? y + kLine : y;
}

float LegendFlow::height(float width) const
{
    return flow(width, [](const Item &, PointF) {});
}

void LegendFlow::paintItem(const Item &item, PointF at, const Palette &colors,
                           DisplayList &out) const
{
    const auto line = m_metrics.lineHeight(kFont);
    const auto textY = std::round(at.y + (kLine - line) / 2);
    const auto words = [&](std::string_view text, Rgba color) {
        const auto wide = m_metrics.width(text, kFont);
        out.text({at.x, textY}, text, color, kFont, wide);
        at.x += wide;
    };
    if (!item.before.empty()) {
        words(item.before, colors.text2);
        at.x += kBeside;
    }
    const auto top = std::round(at.y + (kLine - kSwatch) / 2);
    if (item.swatch) {
        item.swatch({at.x, top, kSwatch, kSwatch}, colors, out);
        at.x += kSwatch + kBeside;
    }
    for (const auto &step : item.steps) {
        const auto wide = stepWidth(step);
        const RectF box{at.x, top - 1, wide, kSwatch + 2};
        out.fillRect({box.x, box.y, box.width - 1, box.height}, step.fill, 2);
        const auto text = m_metrics.width(step.label, kFont);
        out.text({std::round(box.x + (wide - 1 - text) / 2), textY}, step.label,
                 textOn(step.fill, colors), kFont, text);
        at.x += wide;
    }
    if (!item.steps.empty())
        at.x += kBeside;
    if (!item.label.empty())
        words(item.label, colors.text2);
}

void LegendFlow::paint(PointF at, float width, Theme theme, DisplayList &out) const
{
    const auto &colors = palette(theme);
    flow(width, [&](const Item &item, PointF by) {
        paintItem(item, {at.x + by.x, at.y + by.y}, colors, out);
    });
}

} // namespace flamewright
