#include "importers/text/json_pull.h"

#include "capture/base/utf8.h"
#include "importers/text/number_text.h"

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;
constexpr std::size_t kMaxNumber = 4096; // bytes; more than any program writes

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool isNumberByte(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

} // namespace

JsonPull::JsonPull(ByteSource &input, JobContext &job)
    : m_text(input),
      m_job(job),
      m_buffer(kReadBytes)
{}

void JsonPull::broken(const char *what)
{
    if (m_status.has_value())
        m_status =
            fail(Error(Errc::Corrupt, std::string("this is not JSON: ") + what).at(offset()));
    m_pending = false;
}

// More bytes behind those that are there, which move to the front. False at the end of the input.
bool JsonPull::refill()
{
    if (m_eof || failed())
        return false;
    if (m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_consumed += m_begin;
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_end == m_buffer.size())
        m_buffer.resize(m_buffer.size() * 2); // bounded by those who look ahead
    m_job.setDone(m_consumed);
    auto got = m_job.checkpoint().and_then(
        [&] { return m_text.read(std::as_writable_bytes(std::span(m_buffer).subspan(m_end))); });
    if (!got.has_value()) {
        m_status = fail(std::move(got).error());
        m_pending = false;
        return false;
    }
    m_end += *got;
    m_eof = *got == 0;
    return !m_eof;
}

int JsonPull::byteAt()
{
    if (m_begin == m_end && !refill())
        return -1;
    return static_cast<unsigned char>(m_buffer[m_begin]);
}

int JsonPull::peek()
{
    for (;;) {
        while (m_begin < m_end && isSpace(m_buffer[m_begin]))
            ++m_begin;
        if (m_begin < m_end)
            return static_cast<unsigned char>(m_buffer[m_begin]);
        if (!refill())
            return -1;
    }
}

JsonPull::Kind JsonPull::kind()
{
    if (!m_pending || failed())
        return Kind::None;
    switch (peek()) {
    case '{': return Kind::Object;
    case '[': return Kind::Array;
    case '"': return Kind::Text;
    case 't': return Kind::True;
    case 'f': return Kind::False;
    case 'n': return Kind::Null;
    default: break;
    }
    if (const auto c = peek(); c == '-' || (c >= '0' && c <= '9'))
        return Kind::Number;
    if (!failed())
        broken(m_eof ? "it ends where a value should be" : "there is no value where one should be");
    return Kind::None;
}

bool JsonPull::enter(char opening)
{
    if (kind() != (opening == '{' ? Kind::Object : Kind::Array))
        return false;
    if (m_open.size() >= kMaxDepth) {
        broken("it is nested too deeply");
        return false;
    }
    ++m_begin;
    m_open.push_back(opening == '[');
    m_first = true;
    m_pending = false;
    return true;
}

void JsonPull::close()
{
    ++m_begin;
    m_open.pop_back();
    m_first = false;
    m_pending = false;
}

// To the next member or element.
bool JsonPull::next(char closing)
{
    if (m_pending)
        skip();
    if (failed() || m_open.empty() || m_open.back() != (closing == ']'))
        return false;
    auto c = peek();
    if (c == closing) {
        close();
        return false;
    }
    if (!m_first) {
        if (c != ',') {
            if (!failed())
                broken(c < 0 ? "it ends inside an object or array" : "a comma is missing");
            return false;
        }
        ++m_begin;
        c = peek();
        if (c == closing) { // some tools end lists so
            close();
            return false;
        }
    }
    m_first = false;
    if (c < 0 && !failed())
        broken("it ends inside an object or array");
    return !failed();
}

bool JsonPull::nextMember()
{
    if (!next('}'))
        return false;
    if (peek() != '"') {
        broken("a member has no name");
        return false;
    }
    const auto key = readText(m_scratch);
    if (failed())
        return false;
    m_key.assign(key);
    if (peek() != ':') {
        if (!failed())
            broken("a colon is missing");
        return false;
    }
    ++m_begin;
    m_pending = true;
    return true;
}

