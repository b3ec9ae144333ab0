#include "views/scene/display_list.h"

#include "capture/base/utf8.h"
#include "views/scene/theme.h"

#include <cstdio>
#include <utility>

namespace flamewright {
namespace {

constexpr std::string_view kEllipsis = "\u2026";

std::uint32_t sixteenths(float width)
{
    return static_cast<std::uint32_t>(width * 16);
}

} // namespace

void DisplayList::fillRect(RectF rect, Rgba color, std::uint8_t radius)
{
    m_cmds.push_back({.op = Op::FillRect, .radius = radius, .color = color, .rect = rect});
}

void DisplayList::strokeRect(RectF rect, Rgba color, float width, std::uint8_t radius)
{
    m_cmds.push_back({.op = Op::StrokeRect,
                      .radius = radius,
                      .color = color,
                      .rect = rect,
                      .count = sixteenths(width)});
}

void DisplayList::line(PointF from, PointF to, Rgba color, float width)
{
    m_cmds.push_back({.op = Op::Line,
                      .color = color,
                      .rect = {from.x, from.y, to.x - from.x, to.y - from.y},
                      .count = sixteenths(width)});
}

void DisplayList::polyline(std::span<const PointF> points, Rgba color, float width)
{
    m_cmds.push_back({.op = Op::Polyline,
                      .color = color,
                      .rect = {width, 0, 0, 0},
                      .first = static_cast<std::uint32_t>(m_points.size()),
                      .count = static_cast<std::uint32_t>(points.size())});
    m_points.insert(m_points.end(), points.begin(), points.end());
}

void DisplayList::text(PointF topLeft, std::string_view utf8, Rgba color, FontRole font,
                       float width)
{
    m_cmds.push_back({.op = Op::Text,
                      .font = font,
                      .color = color,
                      .rect = {topLeft.x, topLeft.y, width, 0},
                      .first = static_cast<std::uint32_t>(m_text.size()),
                      .count = static_cast<std::uint32_t>(utf8.size())});
    m_text.append(utf8);
}

void DisplayList::pushClip(RectF rect)
{
    m_cmds.push_back({.op = Op::PushClip, .color = {}, .rect = rect});
}

void DisplayList::popClip()
{
    m_cmds.push_back({.op = Op::PopClip, .color = {}, .rect = {}});
}

void DisplayList::beginItem(ItemRole role, std::string_view title)
{
    m_cmds.push_back({.op = Op::BeginItem,
                      .role = role,
                      .color = {},
                      .rect = {},
                      .first = static_cast<std::uint32_t>(m_text.size()),
                      .count = static_cast<std::uint32_t>(title.size())});
    m_text.append(title);
}

void DisplayList::endItem()
{
    m_cmds.push_back({.op = Op::EndItem, .color = {}, .rect = {}});
}

void DisplayList::beginLink(RectF area, std::string_view address)
{
    m_cmds.push_back({.op = Op::BeginLink,
                      .color = {},
                      .rect = area,
                      .first = static_cast<std::uint32_t>(m_text.size()),
                      .count = static_cast<std::uint32_t>(address.size())});
    m_text.append(address);
}

void DisplayList::endLink()
{
    m_cmds.push_back({.op = Op::EndLink, .color = {}, .rect = {}});
}

void DisplayList::cells(CellGrid grid)
{
    if (grid.columns() == 0 || grid.rows() == 0)
        return;
    m_cmds.push_back({.op = Op::Cells,
                      .color = grid.colors.front(),
                      .rect = grid.area(),
                      .first = static_cast<std::uint32_t>(m_grids.size())});
    m_grids.push_back(std::move(grid));
}

void DisplayList::append(const DisplayList &other, PointF by)
{
    const auto texts = static_cast<std::uint32_t>(m_text.size());
    const auto points = static_cast<std::uint32_t>(m_points.size());
    const auto grids = static_cast<std::uint32_t>(m_grids.size());
    m_cmds.reserve(m_cmds.size() + other.m_cmds.size());
    for (auto cmd : other.m_cmds) {
        if (cmd.op == Op::Polyline) {
            cmd.first += points; // its rect holds the width of the pen
        } else if (cmd.op != Op::PopClip && cmd.op != Op::BeginItem && cmd.op != Op::EndItem &&
                   cmd.op != Op::EndLink) {
            cmd.rect.x += by.x;
            cmd.rect.y += by.y;
        }
        if (cmd.op == Op::Text || cmd.op == Op::BeginItem || cmd.op == Op::BeginLink)
            cmd.first += texts;
        if (cmd.op == Op::Cells)
            cmd.first += grids;
        m_cmds.push_back(cmd);
    }
    m_text.append(other.m_text);
    for (const auto p : other.m_points)
        m_points.push_back({p.x + by.x, p.y + by.y});
    for (auto grid : other.m_grids) {
        for (auto &x : grid.x)
            x += by.x;
        for (auto &y : grid.y)
            y += by.y;
        m_grids.push_back(std::move(grid));
    }
}

void DisplayList::clear()
{
    m_cmds.clear();
    m_text.clear();
    m_points.clear();
    m_grids.clear();
}

float TextMetrics::width(std::string_view utf8, FontRole font) const
{
    float out = 0;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto step = decodeUtf8(utf8, at);
        out += advance(step.code, font);
        at += step.size;
    }
    return out;
}

