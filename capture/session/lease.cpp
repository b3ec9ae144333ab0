#include "capture/session/lease.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace flamewright {
namespace {

std::filesystem::path withSuffix(std::filesystem::path path, const char *suffix)
{
    path += suffix;
    return path;
}

struct flock wholeFile(short type)
{
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

bool isRegular(int descriptor)
{
    struct stat info {};
    return ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
}

bool isSameFile(int descriptor, const std::filesystem::path &path)
{
    struct stat open {
    }, named{};
    return ::fstat(descriptor, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

std::string ownerLine()
{
    char host[256] = "unknown";
    ::gethostname(host, sizeof host - 1);
    const auto now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char since[32];
    std::strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return std::to_string(::getpid()) + ' ' + host + ' ' + since + '\n';
}

// Whoever wrote the lock file chose the text: only plain characters go into the message.
std::string holderOf(int descriptor)
{
    char text[320];
    const auto size = ::pread(descriptor, text, sizeof text, 0);
    std::string pid, host, since;
    auto *field = &pid;
    for (ssize_t i = 0; i < size && text[i] != '\n'; ++i) {
        if (text[i] == ' ') {
            field = field == &pid ? &host : &since;
        } else if (text[i] > ' ' && text[i] <= '~') {
            field->push_back(text[i]);
        }
    }
    if (pid.empty())
        return "another program";
    if (pid == std::to_string(::getpid()))
        return "this program already (process " + pid + ", since " + since + ")";
    return "process " + pid + " on " + host + " (since " + since + ")";
}

} // namespace

WriterLease::~WriterLease()
{
    release();
}

WriterLease::WriterLease(WriterLease &&other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_file(std::move(other.m_file))
{}

WriterLease &WriterLease::operator=(WriterLease &&other) noexcept
{
    if (this != &other) {
        release();
        m_descriptor = std::exchange(other.m_descriptor, -1);
        m_file = std::move(other.m_file);
    }
    return *this;
}

Result<WriterLease> WriterLease::take(const std::filesystem::path &session)
{
    WriterLease out;
    out.m_file = withSuffix(session, ".lock");
    for (int attempt = 0; attempt < 100; ++attempt) {
        const int descriptor = ::open(out.m_file.c_str(),
                                      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
        if (descriptor < 0 && errno == ENOSPC)
            return fail(Errc::DiskFull, "there is no room to open the session for writing");
        if (descriptor < 0)
            return fail(Errc::Io, "its directory cannot be written (" +
                                      std::string(std::strerror(errno)) + ")");
        auto lock = wholeFile(F_WRLCK);
        if (!isRegular(descriptor) || ::fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
            const auto holder = holderOf(descriptor);
            ::close(descriptor);
            return fail(Errc::Busy, "it is being written by " + holder);
        }
        // The previous owner may have removed the file between our open and our lock.
        if (!isSameFile(descriptor, out.m_file)) {
            ::close(descriptor);
            continue;
        }
        out.m_descriptor = descriptor;
        const auto line = ownerLine();
        // Only for the message to others: a full disk is no reason to refuse.
        if (::ftruncate(descriptor, 0) == 0)
            (void)!::pwrite(descriptor, line.data(), line.size(), 0);
        return out;
    }
    return fail(Errc::Busy, "it is being opened and closed by another program");
}

bool WriterLease::isHeld(const std::filesystem::path &session)
{
    const auto file = withSuffix(session, ".lock");
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    auto lock = wholeFile(F_RDLCK);
    const bool held = isRegular(descriptor) && ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 &&
                      lock.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

void WriterLease::release()
{
    if (m_descriptor < 0)
        return;
    ::unlink(m_file.c_str()); // while it is locked, so that nobody else's is removed
    ::close(m_descriptor);
    m_descriptor = -1;
}

Ballast::Ballast(const std::filesystem::path &session) : m_file(withSuffix(session, ".reserve")) {}

void Ballast::fill()
{
    const int descriptor =
        ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0644);
    if (descriptor < 0)
        return;
    struct stat info {};
    const bool regular = ::fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode);
    const auto size = std::min(kBytes, freeBytes(m_file) / 4);
    const bool filled =
        regular && (static_cast<std::uint64_t>(info.st_size) >= size ||
                    ::posix_fallocate(descriptor, 0, static_cast<off_t>(size)) == 0);
    ::close(descriptor);
    if (!filled)
        drop();
}

void Ballast::drop()
{
    ::unlink(m_file.c_str());
}

std::uint64_t freeBytes(const std::filesystem::path &path)
{
    struct statvfs info {};
    if (::statvfs(path.parent_path().empty() ? "." : path.parent_path().c_str(), &info) != 0)
        return 0;
    return std::uint64_t{info.f_bavail} * info.f_frsize;
}

Error diskFull(const std::filesystem::path &session, std::uint64_t neededBytes)
{
    char text[160];
    std::snprintf(text, sizeof text, "the disk is full: %.1f MiB needed, %.1f MiB free",
                  static_cast<double>(neededBytes) / (1u << 20),
                  static_cast<double>(freeBytes(session)) / (1u << 20));
    return Error(Errc::DiskFull, text).in(session.filename().string());
}

} // namespace flamewright
