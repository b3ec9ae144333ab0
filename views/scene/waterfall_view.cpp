#include "views/scene/waterfall_view.h"

#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/picture_heading.h"
#include "views/scene/time_axis.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kRow = tokens::k_row_track;
constexpr float kBar = 12;                // height
constexpr float kLine = 2;                // of the critical path, below the bar
constexpr float kGap = 1;                 // between them
constexpr float kAxis = 24;               // height
constexpr float kLegend = 30;             // height
constexpr float kIndent = 12;             // a level of the tree
constexpr float kMargin = 16;             // left and right
constexpr float kLabel = 6;               // from a bar to its time
constexpr float kRoom = 64;               // right of the bars, for the time of the last one
constexpr float kTicks = 110;             // pixels apart, at least
constexpr std::uint32_t kMostIndent = 24; // deeper spans are no further to the right
constexpr float kLeastNames = 160, kMostNames = 460;
constexpr std::size_t kDocumentRows = 400; // of a picture that may be as high as it needs
constexpr double kWeak = 0.38;             // of the colour, where a span waits

std::string shown(const std::string &text)
{
    return CaptureText(text).toDisplay(256);
}

std::string number(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

} // namespace

struct WaterfallView::Paint {
    const Viewport &viewport;
    const Layout &where;
    const Palette &colors;
    Theme theme;
    const TextMetrics &metrics;
    DisplayList &out;

    float snapped(float x) const { return std::round(x * viewport.scale) / viewport.scale; }
};

WaterfallView::WaterfallView(std::shared_ptr<const Waterfall> data, ServiceColors colors,
                             std::size_t mostRows)
    : m_data(std::move(data)),
      m_colors(std::move(colors))
{
    const auto all = m_data ? m_data->spans.size() : 0;
    m_rows = m_before = all;
    if (mostRows > 2 && all > mostRows) {
        // The beginning says what the trace is, the end how it ended.
        m_rows = mostRows;
        m_before = (mostRows - 1) / 2 + (mostRows - 1) % 2;
        m_hidden = all - (mostRows - 1);
    }
}

float WaterfallView::contentHeight() const
{
    return kAxis + static_cast<float>(m_rows) * kRow + kLegend;
}

float WaterfallView::Layout::xOf(double ns) const
{
    const auto share = end > begin ? (ns - begin) / (end - begin) : 0;
    return bars.x + bars.width * static_cast<float>(std::clamp(share, -1.0, 2.0));
}

WaterfallView::Layout WaterfallView::layout(const Viewport &viewport) const
{
    Layout out;
    const auto width = viewport.size.width;
    out.names = std::min(std::clamp(width * 0.3f, kLeastNames, kMostNames), width / 2);
    out.top = kAxis;
    out.bottom = std::max(viewport.size.height - kLegend, kAxis);
    out.bars = {out.names, out.top, std::max(width - out.names - kRoom, 1.0f),
                out.bottom - out.top};
    if (m_data) {
        const auto begin = static_cast<double>(m_data->begin);
        const auto span = std::max(static_cast<double>(m_data->end) - begin, 1.0);
        out.begin = begin + span * viewport.begin;
        out.end = begin + span * viewport.end;
    }
    return out;
}

std::optional<std::size_t> WaterfallView::spanAt(std::size_t row) const
{
    if (row >= m_rows || (m_hidden > 0 && row == m_before))
        return std::nullopt;
    return m_hidden > 0 && row > m_before ? row - 1 + m_hidden : row;
}

RectF WaterfallView::barOf(std::size_t row, const Viewport &viewport) const
{
    const auto span = spanAt(row);
    if (!span)
        return {};
    const auto where = layout(viewport);
    const auto snap = [&](float x) { return std::round(x * viewport.scale) / viewport.scale; };
    const auto &of = m_data->spans[*span];
    const auto left = std::max(where.xOf(static_cast<double>(of.begin)), where.bars.x);
    const auto right = std::min(where.xOf(static_cast<double>(of.end)), where.bars.right());
    const auto x = snap(left);
    const auto top = where.top + static_cast<float>(row) * kRow - viewport.scrollY +
                     (kRow - kBar - kLine - kGap) / 2;
    return {x, snap(top), std::max(snap(right) - x, 1 / viewport.scale), kBar};
}

