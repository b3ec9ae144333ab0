#pragma once

#include "analysis/span_rows.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace flamewright {

// A span as a test writes it down.
struct MadeSpan {
    std::string trace;
    std::uint64_t id = 0, parent = 0;
    std::string service, name;
    std::int64_t begin = 0, length = 0;
    SliceKind kind = SliceKind::SpanInternal;
    std::uint8_t flags = 0;
};

inline SpanRows madeSpans(std::vector<MadeSpan> spans)
{
    std::stable_sort(spans.begin(), spans.end(),
                     [](const MadeSpan &a, const MadeSpan &b) { return a.begin < b.begin; });
    SpanRows out;
    const auto idOf = [](std::vector<std::string> &names, const std::string &name) {
        const auto found = std::find(names.begin(), names.end(), name);
        const auto id = static_cast<std::uint32_t>(found - names.begin());
        if (found == names.end())
            names.push_back(name);
        return id;
    };
    for (const auto &span : spans) {
        out.begin.push_back(span.begin);
        out.length.push_back(span.length);
        out.trace.push_back(idOf(out.traces, span.trace));
        out.span.push_back(span.id);
        out.parent.push_back(span.parent);
        out.service.push_back(idOf(out.services, span.service));
        out.name.push_back(idOf(out.names, span.name));
        out.kind.push_back(span.kind);
        out.flags.push_back(span.flags);
        out.track.push_back({});
        out.args.push_back({});
    }
    return out;
}

// Anything: parents that are not there, that go in circles, that are younger or shorter than their
// children, ids that are there twice.
inline SpanRows wildSpans(unsigned seed, std::size_t count, std::size_t traces)
{
    std::mt19937_64 random(seed);
    const auto below = [&](std::uint64_t n) { return random() % n; };
    std::vector<MadeSpan> out;
    for (std::size_t i = 0; i < count; ++i) {
        const auto most = count / traces + 2;
        const SliceKind kinds[] = {SliceKind::Span, SliceKind::SpanClient, SliceKind::SpanServer,
                                   SliceKind::SpanInternal};
        out.push_back({.trace = std::to_string(below(traces)),
                       .id = below(most),
                       .parent = below(most),
                       .service = "s" + std::to_string(below(3)),
                       .name = "n" + std::to_string(below(4)),
                       .begin = static_cast<std::int64_t>(below(50)),
                       .length = static_cast<std::int64_t>(below(30)),
                       .kind = kinds[below(4)],
                       .flags = static_cast<std::uint8_t>(below(5) == 0 ? kSliceError : 0)});
    }
    return madeSpans(std::move(out));
}

} // namespace flamewright
