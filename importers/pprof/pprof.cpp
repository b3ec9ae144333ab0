#include "capture/session/dimensions.h"
#include "importers/formats.h"
#include "importers/pprof/frame_filter.h"
#include "importers/pprof/profile_tables.h"
#include "importers/pprof/sample_labels.h"
#include "importers/units.h"

#include <algorithm>
#include <map>

namespace flamewright {
namespace {

using namespace pprof;

constexpr FormatInfo kFormat{"pprof", "pprof profile", "pprof;pb;prof;cpu;heap"};
constexpr std::uint64_t kMaxInputBytes = 1ull << 30;
constexpr unsigned kSamplesPerCheck = 256;
constexpr int kNoCount = -1;

// One sample type of the file as a measure.
struct Measured {
    MeasureId id;
    std::int64_t scale = 1;
    // The sample type that counts what this one measures: alloc_objects for alloc_space.
    int countedBy = kNoCount;
};

class PprofReader {
public:
    PprofReader(ImportRun run, std::string_view bytes, Tables tables)
        : m_run(run),
          m_sink(run.sink),
          m_bytes(bytes),
          m_tables(std::move(tables)),
          m_filter(FrameFilter::apply(m_tables, m_sink)),
          m_frameOf(m_tables.locations.size()),
          m_moduleOf(m_tables.mappings.size())
    {}
    Result<> run();

private:
    void provenance();
    void measures();
    Result<> sample(SampleRow &row, std::uint64_t offset);
    TrackId trackOf(const LabelFacts &facts);
    StringId labelsOf(const std::vector<Label> &labels, std::uint64_t offset);
    StackId stackOf(std::uint64_t offset);
    FrameId frameOf(std::uint32_t location);
    ModuleId moduleOf(std::uint32_t mapping);
    std::uint64_t addressOf(const Location &location, std::uint32_t mapping);
    std::int64_t countOf(const SampleRow &row, const Measured &measured) const;
    std::string_view text(StringIndex i) const { return m_tables.text(i); }

