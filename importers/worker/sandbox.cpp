#include "importers/worker/sandbox.h"

#include "importers/io/file_descriptor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <linux/landlock.h>
#include <malloc.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flamewright {
namespace {

void limit(int resource, rlim_t value)
{
    const rlimit both{value, value};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

// Landlock as of ABI 6; Debian 12's headers know ABI 2, its kernel too.
struct RulesetAttributes {
    std::uint64_t files;
    std::uint64_t network; // from ABI 4
    std::uint64_t scoped;  // from ABI 6
};
constexpr std::uint64_t kFileRights[] = {
    (1ull << 13) - 1, // 1: execute, read, write, make and remove of every kind
    1ull << 13,       // 2: refer
    1ull << 14,       // 3: truncate
    0,                // 4: network
    1ull << 15,       // 5: ioctl of devices
};
constexpr std::uint64_t kNetworkRights = 3; // bind and connect TCP
constexpr std::uint64_t kScopes = 3;        // abstract sockets, signals
constexpr int kKeptBytes = 32 << 20;        // more is refused by malloc as a threshold

std::size_t attributeBytes(int version)
{
    if (version >= 6)
        return sizeof(RulesetAttributes);
    return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

void allowReadingBelow(int ruleset, const std::string &path)
{
    const FileDescriptor root(::open(path.c_str(), O_PATH | O_CLOEXEC));
    struct stat info = {};
    if (!root.isOpen() || ::fstat(root.get(), &info) != 0)
        return; // not there: nothing to allow
    landlock_path_beneath_attr rule = {};
    rule.parent_fd = root.get();
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    if (S_ISDIR(info.st_mode))
        rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

using Filter = scmp_filter_ctx;

void allow(Filter filter, std::initializer_list<int> calls)
{
    for (const auto call : calls)
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
}

// Libraries probe for these and cope when they may not have them; killing for that would be wrong.
void refuse(Filter filter, std::initializer_list<int> calls)
{
    for (const auto call : calls)
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0);
}

void allowComputing(Filter filter)
{
    allow(filter, {SCMP_SYS(read),
                   SCMP_SYS(readv),
                   SCMP_SYS(pread64),
                   SCMP_SYS(lseek),
                   SCMP_SYS(close),
                   SCMP_SYS(fstat),
                   SCMP_SYS(brk),
                   SCMP_SYS(munmap),
                   SCMP_SYS(mremap),
                   SCMP_SYS(madvise),
                   SCMP_SYS(futex),
                   SCMP_SYS(rt_sigaction),
                   SCMP_SYS(rt_sigprocmask),
                   SCMP_SYS(rt_sigreturn),
                   SCMP_SYS(sigaltstack),
                   SCMP_SYS(clock_gettime),
                   SCMP_SYS(clock_getres),
                   SCMP_SYS(clock_nanosleep),
                   SCMP_SYS(nanosleep),
                   SCMP_SYS(gettimeofday),
                   SCMP_SYS(getrandom),
                   SCMP_SYS(restart_syscall),
                   SCMP_SYS(sched_yield),
                   SCMP_SYS(getpid),
                   SCMP_SYS(gettid),
                   SCMP_SYS(poll),
                   SCMP_SYS(ppoll),
                   SCMP_SYS(exit),
                   SCMP_SYS(exit_group),
                   SCMP_SYS(sysinfo),
                   SCMP_SYS(sched_getaffinity)});
    // Results go out by descriptor 3 and nowhere else, whatever the input was opened for.
    for (const auto call : {SCMP_SYS(write), SCMP_SYS(writev)}) {
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, 3));
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, 2));
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EBADF), call, 1, SCMP_A0(SCMP_CMP_GT, 3));
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EBADF), call, 1, SCMP_A0(SCMP_CMP_LT, 2));
    }
    // No code but what is loaded.
    for (const auto call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 1,
                         SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC));
    }
    // abort() signals itself; others are out of reach.
    const auto self = static_cast<scmp_datum_t>(::getpid());
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_EQ, self));
}

