#include "app/compare/compare.h"
#include "app/load_rows.h"
#include "app/load_summaries.h"
#include "app/span_rows.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

// A time on the wall clock, epoch nanoseconds.
struct WallTime {
    std::int64_t begin = 0, end = 0;
    std::int64_t length() const { return end - begin; }
};

// Later than any clock; keeps differences within 64 bits.
constexpr std::int64_t kLatest = std::int64_t{1} << 62;

std::optional<WallTime> wallTime(const ComparedCapture &capture)
{
    const auto begin = capture.info.startedAtNs();
    const auto length = capture.info.durationNs();
    if (!begin || !length || *begin < 0 || *begin > kLatest || *length <= 0)
        return std::nullopt;
    WallTime out{*begin, std::min(saturatingAdd(*begin, *length), kLatest)};
    if (capture.scope.times.empty() || !capture.info.meta.wallOffsetNs)
        return out;
    // What of it is looked at.
    std::int64_t first = kLatest, last = 0;
    for (const auto &range : capture.scope.times) {
        first = std::min(first, saturatingAdd(*capture.info.meta.wallOffsetNs,
                                              range.begin.time_since_epoch().count()));
        last = std::max(last, saturatingAdd(*capture.info.meta.wallOffsetNs,
                                            range.end.time_since_epoch().count()));
    }
    out.begin = std::max(out.begin, first);
    out.end = std::min(out.end, last);
    return out.end > out.begin ? std::optional(out) : std::nullopt;
}

std::optional<WallTime> overlap(const WallTime &a, const WallTime &b)
{
    const WallTime out{std::max(a.begin, b.begin), std::min(a.end, b.end)};
    return out.end > out.begin ? std::optional(out) : std::nullopt;
}

// The same on the clock of another capture, to ask for its rows.
TimeRange onClockOf(const CaptureInfo &capture, const WallTime &time)
{
    const auto zero = capture.meta.wallOffsetNs.value_or(0);
    const auto offset = zero == INT64_MIN ? INT64_MAX : -zero;
    return {Timestamp{Duration{saturatingAdd(time.begin, offset)}},
            Timestamp{Duration{saturatingAdd(time.end, offset)}}};
}

// What one load test has to say.
struct Counted {
    double units = 0;
    WallTime time; // of the test
    std::string name;
    bool scaled = false;
};

// Requests that were sent in the time, failures too: they were work as well.
Result<double> countRows(const ComparedCapture &load, const WallTime &time, JobContext &job)
{
    FW_ASSIGN(const auto reader, load.session->reader());
    Scope scope;
    scope.captures = {load.info.id};
    scope.times = {onClockOf(load.info, time)};
    FW_ASSIGN(const auto rows, loadRows(*reader, scope, {}, job));
    return static_cast<double>(rows.size());
}

// Of a tool that counted itself: all of its time.
Result<double> countFigures(const ComparedCapture &load, JobContext &job)
{
    FW_ASSIGN(const auto reader, load.session->reader());
    Scope scope;
    scope.captures = {load.info.id};
    FW_ASSIGN(const auto captures, loadFigures(*reader, scope, job));
    double all = 0, parts = 0;
    for (const auto &capture : captures) {
        for (const auto &one : capture.latencies) {
            const auto count = one.count.value_or(0);
            if (one.endpoint.empty() && one.subset.empty())
                all = std::max(all, count);
            else if (one.subset.empty())
                parts += count;
        }
    }
    return all > 0 ? all : parts;
}

Result<std::optional<Counted>> countLoad(const ComparedCapture &load, const WallTime &during,
                                         JobContext &job)
{
    const auto time = wallTime(load);
    if (!time)
        return std::nullopt;
    const auto common = overlap(*time, during);
    if (!common)
        return std::nullopt;
    Counted out{.time = *time, .name = load.info.desc.name};
    if (load.info.requests > 0) {
        FW_ASSIGN(out.units, countRows(load, *common, job));
    } else {
        FW_ASSIGN(const auto all, countFigures(load, job));
        out.units =
            all * static_cast<double>(common->length()) / static_cast<double>(time->length());
        out.scaled = common->length() < time->length();
    }
    return out.units > 0 ? std::optional(out) : std::nullopt;
}

// One test in two files, its rows and its summary, is one test.
bool isSame(const Counted &a, const Counted &b)
{
    constexpr double kSecond = 1e9, kAlike = 0.05;
    const auto off = [](std::int64_t x, std::int64_t y) {
        return std::abs(static_cast<double>(x - y));
    };
    return off(a.time.begin, b.time.begin) < 2 * kSecond &&
           off(a.time.end, b.time.end) < 2 * kSecond &&
           std::abs(a.units - b.units) <= kAlike * std::max(a.units, b.units);
}

std::string countText(double count)
{
    return formatCount(static_cast<std::int64_t>(std::llround(count)));
}

// Traces of which the first span began in the time.
Result<double> countTraces(const ComparedCapture &traces, const WallTime &time, JobContext &job)
{
    FW_ASSIGN(const auto reader, traces.session->reader());
    Scope scope;
    scope.captures = {traces.info.id};
    const auto range = onClockOf(traces.info, time);
    scope.times = {range};
    FW_ASSIGN(const auto spans, spanRows(*reader, scope, job));
    std::vector<std::uint8_t> seen(spans.rows.traces.size(), 0);
    double out = 0;
    for (const auto trace : spans.rows.trace) {
        out += seen[trace] ? 0 : 1;
        seen[trace] = 1;
    }
    return out;
}

Result<std::optional<WorkDone>> tracesDone(const CompareSide &side, const WallTime &during,
                                           JobContext &job)
{
    WorkDone out{.unit = "traced request"};
    for (const auto &one : side.captures) {
        const auto time = one.info.kind == "trace" ? wallTime(one) : std::nullopt;
        const auto common = time ? overlap(*time, during) : std::nullopt;
        if (!common)
            continue;
        FW_ASSIGN(const auto count, countTraces(one, *common, job));
        // Two files of one recording have the same traces.
        if (count <= out.units)
            continue;
        out.units = count;
        out.source = countText(count) + " traces of " + one.info.desc.name +
                     " began in that time; what was not sampled does not count";
    }
    return out.units > 0 ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace

Result<std::optional<WorkDone>> workDone(const CompareSide &side, const ComparedCapture &during,
                                         JobContext &job)
{
    const auto time = wallTime(during);
    if (!time)
        return std::nullopt;
    std::vector<Counted> tests;
    for (const auto &one : side.captures) {
        FW_TRY(job.checkpoint());
        if (one.info.kind != "load test")
            continue;
        FW_ASSIGN(auto counted, countLoad(one, *time, job));
        if (!counted)
            continue;
        const auto same = std::find_if(tests.begin(), tests.end(), [&](const Counted &other) {
            return isSame(other, *counted);
        });
        if (same == tests.end())
            tests.push_back(std::move(*counted));
        else if (same->scaled && !counted->scaled)
            *same = std::move(*counted);
    }
    if (tests.empty())
        return tracesDone(side, *time, job);
    WorkDone out{.unit = "request"};
    for (const auto &one : tests) {
        out.units += one.units;
        out.source += (out.source.empty() ? "" : ", ") + countText(one.units) + " requests of " +
                      one.name + (one.scaled ? " (its count, for the time in common)" : "");
    }
    return out;
}

} // namespace flamewright
