#include "importers/trace/track_rows.h"

#include <algorithm>
#include <tuple>

namespace flamewright {
namespace {

constexpr std::uint8_t kUsedUp = 0xff; // flags of an end that found its begin

bool isOpenOrPair(const TraceRow &row)
{
    return row.kind == TraceRowKind::Begin || row.kind == TraceRowKind::End ||
           (row.kind == TraceRowKind::Pair && row.length > 0);
}

} // namespace

std::vector<TraceRow> RowList::take()
{
    auto out = std::move(m_head);
    out.reserve(m_size);
    auto left = m_size - out.size();
    for (auto &block : m_blocks) {
        const auto count = std::min(left, kBlock);
        out.insert(out.end(), block->begin(), block->begin() + static_cast<std::ptrdiff_t>(count));
        left -= count;
        block.reset();
    }
    *this = {};
    return out;
}

std::int64_t lengthBetween(std::int64_t from, std::int64_t to)
{
    std::int64_t out = 0;
    if (__builtin_sub_overflow(to, from, &out))
        return to < from ? 0 : INT64_MAX;
    return std::max<std::int64_t>(out, 0);
}

std::vector<TraceRow> matchAgain(std::vector<TraceRow> rows, TrackOddities &odd)
{
    // Pairs become a begin and an end again, except those of no length, which stay together.
    std::vector<TraceRow> events, others;
    for (const auto &row : rows) {
        if (!isOpenOrPair(row)) {
            others.push_back(row);
            continue;
        }
        auto begin = row;
        if (row.kind == TraceRowKind::Pair) {
            auto end = row;
            end.begin = saturatingAdd(row.begin, row.length);
            end.length = 0;
            end.args = {};
            end.kind = TraceRowKind::End;
            if ((row.flags & kEndHasName) == 0)
                end.name = {};
            end.flags = 0;
            events.push_back(end);
            begin.kind = TraceRowKind::Begin;
        }
        begin.length = begin.kind == TraceRowKind::Begin ? -1 : 0;
        begin.flags &= static_cast<std::uint8_t>(~kEndHasName);
        events.push_back(begin);
    }
    rows = {};
    std::stable_sort(events.begin(), events.end(), [](const TraceRow &a, const TraceRow &b) {
        return std::tuple(a.key, a.begin, a.kind == TraceRowKind::Begin) <
               std::tuple(b.key, b.begin, b.kind == TraceRowKind::Begin);
    });
    std::vector<OpenRow> open;
    std::uint32_t key = 0;
    for (std::uint32_t i = 0; i < events.size(); ++i) {
        if (events[i].key != key)
            open.clear();
        key = events[i].key;
        if (events[i].kind == TraceRowKind::Begin) {
            open.push_back({i, {}});
            continue;
        }
        bool otherName = false;
        const auto index = closedBy(open, events, events[i].name, otherName);
        if (index == kNoOpenRow)
            continue;
        odd.otherName += otherName ? 1 : 0;
        auto &begun = events[open[index].row];
        if (begun.args.raw == 0)
            begun.args = events[i].args;
        else if (events[i].args.raw != 0)
            ++odd.lostArgs;
        closeRow(open, events, index, events[i].begin);
        events[i].flags = kUsedUp;
    }
    for (const auto &event : events) {
        if (event.kind != TraceRowKind::End || event.flags != kUsedUp)
            others.push_back(event);
    }
    return others;
}

void closeAll(std::vector<TraceRow> &rows, const TraceTrack &track, TrackOddities &odd)
{
    for (auto &row : rows) {
        if (row.kind == TraceRowKind::Begin) {
            if (row.length < 0)
                row.length = lengthBetween(row.begin, track.last);
            row.flags |= kSliceNoEnd;
            row.kind = TraceRowKind::Slice;
            ++odd.noEnd;
        } else if (row.kind == TraceRowKind::End) {
            row.length = lengthBetween(track.first, row.begin);
            row.begin = std::min(track.first, row.begin);
            row.flags |= kSliceNoBegin;
            row.kind = TraceRowKind::Slice;
            ++odd.noBegin;
        }
    }
}

void sortRows(std::vector<TraceRow> &rows)
{
    const auto before = [](const TraceRow &a, const TraceRow &b) {
        return a.begin != b.begin ? a.begin < b.begin : a.length > b.length;
    };
    if (!std::is_sorted(rows.begin(), rows.end(), before))
        std::stable_sort(rows.begin(), rows.end(), before);
}

std::uint32_t Nesting::at(std::int64_t time)
{
    while (!m_ends.empty() && m_ends.back() <= time)
        m_ends.pop_back();
    return static_cast<std::uint32_t>(m_ends.size());
}

std::uint32_t Nesting::enter(std::int64_t begin, std::int64_t end, bool &crossed)
{
    const auto depth = at(begin);
    crossed = depth > 0 && m_ends.back() < end;
    m_ends.push_back(end);
    return depth;
}

} // namespace flamewright
