#include "tests/support/import_contract.h"

#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"
#include "capture/session/references.h"

#include <algorithm>
#include <map>
#include <stop_token>

namespace flamewright::testing {
namespace {

constexpr std::uint32_t kSeed = 20211;

template <class T>
void append(std::vector<T> &to, const std::vector<T> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

// Appends the rows of one page to all that came before.
template <class Columns>
void appendRows(Columns &to, const Columns &from)
{
    Columns::visit(to, [&](auto &...all) {
        Columns::visit(from, [&](const auto &...page) { (append(all, page), ...); });
    });
}

template <class Columns>
std::string appendPage(Columns &to, const Result<Columns> &page)
{
    if (!page.has_value())
        return page.error().text();
    appendRows(to, *page);
    return {};
}

// The texts of slices, which are pages of strings that are not interned.
std::string appendTexts(std::vector<std::string> &to, const Chunk &chunk)
{
    const auto page = decodeStrings(chunk);
    if (!page.has_value())
        return page.error().text();
    if (chunk.firstRow != to.size() + 1)
        return "pages of texts are missing or overlap";
    for (std::size_t i = 0; i < page->size(); ++i)
        to.emplace_back(page->at(i));
    return {};
}

// Decodes what the store got; the first rule it breaks, or empty.
std::string readBack(const MemoryStore &store, Imported &out)
{
    DimensionsBuilder builder;
    for (const auto &chunk : store.chunks()) {
        std::string broken;
        switch (chunk.kind) {
        case ChunkKind::Samples: broken = appendPage(out.samples, decodeSamples(chunk)); break;
        case ChunkKind::Slices: broken = appendPage(out.slices, decodeSlices(chunk)); break;
        case ChunkKind::Counters: broken = appendPage(out.counters, decodeCounters(chunk)); break;
        case ChunkKind::Flows: broken = appendPage(out.flows, decodeFlows(chunk)); break;
        case ChunkKind::Requests: broken = appendPage(out.requests, decodeRequests(chunk)); break;
        case ChunkKind::Summaries:
            broken = appendPage(out.summaries, decodeSummaries(chunk));
            break;
        case ChunkKind::Benchmarks:
            broken = appendPage(out.benchmarks, decodeBenchmarks(chunk));
            break;
        case ChunkKind::SliceLevels:
            broken = appendPage(out.sliceLevels, decodeSliceLevels(chunk));
            break;
        case ChunkKind::CounterLevels:
            broken = appendPage(out.counterLevels, decodeCounterLevels(chunk));
            break;
        case ChunkKind::Texts: broken = appendTexts(out.texts, chunk); break;
        case ChunkKind::Strings:
        case ChunkKind::Frames:
        case ChunkKind::Stacks:
            if (auto added = builder.add(chunk); !added.has_value())
                broken = added.error().text();
            break;
        }
        if (!broken.empty())
            return broken;
    }
    auto dimensions = std::move(builder).finish(store.meta());
    if (!dimensions.has_value())
        return dimensions.error().text();
    out.dimensions = *std::move(dimensions);
    return {};
}

// That slices and what belongs to them refer to what is there, and that every level of detail holds
// all slices once.
std::string checkTraces(const Imported &in)
{
    const auto tracks = in.dimensions.tracks.size();
    const auto strings = in.dimensions.strings.size() - 1;
    if (!refersWithin(in.slices, tracks, strings, in.texts.size()))
        return "a slice refers to something that is not there";
    if (std::any_of(in.slices.depth.begin(), in.slices.depth.end(),
                    [](std::uint32_t depth) { return depth == kFreeLane; }))
        return "a slice has no lane";
    if (!refersWithin(in.flows, tracks, strings))
        return "a flow refers to something that is not there";
    if (!refersWithin(in.sliceLevels, tracks, strings))
        return "a level of slices refers to something that is not there";
    std::map<int, std::uint64_t> slices;
    for (std::size_t i = 0; i < in.sliceLevels.size(); ++i)
        slices[in.sliceLevels.cellBits[i]] += in.sliceLevels.count[i];
    for (const auto &[bits, count] : slices) {
        if (count != in.slices.size())
            return "a level does not hold every slice once";
    }
    return {};
}

// What DimensionsBuilder does not know about: the facts.
std::string checkFacts(const Imported &in)
{
    const auto &d = in.dimensions;
    std::vector<std::int64_t> totals(in.meta.measures.size());
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        const auto &s = in.samples;
        if (s.stack[i].raw >= d.stacks.size())
            return "a sample's stack is not there";
        if (s.track[i].raw > d.tracks.size())
            return "a sample's track is not there";
        if (s.measure[i].raw == 0 || s.measure[i].raw > totals.size())
            return "a sample's measure is not there";
        if (s.labels[i].raw >= d.strings.size())
            return "a sample's labels are not there";
        auto &total = totals[s.measure[i].raw - 1];
        total = saturatingAdd(total, s.value[i]);
    }
    for (const auto track : in.counters.track) {
        if (track.raw > d.tracks.size())
            return "a counter's track is not there";
    }
    if (!refersWithin(in.requests, d.tracks.size(), d.strings.size() - 1))
        return "a request refers to something that is not there";
    if (!refersWithin(in.summaries, d.tracks.size(), d.strings.size() - 1))
        return "a summary refers to something that is not there";
    if (!refersWithin(in.benchmarks, d.strings.size() - 1))
        return "a benchmark value refers to a text that is not there";
    for (std::size_t i = 0; i < totals.size(); ++i) {
        const auto saturated = [](std::int64_t v) { return v == INT64_MAX || v == INT64_MIN; };
        if (totals[i] != in.meta.measures[i].total && !saturated(totals[i]) &&
            !saturated(in.meta.measures[i].total))
            return "the total of a measure is not the sum of its samples";
    }
    return {};
}

std::string failureOf(const Imported &in, std::string_view during)
{
    if (!in.broken.empty())
        return std::string(during) + ": " + in.broken;
    if (!in.result.has_value()) {
        // An Internal error is a caught exception: a bug, not an answer.
        if (in.result.error().code() == Errc::Internal)
            return std::string(during) + ": " + in.result.error().text();
        if (in.result.error().message().empty())
            return std::string(during) + ": the error says nothing";
    }
    return {};
}

// Asks the job to stop once half of the bytes were handed out.
class StoppingSource final : public ByteSource {
public:
    StoppingSource(std::string_view bytes, std::stop_source &stop)
        : m_memory(bytes),
          m_half(bytes.size() / 2),
          m_stop(stop)
    {}
    Result<std::size_t> read(std::span<std::byte> into) override
    {
        auto got = m_memory.read(into.first(std::min<std::size_t>(into.size(), 512)));
        m_given += got.has_value() ? *got : 0;
        if (m_given >= m_half)
            m_stop.request_stop();
        return got;
    }
    Result<std::span<const std::byte>> whole(std::uint64_t limit) override
    {
        m_stop.request_stop();
        return m_memory.whole(limit);
    }

private:
    MemorySource m_memory;
    std::size_t m_half;
    std::size_t m_given = 0;
    std::stop_source &m_stop;
};

} // namespace

Result<std::size_t> ChoppedSource::read(std::span<std::byte> into)
{
    if (into.empty())
        return std::size_t{0};
    const auto n = 1 + m_random() % m_maxBytes;
    return m_memory.read(into.first(std::min<std::size_t>(into.size(), n)));
}

Result<std::span<const std::byte>> ChoppedSource::whole(std::uint64_t limit)
{
    return m_memory.whole(limit);
}

std::uint64_t Imported::noteCount(std::string_view code) const
{
    for (const auto &note : meta.notes) {
        if (note.code == code)
            return note.count;
    }
    return 0;
}

const MeasureRow *Imported::measure(std::string_view name) const
{
    for (const auto &row : meta.measures) {
        if (row.name == name)
            return &row;
    }
    return nullptr;
}

std::string Imported::provenance(std::string_view key) const
{
    for (const auto &[k, value] : meta.provenance) {
        if (k == key)
            return value;
    }
    return {};
}

Imported importSource(const Importer &importer, ByteSource &source, JobContext &job)
{
    Imported out;
    MemoryStore store;
    RecordSink sink(store);
    const ImportOptions options;
    out.result = guarded([&] { return importer.run({source, sink, job, options}); });
    // As the program does: what was read before an error is sealed, too.
    auto finished = sink.finish();
    if (out.result.has_value() && !finished.has_value())
        out.result = std::move(finished);
    out.meta = store.meta();
    out.broken = readBack(store, out);
    if (out.broken.empty())
        out.broken = checkFacts(out);
    if (out.broken.empty())
        out.broken = checkTraces(out);
    return out;
}

Imported importBytes(const Importer &importer, std::string_view bytes)
{
    MemorySource source(bytes);
    JobContext job;
    return importSource(importer, source, job);
}

Imported importDetected(std::string_view bytes, std::string_view fileName)
{
    ImporterRegistry registry;
    addBuiltinImporters(registry);
    const auto head = bytes.substr(0, kProbeBytes);
    const auto found = registry.detect({.head = std::as_bytes(std::span(head)),
                                        .headIsAll = head.size() == bytes.size(),
                                        .fileName = fileName});
    if (found.empty()) {
        Imported out;
        out.result = fail(Errc::UnknownFormat, "nobody reads this");
        return out;
    }
    return importBytes(*found.front().importer, bytes);
}

std::string checkTruncation(const Importer &importer, std::string_view bytes, Damage damage)
{
    const auto whole = importBytes(importer, bytes);
    if (auto bad = failureOf(whole, "whole"); !bad.empty())
        return bad;
    for (int i = 0; i < damage.truncations; ++i) {
        const auto size = bytes.size() * static_cast<std::size_t>(i) /
                          static_cast<std::size_t>(damage.truncations);
        // A buffer of its own, so that the sanitizer sees a read beyond the end.
        const std::vector<char> cut(bytes.begin(),
                                    bytes.begin() + static_cast<std::ptrdiff_t>(size));
        const auto part = importBytes(importer, {cut.data(), cut.size()});
        const auto during = "cut to " + std::to_string(size) + " bytes";
        if (auto bad = failureOf(part, during); !bad.empty())
            return bad;
        if (part.samples.size() > whole.samples.size())
            return during + ": more samples than the whole has";
    }
    return {};
}

std::string checkFlips(const Importer &importer, std::string_view bytes, Damage damage)
{
    if (bytes.empty())
        return {};
    std::mt19937 random(kSeed);
    for (int i = 0; i < damage.flips; ++i) {
        std::vector<char> copy(bytes.begin(), bytes.end());
        const auto at = random() % copy.size();
        const auto with = static_cast<unsigned char>(1 + random() % 255);
        copy[at] = static_cast<char>(static_cast<unsigned char>(copy[at]) ^ with);
        const auto flipped = importBytes(importer, {copy.data(), copy.size()});
        auto bad =
            failureOf(flipped, "byte " + std::to_string(at) + " xor " + std::to_string(with));
        if (!bad.empty())
            return bad;
    }
    return {};
}

std::string checkCancel(const Importer &importer, std::string_view bytes)
{
    std::stop_source stop;
    JobContext job(stop.get_token());
    StoppingSource source(bytes, stop);
    const auto cancelled = importSource(importer, source, job);
    if (!cancelled.broken.empty())
        return "cancelled: " + cancelled.broken;
    if (cancelled.result.has_value())
        return "a cancelled import says that it is done";
    if (cancelled.result.error().code() != Errc::Cancelled)
        return "a cancelled import says: " + cancelled.result.error().text();
    return {};
}

std::string checkReadSizes(const Importer &importer, std::string_view bytes)
{
    const auto expected = dump(importBytes(importer, bytes));
    for (const auto maxBytes : {1u, 7u, 4096u}) {
        if (maxBytes == 1 && bytes.size() > (256u << 10))
            continue;
        ChoppedSource source(bytes, maxBytes, kSeed);
        JobContext job;
        if (dump(importSource(importer, source, job)) != expected)
            return "reads of up to " + std::to_string(maxBytes) + " bytes give another result";
    }
    return {};
}

std::string checkName(std::string_view bytes, std::string_view fileName)
{
    if (dump(importDetected(bytes, fileName)) != dump(importDetected(bytes, "unknown")))
        return "the result depends on the file name";
    return {};
}

std::vector<Fixture> fixturesOf(const ImporterRegistry &registry,
                                const std::filesystem::path &folder)
{
    std::vector<Fixture> out;
    for (const auto &importer : registry.all()) {
        const std::string id(importer->format().id);
        if (!std::filesystem::is_directory(folder / id))
            continue;
        for (const auto &entry : std::filesystem::directory_iterator(folder / id)) {
            const auto name = entry.path().filename().string();
            if (!entry.is_regular_file() || name.ends_with(".md") || name.ends_with(".actual") ||
                name.starts_with("."))
                continue;
            out.push_back({id, entry.path(), readFile(entry.path())});
        }
    }
    std::ranges::sort(out, {}, &Fixture::path);
    return out;
}

} // namespace flamewright::testing
