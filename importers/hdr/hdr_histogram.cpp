#include "importers/hdr/hdr_histogram.h"

#include "capture/base/units.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <string>
#include <zlib.h>

namespace flamewright {
namespace {

// Five digits over the whole range need six million counts of at most nine bytes.
constexpr std::size_t kMaxPayload = 64u << 20;
constexpr std::uint32_t kWordSizeMask = 0xf0;
constexpr std::size_t kLongest = 9; // bytes of a ZigZag LEB128 number of 64 bits

// Bits 4 to 7 of a cookie are the size of a count's word.
enum Cookie : std::uint32_t {
    kV0 = 0x1c849308,
    kV0Compressed = 0x1c849309,
    kV1 = 0x1c849301,
    kV1Compressed = 0x1c849302,
    kV2 = 0x1c849303,
    kV2Compressed = 0x1c849304
};

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    for (const auto c : text) {
        unsigned value = 0;
        if (c >= 'A' && c <= 'Z')
            value = static_cast<unsigned>(c - 'A');
        else if (c >= 'a' && c <= 'z')
            value = static_cast<unsigned>(c - 'a') + 26;
        else if (c >= '0' && c <= '9')
            value = static_cast<unsigned>(c - '0') + 52;
        else if (c == '+' || c == '/')
            value = c == '+' ? 62 : 63;
        else
            return std::nullopt;
        bits = bits << 6 | value;
        if (++count == 4) {
            for (int shift = 16; shift >= 0; shift -= 8)
                out += static_cast<char>(bits >> shift);
            bits = 0;
            count = 0;
        }
    }
    if (count == 1)
        return std::nullopt;
    bits <<= 6 * (4 - count);
    for (int i = 1; i < count; ++i)
        out += static_cast<char>(bits >> (24 - 8 * i));
    return out;
}

std::optional<std::string> inflated(std::string_view bytes)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    std::string out;
    std::array<char, 32768> block;
    // zlib does not write to its input.
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int status = Z_OK;
    while (status == Z_OK && out.size() <= kMaxPayload) {
        stream.next_out = reinterpret_cast<Bytef *>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        out.append(block.data(), block.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    // A sum that is wrong makes the counts doubtful; an end that is missing as well.
    return status == Z_STREAM_END ? std::optional(std::move(out)) : std::nullopt;
}

// Big-endian. Whatever is behind the end is zero and makes ok() false.
class Reader {
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {}

    std::uint64_t word(std::size_t size)
    {
        if (m_rest.size() < size) {
            m_ok = false;
            m_rest = {};
            return 0;
        }
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < size; ++i)
            out = out << 8 | static_cast<unsigned char>(m_rest[i]);
        m_rest.remove_prefix(size);
        return out;
    }
    // ZigZag LEB128; the ninth byte is a whole one.
    std::int64_t zigZag()
    {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < kLongest; ++i) {
            const auto byte = word(1);
            if (!m_ok)
                return 0;
            const bool last = i + 1 == kLongest;
            out |= (last ? byte : byte & 0x7f) << 7 * i;
            if (last || (byte & 0x80) == 0)
                break;
        }
        return static_cast<std::int64_t>(out >> 1 ^ (~(out & 1) + 1));
    }
    void limit(std::uint64_t bytes) { m_rest = m_rest.substr(0, bytes); }
    bool ok() const { return m_ok; }
    bool atEnd() const { return m_rest.empty(); }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

// Which values index i of the counts stands for.
class Layout {
public:
    // lowest: the smallest difference that was to be told apart.
    static std::optional<Layout> make(std::int64_t lowest, std::uint64_t digits)
    {
        if (lowest < 1 || digits > 5)
            return std::nullopt;
        Layout out;
        out.m_unit = 63 - std::countl_zero(static_cast<std::uint64_t>(lowest));
        const auto precision = static_cast<std::uint64_t>(2 * std::pow(10.0, digits));
        out.m_halfBits = static_cast<int>(std::bit_width(precision - 1)) - 1;
        return out;
    }
    // nullopt beyond 64 bits.
    std::optional<HdrHistogram::Bucket> at(std::uint64_t index) const
    {
        const auto half = std::uint64_t{1} << m_halfBits;
        auto sub = index & (half - 1);
        const auto bucket = index >> m_halfBits;
        int shift = m_unit;
        if (bucket > 0) {
            sub += half;
            if (bucket - 1 > 63)
                return std::nullopt;
            shift += static_cast<int>(bucket) - 1;
        }
        if (shift + static_cast<int>(std::bit_width(sub)) > 63)
            return std::nullopt;
        const auto lowest = static_cast<std::int64_t>(sub << shift);
        return HdrHistogram::Bucket{
            lowest, lowest + static_cast<std::int64_t>((std::uint64_t{1} << shift) - 1), 0};
    }

private:
    int m_unit = 0;     // as a power of two
    int m_halfBits = 0; // of half the sub-buckets
};

struct Header {
    Layout layout;
    std::size_t wordSize = 0; // 0: ZigZag
    int digits = 0;
};

std::optional<Header> readHeader(Reader &reader)
{
    const auto cookie = static_cast<std::uint32_t>(reader.word(4));
    const auto version = cookie & ~kWordSizeMask;
    Header out;
    std::uint64_t digits = 0;
    std::int64_t lowest = 0;
    if (version == kV0) {
        digits = reader.word(4);
        lowest = static_cast<std::int64_t>(reader.word(8));
        reader.word(8); // highest
        reader.word(8); // total count
        out.wordSize = (cookie & kWordSizeMask) >> 4;
    } else if (version == kV1 || version == kV2) {
        const auto length = reader.word(4);
        reader.word(4); // offset of the counts in the memory of whoever wrote them
        digits = reader.word(4);
        lowest = static_cast<std::int64_t>(reader.word(8));
        reader.word(8); // highest
        reader.word(8); // ratio of doubles
        reader.limit(length);
        out.wordSize = version == kV2 ? 0 : (cookie & kWordSizeMask) >> 4;
    } else {
        return std::nullopt;
    }
    const auto layout = Layout::make(lowest, digits);
    const bool sized =
        version == kV2 || out.wordSize == 2 || out.wordSize == 4 || out.wordSize == 8;
    if (!reader.ok() || !layout || !sized)
        return std::nullopt;
    out.layout = *layout;
    out.digits = static_cast<int>(digits);
    return out;
}

} // namespace

