#include "importers/perf_data/stacks.h"

#include "importers/perf_data/cursor.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::size_t kFirstCachedFrames = 1u << 8; // powers of two
constexpr std::size_t kMaxCachedFrames = 1u << 16;  // direct mapped; 2 MB
constexpr std::size_t kRecentThreads = 256;

// The page of system calls without a system call, at the same place in every process of x86-64.
constexpr std::uint64_t kVsyscallBegin = 0xffffffffff600000;
constexpr std::uint64_t kVsyscallEnd = 0xffffffffff601000;

std::optional<PerfCpuMode> modeOfMarker(std::uint64_t marker)
{
    switch (marker) {
    case kPerfContextHypervisor: return PerfCpuMode::Hypervisor;
    case kPerfContextKernel: return PerfCpuMode::Kernel;
    case kPerfContextUser:
    case kPerfContextUserDeferred: return PerfCpuMode::User;
    case kPerfContextGuest:
    case kPerfContextGuestUser: return PerfCpuMode::GuestUser;
    case kPerfContextGuestKernel: return PerfCpuMode::GuestKernel;
    default: return std::nullopt;
    }
}

FrameKind kindOfMode(PerfCpuMode mode)
{
    switch (mode) {
    case PerfCpuMode::Unknown: return FrameKind::Unknown;
    case PerfCpuMode::Kernel: return FrameKind::Kernel;
    case PerfCpuMode::User: return FrameKind::User;
    case PerfCpuMode::Hypervisor: return FrameKind::Hypervisor;
    case PerfCpuMode::GuestKernel:
    case PerfCpuMode::GuestUser: return FrameKind::Guest;
    }
    return FrameKind::Unknown;
}

} // namespace

PerfStacks::PerfStacks(RecordSink &sink, PerfProcesses &processes, PerfModules &modules)
    : m_sink(sink),
      m_processes(processes),
      m_modules(modules),
      m_frames(kFirstCachedFrames),
      m_recent(kRecentThreads)
{}

std::optional<std::uint64_t> PerfStacks::walk(std::span<const std::byte> words, bool swap,
                                              PerfCpuMode mode, std::vector<PerfChainEntry> &out)
{
    const auto count = words.size() / 8;
    bool first = true; // of its context: interrupted there, not called from there
    for (std::size_t i = 0; i < count; ++i) {
        const auto word = perfWord(words, i, swap);
        if (word >= kPerfContextMax) {
            const auto marked = modeOfMarker(word);
            if (word == kPerfContextUserDeferred && i + 1 < count)
                return perfWord(words, i + 1, swap);
            if (marked)
                mode = *marked;
            else
                ++m_unknownMarkers;
            first = true;
        } else if (word != 0) {
            out.push_back({word, mode, !first});
            first = false;
        }
    }
    return std::nullopt;
}

void PerfStacks::setLeaf(std::vector<PerfChainEntry> &chain, std::uint64_t ip, PerfCpuMode mode)
{
    if (ip == 0 || (!chain.empty() && chain.front().address == ip))
        return;
    const PerfChainEntry leaf{ip, mode, false};
    if (!chain.empty() && (chain.front().mode == mode || mode == PerfCpuMode::Unknown))
        chain.front().address = ip;
    else
        chain.insert(chain.begin(), leaf);
}

