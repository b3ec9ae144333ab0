#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "importers/io/text_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// JSON as a stream: for profiles and traces, which may be larger than memory. The reader walks through
// the document and asks for what it wants; what it does not ask for is skipped. Memory does not
// depend on the input, but for one bit a level of nesting.
//
//     json.enterObject();
//     while (json.nextMember()) {
//         if (json.key() == "samples" && json.enterArray()) {
//             while (json.nextElement())
//                 use(json.integer());
//         }
//     }
//
// Every loop over members or elements runs to its end. An error ends all of them: whoever loops asks
// status() afterwards.
class JsonPull {
public:
    // Longer texts are cut, and textWasCut() says so.
    static constexpr std::size_t kMaxText = 1u << 20;
    static constexpr std::size_t kMaxDepth = 4u << 20;

    JsonPull(ByteSource &input, JobContext &job);

    enum class Kind : std::uint8_t { None, Object, Array, Text, Number, True, False, Null };
    // Of the value at hand; None when there is none: nothing left, or an error.
    Kind kind();

    // False, with the value still at hand, when it is none.
    bool enterObject() { return enter('{'); }
    bool enterArray() { return enter('['); }
    // What is left of the value at hand is skipped first. False at the end of the object or array.
    bool nextMember();
    bool nextElement();
    // Of the member at hand. Valid until the next.
    std::string_view key() const { return m_key; }

    // The value at hand, which is done with then; nullopt, with the value still at hand, when it is
    // of another kind. Views are valid until the next call.
    std::optional<std::string_view> text();
    std::optional<std::string_view> number(); // as it is written
    // Of a number or of a text that holds one. A value that is none is done with, too.
    std::optional<std::int64_t> integer() { return scaled(1); }
    // Times `scale`, rounded.
    std::optional<std::int64_t> scaled(std::int64_t scale);
    std::optional<bool> boolean();
    void skip();
    // Appends the text of the value at hand, without spaces between its tokens. False, with nothing
    // appended, when that is more than `limit` bytes: the value is skipped then.
    bool copy(std::string &into, std::size_t limit);

    // How many objects and arrays are open.
    std::size_t depth() const { return m_open.size(); }
    bool inArray() const { return !m_open.empty() && m_open.back(); }
    // In the text, after conversion to UTF-8.
    std::uint64_t offset() const { return m_consumed + m_begin; }
    bool failed() const { return !m_status.has_value(); }
    const Result<> &status() const { return m_status; }
    // That the document ended, and nothing follows it.
    Result<> finish();
    // Whether a text was cut since this was last asked.
    bool textWasCut() { return std::exchange(m_cut, false); }

private:
    bool refill();
    int peek();   // the next byte that is no space; -1 at the end
    int byteAt(); // the next byte; -1 at the end
    bool enter(char opening);
    bool next(char closing);
    void close();
    void broken(const char *what);
    bool word(std::string_view rest);
    // The text whose opening quote is the next byte, into `scratch` unless it lies in the buffer.
    std::string_view readText(std::string &scratch);
    bool escape(std::string &into);
    std::optional<unsigned> hexUnit();
    bool skipText();
    void skipContainer();

    TextSource m_text;
    JobContext &m_job;
    std::vector<char> m_buffer;
    std::size_t m_begin = 0, m_end = 0;
    std::uint64_t m_consumed = 0; // bytes before the buffer
    bool m_eof = false;
    bool m_pending = true; // there is a value at hand
    bool m_first = false;  // nothing of the object or array at hand was read yet
    bool m_cut = false;
    std::vector<bool> m_open; // true: an array
    std::string m_key, m_scratch;
    Result<> m_status;
};

} // namespace flamewright
