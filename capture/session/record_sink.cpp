#include "capture/session/record_sink.h"

#include "capture/session/chunk_codec.h"

#define XXH_INLINE_ALL
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <tuple>
#include <xxhash.h>

namespace flamewright {
namespace {

// The bytes a frame or stack costs here and, roughly, in the store that follows.
constexpr std::uint64_t kFrameBytes = 64;
constexpr std::uint64_t kStackBytes = 28;
constexpr std::uint64_t kStringOverhead = 24;
constexpr std::uint64_t kTrackBytes = 160;
constexpr std::size_t kMaxBuildIdBytes = 128;
// Reading one text decompresses its page.
constexpr std::size_t kTextPageBytes = 1u << 20;
constexpr std::size_t kRecentTexts = 1u << 12;

void appendRow(FrameColumns &columns, const FrameDesc &desc, StringId function, StringId file)
{
    columns.function.push_back(function);
    columns.file.push_back(file);
    columns.module.push_back(desc.module);
    columns.line.push_back(desc.line);
    columns.kind.push_back(desc.kind);
    columns.source.push_back(desc.source);
    columns.flags.push_back(static_cast<std::uint8_t>(
        (desc.inlined ? kFrameInlined : 0) | (desc.returnAddress ? kFrameReturnAddress : 0)));
    columns.address.push_back(desc.address);
    columns.outer.push_back(desc.outer);
}

SinkLimits bounded(SinkLimits limits)
{
    limits.rowsPerChunk = std::clamp(limits.rowsPerChunk, 1u, kRowsPerChunk);
    // A page of strings must be able to hold the longest.
    limits.maxStringBytes =
        std::min(limits.maxStringBytes, static_cast<std::uint32_t>(kMaxChunkBytes / 4));
    return limits;
}

} // namespace

RecordSink::RecordSink(ChunkStore &store, SinkLimits limits)
    : m_store(store),
      m_limits(bounded(limits))
{
    appendRow(m_frames, {.function = {}}, {}, {});
    m_stacks.caller.push_back({});
    m_stacks.frame.push_back({});
}

void RecordSink::fail(Errc code, const char *message)
{
    if (m_status.has_value())
        m_status = flamewright::fail(code, message);
}

bool RecordSink::spend(std::uint64_t bytes)
{
    m_dimensionBytes += bytes;
    if (m_dimensionBytes <= m_limits.maxDimensionBytes)
        return true;
    fail(Errc::Limit, "the input has more distinct names and stacks than fit into memory");
    return false;
}

std::string_view RecordSink::cut(std::string_view utf8)
{
    if (utf8.size() <= m_limits.maxStringBytes)
        return utf8;
    auto length = m_limits.maxStringBytes;
    while (length > 0 && (static_cast<unsigned char>(utf8[length]) & 0xc0) == 0x80)
        --length; // not inside a UTF-8 sequence
    note(Severity::DataLoss, "text_cut", 0,
         "a text of " + std::to_string(utf8.size()) + " bytes was cut");
    return utf8.substr(0, length == 0 ? m_limits.maxStringBytes : length);
}

StringId RecordSink::string(std::string_view utf8)
{
    if (utf8.empty() || !m_status.has_value())
        return {};
    utf8 = cut(utf8);
    const auto fresh = static_cast<std::uint32_t>(m_textEnd.size());
    const auto id = m_stringIndex.findOrAdd(XXH3_64bits(utf8.data(), utf8.size()), fresh,
                                            [&](auto other) { return isString(other, utf8); });
    if (id == fresh) {
        m_text.append(utf8);
        m_textEnd.push_back(m_text.size());
        spend(utf8.size() + kStringOverhead);
    }
    return StringId{id};
}

TextId RecordSink::text(std::string_view utf8)
{
    if (utf8.empty() || !m_status.has_value())
        return {};
    utf8 = cut(utf8);
    if (m_recentTexts.empty())
        m_recentTexts.resize(kRecentTexts);
    const auto hash = XXH3_64bits(utf8.data(), utf8.size());
    auto &recent = m_recentTexts[hash % kRecentTexts];
    // Only texts of the open page can be compared; the others are no longer here.
    if (recent.hash == hash && recent.id.raw >= m_textsSealed &&
        m_texts.at(recent.id.raw - m_textsSealed) == utf8)
        return recent.id;
    if (m_texts.size() >= kRowsPerChunk || m_texts.text.size() + utf8.size() > kTextPageBytes)
        sealTexts();
    if (m_textsSealed + m_texts.size() >= UINT32_MAX) {
        fail(Errc::Limit, "the input has more texts than this program can count");
        return {};
    }
    recent = {hash, TextId{static_cast<std::uint32_t>(m_textsSealed + m_texts.size())}};
    m_texts.text.append(utf8);
    m_texts.end.push_back(static_cast<std::uint32_t>(m_texts.text.size()));
    return recent.id;
}

bool RecordSink::isString(std::uint32_t id, std::string_view text) const
{
    const auto begin = m_textEnd[id - 1];
    return m_textEnd[id] - begin == text.size() &&
           std::string_view(m_text).substr(begin, text.size()) == text;
}

StringId RecordSink::findString(std::string_view utf8) const
{
    return StringId{m_stringIndex.find(XXH3_64bits(utf8.data(), utf8.size()),
                                       [&](auto other) { return isString(other, utf8); })};
}

ModuleId RecordSink::module(const ModuleDesc &desc)
{
    if (!m_status.has_value())
        return {};
    const auto fresh = ModuleId{static_cast<std::uint32_t>(m_meta.modules.size() + 1)};
    const auto [it, added] = m_moduleIndex.try_emplace(
        {std::string(desc.name), std::string(desc.buildId), desc.pid, desc.base}, fresh);
    if (added) {
        m_meta.modules.push_back({std::string(desc.name.substr(0, m_limits.maxStringBytes)),
                                  std::string(desc.buildId.substr(0, kMaxBuildIdBytes)), desc.kind,
                                  desc.pid, desc.base});
        m_metaChanged = true;
        spend(2 * (desc.name.size() + desc.buildId.size()) + 128); // here and in the index
    }
    return it->second;
}

FrameId RecordSink::frame(const FrameDesc &desc)
{
    assert(desc.inlined == (desc.outer.raw != 0));
    const auto function = string(desc.function);
    const auto file = string(desc.file);
    if (!m_status.has_value())
        return {};
    const auto flags = static_cast<std::uint8_t>((desc.inlined ? kFrameInlined : 0) |
                                                 (desc.returnAddress ? kFrameReturnAddress : 0));
    auto hash = hashMix(desc.address, std::uint64_t{function.raw} << 32 | file.raw);
    hash = hashMix(hash, std::uint64_t{desc.module.raw} << 32 | desc.line);
    hash = hashMix(hash, std::uint64_t{desc.outer.raw} << 32 | std::uint64_t{flags} << 16 |
                             std::uint64_t{static_cast<std::uint8_t>(desc.kind)} << 8 |
                             static_cast<std::uint8_t>(desc.source));
    const auto fresh = static_cast<std::uint32_t>(m_frames.size());
    const auto id = m_frameIndex.findOrAdd(hash, fresh, [&](auto i) {
        return m_frames.function[i] == function && m_frames.address[i] == desc.address &&
               m_frames.module[i] == desc.module && m_frames.line[i] == desc.line &&
               m_frames.file[i] == file && m_frames.outer[i] == desc.outer &&
               m_frames.flags[i] == flags && m_frames.kind[i] == desc.kind &&
               m_frames.source[i] == desc.source;
    });
    if (id == fresh) {
        appendRow(m_frames, desc, function, file);
        spend(kFrameBytes);
    }
    return FrameId{id};
}

StackId RecordSink::stack(StackId caller, FrameId callee)
{
    if (!m_status.has_value())
        return {};
    assert(caller.raw < m_stacks.size());
    // This is the inner loop of every import: depths are only looked at when one may be too large.
    if (m_deepest >= m_limits.maxStackDepth && m_stackDepth[caller.raw] >= m_limits.maxStackDepth) {
        note(Severity::DataLoss, "stack_too_deep", 0, "frames beyond the depth limit were dropped");
        return caller;
    }
    const auto fresh = static_cast<std::uint32_t>(m_stacks.size());
    const auto key = std::uint64_t{caller.raw} << 32 | callee.raw;
    const auto id = m_stackIndex.findOrAddKey(bijectiveMix(key), fresh);
    if (id == fresh) {
        const auto depth = m_stackDepth[caller.raw] + 1;
        m_deepest = std::max(m_deepest, depth);
        m_stacks.caller.push_back(caller);
        m_stacks.frame.push_back(callee);
        m_stackDepth.push_back(depth);
        spend(kStackBytes);
    }
    return StackId{id};
}

TrackId RecordSink::track(const TrackDesc &desc)
{
    if (!m_status.has_value())
        return {};
    assert(desc.parent.raw <= m_meta.tracks.size());
    const bool byName = desc.pid < 0 && desc.tid < 0;
    const auto fresh = TrackId{static_cast<std::uint32_t>(m_meta.tracks.size() + 1)};
    const auto [it, added] =
        m_trackIndex.try_emplace({desc.kind, desc.pid, desc.tid, desc.parent.raw,
                                  byName ? std::string(desc.name) : std::string()},
                                 fresh);
    if (added) {
        if (m_meta.tracks.size() >= m_limits.maxTracks)
            fail(Errc::Limit, "the input has more threads than this program can hold");
        m_meta.tracks.push_back({desc.kind,
                                 std::string(desc.name.substr(0, m_limits.maxStringBytes)),
                                 desc.pid, desc.tid, desc.parent});
        m_metaChanged = true;
        spend((byName ? 2 : 1) * desc.name.size() + kTrackBytes);
    }
    return it->second;
}

void RecordSink::renameTrack(TrackId track, std::string_view name)
{
    if (track.raw == 0 || track.raw > m_meta.tracks.size())
        return;
    auto &row = m_meta.tracks[track.raw - 1];
    name = name.substr(0, m_limits.maxStringBytes);
    if (row.name != name) {
        if (name.size() > row.name.size())
            spend(name.size() - row.name.size());
        row.name = name;
        m_metaChanged = true;
    }
}

MeasureId RecordSink::measure(const MeasureDesc &desc)
{
    if (!m_status.has_value())
        return {};
    const auto fresh = MeasureId{static_cast<std::uint32_t>(m_meta.measures.size() + 1)};
    const auto [it, added] = m_measureIndex.try_emplace({std::string(desc.name), desc.unit}, fresh);
    if (added) {
        m_meta.measures.push_back(
            {std::string(desc.name.substr(0, m_limits.maxStringBytes)), desc.unit, 0, 0, 0});
        m_metaChanged = true;
        spend(desc.name.size() + 128);
    }
    return it->second;
}

void RecordSink::setBuildId(ModuleId module, std::string_view buildId)
{
    if (module.raw == 0 || module.raw > m_meta.modules.size())
        return;
    m_meta.modules[module.raw - 1].buildId = buildId.substr(0, m_limits.maxStringBytes);
    m_metaChanged = true;
}

void RecordSink::setMeasure(MeasureId measure, const MeasureDesc &desc)
{
    if (measure.raw == 0 || measure.raw > m_meta.measures.size())
        return;
    auto &row = m_meta.measures[measure.raw - 1];
    row.name = desc.name.substr(0, m_limits.maxStringBytes);
    row.unit = desc.unit;
    m_metaChanged = true;
}

void RecordSink::note(Severity severity, std::string_view code, std::uint64_t inputOffset,
                      std::string_view detail, std::uint64_t times)
{
    if (times == 0)
        return;
    m_metaChanged = true;
    for (auto &note : m_meta.notes) {
        if (note.code == code) {
            note.count += times;
            note.severity = std::max(note.severity, severity);
            return;
        }
    }
    if (m_meta.notes.size() < m_limits.maxNoteCodes)
        m_meta.notes.push_back(
            {severity, std::string(code), times, inputOffset, std::string(detail.substr(0, 1024))});
}

void RecordSink::provenance(std::string_view key, std::string_view value)
{
    if (value.empty())
        return;
    value = value.substr(0, m_limits.maxStringBytes);
    m_metaChanged = true;
    for (auto &[k, v] : m_meta.provenance) {
        if (k == key) {
            v = value;
            return;
        }
    }
    if (m_meta.provenance.size() < m_limits.maxNoteCodes)
        m_meta.provenance.emplace_back(key, value);
}

bool RecordSink::lostData() const
{
    return std::any_of(m_meta.notes.begin(), m_meta.notes.end(),
                       [](const ImportNote &n) { return n.severity >= Severity::DataLoss; });
}

} // namespace flamewright
