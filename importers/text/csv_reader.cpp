#include "importers/text/csv_reader.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;
// Each costs a search through maxQuoted bytes; after so many quotes are not quotes in this file.
constexpr unsigned kMaxUnclosed = 16;
constexpr std::size_t kFewFields = 32;

// Calls `found(position)` for every `wanted` in the text.
template <class F>
void forEach(std::string_view text, char wanted, F found)
{
    std::size_t i = 0;
#if defined(__SSE2__)
    const auto pattern = _mm_set1_epi8(wanted);
    for (; i + 16 <= text.size(); i += 16) {
        const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(text.data() + i));
        auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, pattern)));
        for (; mask != 0; mask &= mask - 1)
            found(i + static_cast<std::size_t>(std::countr_zero(mask)));
    }
#endif
    for (; i < text.size(); ++i) {
        if (text[i] == wanted)
            found(i);
    }
}

const char *find(const char *from, const char *to, char wanted)
{
    if (from == to)
        return nullptr;
    return static_cast<const char *>(
        std::memchr(from, wanted, static_cast<std::size_t>(to - from)));
}

std::size_t countIn(std::string_view text, char wanted)
{
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), wanted));
}

} // namespace

CsvReader::CsvReader(ByteSource &source, CsvDialect dialect, CsvLimits limits)
    : m_source(source),
      m_dialect(dialect),
      m_limits(limits)
{}

// Reads more behind what is there; false at the end of the input.
Result<bool> CsvReader::fill()
{
    if (m_eof)
        return false;
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), begin(), available());
        m_end -= m_begin;
        m_begin = 0;
    }
    // Doubling: a long record is looked at again after every read.
    const auto wanted = std::max(kReadBytes, m_end);
    if (m_buffer.size() < m_end + wanted)
        m_buffer.resize(m_end + wanted);
    const auto target = m_end + wanted;
    while (m_end < target) {
        FW_ASSIGN(const auto got, m_source.read(std::as_writable_bytes(
                                      std::span(m_buffer).subspan(m_end, target - m_end))));
        if (got == 0) {
            m_eof = true;
            break;
        }
        m_end += got;
    }
    return true;
}

Result<std::string_view> CsvReader::peek(std::size_t bytes)
{
    while (available() < bytes) {
        FW_ASSIGN(const auto more, fill());
        if (!more)
            break;
    }
    return std::string_view(begin(), available());
}

CsvReader::Record CsvReader::take(std::size_t length, State state)
{
    const Record record{std::span(m_fields).first(m_count), m_offset, state};
    m_begin += length;
    m_offset += length;
    return record;
}

void CsvReader::splitPlain(std::string_view line)
{
    // As many as before fit without asking: the lines of a file are all alike.
    const char *begin = line.data();
    std::size_t count = 0;
    const auto add = [&](const char *end) {
        if (count == m_fields.size())
            m_fields.resize(std::max(kFewFields, 2 * count));
        m_fields[count++] = {begin, static_cast<std::size_t>(end - begin)};
        begin = end + 1;
    };
    forEach(line, m_dialect.separator, [&](std::size_t at) { add(line.data() + at); });
    add(line.data() + line.size());
    m_count = count;
}

// Where the fields of a record with quotes are; `recordEnd` is behind its line end. Nothing is
// changed yet: more input may have to be read first, and then everything is looked at again.
CsvReader::Quoted CsvReader::findExtents(std::size_t &recordEnd)
{
    m_extents.clear();
    const char *const first = begin();
    const char *const last = first + available();
    const auto position = [&](const char *p) { return static_cast<std::size_t>(p - first); };
    for (const char *at = first;;) {
        Extent extent{position(at), 0, false};
        const char *end = at;
        if (at != last && *at == m_dialect.quote) {
            const char *close = at + 1;
            for (;;) {
                close = find(close, last, m_dialect.quote);
                if (close == nullptr || position(close) - extent.begin > m_limits.maxQuoted)
                    return close == nullptr && !m_eof &&
                                   available() - extent.begin <= m_limits.maxQuoted
                               ? Quoted::NeedsMore
                               : Quoted::Unclosed;
                if (close + 1 == last && !m_eof)
                    return Quoted::NeedsMore; // may be doubled
                if (close + 1 == last || close[1] != m_dialect.quote)
                    break;
                extent.doubled = true;
                close += 2;
            }
            ++extent.begin;
            end = close + 1;
            extent.end = position(close);
        }
        // Text behind the closing quote belongs to the field, quote and all.
        const char *newline = find(end, last, '\n');
        if (newline == nullptr && !m_eof)
            return available() > m_limits.maxRecord ? Quoted::Unclosed : Quoted::NeedsMore;
        const char *stop = newline == nullptr ? last : newline;
        const char *separator = find(end, stop, m_dialect.separator);
        const char *fieldEnd = separator == nullptr ? stop : separator;
        if (separator == nullptr && fieldEnd != end && fieldEnd[-1] == '\r')
            --fieldEnd;
        if (extent.end == 0 || fieldEnd != end) {
            if (extent.end != 0)
                --extent.begin;
            extent.end = position(fieldEnd);
            extent.doubled = false;
        }
        m_extents.push_back(extent);
        if (separator == nullptr) {
            recordEnd = position(stop) + (newline == nullptr ? 0 : 1);
            return Quoted::Found;
        }
        at = separator + 1;
    }
}

