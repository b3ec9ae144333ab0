#include "views/scene/benchmark_dots_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/change_colors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace flamewright {
namespace {

constexpr float kRow = 34, kTop = 30, kAxis = 40, kMargin = 12;
constexpr float kLane = 8;    // of a side, from the middle of the row
constexpr float kBar = 6;     // height of an interval
constexpr float kMedian = 12; // height of the line
constexpr float kDot = 2.5f;  // radius
constexpr float kTicks = 90;  // pixels apart, at least
constexpr float kLeastNames = 90, kMostNames = 320;
constexpr float kLeastTexts = 120, kMostTexts = 360; // right of the plot
constexpr double kLogFrom = 10;                      // times: beyond it the axis is logarithmic

std::string shown(const std::string &text)
{
    return CaptureText(text).toDisplay(256);
}

std::string number(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

std::string signedText(double value, const BenchmarkUnit &unit)
{
    return (value > 0 ? "+" : "") + formatBenchmark(value, unit);
}

// With its interval, always; where nothing can be divided the difference. Empty: neither is known.
std::string changeOf(const Change &change, const BenchmarkUnit &unit)
{
    if (const auto ratio = change.ratio(); ratio && change.relative)
        return relativeText(*ratio) + " (" + relativeText(*change.relative) + ")";
    if (!change.difference)
        return {};
    return signedText(change.delta(), unit) + " (" + signedText(change.difference->low, unit) +
           " to " + signedText(change.difference->high, unit) + ")";
}

std::string verdictOf(const Change &change)
{
    std::string out(wordsOf(change.verdict));
    if (!change.why.empty() && change.verdict != Verdict::Regressed &&
        change.verdict != Verdict::Improved)
        out += ": " + change.why;
    return out;
}

std::string mediansOf(const Change &change, const BenchmarkUnit &unit)
{
    const auto text = [&](const std::optional<double> &value) {
        return value ? formatBenchmark(*value, unit) : std::string("none");
    };
    return text(change.base) + " to " + text(change.cand);
}

// What there is to draw of one: everything by the median of A.
bool hasRatio(const BenchmarkChange &one)
{
    return one.base.median > 0 && std::isfinite(1 / one.base.median);
}

PlotAxis axisOf(const BenchmarkDiff &diff)
{
    double least = 1, most = 1;
    for (const auto &one : diff.benchmarks) {
        if (!hasRatio(one))
            continue;
        for (const auto *side : {&one.base, &one.cand}) {
            const auto low = side->min / one.base.median, high = side->max / one.base.median;
            if (std::isfinite(low) && std::isfinite(high)) {
                least = std::min(least, low);
                most = std::max(most, high);
            }
        }
    }
    PlotAxis out{.kind = AxisKind::Share, .title = "of the median of A"};
    out.log = least > 0 && most / least > kLogFrom;
    if (out.log) {
        out.from = least / 1.1;
        out.to = most * 1.1;
    } else {
        const auto room = std::max((most - least) * 0.06, 0.01);
        out.from = least - room;
        out.to = most + room;
    }
    return out;
}

} // namespace

struct BenchmarkDotsView::Paint {
    PlotCanvas canvas;
    PlotFrame frame;
    float names = 0; // right edge
    float texts = 0; // left edge
    float right = 0;
    const Viewport &viewport;
};

BenchmarkDotsView::BenchmarkDotsView(std::shared_ptr<const BenchmarkDiff> diff, std::string base,
                                     std::string cand)
    : m_diff(std::move(diff)),
      m_base(std::move(base)),
      m_cand(std::move(cand))
{
    if (!m_diff)
        return;
    m_axis = axisOf(*m_diff);
    std::vector<const BenchmarkMeanChange *> means;
    for (const auto &mean : m_diff->means) {
        if (mean.benchmarks > 1)
            means.push_back(&mean);
    }
    // In the order in which metrics first appear.
    using Table = std::tuple<std::string_view, std::string_view, std::string_view>;
    std::vector<Table> tables;
    const auto tableOf = [](const auto &one) -> Table {
        return {one.metric, one.unit.base, one.table};
    };
    for (const auto &one : m_diff->benchmarks) {
        if (std::find(tables.begin(), tables.end(), tableOf(one)) == tables.end())
            tables.push_back(tableOf(one));
    }
    for (const auto &table : tables) {
        m_rows.push_back({nullptr, nullptr, std::string(std::get<0>(table))});
        for (const auto &one : m_diff->benchmarks) {
            if (tableOf(one) == table)
                m_rows.push_back({&one, nullptr, {}});
        }
        for (const auto *mean : means) {
            if (tableOf(*mean) == table)
                m_rows.push_back({nullptr, mean, {}});
        }
    }
}

float BenchmarkDotsView::contentHeight() const
{
    return kTop + kAxis + static_cast<float>(m_rows.size()) * kRow;
}

PlotFrame BenchmarkDotsView::frame(const Viewport &viewport) const
{
    const auto width = viewport.size.width;
    const auto names = std::min(std::clamp(width * 0.24f, kLeastNames, kMostNames), width / 3);
    const auto texts = std::min(std::clamp(width * 0.34f, kLeastTexts, kMostTexts), width / 3);
    PlotFrame out;
    out.plot = {names, kTop, std::max(width - names - texts, 1.0f),
                std::max(viewport.size.height - kTop - kAxis, 1.0f)};
    out.x = m_axis;
    return out;
}

RectF BenchmarkDotsView::plotArea(const Viewport &viewport) const
{
    return frame(viewport).plot;
}

RectF BenchmarkDotsView::rowArea(std::size_t row, const Viewport &viewport) const
{
    return {0, kTop + static_cast<float>(row) * kRow - viewport.scrollY, viewport.size.width, kRow};
}

std::optional<std::size_t> BenchmarkDotsView::rowAt(const Viewport &viewport, PointF at) const
{
    const auto plot = plotArea(viewport);
    if (at.y < plot.y || at.y >= plot.bottom() || at.x < 0 || at.x >= viewport.size.width)
        return std::nullopt;
    const auto row = static_cast<std::size_t>((at.y - kTop + viewport.scrollY) / kRow);
    if (row >= m_rows.size() || !m_rows[row].heading.empty())
        return std::nullopt;
    return row;
}

// Dots of one column of pixels are one dot: cost follows the pixels.
void BenchmarkDotsView::paintSide(const BenchmarkChange &of, bool isBase, float y, Rgba color,
                                  Paint &paint) const
{
    auto &canvas = paint.canvas;
    const auto &side = isBase ? of.base : of.cand;
    const auto xOf = [&](double value) { return paint.frame.xOf(value / of.base.median); };
    if (side.low && side.high) {
        const auto left = xOf(*side.low), right = xOf(*side.high);
        canvas.list().fillRect(
            canvas.snapped({left, y - kBar / 2, std::max(right - left, 1.0f), kBar}),
            withAlpha(color, 0.3));
    }
    auto values = isBase ? of.baseValues : of.candValues;
    std::sort(values.begin(), values.end());
    auto last = -std::numeric_limits<float>::infinity();
    for (const auto value : values) {
        const auto x = canvas.snapped(xOf(value));
        if (x == last)
            continue;
        last = x;
        canvas.list().fillRect(canvas.snapped({x - kDot, y - kDot, 2 * kDot, 2 * kDot}), color,
                               static_cast<std::uint8_t>(kDot));
    }
    canvas.list().fillRect(canvas.snapped({xOf(side.median) - 1, y - kMedian / 2, 2, kMedian}),
                           color);
}

void BenchmarkDotsView::paintRow(std::size_t row, Paint &paint) const
{
    const auto &of = m_rows[row];
    auto &canvas = paint.canvas;
    const auto &colors = canvas.colors();
    const auto area = rowArea(row, paint.viewport);
    const auto line = canvas.lineHeight();
    const auto middle = area.y + kRow / 2;
    const auto nameRoom = paint.names - 2 * kMargin;
    if (!of.heading.empty()) {
        canvas.text({kMargin, middle - canvas.lineHeight(FontRole::Strong) / 2}, shown(of.heading),
                    colors.text1, paint.right - 2 * kMargin, FontRole::Strong);
        canvas.list().fillRect(canvas.snapped({0, area.bottom() - 1, paint.right, 1}),
                               colors.border);
        return;
    }
    const auto &change = of.benchmark ? of.benchmark->change : of.mean->change;
    const auto &unit = of.benchmark ? of.benchmark->unit : of.mean->unit;
    const auto tip = tipOf(of);
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part, tip.title + "\n" + changeOf(change, unit) + "\n" +
                                                    verdictOf(change));
    canvas.text({kMargin, middle - line / 2},
                of.benchmark ? shown(of.benchmark->name) : std::string("geometric mean"),
                of.benchmark ? colors.text1 : colors.text2, nameRoom, FontRole::Label);
    const auto room = paint.right - paint.texts - 2 * kMargin;
    canvas.text({paint.texts + kMargin, middle - line - 1}, mediansOf(change, unit), colors.text2,
                room);
    // Without an interval a change is no more than a number: the reason says more.
    const auto known = changeOf(change, unit);
    canvas.text({paint.texts + kMargin, middle + 1},
                known.empty() ? verdictOf(change)
                              : known + " " + std::string(wordsOf(change.verdict)),
                verdictColor(change.verdict, colors), room);
    if (of.benchmark && hasRatio(*of.benchmark)) {
        paintSide(*of.benchmark, true, middle - kLane, colors.sideA, paint);
        paintSide(*of.benchmark, false, middle + kLane, colors.sideB, paint);
    } else if (of.mean && of.mean->ratioIsKnown) {
        const auto x = paint.frame.xOf(of.mean->ratio);
        if (change.relative) {
            const auto left = paint.frame.xOf(1 + change.relative->low),
                       right = paint.frame.xOf(1 + change.relative->high);
            canvas.list().fillRect(
                canvas.snapped({left, middle - kBar / 2, std::max(right - left, 1.0f), kBar}),
                withAlpha(colors.sideB, 0.3));
        }
        canvas.list().fillRect(canvas.snapped({x - 1, middle - kMedian / 2, 2, kMedian}),
                               colors.sideB);
    }
    if (isAnnotated())
        canvas.list().endItem();
}

