// How a PercentileDiffView looks.

#include "analysis/compare/change_text.h"
#include "views/scene/change_colors.h"
#include "views/scene/percentile_diff_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace flamewright {
namespace {

constexpr double kBandAlpha = 0.16, kWeak = 0.3, kEvidence = 0.4;
constexpr float kLineA = 3, kLineB = 1.75f; // both are seen where they are the same
constexpr auto kNone = std::numeric_limits<double>::quiet_NaN();
// Whose values are written at the lines: the middle and the tail.
constexpr std::array kWritten{0.5, 0.95, 0.99};

// -1: all of the interval below 0, 1: above.
int sideOf(const ChangeInterval &interval)
{
    return interval.low > 0 ? 1 : interval.high < 0 ? -1 : 0;
}

} // namespace

void PercentileDiffView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                               DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    if (isEmpty()) {
        const std::string hints[] = {"Both sides need requests of one endpoint."};
        return canvas.emptyState(viewport.size, "No latencies to compare", hints);
    }
    const auto above = upper(viewport), below = lower(viewport);
    if (!above.hasRoom() || !below.hasRoom()) {
        canvas.text({4, 4}, "Too small for the percentiles", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    const auto &colors = canvas.colors();
    const auto count = [&](std::uint64_t n) {
        return " \u00b7 " + formatCount(static_cast<std::int64_t>(n));
    };
    std::uint64_t base = 0, cand = 0;
    for (const auto &change : endpoint()->percentiles) {
        base = std::max(base, change.baseCount);
        cand = std::max(cand, change.candCount);
    }
    const SeriesKey keys[] = {{"A" + count(base), colors.sideA},
                              {"B" + count(cand) + " requests", colors.sideB},
                              {"95 % interval", withAlpha(colors.text3, 0.35), SeriesMark::Band}};
    canvas.legend(keys, {above.plot.x, 8}, viewport.size.width - above.plot.x - 8);

    canvas.ground(above.plot);
    canvas.xAxis(above, false);
    canvas.yAxis(above);
    for (const bool second : {false, true})
        paintCurve(second, above, canvas);
    for (const auto &limit : m_data.limits)
        canvas.limit(above, static_cast<double>(limit.limitNs), limitText(limit, m_data.style),
                     colors.warn);
    paintValues(above, canvas);
    paintDifference(below, canvas);
    paintHover(viewport, above, below, canvas);
}

void PercentileDiffView::paintCurve(bool cand, const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto color = cand ? canvas.colors().sideB : canvas.colors().sideA;
    const bool weak = emphasis() && *emphasis() != (cand ? 1u : 0u);
    std::vector<PlotBand> band;
    std::vector<PlotPoint> line;
    for (const auto &shift : endpoint()->shift) {
        const auto &of = cand ? shift.candBand : shift.baseBand;
        const bool known = of.high > 0;
        band.push_back({shift.quantile, known ? of.low : kNone, known ? of.high : kNone});
        line.push_back({shift.quantile, cand ? shift.cand : shift.base});
    }
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part,
                                std::string(cand ? "B" : "A") + " \u00b7 " + summary());
    canvas.band(frame, band, withAlpha(color, kBandAlpha));
    canvas.curve(frame, line, weak ? withAlpha(color, kWeak) : color, cand ? kLineB : kLineA);
    if (isAnnotated())
        canvas.list().endItem();
}

void PercentileDiffView::paintValues(const PlotFrame &frame, PlotCanvas &canvas) const
{
    std::vector<PlotLabel> labels;
    const auto &shifts = endpoint()->shift;
    for (auto i = kWritten.size(); i-- > 0;) {
        const auto found = std::min_element(
            shifts.begin(), shifts.end(), [&](const QuantileShift &a, const QuantileShift &b) {
                return std::abs(a.quantile - kWritten[i]) < std::abs(b.quantile - kWritten[i]);
            });
        if (std::abs(found->quantile - kWritten[i]) > (1 - kWritten[i]) / 10)
            continue;
        const auto one = [&](double value, double other, Rgba color) {
            const auto at = frame.at(found->quantile, value);
            canvas.dot(at, color);
            labels.push_back({at, figureText(value, "ns", {}, m_data.style), color,
                              value >= other ? LabelSide::AboveLeft : LabelSide::BelowRight});
        };
        one(found->base, found->cand, canvas.colors().sideA);
        one(found->cand, found->base, canvas.colors().sideB);
    }
    const auto &plot = frame.plot;
    canvas.labels(std::move(labels), {plot.x, plot.y, plot.width + 72, plot.height});
}

