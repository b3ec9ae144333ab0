#pragma once

#include "capture/base/units.h"
#include "capture/session/records.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// In `flags` of a row that waits: its end had a name. Only such an end is bound to slices of its name
// when a track is matched again.
inline constexpr std::uint8_t kEndHasName = 0x40;

// What waits for the end of the input. A slice that was begun and ended is one row, not two.
enum class TraceRowKind : std::uint8_t {
    Slice, // begun and ended by one event
    Pair,  // begun and ended by two events
    Begin, // not ended yet
    End,   // nothing was open
    Instant,
    Log,
    State
};

struct TraceRow {
    std::int64_t begin = 0;
    // Of Begin: until where it lasts if no end comes, -1: until the last time of the track.
    std::int64_t length = 0;
    StringId name;
    TextId args;
    std::uint32_t key =
        0; // asynchronous slices: a dense number of their key; 0: nested on the track
    TraceRowKind kind = TraceRowKind::Slice;
    std::uint8_t flags = 0;
    bool async = false;
};
static_assert(sizeof(TraceRow) == 32);

// Rows of one track, appended and changed in place. Grows by blocks: a long list is never copied to
// grow, and a short one stays small, of which there may be a million.
class RowList {
public:
    TraceRow &operator[](std::size_t i)
    {
        return i < kBlock ? m_head[i] : (*m_blocks[i / kBlock - 1])[i % kBlock];
    }
    const TraceRow &operator[](std::size_t i) const { return const_cast<RowList &>(*this)[i]; }
    std::size_t size() const { return m_size; }
    void push_back(const TraceRow &row)
    {
        if (m_size < kBlock) {
            m_head.push_back(row);
        } else {
            if (m_size % kBlock == 0)
                m_blocks.push_back(std::make_unique<Block>());
            (*m_blocks.back())[m_size % kBlock] = row;
        }
        ++m_size;
    }
    // All of them in one piece; the list is empty then.
    std::vector<TraceRow> take();

private:
    static constexpr std::size_t kBlock = 4096;
    using Block = std::array<TraceRow, kBlock>;

    std::vector<TraceRow> m_head;
    std::vector<std::unique_ptr<Block>> m_blocks;
    std::size_t m_size = 0;
};

// A row that waits for its end.
struct OpenRow {
    std::uint32_t row = 0;
    std::string args; // not entered yet: those of the end come behind them
};

// Slices that are open, the innermost last, and whether the file went back in time.
struct OpenStack {
    std::vector<OpenRow> open;
    std::int64_t lastTime = INT64_MIN;
    bool backward = false;
};

inline constexpr std::size_t kNoOpenRow = static_cast<std::size_t>(-1);

// Counted while rows are put together, for notes.
struct TrackOddities {
    std::uint64_t noBegin = 0;
    std::uint64_t noEnd = 0;
    std::uint64_t otherName = 0; // an end whose name nothing has that is open
    std::uint64_t lostArgs = 0;  // of ends, when the begin has some already
    std::uint64_t crossed = 0;   // slices that overlap without being nested
    std::uint64_t states = 0;    // states that overlap
};

struct TraceTrack {
    RowList rows;
    OpenStack stack;
    std::int64_t first = INT64_MAX, last = INT64_MIN; // times of its events
    bool async = false;                               // setAsync()
    bool backward = false;                            // rows must be matched again
    bool states = false;

    void seen(std::int64_t begin, std::int64_t end)
    {
        first = std::min(first, begin);
        last = std::max(last, end);
    }
};

// `to` minus `from`, between 0 and what fits.
std::int64_t lengthBetween(std::int64_t from, std::int64_t to);

// How far an end looks for a slice of its name: without a bound a damaged file would cost its square.
inline constexpr std::size_t kMaxEndLook = 256;

// Of the slices in `open`, the one that an end of this name closes: the innermost when the end has
// no name or nothing that is open has it.
template <class Rows>
std::size_t closedBy(const std::vector<OpenRow> &open, const Rows &rows, StringId name,
                     bool &otherName)
{
    otherName = false;
    if (open.empty())
        return kNoOpenRow;
    const auto top = open.size() - 1;
    if (name.raw == 0 || rows[open[top].row].name == name)
        return top;
    const auto lowest = open.size() - std::min(open.size(), kMaxEndLook);
    for (auto i = top; i-- > lowest;) {
        if (rows[open[i].row].name == name)
            return i;
    }
    otherName = true;
    return top;
}

// Takes `index` out of the open ones and closes its row. What stays open inside it ends there too if
// no end comes.
template <class Rows>
void closeRow(std::vector<OpenRow> &open, Rows &rows, std::size_t index, std::int64_t time)
{
    auto &row = rows[open[index].row];
    row.kind = TraceRowKind::Pair;
    row.length = lengthBetween(row.begin, time);
    for (auto i = index + 1; i < open.size(); ++i) {
        auto &inner = rows[open[i].row];
        if (inner.length < 0)
            inner.length = lengthBetween(inner.begin, time);
    }
    open.erase(open.begin() + static_cast<std::ptrdiff_t>(index));
}

// Matches begins and ends again, in order of time: for tracks whose events went back in time.
std::vector<TraceRow> matchAgain(std::vector<TraceRow> rows, TrackOddities &odd);
// Gives slices without begin or end both. `track` says what its times are.
void closeAll(std::vector<TraceRow> &rows, const TraceTrack &track, TrackOddities &odd);
// By begin, the longer first, otherwise as they came.
void sortRows(std::vector<TraceRow> &rows);

// Depths of slices in the order of sortRows(): slices that are nested in each other are one deeper
// each; what overlaps without being nested is put deeper too, so that nothing overlaps at one depth.
class Nesting {
public:
    // The depth of a slice; `crossed` is set when it is not nested in what is open.
    std::uint32_t enter(std::int64_t begin, std::int64_t end, bool &crossed);
    // The depth of a moment: below what is open then.
    std::uint32_t at(std::int64_t time);

private:
    std::vector<std::int64_t> m_ends;
};

} // namespace flamewright