// Nothing is left out without a word.
void BenchmarkDotsView::paintMore(Paint &paint) const
{
    const auto bottom = paint.frame.plot.bottom();
    std::size_t hidden = 0;
    for (std::size_t row = m_rows.size(); row-- > 0;) {
        if (rowArea(row, paint.viewport).bottom() <= bottom + 1)
            break;
        hidden += m_rows[row].heading.empty() ? 1 : 0;
    }
    if (hidden > 0)
        paint.canvas.text({kMargin, bottom + 4}, number(hidden) + " more below",
                          paint.canvas.colors().text3, paint.names - 2 * kMargin);
}

void BenchmarkDotsView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                              DisplayList &out) const
{
    const auto where = frame(viewport);
    Paint paint{PlotCanvas(theme, metrics, viewport.scale, out),
                where,
                where.plot.x,
                where.plot.right(),
                viewport.size.width,
                viewport};
    auto &canvas = paint.canvas;
    const auto &colors = canvas.colors();
    out.fillRect({0, 0, viewport.size.width, viewport.size.height}, colors.surface0);
    if (isEmpty()) {
        canvas.textCentred({viewport.size.width / 2, viewport.size.height / 2},
                           "No benchmark was measured on both sides", colors.text2,
                           viewport.size.width, FontRole::Body);
        return;
    }
    if (!where.hasRoom())
        return;
    const std::vector<SeriesKey> keys{{"A: " + shown(m_base), colors.sideA, SeriesMark::Dot},
                                      {"B: " + shown(m_cand), colors.sideB, SeriesMark::Dot}};
    canvas.legend(keys, {kMargin, 8}, viewport.size.width - 2 * kMargin);
    canvas.ground(where.plot);
    for (const auto &tick : axisTicks(m_axis, static_cast<double>(where.plot.width), kTicks)) {
        const auto x = where.xOf(tick.value);
        out.fillRect(canvas.snapped({x, where.plot.y, 1, where.plot.height}), colors.grid);
        if (!tick.label.empty())
            canvas.textCentred({x, where.plot.bottom() + 4}, tick.label, colors.text3, kTicks);
    }
    canvas.dashes({where.xOf(1), where.plot.y}, {where.xOf(1), where.plot.bottom()}, colors.text3);
    canvas.textRight({where.plot.right(), where.plot.bottom() + 6 + canvas.lineHeight()},
                     m_axis.title, colors.text3, where.plot.width);
    out.pushClip({0, where.plot.y, viewport.size.width, where.plot.height});
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const auto area = rowArea(row, viewport);
        if (area.bottom() > where.plot.y && area.y < where.plot.bottom())
            paintRow(row, paint);
    }
    if (const auto row = hover() ? rowAt(viewport, *hover()) : std::nullopt)
        out.strokeRect(rowArea(*row, viewport), colors.accent);
    out.popClip();
    paintMore(paint);
}

