#include "importers/io/file_descriptor.h"
#include "importers/worker/sandbox.h"
#include "importers/worker/worker_main.h"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <string>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

// Every attempt runs in a process of its own, locked in like an import worker, since some of them
// end in being killed.
namespace flamewright {
namespace {

// What an attempt needs that cannot be looked up from inside.
struct Outside {
    pid_t parent = 0;
    std::string home;
    std::string newFile; // does not exist; where the user may write
};

struct Attempt {
    const char *title;
    // True when it worked. errno tells why not.
    bool (*act)(const Outside &outside);
    bool shouldWork = false;
    bool needsMemoryLimit = false;
};

bool opens(const char *path, int flags)
{
    return ::open(path, flags | O_CLOEXEC, 0600) >= 0;
}

bool connects(int family, const sockaddr *address, socklen_t size)
{
    // Getting a socket at all is already too much.
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    ::connect(fd, address, size);
    return true;
}

bool connectsByTcp(const Outside &)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(80);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connects(AF_INET, reinterpret_cast<const sockaddr *>(&address), sizeof address);
}

bool connectsLocally(const Outside &)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strcpy(address.sun_path, "/run/dbus/system_bus_socket");
    return connects(AF_UNIX, reinterpret_cast<const sockaddr *>(&address), sizeof address);
}

bool executes(const Outside &)
{
    char path[] = "/bin/true";
    char *arguments[] = {path, nullptr};
    ::execv(path, arguments); // on success the exit status is 0, which means "denied" here: see run
    return false;
}

bool forks(const Outside &)
{
    const auto pid = ::fork();
    if (pid == 0)
        ::_exit(0);
    return pid > 0;
}

bool readsInput(const Outside &)
{
    char byte = 0;
    return ::read(0, &byte, 1) == 1 && ::pread(0, &byte, 1, 0) == 1;
}

// Exit statuses of an attempt's process. /bin/true would end with 0, so 0 means it was executed.
constexpr int kWorked = 0, kDenied = 70;