void CsvReader::fieldsFromExtents()
{
    m_fields.clear();
    char *const first = m_buffer.data() + m_begin;
    for (const auto &extent : m_extents) {
        auto end = extent.end;
        if (extent.doubled) {
            // In place: the text only becomes shorter.
            auto to = extent.begin;
            for (auto from = extent.begin; from < extent.end; ++from) {
                first[to++] = first[from];
                if (first[from] == m_dialect.quote)
                    ++from;
            }
            end = to;
        }
        m_fields.emplace_back(first + extent.begin, end - extent.begin);
    }
    m_count = m_fields.size();
}

// A line beyond the limit: read past its end, forgetting it.
Result<CsvReader::Record> CsvReader::skipLine()
{
    const auto offset = m_offset;
    for (;;) {
        const char *newline = find(begin(), begin() + available(), '\n');
        const auto gone =
            newline == nullptr ? available() : static_cast<std::size_t>(newline - begin()) + 1;
        m_begin += gone;
        m_offset += gone;
        if (newline != nullptr)
            break;
        m_begin = m_end = 0;
        FW_ASSIGN(const auto more, fill());
        if (!more)
            break;
    }
    return Record{{}, offset, State::TooLong};
}

Result<std::optional<CsvReader::Record>> CsvReader::next()
{
    std::size_t searched = 0;
    const char *newline = nullptr;
    for (;;) {
        newline = find(begin() + searched, begin() + available(), '\n');
        if (newline != nullptr || m_eof)
            break;
        searched = available();
        if (searched > m_limits.maxRecord)
            break;
        FW_TRY(fill());
    }
    if (available() == 0)
        return std::optional<Record>();
    const auto ended = newline != nullptr;
    const auto length = ended ? static_cast<std::size_t>(newline - begin()) : available();
    if (length > m_limits.maxRecord) {
        FW_ASSIGN(const auto skipped, skipLine());
        return std::optional(skipped);
    }
    auto state = ended ? State::Whole : State::Cut;
    const bool quotes = m_dialect.quote != 0 && m_unclosed < kMaxUnclosed;
    if (quotes && find(begin(), begin() + length, m_dialect.quote) != nullptr) {
        std::size_t recordEnd = 0;
        auto found = findExtents(recordEnd);
        while (found == Quoted::NeedsMore) {
            FW_TRY(fill());
            found = findExtents(recordEnd);
        }
        if (found == Quoted::Found) {
            state = recordEnd > 0 && begin()[recordEnd - 1] == '\n' ? State::Whole : State::Cut;
            fieldsFromExtents();
            return std::optional(take(recordEnd, state));
        }
        ++m_unclosed;
        state = State::Unclosed;
    }
    std::string_view line(begin(), length);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    splitPlain(line);
    return std::optional(take(length + (ended ? 1 : 0), state));
}

char guessSeparator(std::string_view head, std::string_view candidates)
{
    // Lines of a cut head may be incomplete, and quoted fields hold anything: the first line,
    // which has names or the shortest values, decides; the second one confirms.
    const auto firstEnd = std::min(head.find('\n'), head.size());
    const auto first = head.substr(0, firstEnd);
    const auto rest = head.substr(std::min(firstEnd + 1, head.size()));
    const auto secondEnd = rest.find('\n');
    const auto second = rest.substr(0, std::min(secondEnd, rest.size()));
    char best = 0;
    std::size_t bestCount = 0;
    for (const auto candidate : candidates) {
        const auto count = countIn(first, candidate);
        if (count <= bestCount)
            continue;
        if (secondEnd != std::string_view::npos && !second.empty() &&
            countIn(second, candidate) < std::min<std::size_t>(count, 3))
            continue;
        best = candidate;
        bestCount = count;
    }
    return best;
}

} // namespace flamewright
