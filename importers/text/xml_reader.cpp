#include "importers/text/xml_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <exception>
#include <expat.h>
#include <vector>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr std::size_t kLongestReference = 12; // "&#x0010ffff;"
constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kUnknownRoot = "document";

struct FreeParser {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using ParserPtr = std::unique_ptr<std::remove_pointer_t<XML_Parser>, FreeParser>;

// Against collisions that somebody prepared: where this process has its stack. Expat would ask the
// kernel for random numbers, which the sandbox has no need to allow.
unsigned long salt(const void *here)
{
    return static_cast<unsigned long>(reinterpret_cast<std::uintptr_t>(here)) *
           0x9e3779b97f4a7c15ul;
}

// What the declaration says, as far as expat can read it. UTF-16 has been converted before.
const char *encodingOf(std::string_view head)
{
    auto declaration = std::string(head.substr(0, std::min(head.find("?>"), std::size_t{200})));
    std::transform(declaration.begin(), declaration.end(), declaration.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto at = declaration.find("encoding");
    if (!declaration.starts_with("<?xml") || at == std::string::npos)
        return "UTF-8";
    const auto rest = std::string_view(declaration).substr(at);
    // Bytes of other encodings become other letters; the structure and all numbers are the same.
    return rest.find("utf-") != std::string_view::npos ||
                   rest.find("ascii") != std::string_view::npos
               ? "UTF-8"
               : "ISO-8859-1";
}

// Whether "#31" or "#x1f" is no character of XML 1.0.
bool isImpossible(std::string_view reference)
{
    if (!reference.starts_with('#'))
        return false;
    reference.remove_prefix(1);
    const bool hex = reference.starts_with('x');
    if (hex)
        reference.remove_prefix(1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(reference.data(), reference.data() + reference.size(), code, hex ? 16 : 10);
    if (error != std::errc() || end != reference.data() + reference.size())
        return false; // wrong in another way, which the parser says
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
           (code >= 0xd800 && code < 0xe000) || code == 0xfffe || code == 0xffff || code > 0x10ffff;
}

} // namespace

std::optional<std::string_view> XmlAttributes::find(std::string_view name) const
{
    for (const char **pair = m_pairs; *pair != nullptr; pair += 2) {
        if (name == *pair)
            return std::string_view(pair[1]);
    }
    return std::nullopt;
}

struct XmlReader::Parser {
    ByteSource &source;
    XmlHandler &handler;
    std::vector<std::string> resumeAt; // "<sample"
    XmlLimits limits;

    ParserPtr parser = nullptr;
    const char *encoding = "UTF-8";
    std::string root = {}; // its name, once seen
    // The offset in the input is what the parser counts plus this.
    std::int64_t base = 0;
    std::uint64_t fed = 0; // bytes the parser got
    unsigned depth = 0;
    unsigned damage = 0;
    bool inserted = false; // the root is ours
    bool ended = false, refused = false, tooDeep = false;
    std::exception_ptr thrown = nullptr;

    std::string window = {}; // the last bytes read, `used` of which the parser got
    std::size_t used = 0;
    std::uint64_t windowBegin = 0; // offset in the input
    bool eof = false;

    std::uint64_t offset() const
    {
        return static_cast<std::uint64_t>(base + XML_GetCurrentByteIndex(parser.get()));
    }

    // Exceptions (of memory) do not travel through C.
    template <class F>
    static void guarded(void *self, F work)
    {
        auto &p = *static_cast<Parser *>(self);
        if (p.thrown != nullptr)
            return;
        try {
            work(p);
        } catch (...) {
            p.thrown = std::current_exception();
            XML_StopParser(p.parser.get(), XML_FALSE);
        }
    }
    static void XMLCALL onBegin(void *self, const char *name, const char **attributes)
    {
        guarded(self, [&](Parser &p) {
            if (p.depth >= p.limits.maxDepth) {
                p.tooDeep = true;
                XML_StopParser(p.parser.get(), XML_FALSE);
                return;
            }
            if (p.depth++ == 0) {
                if (p.inserted)
                    return;
                p.root = name;
            }
            p.handler.begin(name, XmlAttributes(attributes), p.offset());
        });
    }
    static void XMLCALL onEnd(void *self, const char *name)
    {
        guarded(self, [&](Parser &p) {
            if (--p.depth == 0)
                p.ended = true;
            if (p.depth > 0 || !p.inserted)
                p.handler.end(name, p.offset());
        });
    }
    static void XMLCALL onText(void *self, const char *text, int size)
    {
        guarded(self, [&](Parser &p) {
            p.handler.text(std::string_view(text, static_cast<std::size_t>(size)));
        });
    }
    static void XMLCALL onDocumentType(void *self, const char *, const char *, const char *, int)
    {
        auto &p = *static_cast<Parser *>(self);
        p.refused = true;
        XML_StopParser(p.parser.get(), XML_FALSE);
    }

    Result<> create()
    {
        parser.reset(XML_ParserCreate(encoding));
        if (parser == nullptr)
            return fail(Errc::Limit, "there is not enough memory to read XML");
        XML_SetHashSalt(parser.get(), salt(&parser));
        XML_SetUserData(parser.get(), this);
        XML_SetElementHandler(parser.get(), onBegin, onEnd);
        XML_SetCharacterDataHandler(parser.get(), onText);
        XML_SetStartDoctypeDeclHandler(parser.get(), onDocumentType);
        fed = 0;
        depth = 0;
        tooDeep = false;
        return {};
    }

    // Reads more; what the parser has had stays for a while, to find the place to resume.
    Result<> read()
    {
        if (used > kReadBytes) {
            const auto gone = used - kReadBytes;
            window.erase(0, gone);
            windowBegin += gone;
            used -= gone;
        }
        const auto before = window.size();
        window.resize(before + kReadBytes);
        const auto got = source.read(std::as_writable_bytes(std::span(window).subspan(before)));
        if (!got.has_value())
            return fail(got.error());
        window.resize(before + *got);
        eof = *got == 0;
        return {};
    }

    // Tools write control characters of what they received as "&#x1f;", which XML forbids. They
    // become spaces; nothing else moves. Answers how much may be given to the parser: a reference
    // may not be complete yet.
    std::size_t blankImpossible(std::size_t from, bool last)
    {
        for (auto at = window.find('&', from); at != std::string::npos;
             at = window.find('&', at + 1)) {
            const auto end = window.find(';', at);
            if (end == std::string::npos || end - at > kLongestReference) {
                if (end == std::string::npos && !last && window.size() - at <= kLongestReference)
                    return at;
                continue;
            }
            if (isImpossible(std::string_view(window).substr(at + 1, end - at - 1)))
                std::fill(window.begin() + static_cast<std::ptrdiff_t>(at),
                          window.begin() + static_cast<std::ptrdiff_t>(end) + 1, ' ');
        }
        return window.size();
    }

    XML_Status feed(std::string_view bytes, bool last)
    {
        fed += bytes.size();
        return XML_Parse(parser.get(), bytes.data(), static_cast<int>(bytes.size()),
                         last ? XML_TRUE : XML_FALSE);
    }

    // Begins again at the next tag to resume at; false: there is none.
    Result<bool> resume(std::uint64_t from)
    {
        auto search = static_cast<std::size_t>(std::max(from, windowBegin) - windowBegin);
        for (;;) {
            auto found = std::string::npos;
            for (const auto &tag : resumeAt) {
                for (auto at = window.find(tag, search); at != std::string::npos;
                     at = window.find(tag, at + 1)) {
                    const auto next = at + tag.size();
                    if (next >= window.size() && !eof)
                        break; // its end is not here yet
                    if (next < window.size() && kBlank.find(window[next]) == std::string::npos)
                        continue;
                    found = std::min(found, at);
                    break;
                }
            }
            if (found != std::string::npos) {
                FW_TRY(create());
                inserted = true;
                ended = false;
                const auto opening = "<" + (root.empty() ? std::string(kUnknownRoot) : root) + ">";
                used = found;
                base = static_cast<std::int64_t>(windowBegin + found) -
                       static_cast<std::int64_t>(opening.size());
                (void)feed(opening, false);
                return true;
            }
            if (eof)
                return false;
            // A tag may lie across the border of two reads.
            constexpr std::size_t kLongestTag = 64;
            used = window.size();
            const auto keep = std::min(used, kLongestTag);
            const auto overlap = windowBegin + used - keep;
            FW_TRY(read());
            search = static_cast<std::size_t>(std::max(overlap, windowBegin) - windowBegin);
        }
    }

    // True: reading goes on.
    Result<bool> afterError()
    {
        if (thrown != nullptr)
            std::rethrow_exception(thrown);
        if (refused)
            return fail(Error(Errc::Unsupported, "the XML declares a document type, which no tool "
                                                 "that is read here does; it is not followed")
                            .at(offset()));
        const auto at = offset();
        const auto code = XML_GetErrorCode(parser.get());
        // Documents written one behind the other are fine.
        const bool another = ended && (code == XML_ERROR_JUNK_AFTER_DOC_ELEMENT ||
                                       code == XML_ERROR_MISPLACED_XML_PI);
        if (!another) {
            handler.damaged(at, tooDeep ? "elements are nested too deeply" : XML_ErrorString(code));
            if (++damage >= limits.maxDamage)
                return false;
        }
        return resume(at + 1);
    }

    Result<Outcome> run(JobContext &job)
    {
        do
            FW_TRY(read());
        while (!eof && window.size() < 256);
        used = std::min(window.find_first_not_of(kBlank), window.size());
        encoding = encodingOf(std::string_view(window).substr(used));
        FW_TRY(create());
        base = static_cast<std::int64_t>(used);
        for (;;) {
            FW_TRY(job.checkpoint());
            if (window.size() - used <= kLongestReference && !eof)
                FW_TRY(read());
            const bool last = eof;
            const auto whole = blankImpossible(used, last);
            if (whole == used && !last) { // nothing but the begin of a reference
                FW_TRY(read());
                continue;
            }
            const auto bytes = std::string_view(window).substr(used, whole - used);
            used = whole;
            job.setDone(windowBegin + used);
            auto status = feed(bytes, last);
            const auto behind = fed - static_cast<std::uint64_t>(std::max<XML_Index>(
                                          XML_GetCurrentByteIndex(parser.get()), 0));
            if (status == XML_STATUS_OK && !last && behind > limits.maxToken) {
                handler.damaged(offset(), "a tag is too long");
                if (++damage >= limits.maxDamage)
                    break;
                FW_ASSIGN(const auto more, resume(windowBegin + window.size()));
                if (!more)
                    break;
                continue;
            }
            if (status == XML_STATUS_OK) {
                if (last)
                    break;
                continue;
            }
            // What is missing at the end is a document that was cut off, not one that is wrong.
            const auto code = XML_GetErrorCode(parser.get());
            if (last && thrown == nullptr && !refused &&
                (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
                 code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION))
                break;
            FW_ASSIGN(const auto more, afterError());
            if (!more)
                break;
        }
        return Outcome{ended};
    }
};

XmlReader::XmlReader(ByteSource &source, XmlHandler &handler,
                     std::span<const std::string_view> resumeAt, XmlLimits limits)
    : m_parser(new Parser{source, handler, {}, limits})
{
    for (const auto name : resumeAt)
        m_parser->resumeAt.push_back("<" + std::string(name));
}

XmlReader::~XmlReader() = default;

Result<XmlReader::Outcome> XmlReader::run(JobContext &job)
{
    return m_parser->run(job);
}

} // namespace flamewright
