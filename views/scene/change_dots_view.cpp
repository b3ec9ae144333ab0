#include "views/scene/change_dots_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "views/scene/change_colors.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kRow = 34, kMargin = 16, kTop = 8, kHeader = 22, kBottom = 24;
constexpr float kGap = 16, kLeastPlot = 200;
constexpr float kNamesShare = 0.34f;
constexpr double kLeastReach = 0.0488; // 5 %
constexpr double kMostReach = 2.4;     // 11 times as much
constexpr std::string_view kDot = " \u00b7 ";
constexpr float kTickDistance = 52;

// The heading says what brackets hold.
std::string shortChange(const ComparedItem &item, ValueStyle style)
{
    constexpr std::string_view kInterval = "95 % interval ";
    auto out = changeText(item.change, item.unit, {}, style);
    if (const auto at = out.find(kInterval); at != std::string::npos)
        out.erase(at, kInterval.size());
    return out;
}

// Where a relative change is on the axis.
double placeOf(double ratio)
{
    return std::log(std::max(1 + ratio, 1e-9));
}

} // namespace

ChangeDotsView::ChangeDotsView(ChangeDotsData data) : m_data(std::move(data)) {}

RectF ChangeDotsView::plotArea(const Viewport &viewport) const
{
    return {kMargin, kTop + kHeader, std::max(viewport.size.width - 2 * kMargin, 0.0f),
            std::max(viewport.size.height - kTop - kHeader - kBottom, 0.0f)};
}

float ChangeDotsView::wantedHeight(std::size_t most) const
{
    const auto rows = isEmpty() ? 3 : std::min(m_data.items->size(), most);
    return kTop + kHeader + kBottom + kRow * static_cast<float>(rows);
}

std::size_t ChangeDotsView::rowsShown(const Viewport &viewport) const
{
    if (isEmpty())
        return 0;
    const auto room = static_cast<std::size_t>(plotArea(viewport).height / kRow);
    return std::min(m_data.items->size(), room);
}

std::string ChangeDotsView::nameOf(const ComparedItem &item) const
{
    const auto name = item.name == "*" ? "all" : CaptureText(item.name).toDisplay();
    return name.empty() ? "(no name)" : name;
}

// "p99 \u00b7 shop"
std::string ChangeDotsView::figureOf(const ComparedItem &item) const
{
    auto out = item.figure;
    std::replace(out.begin(), out.end(), '_', ' ');
    if (!item.detail.empty())
        out += std::string(kDot) +
               CaptureText(item.detail.starts_with('/') ? pathTail(item.detail, 1) : item.detail)
                   .toDisplay();
    return out;
}

double ChangeDotsView::reach(std::size_t shown) const
{
    double out = kLeastReach;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &change = (*m_data.items)[i].change;
        if (const auto ratio = change.ratio())
            out = std::max(out, std::fabs(placeOf(*ratio)) * 1.1);
        if (change.relative && change.verdict != Verdict::NotEnoughData)
            out = std::max({out, std::fabs(placeOf(change.relative->low)) * 1.05,
                            std::fabs(placeOf(change.relative->high)) * 1.05});
    }
    return std::min(out, kMostReach);
}

ChangeDotsView::Columns ChangeDotsView::columns(const Viewport &viewport, std::size_t shown,
                                                const TextMetrics &metrics) const
{
    Columns out;
    const auto area = plotArea(viewport);
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &item = (*m_data.items)[i];
        out.names = std::max({out.names, metrics.width(nameOf(item), FontRole::Body),
                              metrics.width(figureOf(item), FontRole::Caption)});
        out.values = std::max(
            out.values, metrics.width(fromToText(item.change, item.unit, item.per, m_data.style),
                                      FontRole::Body));
        out.change =
            std::max(out.change, metrics.width(shortChange(item, m_data.style), FontRole::Caption));
    }
    out.names = std::ceil(std::min(out.names, area.width * kNamesShare));
    out.values =
        std::ceil(std::max({out.values, out.change,
                            metrics.width("A to B, change (95 % interval)", FontRole::Label)}));
    // The values and the change are two lines of one column; on a narrow screen it is shortened.
    out.values = std::min(out.values, area.width - out.names - kLeastPlot - 2 * kGap);
    if (out.values < kTickDistance)
        out.values = 0;
    const auto right = out.values > 0 ? out.values + kGap : 0;
    out.plot = {area.x + out.names + kGap, area.y,
                std::max(area.width - out.names - kGap - right, 0.0f),
                kRow * static_cast<float>(shown)};
    return out;
}

