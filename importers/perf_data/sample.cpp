#include "importers/perf_data/sample.h"

#include "importers/perf_data/cursor.h"

namespace flamewright {
namespace {

constexpr std::uint64_t kMaxWords = 65536 / 8; // no record is longer

// struct read_format; in a group every member has a value and an id.
void parseReads(PerfCursor &in, std::uint64_t format, PerfSample &out)
{
    const auto timed =
        ((format & kPerfReadEnabled) != 0 ? 1u : 0u) + ((format & kPerfReadRunning) != 0 ? 1u : 0u);
    const auto tail =
        ((format & kPerfReadId) != 0 ? 1u : 0u) + ((format & kPerfReadLost) != 0 ? 1u : 0u);
    if ((format & kPerfReadGroup) != 0) {
        const auto count = in.u64();
        in.skip(8 * timed);
        if (count > kMaxWords) {
            in.skip(UINT64_MAX);
            return;
        }
        out.readStride = 1 + tail;
        out.readCount = static_cast<std::size_t>(count);
        out.readIdWord = (format & kPerfReadId) != 0 ? 1 : 0;
        out.reads = in.words(count * out.readStride);
        return;
    }
    // value, [enabled], [running], [id], [lost]: one entry whose id is behind the times.
    out.readCount = 1;
    out.readStride = 1 + timed + tail;
    out.readIdWord = (format & kPerfReadId) != 0 ? 1 + timed : 0;
    out.reads = in.words(out.readStride);
}

void skipRegisters(PerfCursor &in, std::uint64_t mask)
{
    if (in.u64() != 0) // PERF_SAMPLE_REGS_ABI_NONE: no registers follow
        in.skip(8 * static_cast<std::uint64_t>(__builtin_popcountll(mask)));
}

void parseBranches(PerfCursor &in, const PerfAttr &attr, PerfSample &out)
{
    const auto count = in.u64();
    if ((attr.branchSampleType & kPerfBranchHwIndex) != 0)
        in.skip(8);
    if (count > kMaxWords) {
        in.skip(UINT64_MAX);
        return;
    }
    out.branches = in.words(3 * count);
    if ((attr.branchSampleType & kPerfBranchCounters) != 0)
        in.words(count);
}

// What comes after the call chain, which is rarely there.
void parseRest(PerfCursor &in, const PerfAttr &attr, PerfSample &out)
{
    const auto type = attr.sampleType;
    if ((type & kPerfRaw) != 0)
        in.skip(in.u32());
    if ((type & kPerfBranchStack) != 0)
        parseBranches(in, attr, out);
    if ((type & kPerfRegsUser) != 0)
        skipRegisters(in, attr.regsUser);
    if ((type & kPerfStackUser) != 0) {
        out.userStackBytes = in.u64();
        if (out.userStackBytes > 0) {
            in.skip(out.userStackBytes);
            in.skip(8); // dyn_size
        }
    }
    if ((type & (kPerfWeight | kPerfWeightStruct)) != 0)
        in.skip(8);
    if ((type & kPerfDataSrc) != 0)
        in.skip(8);
    if ((type & kPerfTransaction) != 0)
        in.skip(8);
    if ((type & kPerfRegsIntr) != 0)
        skipRegisters(in, attr.regsIntr);
    for (const auto bit : {kPerfPhysAddr, kPerfCgroupId, kPerfDataPageSize, kPerfCodePageSize}) {
        if ((type & bit) != 0)
            in.skip(8);
    }
    if ((type & kPerfAuxData) != 0) {
        out.auxBytes = in.u64();
        in.skip(out.auxBytes);
    }
}

} // namespace

bool parsePerfSample(const PerfAttr &attr, std::span<const std::byte> body, bool swap,
                     PerfSample &out)
{
    const auto type = attr.sampleType;
    PerfCursor in(body, swap);
    out = {};
    out.period = attr.period;
    if ((type & kPerfIdentifier) != 0)
        out.id = in.u64();
    if ((type & kPerfIp) != 0)
        out.ip = in.u64();
    if ((type & kPerfTid) != 0) {
        out.pid = in.i32();
        out.tid = in.i32();
    }
    if ((type & kPerfTime) != 0)
        out.time = in.u64();
    if ((type & kPerfAddr) != 0)
        in.skip(8);
    if ((type & kPerfId) != 0)
        out.id = in.u64();
    if ((type & kPerfStreamId) != 0)
        in.skip(8);
    if ((type & kPerfCpu) != 0) {
        out.cpu = in.i32();
        in.skip(4);
    }
    if ((type & kPerfPeriod) != 0)
        out.period = in.u64();
    if ((type & kPerfReadValues) != 0)
        parseReads(in, attr.readFormat, out);
    if ((type & kPerfCallchain) != 0)
        out.chain = in.words(in.u64());
    constexpr std::uint64_t kRest =
        (kPerfSampleBitEnd - 1) & ~std::uint64_t{kPerfRaw - 1} & ~std::uint64_t{kPerfIdentifier};
    if ((type & kRest) != 0)
        parseRest(in, attr, out);
    return in.ok();
}

std::size_t perfTrailerBytes(const PerfAttr &attr)
{
    if (!attr.sampleIdAll)
        return 0;
    constexpr std::uint64_t kFields =
        kPerfTid | kPerfTime | kPerfId | kPerfStreamId | kPerfCpu | kPerfIdentifier;
    return 8 * static_cast<std::size_t>(__builtin_popcountll(attr.sampleType & kFields));
}

PerfTrailer parsePerfTrailer(const PerfAttr &attr, std::span<const std::byte> body, bool swap)
{
    PerfTrailer out;
    const auto size = perfTrailerBytes(attr);
    if (size == 0 || size > body.size())
        return out;
    PerfCursor in(body.last(size), swap);
    const auto type = attr.sampleType;
    if ((type & kPerfTid) != 0) {
        out.pid = in.i32();
        out.tid = in.i32();
    }
    if ((type & kPerfTime) != 0)
        out.time = in.u64();
    if ((type & kPerfId) != 0)
        out.id = in.u64();
    if ((type & kPerfStreamId) != 0)
        in.skip(8);
    if ((type & kPerfCpu) != 0) {
        out.cpu = in.i32();
        in.skip(4);
    }
    if ((type & kPerfIdentifier) != 0)
        out.id = in.u64();
    return out;
}

} // namespace flamewright
