#include "views/scene/plot_frame.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kFar = 1e6f; // pixels: beyond it a float is of no use

float placed(float from, float length, double share)
{
    const auto at = static_cast<double>(from) + share * static_cast<double>(length);
    return static_cast<float>(
        std::clamp(at, -static_cast<double>(kFar), static_cast<double>(kFar)));
}

} // namespace

float PlotFrame::xOf(double value) const
{
    return placed(plot.x, plot.width, x.share(value));
}

float PlotFrame::yOf(double value) const
{
    return placed(plot.bottom(), -plot.height, y.share(value));
}

double PlotFrame::xAt(float px) const
{
    return x.valueAt(static_cast<double>(px - plot.x) / static_cast<double>(plot.width));
}

double PlotFrame::yAt(float px) const
{
    return y.valueAt(static_cast<double>(plot.bottom() - px) / static_cast<double>(plot.height));
}

Rgba lineColor(std::size_t index, Theme theme)
{
    const auto &colors = palette(theme);
    return index < colors.lines.size() ? colors.lines[index] : colors.otherLines;
}

float PlotCanvas::snapped(float v) const
{
    return static_cast<float>(std::round(static_cast<double>(v) * m_device) / m_device);
}

RectF PlotCanvas::snapped(RectF rect) const
{
    const auto x = snapped(rect.x), y = snapped(rect.y);
    return {x, y, snapped(rect.right()) - x, snapped(rect.bottom()) - y};
}

void PlotCanvas::curve(const PlotFrame &frame, std::span<const PlotPoint> points, Rgba color,
                       float width)
{
    const auto &plot = frame.plot;
    m_out.pushClip({plot.x, plot.y - width, plot.width + width, plot.height + 2 * width});
    std::vector<PointF> line;
    // Of the points in the last pixel column: first, lowest, highest, last.
    float column = -kFar, low = 0, high = 0, last = 0, x = 0;
    std::size_t held = 0;
    const auto flushColumn = [&] {
        if (held > 2) {
            line.push_back({x, low});
            line.push_back({x, high});
        }
        if (held > 1)
            line.push_back({x, last});
        held = 0;
    };
    const auto flushLine = [&] {
        flushColumn();
        if (line.size() == 1) // alone between two gaps: a dash, so that it is seen
            m_out.fillRect({line[0].x - width, line[0].y - width / 2, 2 * width, width}, color);
        else if (line.size() > 1)
            m_out.polyline(line, color, width);
        line.clear();
        column = -kFar;
    };
    for (const auto &point : points) {
        if (!std::isfinite(point.y)) {
            flushLine();
            continue;
        }
        const auto at = frame.at(point.x, point.y);
        const auto pixel = static_cast<float>(std::floor(static_cast<double>(at.x) * m_device));
        if (pixel == column) {
            low = std::max(low, at.y);
            high = std::min(high, at.y);
            last = at.y;
            ++held;
            continue;
        }
        flushColumn();
        line.push_back(at);
        column = pixel;
        x = at.x;
        low = high = last = at.y;
        held = 1;
    }
    flushLine();
    m_out.popClip();
}

void PlotCanvas::band(const PlotFrame &frame, std::span<const PlotBand> points, Rgba color)
{
    const auto &plot = frame.plot;
    const auto pixel = static_cast<float>(1 / m_device);
    RectF run;
    const auto flush = [&] {
        if (run.width > 0 && run.height > 0)
            m_out.fillRect(run, color);
        run = {};
    };
    float next = plot.x; // columns left of it are done
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const auto &a = points[i], &b = points[i + 1];
        if (!std::isfinite(a.low) || !std::isfinite(b.low))
            continue;
        const auto left = frame.xOf(a.x), right = std::min(frame.xOf(b.x), plot.right());
        const auto lowA = frame.yOf(a.low), highA = frame.yOf(a.high);
        const auto lowB = frame.yOf(b.low), highB = frame.yOf(b.high);
        const auto from = std::max(snapped(left), next);
        for (auto x = from; x + pixel / 2 <= right; x += pixel) {
            const auto share =
                right > left
                    ? std::clamp((x + pixel / 2 - left) / std::max(frame.xOf(b.x) - left, pixel),
                                 0.0f, 1.0f)
                    : 0.0f;
            const auto top =
                std::clamp(snapped(highA + (highB - highA) * share), plot.y, plot.bottom());
            const auto bottom =
                std::clamp(snapped(lowA + (lowB - lowA) * share), plot.y, plot.bottom());
            if (run.width > 0 && run.y == top && run.bottom() == bottom &&
                std::abs(run.right() - x) < pixel / 4) {
                run.width += pixel;
            } else {
                flush();
                run = {x, top, pixel, bottom - top};
            }
            next = x + pixel;
        }
    }
    flush();
}

