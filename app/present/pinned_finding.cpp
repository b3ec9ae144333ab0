#include "app/present/pinned_finding.h"

#include "app/present/display_list_json.h"
#include "app/present/json_text.h"
#include "importers/text/json_document.h"

#include <algorithm>
#include <array>
#include <utility>

namespace flamewright {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::size_t kMaxSentence = 16'384, kMaxDocument = 1u << 20;
constexpr std::array<std::string_view, 6> kSeverities{"",         "info",      "warning",
                                                      "critical", "regressed", "improved"};

struct TextField {
    std::string_view key;
    std::string PinnedFinding::*text;
    std::size_t limit;
};
// What every finding is written with, in this order.
constexpr std::array<TextField, 8> kTexts{{{"sentence", &PinnedFinding::sentence, kMaxSentence},
                                           {"written", &PinnedFinding::written, kMaxSentence},
                                           {"note", &PinnedFinding::note, kMaxDocument},
                                           {"severity", &PinnedFinding::severity, kMaxSentence},
                                           {"view", &PinnedFinding::view, kMaxSentence},
                                           {"state", &PinnedFinding::viewState, kMaxDocument},
                                           {"scope", &PinnedFinding::scope, kMaxDocument},
                                           {"sides", &PinnedFinding::sides, kMaxDocument}}};

void append(std::string &out, const PinnedFinding &finding)
{
    out += "{\"pinned_ns\":" + std::to_string(finding.pinnedAtNs);
    for (const auto &field : kTexts) {
        if ((finding.*field.text).empty())
            continue;
        out.append(",\"").append(field.key).append("\":");
        appendJsonText(out, finding.*field.text);
    }
    if (finding.picture) {
        out += ",\"picture\":";
        appendPicture(out, *finding.picture);
    }
    if (finding.sidePictures.size() == 2) {
        out += ",\"side_pictures\":[";
        appendPicture(out, finding.sidePictures[0]);
        out += ',';
        appendPicture(out, finding.sidePictures[1]);
        out += ']';
    }
    out += '}';
}

// Both, or none.
std::vector<PinnedPicture> readSides(simdjson::dom::element json, PictureBudget &budget)
{
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS || array.size() != 2)
        return {};
    std::vector<PinnedPicture> out;
    for (const auto element : array) {
        auto picture = readPicture(element, budget);
        if (!picture)
            return {};
        out.push_back(*std::move(picture));
    }
    const auto &a = out[0].size, &b = out[1].size;
    if (a.width != b.width || a.height != b.height)
        return {};
    return out;
}

// What cannot be read of a finding that says something is left out and counted; nullopt: it says
// nothing.
std::optional<PinnedFinding> read(simdjson::dom::element json, PictureBudget &budget,
                                  std::size_t &leftOut)
{
    PinnedFinding out;
    if (const auto at = member(json, "pinned_ns");
        !at || at->get(out.pinnedAtNs) != simdjson::SUCCESS)
        out.pinnedAtNs = 0;
    for (const auto &field : kTexts) {
        const auto value = member(json, field.key);
        if (!value)
            continue;
        if (auto text = jsonTextOf(*value, field.limit))
            out.*field.text = *std::move(text);
        else
            ++leftOut;
    }
    if (std::find(kSeverities.begin(), kSeverities.end(), out.severity) == kSeverities.end()) {
        out.severity.clear();
        ++leftOut;
    }
    if (out.sentence.empty())
        return std::nullopt;
    if (const auto picture = member(json, "picture")) {
        out.picture = readPicture(*picture, budget);
        if (!out.picture)
            ++leftOut;
    }
    if (const auto pictures = member(json, "side_pictures")) {
        out.sidePictures = readSides(*pictures, budget);
        if (out.sidePictures.empty())
            ++leftOut;
    }
    return out;
}

} // namespace

std::string findingsToJson(const std::vector<PinnedFinding> &findings)
{
    std::string out = "{\"version\":" + std::to_string(kVersion) + ",\"findings\":[";
    for (std::size_t i = 0; i < findings.size(); ++i) {
        out += i > 0 ? ",\n" : "\n";
        append(out, findings[i]);
    }
    return out += "]}\n";
}

Result<ReadFindings> findingsFromJson(std::string_view json)
{
    if (json.size() > kMaxFindingsBytes)
        return fail(Errc::Limit, "the findings of the session are larger than findings can be");
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (const auto error = parser.parse(json.data(), json.size()).get(root);
        error != simdjson::SUCCESS)
        return fail(Errc::Corrupt, std::string("the findings of the session are no JSON: ") +
                                       simdjson::error_message(error));
    const auto version = member(root, "version"), list = member(root, "findings");
    std::int64_t number = 0;
    if (!version || version->get(number) != simdjson::SUCCESS || number < 1)
        return fail(Errc::Corrupt, "the findings of the session have no usable \"version\"");
    if (number > kVersion)
        return fail(Errc::Version,
                    "the findings of the session were written by a newer Flamewright");
    simdjson::dom::array array;
    if (!list || list->get(array) != simdjson::SUCCESS)
        return fail(Errc::Corrupt, "the findings of the session are no list");
    ReadFindings out;
    auto budget = kAllPicturesLimit;
    for (const auto element : array) {
        auto finding =
            out.findings.size() < kMaxFindings ? read(element, budget, out.leftOut) : std::nullopt;
        if (finding)
            out.findings.push_back(*std::move(finding));
        else
            ++out.leftOut;
    }
    return out;
}

bool canBeKept(const PinnedPicture &picture)
{
    std::string json;
    appendPicture(json, picture);
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    auto budget = kAllPicturesLimit;
    return parser.parse(json).get(root) == simdjson::SUCCESS &&
           readPicture(root, budget).has_value();
}

} // namespace flamewright