void ChangeDotsView::paintAxis(const RectF &plot, double reach, PlotCanvas &canvas) const
{
    constexpr std::array kTicks{0.0, -0.5,  1.0,  -0.75, 3.0,   -0.9,  9.0,  -0.25, 0.25, -0.1,
                                0.1, -0.05, 0.05, 0.5,   -0.33, -0.02, 0.02, -0.01, 0.01};
    const auto &colors = canvas.colors();
    const auto xOf = [&](double place) {
        return canvas.snapped(plot.x + plot.width * static_cast<float>((place / reach + 1) / 2));
    };
    canvas.ground(plot);
    std::vector<float> taken;
    for (const auto ratio : kTicks) { // the ones that are asked for first
        if (std::fabs(placeOf(ratio)) > reach)
            continue;
        const auto x = xOf(placeOf(ratio));
        const bool free = std::all_of(taken.begin(), taken.end(), [&](float other) {
            return std::fabs(other - x) >= kTickDistance;
        });
        if (!free)
            continue;
        taken.push_back(x);
        canvas.list().fillRect({x, plot.y, 1, plot.height},
                               ratio == 0 ? colors.text3 : colors.grid);
        canvas.textCentred({x, plot.bottom() + 6}, ratio == 0 ? "0" : relativeText(ratio),
                           colors.text2, kTickDistance);
    }
}

void ChangeDotsView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                           DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty()) {
        const std::string hints[] = {"Both sides need captures of one kind."};
        return canvas.emptyState(viewport.size, "Nothing was compared", hints);
    }
    const auto shown = rowsShown(viewport);
    const auto where = columns(viewport, shown, metrics);
    const auto &colors = canvas.colors();
    if (shown == 0 || where.plot.width < kTickDistance) {
        canvas.text({4, 4}, "Too small for the changes", colors.text2, viewport.size.width - 8);
        return;
    }
    const auto area = plotArea(viewport);
    const auto header = area.y - kHeader;
    canvas.text({where.plot.x, header}, "change from A to B", colors.text2, where.plot.width,
                FontRole::Label);
    if (where.values > 0)
        canvas.textRight({area.right(), header}, "A to B, change (95 % interval)", colors.text2,
                         where.values, FontRole::Label);
    const auto far = reach(shown);
    paintAxis(where.plot, far, canvas);
    for (std::size_t i = 0; i < shown; ++i)
        paintItem((*m_data.items)[i], area.y + kRow * static_cast<float>(i), where, far, canvas);
    const auto hidden = m_data.items->size() - shown;
    if (hidden > 0)
        canvas.text({area.x, area.y + where.plot.height + 6},
                    "and " + formatCount(static_cast<std::int64_t>(hidden)) + " more", colors.warn,
                    where.names);
    if (hover()) {
        if (const auto at = itemAt(viewport, *hover()))
            canvas.list().strokeRect(
                {area.x - 4, area.y + kRow * static_cast<float>(*at), area.width + 8, kRow},
                colors.border, 1, 4);
    }
}

void ChangeDotsView::paintItem(const ComparedItem &item, float y, const Columns &columns,
                               double reach, PlotCanvas &canvas) const
{
    const auto &colors = canvas.colors();
    const auto &plot = columns.plot;
    const auto &change = item.change;
    const auto color = verdictColor(change.verdict, colors);
    const bool evident =
        change.verdict == Verdict::Regressed || change.verdict == Verdict::Improved;
    const auto strong = canvas.lineHeight(FontRole::Body);
    const auto top = y + std::round((kRow - strong - canvas.lineHeight()) / 2);
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part,
                                nameOf(item) + "\n" + figureOf(item) + " " +
                                    fromToText(change, item.unit, item.per, m_data.style) + "\n" +
                                    changeText(change, item.unit, item.per, m_data.style) + ", " +
                                    std::string(wordsOf(change.verdict)));
    canvas.list().fillRect({kMargin, y + kRow - 1, plot.right() - kMargin, 1}, colors.grid);
    canvas.text({kMargin, top}, nameOf(item), colors.text1, columns.names, FontRole::Body);
    canvas.text({kMargin, top + strong}, figureOf(item), colors.text2, columns.names);
    if (columns.values > 0) {
        const auto right = plot.right() + kGap + columns.values;
        canvas.textRight({right, top}, fromToText(change, item.unit, item.per, m_data.style),
                         colors.text1, columns.values, FontRole::Body);
        canvas.textRight({right, top + strong}, shortChange(item, m_data.style), colors.text2,
                         columns.values);
    }

    const auto middle = canvas.snapped(y + kRow / 2);
    const auto inside = [&](double place) {
        const auto share = (std::clamp(place, -reach, reach) / reach + 1) / 2;
        return canvas.snapped(plot.x + plot.width * static_cast<float>(share));
    };
    const auto arrow = [&](float x, float way) {
        canvas.list().line({x - 5 * way, middle - 5}, {x, middle}, color, 2);
        canvas.list().line({x - 5 * way, middle + 5}, {x, middle}, color, 2);
    };
    if (change.relative) {
        const auto low = placeOf(change.relative->low), high = placeOf(change.relative->high);
        const auto from = inside(low), to = inside(high);
        if (low < reach && high > -reach) {
            canvas.list().fillRect({from, middle - 1, std::max(to - from, 1.0f), 2}, color);
            const auto end = [&](float x) {
                canvas.list().fillRect({x, middle - 5, 2, 10}, color);
            };
            low < -reach ? arrow(plot.x + 2, -1) : end(from);
            high > reach ? arrow(plot.right() - 2, 1) : end(to - 2);
        }
    }
    const auto ratio = change.ratio();
    if (ratio && std::fabs(placeOf(*ratio)) > reach) {
        const bool up = *ratio > 0;
        arrow(up ? plot.right() - 2 : plot.x + 2, up ? 1.0f : -1.0f);
    } else if (ratio) {
        const auto x = inside(placeOf(*ratio));
        canvas.dot({x, middle}, color, 4);
        if (!evident) // a ring: without evidence, whatever the colour
            canvas.dot({x, middle}, colors.surface1, 1.0f);
    } else if (change.base || change.cand) {
        // On one side only, or from nothing: no ratio, but a way.
        const bool up = change.delta() > 0;
        const auto x = up ? plot.right() - 6 : plot.x + 6;
        const auto word = !change.base ? "new" : !change.cand ? "gone" : "from 0";
        arrow(x, up ? 1.0f : -1.0f);
        const auto text = middle - canvas.lineHeight() / 2;
        if (up)
            canvas.textRight({x - 10, text}, word, colors.text2, plot.width / 2);
        else
            canvas.text({x + 10, text}, word, colors.text2, plot.width / 2);
    }
    if (isAnnotated())
        canvas.list().endItem();
}

