#include "importers/perf_data/modules.h"

#include <algorithm>

namespace flamewright {
namespace {

constexpr std::string_view kKernelName = "[kernel.kallsyms]";
constexpr std::string_view kGuestKernelName = "[guest.kernel.kallsyms]";
constexpr std::size_t kMaxSymbols = 1u << 18;  // KSYMBOL records whose names are kept
constexpr std::uint32_t kMapHugeTlb = 0x40000; // MAP_HUGETLB

// Memory without a file, where only run-time compilers put code. As perf sees it, and memfd,
// which compilers use to map code twice (once writable, once executable).
bool isJitMemory(const PerfMmap &mmap)
{
    const auto name = mmap.name;
    return name.empty() || name == "//anon" || name.starts_with("[anon") ||
           name.starts_with("/dev/zero") || name.starts_with("/anon_hugepage") ||
           name.starts_with("/memfd:") || name.starts_with("[stack") || name == "[heap]" ||
           name.starts_with("/SYSV") || (mmap.flags & kMapHugeTlb) != 0;
}

std::uint64_t endOf(std::uint64_t start, std::uint64_t length)
{
    std::uint64_t end = 0;
    return __builtin_add_overflow(start, length, &end) ? UINT64_MAX : end;
}

// perf lists build ids of kernel modules by path or by "[name]", mappings by either: "[name]" for
// both, with "-" as "_", as the kernel does.
std::string buildIdKey(std::string_view name)
{
    auto base = name.substr(name.rfind('/') + 1);
    const auto ko = base.find(".ko");
    if (ko == std::string_view::npos || (ko + 3 != base.size() && base.substr(ko + 3, 1) != "."))
        return std::string(name);
    auto key = "[" + std::string(base.substr(0, ko)) + "]";
    std::replace(key.begin(), key.end(), '-', '_');
    return key;
}

} // namespace

std::string perfBuildIdText(const std::byte *bytes, std::size_t size)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    bool any = false;
    for (std::size_t i = 0; i < size; ++i) {
        const auto value = static_cast<unsigned>(bytes[i]);
        any |= value != 0;
        out += kDigits[value >> 4];
        out += kDigits[value & 15];
    }
    return any ? out : std::string();
}

std::uint32_t PerfModules::module(const ModuleDesc &desc)
{
    const auto fresh = static_cast<std::uint32_t>(m_modules.size() + 1);
    const auto [it, added] = m_index.try_emplace(
        {std::string(desc.name), std::string(desc.buildId), desc.pid, desc.base, desc.kind}, fresh);
    if (added) {
        auto kept = desc;
        kept.name = std::get<0>(it->first);
        kept.buildId = std::get<1>(it->first);
        m_modules.push_back({kept, {}});
    }
    return it->second;
}

ModuleId PerfModules::idOf(std::uint32_t module)
{
    auto &known = m_modules[module - 1];
    if (known.id.raw != 0)
        return known.id;
    known.id = m_sink.module(known.desc);
    if (!known.desc.buildId.empty() || known.desc.kind == ModuleKind::Jit)
        return known.id;
    const auto key = buildIdKey(known.desc.name);
    const auto buildId = m_buildIds.find(key);
    if (buildId != m_buildIds.end())
        m_sink.setBuildId(known.id, buildId->second);
    else
        m_unidentified[key].push_back(known.id);
    return known.id;
}

void PerfModules::setBuildId(std::string_view name, std::string_view buildId)
{
    if (buildId.empty())
        return;
    const auto key = buildIdKey(name);
    m_buildIds.try_emplace(key, buildId);
    const auto waiting = m_unidentified.find(key);
    if (waiting == m_unidentified.end())
        return;
    for (const auto id : waiting->second)
        m_sink.setBuildId(id, buildId);
    m_unidentified.erase(waiting);
}

PerfMap PerfModules::ofUser(const PerfMmap &mmap)
{
    PerfMap map;
    map.start = mmap.start;
    map.end = endOf(mmap.start, mmap.length);
    map.kind = FrameKind::User;
    if (mmap.name.starts_with("[vdso")) {
        map.bias = 0 - mmap.start;
        map.module = module({.name = mmap.name, .buildId = mmap.buildId, .kind = ModuleKind::Vdso});
    } else if (mmap.name.starts_with("[v") || mmap.name == "[uprobes]") {
        map.module = module({.name = mmap.name}); // pages that the kernel puts there
    } else if (isJitMemory(mmap)) {
        map.kind = FrameKind::Jit;
        const auto name = "perf-" + std::to_string(mmap.pid) + ".map";
        map.module = module({.name = name, .kind = ModuleKind::Jit, .pid = mmap.pid});
    } else {
        map.bias = mmap.pageOffset - mmap.start;
        map.module = module({.name = mmap.name, .buildId = mmap.buildId, .kind = ModuleKind::Elf});
    }
    return map;
}

PerfMap PerfModules::ofKernel(const PerfMmap &mmap, bool guest)
{
    PerfMap map;
    map.start = mmap.start;
    map.end = mmap.length == 0 ? UINT64_MAX : endOf(mmap.start, mmap.length);
    map.kind = guest ? FrameKind::Guest : FrameKind::Kernel;
    const auto kernelName = guest ? kGuestKernelName : kKernelName;
    // "[kernel.kallsyms]_text" with the run-time address of _text as the page offset. Guests may
    // be "[guest.kernel.kallsyms.1234]".
    if (mmap.name.starts_with(kernelName.substr(0, kernelName.size() - 1))) {
        map.module = module({.name = kernelName,
                             .buildId = mmap.buildId,
                             .kind = ModuleKind::Kernel,
                             .base = mmap.pageOffset});
        if (!guest)
            m_kernel = map.module;
    } else {
        map.module =
            module({.name = mmap.name, .buildId = mmap.buildId, .kind = ModuleKind::KernelModule});
    }
    return map;
}

PerfMap PerfModules::ofKsymbol(std::uint64_t address, std::uint32_t length, std::string_view name)
{
    PerfMap map;
    map.start = address;
    map.end = endOf(address, length);
    map.kind = FrameKind::Kernel;
    map.module = module({.name = name, .kind = ModuleKind::KernelModule});
    if (m_symbols.size() < kMaxSymbols) {
        m_symbols.emplace_back(name);
        map.symbol = static_cast<std::uint32_t>(m_symbols.size());
    }
    return map;
}

std::uint32_t PerfModules::anyKernel()
{
    if (m_kernel == 0)
        m_kernel = module({.name = kKernelName, .kind = ModuleKind::Kernel});
    return m_kernel;
}

std::uint32_t PerfModules::vsyscall()
{
    if (m_vsyscall == 0)
        m_vsyscall = module({.name = "[vsyscall]"});
    return m_vsyscall;
}

} // namespace flamewright
