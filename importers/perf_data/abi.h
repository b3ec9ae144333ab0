#pragma once

#include <cstdint>

// Constants of perf.data: the kernel's event ABI (include/uapi/linux/perf_event.h) and what
// `perf record` adds (tools/lib/perf/include/perf/event.h and
// tools/perf/Documentation/perf.data-file-format.txt). Spelled out here because the headers of the
// machine that builds are older or newer than the files people bring.
namespace flamewright {

enum PerfRecordType : std::uint32_t {
    kPerfMmap = 1,
    kPerfLost = 2,
    kPerfComm = 3,
    kPerfExit = 4,
    kPerfThrottle = 5,
    kPerfUnthrottle = 6,
    kPerfFork = 7,
    kPerfRead = 8,
    kPerfSampleRecord = 9,
    kPerfMmap2 = 10,
    kPerfAux = 11,
    kPerfItraceStart = 12,
    kPerfLostSamples = 13,
    kPerfSwitch = 14,
    kPerfSwitchCpuWide = 15,
    kPerfNamespaces = 16,
    kPerfKsymbol = 17,
    kPerfBpfEvent = 18,
    kPerfCgroup = 19,
    kPerfTextPoke = 20,
    kPerfAuxOutputHwId = 21,
    kPerfCallchainDeferred = 22,
    kPerfFirstUserType = 64,
    kPerfHeaderAttr = 64,
    kPerfHeaderEventType = 65,
    kPerfHeaderTracingData = 66,
    kPerfHeaderBuildId = 67,
    kPerfFinishedRound = 68,
    kPerfIdIndex = 69,
    kPerfAuxtraceInfo = 70,
    kPerfAuxtrace = 71,
    kPerfAuxtraceError = 72,
    kPerfEventUpdate = 78,
    kPerfHeaderFeature = 80,
    kPerfCompressed = 81,
    kPerfFinishedInit = 82,
    kPerfCompressed2 = 83,
    kPerfLastUserType = 86, // SCHEDSTAT_DOMAIN
};

// perf_event_header::misc
inline constexpr std::uint16_t kPerfMiscCpuMode = 7;
inline constexpr std::uint16_t kPerfMiscExec = 1u << 13;           // of COMM: by exec
inline constexpr std::uint16_t kPerfMiscForkExec = 1u << 13;       // of FORK: made by perf
inline constexpr std::uint16_t kPerfMiscMmapBuildId = 1u << 14;    // of MMAP2
inline constexpr std::uint16_t kPerfMiscBuildIdSize = 1u << 15;    // of HEADER_BUILD_ID
inline constexpr std::uint16_t kPerfMiscLostSamplesBpf = 1u << 15; // of LOST_SAMPLES
inline constexpr std::uint16_t kPerfKsymbolUnregister = 1u << 0;   // flags of KSYMBOL

// Where the CPU was; numbered as the CPU mode of misc.
enum class PerfCpuMode : std::uint8_t {
    Unknown = 0,
    Kernel = 1,
    User = 2,
    Hypervisor = 3,
    GuestKernel = 4,
    GuestUser = 5
};

enum PerfSampleBit : std::uint64_t {
    kPerfIp = 1u << 0,
    kPerfTid = 1u << 1,
    kPerfTime = 1u << 2,
    kPerfAddr = 1u << 3,
    kPerfReadValues = 1u << 4,
    kPerfCallchain = 1u << 5,
    kPerfId = 1u << 6,
    kPerfCpu = 1u << 7,
    kPerfPeriod = 1u << 8,
    kPerfStreamId = 1u << 9,
    kPerfRaw = 1u << 10,
    kPerfBranchStack = 1u << 11,
    kPerfRegsUser = 1u << 12,
    kPerfStackUser = 1u << 13,
    kPerfWeight = 1u << 14,
    kPerfDataSrc = 1u << 15,
    kPerfIdentifier = 1u << 16,
    kPerfTransaction = 1u << 17,
    kPerfRegsIntr = 1u << 18,
    kPerfPhysAddr = 1u << 19,
    kPerfAuxData = 1u << 20,
    kPerfCgroupId = 1u << 21,
    kPerfDataPageSize = 1u << 22,
    kPerfCodePageSize = 1u << 23,
    kPerfWeightStruct = 1u << 24,
    kPerfSampleBitEnd = 1u << 25, // later bits append fields, which can be ignored
};

enum PerfReadFormat : std::uint64_t {
    kPerfReadEnabled = 1u << 0,
    kPerfReadRunning = 1u << 1,
    kPerfReadId = 1u << 2,
    kPerfReadGroup = 1u << 3,
    kPerfReadLost = 1u << 4,
};

inline constexpr std::uint64_t kPerfBranchCallStack = 1u << 11;
inline constexpr std::uint64_t kPerfBranchHwIndex = 1u << 17;
inline constexpr std::uint64_t kPerfBranchCounters = 1u << 19;

// Call chains hold addresses and, where the context changes, one of these.
inline constexpr std::uint64_t kPerfContextHypervisor = static_cast<std::uint64_t>(-32);
inline constexpr std::uint64_t kPerfContextKernel = static_cast<std::uint64_t>(-128);
inline constexpr std::uint64_t kPerfContextUser = static_cast<std::uint64_t>(-512);
// The next entry is a cookie; the user part follows in a CALLCHAIN_DEFERRED record.
inline constexpr std::uint64_t kPerfContextUserDeferred = static_cast<std::uint64_t>(-640);
inline constexpr std::uint64_t kPerfContextGuest = static_cast<std::uint64_t>(-2048);
inline constexpr std::uint64_t kPerfContextGuestKernel = static_cast<std::uint64_t>(-2176);
inline constexpr std::uint64_t kPerfContextGuestUser = static_cast<std::uint64_t>(-2560);
inline constexpr std::uint64_t kPerfContextMax = static_cast<std::uint64_t>(-4095);

enum PerfEventType : std::uint32_t {
    kPerfTypeHardware = 0,
    kPerfTypeSoftware = 1,
    kPerfTypeTracepoint = 2,
    kPerfTypeHwCache = 3,
    kPerfTypeRaw = 4,
    kPerfTypeBreakpoint = 5,
};
inline constexpr std::uint64_t kPerfSoftwareCpuClock = 0;
inline constexpr std::uint64_t kPerfSoftwareTaskClock = 1;
inline constexpr std::uint64_t kPerfSoftwareDummy = 9;

// Bits of the header's feature bitmap and feat_id of HEADER_FEATURE.
enum PerfFeature : std::uint32_t {
    kPerfFeatureTracingData = 1,
    kPerfFeatureBuildId = 2,
    kPerfFeatureHostname = 3,
    kPerfFeatureOsRelease = 4,
    kPerfFeatureVersion = 5,
    kPerfFeatureArch = 6,
    kPerfFeatureCpus = 7,
    kPerfFeatureCpuDesc = 8,
    kPerfFeatureCpuId = 9,
    kPerfFeatureTotalMemory = 10,
    kPerfFeatureCommandLine = 11,
    kPerfFeatureEventDesc = 12,
    kPerfFeatureClockData = 29,
    kPerfFeatureCount = 256,
};

} // namespace flamewright
