#pragma once

#include "capture/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace flamewright {

// The right to write a session: an open file description lock on `<session>.lock`, which holds
// "pid host since" of its owner for the message to others. SQLite's own locks still guard the
// data; this decides who is told "read-only" before anything is tried.
class WriterLease {
public:
    WriterLease() = default;
    ~WriterLease();
    WriterLease(WriterLease &&other) noexcept;
    WriterLease &operator=(WriterLease &&other) noexcept;

    // Errc::Busy with who holds it; Errc::Io when the directory cannot be written.
    static Result<WriterLease> take(const std::filesystem::path &session);
    // Whether somebody, in this process or another, holds the lease. Makes no file.
    static bool isHeld(const std::filesystem::path &session);
    // Removes the lock file and lets go.
    void release();

private:
    int m_descriptor = -1;
    std::filesystem::path m_file;
};

// `<session>.reserve`: space put aside so that a capture can be deleted on a full disk.
class Ballast {
public:
    static constexpr std::uint64_t kBytes = 8u << 20; // at most: a quarter of what is free

    explicit Ballast(const std::filesystem::path &session);
    // Makes the file when there is room; not having it is no error.
    void fill();
    void drop();

private:
    std::filesystem::path m_file;
};

// Bytes an ordinary user may still write where `path` is; 0 when unknown.
std::uint64_t freeBytes(const std::filesystem::path &path);
// "the disk of S.fws is full: 12.3 MiB needed, 0.2 MiB free".
Error diskFull(const std::filesystem::path &session, std::uint64_t neededBytes);

} // namespace flamewright