bool JsonPull::nextElement()
{
    if (!next(']'))
        return false;
    m_pending = true;
    return true;
}

std::optional<unsigned> JsonPull::hexUnit()
{
    unsigned unit = 0;
    for (int i = 0; i < 4; ++i) {
        const auto c = byteAt();
        unsigned digit = 0;
        if (c >= '0' && c <= '9')
            digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<unsigned>(c - 'A' + 10);
        else
            return std::nullopt;
        unit = unit << 4 | digit;
        ++m_begin;
    }
    return unit;
}

// What follows a backslash, which was read.
bool JsonPull::escape(std::string &into)
{
    const auto c = byteAt();
    if (c < 0)
        return false;
    ++m_begin;
    switch (c) {
    case 'n': into += '\n'; return true;
    case 't': into += '\t'; return true;
    case 'r': into += '\r'; return true;
    case 'b': into += '\b'; return true;
    case 'f': into += '\f'; return true;
    case 'u': break;
    default: into += static_cast<char>(c); return true;
    }
    constexpr unsigned kReplacement = 0xfffd;
    auto unit = hexUnit();
    while (unit && *unit >= 0xd800 && *unit < 0xdc00) {
        if (byteAt() != '\\') {
            unit = kReplacement;
            break;
        }
        ++m_begin;
        if (byteAt() != 'u') {
            appendUtf8(into, kReplacement);
            return escape(into); // once: it is no \u
        }
        ++m_begin;
        const auto low = hexUnit();
        if (low && *low >= 0xdc00 && *low < 0xe000) {
            appendUtf8(into, 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00));
            return true;
        }
        appendUtf8(into, kReplacement);
        unit = low;
    }
    if (!unit)
        return false;
    appendUtf8(into, *unit >= 0xdc00 && *unit < 0xe000 ? kReplacement : *unit);
    return true;
}

std::string_view JsonPull::readText(std::string &scratch)
{
    ++m_begin; // the quote
    scratch.clear();
    bool cut = false;
    for (;;) {
        const auto *const from = m_buffer.data() + m_begin;
        const auto *const end = m_buffer.data() + m_end;
        const auto *at = from;
        while (at != end && *at != '"' && *at != '\\')
            ++at;
        const std::string_view piece(from, static_cast<std::size_t>(at - from));
        m_begin += piece.size();
        if (at != end && *at == '"' && scratch.empty() && !cut && piece.size() <= kMaxText) {
            ++m_begin;
            return piece; // as it lies there: nearly always
        }
        const auto room = kMaxText - std::min(scratch.size(), kMaxText);
        cut = cut || piece.size() > room;
        scratch.append(piece.substr(0, room));
        if (at == end) {
            if (refill())
                continue;
            broken("it ends inside a text");
            return {};
        }
        ++m_begin;
        if (*at == '"') {
            m_cut = m_cut || cut;
            return scratch;
        }
        const auto before = scratch.size();
        if (!escape(scratch)) {
            broken("a text has a bad escape");
            return {};
        }
        if (scratch.size() > kMaxText) {
            cut = true;
            scratch.resize(before);
        }
    }
}

std::optional<std::string_view> JsonPull::text()
{
    if (kind() != Kind::Text)
        return std::nullopt;
    const auto out = readText(m_scratch);
    m_pending = false;
    if (failed())
        return std::nullopt;
    return out;
}

std::optional<std::string_view> JsonPull::number()
{
    if (kind() != Kind::Number)
        return std::nullopt;
    std::size_t length = 0;
    for (;;) {
        while (m_begin + length < m_end && isNumberByte(m_buffer[m_begin + length]))
            ++length;
        if (length > kMaxNumber) {
            broken("a number is too long");
            return std::nullopt;
        }
        if (m_begin + length < m_end || !refill())
            break;
    }
    if (failed())
        return std::nullopt;
    const std::string_view out(m_buffer.data() + m_begin, length);
    m_begin += length;
    m_pending = false;
    return out;
}

