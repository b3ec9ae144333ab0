#include "importers/perf_data/features.h"

#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"

#include <algorithm>
#include <string>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kRecordHeader = 8;
constexpr std::size_t kBuildIdBytes = 20; // SHA-1; shorter ones say so
constexpr std::size_t kBuildIdField = 24;
constexpr std::uint32_t kMaxArguments = 65536;
constexpr std::uint32_t kMaxClockDataVersion = 1;

std::string_view clockName(std::int32_t id)
{
    switch (id) { // clockid_t of Linux
    case 0: return "realtime";
    case 1: return "monotonic";
    case 4: return "monotonic_raw";
    case 7: return "boottime";
    case 11: return "tai";
    default: return "other";
    }
}

std::string_view stringKey(std::uint64_t feature)
{
    switch (feature) {
    case kPerfFeatureHostname: return "host";
    case kPerfFeatureOsRelease: return "kernel";
    case kPerfFeatureArch: return "arch";
    case kPerfFeatureCpuDesc: return "cpu";
    case kPerfFeatureCpuId: return "cpu_id";
    default: return {};
    }
}

// The arguments with spaces in between, quoted where a shell would need it.
std::string joinArguments(PerfCursor &in)
{
    const auto count = in.u32();
    std::string line;
    for (std::uint32_t i = 0; i < std::min(count, kMaxArguments) && in.ok(); ++i) {
        const auto argument = in.headerString();
        if (!line.empty())
            line += ' ';
        const auto plain = !argument.empty() && argument.find_first_of(" \t\n\"'\\$`*?;&|<>()") ==
                                                    std::string_view::npos;
        if (plain) {
            line += argument;
            continue;
        }
        line += '\'';
        for (const auto c : argument) {
            if (c == '\'')
                line += "'\\'";
            line += c;
        }
        line += '\'';
    }
    return line;
}

} // namespace

bool PerfFeatures::isWanted(std::uint64_t feature)
{
    switch (feature) {
    case kPerfFeatureBuildId:
    case kPerfFeatureHostname:
    case kPerfFeatureOsRelease:
    case kPerfFeatureVersion:
    case kPerfFeatureArch:
    case kPerfFeatureCpus:
    case kPerfFeatureCpuDesc:
    case kPerfFeatureCpuId:
    case kPerfFeatureTotalMemory:
    case kPerfFeatureCommandLine:
    case kPerfFeatureEventDesc:
    case kPerfFeatureClockData: return true;
    default: return false;
    }
}

bool PerfFeatures::parse(std::uint64_t feature, std::span<const std::byte> bytes, bool swap)
{
    PerfCursor in(bytes, swap);
    if (const auto key = stringKey(feature); !key.empty()) {
        m_sink.provenance(key, in.headerString());
        return in.ok();
    }
    switch (feature) {
    case kPerfFeatureBuildId: return parseBuildIds(bytes, swap);
    case kPerfFeatureEventDesc: return parseEventNames(bytes, swap);
    case kPerfFeatureClockData: return parseClock(bytes, swap);
    case kPerfFeatureVersion: {
        const auto version = in.headerString();
        if (!version.empty())
            m_sink.provenance("tool", "perf " + std::string(version));
        break;
    }
    case kPerfFeatureCpus: {
        const auto online = in.u32(), available = in.u32();
        // Old versions of perf wrote the two the other way round; there are never more online.
        if (in.ok())
            m_sink.provenance("cpu_count", std::to_string(std::min(online, available)));
        break;
    }
    case kPerfFeatureTotalMemory: {
        std::uint64_t total = 0;
        if (!__builtin_mul_overflow(in.u64(), std::uint64_t{1024}, &total) && total > 0)
            m_sink.provenance("memory", std::to_string(total));
        break;
    }
    case kPerfFeatureCommandLine: m_sink.provenance("command_line", joinArguments(in)); break;
    default: break;
    }
    return in.ok();
}

bool PerfFeatures::parseBuildId(std::uint16_t misc, std::span<const std::byte> body, bool swap)
{
    PerfCursor in(body, swap);
    in.skip(4); // pid: the machine, which is the host or a guest
    const auto field = in.bytes(kBuildIdField);
    if (!in.ok())
        return false;
    auto size = kBuildIdBytes;
    if ((misc & kPerfMiscBuildIdSize) != 0)
        size = std::min(size, static_cast<std::size_t>(field[kBuildIdBytes]));
    const auto name = in.text(in.remaining());
    m_modules.setBuildId(name, perfBuildIdText(field.data(), size));
    return true;
}

bool PerfFeatures::parseBuildIds(std::span<const std::byte> bytes, bool swap)
{
    while (bytes.size() >= kRecordHeader) {
        PerfCursor in(bytes, swap);
        in.skip(4);
        const auto misc = in.u16();
        const std::size_t size = in.u16();
        if (size < kRecordHeader || size > bytes.size())
            return false;
        if (!parseBuildId(misc, bytes.subspan(kRecordHeader, size - kRecordHeader), swap))
            return false;
        bytes = bytes.subspan(size);
    }
    return bytes.empty();
}

bool PerfFeatures::parseEventNames(std::span<const std::byte> bytes, bool swap)
{
    PerfCursor in(bytes, swap);
    const auto count = in.u32();
    const auto attrSize = in.u32();
    std::vector<std::uint64_t> ids;
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        const auto attr = parsePerfAttr(in.bytes(attrSize), swap);
        const auto idCount = in.u32();
        const auto name = in.headerString();
        const auto words = in.words(idCount);
        if (!in.ok())
            return false;
        ids.clear();
        for (std::size_t n = 0; n < words.size() / 8; ++n)
            ids.push_back(perfWord(words, n, swap));
        m_events.name(ids, i, &attr, name);
    }
    return in.ok();
}

bool PerfFeatures::parseClock(std::span<const std::byte> bytes, bool swap)
{
    PerfCursor in(bytes, swap);
    const auto version = in.u32();
    in.skip(4); // the clock's id, which the events tell, too
    const auto wall = in.u64(), clock = in.u64();
    if (!in.ok() || version > kMaxClockDataVersion)
        return in.ok();
    if (wall <= INT64_MAX && clock <= INT64_MAX) {
        m_sink.setWallOffset(static_cast<std::int64_t>(wall) - static_cast<std::int64_t>(clock));
        m_hasWallClock = true;
    }
    return true;
}

void PerfFeatures::finish()
{
    std::string names;
    const PerfEvent *first = nullptr;
    for (const auto &event : m_events.all()) {
        if (event.attr.isDummy())
            continue;
        names += (names.empty() ? "" : ", ") + event.name;
        if (first == nullptr)
            first = &event;
    }
    if (first == nullptr)
        return;
    m_sink.provenance("event_names", names);
    m_sink.provenance(first->attr.freq ? "sample_freq" : "sample_period",
                      std::to_string(first->attr.period));
    const auto &attr = first->attr;
    m_sink.provenance("clock", attr.useClockId ? clockName(attr.clockId) : "perf");
    if (attr.useClockId && attr.clockId == 0 && !m_hasWallClock)
        m_sink.setWallOffset(0);
}

} // namespace flamewright
