#include "importers/perf_data/attr.h"

#include "importers/perf_data/abi.h"
#include "importers/perf_data/cursor.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace flamewright {
namespace {

constexpr std::size_t kAttrBytesKnown = 136;

// Bits of the flags word, counted as a little-endian compiler lays them out.
enum FlagBit : unsigned {
    kInherit = 1,
    kExcludeUser = 4,
    kExcludeKernel = 5,
    kExcludeHv = 6,
    kFreq = 10,
    kPreciseIp = 15, // two bits
    kSampleIdAll = 18,
    kExcludeHost = 19,
    kExcludeGuest = 20,
    kUseClockId = 25,
};

std::uint8_t reverseBits(std::uint8_t value)
{
    value = static_cast<std::uint8_t>((value & 0xf0) >> 4 | (value & 0x0f) << 4);
    value = static_cast<std::uint8_t>((value & 0xcc) >> 2 | (value & 0x33) << 2);
    return static_cast<std::uint8_t>((value & 0xaa) >> 1 | (value & 0x55) << 1);
}

// Flag n is bit n % 8 of byte n / 8; a big-endian compiler counts from the top of each byte.
std::uint64_t parseFlags(std::span<const std::byte> bytes, bool swap)
{
    std::uint64_t flags = 0;
    for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) {
        auto value = static_cast<std::uint8_t>(bytes[i]);
        if (swap)
            value = reverseBits(value);
        flags |= std::uint64_t{value} << (8 * i);
    }
    return flags;
}

std::string hex(std::uint64_t value)
{
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
    return {digits.data(), end};
}

// perf's modifiers: which of user, kernel and hypervisor are counted when not all are, how
// precise, and host or guest where that is not the default.
std::string modifiers(const PerfAttr &attr)
{
    std::string out;
    bool guestDefault = false;
    if (attr.excludeKernel || attr.excludeUser || attr.excludeHv) {
        if (!attr.excludeKernel)
            out += 'k';
        if (!attr.excludeUser)
            out += 'u';
        if (!attr.excludeHv)
            out += 'h';
        guestDefault = true;
    }
    if (attr.preciseIp > 0) {
        out.append(attr.preciseIp, 'p');
        guestDefault = true;
    }
    if (attr.excludeHost || attr.excludeGuest == guestDefault) {
        if (!attr.excludeHost)
            out += 'H';
        if (!attr.excludeGuest)
            out += 'G';
    }
    return out.empty() ? out : ":" + out;
}

constexpr std::array<std::string_view, 10> kHardware{"cycles",
                                                     "instructions",
                                                     "cache-references",
                                                     "cache-misses",
                                                     "branches",
                                                     "branch-misses",
                                                     "bus-cycles",
                                                     "stalled-cycles-frontend",
                                                     "stalled-cycles-backend",
                                                     "ref-cycles"};
constexpr std::array<std::string_view, 12> kSoftware{
    "cpu-clock",        "task-clock",   "page-faults",  "context-switches",
    "cpu-migrations",   "minor-faults", "major-faults", "alignment-faults",
    "emulation-faults", "dummy",        "bpf-output",   "cgroup-switches"};
constexpr std::array<std::string_view, 7> kCaches{"L1-dcache", "L1-icache", "LLC", "dTLB",
                                                  "iTLB",      "branch",    "node"};
constexpr std::array<std::string_view, 3> kCacheOps{"load", "store", "prefetch"};
constexpr std::array<std::string_view, 3> kCacheOpsPlural{"loads", "stores", "prefetches"};

std::string cacheName(std::uint64_t config)
{
    const auto cache = config & 0xff, op = config >> 8 & 0xff, result = config >> 16 & 0xff;
    if (cache >= kCaches.size() || op >= kCacheOps.size() || result > 1)
        return "invalid-cache";
    auto name = std::string(kCaches[cache]) + "-";
    if (result == 1)
        return name + std::string(kCacheOps[op]) + "-misses";
    return name + std::string(kCacheOpsPlural[op]);
}

