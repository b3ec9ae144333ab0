#include "importers/io/layer.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flamewright {
namespace {

std::string systemText(int code)
{
    char buffer[128] = {};
    return strerror_r(code, buffer, sizeof buffer); // GNU flavour: returns the text
}

Result<> checkType(const struct stat &info)
{
    if (S_ISDIR(info.st_mode))
        return fail(Errc::Io, "this is a directory, not a file");
    if (S_ISBLK(info.st_mode))
        return fail(Errc::Io, "this is a block device, not a file");
    return {};
}

enum class Writer : std::uint8_t { None, There };

// Whether a pipe has a writer or bytes left, without consuming any: tee() into a pipe of our own
// says 0 for "empty and nobody writes" and EAGAIN for "empty, but somebody may".
Result<Writer> pipeWriter(int pipe)
{
    int probe[2];
    if (::pipe2(probe, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(Errc::Io, "cannot make a pipe: " + systemText(errno));
    const FileDescriptor readEnd(probe[0]), writeEnd(probe[1]);
    const auto got = ::tee(pipe, writeEnd.get(), 1, SPLICE_F_NONBLOCK);
    return got == 0 ? Writer::None : Writer::There;
}

Result<> awaitWriter(int pipe, std::chrono::milliseconds wait)
{
    FW_ASSIGN(auto writer, pipeWriter(pipe));
    if (writer == Writer::None) {
        // Returns when bytes come or a writer has come and gone.
        pollfd ready{pipe, POLLIN, 0};
        const auto end = std::chrono::steady_clock::now() + wait;
        for (;;) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                end - std::chrono::steady_clock::now());
            if (left.count() <= 0)
                break;
            const auto got =
                ::poll(&ready, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 100)));
            if (got > 0)
                return {};
            FW_ASSIGN(writer, pipeWriter(pipe));
            if (writer == Writer::There)
                return {};
        }
        return fail(Errc::Io, "nobody writes to this pipe");
    }
    return {};
}

} // namespace

Result<std::unique_ptr<RawInput>> RawInput::open(int descriptor)
{
    struct stat info = {};
    if (::fstat(descriptor, &info) != 0)
        return fail(Errc::Io, "cannot look at the input: " + systemText(errno));
    FW_TRY(checkType(info));
    std::unique_ptr<RawInput> input(new RawInput(descriptor));
    if (S_ISREG(info.st_mode)) {
        const auto at = ::lseek(descriptor, 0, SEEK_CUR);
        if (at < 0)
            return fail(Errc::Io, "cannot read the input: " + systemText(errno));
        input->m_origin = static_cast<std::uint64_t>(at);
        input->m_size = info.st_size > at ? static_cast<std::uint64_t>(info.st_size - at) : 0;
    }
    return input;
}

Result<std::size_t> RawInput::read(std::span<std::byte> into)
{
    for (;;) {
        const auto got = ::read(m_descriptor, into.data(), into.size());
        if (got >= 0) {
            m_position.fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
            return static_cast<std::size_t>(got);
        }
        if (errno == EAGAIN) { // a descriptor somebody else made non-blocking
            pollfd ready{m_descriptor, POLLIN, 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            return fail(
                Error(Errc::Io, "cannot read the input: " + systemText(errno)).at(position()));
        }
    }
}

Result<> RawInput::seek(std::uint64_t position)
{
    std::uint64_t target = 0;
    if (__builtin_add_overflow(m_origin, position, &target) || target > INT64_MAX ||
        ::lseek(m_descriptor, static_cast<off_t>(target), SEEK_SET) < 0)
        return fail(Errc::Io, "cannot seek in the input");
    m_position.store(position, std::memory_order_relaxed);
    return {};
}

Result<FileDescriptor> openInputFile(const std::filesystem::path &path,
                                     std::chrono::milliseconds pipeWait)
{
    if (path == "-") {
        FileDescriptor copy(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
        if (!copy.isOpen())
            return fail(Errc::Io, "standard input is closed");
        struct stat info = {};
        if (::fstat(copy.get(), &info) == 0)
            FW_TRY(checkType(info));
        return copy;
    }
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.isOpen()) {
        const auto code = errno == ENOENT || errno == ENOTDIR ? Errc::NotFound : Errc::Io;
        return fail(Error(code, systemText(errno)).in(path.string()));
    }
    struct stat info = {};
    if (::fstat(file.get(), &info) != 0)
        return fail(Error(Errc::Io, systemText(errno)).in(path.string()));
    if (auto type = checkType(info); !type.has_value())
        return fail(std::move(type).error().in(path.string()));
    if (S_ISFIFO(info.st_mode)) {
        if (auto there = awaitWriter(file.get(), pipeWait); !there.has_value())
            return fail(std::move(there).error().in(path.string()));
    }
    // Reads wait again from here on; only opening must not.
    const auto flags = ::fcntl(file.get(), F_GETFL);
    ::fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
    return file;
}

} // namespace flamewright
