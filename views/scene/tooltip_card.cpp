#include "views/scene/flame_tooltip.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace flamewright {
namespace {

constexpr float kPadding = 12;
constexpr float kWidest = 520;
constexpr float kColumnGap = 20;
constexpr int kMostLines = 6;

// Names have no spaces to break at: lines end where they are full, at a space if one is near.
std::vector<std::string> wrapped(std::string_view text, FontRole font, const TextMetrics &metrics)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        if (static_cast<int>(lines.size()) == kMostLines - 1) {
            lines.push_back(elided(text, font, kWidest, metrics));
            break;
        }
        auto bytes = metrics.fit(text, font, kWidest).bytes;
        if (bytes < text.size()) {
            const auto space = text.rfind(' ', bytes);
            if (space != std::string_view::npos && space > bytes / 2)
                bytes = space + 1;
        }
        bytes = std::max<std::size_t>(bytes, 1);
        lines.emplace_back(text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
    return lines;
}

struct Cell {
    std::string text;
    float width = 0;
};
using CellRow = std::array<Cell, 6>; // label, value, of all, of function, of view, of parent

class Card {
public:
    Card(Theme theme, const TextMetrics &metrics) : m_colors(palette(theme)), m_metrics(metrics) {}

    void paragraph(std::string_view text, FontRole font, Rgba color)
    {
        for (const auto &line : wrapped(text, font, m_metrics)) {
            const auto width = m_metrics.width(line, font);
            m_texts.text({kPadding, m_y}, line, color, font, width);
            m_width = std::max(m_width, width);
            m_y += m_metrics.lineHeight(font) + 2;
        }
    }
    void space(float height) { m_y += height; }
    void table(const std::vector<FlameTooltip::Row> &rows);
    SizeF finish(DisplayList &out);

private:
    const Palette &m_colors;
    const TextMetrics &m_metrics;
    DisplayList m_texts;
    float m_y = kPadding - 2, m_width = 0;
};

void Card::table(const std::vector<FlameTooltip::Row> &rows)
{
    std::vector<CellRow> cells;
    cells.push_back(
        {Cell{}, Cell{}, Cell{"of all"}, Cell{"of function"}, Cell{"of view"}, Cell{"of parent"}});
    for (const auto &r : rows)
        cells.push_back({Cell{r.label}, Cell{r.value}, Cell{r.ofAll}, Cell{r.ofFunction},
                         Cell{r.ofView}, Cell{r.ofParent}});
    std::array<float, 6> widths{};
    std::array<bool, 6> used{};
    for (std::size_t row = 0; row < cells.size(); ++row) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            auto &cell = cells[row][i];
            cell.width = m_metrics.width(cell.text, row == 0 ? FontRole::Caption : FontRole::Body);
            widths[i] = std::max(widths[i], cell.width);
            used[i] = used[i] || (row > 0 && !cell.text.empty());
        }
    }
    for (std::size_t row = 0; row < cells.size(); ++row) {
        const auto font = row == 0 ? FontRole::Caption : FontRole::Body;
        auto x = kPadding;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (!used[i])
                continue;
            const auto &cell = cells[row][i];
            const auto right = i == 0 ? 0 : widths[i] - cell.width; // figures to the right
            const auto color = row == 0 ? m_colors.text3 : i == 0 ? m_colors.text2 : m_colors.text1;
            if (!cell.text.empty())
                m_texts.text({x + right, m_y}, cell.text, color, font, cell.width);
            x += widths[i] + kColumnGap;
        }
        m_width = std::max(m_width, x - kColumnGap - kPadding);
        m_y += m_metrics.lineHeight(font) + 3;
    }
}

SizeF Card::finish(DisplayList &out)
{
    const SizeF size{std::ceil(m_width + 2 * kPadding), std::ceil(m_y + kPadding - 4)};
    constexpr auto radius = static_cast<std::uint8_t>(tokens::k_radius_panel);
    out.fillRect({0, 0, size.width, size.height}, m_colors.surface1, radius);
    out.strokeRect({0, 0, size.width, size.height}, m_colors.border, 1, radius);
    for (const auto &c : m_texts.commands())
        out.text({c.rect.x, c.rect.y}, m_texts.textOf(c), c.color, c.font, c.rect.width);
    return size;
}

} // namespace

SizeF tooltipCard(const FlameTooltip &tooltip, Theme theme, const TextMetrics &metrics,
                  DisplayList &out)
{
    const auto &colors = palette(theme);
    Card card(theme, metrics);
    card.paragraph(tooltip.title, FontRole::Strong, colors.text1);
    if (!tooltip.subtitle.empty())
        card.paragraph(tooltip.subtitle, FontRole::Caption, colors.text2);
    card.space(6);
    card.table(tooltip.rows);
    if (!tooltip.footer.empty()) {
        card.space(3);
        for (std::string_view rest = tooltip.footer; !rest.empty();) {
            const auto end = std::min(rest.find('\n'), rest.size());
            card.paragraph(rest.substr(0, end), FontRole::Caption, colors.text2);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }
    return card.finish(out);
}

} // namespace flamewright
