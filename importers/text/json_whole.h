#pragma once

#include "importers/importer.h"

#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string_view>

namespace flamewright {

// One JSON document, read and parsed as a whole: for reports, which are small. Limited; damage is an
// error with its place unknown, as nothing of a report means anything without the rest.
class JsonWhole {
public:
    static constexpr std::uint64_t kMaxBytes = 256u << 20;

    Result<simdjson::dom::element> read(ImportRun run);
    // For tools that write NaN and Infinity as they are, which JSON does not have: they are read as
    // the texts "NaN", "INF" and "-INF".
    Result<simdjson::dom::element> readWithBareNumbers(ImportRun run);

private:
    Result<> readText(ImportRun run);
    Result<simdjson::dom::element> parse();

    std::string m_text;
    simdjson::dom::parser m_parser;
};

// The number at `key` of an object, also where it is written as a text; nullopt when there is none.
std::optional<double> numberAt(simdjson::dom::element element, std::string_view key);
// Empty when there is none.
std::string_view textAt(simdjson::dom::element element, std::string_view key);
// The object or array at `key`; an error where there is none.
simdjson::simdjson_result<simdjson::dom::element> memberOf(simdjson::dom::element element,
                                                           std::string_view key);

// Whether the head of an input is a JSON object or array that has all of `keys` as texts with
// quotes, in its first bytes. For detectors.
bool headHasKeys(const Probe &probe, char opening, std::initializer_list<std::string_view> keys);

} // namespace flamewright
