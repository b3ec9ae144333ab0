#pragma once

#include "analysis/span_rows.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace flamewright {

// The values of a column in another order; `order` has indices of it.
template <class T>
void reorder(std::vector<T> &column, const std::vector<std::uint32_t> &order)
{
    std::vector<T> out;
    out.reserve(order.size());
    for (const auto row : order)
        out.push_back(column[row]);
    column = std::move(out);
}

// Every column of spans; tables of names stay.
void reorderRows(SpanRows &rows, const std::vector<std::uint32_t> &order);

} // namespace flamewright