std::optional<std::int64_t> JsonPull::scaled(std::int64_t scale)
{
    const auto what = kind();
    if (what == Kind::Number) {
        const auto digits = number();
        return digits ? parseScaled(*digits, scale) : std::nullopt;
    }
    if (what == Kind::Text) {
        const auto digits = text();
        return digits ? parseScaled(*digits, scale) : std::nullopt;
    }
    if (what != Kind::None)
        skip();
    return std::nullopt;
}

std::optional<bool> JsonPull::boolean()
{
    const auto what = kind();
    if (what != Kind::True && what != Kind::False)
        return std::nullopt;
    skip();
    return what == Kind::True;
}

bool JsonPull::word(std::string_view rest)
{
    for (const auto c : rest) {
        if (byteAt() != static_cast<unsigned char>(c)) {
            if (!failed())
                broken("there is no value where one should be");
            return false;
        }
        ++m_begin;
    }
    return true;
}

// Behind the text whose opening quote is the next byte.
bool JsonPull::skipText()
{
    ++m_begin;
    for (;;) {
        while (m_begin < m_end && m_buffer[m_begin] != '"' && m_buffer[m_begin] != '\\')
            ++m_begin;
        const auto c = byteAt();
        if (c < 0) {
            if (!failed())
                broken("it ends inside a text");
            return false;
        }
        ++m_begin;
        if (c == '"')
            return true;
        if (c == '\\' && byteAt() >= 0)
            ++m_begin;
    }
}

// An object or array that nobody wants is only searched for its end.
void JsonPull::skipContainer()
{
    std::size_t open = 0;
    do {
        const auto c = peek();
        if (c < 0) {
            if (!failed())
                broken("it ends inside an object or array");
            return;
        }
        if (c == '"') {
            if (!skipText())
                return;
            continue;
        }
        ++m_begin;
        if (c == '{' || c == '[')
            ++open;
        else if (c == '}' || c == ']')
            --open;
    } while (open > 0);
}

void JsonPull::skip()
{
    switch (kind()) {
    case Kind::None: break;
    case Kind::Object:
    case Kind::Array: skipContainer(); break;
    case Kind::Text: skipText(); break;
    case Kind::Number: number(); break;
    case Kind::True: word("true"); break;
    case Kind::False: word("false"); break;
    case Kind::Null: word("null"); break;
    }
    m_pending = false;
}

bool JsonPull::copy(std::string &into, std::size_t limit)
{
    const auto before = into.size();
    const auto what = kind();
    const bool nested = what == Kind::Object || what == Kind::Array;
    if (!nested && what != Kind::Text) {
        static constexpr std::string_view kWords[] = {"true", "false", "null"};
        if (const auto digits = number())
            into += digits->size() <= limit ? *digits : std::string_view();
        else if (what != Kind::None) {
            into += kWords[what == Kind::True ? 0 : what == Kind::False ? 1 : 2];
            skip();
        }
        return !failed() && into.size() > before;
    }
    std::size_t open = 0;
    bool inText = false, escaped = false, fits = true;
    do {
        const auto c = inText ? byteAt() : peek();
        if (c < 0) {
            if (!failed())
                broken("it ends inside an object, array or text");
            break;
        }
        ++m_begin;
        fits = fits && into.size() - before < limit;
        if (fits)
            into += static_cast<char>(c);
        if (inText) {
            inText = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            inText = true;
        } else if (c == '{' || c == '[') {
            ++open;
        } else if ((c == '}' || c == ']') && open > 0) {
            --open;
        }
    } while (open > 0 || inText);
    m_pending = false;
    if (fits && !failed())
        return true;
    into.resize(before);
    return false;
}

Result<> JsonPull::finish()
{
    if (m_pending)
        skip();
    FW_TRY(m_status);
    if (!m_open.empty())
        broken("it ends inside an object or array");
    else if (peek() >= 0)
        broken("something follows its end");
    return m_status;
}

} // namespace flamewright
