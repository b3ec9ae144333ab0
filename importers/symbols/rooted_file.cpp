#include "importers/symbols/rooted_file.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace flamewright {
namespace {

constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

// For kernels (or sandboxes) without openat2: one component after the other, no links at all.
int openStepByStep(int root, const std::filesystem::path &relative)
{
    FileDescriptor at(dup(root));
    for (auto it = relative.begin(); it != relative.end(); ++it) {
        const bool last = std::next(it) == relative.end();
        if (*it == "..") {
            errno = EXDEV;
            return -1;
        }
        const int flags =
            last ? kReadFlags | O_NOFOLLOW : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
        const int next = openat(at.get(), it->c_str(), flags);
        if (next < 0 || last)
            return next;
        at = FileDescriptor(next);
    }
    errno = ENOENT;
    return -1;
}

int openBelow(int root, const std::filesystem::path &relative)
{
    open_how how{};
    how.flags = static_cast<std::uint64_t>(kReadFlags);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const auto fd = syscall(SYS_openat2, root, relative.c_str(), &how, sizeof how);
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return static_cast<int>(fd);
    return openStepByStep(root, relative);
}

Error openError(const std::filesystem::path &path, int code)
{
    const auto text = path.string().substr(0, 300) + ": " + std::strerror(code);
    switch (code) {
    case ENOENT:
    case ENOTDIR: return {Errc::NotFound, text};
    case EXDEV:
    case ELOOP: return {Errc::Unsupported, text};
    default: return {Errc::Io, text};
    }
}

} // namespace

Result<RootedFile> openBeneath(const std::filesystem::path &root,
                               const std::filesystem::path &relative, std::uint64_t maxBytes)
{
    const auto full = root / relative;
    if (relative.empty() || relative.is_absolute() || full.native().size() >= PATH_MAX ||
        full.native().find('\0') != std::string::npos)
        return fail(Errc::Unsupported, "not a name of a file below a directory");
    const auto normal = relative.lexically_normal();
    if (*normal.begin() == ".." || *normal.begin() == "." || normal.filename().empty())
        return fail(Errc::Unsupported, "the name leads out of its directory");
    const FileDescriptor top(open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!top.isOpen())
        return fail(openError(root, errno));
    RootedFile file;
    file.path = root / normal;
    file.descriptor = FileDescriptor(openBelow(top.get(), normal));
    if (!file.descriptor.isOpen())
        return fail(openError(file.path, errno));
    struct stat info {};
    if (fstat(file.descriptor.get(), &info) != 0)
        return fail(openError(file.path, errno));
    if (S_ISDIR(info.st_mode))
        return fail(Errc::NotFound, file.path.string() + ": a directory");
    if (!S_ISREG(info.st_mode))
        return fail(Errc::Unsupported, file.path.string() + ": not a regular file");
    file.sizeBytes = static_cast<std::uint64_t>(info.st_size);
    if (file.sizeBytes > maxBytes)
        return fail(Errc::Limit, file.path.string() + ": too large for a symbol file");
    return file;
}

bool isPseudoDirectory(const std::filesystem::path &top)
{
    const auto names = {"/proc", "/sys", "/dev", "/run", "/etc"};
    return std::any_of(names.begin(), names.end(), [&](const char *name) { return top == name; });
}

Result<RootedFile> openSystemFile(const std::filesystem::path &absolute, std::uint64_t maxBytes)
{
    const auto normal = absolute.lexically_normal();
    if (!normal.is_absolute() || normal == "/")
        return fail(Errc::NotFound, "not the name of a file of this machine");
    // "/", "usr", "lib", ...; a program directly below "/" is common in containers.
    const auto rest = normal.relative_path();
    const auto top = "/" / *rest.begin();
    if (isPseudoDirectory(top))
        return fail(Errc::Unsupported, "no program lies below " + top.string());
    if (std::next(rest.begin()) == rest.end())
        return openBeneath("/", rest, maxBytes);
    return openBeneath(top, rest.lexically_relative(*rest.begin()), maxBytes);
}

Result<std::string> readText(const RootedFile &file, std::uint64_t maxBytes)
{
    constexpr std::size_t kStep = 1u << 20;
    std::string text;
    text.reserve(static_cast<std::size_t>(std::min(file.sizeBytes, maxBytes)) + 1);
    for (;;) {
        const auto have = text.size();
        if (have > maxBytes)
            return fail(Errc::Limit, file.path.string() + ": too large");
        text.resize(have +
                    std::min<std::size_t>(
                        kStep, std::max<std::size_t>(
                                   4096, static_cast<std::size_t>(
                                             file.sizeBytes > have ? file.sizeBytes - have : 0) +
                                             1)));
        const auto got = read(file.descriptor.get(), text.data() + have, text.size() - have);
        if (got < 0 && errno == EINTR) {
            text.resize(have);
            continue;
        }
        if (got < 0)
            return fail(Errc::Io, file.path.string() + ": " + std::strerror(errno));
        text.resize(have + static_cast<std::size_t>(got));
        if (got == 0)
            return text;
    }
}

} // namespace flamewright