void allowFiles(Filter filter, bool opensFiles)
{
    if (opensFiles) {
        // What may be opened is Landlock's business.
        allow(filter,
              {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat), SCMP_SYS(lstat),
               SCMP_SYS(statx), SCMP_SYS(newfstatat), SCMP_SYS(access), SCMP_SYS(faccessat),
               SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
               SCMP_SYS(fcntl), SCMP_SYS(getcwd), SCMP_SYS(fstatfs), SCMP_SYS(fadvise64)});
        return;
    }
    // fstat() of this C library is newfstatat() with AT_EMPTY_PATH.
    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                     SCMP_A3(SCMP_CMP_EQ, AT_EMPTY_PATH));
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1,
                     SCMP_A3(SCMP_CMP_NE, AT_EMPTY_PATH));
    refuse(filter, {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat),
                    SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
                    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
                    SCMP_SYS(getdents64), SCMP_SYS(fcntl), SCMP_SYS(getcwd)});
}

} // namespace

void Sandbox::limitResources(const SandboxRules &rules)
{
    ::prctl(PR_SET_DUMPABLE, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, rules.opensFiles ? 256 : 16);
    const rlimit stack{8u << 20, 8u << 20};
    ::setrlimit(RLIMIT_STACK, &stack);
#ifndef FW_SANITIZED // whose shadow memory is far larger
    if (rules.memoryLimitBytes != 0)
        limit(RLIMIT_AS, rules.memoryLimitBytes);
#endif
    if (rules.cpuSeconds != 0)
        limit(RLIMIT_CPU, rules.cpuSeconds);
    ::close_range(5, ~0u, 0);
    ::clearenv();
    errno = 0;
    [[maybe_unused]] const auto nice = ::nice(10);
    // Each arena reserves address space, of which there is little.
    ::mallopt(M_ARENA_MAX, 2);
    // Chunk after chunk takes and frees the same megabytes: given back to the kernel every time,
    // they would be cleared every time, a tenth of an import.
    ::mallopt(M_MMAP_THRESHOLD, kKeptBytes);
    ::mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

void Sandbox::restrictFiles(const SandboxRules &rules)
{
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto version = static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION));
    if (version < 1)
        return;
    RulesetAttributes attributes = {};
    for (int i = 0; i < std::min(version, 5); ++i)
        attributes.files |= kFileRights[i];
    if (version >= 4)
        attributes.network = kNetworkRights;
    if (version >= 6)
        attributes.scoped = kScopes;
    const FileDescriptor ruleset(static_cast<int>(
        ::syscall(SYS_landlock_create_ruleset, &attributes, attributeBytes(version), 0)));
    if (!ruleset.isOpen())
        return;
    if (rules.opensFiles) {
        for (const auto &path : rules.readable)
            allowReadingBelow(ruleset.get(), path);
    }
    if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0)
        m_landlock = version;
}

void Sandbox::filterSystemCalls(const SandboxRules &rules)
{
#ifdef FW_SANITIZED // whose reports need calls that nothing else does
    const auto otherwise = SCMP_ACT_ERRNO(EPERM);
#else
    const auto otherwise = SCMP_ACT_KILL_PROCESS;
#endif
    const Filter filter = seccomp_init(otherwise);
    if (filter == nullptr)
        return;
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    allowComputing(filter);
    allowFiles(filter, rules.opensFiles);
    refuse(filter, {SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(ioctl), SCMP_SYS(prlimit64),
                    SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(fork), SCMP_SYS(vfork),
                    SCMP_SYS(prctl), SCMP_SYS(uname)});
    m_seccomp = seccomp_load(filter) == 0;
    seccomp_release(filter);
}

std::string Sandbox::isolation() const
{
    std::string active = m_seccomp ? "seccomp, " : "";
    if (m_landlock > 0)
        active += "Landlock " + std::to_string(m_landlock) + ", ";
    active += "limits";
    std::string missing = m_seccomp ? "" : "no seccomp";
    if (m_landlock == 0)
        missing += missing.empty() ? "no Landlock" : ", no Landlock";
    return missing.empty() ? active : active + " (" + missing + ")";
}

} // namespace flamewright
