#include "app/gui/sql_sort.h"

#include <algorithm>
#include <numeric>

namespace flamewright {
namespace {

// Between two blocks of this many rows the work looks whether it is still wanted.
constexpr std::size_t kBlockRows = 4096;

long double numberOf(const SqlValue &value)
{
    // Holds every integer of 64 bits and every double.
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return static_cast<long double>(*integer);
    return static_cast<long double>(std::get<double>(value));
}

bool isLess(const SqlValue &a, const SqlValue &b)
{
    const auto kind = kindOf(a);
    if (kind != kindOf(b))
        return kind < kindOf(b);
    switch (kind) {
    case SqlKind::Null: return false;
    case SqlKind::Number: return numberOf(a) < numberOf(b);
    case SqlKind::Text: return std::get<std::string>(a) < std::get<std::string>(b);
    }
    return false;
}

} // namespace

SqlKind kindOf(const SqlValue &value)
{
    return std::holds_alternative<std::monostate>(value) ? SqlKind::Null
           : std::holds_alternative<std::string>(value)  ? SqlKind::Text
                                                         : SqlKind::Number;
}

Result<std::vector<std::uint32_t>> sortedRows(const SqlAnswer &answer, int column,
                                              Qt::SortOrder order, JobContext &job)
{
    std::vector<std::uint32_t> rows(answer.rows.size());
    std::iota(rows.begin(), rows.end(), 0u);
    if (column < 0)
        return rows;
    const auto at = static_cast<std::size_t>(column);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
        return order == Qt::AscendingOrder ? isLess(answer.rows[a][at], answer.rows[b][at])
                                           : isLess(answer.rows[b][at], answer.rows[a][at]);
    };
    // A merge sort from the bottom, so that it can be left in the middle.
    const auto size = rows.size();
    const auto place = [&](std::size_t row) {
        return rows.begin() + static_cast<std::ptrdiff_t>(std::min(row, size));
    };
    for (std::size_t from = 0; from < size; from += kBlockRows) {
        FW_TRY(job.checkpoint());
        std::stable_sort(place(from), place(from + kBlockRows), before);
    }
    for (auto length = kBlockRows; length < size; length *= 2) {
        for (std::size_t from = 0; from + length < size; from += 2 * length) {
            FW_TRY(job.checkpoint());
            std::inplace_merge(place(from), place(from + length), place(from + 2 * length), before);
        }
    }
    return rows;
}

} // namespace flamewright
