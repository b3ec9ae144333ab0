#include "views/scene/explanation_view.h"

#include "analysis/compare/change_text.h"
#include "capture/base/capture_text.h"
#include "views/scene/change_colors.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kRow = 34, kMargin = 16, kTop = 8, kBottom = 30;
constexpr float kBar = 18, kGap = 12;
constexpr float kMostLabels = 0.42f; // of the width
constexpr double kSmallSteps = 0.3;  // of the whole: from there on the axis begins elsewhere
constexpr double kRoom = 0.12;       // beside the steps on such an axis
constexpr std::string_view kDot = " \u00b7 ";

AxisKind axisKindOf(std::string_view unit)
{
    return unit == "ns"      ? AxisKind::Nanoseconds
           : unit == "bytes" ? AxisKind::Bytes
           : unit == "1/s"   ? AxisKind::Rate
           : unit == "share" ? AxisKind::Share
                             : AxisKind::Count;
}

} // namespace

struct ExplanationView::Columns {
    float labels = 0, values = 0; // widths
};

ExplanationView::ExplanationView(ExplanationData data) : m_data(std::move(data)) {}

float ExplanationView::wantedHeight() const
{
    const auto rows = isEmpty() ? 4 : m_data.explanation->parts.size() + 3;
    return kTop + kBottom + kRow * static_cast<float>(rows);
}

RectF ExplanationView::plotArea(const Viewport &viewport) const
{
    return {kMargin, kTop, std::max(viewport.size.width - 2 * kMargin, 0.0f),
            std::max(viewport.size.height - kTop - kBottom, 0.0f)};
}

std::vector<ExplanationView::Row> ExplanationView::rows(const Viewport &viewport) const
{
    std::vector<Row> out;
    if (isEmpty())
        return out;
    const auto &of = *m_data.explanation;
    const auto area = plotArea(viewport);
    const auto room = static_cast<std::size_t>(std::max(std::floor(area.height / kRow), 3.0f));
    const auto shown = std::min(of.parts.size(), room - 3); // and both totals, and the rest
    out.push_back({.kind = Row::Kind::Base, .name = "A", .detail = {}, .from = 0, .to = of.base});
    auto at = of.base;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto &part = of.parts[i];
        std::string detail = CaptureText(part.detail).toDisplay();
        if (!part.note.empty())
            detail +=
                (detail.empty() ? "" : std::string(kDot)) + CaptureText(part.note).toDisplay();
        out.push_back({.kind = Row::Kind::Part,
                       .name = CaptureText(part.name).toDisplay(),
                       .detail = std::move(detail),
                       .from = at,
                       .to = at + part.delta()});
        at = out.back().to;
    }
    const auto hidden = of.parts.size() - shown;
    if (hidden > 0 || of.remainder != 0 || at != of.cand) {
        Row rest{.kind = Row::Kind::Rest, .name = "everything else", .from = at, .to = of.cand};
        if (hidden > 0)
            rest.detail = "with " + formatCount(static_cast<std::int64_t>(hidden)) +
                          (hidden == 1 ? " smaller part" : " smaller parts");
        out.push_back(std::move(rest));
    }
    out.push_back({.kind = Row::Kind::Cand, .name = "B", .detail = {}, .from = 0, .to = of.cand});
    auto y = area.y;
    for (auto &row : out) {
        row.rect = {area.x, y, area.width, kRow};
        y += kRow;
    }
    return out;
}

PlotAxis ExplanationView::axis(const std::vector<Row> &rows) const
{
    double least = INFINITY, most = -INFINITY;
    for (const auto &row : rows) {
        least = std::min(least, row.to);
        most = std::max(most, row.to);
    }
    PlotAxis out{.kind = axisKindOf(m_data.explanation->unit), .style = m_data.style};
    const bool small = least > 0 && most - least < kSmallSteps * most && most > least;
    const auto span = most - std::min(small ? least : 0.0, least);
    out.from = small ? std::max(least - span * kRoom * 3, 0.0) : std::min(0.0, least);
    out.to = most + span * kRoom;
    if (!(out.to > out.from))
        out.to = out.from + 1;
    return out;
}

std::string ExplanationView::valueText(const Row &row) const
{
    const auto &of = *m_data.explanation;
    if (row.kind == Row::Kind::Base || row.kind == Row::Kind::Cand)
        return figureText(row.to, of.unit, of.per, m_data.style);
    return differenceText(row.delta(), of.unit, {}, m_data.style);
}

