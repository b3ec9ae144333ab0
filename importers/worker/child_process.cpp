#include "importers/worker/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace flamewright {
namespace {

constexpr int kPipeBytes = 1 << 20;
// Source descriptors are moved out of the way of those the child gets.
constexpr int kFirstFree = 10;

Error startFailed(const std::filesystem::path &program, int code)
{
    return Error(Errc::Worker,
                 "the import worker cannot be started: " + std::string(std::strerror(code)))
        .in(program.string());
}

FileDescriptor movedUp(FileDescriptor from)
{
    return FileDescriptor(::fcntl(from.get(), F_DUPFD_CLOEXEC, kFirstFree));
}

// The attributes and file actions of posix_spawn, freed with their owner.
struct SpawnPlan {
    SpawnPlan()
    {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    SpawnPlan(const SpawnPlan &) = delete;
    SpawnPlan &operator=(const SpawnPlan &) = delete;
    ~SpawnPlan()
    {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    void give(int from, int as) { ::posix_spawn_file_actions_adddup2(&actions, from, as); }
    void giveNothing(int as, int mode)
    {
        ::posix_spawn_file_actions_addopen(&actions, as, "/dev/null", mode, 0);
    }

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

void planSignals(SpawnPlan &plan)
{
    // Ctrl+C is for the program, which then ends the worker itself.
    sigset_t masked, all;
    ::sigemptyset(&masked);
    ::sigaddset(&masked, SIGINT);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&plan.attributes, &masked);
    ::posix_spawnattr_setsigdefault(&plan.attributes, &all);
    ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

} // namespace

Result<ChildProcess> ChildProcess::start(const std::filesystem::path &program, int input)
{
    int pipe[2], control[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0)
        return fail(startFailed(program, errno));
    FileDescriptor output(pipe[0]);
    const auto childOutput = movedUp(FileDescriptor(pipe[1]));
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control) != 0)
        return fail(startFailed(program, errno));
    FileDescriptor ours(control[0]);
    const auto childControl = movedUp(FileDescriptor(control[1]));
    FileDescriptor childInput;
    if (input >= 0)
        childInput = FileDescriptor(::fcntl(input, F_DUPFD_CLOEXEC, kFirstFree));
    if (!childOutput.isOpen() || !childControl.isOpen() || (input >= 0 && !childInput.isOpen()))
        return fail(startFailed(program, errno));
    ::fcntl(output.get(), F_SETPIPE_SZ, kPipeBytes); // only a wish
    ::fcntl(output.get(), F_SETFL, O_NONBLOCK);

    SpawnPlan plan;
    if (input >= 0)
        plan.give(childInput.get(), 0);
    else
        plan.giveNothing(0, O_RDONLY);
    plan.giveNothing(1, O_WRONLY);
#ifndef FW_SANITIZED // whose reports are worth more than silence
    plan.giveNothing(2, O_WRONLY);
#endif
    plan.give(childOutput.get(), 3);
    plan.give(childControl.get(), 4);
    ::posix_spawn_file_actions_addclosefrom_np(&plan.actions, 5);
    planSignals(plan);

    ChildProcess child;
    char name[] = "import-worker";
    char *arguments[] = {name, nullptr};
    char *environment[] = {nullptr};
    const auto code = ::posix_spawn(&child.m_pid, program.c_str(), &plan.actions, &plan.attributes,
                                    arguments, environment);
    if (code != 0) {
        child.m_pid = -1;
        return fail(startFailed(program, code));
    }
    child.m_output = std::move(output);
    child.m_control = std::move(ours);
    return child;
}

ChildProcess::ChildProcess(ChildProcess &&other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)),
      m_output(std::move(other.m_output)),
      m_control(std::move(other.m_control))
{}

ChildProcess::~ChildProcess()
{
    kill();
    reap();
}

void ChildProcess::kill()
{
    if (m_pid > 0)
        ::kill(m_pid, SIGKILL);
}

Result<> ChildProcess::send(const Frame &frame, const JobContext &job,
                            std::chrono::milliseconds patience)
{
    const auto size = static_cast<std::uint32_t>(frame.size() * sizeof(frame[0]));
    std::vector<std::byte> bytes(sizeof size + size);
    std::memcpy(bytes.data(), &size, sizeof size);
    std::memcpy(bytes.data() + sizeof size, frame.data(), size);
    auto deadline = std::chrono::steady_clock::now() + patience;
    for (std::size_t at = 0; at < bytes.size();) {
        FW_TRY(job.checkpoint());
        const auto put = ::send(m_control.get(), bytes.data() + at, bytes.size() - at,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put > 0) {
            at += static_cast<std::size_t>(put);
            deadline = std::chrono::steady_clock::now() + patience;
        } else if (errno == EAGAIN || errno == EINTR) {
            if (std::chrono::steady_clock::now() > deadline)
                return fail(Errc::Worker, "the import worker does not listen");
            pollfd ready{m_control.get(), POLLOUT, 0};
            ::poll(&ready, 1, 50);
        } else {
            return fail(Errc::Worker, "the import worker is gone");
        }
    }
    return {};
}

Result<ChildProcess::Read> ChildProcess::read(FrameAssembler &frames,
                                              std::chrono::milliseconds wait)
{
    for (bool waited = false;;) {
        const auto room = frames.room();
        const auto got = ::read(m_output.get(), room.data(), room.size());
        if (got > 0) {
            FW_ASSIGN(const auto complete, frames.filled(static_cast<std::size_t>(got)));
            if (complete)
                return Read::Whole;
        } else if (got == 0) {
            return Read::End;
        } else if (errno == EAGAIN) {
            if (waited)
                return Read::Nothing;
            pollfd ready{m_output.get(), POLLIN, 0};
            ::poll(&ready, 1, static_cast<int>(wait.count()));
            waited = true;
        } else if (errno != EINTR) {
            return fail(Errc::Worker, "the import worker cannot be read from");
        }
    }
}

std::string ChildProcess::reap()
{
    if (m_pid <= 0)
        return "is gone";
    m_control.reset();
    m_output.reset();
    // Its pipe is closed, so it is ending; a second is plenty, after that it is made to.
    int status = 0;
    pid_t got = 0;
    for (int i = 0; i < 500 && (got = ::waitpid(m_pid, &status, WNOHANG)) == 0; ++i) {
        if (i == 100)
            kill();
        std::this_thread::sleep_for(std::chrono::milliseconds(i < 20 ? 1 : 10));
    }
    m_pid = -1;
    if (got <= 0)
        return "is gone";
    if (WIFEXITED(status))
        return "ended early with exit status " + std::to_string(WEXITSTATUS(status));
    const auto signal = WTERMSIG(status);
    if (signal == SIGXCPU)
        return "needed more processor time than any sound input of this size";
    const auto *text = ::sigdescr_np(signal);
    auto how = "was killed by signal " + std::to_string(signal) + " (" +
               (text == nullptr ? "unknown" : text) + ")";
    if (signal == SIGSYS)
        how += " for trying something its sandbox forbids";
    if (signal == SIGKILL)
        how += ", perhaps for lack of memory";
    return how;
}

std::chrono::nanoseconds ChildProcess::processorTime() const
{
    clockid_t clock = 0;
    timespec time = {};
    if (m_pid <= 0 || ::clock_getcpuclockid(m_pid, &clock) != 0 ||
        ::clock_gettime(clock, &time) != 0)
        return {};
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace flamewright
