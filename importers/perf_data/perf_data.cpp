#include "importers/formats.h"
#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"
#include "importers/perf_data/perf_import.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace flamewright {
namespace {

// perf.data, as written by perf record, to a file or to a pipe. The file: header, event ids, event
// attributes, data, then a table of feature sections and the sections themselves, which are read
// in this order, once. `perf inject` from a pipe into a file (since Linux 6.12) writes ids and
// attributes last. The pipe: a short header, then records for everything.
// https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/tools/perf/Documentation/perf.data-file-format.txt
constexpr FormatInfo kFormat{"perf-data", "Linux perf.data", "data"};

constexpr std::string_view kMagic2 = "PERFILE2";
constexpr std::string_view kMagic2Swapped = "2ELIFREP";
constexpr std::string_view kMagic1 = "PERFFILE";
constexpr std::string_view kMagic1Swapped = "ELIFFREP";

constexpr std::size_t kMagicBytes = 8;
constexpr std::size_t kPipeHeaderBytes = 16;
constexpr std::size_t kFileHeaderBytes = 104;
constexpr std::size_t kSectionBytes = 16;
constexpr std::size_t kOldestAttr = 64;
constexpr std::uint64_t kMaxPrefix = 256u << 20;  // ids and attributes
constexpr std::uint64_t kMaxKept = 1ull << 30;    // of a file with the events behind the data
constexpr std::size_t kEventTypeBytes = 72;       // number and name of an event, of old
constexpr std::uint64_t kMaxFeature = 128u << 20; // a section of interest

struct Section {
    std::uint64_t offset = 0, size = 0;
    std::uint64_t end() const
    {
        std::uint64_t sum = 0;
        return __builtin_add_overflow(offset, size, &sum) ? UINT64_MAX : sum;
    }
};

Section readSection(PerfCursor &in)
{
    const auto offset = in.u64();
    return {offset, in.u64()};
}

struct FileHeader {
    std::uint64_t attrSize = 0; // of an entry: attribute and section of its ids
    Section attrs, data, eventTypes;
    std::array<std::uint64_t, 4> features{};

    bool has(std::uint32_t feature) const { return (features[feature / 64] >> feature % 64 & 1); }
};

FileHeader parseFileHeader(std::span<const std::byte> bytes, bool swap)
{
    PerfCursor in(bytes, swap);
    in.skip(kPipeHeaderBytes);
    FileHeader header;
    header.attrSize = in.u64();
    header.attrs = readSection(in);
    header.data = readSection(in);
    header.eventTypes = readSection(in); // before Linux 3.11
    for (auto &word : header.features)
        word = in.u64();
    // The bitmap is one of unsigned long. Every file has a host name, so if that bit is missing
    // the other machine's long had 32 bits.
    if (swap && !header.has(kPerfFeatureHostname)) {
        for (auto &word : header.features)
            word = word << 32 | word >> 32;
        if (!header.has(kPerfFeatureHostname)) {
            for (auto &word : header.features)
                word = word << 32 | word >> 32;
        }
    }
    return header;
}

Error damaged(const char *what, std::uint64_t offset)
{
    return Error(Errc::Corrupt, what).at(offset);
}

// Some bytes of the input and where they are in it.
struct Known {
    std::span<const std::byte> bytes;
    std::uint64_t offset = 0;

    bool has(const Section &section) const
    {
        return section.offset >= offset && section.end() <= offset + bytes.size();
    }
    std::span<const std::byte> at(const Section &section) const
    {
        return bytes.subspan(static_cast<std::size_t>(section.offset - offset),
                             static_cast<std::size_t>(section.size));
    }
};

// Reads the part of the input between where it is and `offset` of the input.
Result<bool> skipTo(PerfInputStream &input, std::uint64_t offset)
{
    const auto distance = offset - input.position();
    FW_ASSIGN(const auto skipped, input.skip(distance));
    return skipped == distance;
}

class FileRun {
public:
    FileRun(ImportRun run, PerfInputStream &input, bool swap)
        : m_run(run),
          m_input(&input),
          m_swap(swap),
          m_import(run, swap)
    {}

