// What is around the curves of a plot: axes, legend, words.

#include "views/scene/plot_frame.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kSwatch = 14, kSwatchGap = 6, kKeyGap = 16;
constexpr float kXDistance = 84, kYDistance = 34, kNinesDistance = 46,
                kLogDistance = 56; // between labels, pixels

std::string moreText(std::size_t count)
{
    return "and " + formatCount(static_cast<std::int64_t>(count)) + " more";
}

float widthOf(const SeriesKey &key, const TextMetrics &metrics)
{
    return kSwatch + kSwatchGap + metrics.width(key.label, FontRole::Label) + kKeyGap;
}

// How many fit into a line, together with saying how many do not.
std::size_t fitting(std::span<const SeriesKey> keys, float width, const TextMetrics &metrics)
{
    float sum = -kKeyGap;
    for (const auto &key : keys)
        sum += widthOf(key, metrics);
    if (sum <= width)
        return keys.size();
    sum = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        sum += widthOf(keys[i], metrics);
        if (sum + metrics.width(moreText(keys.size() - i - 1), FontRole::Label) > width)
            return i;
    }
    return keys.size();
}

} // namespace

float yTickDistance(float plotHeight)
{
    return std::min(kYDistance, std::max(plotHeight / 2, 1.0f));
}

float PlotCanvas::text(PointF topLeft, std::string_view text, Rgba color, float maxWidth,
                       FontRole font)
{
    float width = 0;
    const auto shown = elided(text, font, maxWidth, m_metrics, &width);
    if (!shown.empty())
        m_out.text({snapped(topLeft.x), snapped(topLeft.y)}, shown, color, font, width);
    return width;
}

float PlotCanvas::textRight(PointF topRight, std::string_view text, Rgba color, float maxWidth,
                            FontRole font)
{
    float width = 0;
    const auto shown = elided(text, font, maxWidth, m_metrics, &width);
    if (!shown.empty())
        m_out.text({snapped(topRight.x - width), snapped(topRight.y)}, shown, color, font, width);
    return width;
}

float PlotCanvas::textCentred(PointF topCentre, std::string_view text, Rgba color, float maxWidth,
                              FontRole font)
{
    const auto wide = std::min(width(text, font), maxWidth);
    return this->text({topCentre.x - wide / 2, topCentre.y}, text, color, maxWidth, font);
}

void PlotCanvas::ground(const RectF &plot)
{
    m_out.fillRect(plot, m_colors.surface1);
}

void PlotCanvas::xAxis(const PlotFrame &frame, bool labels)
{
    const auto &plot = frame.plot;
    const auto distance = frame.x.kind == AxisKind::Nines ? kNinesDistance
                          : frame.x.log                   ? kLogDistance
                                                          : kXDistance;
    auto free = -1e6f; // a label begins right of here
    for (const auto &tick :
         axisTicks(frame.x, static_cast<double>(plot.width), static_cast<double>(distance))) {
        const auto x = std::min(snapped(frame.xOf(tick.value)), plot.right() - 1);
        m_out.fillRect({x, plot.y, 1, plot.height},
                       tick.label.empty() ? withAlpha(m_colors.grid, 0.6) : m_colors.grid);
        const auto wide = width(tick.label);
        const auto left = x - wide / 2;
        if (!labels || tick.label.empty() || left < free)
            continue;
        m_out.fillRect({x, plot.bottom(), 1, 4}, m_colors.text3);
        text({left, plot.bottom() + 6}, tick.label, m_colors.text2, wide + 1);
        free = left + wide + 10;
    }
    m_out.fillRect({plot.x, plot.bottom() - 1, plot.width, 1}, m_colors.border);
    if (labels && !frame.x.title.empty())
        textRight({plot.right(), plot.bottom() + 8 + lineHeight()}, frame.x.title, m_colors.text2,
                  plot.width);
}

void PlotCanvas::yAxis(const PlotFrame &frame)
{
    const auto &plot = frame.plot;
    const auto half = lineHeight() / 2;
    for (const auto &tick : axisTicks(frame.y, static_cast<double>(plot.height),
                                      static_cast<double>(yTickDistance(plot.height)))) {
        const auto y = std::min(snapped(frame.yOf(tick.value)), plot.bottom() - 1);
        m_out.fillRect({plot.x, y, plot.width, 1},
                       tick.label.empty() ? withAlpha(m_colors.grid, 0.6) : m_colors.grid);
        if (!tick.label.empty())
            textRight({plot.x - 8, y - half}, tick.label, m_colors.text2, plot.x - 10);
    }
    if (!frame.y.title.empty())
        text({plot.x, plot.y - lineHeight(FontRole::Label) - 6}, frame.y.title, m_colors.text2,
             plot.width, FontRole::Label);
}