FlameTooltip BenchmarkDotsView::tipOf(const Row &row) const
{
    FlameTooltip out;
    const auto &change = row.benchmark ? row.benchmark->change : row.mean->change;
    const auto &unit = row.benchmark ? row.benchmark->unit : row.mean->unit;
    out.title = row.benchmark ? shown(row.benchmark->name) : "geometric mean";
    out.subtitle = shown(row.benchmark ? row.benchmark->metric : row.mean->metric);
    const auto add = [&](std::string label, std::string value) {
        out.rows.push_back({std::move(label), std::move(value), {}, {}, {}, {}});
    };
    add("A to B", mediansOf(change, unit));
    if (const auto known = changeOf(change, unit); !known.empty())
        add("change", known);
    if (row.benchmark) {
        const auto &of = *row.benchmark;
        add("A", formatBenchmark(of.base.median, unit) + " \u00b1 " + spreadText(of.base) + ", n " +
                     number(of.baseValues.size()));
        add("B", formatBenchmark(of.cand.median, unit) + " \u00b1 " + spreadText(of.cand) + ", n " +
                     number(of.candValues.size()));
        if (change.p)
            add("p", formatNumber(*change.p) +
                         (change.adjustedP ? ", " + formatNumber(*change.adjustedP) + " after Holm"
                                           : std::string()));
        add("shift", formatBenchmark(of.shift, unit));
        add("Cliff's delta", formatNumber(of.effect));
    } else {
        add("benchmarks", number(row.mean->benchmarks));
    }
    out.footer = verdictOf(change);
    return out;
}

