#pragma once

#include "capture/base/units.h"
#include "capture/session/records.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace flamewright {

// Spans of distributed traces as columns of one length, in order of `begin`: what every analysis of
// traces reads. Ids are as found: parents may be missing, ids may be there twice, parents may go in
// circles.
struct SpanRows {
    std::vector<std::int64_t> begin;    // ns on the capture's clock
    std::vector<std::int64_t> length;   // ns, not negative
    std::vector<std::uint32_t> trace;   // index of `traces`
    std::vector<std::uint64_t> span;    // its id; 0: none
    std::vector<std::uint64_t> parent;  // 0: none, a root
    std::vector<std::uint32_t> service; // index of `services`
    std::vector<std::uint32_t> name;    // index of `names`: the operation
    std::vector<SliceKind> kind;        // isSpan() of all of them
    std::vector<std::uint8_t> flags;    // SliceFlag
    std::vector<TrackId> track;         // of the capture
    std::vector<TextId> args;           // attributes

    // As in the capture: through CaptureText before they are shown.
    std::vector<std::string> traces, services, names;

    std::size_t size() const { return begin.size(); }
    bool empty() const { return begin.empty(); }
    std::int64_t endOf(std::size_t row) const { return saturatingAdd(begin[row], length[row]); }
    bool failed(std::size_t row) const { return (flags[row] & kSliceError) != 0; }
};

} // namespace flamewright