StackId PerfStacks::intern(PerfThread &thread, std::span<const PerfChainEntry> chain, bool deferred)
{
    auto &recent = m_recent[static_cast<std::uint32_t>(thread.tid) % kRecentThreads];
    if (recent.thread != &thread || recent.generation != thread.process->generation ||
        recent.kernelGeneration != m_processes.kernelGeneration() || recent.deferred != deferred) {
        recent.thread = &thread;
        recent.generation = thread.process->generation;
        recent.kernelGeneration = m_processes.kernelGeneration();
        recent.deferred = deferred;
        recent.chain.clear();
        recent.stacks.clear();
    }
    const auto depth = chain.size();
    const auto shared = std::min(depth, recent.chain.size());
    std::size_t known = 0;
    while (known < shared && recent.chain[known] == chain[depth - 1 - known])
        ++known;
    StackId stack;
    if (known > 0)
        stack = recent.stacks[known - 1];
    else if (deferred)
        stack =
            m_sink.stack({}, m_sink.frame({.function = "[deferred]", .kind = FrameKind::Marker}));
    if (known == depth)
        return stack;
    recent.chain.resize(known);
    recent.stacks.resize(known);
    for (auto i = known; i < depth; ++i) {
        const auto &entry = chain[depth - 1 - i];
        stack = m_sink.stack(stack, frame(thread, entry));
        recent.chain.push_back(entry);
        recent.stacks.push_back(stack);
    }
    return stack;
}

FrameId PerfStacks::frame(PerfThread &thread, const PerfChainEntry &entry)
{
    const auto isUser = entry.mode == PerfCpuMode::User;
    const auto generation = isUser ? thread.process->generation : m_processes.kernelGeneration();
    const auto tag = static_cast<std::uint16_t>(static_cast<unsigned>(entry.mode) << 1 |
                                                (entry.returnAddress ? 1u : 0u));
    const auto hash = hashMix(entry.address, std::uint64_t{generation} << 16 | tag);
    const auto &known = m_frames[hash % m_frames.size()];
    if (known.address == entry.address && known.generation == generation && known.tag == tag)
        return known.frame;
    // Most files are small. What a larger cache begins without is soon found again.
    if (++m_framesMade > m_frames.size() && m_frames.size() < kMaxCachedFrames) {
        m_framesMade = 0;
        m_frames.assign(m_frames.size() * 4, {});
    }
    const auto made = makeFrame(thread, entry);
    m_frames[hash % m_frames.size()] = {entry.address, generation, tag, made};
    return made;
}

FrameId PerfStacks::makeFrame(PerfThread &thread, const PerfChainEntry &entry)
{
    FrameDesc desc{.function = {},
                   .kind = kindOfMode(entry.mode),
                   .returnAddress = entry.returnAddress,
                   .source = SymbolSource::None,
                   .address = entry.address};
    // The byte before a return address is in the function that called: a call may be the last
    // thing in its map.
    const auto at = entry.address - (entry.returnAddress ? 1 : 0);
    const PerfMap *map = nullptr;
    if (entry.mode == PerfCpuMode::User)
        map = thread.process->space->find(at);
    else if (entry.mode == PerfCpuMode::Kernel)
        map = m_processes.kernel().find(at);
    else if (entry.mode == PerfCpuMode::GuestKernel)
        map = m_processes.guestKernel().find(at);
    if (map != nullptr) {
        desc.address = entry.address + map->bias;
        desc.module = m_modules.idOf(map->module);
        desc.kind = map->kind;
        if (map->symbol != 0) {
            desc.function = m_modules.symbol(map->symbol);
            desc.source = SymbolSource::Capture;
        }
    } else if (entry.mode == PerfCpuMode::Kernel && m_processes.isKernelAddress(at)) {
        desc.module = m_modules.idOf(m_modules.anyKernel());
    } else if (entry.mode == PerfCpuMode::User && at >= kVsyscallBegin && at < kVsyscallEnd) {
        desc.module = m_modules.idOf(m_modules.vsyscall());
    }
    const auto frame = m_sink.frame(desc);
    if (desc.module.raw == 0)
        countUnmapped(frame);
    return frame;
}

void PerfStacks::countUnmapped(FrameId frame)
{
    if (frame.raw >= m_isUnmapped.size())
        m_isUnmapped.resize(frame.raw + 1024);
    if (!m_isUnmapped[frame.raw]) {
        m_isUnmapped[frame.raw] = true;
        ++m_unmapped;
    }
}

} // namespace flamewright