    Result<> run(std::vector<std::byte> start)
    {
        start.resize(kPipeHeaderBytes);
        FW_ASSIGN(const auto got, m_input->append(start, kFileHeaderBytes - kPipeHeaderBytes));
        if (got < kFileHeaderBytes - kPipeHeaderBytes)
            return fail(damaged("the file ends in its header", start.size()));
        const auto header = parseFileHeader(start, m_swap);
        FW_TRY(readEvents(header, std::move(start)));
        const auto ended = header.data.size > 0;
        if (!ended)
            m_run.sink.note(Severity::DataLoss, "perf_unfinished", kFileHeaderBytes,
                            "perf record did not come to its end: names of events, build ids and "
                            "facts about the machine are missing");
        PerfRecordReader reader(*m_input, m_import.blocks(), ended ? header.data.end() : UINT64_MAX,
                                false, m_swap);
        FW_TRY(m_import.readAll(*m_input, reader));
        if (ended && reader.end() != PerfStreamEnd::Truncated)
            FW_TRY(readFeatures(header));
        m_import.finish();
        return m_run.sink.status();
    }

private:
    // `prefix`: the input so far. Ids and attributes stand before the data.
    Result<> readEvents(const FileHeader &header, std::vector<std::byte> prefix)
    {
        const auto begin = header.data.offset;
        if (begin < kFileHeaderBytes || header.attrSize < kOldestAttr + kSectionBytes ||
            header.attrs.size < header.attrSize)
            return fail(damaged("the header describes no events", kPipeHeaderBytes));
        if (header.data.size > 0 && header.attrs.offset >= header.data.end())
            return readEventsBehind(header);
        if (begin > kMaxPrefix)
            return fail(damaged("the data begins too far into the file", kPipeHeaderBytes));
        FW_ASSIGN(const auto got, m_input->append(prefix, begin - prefix.size()));
        if (m_input->position() < begin)
            return fail(damaged("the file ends before its data", got));
        const Known known{prefix, 0};
        if (!known.has(header.attrs))
            return fail(
                damaged("the descriptions of the events reach into the data", header.attrs.offset));
        addEvents(header, known);
        if (header.eventTypes.size > 0 && known.has(header.eventTypes))
            nameTracepoints(known.at(header.eventTypes));
        return {};
    }

    // The rest of the file is kept, so that its end can be read before its middle.
    Result<> readEventsBehind(const FileHeader &header)
    {
        auto rest = m_run.input.whole(kMaxKept);
        if (!rest.has_value() && rest.error().code() == Errc::Limit)
            return fail(Error(Errc::Limit,
                              "the events are described behind more data than is kept in memory; "
                              "record into a file instead of converting a pipe with perf inject")
                            .at(kPipeHeaderBytes));
        FW_TRY(rest);
        const Known known{*rest, m_input->position()};
        if (!known.has(header.attrs))
            return fail(damaged("the file ends before the descriptions of its events",
                                known.offset + known.bytes.size()));
        addEvents(header, known);
        m_kept.emplace(*rest);
        m_keptInput.emplace(*m_kept, known.offset);
        m_input = &*m_keptInput;
        return skipTo(*m_input, header.data.offset).map([](bool) {});
    }

    void addEvents(const FileHeader &header, const Known &known)
    {
        const auto table = known.at(header.attrs);
        const auto stride = static_cast<std::size_t>(header.attrSize);
        for (std::size_t at = 0; at + stride <= table.size(); at += stride)
            addEvent(known, table.subspan(at, stride), header.attrs.offset + at);
    }

    void nameTracepoints(std::span<const std::byte> table)
    {
        for (; table.size() >= kEventTypeBytes; table = table.subspan(kEventTypeBytes)) {
            PerfCursor in(table.first(kEventTypeBytes), m_swap);
            const auto config = in.u64();
            m_import.events().nameTracepoint(config, in.text(in.remaining()));
        }
    }

    void addEvent(const Known &known, std::span<const std::byte> entry, std::uint64_t offset)
    {
        const auto attr = parsePerfAttr(entry.first(entry.size() - kSectionBytes), m_swap);
        PerfCursor in(entry.last(kSectionBytes), m_swap);
        const auto ids = readSection(in);
        std::vector<std::uint64_t> numbers;
        const auto inside = ids.size == 0 || known.has(ids);
        if (inside && ids.size > 0) {
            const auto words = known.at(ids);
            for (std::size_t i = 0; i < words.size() / 8; ++i)
                numbers.push_back(perfWord(words, i, m_swap));
        }
        if (!inside || !m_import.events().add(attr, numbers))
            m_run.sink.note(Severity::DataLoss, "perf_bad_ids", offset,
                            "ids of an event that are not where they should be");
    }

