#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace flamewright {

// Columns lined up for a terminal. Cells are shown as they are: what comes from a capture has
// been through CaptureText::toTerminal(). Without a single title there is no line of titles.
class TextTable {
public:
    enum class Align : bool { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
    };
    explicit TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}
    void row(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    void print(std::ostream &out) const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace flamewright