void PlotCanvas::yAxisRight(const PlotFrame &frame)
{
    const auto &plot = frame.plot;
    const auto half = lineHeight() / 2;
    for (const auto &tick : axisTicks(frame.y, static_cast<double>(plot.height),
                                      static_cast<double>(yTickDistance(plot.height)))) {
        if (!tick.label.empty())
            text({plot.right() + 8, std::min(frame.yOf(tick.value), plot.bottom() - 1) - half},
                 tick.label, m_colors.text2, 64);
    }
    if (!frame.y.title.empty())
        textRight({plot.right(), plot.y - lineHeight(FontRole::Label) - 6}, frame.y.title,
                  m_colors.text2, plot.width / 2, FontRole::Label);
}

void PlotCanvas::axes(const PlotFrame &frame)
{
    ground(frame.plot);
    yAxis(frame);
    xAxis(frame);
}

float PlotCanvas::keyWidth(const SeriesKey &key) const
{
    return widthOf(key, m_metrics);
}

void PlotCanvas::key(const SeriesKey &key, PointF at)
{
    const auto line = lineHeight(FontRole::Label);
    const auto middle = snapped(at.y + line / 2);
    const auto x = snapped(at.x);
    switch (key.mark) {
    case SeriesMark::Line: m_out.fillRect({x, middle - 1, kSwatch, 2}, key.color, 1); break;
    case SeriesMark::Band: m_out.fillRect({x, middle - 5, kSwatch, 10}, key.color, 2); break;
    case SeriesMark::Box: m_out.fillRect({x + 2, middle - 5, 10, 10}, key.color, 2); break;
    case SeriesMark::Dot: m_out.fillRect({x + 4, middle - 3, 6, 6}, key.color, 3); break;
    case SeriesMark::Cross: cross({x + 7, middle}, key.color); break;
    case SeriesMark::Dashes:
        m_out.fillRect({x, middle - 1, 6, 2}, key.color);
        m_out.fillRect({x + 8, middle - 1, 6, 2}, key.color);
        break;
    }
    text({x + kSwatch + kSwatchGap, at.y}, key.label, m_colors.text1,
         width(key.label, FontRole::Label) + 1, FontRole::Label);
}

float PlotCanvas::legend(std::span<const SeriesKey> keys, PointF at, float width)
{
    auto x = at.x;
    const auto shown = fitting(keys, width, m_metrics);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto wide = keyWidth(keys[i]);
        const auto left = keys.size() - i - 1;
        if (i >= shown) {
            x += text({x, at.y}, moreText(left + 1), m_colors.text2,
                      std::max(at.x + width - x, 0.0f), FontRole::Label);
            break;
        }
        key(keys[i], {x, at.y});
        x += wide;
    }
    return x - at.x;
}

float PlotCanvas::legendWidth(std::span<const SeriesKey> keys) const
{
    float wide = -kKeyGap;
    for (const auto &key : keys)
        wide += keyWidth(key);
    return std::max(wide, 0.0f);
}

float PlotCanvas::header(std::string_view title, std::span<const SeriesKey> keys, const RectF &plot,
                         float y)
{
    constexpr float kBetween = 24, kLeastTitle = 72;
    const auto legend = legendWidth(keys);
    const auto room =
        legend > 0 ? std::max(plot.width - legend - kBetween, kLeastTitle) : plot.width;
    // Whole parts of the title, the most important first, rather than the beginning of one.
    auto shown = title;
    while (width(shown, FontRole::Label) > room) {
        const auto dot = shown.rfind(" \u00b7 ");
        if (dot == std::string_view::npos)
            break;
        shown = shown.substr(0, dot);
    }
    const auto wide = text({plot.x, y}, shown, m_colors.text2, room, FontRole::Label);
    return legendRight(keys, {plot.right(), y}, plot.width - wide - kBetween);
}

float PlotCanvas::legendRight(std::span<const SeriesKey> keys, PointF topRight, float width)
{
    const auto wide = std::min(legendWidth(keys), width);
    return legend(keys, {topRight.x - wide, topRight.y}, wide + 0.5f);
}

std::optional<std::size_t> legendAt(std::span<const SeriesKey> keys, PointF origin, float width,
                                    const TextMetrics &metrics, PointF at)
{
    if (at.y < origin.y || at.y >= origin.y + metrics.lineHeight(FontRole::Label))
        return std::nullopt;
    const auto shown = fitting(keys, width, metrics);
    auto x = origin.x;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto wide = widthOf(keys[i], metrics);
        if (at.x >= x && at.x < x + wide - kKeyGap)
            return i;
        x += wide;
    }
    return std::nullopt;
}

void PlotCanvas::emptyState(SizeF size, std::string_view title, std::span<const std::string> hints)
{
    const auto line = lineHeight(FontRole::Body) + 4;
    const auto room = size.width - 32;
    auto y = std::max((size.height - line * static_cast<float>(hints.size() + 1)) / 2, 4.0f);
    textCentred({size.width / 2, y}, title, m_colors.text1, room, FontRole::Strong);
    for (const auto &hint : hints) {
        y += line;
        textCentred({size.width / 2, y}, hint, m_colors.text2, room, FontRole::Body);
    }
}

} // namespace flamewright
