#include "importers/worker/frames.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

namespace flamewright {
namespace {

constexpr std::size_t kFirstRoom = 64u << 10;

} // namespace

std::span<std::byte> FrameAssembler::room()
{
    if (m_headerBytes < sizeof m_header)
        return std::span(m_header).subspan(m_headerBytes);
    if (m_ready == m_frame.size() * sizeof(std::uint64_t))
        grow();
    return std::as_writable_bytes(std::span(m_frame)).subspan(m_ready);
}

void FrameAssembler::grow()
{
    const auto wanted = std::min(m_size, std::max(kFirstRoom, m_ready * 4));
    m_frame.resize(wanted / sizeof(std::uint64_t));
}

Result<bool> FrameAssembler::filled(std::size_t bytes)
{
    if (m_headerBytes < sizeof m_header) {
        m_headerBytes += bytes;
        if (m_headerBytes < sizeof m_header)
            return false;
        std::uint32_t size = 0;
        std::memcpy(&size, m_header, sizeof size);
        if (size == 0 || size % sizeof(std::uint64_t) != 0 || size > kMaxFrameBytes)
            return fail(Errc::Worker, "the import worker sent a frame of an impossible length");
        m_size = size;
        m_ready = 0;
        m_frame.clear();
        return false;
    }
    m_ready += bytes;
    if (m_ready < m_size)
        return false;
    m_headerBytes = 0;
    return true;
}

Result<> FrameWriter::write(std::span<const std::uint64_t> frame)
{
    const auto bytes = std::as_bytes(frame);
    if (bytes.empty() || bytes.size() > kMaxFrameBytes)
        return fail(Errc::Internal, "a message is too large for the pipe");
    auto size = static_cast<std::uint32_t>(bytes.size());
    iovec parts[2] = {{&size, sizeof size}, {const_cast<std::byte *>(bytes.data()), bytes.size()}};
    std::scoped_lock lock(m_mutex);
    for (int first = 0; first < 2;) {
        const auto put = ::writev(m_descriptor, parts + first, 2 - first);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(Errc::Io, "the program that started the worker is gone");
        auto left = static_cast<std::size_t>(put);
        while (first < 2 && left >= parts[first].iov_len)
            left -= parts[first++].iov_len;
        if (first < 2) {
            parts[first].iov_base = static_cast<std::byte *>(parts[first].iov_base) + left;
            parts[first].iov_len -= left;
        }
    }
    return {};
}

Result<Frame> readFrame(int descriptor)
{
    FrameAssembler assembler;
    for (;;) {
        const auto room = assembler.room();
        const auto got = ::read(descriptor, room.data(), room.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0 && assembler.betweenFrames())
            return Frame();
        if (got <= 0)
            return fail(Errc::Io, "the program that started the worker is gone");
        FW_ASSIGN(const auto complete, assembler.filled(static_cast<std::size_t>(got)));
        if (complete)
            return assembler.frame();
    }
}

} // namespace flamewright
