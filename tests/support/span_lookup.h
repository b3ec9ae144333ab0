#pragma once

#include "tests/support/import_contract.h"

#include <cstdio>
#include <set>
#include <string>

namespace flamewright::testing {

inline std::string textOf(const Imported &in, StringId id)
{
    return id.raw == 0 ? std::string() : std::string(in.dimensions.strings.text(id));
}

inline std::string argsOf(const Imported &in, std::size_t row)
{
    const auto id = in.slices.args[row].raw;
    return id == 0 ? std::string() : in.texts[id - 1];
}

inline std::string trackOf(const Imported &in, TrackId track)
{
    return in.meta.tracks[track.raw - 1].name;
}

// One line: "span trace=.. id=.. parent=.. kind=.. flags=.. service/name begin+length".
inline std::string sliceLine(const Imported &in, std::size_t row, bool withTrace = true)
{
    const auto &s = in.slices;
    char ids[64];
    std::snprintf(ids, sizeof ids, "%016llx<%016llx", static_cast<unsigned long long>(s.span[row]),
                  static_cast<unsigned long long>(s.parent[row]));
    return (withTrace ? textOf(in, s.trace[row]) + ' ' : std::string()) + ids + ' ' +
           std::to_string(static_cast<int>(s.kind[row])) + '/' + std::to_string(s.flags[row]) +
           ' ' + trackOf(in, s.track[row]) + ' ' + textOf(in, s.name[row]) + ' ' +
           std::to_string(s.begin[row].time_since_epoch().count()) + '+' +
           std::to_string(s.length[row].count());
}

inline std::multiset<std::string> spanLines(const Imported &in, bool withArgs = false)
{
    std::multiset<std::string> out;
    for (std::size_t i = 0; i < in.slices.size(); ++i) {
        if (isSpan(in.slices.kind[i]))
            out.insert(sliceLine(in, i) + (withArgs ? ' ' + argsOf(in, i) : std::string()));
    }
    return out;
}

struct SpanTotals {
    std::uint64_t spans = 0, errors = 0, events = 0, logs = 0, noEnd = 0, remote = 0;
    std::int64_t totalNs = 0;
    std::set<std::string> services, traces;
};

inline SpanTotals spanTotals(const Imported &in)
{
    SpanTotals out;
    const auto &s = in.slices;
    for (std::size_t i = 0; i < s.size(); ++i) {
        out.events += s.kind[i] == SliceKind::Instant;
        out.logs += s.kind[i] == SliceKind::Log;
        if (isSpan(s.kind[i]) || s.kind[i] == SliceKind::Log)
            out.services.insert(trackOf(in, s.track[i]));
        if (!isSpan(s.kind[i]))
            continue;
        ++out.spans;
        out.errors += (s.flags[i] & kSliceError) != 0;
        out.noEnd += (s.flags[i] & kSliceNoEnd) != 0;
        out.remote += (s.flags[i] & kSliceRemote) != 0;
        out.totalNs = saturatingAdd(out.totalNs, s.length[i].count());
        if (s.trace[i].raw != 0)
            out.traces.insert(textOf(in, s.trace[i]));
    }
    return out;
}

} // namespace flamewright::testing