    Result<> readFeatures(const FileHeader &header)
    {
        FW_ASSIGN(const auto there, skipTo(*m_input, header.data.end()));
        std::vector<std::uint32_t> present;
        for (std::uint32_t f = 0; f < kPerfFeatureCount; ++f) {
            if (header.has(f))
                present.push_back(f);
        }
        std::vector<std::byte> table;
        FW_ASSIGN(const auto got, m_input->append(table, present.size() * kSectionBytes));
        if (!there || got < present.size() * kSectionBytes) {
            noteTruncated();
            return {};
        }
        std::vector<std::pair<Section, std::uint32_t>> wanted;
        std::uint64_t end = m_input->position();
        PerfCursor in(table, m_swap);
        for (const auto feature : present) {
            const auto section = readSection(in);
            end = std::max(end, section.end());
            if (PerfFeatures::isWanted(feature) && section.size > 0)
                wanted.emplace_back(section, feature);
        }
        std::sort(wanted.begin(), wanted.end(),
                  [](const auto &a, const auto &b) { return a.first.offset < b.first.offset; });
        std::vector<std::byte> bytes;
        for (const auto &[section, feature] : wanted) {
            if (section.offset < m_input->position() || section.size > kMaxFeature) {
                noteBadFeature(section.offset);
                continue;
            }
            bytes.clear();
            FW_ASSIGN(const auto reached, skipTo(*m_input, section.offset));
            FW_ASSIGN(const auto size, m_input->append(bytes, section.size));
            if (!reached || size < section.size) {
                noteTruncated();
                return {};
            }
            if (!m_import.features().parse(feature, bytes, m_swap))
                noteBadFeature(section.offset);
        }
        // The last sections may be of no interest, but they should be there.
        if (end > m_input->position()) {
            FW_ASSIGN(const auto whole, skipTo(*m_input, end));
            if (!whole)
                noteTruncated();
        }
        return {};
    }

    void noteTruncated()
    {
        m_run.sink.note(Severity::DataLoss, "perf_truncated", m_input->position(),
                        "the file ends before its last sections");
    }
    void noteBadFeature(std::uint64_t offset)
    {
        m_run.sink.note(Severity::Notice, "perf_bad_feature", offset,
                        "a section about the recording that does not make sense");
    }

    ImportRun m_run;
    PerfInputStream *m_input;
    std::optional<MemorySource> m_kept; // what m_input reads when the events were behind the data
    std::optional<PerfInputStream> m_keptInput;
    bool m_swap;
    PerfImport m_import;
};

Result<> runPipe(ImportRun run, PerfInputStream &input, bool swap)
{
    PerfImport import(run, swap);
    PerfRecordReader reader(input, import.blocks(), UINT64_MAX, true, swap);
    FW_TRY(import.readAll(input, reader));
    if (import.events().empty())
        return fail(damaged("no event is described in the file", kPipeHeaderBytes));
    import.finish();
    return run.sink.status();
}

class PerfData final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto magic = probe.text().substr(0, kMagicBytes);
        const auto known = magic == kMagic2 || magic == kMagic2Swapped || magic == kMagic1 ||
                           magic == kMagic1Swapped;
        return known ? Match::Magic : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        run.job.setTotal(run.input.sizeHint().value_or(0));
        PerfInputStream input(run.input);
        std::vector<std::byte> start;
        FW_ASSIGN(const auto got, input.append(start, kPipeHeaderBytes));
        const std::string_view text(reinterpret_cast<const char *>(start.data()), start.size());
        const auto magic = text.substr(0, kMagicBytes);
        const auto swap = magic == kMagic2Swapped || magic == kMagic1Swapped;
        if (!swap && magic != kMagic2 && magic != kMagic1)
            return fail(Error(Errc::UnknownFormat, "this is not a perf.data file").at(0));
        if (got < kPipeHeaderBytes)
            return fail(damaged("the file ends in its header", got));
        const auto headerSize = perfWord(start, 1, swap);
        if (headerSize == kPipeHeaderBytes)
            return runPipe(run, input, swap);
        return FileRun(run, input, swap).run(std::move(start));
    }
};

} // namespace

std::unique_ptr<Importer> makePerfData()
{
    return std::make_unique<PerfData>();
}

} // namespace flamewright
