#pragma once

#include "capture/session/chunk_source.h"
#include "capture/session/integer_bounds.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace flamewright {

struct ScanBounds {
    IntegerBounds capture, time, id;
};

// Rows [from, to) of a page; no page: the scan is over.
struct RowRun {
    std::shared_ptr<ChunkPage> page;
    std::uint32_t from = 0, to = 0;
};

// Walks the rows of one table within bounds, one chunk at a time. May be started again, as the
// inner side of a join is for every outer row.
class RowScan {
public:
    virtual ~RowScan() = default;
    virtual Result<> start(const ScanBounds &bounds) = 0;
    // Every run but the last one has rows.
    virtual Result<RowRun> next() = 0;
};

// By capture, then by the first time of the chunks, which may overlap: rows are sorted by time
// only within a chunk.
std::unique_ptr<RowScan> scanFacts(std::shared_ptr<ChunkSource> source, const ShownTable &table);
// By capture, then by id.
std::unique_ptr<RowScan> scanDimension(std::shared_ptr<ChunkSource> source,
                                       const ShownTable &table);

} // namespace flamewright