std::string WaterfallView::titleOf(const WaterfallSpan &span) const
{
    return shown(m_data->names[span.name]);
}

std::string WaterfallView::detailOf(const WaterfallSpan &span) const
{
    std::int64_t critical = 0;
    for (const auto &part : m_data->criticalOf(span))
        critical += part.end - part.begin;
    const auto length = span.end - span.begin;
    std::int64_t after = 0;
    if (__builtin_sub_overflow(span.begin, m_data->begin, &after))
        after = INT64_MAX;
    auto out = shown(m_data->services[span.service]) + "\n" + formatDuration(length) + " at " +
               formatDuration(after) + "\nself " + formatDuration(span.selfNs) + " (" +
               formatShare(static_cast<double>(span.selfNs), static_cast<double>(length)) + ")";
    if (critical > 0)
        out += "\non the critical path for " + formatDuration(critical) + ", " +
               formatShare(static_cast<double>(critical), static_cast<double>(m_data->rootNs)) +
               " of the trace";
    if (span.failed)
        out += "\nfailed";
    return out;
}

// Every part is seen, however short; work follows the pixels.
void WaterfallView::paintParts(std::span<const TimePart> parts, RectF rect, Rgba color,
                               Paint &paint) const
{
    const auto pixel = 1 / paint.viewport.scale;
    const auto &where = paint.where;
    const auto nsOf = [&](float x) {
        return where.begin + static_cast<double>((x - where.bars.x) / where.bars.width) *
                                 (where.end - where.begin);
    };
    auto at = std::partition_point(parts.begin(), parts.end(), [&](const TimePart &part) {
        return static_cast<double>(part.end) <= where.begin;
    });
    while (at != parts.end() && static_cast<double>(at->begin) < where.end) {
        const auto left =
            std::max(paint.snapped(where.xOf(static_cast<double>(at->begin))), rect.x);
        auto right = std::min(paint.snapped(where.xOf(static_cast<double>(at->end))), rect.right());
        right = std::max(right, left + pixel);
        if (left >= rect.right())
            break;
        // What lies within the same pixels is the same picture.
        const auto until = nsOf(right);
        ++at;
        while (at != parts.end() &&
               paint.snapped(where.xOf(static_cast<double>(at->begin))) <= right) {
            right = std::max(right, std::min(paint.snapped(where.xOf(static_cast<double>(at->end))),
                                             rect.right()));
            at = std::partition_point(at + 1, parts.end(), [&](const TimePart &part) {
                return static_cast<double>(part.end) <= until;
            });
        }
        paint.out.fillRect({left, rect.y, right - left, rect.height}, color);
    }
}

void WaterfallView::paintBar(const WaterfallSpan &span, RectF rect, Paint &paint) const
{
    const auto color = m_colors.of(m_data->services[span.service], paint.theme);
    paint.out.fillRect(rect, mixed(paint.colors.surface1, color, kWeak));
    paintParts(m_data->selfOf(span), rect, color, paint);
    if (span.failed)
        paint.out.strokeRect(rect, paint.colors.error, 2);
    paintParts(m_data->criticalOf(span), {rect.x, rect.bottom() + kGap, rect.width, kLine},
               paint.colors.text1, paint);
}

