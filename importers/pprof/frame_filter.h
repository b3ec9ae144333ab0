#pragma once

#include "importers/pprof/profile_tables.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace flamewright::pprof {

// drop_frames and keep_frames of a profile: its writer's idea of what is not worth showing (the
// allocator below the caller of malloc). Applied as `go tool pprof` applies them, so that both
// show the same functions.
class FrameFilter {
public:
    // Shortens the inline chains of `tables` where only their inner part is dropped. An expression
    // that is not one is noted, and nothing is dropped.
    static FrameFilter apply(Tables &tables, RecordSink &sink);

    // How many of the innermost entries of `locations` (rows of tables.locations or
    // IdIndex::kNone, leaf first) to leave out.
    std::size_t droppedLeaves(const std::vector<std::uint32_t> &locations) const;
    bool active() const { return !m_match.empty(); }

private:
    enum class Match : std::uint8_t { No, Beneath, Whole };
    std::vector<Match> m_match; // by row of locations; empty: nothing is dropped
};

// The name that the expressions are matched with: no arguments, no leading dot.
std::string_view nameForFilter(std::string_view function);

} // namespace flamewright::pprof