void PlotCanvas::dot(PointF at, Rgba color, float radius)
{
    const auto disc = [&](float r, Rgba fill) {
        const RectF box{snapped(at.x - r), snapped(at.y - r), snapped(2 * r), snapped(2 * r)};
        // Not round to the last: painters differ in what they make of that.
        m_out.fillRect(box, fill, static_cast<std::uint8_t>(std::floor(box.width / 2 - 0.5f)));
    };
    disc(radius + 1.5f, m_colors.surface1);
    disc(radius, color);
}

void PlotCanvas::cross(PointF at, Rgba color)
{
    m_out.line({at.x - 3, at.y - 3}, {at.x + 3, at.y + 3}, color, 1.5f);
    m_out.line({at.x - 3, at.y + 3}, {at.x + 3, at.y - 3}, color, 1.5f);
}

void PlotCanvas::dashes(PointF from, PointF to, Rgba color, float width)
{
    constexpr float kDash = 5, kSpace = 4;
    const bool level = std::abs(to.y - from.y) < 0.5f;
    width = std::max(snapped(width), snapped(1));
    const auto length = level ? to.x - from.x : to.y - from.y;
    for (float done = 0; done < length; done += kDash + kSpace) {
        const auto dash = std::min(kDash, length - done);
        if (level)
            m_out.fillRect({snapped(from.x + done), snapped(from.y - width / 2), dash, width},
                           color);
        else
            m_out.fillRect({snapped(from.x - width / 2), snapped(from.y + done), width, dash},
                           color);
    }
}

void PlotCanvas::limit(const PlotFrame &frame, double y, std::string_view label, Rgba color)
{
    const auto &plot = frame.plot;
    const auto at = frame.yOf(y);
    if (at < plot.y - 1 || at > plot.bottom() + 1)
        return;
    dashes({plot.x, at}, {plot.right(), at}, color, 1.5f);
    const auto line = lineHeight();
    const auto top = at - line - 2 >= plot.y ? at - line - 2 : at + 2;
    // Readable on whatever lines run there.
    const auto wide = std::min(width(label), plot.width - 12);
    m_out.fillRect({plot.x + 3, snapped(top), snapped(wide + 6), line},
                   withAlpha(m_colors.surface1, 0.85));
    text({plot.x + 6, top}, label, color, plot.width - 12);
}

void PlotCanvas::labels(std::vector<PlotLabel> labels, const RectF &within)
{
    constexpr float kBeside = 8, kOver = 6, kAway = 5;
    const auto line = lineHeight(FontRole::Label) + 1;
    std::vector<RectF> taken;
    for (const auto &label : labels) {
        const auto wide = width(label.text, FontRole::Label);
        RectF best{label.at.x + kBeside, label.at.y - line / 2, wide, line};
        auto side = label.side;
        if (side == LabelSide::BelowRight && label.at.y + kAway + line > within.bottom())
            side = LabelSide::AboveLeft;
        switch (side) {
        case LabelSide::Right: break;
        case LabelSide::AboveLeft:
            best.x = std::max(label.at.x + kOver - wide, within.x + 4);
            best.y = label.at.y - line - kAway;
            break;
        case LabelSide::BelowRight:
            best.x = label.at.x - kOver;
            best.y = label.at.y + kAway;
            break;
        }
        if (best.right() > within.right())
            best.x = label.at.x - kBeside - wide;
        const auto free = [&](const RectF &r) {
            return r.y >= within.y && r.bottom() <= within.bottom() &&
                   std::none_of(taken.begin(), taken.end(), [&](const RectF &other) {
                       return r.x < other.right() + 4 && other.x < r.right() + 4 &&
                              r.y < other.bottom() && other.y < r.bottom();
                   });
        };
        // The nearest free place above or below.
        const auto home = best.y;
        for (int i = 0; !free(best); ++i) {
            if (i > 24)
                break;
            const auto away = static_cast<float>(i / 2 + 1) * line / 2;
            best.y = home + (i % 2 == 0 ? -away : away);
        }
        if (!free(best))
            continue;
        taken.push_back(best);
        text({snapped(best.x), snapped(best.y)}, label.text, label.color, wide + 1,
             FontRole::Label);
    }
}

void PlotCanvas::crosshair(const RectF &plot, float x, std::optional<float> y)
{
    if (x >= plot.x && x <= plot.right())
        m_out.fillRect({snapped(x), plot.y, 1, plot.height}, withAlpha(m_colors.text3, 0.8));
    if (y && *y >= plot.y && *y <= plot.bottom())
        m_out.fillRect({plot.x, snapped(*y), plot.width, 1}, withAlpha(m_colors.text3, 0.8));
}

} // namespace flamewright