std::optional<std::size_t> ChangeDotsView::itemAt(const Viewport &viewport, PointF at) const
{
    const auto area = plotArea(viewport);
    if (isEmpty() || at.y < area.y || at.x < area.x || at.x >= area.right())
        return std::nullopt;
    const auto row = static_cast<std::size_t>((at.y - area.y) / kRow);
    return row < rowsShown(viewport) ? std::optional(row) : std::nullopt;
}

std::optional<PlotReadout> ChangeDotsView::readout(const Viewport &viewport, PointF at) const
{
    const auto found = itemAt(viewport, at);
    if (!found)
        return std::nullopt;
    const auto &item = (*m_data.items)[*found];
    const auto &change = item.change;
    PlotReadout out;
    out.at = {at.x, plotArea(viewport).y + kRow * (static_cast<float>(*found) + 0.5f)};
    out.group = static_cast<std::uint32_t>(*found);
    out.tip.title = nameOf(item);
    out.tip.subtitle = figureOf(item);
    const auto row = [&](const char *label, std::string value) {
        out.tip.rows.push_back({.label = label, .value = std::move(value)});
    };
    const auto figure = [&](const std::optional<double> &value) {
        return value ? figureText(*value, item.unit, item.per, m_data.style) : std::string("none");
    };
    row("A", figure(change.base));
    row("B", figure(change.cand));
    row("change", changeText(change, item.unit, {}, m_data.style));
    if (const auto p = change.adjustedP ? change.adjustedP : change.p)
        row(change.adjustedP ? "p, adjusted" : "p",
            *p < 0.0001 ? std::string("<0.0001") : formatNumber(*p));
    out.tip.footer = std::string(wordsOf(change.verdict)) +
                     (change.why.empty() ? "" : ": " + change.why) +
                     "\nn: " + countsText(change, "");
    return out;
}

std::optional<PointF> ChangeDotsView::stepped(const Viewport &viewport, PointF from,
                                              int steps) const
{
    const auto shown = rowsShown(viewport);
    if (shown == 0)
        return std::nullopt;
    const auto top = plotArea(viewport).y;
    const auto now = static_cast<int>((from.y - top) / kRow);
    const auto to = std::clamp(now + steps, 0, static_cast<int>(shown) - 1);
    return PointF{from.x, top + kRow * (static_cast<float>(to) + 0.5f)};
}

std::string ChangeDotsView::summary() const
{
    if (isEmpty())
        return "Nothing was compared.";
    std::size_t worse = 0, better = 0;
    for (const auto &item : *m_data.items) {
        worse += item.change.verdict == Verdict::Regressed ? 1 : 0;
        better += item.change.verdict == Verdict::Improved ? 1 : 0;
    }
    const auto count = [](std::size_t n) { return formatCount(static_cast<std::int64_t>(n)); };
    const auto &first = m_data.items->front();
    return count(m_data.items->size()) + " figures compared: " + count(worse) + " regressed, " +
           count(better) + " improved. First: " + nameOf(first) + ", " + figureOf(first) + ", " +
           changeText(first.change, first.unit, {}, m_data.style) + ".";
}

} // namespace flamewright
