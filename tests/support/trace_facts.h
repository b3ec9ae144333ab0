#pragma once

#include "tests/support/import_contract.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace flamewright::testing {

// Counts and sums of what a trace holds, to compare with a script that reads the file in its own way:
// name of the fact, how often, total (nanoseconds, or values of a counter).
using TraceFacts = std::map<std::string, std::pair<std::uint64_t, std::int64_t>>;

inline std::string trackName(const Imported &in, TrackId track)
{
    return track.raw == 0 ? std::string() : in.meta.tracks[track.raw - 1].name;
}

inline TraceFacts traceFacts(const Imported &in)
{
    TraceFacts out;
    const auto add = [&](const std::string &name, std::int64_t value) {
        auto &fact = out[name];
        ++fact.first;
        fact.second = saturatingAdd(fact.second, value);
    };
    const auto &s = in.slices;
    for (std::size_t i = 0; i < s.size(); ++i) {
        const auto name = std::string(in.dimensions.strings.text(s.name[i]));
        const auto length = s.length[i].count();
        switch (s.kind[i]) {
        case SliceKind::State:
            if (in.meta.tracks[s.track[i].raw - 1].kind == TrackKind::Cpu)
                add(trackName(in, s.track[i]), length);
            else
                add("state " + name, length);
            break;
        case SliceKind::Instant: add("instants", 0); break;
        default: {
            const std::string kind = s.kind[i] == SliceKind::Async ? "async" : "slices";
            if ((s.flags[i] & kSliceNoBegin) != 0)
                add(kind + " without begin", 0);
            else if ((s.flags[i] & kSliceNoEnd) != 0)
                add(kind + " without end", 0);
            else
                add(kind, length);
        }
        }
    }
    const auto &c = in.counters;
    for (std::size_t i = 0; i < c.size(); ++i)
        add("counter " + trackName(in, c.track[i]), static_cast<std::int64_t>(c.value[i]));
    for (const auto length : in.flows.length)
        add("flows", length.count());
    return out;
}

// Lines of three fields, as the scripts print them.
inline TraceFacts factsFrom(std::string_view lines)
{
    TraceFacts out;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        const auto first = line.find('\t'), second = line.find('\t', first + 1);
        if (second == std::string_view::npos)
            continue;
        out[std::string(line.substr(0, first))] = {
            std::stoull(std::string(line.substr(first + 1, second - first - 1))),
            std::stoll(std::string(line.substr(second + 1)))};
    }
    return out;
}

// What only one of the two has, or has otherwise; empty: they are the same.
inline std::string differences(const TraceFacts &ours, const TraceFacts &theirs)
{
    std::string out;
    const auto text = [](const TraceFacts &facts, const std::string &name) {
        const auto it = facts.find(name);
        return it == facts.end()
                   ? std::string("none")
                   : std::to_string(it->second.first) + "/" + std::to_string(it->second.second);
    };
    auto names = ours;
    names.insert(theirs.begin(), theirs.end());
    for (const auto &entry : names) {
        const auto a = text(ours, entry.first), b = text(theirs, entry.first);
        if (a != b)
            out += entry.first + ": " + a + ", script: " + b + "\n";
    }
    return out;
}

} // namespace flamewright::testing
