#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// A JSON object as text: no spaces between tokens, members in order of their keys as they are
// written. "{}" is empty text.

struct ObjectText {
    std::string_view text; // of the input, or of the ObjectTexts that made it until its next call
    bool good = true;      // false: the text is no object
    bool cut = false;      // values that are too long were replaced by how long they are
};

// The longest object, so that the sink need not cut it.
inline constexpr std::size_t kMaxObjectText = 60u << 10;

// Keeps its memory from object to object.
class ObjectTexts {
public:
    // `object` in canonical form; copied only when it is not so already. With `key`, a member of
    // that name and value (JSON text) is added unless there is one.
    ObjectText canonical(std::string_view object, std::string_view key = {},
                         std::string_view value = {});
    // The members of two canonical objects in one; of a key that both have with different values,
    // those of the second go to "KEY (end)".
    std::string merged(std::string_view first, std::string_view second);

private:
    struct Member {
        std::string_view key;   // without quotes, escapes as they are
        std::string_view value; // JSON text
        bool spaces = false;    // in `value`
    };
    struct Members {
        std::vector<Member> list;
        bool sorted = true, dense = true; // dense: no spaces at all
    };
    static bool byKey(const Member &a, const Member &b) { return a.key < b.key; }
    static bool read(std::string_view object, Members &out);
    static void write(std::string &out, const std::vector<Member> &members);

    Members m_members, m_more;
    std::string m_buffer;
    std::string m_names; // that members of the result point to
};

} // namespace flamewright
