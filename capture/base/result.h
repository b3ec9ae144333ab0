#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace flamewright {

// What kind of failure it is: decides exit code, icon and whether a retry makes sense.
enum class Errc : std::uint8_t {
    Cancelled,
    NotFound,
    Io,
    UnknownFormat,
    Corrupt,
    Unsupported,
    Limit,
    Version,
    Busy,     // somebody else holds it: a second writer of one session
    DiskFull, // ENOSPC or the reserve limit: say how much is needed
    Worker,   // the import worker died, hung or spoke nonsense
    Usage,    // the caller asked for something that does not exist: a measure, a capture
    Query,
    Internal
};

// A failure that stops an operation. The message is a sentence a user can act on: what, on
// what, what now. Context is added on the way up, outermost last added.
class [[nodiscard]] Error {
public:
    Error(Errc code, std::string message) : m_code(code), m_message(std::move(message)) {}

    Errc code() const { return m_code; }
    const std::string &message() const { return m_message; }
    const std::string &context() const { return m_context; }
    // Byte offset in the (decompressed) input, where one is known.
    std::optional<std::uint64_t> offset() const { return m_offset; }

    Error at(std::uint64_t inputOffset) &&
    {
        m_offset = inputOffset;
        return std::move(*this);
    }
    Error in(std::string_view where) &&
    {
        m_context.insert(0, std::string(where) + ": ");
        return std::move(*this);
    }
    // Context, message and offset in one line, for people.
    std::string text() const
    {
        auto line = m_context + m_message;
        if (m_offset)
            line += " (at byte " + std::to_string(*m_offset) + ")";
        return line;
    }

private:
    Errc m_code;
    std::string m_message;
    std::string m_context;
    std::optional<std::uint64_t> m_offset;
};

// Either a T or an Error. Test with has_value(), take the value with *: `if (result)` on a
// Result<bool> reads wrong, so the style guide forbids it.
template <class T = void>
using Result = tl::expected<T, Error>;

// return fail(Errc::Io, "...");
inline tl::unexpected<Error> fail(Errc code, std::string message)
{
    return tl::unexpected<Error>(Error(code, std::move(message)));
}
inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace flamewright

#define FW_CONCAT_(a, b) a##b
#define FW_CONCAT(a, b) FW_CONCAT_(a, b)

// Returns the error of `expr` from this function, if it has one. (__COUNTER__: both macros may
// stand in a lambda that is itself an argument of one of them.)
#define FW_TRY(expr) FW_TRY_(FW_CONCAT(fwTry_, __COUNTER__), expr)
#define FW_TRY_(tmp, expr)                                                                         \
    do {                                                                                           \
        if (auto tmp = (expr); !tmp.has_value()) [[unlikely]]                                      \
            return ::flamewright::fail(std::move(tmp).error());                                    \
    } while (false)

// FW_ASSIGN(auto size, source.read(buffer));
#define FW_ASSIGN(decl, expr) FW_ASSIGN_(FW_CONCAT(fwResult_, __COUNTER__), decl, expr)
#define FW_ASSIGN_(tmp, decl, expr)                                                                \
    auto tmp = (expr);                                                                             \
    if (!tmp.has_value()) [[unlikely]]                                                             \
        return ::flamewright::fail(std::move(tmp).error());                                        \
    decl = *std::move(tmp)
