#include "importers/trace/trace_builder.h"

#define XXH_INLINE_ALL
#include <algorithm>
#include <tuple>
#include <xxhash.h>

namespace flamewright {
namespace {

constexpr std::size_t kRowsPerCheck = 64u << 10;
constexpr std::uint64_t kTrackBytes = sizeof(TraceTrack) + 64;
constexpr std::uint64_t kKeyBytes = 96;

constexpr std::int64_t ns(Timestamp time)
{
    return time.time_since_epoch().count();
}

bool hasMembers(std::string_view args)
{
    return args.size() > 2;
}

} // namespace

std::uint64_t traceKey(std::initializer_list<std::string_view> parts)
{
    std::uint64_t hash = parts.size();
    for (const auto part : parts)
        hash = XXH3_64bits_withSeed(part.data(), part.size(), hashMix(hash, part.size()));
    return hash;
}

TraceBuilder::TraceBuilder(RecordSink &sink, TraceLimits limits) : m_sink(sink), m_limits(limits) {}

TraceBuilder::~TraceBuilder() = default;

TextId TraceBuilder::textOf(std::string_view args)
{
    return hasMembers(args) ? m_sink.text(args) : TextId{};
}

bool TraceBuilder::spend(std::uint64_t bytes, std::uint64_t offset)
{
    if (m_rowBytes + bytes > m_limits.maxRowBytes) {
        m_sink.note(Severity::DataLoss, "trace_too_many", offset,
                    "the trace has more events than fit into memory; later ones were left out");
        return false;
    }
    m_rowBytes += bytes;
    return true;
}

TraceTrack &TraceBuilder::rowsOf(TrackId track)
{
    if (track.raw >= m_tracks.size())
        m_tracks.resize(std::max<std::size_t>(track.raw + 1, m_tracks.size() * 2));
    auto &rows = m_tracks[track.raw];
    if (!rows) {
        rows = std::make_unique<TraceTrack>();
        m_rowBytes += kTrackBytes;
    }
    return *rows;
}

void TraceBuilder::setAsync(TrackId track)
{
    rowsOf(track).async = true;
}

std::uint32_t TraceBuilder::keyOf(std::uint64_t key, TrackId track)
{
    const auto fresh = static_cast<std::uint32_t>(m_keys.size());
    const auto number = m_keyIndex.findOrAddKey(bijectiveMix(key), fresh);
    if (number == fresh) {
        m_keys.emplace_back();
        m_keys.back().track = track;
        m_rowBytes += kKeyBytes;
    }
    return number;
}

void TraceBuilder::inOrder(OpenStack &stack, TraceTrack &track, std::int64_t time,
                           std::uint64_t offset)
{
    track.seen(time, time);
    if (time < stack.lastTime) {
        stack.backward = true;
        track.backward = true;
        m_sink.note(Severity::Notice, "trace_backward_time", offset,
                    "an event is earlier than the one before it on its track; begins and ends were "
                    "matched in order of time");
    }
    stack.lastTime = time;
}

void TraceBuilder::open(OpenStack &stack, TraceTrack &track, TraceRow row, std::string_view args,
                        std::uint64_t offset)
{
    inOrder(stack, track, row.begin, offset);
    if (!spend(sizeof(TraceRow) + sizeof(OpenRow), offset))
        return;
    auto &open = stack.open.emplace_back();
    open.row = static_cast<std::uint32_t>(track.rows.size());
    if (hasMembers(args) && m_waitingText + args.size() <= m_limits.maxWaitingText) {
        open.args = args;
        m_waitingText += args.size();
    } else {
        row.args = textOf(args);
    }
    row.kind = TraceRowKind::Begin;
    row.length = -1;
    track.rows.push_back(row);
}

void TraceBuilder::close(OpenStack &stack, TraceTrack &track, TraceRow row, std::string_view args,
                         std::uint64_t offset)
{
    inOrder(stack, track, row.begin, offset);
    bool otherName = false;
    const auto index = closedBy(stack.open, track.rows, row.name, otherName);
    // An end that is earlier than the begin belongs to another one: the track is matched again, for
    // which it keeps its time.
    if (index == kNoOpenRow || row.begin < track.rows[stack.open[index].row].begin) {
        if (!spend(sizeof(TraceRow), offset))
            return;
        row.kind = TraceRowKind::End;
        row.args = textOf(args);
        track.rows.push_back(row);
        return;
    }
    m_odd.otherName += otherName ? 1 : 0;
    auto &open = stack.open[index];
    auto &begun = track.rows[open.row];
    m_waitingText -= open.args.size();
    m_rowBytes -= sizeof(OpenRow);
    if (!open.args.empty())
        begun.args = textOf(
            hasMembers(args) && args != open.args ? m_objects.merged(open.args, args) : open.args);
    else if (begun.args.raw == 0)
        begun.args = textOf(args);
    else if (hasMembers(args))
        ++m_odd.lostArgs;
    if (row.name.raw != 0)
        begun.flags |= kEndHasName;
    closeRow(stack.open, track.rows, index, row.begin);
}

void TraceBuilder::begin(TrackId track, Timestamp time, StringId name, std::string_view args,
                         std::uint64_t offset)
{
    auto &rows = rowsOf(track);
    open(rows.stack, rows, {.begin = ns(time), .name = name}, args, offset);
}

void TraceBuilder::end(TrackId track, Timestamp time, std::string_view args, std::uint64_t offset,
                       StringId name)
{
    auto &rows = rowsOf(track);
    close(rows.stack, rows, {.begin = ns(time), .name = name}, args, offset);
}

void TraceBuilder::asyncBegin(TrackId track, std::uint64_t key, Timestamp time, StringId name,
                              std::string_view args, std::uint64_t offset)
{
    const auto number = keyOf(key, track);
    open(m_keys[number].stack, rowsOf(m_keys[number].track),
         {.begin = ns(time), .name = name, .key = number}, args, offset);
}

void TraceBuilder::asyncEnd(TrackId track, std::uint64_t key, Timestamp time, std::string_view args,
                            std::uint64_t offset, StringId name)
{
    const auto number = keyOf(key, track);
    close(m_keys[number].stack, rowsOf(m_keys[number].track),
          {.begin = ns(time), .name = name, .key = number}, args, offset);
}

void TraceBuilder::complete(TrackId track, Timestamp begin, Duration length, StringId name,
                            std::string_view args, std::uint64_t offset, std::uint8_t flags)
{
    auto &rows = rowsOf(track);
    if (!spend(sizeof(TraceRow), offset))
        return;
    const auto end = saturatingAdd(ns(begin), std::max<std::int64_t>(length.count(), 0));
    rows.seen(ns(begin), end);
    rows.rows.push_back(
        {.begin = ns(begin),
         .length = length.count() < 0 ? length.count() : lengthBetween(ns(begin), end),
         .name = name,
         .args = textOf(args),
         .flags = flags});
}

void TraceBuilder::instant(TrackId track, Timestamp time, StringId name, std::string_view args,
                           std::uint64_t offset, SliceKind kind)
{
    auto &rows = rowsOf(track);
    if (!spend(sizeof(TraceRow), offset))
        return;
    rows.seen(ns(time), ns(time));
    rows.rows.push_back(
        {.begin = ns(time),
         .name = name,
         .args = textOf(args),
         .kind = kind == SliceKind::Log ? TraceRowKind::Log : TraceRowKind::Instant});
}

void TraceBuilder::asyncInstant(TrackId track, Timestamp time, StringId name, std::string_view args,
                                std::uint64_t offset)
{
    instant(track, time, name, args, offset);
}

void TraceBuilder::state(TrackId track, Timestamp begin, Duration length, StringId name,
                         std::string_view args, std::uint64_t offset, std::uint8_t flags)
{
    auto &rows = rowsOf(track);
    if (!spend(sizeof(TraceRow), offset))
        return;
    const auto end = saturatingAdd(ns(begin), std::max<std::int64_t>(length.count(), 0));
    rows.seen(ns(begin), end);
    rows.states = true;
    rows.rows.push_back({.begin = ns(begin),
                         .length = lengthBetween(ns(begin), end),
                         .name = name,
                         .args = textOf(args),
                         .kind = TraceRowKind::State,
                         .flags = flags});
}

// Waiting arguments are entered now: nothing that is open will be closed.
Result<> TraceBuilder::finish(JobContext &job)
{
    for (const auto &track : m_tracks) {
        if (!track)
            continue;
        for (auto &open : track->stack.open) {
            if (!open.args.empty())
                track->rows[open.row].args = textOf(open.args);
        }
    }
    for (auto &key : m_keys) {
        for (auto &open : key.stack.open) {
            if (!open.args.empty())
                m_tracks[key.track.raw]->rows[open.row].args = textOf(open.args);
        }
    }
    m_keys = {};
    sortFlowsByTrack();
    for (std::size_t i = 0; i < m_tracks.size(); ++i) {
        if (!m_tracks[i])
            continue;
        FW_TRY(emit(TrackId{static_cast<std::uint32_t>(i)}, *m_tracks[i], job));
        m_tracks[i].reset();
        FW_TRY(job.checkpoint());
        FW_TRY(m_sink.status());
    }
    connectFlows();
    noteOddities();
    return m_sink.status();
}

Result<> TraceBuilder::emit(TrackId id, TraceTrack &track, JobContext &job)
{
    auto rows = track.rows.take();
    if (track.backward)
        rows = matchAgain(std::move(rows), m_odd);
    closeAll(rows, track, m_odd);
    sortRows(rows);
    bindFlows(id, rows);
    const std::uint32_t outermost = track.states ? 1 : 0;
    Nesting nesting;
    TraceRow *state = nullptr;
    std::size_t untilCheck = kRowsPerCheck;
    for (auto &row : rows) {
        if (row.kind == TraceRowKind::State) {
            if (state != nullptr && saturatingAdd(state->begin, state->length) > row.begin) {
                state->length = row.begin - state->begin;
                ++m_odd.states;
            }
            state = &row;
        }
    }
    for (const auto &row : rows) {
        Slice slice{.begin = Timestamp{Duration{row.begin}},
                    .length = Duration{row.length},
                    .track = id,
                    .name = row.name,
                    .flags = static_cast<std::uint8_t>(row.flags & ~kEndHasName),
                    .args = row.args};
        switch (row.kind) {
        case TraceRowKind::State: slice.kind = SliceKind::State; break;
        case TraceRowKind::Instant:
        case TraceRowKind::Log:
            slice.kind = row.kind == TraceRowKind::Log ? SliceKind::Log : SliceKind::Instant;
            slice.depth = outermost + nesting.at(row.begin);
            break;
        default:
            if (row.key != 0) {
                slice.kind = SliceKind::Async;
                slice.depth = kFreeLane;
                break;
            }
            bool crossed = false;
            slice.kind = track.async ? SliceKind::Async : SliceKind::Slice;
            slice.depth =
                outermost + nesting.enter(row.begin, saturatingAdd(row.begin, row.length), crossed);
            m_odd.crossed += crossed ? 1 : 0;
        }
        m_sink.add(slice);
        if (--untilCheck == 0) {
            untilCheck = kRowsPerCheck;
            FW_TRY(job.checkpoint());
        }
    }
    return {};
}

void TraceBuilder::noteOddities()
{
    const auto note = [&](std::uint64_t count, Severity severity, std::string_view code,
                          std::string_view detail) {
        if (count > 0)
            m_sink.note(severity, code, 0, detail, count);
    };
    note(m_odd.noBegin, Severity::Notice, "trace_no_begin",
         "ends without a begin: the slices begin with the first time of their track");
    note(m_odd.noEnd, Severity::Notice, "trace_no_end",
         "slices that were begun and never ended last until the last time of their track");
    note(m_odd.otherName, Severity::Notice, "trace_other_name",
         "an end has another name than the slice that was open; it ended that slice");
    note(m_odd.lostArgs, Severity::DataLoss, "trace_lost_args",
         "arguments of ends were left out where the begin has some");
    note(m_odd.crossed, Severity::Notice, "trace_overlap",
         "slices of one track overlap without being nested; they are shown one deeper");
    note(m_odd.states, Severity::Notice, "trace_state_overlap",
         "a state lasts longer than until the next one; it was shortened");
}

} // namespace flamewright
