#include "views/scene/percentile_diff_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kLeft = 72, kRight = 76, kTop = 50, kBottom = 44;
constexpr float kBetween = 40; // the two plots, with the title of the lower one
constexpr float kUpperShare = 0.6f;
constexpr double kLongTail = 20; // times the median: from there on logarithmic
constexpr double kLeastAxisEnd = 0.99;

} // namespace

PercentileDiffView::PercentileDiffView(PercentileDiffData data) : m_data(std::move(data)) {}

const EndpointChange *PercentileDiffView::endpoint() const
{
    if (!m_data.diff || m_data.endpoint >= m_data.diff->endpoints.size())
        return nullptr;
    return &m_data.diff->endpoints[m_data.endpoint];
}

bool PercentileDiffView::isEmpty() const
{
    return !endpoint() || endpoint()->shift.empty();
}

std::string PercentileDiffView::name() const
{
    const auto *of = endpoint();
    if (!of || of->name == "*")
        return "all requests";
    const auto shown = CaptureText(of->name).toDisplay();
    return shown.empty() ? "(no name)" : shown;
}

std::vector<std::string> PercentileDiffView::groupNames() const
{
    return isEmpty() ? std::vector<std::string>() : std::vector<std::string>{"A", "B"};
}

const ChangeInterval &PercentileDiffView::shown(const QuantileShift &shift) const
{
    return m_data.relative ? shift.ratio : shift.difference;
}

double PercentileDiffView::shownValue(const QuantileShift &shift) const
{
    if (!m_data.relative)
        return shift.cand - shift.base;
    return shift.base > 0 ? shift.cand / shift.base - 1 : std::nan("");
}

RectF PercentileDiffView::plotArea(const Viewport &viewport) const
{
    return {kLeft, kTop, std::max(std::floor(viewport.size.width - kRight) - kLeft, 0.0f),
            std::max(std::floor(viewport.size.height - kBottom) - kTop, 0.0f)};
}

PlotFrame PercentileDiffView::upper(const Viewport &viewport) const
{
    PlotFrame out;
    out.plot = plotArea(viewport);
    out.plot.height = std::floor(std::max(out.plot.height - kBetween, 0.0f) * kUpperShare);
    out.x = {.kind = AxisKind::Nines, .from = 0, .to = kLeastAxisEnd};
    out.y = {.kind = AxisKind::Nanoseconds, .title = "latency", .style = m_data.style};
    if (isEmpty())
        return out;
    double least = INFINITY, most = 0, median = 0;
    for (const auto &shift : endpoint()->shift) {
        out.x.to = std::max(out.x.to, shift.quantile);
        least = std::min({least, shift.base, shift.cand});
        most = std::max({most, shift.base, shift.cand, shift.baseBand.high, shift.candBand.high});
        if (shift.quantile <= 0.5)
            median = std::max({median, shift.base, shift.cand});
    }
    for (const auto &limit : m_data.limits)
        most = std::max(most, static_cast<double>(limit.limitNs) * 1.1); // and its label
    out.x.to = 1 - (1 - std::min(out.x.to, 1 - 1e-9)) * 0.9; // the last mark is not at the border
    out.y.log = m_data.scale == ScaleChoice::Logarithmic ||
                (m_data.scale == ScaleChoice::Automatic && median > 0 && most > kLongTail * median);
    out.y = roundedAxis(out.y, std::max(least, 1.0), most, static_cast<double>(out.plot.height),
                        static_cast<double>(yTickDistance(out.plot.height)));
    if (out.y.log)
        out.y.title = "latency, logarithmic";
    return out;
}

PlotFrame PercentileDiffView::lower(const Viewport &viewport) const
{
    auto out = upper(viewport);
    const auto whole = plotArea(viewport);
    const auto top = out.plot.bottom() + kBetween;
    out.plot = {whole.x, top, whole.width, std::max(whole.bottom() - top, 0.0f)};
    out.x.title = "percentile";
    out.y = {.kind = m_data.relative ? AxisKind::Share : AxisKind::Nanoseconds,
             .title = m_data.relative ? "B relative to A, with its 95 % interval"
                                      : "B minus A, with its 95 % interval",
             .style = m_data.style};
    if (isEmpty())
        return out;
    double least = 0, most = 0;
    for (const auto &shift : endpoint()->shift) {
        const auto value = shownValue(shift);
        if (!std::isfinite(value))
            continue;
        least = std::min({least, value, shown(shift).low});
        most = std::max({most, value, shown(shift).high});
    }
    // 0 is a mark of the axis, and as many pixels are a unit on both sides of it.
    const auto span = most - least;
    const auto pixels = static_cast<double>(out.plot.height);
    const auto rounded = [&](double part) {
        PlotAxis axis{.kind = out.y.kind == AxisKind::Share ? AxisKind::Rate : out.y.kind};
        const auto distance = static_cast<double>(yTickDistance(out.plot.height));
        return part > 0 ? roundedAxis(axis, 0, part, pixels * part / span, distance).to : 0;
    };
    out.y.from = span > 0 ? -rounded(-least) : -1;
    out.y.to = span > 0 ? rounded(most) : 1;
    // Room on both sides of 0, for what is said there.
    const auto room = (out.y.to - out.y.from) * 0.15;
    out.y.to = std::max(out.y.to, room);
    out.y.from = std::min(out.y.from, -room);
    return out;
}

