#include "views/scene/trace_diff_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/change_colors.h"
#include "views/scene/time_axis.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kRow = 40;
constexpr float kBar = 13, kGap = 2; // height of a bar; between both
constexpr float kEdge = 3;           // of a grey bar, in the colour of its side
constexpr float kAxis = 24, kLegend = 30;
constexpr float kMargin = 16;
constexpr float kMark = 10;  // of a verdict
constexpr float kLabel = 6;  // from a bar to its time
constexpr float kRoom = 64;  // right of the bars, for the time of the longest
constexpr float kTicks = 90; // pixels apart, at least
constexpr float kLeastNames = 120, kMostNames = 320, kMostFigures = 330;
constexpr std::size_t kDocumentRows = 40;

std::string shown(const std::string &text)
{
    return CaptureText(text).toDisplay(256);
}

std::string callsText(double calls)
{
    return calls >= 9.95 ? formatCount(std::llround(calls)) : formatNumber(calls);
}

bool isJudged(const Change &change)
{
    return change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed;
}

std::string timeText(double ns)
{
    return figureText(ns, "ns");
}

} // namespace

// What a row says.
struct TraceDiffView::Row {
    std::string name, service;
    double base = 0, cand = 0;    // ns
    const Change *time = nullptr; // none: of what is put together
    const Change *calls = nullptr;
};

struct TraceDiffView::Paint {
    const Viewport &viewport;
    const Layout &where;
    const Palette &colors;
    const TextMetrics &metrics;
    DisplayList &out;

    float snapped(float x) const { return std::round(x * viewport.scale) / viewport.scale; }
    float text(float x, float y, const std::string &words, Rgba color, FontRole font,
               float most) const
    {
        float width = 0;
        const auto cut = elided(words, font, most, metrics, &width);
        if (!cut.empty())
            out.text({x, y}, cut, color, font, width);
        return width;
    }
};

TraceDiffView::TraceDiffView(std::shared_ptr<const TraceDiff> diff, std::size_t root,
                             std::size_t mostRows)
    : m_diff(std::move(diff)),
      m_root(root)
{
    if (const auto *of = this->root()) {
        m_calls = of->calls.size();
        m_rows = 1 + m_calls;
        if (mostRows > 2 && m_rows > mostRows) {
            m_rows = mostRows;
            m_calls = mostRows - 2;
        }
    }
}

const RootChange *TraceDiffView::root() const
{
    return m_diff && m_root < m_diff->roots.size() ? &m_diff->roots[m_root] : nullptr;
}

float TraceDiffView::contentHeight() const
{
    return kAxis + static_cast<float>(m_rows) * kRow + kLegend;
}

TraceDiffView::Row TraceDiffView::rowAt(std::size_t row) const
{
    const auto &of = *root();
    if (row == 0)
        return {"Mean of " + shown(of.name), shown(of.service), of.mean.base.value_or(0),
                of.mean.cand.value_or(0),    &of.mean,          nullptr};
    if (row <= m_calls) {
        const auto &call = of.calls[row - 1];
        return {shown(call.name),
                shown(call.service),
                call.onCriticalPath.base.value_or(0),
                call.onCriticalPath.cand.value_or(0),
                &call.onCriticalPath,
                &call.calls};
    }
    Row rest{formatCount(static_cast<std::int64_t>(of.calls.size() - m_calls)) + " more operations",
             "",
             0,
             0,
             nullptr,
             nullptr};
    for (auto i = m_calls; i < of.calls.size(); ++i) {
        rest.base += of.calls[i].onCriticalPath.base.value_or(0);
        rest.cand += of.calls[i].onCriticalPath.cand.value_or(0);
    }
    return rest;
}

TraceDiffView::Layout TraceDiffView::layout(const Viewport &viewport) const
{
    Layout out;
    const auto width = viewport.size.width;
    out.names = std::min(std::clamp(width * 0.24f, kLeastNames, kMostNames), width / 3);
    out.figures = width - std::min(kMostFigures, width * 0.36f);
    out.top = kAxis;
    out.bottom = std::max(viewport.size.height - kLegend, kAxis);
    out.bars = {out.names, out.top, std::max(out.figures - kRoom - out.names, 1.0f),
                out.bottom - out.top};
    if (const auto *of = root()) {
        const auto most = std::max(of->mean.base.value_or(0), of->mean.cand.value_or(0));
        out.most = most > 0 ? most : 1;
    }
    return out;
}