// "71 % of the change"; of a part that goes the other way: "-12 %".
std::string ExplanationView::shareText(const Row &row) const
{
    const auto whole = m_data.explanation->cand - m_data.explanation->base;
    if (row.kind == Row::Kind::Base || row.kind == Row::Kind::Cand || whole == 0)
        return {};
    const auto share = row.delta() / whole;
    return (share < 0 ? "-" : "") + formatShare(std::fabs(share), 1) + " of the change";
}

void ExplanationView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                            DisplayList &out) const
{
    PlotCanvas canvas(theme, metrics, viewport.scale, out);
    const auto shown = rows(viewport);
    if (shown.empty()) {
        const std::string hints[] = {"Compare two runs first."};
        return canvas.emptyState(viewport.size, "Nothing to explain", hints);
    }
    const auto area = plotArea(viewport);
    Columns columns;
    for (const auto &row : shown) {
        const auto label = std::max(canvas.width(row.name, FontRole::Strong),
                                    canvas.width(row.detail, FontRole::Caption));
        columns.labels = std::max(columns.labels, label);
        columns.values = std::max({columns.values, canvas.width(valueText(row), FontRole::Strong),
                                   canvas.width(shareText(row), FontRole::Caption)});
    }
    columns.labels = std::ceil(std::min(columns.labels, area.width * kMostLabels));
    columns.values = std::ceil(std::min(columns.values, area.width * kMostLabels));
    PlotFrame frame;
    frame.plot = {area.x + columns.labels + kGap, area.y,
                  area.width - columns.labels - columns.values - 2 * kGap,
                  kRow * static_cast<float>(shown.size())};
    frame.x = axis(shown);
    if (!frame.hasRoom()) {
        canvas.text({4, 4}, "Too small for the parts of the change", canvas.colors().text2,
                    viewport.size.width - 8);
        return;
    }
    canvas.ground(frame.plot);
    canvas.xAxis(frame);
    const SeriesKey keys[] = {
        {"less", verdictColor(Verdict::Improved, canvas.colors()), SeriesMark::Box},
        {"more", verdictColor(Verdict::Regressed, canvas.colors()), SeriesMark::Box}};
    canvas.legend(keys, {area.x, frame.plot.bottom() + 5}, columns.labels);
    if (frame.x.from > 0) {
        const auto y = frame.plot.bottom() + 8 + canvas.lineHeight();
        canvas.text({frame.plot.x, y},
                    "the axis begins at " +
                        figureText(frame.x.from, m_data.explanation->unit, {}, m_data.style),
                    canvas.colors().text2, frame.plot.width);
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        paintRow(shown[i], frame, columns, canvas);
        if (i + 1 == shown.size())
            continue;
        // From the end of a step to the beginning of the next.
        const auto x = canvas.snapped(frame.xOf(shown[i].to));
        const auto top = shown[i].rect.y + (kRow + kBar) / 2;
        canvas.list().fillRect({x, top, 1, kRow - kBar}, canvas.colors().text3);
    }
    if (hover()) {
        if (const auto found = readout(viewport, *hover())) {
            const auto y = std::floor((found->at.y - area.y) / kRow) * kRow + area.y;
            canvas.list().strokeRect({area.x - 4, y, area.width + 8, kRow}, canvas.colors().border,
                                     1, 4);
        }
    }
}

