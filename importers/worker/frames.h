#pragma once

#include "capture/base/result.h"
#include "capture/session/chunk.h"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

// Framing of the pipe between a program and its worker: a 32-bit little-endian length, a multiple
// of 8, and that many bytes of one flat Cap'n Proto message (wire.capnp).
namespace flamewright {

// The largest chunk and what is around it.
inline constexpr std::size_t kMaxFrameBytes = kMaxChunkBytes + 4096;

// A message as Cap'n Proto wants it: whole, aligned words.
using Frame = std::vector<std::uint64_t>;

// Collects frames from bytes as they arrive. Nothing is allocated for a length before its size
// has been checked, and only as its bytes come in.
class FrameAssembler {
public:
    // Where the next bytes from the pipe should go; never empty.
    std::span<std::byte> room();
    // `bytes` of room() were filled. True when frame() is complete; take it before going on.
    // Errc::Worker for a length that is impossible.
    Result<bool> filled(std::size_t bytes);
    const Frame &frame() const { return m_frame; }
    // Whether the stream may end here.
    bool betweenFrames() const { return m_headerBytes == 0; }

private:
    void grow();

    std::byte m_header[4] = {};
    std::size_t m_headerBytes = 0;
    Frame m_frame;
    std::size_t m_size = 0;  // of the frame, bytes
    std::size_t m_ready = 0; // bytes of it that are there
};

// Writes whole frames to a blocking descriptor, from any thread. Errc::Io when the other end is
// gone. A frame may come in several pieces (the segments of a message).
class FrameWriter {
public:
    explicit FrameWriter(int descriptor) : m_descriptor(descriptor) {}
    Result<> write(std::span<const std::uint64_t> frame);
    int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
    std::mutex m_mutex;
};

// The next frame of a blocking descriptor; empty at the end. For the worker's side, which trusts
// its parent.
Result<Frame> readFrame(int descriptor);

} // namespace flamewright