TraceDiffView::Bars TraceDiffView::barsOf(std::size_t row, const Viewport &viewport) const
{
    if (row >= m_rows)
        return {};
    const auto where = layout(viewport);
    const auto snap = [&](float x) { return std::round(x * viewport.scale) / viewport.scale; };
    const auto of = rowAt(row);
    const auto top = snap(where.top + static_cast<float>(row) * kRow - viewport.scrollY +
                          (kRow - 2 * kBar - kGap) / 2);
    const auto bar = [&](double ns, float y) {
        const auto share = std::clamp(ns / where.most, 0.0, 1.0);
        const auto length = snap(where.bars.width * static_cast<float>(share));
        // What there is is seen, however short.
        return RectF{snap(where.bars.x), y, ns > 0 ? std::max(length, 1 / viewport.scale) : 0,
                     kBar};
    };
    return {bar(of.base, top), bar(of.cand, top + kBar + kGap)};
}

void TraceDiffView::paintRow(std::size_t row, Paint &paint) const
{
    const auto &colors = paint.colors;
    const auto &where = paint.where;
    const auto of = rowAt(row);
    const auto y =
        paint.snapped(where.top + static_cast<float>(row) * kRow - paint.viewport.scrollY);
    if (m_annotated) {
        const auto hit = hitTest(paint.viewport, {where.names, y + kRow / 2});
        paint.out.beginItem(ItemRole::Part, hit ? hit->title + "\n" + hit->detail : of.name);
    }
    const bool whole = row == 0;
    const auto line = paint.metrics.lineHeight(FontRole::Label);
    const auto names = where.names - kMargin - 8;
    paint.text(kMargin, y + 4, of.name, colors.text1, whole ? FontRole::Strong : FontRole::Label,
               names);
    paint.text(kMargin, y + 6 + line, of.service, colors.text3, FontRole::Caption, names);

    const auto bars = barsOf(row, paint.viewport);
    const bool grey = of.time != nullptr && !isJudged(*of.time);
    const auto bar = [&](RectF rect, double ns, Rgba side) {
        if (rect.width > 0) {
            paint.out.fillRect(rect, grey ? colors.noEvidence : side);
            if (grey)
                paint.out.fillRect({rect.x, rect.y, std::min(kEdge, rect.width), rect.height},
                                   side);
        }
        paint.text(rect.right() + kLabel,
                   rect.y + (kBar - paint.metrics.lineHeight(FontRole::Caption)) / 2, timeText(ns),
                   colors.text2, FontRole::Caption, kRoom - kLabel);
    };
    bar(bars.base, of.base, colors.sideA);
    bar(bars.cand, of.cand, colors.sideB);

    const auto most = paint.viewport.size.width - kMargin - where.figures;
    if (of.time != nullptr) {
        auto x = where.figures;
        const bool judged = isJudged(*of.time);
        // A mark has the colour: as a text it would be too pale.
        if (judged) {
            paint.out.fillRect({x, paint.snapped(y + 4 + line / 2 - kMark / 2), kMark, kMark},
                               verdictColor(of.time->verdict, colors), 2);
            x += kMark + 6;
        }
        x += paint.text(x, y + 4, std::string(wordsOf(of.time->verdict)),
                        judged ? colors.text1 : colors.text3, FontRole::Label,
                        most - (x - where.figures));
        if (of.calls != nullptr)
            paint.text(x + 12, y + 4,
                       callsText(of.calls->base.value_or(0)) + " \u2192 " +
                           callsText(of.calls->cand.value_or(0)) + " calls per trace",
                       isJudged(*of.calls) ? colors.text1 : colors.text3, FontRole::Label,
                       most - (x + 12 - where.figures));
        else
            paint.text(x + 12, y + 4, countsText(*of.time, "traces"), colors.text2, FontRole::Label,
                       most - (x + 12 - where.figures));
        paint.text(where.figures, y + 6 + line, changeText(*of.time, "ns"), colors.text2,
                   FontRole::Caption, most);
    }
    if (whole)
        paint.out.line({0, y + kRow}, {paint.viewport.size.width, y + kRow}, colors.border);
    if (m_annotated)
        paint.out.endItem();
}

void TraceDiffView::paintAxis(Paint &paint) const
{
    const auto &where = paint.where;
    const auto ticks = timeTicks(0, where.most, static_cast<double>(where.bars.width), kTicks);
    for (const auto &tick : ticks) {
        const auto share = static_cast<float>(static_cast<double>(tick.ns) / where.most);
        const auto x = paint.snapped(where.bars.x + where.bars.width * share);
        paint.out.line({x, where.top}, {x, where.bottom}, paint.colors.grid);
        paint.out.text({x, (kAxis - paint.metrics.lineHeight(FontRole::Caption)) / 2}, tick.label,
                       paint.colors.text2, FontRole::Caption,
                       paint.metrics.width(tick.label, FontRole::Caption));
    }
    paint.out.line({0, where.top}, {paint.viewport.size.width, where.top}, paint.colors.border);
}