constexpr Attempt kAttempts[] = {
    {"read the input", readsInput, true},
    {"write to descriptor 3", [](const Outside &) { return ::write(3, "x", 1) == 1; }, true},
    {"allocate 64 MiB", [](const Outside &) { return std::malloc(64u << 20) != nullptr; }, true},
    {"open /etc/passwd", [](const Outside &) { return opens("/etc/passwd", O_RDONLY); }},
    {"open $HOME/.ssh",
     [](const Outside &o) { return opens((o.home + "/.ssh").c_str(), O_RDONLY | O_DIRECTORY); }},
    {"list $HOME", [](const Outside &o) { return opens(o.home.c_str(), O_RDONLY | O_DIRECTORY); }},
    {"create a file",
     [](const Outside &o) { return opens(o.newFile.c_str(), O_WRONLY | O_CREAT | O_EXCL); }},
    {"connect by TCP", connectsByTcp},
    {"connect to a local socket", connectsLocally},
    {"execute a program", executes},
    {"fork", forks},
    {"clone",
     [](const Outside &) { return ::syscall(SYS_clone3, nullptr, 0) >= 0 || errno == EINVAL; }},
    {"trace the parent",
     [](const Outside &o) { return ::ptrace(PTRACE_ATTACH, o.parent, nullptr, nullptr) == 0; }},
    {"signal the parent", [](const Outside &o) { return ::kill(o.parent, 0) == 0; }},
    {"signal a thread of the parent",
     [](const Outside &o) { return ::syscall(SYS_tgkill, o.parent, o.parent, 0) == 0; }},
    {"read the parent's memory",
     [](const Outside &o) {
         return opens(("/proc/" + std::to_string(o.parent) + "/mem").c_str(), O_RDONLY);
     }},
    {"map 64 GiB",
     [](const Outside &) {
         return ::mmap(nullptr, 64ull << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0) != MAP_FAILED;
     },
     false, true},
    {"map code of its own",
     [](const Outside &) {
         return ::mmap(nullptr, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
                MAP_FAILED;
     }},
    {"write to the input", [](const Outside &) { return ::pwrite(0, "x", 1, 0) == 1; }},
    {"append to the input", [](const Outside &) { return ::write(0, "x", 1) == 1; }},
};

constexpr SandboxRules importRules()
{
    return {.memoryLimitBytes = 2ull << 30, .cpuSeconds = 10};
}

[[noreturn]] void runLockedIn(const Attempt &attempt, const Outside &outside)
{
    Sandbox sandbox;
    sandbox.limitResources(importRules());
    sandbox.restrictFiles(importRules());
    sandbox.filterSystemCalls(importRules());
    errno = 0;
    const bool worked = attempt.act(outside);
    ::_exit(worked ? kWorked : kDenied + std::min(errno, 120));
}

// True when it went as it should.
bool report(const Attempt &attempt, int status)
{
    const bool worked = WIFEXITED(status) && WEXITSTATUS(status) == kWorked;
    std::string how = "worked";
    if (WIFSIGNALED(status))
        how = std::string("killed by ") + ::strsignal(WTERMSIG(status));
    else if (!worked)
        how = std::string("refused: ") + std::strerror(WEXITSTATUS(status) - kDenied);
    bool good = worked == attempt.shouldWork;
#ifdef FW_SANITIZED
    if (attempt.needsMemoryLimit && !good) {
        good = true;
        how += " (no memory limit in sanitizer builds)";
    }
#endif
    std::printf("%s %-30s %s\n", good ? "ok  " : "FAIL", attempt.title, how.c_str());
    return good;
}

std::string layersOfThisMachine()
{
    // Looked at in a process of its own, which tells by a pipe.
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return "unknown";
    const auto pid = ::fork();
    if (pid == 0) {
        ::dup2(ends[1], 3);
        Sandbox sandbox;
        sandbox.restrictFiles(importRules());
        sandbox.filterSystemCalls(importRules());
        const auto text = sandbox.isolation();
        [[maybe_unused]] const auto put = ::write(3, text.data(), text.size());
        ::_exit(0);
    }
    const FileDescriptor from(ends[0]);
    ::close(ends[1]);
    char text[256];
    const auto got = ::read(from.get(), text, sizeof text);
    ::waitpid(pid, nullptr, 0);
    return got > 0 ? std::string(text, static_cast<std::size_t>(got)) : "unknown";
}

} // namespace

int selftestEscape()
{
    // An input that is open for writing, which the real one never is, and a result pipe.
    char name[] = "/tmp/import-worker-selftest-XXXXXX";
    FileDescriptor input(::mkstemp(name));
    ::unlink(name);
    int ends[2];
    if (!input.isOpen() || ::write(input.get(), "input", 5) != 5 || ::pipe2(ends, 0) != 0) {
        std::fputs("cannot prepare the self-test\n", stderr);
        return 2;
    }
    const auto *home = std::getenv("HOME");
    const Outside outside{.parent = ::getpid(),
                          .home = home == nullptr ? "/root" : home,
                          .newFile = std::string(name) + "-new"};
    std::printf("layers: %s\n", layersOfThisMachine().c_str());
    int failures = 0;
    for (const auto &attempt : kAttempts) {
        std::fflush(stdout);
        const auto pid = ::fork();
        if (pid == 0) {
            ::lseek(input.get(), 0, SEEK_SET);
            ::dup2(input.get(), 0);
            ::dup2(ends[1], 3);
            runLockedIn(attempt, outside);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        failures += report(attempt, status) ? 0 : 1;
        ::unlink(outside.newFile.c_str());
    }
    std::printf("%d of %zu attempts went wrong\n", failures, std::size(kAttempts));
    return failures == 0 ? 0 : 1;
}

} // namespace flamewright
