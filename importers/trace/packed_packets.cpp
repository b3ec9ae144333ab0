#include "importers/trace/packed_packets.h"

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <zlib.h>

namespace flamewright {
namespace {

constexpr std::size_t kStep = 64u << 10;

std::optional<std::string> fromZlib(std::string_view bytes, std::size_t limit)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    int code = Z_OK;
    while (code == Z_OK && out.size() < limit) {
        const auto had = out.size();
        const auto room = std::min(std::max(kStep, had), limit - had);
        out.resize(had + room);
        stream.next_out = reinterpret_cast<Bytef *>(out.data() + had);
        stream.avail_out = static_cast<uInt>(room);
        code = inflate(&stream, Z_NO_FLUSH);
        out.resize(had + room - stream.avail_out);
    }
    inflateEnd(&stream);
    return code == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> fromZstd(std::string_view bytes, std::size_t limit)
{
    const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream *)> stream(
        ZSTD_createDStream(), &ZSTD_freeDStream);
    if (!stream)
        return std::nullopt;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::string out;
    std::size_t code = 1;
    while (code != 0 && out.size() < limit) {
        const auto had = out.size();
        const auto room = std::min(std::max(kStep, had), limit - had);
        out.resize(had + room);
        ZSTD_outBuffer to{out.data() + had, room, 0};
        const auto before = in.pos;
        code = ZSTD_decompressStream(stream.get(), &to, &in);
        out.resize(had + to.pos);
        if (ZSTD_isError(code) || (code != 0 && to.pos == 0 && in.pos == before))
            return std::nullopt;
    }
    return code == 0 ? std::optional(std::move(out)) : std::nullopt;
}

} // namespace

std::optional<std::string> unpacked(Packing packing, std::string_view bytes, std::size_t limit)
{
    return packing == Packing::Zlib ? fromZlib(bytes, limit) : fromZstd(bytes, limit);
}

} // namespace flamewright