void TraceDiffView::paintLegend(Paint &paint) const
{
    const auto &colors = paint.colors;
    const auto y = paint.where.bottom + 8;
    paint.out.line({0, paint.where.bottom}, {paint.viewport.size.width, paint.where.bottom},
                   colors.border);
    const auto line = paint.metrics.lineHeight(FontRole::Caption);
    const auto right = paint.viewport.size.width - kMargin;
    auto x = kMargin;
    const auto word = [&](const std::string &text) {
        x +=
            paint.text(x, y, text, colors.text2, FontRole::Caption, std::max(right - x, 0.0f)) + 16;
    };
    const auto swatch = [&](Rgba fill) {
        paint.out.fillRect({x, y + line / 2 - 5, 20, 10}, fill);
        x += 26;
    };
    swatch(colors.sideA);
    word("A, the baseline");
    swatch(colors.sideB);
    word("B, the candidate");
    swatch(colors.noEvidence);
    word("no evidence");
    word("time on the critical path per trace; rows add up");
}

void TraceDiffView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                          DisplayList &out) const
{
    const auto &colors = palette(theme);
    out.fillRect({0, 0, viewport.size.width, viewport.size.height}, colors.surface1);
    if (isEmpty()) {
        const std::string text = "No operation is at the root of traces of both sides";
        float width = 0;
        const auto cut = elided(text, FontRole::Body, viewport.size.width, metrics, &width);
        if (!cut.empty())
            out.text({(viewport.size.width - width) / 2, viewport.size.height / 2 - 10}, cut,
                     colors.text2, FontRole::Body, width);
        return;
    }
    const auto where = layout(viewport);
    Paint paint{viewport, where, colors, metrics, out};
    const auto first =
        static_cast<std::size_t>(std::max(std::floor(viewport.scrollY / kRow), 0.0f));
    const auto seen = static_cast<std::size_t>(std::ceil((where.bottom - where.top) / kRow)) + 1;
    const auto last = std::min(m_rows, first + seen);
    paintAxis(paint);
    out.pushClip({0, where.top, viewport.size.width, where.bottom - where.top});
    for (auto row = first; row < last; ++row)
        paintRow(row, paint);
    out.popClip();
    paintLegend(paint);
}

std::optional<Hit> TraceDiffView::hitTest(const Viewport &viewport, PointF at) const
{
    if (isEmpty())
        return std::nullopt;
    const auto where = layout(viewport);
    if (at.y < where.top || at.y >= where.bottom || at.x < 0 || at.x >= viewport.size.width)
        return std::nullopt;
    const auto row =
        static_cast<std::size_t>(std::max((at.y - where.top + viewport.scrollY) / kRow, 0.0f));
    if (row >= m_rows)
        return std::nullopt;
    const auto of = rowAt(row);
    std::string detail = of.service;
    const auto add = [&detail](const std::string &line) {
        detail += (detail.empty() ? "" : "\n") + line;
    };
    add("A " + timeText(of.base) + ", B " + timeText(of.cand) +
        (row == 0 ? " per trace" : " per trace on the critical path"));
    if (of.time != nullptr) {
        add(changeText(*of.time, "ns") + ": " + std::string(wordsOf(of.time->verdict)));
        if (!isJudged(*of.time) && !of.time->why.empty())
            add(of.time->why);
    }
    if (of.calls != nullptr)
        add(callsText(of.calls->base.value_or(0)) + " calls per trace before, " +
            callsText(of.calls->cand.value_or(0)) + " after, " + changeText(*of.calls, "") + ": " +
            std::string(wordsOf(of.calls->verdict)));
    if (row > 0 && row <= m_calls) {
        for (const auto &one : root()->calls[row - 1].statements)
            add(callsText(one.base) + " \u2192 " + callsText(one.cand) + " \u00d7 " +
                shown(one.statement));
    }
    return Hit{row, of.name, detail};
}

TraceDiffPicture traceDiffPicture(std::shared_ptr<const TraceDiff> diff, std::size_t root,
                                  const TraceDiffPictureOptions &options,
                                  const TextMetrics &metrics)
{
    TraceDiffPicture out;
    const auto heading = headingHeight(options.sides.has_value());
    auto most = kDocumentRows;
    if (options.height > 0)
        most = static_cast<std::size_t>(
            std::max((options.height - heading - kAxis - kLegend) / kRow, 3.0f));
    TraceDiffView view(std::move(diff), root, most);
    view.setAnnotated(options.annotated);
    const auto width = std::ceil(std::max(options.width, 3 * kLeastNames));
    const auto height = options.height > 0 ? options.height - heading
                                           : std::max(view.contentHeight(), 3 * kRow);
    out.size = {width, std::ceil(heading + std::max(height, kAxis + kLegend + kRow))};
    paintPictureHeading(options.title, options.subtitle, options.sides, out.size, options.theme,
                        metrics, out.list);
    DisplayList body;
    view.paint({.size = {width, out.size.height - heading}, .scale = options.scale},
               options.theme, metrics, body);
    out.list.append(body, {0, heading});
    return out;
}

} // namespace flamewright