std::optional<std::size_t> PercentileDiffView::nearest(const PlotFrame &frame, float x) const
{
    std::optional<std::size_t> best;
    float distance = 0;
    const auto &shifts = endpoint()->shift;
    for (std::size_t i = 0; i < shifts.size(); ++i) {
        const auto by = std::abs(frame.xOf(shifts[i].quantile) - x);
        if (!best || by < distance) {
            best = i;
            distance = by;
        }
    }
    return best;
}

std::optional<PlotReadout> PercentileDiffView::readout(const Viewport &viewport, PointF at) const
{
    const auto above = upper(viewport), below = lower(viewport);
    if (isEmpty() || !above.hasRoom() || !below.hasRoom() || !plotArea(viewport).contains(at))
        return std::nullopt;
    const auto &shift = endpoint()->shift[*nearest(above, at.x)];
    PlotReadout out;
    const bool isBelow = at.y >= below.plot.y;
    const auto a = above.yOf(shift.base), b = above.yOf(shift.cand);
    const bool nearA = std::abs(a - at.y) < std::abs(b - at.y);
    out.at = {above.xOf(shift.quantile), isBelow ? below.yOf(shownValue(shift)) : nearA ? a : b};
    if (!isBelow)
        out.group = nearA ? 0u : 1u;
    const auto time = [&](double ns) { return figureText(ns, "ns", {}, m_data.style); };
    const auto side = [&](const char *label, double value, const ChangeInterval &band) {
        auto text = time(value);
        if (band.high > 0)
            text += " (" + time(band.low) + " to " + time(band.high) + ")";
        out.tip.rows.push_back({.label = label, .value = std::move(text)});
    };
    out.tip.title = quantileName(shift.quantile) + " \u00b7 " + name();
    out.tip.subtitle = "95 % intervals in brackets";
    side("A", shift.base, shift.baseBand);
    side("B", shift.cand, shift.candBand);
    const auto signedTime = [&](double ns) { return differenceText(ns, "ns", {}, m_data.style); };
    out.tip.rows.push_back({.label = "B minus A",
                            .value = signedTime(shift.cand - shift.base) + " (" +
                                     signedTime(shift.difference.low) + " to " +
                                     signedTime(shift.difference.high) + ")"});
    if (shift.base > 0)
        out.tip.rows.push_back({.label = "relative",
                                .value = relativeText(shift.cand / shift.base - 1) + " (" +
                                         relativeText(shift.ratio) + ")"});
    out.tip.footer = shift.difference.low > 0    ? "slower: the interval does not hold 0"
                     : shift.difference.high < 0 ? "faster: the interval does not hold 0"
                                                 : "not enough evidence: the interval holds 0";
    return out;
}

std::optional<PointF> PercentileDiffView::stepped(const Viewport &viewport, PointF from,
                                                  int steps) const
{
    const auto above = upper(viewport), below = lower(viewport);
    if (isEmpty() || !above.hasRoom())
        return std::nullopt;
    const auto &shifts = endpoint()->shift;
    const auto last = static_cast<std::ptrdiff_t>(shifts.size()) - 1;
    const auto at = std::clamp<std::ptrdiff_t>(
        static_cast<std::ptrdiff_t>(*nearest(above, from.x)) + steps, 0, last);
    const auto &shift = shifts[static_cast<std::size_t>(at)];
    const auto x = above.xOf(shift.quantile);
    if (from.y >= below.plot.y)
        return PointF{x, below.yOf(shownValue(shift))};
    // On the line it was on.
    const auto &before = shifts[*nearest(above, from.x)];
    const bool onA =
        std::abs(above.yOf(before.base) - from.y) < std::abs(above.yOf(before.cand) - from.y);
    return PointF{x, above.yOf(onA ? shift.base : shift.cand)};
}

std::string PercentileDiffView::summary() const
{
    if (isEmpty())
        return "No requests on both sides to compare.";
    auto out = name() + ":";
    for (std::size_t p = 0; p < kPercentiles.size(); ++p) {
        const auto &change = endpoint()->percentiles[p];
        if (change.base && change.cand)
            out += " " + std::string(kPercentiles[p].name) + " " +
                   fromToText(change, "ns", {}, m_data.style) + ", " +
                   changeText(change, "ns", {}, m_data.style) + ", " +
                   std::string(wordsOf(change.verdict)) + ".";
    }
    return out;
}

} // namespace flamewright