TextMetrics::Fit TextMetrics::fit(std::string_view utf8, FontRole font, float maxWidth) const
{
    Fit out;
    while (out.bytes < utf8.size()) {
        const auto step = decodeUtf8(utf8, out.bytes);
        const auto next = out.width + advance(step.code, font);
        if (next > maxWidth)
            break;
        out.bytes += step.size;
        out.width = next;
    }
    return out;
}

float FixedMetrics::lineHeight(FontRole font) const
{
    return static_cast<float>(fontSpec(font).pixelSize + 3);
}

float FixedMetrics::advance(char32_t, FontRole font) const
{
    return static_cast<float>(fontSpec(font).pixelSize) * 0.6f;
}

std::string elided(std::string_view utf8, FontRole font, float maxWidth, const TextMetrics &metrics,
                   float *width)
{
    const auto whole = metrics.fit(utf8, font, maxWidth);
    if (width)
        *width = whole.width;
    if (whole.bytes == utf8.size())
        return std::string(utf8);
    const auto dots = metrics.width(kEllipsis, font);
    const auto cut = metrics.fit(utf8, font, maxWidth - dots);
    if (cut.bytes == 0) {
        if (width)
            *width = 0;
        return {};
    }
    if (width)
        *width = cut.width + dots;
    std::string out(utf8.substr(0, cut.bytes));
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out.append(kEllipsis);
}

std::string dump(const DisplayList &list)
{
    static constexpr const char *kNames[] = {"rect",   "frame", "line", "poly", "text",   "clip",
                                             "unclip", "item",  "end",  "link", "unlink", "cells"};
    std::string out;
    char row[160];
    for (const auto &c : list.commands()) {
        std::snprintf(row, sizeof row, "%s %g,%g %gx%g #%08x", kNames[static_cast<int>(c.op)],
                      static_cast<double>(c.rect.x), static_cast<double>(c.rect.y),
                      static_cast<double>(c.rect.width), static_cast<double>(c.rect.height),
                      c.color.value);
        out += row;
        if (c.radius != 0)
            out += " r" + std::to_string(c.radius);
        if (c.op == Op::Text || c.op == Op::BeginItem || c.op == Op::BeginLink)
            out.append(" \"").append(list.textOf(c)).append("\"");
        out += '\n';
        if (c.op == Op::Cells) {
            forEachRect(list.gridOf(c), [&](RectF r, Rgba color) {
                std::snprintf(row, sizeof row, "  cell %g,%g %gx%g #%08x\n",
                              static_cast<double>(r.x), static_cast<double>(r.y),
                              static_cast<double>(r.width), static_cast<double>(r.height),
                              color.value);
                out += row;
            });
        }
    }
    return out;
}

} // namespace flamewright