std::string baseName(const PerfAttr &attr)
{
    // Hybrid CPUs put the PMU into the upper half of config.
    const auto low = attr.config & 0xffffffff;
    switch (attr.type) {
    case kPerfTypeHardware:
        return std::string(low < kHardware.size() ? kHardware[low] : "unknown-hardware");
    case kPerfTypeSoftware:
        return std::string(attr.config < kSoftware.size() ? kSoftware[attr.config]
                                                          : "unknown-software");
    case kPerfTypeHwCache: return cacheName(low);
    case kPerfTypeTracepoint: return "tracepoint " + std::to_string(attr.config);
    case kPerfTypeRaw: return "raw 0x" + hex(attr.config);
    case kPerfTypeBreakpoint: return "mem:0x" + hex(attr.bpAddr);
    default: return "pmu " + std::to_string(attr.type) + " config 0x" + hex(attr.config);
    }
}

} // namespace

bool PerfAttr::isDummy() const
{
    return type == kPerfTypeSoftware && config == kPerfSoftwareDummy;
}

PerfAttr parsePerfAttr(std::span<const std::byte> bytes, bool swap)
{
    // A zero-filled copy of the newest layout: what the file lacks reads as zero.
    std::array<std::byte, kAttrBytesKnown> known{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), known.size()), known.begin());
    PerfAttr attr;
    PerfCursor in(known, swap);
    attr.type = in.u32();
    attr.size = in.u32();
    attr.config = in.u64();
    attr.period = in.u64();
    attr.sampleType = in.u64();
    attr.readFormat = in.u64();
    const auto flags = parseFlags(in.bytes(8), swap);
    const auto flag = [flags](unsigned bit) { return (flags >> bit & 1) != 0; };
    in.skip(8); // wakeup_events, bp_type
    attr.bpAddr = in.u64();
    in.skip(8); // config2
    attr.branchSampleType = in.u64();
    attr.regsUser = in.u64();
    in.skip(4); // sample_stack_user
    attr.clockId = in.i32();
    attr.regsIntr = in.u64();
    attr.inherit = flag(kInherit);
    attr.excludeUser = flag(kExcludeUser);
    attr.excludeKernel = flag(kExcludeKernel);
    attr.excludeHv = flag(kExcludeHv);
    attr.excludeHost = flag(kExcludeHost);
    attr.excludeGuest = flag(kExcludeGuest);
    attr.freq = flag(kFreq);
    attr.sampleIdAll = flag(kSampleIdAll);
    attr.useClockId = flag(kUseClockId);
    const unsigned low = flag(kPreciseIp), high = flag(kPreciseIp + 1);
    // A field of two bits also has its more significant bit first on a big-endian machine.
    attr.preciseIp = static_cast<std::uint8_t>(swap ? low << 1 | high : high << 1 | low);
    return attr;
}

std::string perfEventName(const PerfAttr &attr)
{
    auto name = baseName(attr);
    if (attr.type == kPerfTypeHardware || attr.type == kPerfTypeSoftware ||
        attr.type == kPerfTypeRaw || attr.type == kPerfTypeBreakpoint)
        name += modifiers(attr);
    return name;
}

Unit perfEventUnit(const PerfAttr &attr, std::string_view name)
{
    const auto isClock =
        attr.config == kPerfSoftwareCpuClock || attr.config == kPerfSoftwareTaskClock;
    if (attr.type == kPerfTypeSoftware && isClock)
        return Unit::Nanoseconds;
    // Made by a BPF program of perf record: the period is the time off the CPU.
    if (name == "offcpu-time")
        return Unit::Nanoseconds;
    if (attr.type == kPerfTypeHardware && (attr.config & 0xffffffff) == 0)
        return Unit::Cycles;
    const auto slash = name.find('/');
    const auto event = slash == std::string_view::npos ? name : name.substr(slash + 1);
    const auto plain = event.substr(0, event.find_first_of(":/"));
    if (plain == "cycles" || plain == "cpu-cycles" || plain == "cpu_cycles")
        return Unit::Cycles;
    return Unit::Count;
}

} // namespace flamewright