void ExplanationView::paintRow(const Row &row, const PlotFrame &frame, const Columns &columns,
                               PlotCanvas &canvas) const
{
    const auto &colors = canvas.colors();
    const bool total = row.kind == Row::Kind::Base || row.kind == Row::Kind::Cand;
    if (isAnnotated())
        canvas.list().beginItem(ItemRole::Part, row.name + "\n" + valueText(row) + "\n" +
                                                    shareText(row) + "\n" + row.detail);
    // Names at the left, two lines where there is more to say.
    const auto strong = canvas.lineHeight(FontRole::Strong);
    const auto caption = canvas.lineHeight(FontRole::Caption);
    const auto lines = [&](float x, std::string_view first, std::string_view second, float room,
                           bool right) {
        const auto height = strong + (second.empty() ? 0 : caption);
        auto y = row.rect.y + (kRow - height) / 2;
        const auto put = [&](std::string_view text, Rgba color, FontRole font) {
            if (right)
                canvas.textRight({x, y}, text, color, room, font);
            else
                canvas.text({x, y}, text, color, room, font);
        };
        const bool quiet = row.kind == Row::Kind::Rest;
        put(first, quiet ? colors.text2 : colors.text1, total ? FontRole::Strong : FontRole::Body);
        y += strong;
        if (!second.empty())
            put(second, colors.text2, FontRole::Caption);
    };
    const auto &of = *m_data.explanation;
    const auto name =
        total ? row.name + std::string(kDot) + CaptureText(of.of).toDisplay() : row.name;
    lines(row.rect.x, name, row.detail, columns.labels, false);
    lines(row.rect.right(), valueText(row), shareText(row), columns.values, true);

    const auto a = std::clamp(frame.xOf(row.from), frame.plot.x, frame.plot.right());
    const auto b = std::clamp(frame.xOf(row.to), frame.plot.x, frame.plot.right());
    const auto y = row.rect.y + (kRow - kBar) / 2;
    const auto x = canvas.snapped(std::min(a, b));
    const RectF bar{x, y, std::max(canvas.snapped(std::max(a, b)) - x, 2.0f), kBar};
    Rgba fill;
    switch (row.kind) {
    case Row::Kind::Base: fill = colors.sideA; break;
    case Row::Kind::Cand: fill = colors.sideB; break;
    case Row::Kind::Rest: fill = colors.otherLines; break;
    case Row::Kind::Part:
        fill = verdictColor(row.delta() > 0 ? Verdict::Regressed : Verdict::Improved, colors);
        break;
    }
    canvas.list().fillRect(bar, fill, 2);
    // Which way, without colour: a darker edge where the step ends.
    if (!total && bar.width >= 6)
        canvas.list().fillRect({row.delta() > 0 ? bar.right() - 3 : bar.x, y, 3, kBar},
                               mixed(fill, colors.text1, 0.5));
    // The axis does not begin at 0: the bar is cut.
    if (total && frame.x.from > 0) {
        for (const auto gap : {8.0f, 14.0f})
            canvas.list().line({frame.plot.x + gap, y + kBar}, {frame.plot.x + gap + 6, y},
                               colors.surface1, 2);
    }
    if (isAnnotated())
        canvas.list().endItem();
}

std::optional<PlotReadout> ExplanationView::readout(const Viewport &viewport, PointF at) const
{
    for (const auto &row : rows(viewport)) {
        if (!row.rect.contains(at))
            continue;
        const auto &of = *m_data.explanation;
        PlotReadout out;
        out.at = {at.x, row.rect.y + kRow / 2};
        const bool total = row.kind == Row::Kind::Base || row.kind == Row::Kind::Cand;
        out.tip.title =
            total ? row.name + std::string(kDot) + CaptureText(of.of).toDisplay() : row.name;
        out.tip.subtitle = row.detail;
        out.tip.rows.push_back({.label = total ? "value" : "change", .value = valueText(row)});
        if (row.kind == Row::Kind::Part) {
            // Rows of parts are in their order, after A's.
            const auto i = static_cast<std::size_t>((row.rect.y - plotArea(viewport).y) / kRow) - 1;
            const auto &part = of.parts[i];
            out.tip.rows.push_back(
                {.label = "A", .value = figureText(part.base, of.unit, of.per, m_data.style)});
            out.tip.rows.push_back(
                {.label = "B", .value = figureText(part.cand, of.unit, of.per, m_data.style)});
        }
        if (const auto share = shareText(row); !share.empty())
            out.tip.rows.push_back({.label = "share", .value = share});
        out.tip.footer = of.method;
        return out;
    }
    return std::nullopt;
}

std::optional<PointF> ExplanationView::stepped(const Viewport &viewport, PointF from,
                                               int steps) const
{
    const auto shown = rows(viewport);
    if (shown.empty())
        return std::nullopt;
    const auto last = static_cast<int>(shown.size()) - 1;
    const auto now = static_cast<int>((from.y - plotArea(viewport).y) / kRow);
    const auto to = static_cast<std::size_t>(std::clamp(now + steps, 0, last));
    return PointF{from.x, shown[to].rect.y + kRow / 2};
}

std::string ExplanationView::summary() const
{
    if (isEmpty())
        return "Nothing to explain.";
    const auto &of = *m_data.explanation;
    auto out = CaptureText(of.of).toDisplay() + ": A " +
               figureText(of.base, of.unit, of.per, m_data.style) + ", B " +
               figureText(of.cand, of.unit, of.per, m_data.style) + ".";
    if (!of.parts.empty())
        out += " Most of it: " + CaptureText(of.parts[0].name).toDisplay() + ", " +
               differenceText(of.parts[0].delta(), of.unit, of.per, m_data.style) + ".";
    return out;
}

} // namespace flamewright