std::optional<PlotReadout> BenchmarkDotsView::readout(const Viewport &viewport, PointF at) const
{
    const auto row = rowAt(viewport, at);
    if (!row)
        return std::nullopt;
    PlotReadout out;
    out.tip = tipOf(m_rows[*row]);
    const auto area = rowArea(*row, viewport);
    out.at = {at.x, area.y + area.height / 2};
    return out;
}

std::optional<PointF> BenchmarkDotsView::stepped(const Viewport &viewport, PointF from,
                                                 int steps) const
{
    const auto row = rowAt(viewport, from);
    if (!row)
        return std::nullopt;
    auto to = static_cast<std::ptrdiff_t>(*row);
    const auto by = steps < 0 ? -1 : 1;
    for (int left = std::abs(steps); left > 0;) {
        to += by;
        if (to < 0 || to >= static_cast<std::ptrdiff_t>(m_rows.size()))
            return std::nullopt;
        left -= m_rows[static_cast<std::size_t>(to)].heading.empty() ? 1 : 0;
    }
    const auto area = rowArea(static_cast<std::size_t>(to), viewport);
    return PointF{from.x, area.y + area.height / 2};
}

std::string BenchmarkDotsView::summary() const
{
    if (isEmpty())
        return "No benchmark was measured on both sides.";
    std::size_t regressed = 0, improved = 0;
    for (const auto &one : m_diff->benchmarks) {
        regressed += one.change.verdict == Verdict::Regressed ? 1 : 0;
        improved += one.change.verdict == Verdict::Improved ? 1 : 0;
    }
    return number(m_diff->benchmarks.size()) +
           " benchmarks and metrics on both sides: " + number(regressed) + " regressed, " +
           number(improved) + " improved.";
}

} // namespace flamewright
