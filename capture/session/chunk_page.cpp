#include "capture/session/chunk_page.h"

#include <algorithm>

namespace flamewright {

Result<ChunkPage> ChunkPage::open(Chunk chunk, std::int64_t capture, std::int64_t chunkRow,
                                  std::string where)
{
    ChunkPage out;
    out.m_kind = chunk.kind;
    out.m_span = chunk.span;
    out.m_capture = capture;
    out.m_chunkRow = chunkRow;
    out.m_firstRow = chunk.firstRow;
    out.m_rows = chunk.rows;
    out.m_where = std::move(where);
    out.m_columns.resize(columnsOf(chunk.kind).size());
    out.m_sizeBytes = chunk.payload.size() + out.m_columns.size() * chunk.rows * 8;
    if (chunk.kind == ChunkKind::Strings || chunk.kind == ChunkKind::Texts) {
        auto strings = decodeStrings(chunk);
        if (!strings.has_value())
            return fail(std::move(strings).error().in(out.m_where));
        out.m_strings = *std::move(strings);
    } else {
        out.m_payload = std::move(chunk.payload);
        auto reader = ColumnReader::open(out.m_payload, chunk.rows);
        if (!reader.has_value())
            return fail(std::move(reader).error().in(out.m_where));
        out.m_reader = *std::move(reader);
    }
    return out;
}

Error ChunkPage::damaged(const char *what) const
{
    return Error(Errc::Corrupt, what).in(m_where);
}

Result<> ChunkPage::check(const ShownColumn &column, std::span<const std::int64_t> values) const
{
    if (column.as == Shown::Time) {
        const auto begin = m_span.begin.time_since_epoch().count();
        const auto end = m_span.end.time_since_epoch().count();
        if (!std::is_sorted(values.begin(), values.end()) || values.front() < begin ||
            values.back() > end)
            return fail(damaged("the times are not sorted or not inside the chunk's range"));
    } else if (column.as == Shown::Text || column.as == Shown::LongText) {
        if (std::any_of(values.begin(), values.end(),
                        [](std::int64_t v) { return v < 0 || v > UINT32_MAX; }))
            return fail(damaged("a row refers to a text that cannot be"));
    } else if (m_kind == ChunkKind::Stacks && column.name == "caller") {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i] < 0 || static_cast<std::uint64_t>(values[i]) >= m_firstRow + i)
                return fail(damaged("a stack's caller comes after it"));
        }
    }
    return {};
}

Result<std::span<const std::int64_t>> ChunkPage::integers(const ShownColumn &column)
{
    auto &decoded = m_columns[column.stored];
    if (!decoded) {
        auto values = m_reader->integers(column.stored, column.fallback);
        if (!values.empty())
            FW_TRY(check(column, values));
        decoded = std::move(values);
    }
    return std::span<const std::int64_t>(*decoded);
}

std::string_view ChunkPage::text(std::uint32_t row) const
{
    const auto begin = row == 0 ? 0 : m_strings.end[row - 1];
    return std::string_view(m_strings.text).substr(begin, m_strings.end[row] - begin);
}

Result<std::pair<std::uint32_t, std::uint32_t>>
ChunkPage::rowsWithin(const ShownColumn &time, std::int64_t low, std::int64_t high)
{
    FW_ASSIGN(const auto times, integers(time));
    const auto from = std::lower_bound(times.begin(), times.end(), low);
    const auto to = std::upper_bound(from, times.end(), high);
    return std::pair{static_cast<std::uint32_t>(from - times.begin()),
                     static_cast<std::uint32_t>(to - times.begin())};
}

} // namespace flamewright
