#pragma once

#include "capture/base/result.h"
#include "importers/io/input.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

// What an Input is stacked from:
//
//   RawInput (descriptor) <- HeadReader <- decoder <- HeadReader <- ... <- HeadReader
//
// A decoder turns compressed bytes or an archive into its contents. A HeadReader lets the next
// decision look at the first bytes without consuming them, and counts against the limits.
namespace flamewright {

class Layer {
public:
    virtual ~Layer() = default;
    // Fills some of `into`; 0 means end.
    virtual Result<std::size_t> read(std::span<std::byte> into) = 0;
};

// Bytes of a descriptor from the position it had. Not closed here.
class RawInput final : public Layer {
public:
    static Result<std::unique_ptr<RawInput>> open(int descriptor);
    Result<std::size_t> read(std::span<std::byte> into) override;

    // Regular files: the bytes from the first position to the end when it was opened. A hint.
    std::optional<std::uint64_t> size() const { return m_size; }
    // Only where size() is known. Positions count from where reading began.
    Result<> seek(std::uint64_t position);
    std::uint64_t position() const { return m_position.load(std::memory_order_relaxed); }

private:
    explicit RawInput(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
    std::optional<std::uint64_t> m_size;
    std::uint64_t m_origin = 0;
    std::atomic<std::uint64_t> m_position{0}; // also read by a thread that reports progress
};

class HeadReader {
public:
    // `raw` below everything; `isRaw`: `layer` is that raw input itself, which has no limits.
    HeadReader(std::unique_ptr<Layer> layer, RawInput &raw, InputLimits limits, bool isRaw);

    // Up to `bytes` of what comes next; fewer only at the end of the input.
    Result<std::span<const std::byte>> peek(std::size_t bytes);
    Result<std::size_t> read(std::span<std::byte> into);
    std::uint64_t position() const { return m_given; }
    // The raw input when this layer is it and it is a regular file; for archives.
    RawInput *seekable();
    Result<> seek(std::uint64_t position);

private:
    Result<std::size_t> pull(std::span<std::byte> into);

    std::unique_ptr<Layer> m_layer;
    RawInput &m_raw;
    InputLimits m_limits;
    bool m_isRaw;
    bool m_end = false;
    std::vector<std::byte> m_head;
    std::size_t m_headPos = 0;
    std::uint64_t m_pulled = 0;
    std::uint64_t m_given = 0;
};

// What a decoder wants to say about itself, filled in as it goes.
struct LayerNotes {
    std::string name;              // "gzip", "zip member perf.data"
    std::string memberName;        // of archives
    std::vector<ImportNote> notes; // "input_trailing_bytes" ...
    void add(const char *code, std::uint64_t offset, std::string detail);
};

enum class LayerKind : std::uint8_t { None, Gzip, Zstd, Xz, Bzip2, Zip, Tar };
// By magic bytes at their fixed places.
LayerKind layerKindOf(std::span<const std::byte> head);

std::unique_ptr<Layer> makeGzipLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes);
std::unique_ptr<Layer> makeZstdLayer(std::unique_ptr<HeadReader> below, LayerNotes &notes);
// xz, bzip2, zip and tar by libarchive. Errc::Unsupported for an archive that does not hold
// exactly one file; where the input cannot seek that may come out only while reading.
Result<std::unique_ptr<Layer>> makeArchiveLayer(LayerKind kind, std::unique_ptr<HeadReader> below,
                                                LayerNotes &notes);

} // namespace flamewright
