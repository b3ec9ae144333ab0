#pragma once

#include "capture/base/result.h"
#include "importers/importer.h"

#include <cstddef>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace flamewright {

// A whole text of JSON, for files that are one object of moderate size: summaries, not samples.
class JsonDocument {
public:
    static constexpr std::size_t kMaxBytes = 64u << 20;

    // Reads the rest of the input: UTF-8, or UTF-16 with a byte order mark.
    Result<> read(ByteSource &input);
    const simdjson::dom::element &root() const { return m_root; }

private:
    simdjson::dom::parser m_parser;
    simdjson::dom::element m_root;
};

// The member of an object, or nullopt when it is none or has none.
std::optional<simdjson::dom::element> member(simdjson::dom::element object, std::string_view key);
// Numbers only: tools write "-" and null where they have none.
std::optional<double> realOf(simdjson::dom::element value);
// Empty for what is no text. Valid as long as the document.
std::string_view textOf(simdjson::dom::element value);

// The head of a probe as UTF-8 from its first character that is no space, if that is `first`;
// otherwise empty.
std::string jsonHead(const Probe &probe, char first = '{');

} // namespace flamewright
