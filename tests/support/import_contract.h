#pragma once

#include "capture/session/chunk.h"
#include "capture/session/dimensions.h"
#include "importers/importer.h"
#include "importers/registry.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Runs importers in this process and checks what every importer owes its callers. Checks answer
// with a sentence about the first thing that is wrong; empty: nothing is.
namespace flamewright::testing {

// Everything one import produced. `result` is the importer's or, where that was fine, the
// sink's; the rest is filled in whatever it says, as far as the import got.
struct Imported {
    Result<> result;
    CaptureMeta meta;
    Dimensions dimensions;
    SampleColumns samples; // as stored: sorted by time within each chunk of 64 Ki rows
    SliceColumns slices;
    CounterColumns counters;
    FlowColumns flows;
    SliceLevelColumns sliceLevels;
    CounterLevelColumns counterLevels;
    std::vector<std::string> texts; // [id - 1]
    RequestColumns requests;
    SummaryColumns summaries;
    BenchmarkColumns benchmarks;
    std::string broken; // what breaks the rules of the store; empty: nothing

    std::uint64_t noteCount(std::string_view code) const;
    const MeasureRow *measure(std::string_view name) const;
    std::string provenance(std::string_view key) const;
};

Imported importBytes(const Importer &importer, std::string_view bytes);
// For sources and jobs of one's own.
Imported importSource(const Importer &importer, ByteSource &source, JobContext &job);
// What `detect` thinks best; Errc::UnknownFormat when nobody wants it.
Imported importDetected(std::string_view bytes, std::string_view fileName = "unknown");

// Reads hand out 1..maxBytes at a time; `whole` is the memory's.
class ChoppedSource final : public ByteSource {
public:
    ChoppedSource(std::string_view bytes, std::size_t maxBytes, std::uint32_t seed)
        : m_memory(bytes),
          m_maxBytes(maxBytes),
          m_random(seed)
    {}
    Result<std::size_t> read(std::span<std::byte> into) override;
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override;

private:
    MemorySource m_memory;
    std::size_t m_maxBytes;
    std::mt19937 m_random;
};

// Deterministic text of an import: names instead of ids, the heaviest stacks and frames only.
std::string dump(const Imported &imported, std::size_t topStacks = 40);
// Per function of one measure: "self total name" lines, as buildProfile() sees it, exact.
std::string functionTable(const Imported &imported, std::string_view measure);

// Fixed seeds: the same bytes give the same damage on every machine.
struct Damage {
    int truncations = 50;
    int flips = 500;
};
std::string checkTruncation(const Importer &importer, std::string_view bytes, Damage damage = {});
std::string checkFlips(const Importer &importer, std::string_view bytes, Damage damage = {});
std::string checkCancel(const Importer &importer, std::string_view bytes);
std::string checkReadSizes(const Importer &importer, std::string_view bytes);
std::string checkName(std::string_view bytes, std::string_view fileName);

// tests/fixtures/<format id>/*, without *.md and hidden files. `text` is decompressed where the
// build can do so. Names beginning with "bad-" are input that is damaged on purpose.
struct Fixture {
    std::string format;
    std::filesystem::path path;
    std::string bytes;
    bool bad() const { return path.filename().string().starts_with("bad-"); }
};
std::vector<Fixture> fixturesOf(const ImporterRegistry &registry,
                                const std::filesystem::path &folder);
std::string readFile(const std::filesystem::path &path);

// Compares with the golden file. FW_UPDATE_GOLDEN=1 writes it instead; a mismatch leaves
// `golden`.actual and returns the first lines that differ.
std::string compareGolden(const std::filesystem::path &golden, std::string_view actual);

} // namespace flamewright::testing
