#include "app/cli/text_table.h"

#include "capture/base/utf8.h"

#include <algorithm>

namespace flamewright {
namespace {

// Characters, not bytes; wide East Asian characters are rare enough here to count as one.
std::size_t widthOf(const std::string &text)
{
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size(); ++width)
        i += decodeUtf8(text, i).size;
    return width;
}

} // namespace

void TextTable::print(std::ostream &out) const
{
    std::vector<std::size_t> widths;
    for (const auto &column : m_columns)
        widths.push_back(widthOf(column.title));
    for (const auto &row : m_rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(row[i]));
    }
    const auto line = [&](const auto &cellOf) {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const std::string &cell = cellOf(i);
            const std::string gap(widths[i] - widthOf(cell), ' ');
            const bool last = i + 1 == m_columns.size();
            if (m_columns[i].align == Align::Right)
                out << gap << cell;
            else
                out << cell << (last ? std::string() : gap);
            out << (last ? "\n" : "  ");
        }
    };
    if (std::any_of(m_columns.begin(), m_columns.end(),
                    [](const Column &column) { return !column.title.empty(); }))
        line([&](std::size_t i) -> const std::string & { return m_columns[i].title; });
    for (const auto &row : m_rows)
        line([&](std::size_t i) -> const std::string & { return row[i]; });
}

} // namespace flamewright
