#include "capture/session/row_scan.h"

#include <algorithm>

namespace flamewright {
namespace {

class FactScan final : public RowScan {
public:
    FactScan(std::shared_ptr<ChunkSource> source, const ShownTable &table)
        : m_source(std::move(source)),
          m_kind(table.kind)
    {
        const auto it = std::find_if(table.columns.begin(), table.columns.end(),
                                     [](const ShownColumn &c) { return c.as == Shown::Time; });
        if (it != table.columns.end())
            m_time = *it;
    }

    Result<> start(const ScanBounds &bounds) override
    {
        m_bounds = bounds;
        m_done = bounds.capture.isEmpty() || bounds.time.isEmpty();
        // Rows without a time have the smallest one; no comparison holds for them.
        if (bounds.time.isNarrowed())
            m_bounds.time.low = std::max(m_bounds.time.low, INT64_MIN + 1);
        m_source->revalidate();
        FW_TRY(prepare());
        FW_TRY(countSkipped());
        auto *list = m_list.get();
        sqlite3_reset(list);
        bind(list);
        return {};
    }

    Result<RowRun> next() override
    {
        auto *list = m_list.get();
        while (!m_done) {
            const auto rc = sqlite3_step(list);
            if (rc != SQLITE_ROW) {
                m_done = true;
                sqlite3_reset(list);
                if (rc != SQLITE_DONE)
                    return fail(Errc::Query, sqlite3_errmsg(m_source->db()));
                break;
            }
            // t1 is past the last row, except at the end of time, where it is the last one's.
            const auto end = sqlite3_column_int64(list, 2);
            if (m_bounds.time.isNarrowed() && end <= m_bounds.time.low && end != INT64_MAX) {
                ++m_source->stats().chunksSkipped;
                continue;
            }
            FW_ASSIGN(auto page, m_source->read(sqlite3_column_int64(list, 0),
                                                sqlite3_column_int64(list, 1), m_kind));
            RowRun run{std::move(page), 0, 0};
            run.to = run.page->rows();
            if (m_bounds.time.isNarrowed()) {
                FW_ASSIGN(const auto rows,
                          run.page->rowsWithin(m_time, m_bounds.time.low, m_bounds.time.high));
                run.from = rows.first;
                run.to = rows.second;
            }
            if (run.from < run.to)
                return run;
        }
        return RowRun{};
    }

private:
    // One capture is a range of the index; for several, order matters more than the range.
    Result<> prepare()
    {
        if (m_list != nullptr && m_listsOne == m_bounds.capture.isOne())
            return {};
        m_listsOne = m_bounds.capture.isOne();
        FW_ASSIGN(m_list,
                  prepareStatement(
                      m_source->db(),
                      m_listsOne
                          ? "SELECT id, capture, t1 FROM main.chunk WHERE capture = ?1 "
                            "AND capture = ?2 AND kind = ?3 AND t0 <= ?4 ORDER BY t0"
                          : "SELECT id, capture, t1 FROM main.chunk WHERE capture >= ?1 "
                            "AND capture <= ?2 AND kind = ?3 AND t0 <= ?4 ORDER BY capture, t0"));
        return {};
    }

    void bind(sqlite3_stmt *statement) const
    {
        sqlite3_bind_int64(statement, 1, m_bounds.capture.low);
        sqlite3_bind_int64(statement, 2, m_bounds.capture.high);
        sqlite3_bind_int64(statement, 3, static_cast<std::int64_t>(m_kind));
        sqlite3_bind_int64(statement, 4, m_bounds.time.high);
    }