    ImportRun m_run;
    RecordSink &m_sink;
    std::string_view m_bytes;
    Tables m_tables;
    FrameFilter m_filter;
    std::vector<FrameId> m_frameOf;   // by row of locations; raw 0: not made yet
    std::vector<ModuleId> m_moduleOf; // by row of mappings
    std::vector<Measured> m_measures; // by sample type
    TrackId m_process;
    std::string m_processName;
    std::vector<std::uint32_t> m_rows; // locations of the sample at hand
    std::uint64_t m_filtered = 0;      // samples that lost frames to drop_frames
    unsigned m_untilCheck = kSamplesPerCheck;
};

std::string_view baseName(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

ModuleKind moduleKind(std::string_view file)
{
    if (file.starts_with("[kernel") || file.starts_with("[guest.kernel"))
        return ModuleKind::Kernel;
    if (file == "[vdso]" || file == "[[vdso]]" || file == "linux-vdso.so.1")
        return ModuleKind::Vdso;
    if (file.empty() || file.front() == '[' || file.starts_with("//anon"))
        return ModuleKind::Unknown;
    return ModuleKind::Elf;
}

void PprofReader::provenance()
{
    const auto &t = m_tables;
    const auto typeText = [&](const ValueType &type) {
        const auto unit = text(type.unit);
        return std::string(text(type.type)) + (unit.empty() ? "" : "/" + std::string(unit));
    };
    if (!t.mappings.empty()) {
        m_sink.provenance("binary", text(t.mappings[0].file));
        m_processName = baseName(text(t.mappings[0].file));
    }
    if (m_processName.empty())
        m_processName = "pprof";
    m_sink.provenance("period_type", typeText(t.periodType));
    if (t.period != 0)
        m_sink.provenance("period", std::to_string(t.period));
    m_sink.provenance("default_sample_type", text(t.defaultSampleType));
    m_sink.provenance("drop_frames", text(t.dropFrames));
    m_sink.provenance("keep_frames", text(t.keepFrames));
    m_sink.provenance("doc_url", text(t.docUrl));
    std::string comments;
    for (const auto comment : t.comments)
        comments += (comments.empty() ? "" : "\n") + std::string(text(comment));
    m_sink.provenance("comment", comments);
    if (t.timeNanos != 0)
        m_sink.setWallOffset(t.timeNanos);
    if (t.durationNanos > 0)
        m_sink.setDuration(t.durationNanos);
    const auto folded = std::count_if(t.locations.begin(), t.locations.end(),
                                      [](const Location &l) { return l.folded; });
    m_sink.note(Severity::Info, "pprof_folded_locations", 0,
                "the linker gave several functions one address; only one of them is named",
                static_cast<std::uint64_t>(folded));
}

// The default sample type becomes the first measure; pprof's rule is: the one that is named, or
// else the last.
void PprofReader::measures()
{
    const auto &types = m_tables.sampleTypes;
    m_measures.resize(types.size());
    if (types.empty())
        return;
    auto preferred = types.size() - 1;
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (const auto name = text(m_tables.defaultSampleType);
            !name.empty() && text(types[i].type) == name)
            preferred = i;
    }
    const auto isCount = [&](std::size_t i) {
        const auto meaning = unitFromName(text(types[i].unit));
        return meaning.known && meaning.unit == Unit::Count;
    };
    int lastCount = kNoCount, counts = 0;
    for (std::size_t i = 0; i < types.size(); ++i) {
        if (isCount(i)) {
            lastCount = static_cast<int>(i);
            ++counts;
        }
        m_measures[i].countedBy = lastCount;
    }
    std::map<std::string, int, std::less<>> names;
    std::vector<std::string> nameOf;
    for (std::size_t i = 0; i < types.size(); ++i) {
        // A single count after what it counts: cpu/nanoseconds, samples/count.
        if (m_measures[i].countedBy == kNoCount && counts == 1)
            m_measures[i].countedBy = lastCount;
        const auto unit = text(types[i].unit);
        const auto meaning = unitFromName(unit);
        auto name = std::string(text(types[i].type));
        if (name.empty())
            name = "value";
        if (!meaning.known)
            name += " (" + std::string(unit) + ")";
        if (const auto again = ++names[name]; again > 1)
            name += " #" + std::to_string(again);
        nameOf.push_back(std::move(name));
        m_measures[i].scale = meaning.scale;
    }
    const auto intern = [&](std::size_t i) {
        m_measures[i].id = m_sink.measure({nameOf[i], unitFromName(text(types[i].unit)).unit});
    };
    intern(preferred);
    for (std::size_t i = 0; i < types.size(); ++i)
        intern(i);
}

ModuleId PprofReader::moduleOf(std::uint32_t mapping)
{
    if (mapping == IdIndex::kNone)
        return {};
    auto &module = m_moduleOf[mapping];
    if (module.raw == 0) {
        const auto file = text(m_tables.mappings[mapping].file);
        auto buildId = std::string(text(m_tables.mappings[mapping].buildId));
        if (!isHex(buildId))
            buildId.clear(); // of another kind than what debug files are found by
        for (auto &c : buildId)
            c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        if (file.empty() && buildId.empty())
            return {};
        module = m_sink.module({.name = file.empty() ? "[" + buildId + "]" : std::string(file),
                                .buildId = buildId,
                                .kind = moduleKind(file)});
    }
    return module;
}

// Run-time address to what the module's kind wants: an offset in the file for ELF.
std::uint64_t PprofReader::addressOf(const Location &location, std::uint32_t mapping)
{
    if (mapping == IdIndex::kNone)
        return location.address;
    const auto &m = m_tables.mappings[mapping];
    const auto kind = moduleKind(text(m.file));
    if (kind == ModuleKind::Kernel || kind == ModuleKind::Unknown || m.limit <= m.start)
        return location.address;
    if (location.address < m.start || location.address > m.limit)
        return location.address;
    const auto offset = location.address - m.start;
    return kind == ModuleKind::Vdso ? offset : offset + m.fileOffset;
}

FrameId PprofReader::frameOf(std::uint32_t row)
{
    if (row == IdIndex::kNone)
        return {};
    auto &frame = m_frameOf[row];
    if (frame.raw != 0)
        return frame;
    const auto &location = m_tables.locations[row];
    const auto mapping =
        location.mappingId == 0 ? IdIndex::kNone : m_tables.mappingIndex.find(location.mappingId);
    const auto module = moduleOf(mapping);
    const auto address = addressOf(location, mapping);
    FrameDesc desc{.module = module};
    if (mapping != IdIndex::kNone && m_tables.mappings[mapping].limit != 0)
        desc.kind = FrameKind::User;
    if (mapping != IdIndex::kNone &&
        moduleKind(text(m_tables.mappings[mapping].file)) == ModuleKind::Kernel)
        desc.kind = FrameKind::Kernel;
    // Outermost first, so that each frame can name the one it was inlined into.
    auto begin = location.lineBegin;
    if (location.lineEnd - begin > kMaxInlineDepth) {
        begin = location.lineEnd - kMaxInlineDepth;
        m_sink.note(Severity::DataLoss, "pprof_inline_too_deep", 0,
                    "functions inlined too deeply were dropped");
    }
    for (auto i = location.lineEnd; i-- > begin;) {
        const auto &line = m_tables.lines[i];
        desc.function = desc.file = {};
        if (line.function != IdIndex::kNone) {
            const auto &function = m_tables.functions[line.function];
            desc.function = text(function.name);
            if (desc.function.empty())
                desc.function = text(function.systemName);
            desc.file = text(function.file);
        }
        desc.line =
            line.line > 0 && line.line <= UINT32_MAX ? static_cast<std::uint32_t>(line.line) : 0;
        desc.source = desc.function.empty() ? SymbolSource::None : SymbolSource::Capture;
        desc.address = i == begin ? address : 0;
        desc.inlined = frame.raw != 0;
        desc.outer = frame;
        frame = m_sink.frame(desc);
    }
    if (location.lineBegin == location.lineEnd) {
        desc.source = SymbolSource::None;
        desc.address = address;
        frame = m_sink.frame(desc);
    }
    return frame;
}

StackId PprofReader::stackOf(std::uint64_t offset)
{
    const auto leaves = m_filter.droppedLeaves(m_rows);
    m_filtered += leaves > 0;
    StackId stack;
    for (auto i = m_rows.size(); i-- > leaves;) {
        if (m_rows[i] == IdIndex::kNone)
            m_sink.note(Severity::DataLoss, "pprof_unknown_location", offset,
                        "a stack refers to a location that is not in the file");
        stack = m_sink.stack(stack, frameOf(m_rows[i]));
    }
    return stack;
}

TrackId PprofReader::trackOf(const LabelFacts &facts)
{
    if (facts.pid < 0 && facts.tid < 0 && facts.thread.empty() && facts.process.empty()) {
        if (m_process.raw == 0)
            m_process = m_sink.track({.kind = TrackKind::Process, .name = m_processName});
        return m_process;
    }
    const auto process =
        m_sink.track({.kind = TrackKind::Process,
                      .name = facts.process.empty() ? m_processName : facts.process,
                      .pid = facts.pid});
    if (facts.tid < 0 && facts.thread.empty())
        return process;
    const auto name = facts.thread.empty() ? std::to_string(facts.tid) : std::string(facts.thread);
    return m_sink.track({.kind = TrackKind::Thread,
                         .name = name,
                         .pid = facts.pid,
                         .tid = facts.tid,
                         .parent = process});
}

StringId PprofReader::labelsOf(const std::vector<Label> &labels, std::uint64_t offset)
{
    if (labels.empty())
        return {};
    const auto json = labelJson(m_tables, labels);
    if (!json) {
        m_sink.note(Severity::DataLoss, "pprof_labels_too_long", offset,
                    "labels of a sample were dropped because they are very long");
        return {};
    }
    return m_sink.string(*json);
}

std::int64_t PprofReader::countOf(const SampleRow &row, const Measured &measured) const
{
    const auto by = static_cast<std::size_t>(measured.countedBy);
    if (measured.countedBy == kNoCount || by >= row.values.size())
        return 1;
    // Differences count downwards, too; what matters is how much evidence there is.
    const auto count = row.values[by];
    return count == INT64_MIN ? INT64_MAX : count < 0 ? -count : count;
}

Result<> PprofReader::sample(SampleRow &row, std::uint64_t offset)
{
    if (--m_untilCheck == 0) {
        m_untilCheck = kSamplesPerCheck;
        m_run.job.setDone(offset);
        FW_TRY(m_run.job.checkpoint());
        FW_TRY(m_sink.status());
    }
    if (row.values.size() != m_measures.size())
        m_sink.note(Severity::DataLoss, "pprof_value_count", offset,
                    "a sample has " + std::to_string(row.values.size()) + " values for " +
                        std::to_string(m_measures.size()) + " sample types");
    const auto facts = factsOf(m_tables, row.labels);
    Sample out;
    bool resolved = false;
    for (std::size_t i = 0; i < std::min(row.values.size(), m_measures.size()); ++i) {
        const auto &measured = m_measures[i];
        out.count = countOf(row, measured);
        // Most rows of a heap profile say that nothing is in use any more.
        if (row.values[i] == 0 && (out.count == 0 || measured.countedBy == kNoCount))
            continue;
        if (!resolved) {
            resolved = true;
            m_rows.clear();
            for (const auto id : row.locations)
                m_rows.push_back(m_tables.locationIndex.find(id));
            out.stack = stackOf(offset);
            out.track = trackOf(facts);
            out.labels = labelsOf(row.labels, offset);
            std::int64_t time = 0;
            if (facts.endTimestampNs &&
                !__builtin_sub_overflow(*facts.endTimestampNs, m_tables.timeNanos, &time))
                out.time = Timestamp(Duration(time));
        }
        bool saturated = false;
        out.measure = measured.id;
        out.value = scaledValue(row.values[i], measured.scale, saturated);
        if (saturated)
            m_sink.note(Severity::DataLoss, "pprof_value_saturated", offset,
                        "a value is too large for 64 bits in its base unit");
        m_sink.add(out);
    }
    return {};
}

Result<> PprofReader::run()
{
    provenance();
    measures();
    FW_TRY(decodeSamples(
        m_bytes, [this](SampleRow &row, std::uint64_t offset) { return sample(row, offset); },
        [this](std::uint64_t offset) {
            m_sink.note(Severity::DataLoss, "pprof_bad_sample", offset,
                        "a sample cannot be decoded");
        }));
    m_sink.note(Severity::Info, "pprof_frames_dropped", 0,
                "the profile asks not to show some innermost functions (drop_frames)", m_filtered);
    m_run.job.setDone(m_bytes.size());
    FW_TRY(m_run.job.checkpoint());
    return m_sink.status();
}

class Pprof final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return looksLikeProfile(probe.text(), probe.headIsAll) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        FW_ASSIGN(const auto input, run.input.whole(kMaxInputBytes));
        FW_TRY(run.job.checkpoint());
        const std::string_view bytes(reinterpret_cast<const char *>(input.data()), input.size());
        run.job.setTotal(bytes.size());
        FW_ASSIGN(auto tables, decodeTables(bytes, run.sink));
        return PprofReader(run, bytes, std::move(tables)).run();
    }
};

} // namespace

std::unique_ptr<Importer> makePprof()
{
    return std::make_unique<Pprof>();
}

} // namespace flamewright