void WaterfallView::paintRow(std::size_t row, Paint &paint) const
{
    const auto &where = paint.where;
    const auto y =
        paint.snapped(where.top + static_cast<float>(row) * kRow - paint.viewport.scrollY);
    const auto text = [&](float x, const std::string &words, Rgba color, FontRole font,
                          float most) {
        float width = 0;
        const auto cut = elided(words, font, most, paint.metrics, &width);
        if (!cut.empty())
            paint.out.text({x, y + (kRow - paint.metrics.lineHeight(font)) / 2}, cut, color, font,
                           width);
        return width;
    };
    const auto index = spanAt(row);
    if (!index) {
        text(kMargin, "\u22ef " + number(m_hidden) + " spans not shown", paint.colors.text2,
             FontRole::Caption, paint.viewport.size.width - 2 * kMargin);
        paint.out.line({kMargin, y}, {paint.viewport.size.width - kMargin, y}, paint.colors.border);
        paint.out.line({kMargin, y + kRow}, {paint.viewport.size.width - kMargin, y + kRow},
                       paint.colors.border);
        return;
    }
    const auto &span = m_data->spans[*index];
    if (m_annotated)
        paint.out.beginItem(ItemRole::Part, titleOf(span) + "\n" + detailOf(span));
    auto x = kMargin + kIndent * static_cast<float>(std::min(span.depth, kMostIndent));
    const auto most = where.names - 12;
    const auto color = m_colors.of(m_data->services[span.service], paint.theme);
    paint.out.fillRect({x, paint.snapped(y + (kRow - 10) / 2), 3, 10}, color);
    x += 8;
    if (span.failed)
        x += text(x, "! ", paint.colors.error, FontRole::Strong, most - x);
    x += text(x, titleOf(span), span.failed ? paint.colors.error : paint.colors.text1,
              FontRole::Label, most - x);
    if (most - x > 40)
        text(x + 8, shown(m_data->services[span.service]), paint.colors.text3, FontRole::Caption,
             most - x - 8);
    const bool seen = static_cast<double>(span.end) >= where.begin &&
                      static_cast<double>(span.begin) <= where.end;
    if (seen) {
        const auto rect = barOf(row, paint.viewport);
        paintBar(span, rect, paint);
        // Beside the bar: right where there is room, otherwise left of it.
        const auto time = formatDuration(span.end - span.begin);
        const auto width = paint.metrics.width(time, FontRole::Caption);
        const auto right = paint.viewport.size.width - 4;
        const auto at = rect.right() + kLabel + width <= right ? rect.right() + kLabel
                                                               : rect.x - kLabel - width;
        if (at >= where.bars.x)
            text(at, time, paint.colors.text2, FontRole::Caption, width + 1);
    }
    if (m_annotated)
        paint.out.endItem();
}

void WaterfallView::paintAxis(Paint &paint) const
{
    const auto &where = paint.where;
    const auto origin = static_cast<double>(m_data->begin);
    const auto ticks = timeTicks(where.begin - origin, where.end - origin,
                                 static_cast<double>(where.bars.width), kTicks);
    for (const auto &tick : ticks) {
        const auto x = paint.snapped(where.xOf(origin + static_cast<double>(tick.ns)));
        const auto width = paint.metrics.width(tick.label, FontRole::Caption);
        paint.out.line({x, where.top}, {x, where.bottom}, paint.colors.grid);
        paint.out.text({x, (kAxis - paint.metrics.lineHeight(FontRole::Caption)) / 2}, tick.label,
                       paint.colors.text2, FontRole::Caption, width);
    }
    paint.out.line({0, where.top}, {paint.viewport.size.width, where.top}, paint.colors.border);
}

void WaterfallView::paintLegend(Paint &paint) const
{
    const auto y = paint.where.bottom + 8;
    paint.out.line({0, paint.where.bottom}, {paint.viewport.size.width, paint.where.bottom},
                   paint.colors.border);
    const auto font = FontRole::Caption;
    const auto line = paint.metrics.lineHeight(font);
    const auto right = paint.viewport.size.width - kMargin;
    auto x = kMargin;
    const auto word = [&](const std::string &text) {
        float width = 0;
        const auto cut = elided(text, font, std::min(right - x, 200.0f), paint.metrics, &width);
        if (!cut.empty())
            paint.out.text({x, y}, cut, paint.colors.text2, font, width);
        x += width + 16;
        return !cut.empty();
    };
    const auto middle = y + line / 2;
    // How to read a bar first: it is the same in every trace.
    const auto sample = m_data->services.empty() ? paint.colors.otherLines
                                                 : m_colors.of(m_data->services[0], paint.theme);
    paint.out.fillRect({x, middle - 5, 20, 10}, sample);
    x += 26;
    word("works itself");
    paint.out.fillRect({x, middle - 5, 20, 10}, mixed(paint.colors.surface1, sample, kWeak));
    x += 26;
    word("waits for its children");
    paint.out.fillRect({x, middle - 1, 20, kLine}, paint.colors.text1);
    x += 26;
    word("critical path");
    if (m_data->failed > 0) {
        paint.out.strokeRect({x, middle - 5, 20, 10}, paint.colors.error, 2);
        x += 26;
        word("failed");
    }
    x += 12;
    for (std::size_t i = 0; i < m_data->services.size(); ++i) {
        const auto left = m_data->services.size() - i;
        const auto name = shown(m_data->services[i]);
        const auto needs = 16 + paint.metrics.width(name, font);
        if (x + std::min(needs, 216.0f) > right - (left > 1 ? 90 : 0)) {
            word("and " + number(left) + " more services");
            break;
        }
        paint.out.fillRect({x, middle - 5, 10, 10}, m_colors.of(m_data->services[i], paint.theme),
                           2);
        x += 16;
        word(name);
    }
}