    // What the bounds exclude without a look at the rows. Answered from the index alone.
    Result<> countSkipped()
    {
        if (m_total < 0) {
            FW_ASSIGN(const auto all,
                      prepareStatement(m_source->db(),
                                       "SELECT count(*) FROM main.chunk WHERE kind = ?3"));
            sqlite3_bind_int64(all.get(), 3, static_cast<std::int64_t>(m_kind));
            if (sqlite3_step(all.get()) != SQLITE_ROW)
                return fail(Errc::Query, sqlite3_errmsg(m_source->db()));
            m_total = sqlite3_column_int64(all.get(), 0);
        }
        std::int64_t candidates = 0;
        if (!m_done) {
            FW_ASSIGN(const auto some,
                      prepareStatement(m_source->db(),
                                       "SELECT count(*) FROM main.chunk WHERE capture >= ?1 "
                                       "AND capture <= ?2 AND kind = ?3 AND t0 <= ?4"));
            bind(some.get());
            if (sqlite3_step(some.get()) != SQLITE_ROW)
                return fail(Errc::Query, sqlite3_errmsg(m_source->db()));
            candidates = sqlite3_column_int64(some.get(), 0);
        }
        m_source->stats().chunksSkipped += static_cast<std::uint64_t>(m_total - candidates);
        return {};
    }

    std::shared_ptr<ChunkSource> m_source;
    ChunkKind m_kind;
    ShownColumn m_time;
    ScanBounds m_bounds;
    StatementPtr m_list;
    bool m_listsOne = false;
    bool m_done = true;
    std::int64_t m_total = -1;
};

class DimensionScan final : public RowScan {
public:
    DimensionScan(std::shared_ptr<ChunkSource> source, ChunkKind kind)
        : m_source(std::move(source)),
          m_kind(kind)
    {}

    Result<> start(const ScanBounds &bounds) override
    {
        m_bounds = bounds;
        m_bounds.id.low = std::max<std::int64_t>(m_bounds.id.low, 1);
        m_source->revalidate();
        m_directory = nullptr;
        m_page = 0;
        m_capture = m_bounds.capture.low;
        m_done = m_bounds.capture.isEmpty() || m_bounds.id.isEmpty();
        return {};
    }

    Result<RowRun> next() override
    {
        const auto low = static_cast<std::uint64_t>(m_bounds.id.low);
        const auto high = static_cast<std::uint64_t>(std::max<std::int64_t>(m_bounds.id.high, 0));
        while (!m_done) {
            if (m_directory == nullptr) {
                FW_TRY(enterCapture());
                continue;
            }
            if (m_page >= m_directory->size() || (*m_directory)[m_page].firstRow > high) {
                leaveCapture();
                continue;
            }
            const auto &ref = (*m_directory)[m_page++];
            FW_ASSIGN(auto page, m_source->cachedPage(ref, m_capture, m_kind));
            const auto from = std::max(low, ref.firstRow) - ref.firstRow;
            const auto to = std::min(high, ref.endRow - 1) + 1 - ref.firstRow;
            return RowRun{std::move(page), static_cast<std::uint32_t>(from),
                          static_cast<std::uint32_t>(to)};
        }
        return RowRun{};
    }

private:
    Result<> enterCapture()
    {
        if (!m_bounds.capture.isOne()) {
            FW_ASSIGN(const auto found, m_source->nextCapture(m_capture, m_kind));
            if (!found || *found > m_bounds.capture.high) {
                m_done = true;
                return {};
            }
            m_capture = *found;
        }
        FW_ASSIGN(m_directory, m_source->pages(m_capture, m_kind));
        const auto low = static_cast<std::uint64_t>(m_bounds.id.low);
        const auto first =
            std::partition_point(m_directory->begin(), m_directory->end(),
                                 [&](const ChunkSource::PageRef &p) { return p.endRow <= low; });
        m_page = static_cast<std::size_t>(first - m_directory->begin());
        return {};
    }

    void leaveCapture()
    {
        m_directory = nullptr;
        m_done = m_capture >= m_bounds.capture.high;
        if (!m_done)
            ++m_capture;
    }

    std::shared_ptr<ChunkSource> m_source;
    ChunkKind m_kind;
    ScanBounds m_bounds;
    std::shared_ptr<const ChunkSource::Directory> m_directory;
    std::int64_t m_capture = 0;
    std::size_t m_page = 0;
    bool m_done = true;
};

} // namespace

std::unique_ptr<RowScan> scanFacts(std::shared_ptr<ChunkSource> source, const ShownTable &table)
{
    return std::make_unique<FactScan>(std::move(source), table);
}

std::unique_ptr<RowScan> scanDimension(std::shared_ptr<ChunkSource> source, const ShownTable &table)
{
    return std::make_unique<DimensionScan>(std::move(source), table.kind);
}

} // namespace flamewright