void PercentileDiffView::paintDifference(const PlotFrame &frame, PlotCanvas &canvas) const
{
    const auto &colors = canvas.colors();
    canvas.axes(frame);
    const auto &shifts = endpoint()->shift;
    std::vector<PlotBand> all, worse, better;
    std::vector<PlotPoint> line;
    for (const auto &shift : shifts) {
        const auto value = shownValue(shift);
        const auto &interval = shown(shift);
        const PlotBand none{shift.quantile, kNone, kNone};
        const PlotBand band{shift.quantile, interval.low, interval.high};
        const bool known = std::isfinite(value);
        const auto side = sideOf(interval);
        all.push_back(known ? band : none);
        worse.push_back(known && side > 0 ? band : none);
        better.push_back(known && side < 0 ? band : none);
        line.push_back({shift.quantile, value});
    }
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part, "B minus A \u00b7 " + summary());
    canvas.band(frame, all, mixed(colors.noEvidence, colors.text3, 0.15));
    const auto tint = [&](Verdict verdict) {
        return mixed(colors.surface1, verdictColor(verdict, colors), kEvidence);
    };
    canvas.band(frame, worse, tint(Verdict::Regressed));
    canvas.band(frame, better, tint(Verdict::Improved));
    const auto zero = canvas.snapped(frame.yOf(0));
    canvas.list().fillRect({frame.plot.x, zero, frame.plot.width, 1}, colors.text2);
    canvas.curve(frame, line, colors.text1, 1.5f);
    if (isAnnotated())
        canvas.list().endItem();
    // Which way is which, at the right, where there is no title.
    const auto words = canvas.lineHeight();
    const auto right = frame.plot.right() - 4;
    canvas.textRight({right, frame.plot.y - words - 4}, "above 0: B is slower", colors.text2,
                     frame.plot.width / 3);
    std::vector<SeriesKey> keys;
    const auto any = [](const std::vector<PlotBand> &bands) {
        return std::any_of(bands.begin(), bands.end(),
                           [](const PlotBand &band) { return std::isfinite(band.low); });
    };
    if (any(worse))
        keys.push_back({"slower", tint(Verdict::Regressed), SeriesMark::Box});
    if (any(better))
        keys.push_back({"faster", tint(Verdict::Improved), SeriesMark::Box});
    keys.push_back(
        {"not enough evidence", mixed(colors.noEvidence, colors.text3, 0.15), SeriesMark::Box});
    canvas.legend(keys, {frame.plot.x, frame.plot.bottom() + 8 + words}, frame.plot.width - 80);
}

void PercentileDiffView::paintHover(const Viewport &viewport, const PlotFrame &above,
                                    const PlotFrame &below, PlotCanvas &canvas) const
{
    if (!hover())
        return;
    const auto found = readout(viewport, *hover());
    if (!found)
        return;
    const auto &shift = endpoint()->shift[*nearest(above, found->at.x)];
    canvas.crosshair(above.plot, found->at.x);
    canvas.crosshair(below.plot, found->at.x);
    canvas.dot(above.at(shift.quantile, shift.base), canvas.colors().sideA);
    canvas.dot(above.at(shift.quantile, shift.cand), canvas.colors().sideB);
    const auto value = shownValue(shift);
    if (std::isfinite(value))
        canvas.dot(below.at(shift.quantile, value), canvas.colors().text1);
}

} // namespace flamewright