std::int64_t HdrHistogram::totalCount() const
{
    std::int64_t out = 0;
    for (const auto &bucket : buckets)
        out = saturatingAdd(out, bucket.count);
    return out;
}

std::int64_t HdrHistogram::valueAtPercentile(double percentile) const
{
    const auto total = static_cast<double>(totalCount());
    const auto wanted = std::max(1.0, std::ceil(std::min(percentile, 100.0) / 100.0 * total));
    std::int64_t seen = 0;
    for (const auto &bucket : buckets) {
        seen = saturatingAdd(seen, bucket.count);
        if (static_cast<double>(seen) >= wanted)
            return bucket.highest;
    }
    return max();
}

std::optional<HdrHistogram> decodeHdrHistogram(std::string_view base64)
{
    const auto packed = fromBase64(base64);
    if (!packed)
        return std::nullopt;
    Reader outer(*packed);
    const auto cookie = static_cast<std::uint32_t>(outer.word(4)) & ~kWordSizeMask;
    if (cookie != kV0Compressed && cookie != kV1Compressed && cookie != kV2Compressed)
        return std::nullopt;
    const auto length = outer.word(4);
    if (!outer.ok() || length > outer.rest().size())
        return std::nullopt;
    const auto payload = inflated(outer.rest().substr(0, length));
    return payload ? decodeHdrPayload(*payload) : std::nullopt;
}

std::optional<HdrHistogram> decodeHdrPayload(std::string_view payload)
{
    Reader reader(payload);
    const auto header = readHeader(reader);
    if (!header)
        return std::nullopt;
    HdrHistogram out;
    out.significantDigits = header->digits;
    std::uint64_t index = 0;
    while (!reader.atEnd()) {
        std::int64_t count = 0;
        if (header->wordSize == 0) {
            count = reader.zigZag();
            if (count < 0) { // a run of zeros
                if (count < -static_cast<std::int64_t>(kMaxPayload))
                    return std::nullopt;
                index += static_cast<std::uint64_t>(-count);
                continue;
            }
        } else {
            // Words are signed; a negative count is damage.
            const auto bits = 8 * header->wordSize;
            const auto word = reader.word(header->wordSize);
            if ((word >> (bits - 1) & 1) != 0)
                return std::nullopt;
            count = static_cast<std::int64_t>(word);
        }
        if (!reader.ok())
            return std::nullopt;
        if (count > 0) {
            auto bucket = header->layout.at(index);
            if (!bucket)
                return std::nullopt;
            bucket->count = count;
            out.buckets.push_back(*bucket);
        }
        ++index;
    }
    return out;
}

} // namespace flamewright
