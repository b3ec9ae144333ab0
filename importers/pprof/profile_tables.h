#pragma once

#include "capture/session/record_sink.h"

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

// The tables of a pprof profile, decoded; samples stay encoded and are read in a second pass.
// https://github.com/google/pprof/blob/main/proto/profile.proto
namespace flamewright::pprof {

// Finds a row by the id that the file gave it. Ids are usually 1..n, but need not be.
class IdIndex {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    void add(std::uint64_t id)
    {
        m_rows.emplace_back(id, static_cast<std::uint32_t>(m_rows.size()));
    }
    // Call once, after the last add(). Returns how many ids were given twice (the first wins).
    std::uint64_t seal();
    std::uint32_t find(std::uint64_t id) const; // kNone: not there

private:
    std::vector<std::pair<std::uint64_t, std::uint32_t>> m_rows;
    bool m_counting = false; // row i has id i + 1
};

// Indexes into the string table; out of range reads as empty.
using StringIndex = std::int64_t;

struct ValueType {
    StringIndex type = 0;
    StringIndex unit = 0;
};

struct Mapping {
    std::uint64_t id = 0, start = 0, limit = 0, fileOffset = 0;
    StringIndex file = 0;
    StringIndex buildId = 0;
};

struct Function {
    std::uint64_t id = 0;
    StringIndex name = 0;
    StringIndex systemName = 0;
    StringIndex file = 0;
};

struct Line {
    std::uint32_t function = IdIndex::kNone; // row of functions
    std::int64_t line = 0;
};

struct Location {
    std::uint64_t id = 0, mappingId = 0, address = 0;
    std::uint32_t lineBegin = 0, lineEnd = 0; // of lines, innermost first
    bool folded = false;                      // several of these share one address
};

struct Label {
    StringIndex key = 0, text = 0, unit = 0;
    std::int64_t number = 0;
};

struct SampleRow {
    std::vector<std::uint64_t> locations; // ids, leaf first
    std::vector<std::int64_t> values;     // by sample type
    std::vector<Label> labels;
};

struct Tables {
    std::vector<std::string_view> strings; // views into the input
    std::vector<ValueType> sampleTypes;
    std::vector<Mapping> mappings;
    std::vector<Function> functions;
    std::vector<Line> lines;
    std::vector<Location> locations;
    IdIndex mappingIndex, functionIndex, locationIndex;
    std::vector<StringIndex> comments;
    ValueType periodType;
    std::int64_t period = 0, timeNanos = 0, durationNanos = 0;
    StringIndex dropFrames = 0, keepFrames = 0, defaultSampleType = 0, docUrl = 0;
    std::uint64_t samples = 0; // messages, not decoded yet

    std::string_view text(StringIndex i) const
    {
        return i < 0 || static_cast<std::uint64_t>(i) >= strings.size()
                   ? std::string_view()
                   : strings[static_cast<std::size_t>(i)];
    }
    bool has(StringIndex i) const
    {
        return i == 0 || (i > 0 && static_cast<std::uint64_t>(i) < strings.size());
    }
};

// Decodes everything but the samples. Damage is noted and skipped; Errc::Corrupt when nothing of
// it is a profile, Errc::Limit when a table is absurdly large.
Result<Tables> decodeTables(std::string_view bytes, RecordSink &sink);

// Calls `each(SampleRow &, offset)` for every sample that can be decoded, `broken(offset)` for the
// others. Stops at the first error of `each`. The row is reused.
Result<> decodeSamples(std::string_view bytes,
                       const std::function<Result<>(SampleRow &, std::uint64_t)> &each,
                       const std::function<void(std::uint64_t)> &broken);

// Whether the beginning of a file is the beginning of a profile. `isAll`: it is the whole file.
bool looksLikeProfile(std::string_view head, bool isAll);

} // namespace flamewright::pprof