void WaterfallView::paint(const Viewport &viewport, Theme theme, const TextMetrics &metrics,
                          DisplayList &out) const
{
    const auto &colors = palette(theme);
    out.fillRect({0, 0, viewport.size.width, viewport.size.height}, colors.surface1);
    if (isEmpty()) {
        const std::string text = "This trace has no spans";
        const auto width = metrics.width(text, FontRole::Body);
        out.text({(viewport.size.width - width) / 2, viewport.size.height / 2 - 10}, text,
                 colors.text2, FontRole::Body, width);
        return;
    }
    const auto where = layout(viewport);
    Paint paint{viewport, where, colors, theme, metrics, out};
    const auto first =
        static_cast<std::size_t>(std::max(std::floor(viewport.scrollY / kRow), 0.0f));
    const auto shownRows =
        static_cast<std::size_t>(std::ceil((where.bottom - where.top) / kRow)) + 1;
    const auto last = std::min(m_rows, first + shownRows);
    out.pushClip({0, where.top, viewport.size.width, where.bottom - where.top});
    for (auto row = first; row < last; ++row) {
        if (row % 2 == 1)
            out.fillRect(
                {0, paint.snapped(where.top + static_cast<float>(row) * kRow - viewport.scrollY),
                 viewport.size.width, kRow},
                colors.surface2);
    }
    out.popClip();
    paintAxis(paint);
    out.pushClip({0, where.top, viewport.size.width, where.bottom - where.top});
    for (auto row = first; row < last; ++row)
        paintRow(row, paint);
    out.popClip();
    paintLegend(paint);
}

std::optional<Hit> WaterfallView::hitTest(const Viewport &viewport, PointF at) const
{
    if (isEmpty())
        return std::nullopt;
    const auto where = layout(viewport);
    if (at.y < where.top || at.y >= where.bottom || at.x < 0 || at.x >= viewport.size.width)
        return std::nullopt;
    const auto row = std::floor((at.y - where.top + viewport.scrollY) / kRow);
    if (row < 0)
        return std::nullopt;
    const auto index = spanAt(static_cast<std::size_t>(row));
    if (!index)
        return std::nullopt;
    const auto &span = m_data->spans[*index];
    return Hit{span.row, titleOf(span), detailOf(span)};
}

WaterfallPicture waterfallPicture(std::shared_ptr<const Waterfall> data,
                                  const ServiceColors &colors,
                                  const WaterfallPictureOptions &options,
                                  const TextMetrics &metrics)
{
    WaterfallPicture out;
    auto most = kDocumentRows;
    if (options.height > 0)
        most = static_cast<std::size_t>(
            std::max((options.height - kPictureHeading - kAxis - kLegend) / kRow, 3.0f));
    WaterfallView view(std::move(data), colors, most);
    view.setAnnotated(options.annotated);
    const auto width = std::ceil(std::max(options.width, 2 * kLeastNames));
    const auto height = options.height > 0 ? options.height - kPictureHeading
                                           : std::max(view.contentHeight(), 4 * kRow);
    out.size = {width, std::ceil(kPictureHeading + std::max(height, kAxis + kLegend + kRow))};
    paintPictureHeading(options.title, options.subtitle, out.size, options.theme, metrics,
                        out.list);
    DisplayList body;
    view.paint({.size = {width, out.size.height - kPictureHeading}, .scale = options.scale},
               options.theme, metrics, body);
    out.list.append(body, {0, kPictureHeading});
    return out;
}

} // namespace flamewright
