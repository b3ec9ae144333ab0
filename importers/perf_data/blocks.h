#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace flamewright {

// Large buffers that records lie in, from being read until being delivered in order of time. A
// block is free again when nobody holds it; records are never copied (except one that straddles
// the end of a block).
class PerfBlocks {
public:
    static constexpr std::size_t kBlockBytes = 256u << 10;

    // A block held once. `inputOffset` is where its first byte stands in the input; blocks of
    // decompressed data keep the offset of the compressed record they begin in, and `packed`.
    std::uint32_t acquire(std::uint64_t inputOffset, bool packed)
    {
        std::uint32_t id;
        if (m_free.empty()) {
            id = static_cast<std::uint32_t>(m_blocks.size());
            m_blocks.push_back(
                {std::make_unique_for_overwrite<std::byte[]>(kBlockBytes), 0, 0, false});
        } else {
            id = m_free.back();
            m_free.pop_back();
        }
        auto &block = m_blocks[id];
        block.inputOffset = inputOffset;
        block.packed = packed;
        block.holds = 1;
        ++m_live;
        return id;
    }
    void hold(std::uint32_t id) { ++m_blocks[id].holds; }
    void release(std::uint32_t id)
    {
        auto &block = m_blocks[id];
        assert(block.holds > 0);
        if (--block.holds > 0)
            return;
        --m_live;
        m_free.push_back(id);
    }
    std::span<std::byte> bytes(std::uint32_t id) { return {m_blocks[id].bytes.get(), kBlockBytes}; }
    std::uint64_t offsetOf(std::uint32_t id, std::size_t pos) const
    {
        const auto &block = m_blocks[id];
        return block.packed ? block.inputOffset : block.inputOffset + pos;
    }
    std::size_t liveBytes() const { return m_live * kBlockBytes; }

private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::uint32_t holds;
        std::uint64_t inputOffset;
        bool packed;
    };
    std::vector<Block> m_blocks;
    std::vector<std::uint32_t> m_free;
    std::size_t m_live = 0;
};

} // namespace flamewright
