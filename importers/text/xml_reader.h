#pragma once

#include "capture/base/job.h"
#include "capture/base/result.h"
#include "importers/io/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flamewright {

// The attributes of a start tag; a name that is not there has no value.
class XmlAttributes {
public:
    explicit XmlAttributes(const char **pairs) : m_pairs(pairs) {}
    std::optional<std::string_view> find(std::string_view name) const;

private:
    const char **m_pairs; // name, value ... nullptr
};

// What an XmlReader calls, in the order of the document. `offset`: of the tag in the input.
class XmlHandler {
public:
    virtual ~XmlHandler() = default;
    virtual void begin(std::string_view name, const XmlAttributes &attributes,
                       std::uint64_t offset) = 0;
    virtual void end(std::string_view name, std::uint64_t offset) = 0;
    virtual void text(std::string_view part) = 0; // as many calls as it takes
    // The document is damaged at `offset`; what is open will not end. Reading goes on at the next
    // place to resume.
    virtual void damaged(std::uint64_t offset, std::string_view why) = 0;
};

struct XmlLimits {
    std::size_t maxToken = 4u << 20; // a tag with its attributes
    unsigned maxDepth = 256;
    unsigned maxDamage = 1000; // places; more are the end of it
};

// A document of a stranger, element by element, in constant memory (expat, which does not recurse
// over elements). Document types and entities of a document's own are refused before anything is
// resolved; no other file is ever opened.
class XmlReader {
public:
    // After damage reading resumes at the next occurrence of "<NAME" for one of `resumeAt`, as if
    // it stood at the top of the document.
    XmlReader(ByteSource &source, XmlHandler &handler, std::span<const std::string_view> resumeAt,
              XmlLimits limits = {});
    ~XmlReader();
    XmlReader(const XmlReader &) = delete;
    XmlReader &operator=(const XmlReader &) = delete;

    // Errc::Unsupported for a document type; damage is told to the handler. `ended` says whether
    // the document's element was closed.
    struct Outcome {
        bool ended = false;
    };
    Result<Outcome> run(JobContext &job);

private:
    struct Parser;
    std::unique_ptr<Parser> m_parser;
};

} // namespace flamewright
