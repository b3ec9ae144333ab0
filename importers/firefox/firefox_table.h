#pragma once

#include "importers/text/json_pull.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright::firefox {

inline constexpr std::int64_t kNull = INT64_MIN; // null, or not there at all

// Texts that rows refer to by number.
class Strings {
public:
    void read(JsonPull &json); // a list of texts
    std::size_t size() const { return m_end.size(); }
    // Empty for a number that is none of theirs.
    std::string_view at(std::int64_t index) const
    {
        if (index < 0 || static_cast<std::size_t>(index) >= m_end.size())
            return {};
        const auto i = static_cast<std::size_t>(index);
        const auto begin = i == 0 ? 0 : m_end[i - 1];
        return std::string_view(m_text).substr(begin, m_end[i] - begin);
    }

private:
    std::string m_text;
    std::vector<std::size_t> m_end;
};

// A table of numbers, in either of the forms that Firefox writes: a list of values for every column, or
// rows and a schema that says which place is which column.
class Table {
public:
    struct Column {
        std::string_view name;
        bool time = false; // milliseconds in the file, nanoseconds here
    };
    // Called for what is an object in "data", which is skipped otherwise.
    using Object = std::function<void(JsonPull &json, std::size_t row)>;

    // The value at hand; columns are numbers in the order of `columns` from here on.
    void read(JsonPull &json, std::initializer_list<Column> columns, const Object &object = {});
    std::size_t rows() const { return m_rows; }
    bool has(std::size_t column) const
    {
        return column < m_cells.size() && !m_cells[column].empty();
    }
    std::int64_t at(std::size_t column, std::size_t row) const
    {
        return column < m_cells.size() && row < m_cells[column].size() ? m_cells[column][row]
                                                                       : kNull;
    }
    std::int64_t at(std::size_t column, std::int64_t row) const
    {
        return row < 0 ? kNull : at(column, static_cast<std::size_t>(row));
    }
    // A text member beside the columns ("weightType").
    const std::string &weightType() const { return m_weightType; }

private:
    using Cells = std::vector<std::int64_t>;
    void readColumn(JsonPull &json, const Column &column, Cells &cells);
    void readRows(JsonPull &json, std::vector<Cells> &places, const Object &object);

    std::vector<Cells> m_cells;
    std::size_t m_rows = 0;
    std::string m_weightType;
};

} // namespace flamewright::firefox
