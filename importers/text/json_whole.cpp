#include "importers/text/json_whole.h"

#include "importers/io/text_source.h"
#include "importers/load/unit_text.h"

#include <algorithm>
#include <array>

namespace flamewright {

namespace {

// Each takes part of `json` from `at`, outside of texts.
struct BareNumber {
    std::string_view written, read;
};
constexpr BareNumber kBareNumbers[] = {
    {"NaN", "\"NaN\""},      {"nan", "\"NaN\""},        {"-nan", "\"NaN\""}, {"-NaN", "\"NaN\""},
    {"Infinity", "\"INF\""}, {"-Infinity", "\"-INF\""}, {"inf", "\"INF\""},  {"-inf", "\"-INF\""}};

// Behind the text whose opening quote is at `at`; npos when it does not end.
std::size_t endOfText(std::string_view json, std::size_t at)
{
    ++at;
    while ((at = json.find_first_of("\"\\", at)) != json.npos) {
        if (json[at] == '"')
            return at + 1;
        at += 2;
    }
    return at;
}

std::string quoteBareNumbers(std::string_view json)
{
    std::string out;
    out.reserve(json.size() + json.size() / 64);
    std::size_t copied = 0, at = 0;
    while ((at = json.find_first_of("\"NnIi", at)) != json.npos) {
        if (json[at] == '"') {
            at = endOfText(json, at);
            continue;
        }
        const auto begin = at > 0 && json[at - 1] == '-' ? at - 1 : at;
        const auto *const found =
            std::find_if(std::begin(kBareNumbers), std::end(kBareNumbers), [&](const auto &number) {
                return json.substr(begin).starts_with(number.written);
            });
        if (found == std::end(kBareNumbers)) {
            ++at; // null, or nothing of JSON
            continue;
        }
        out.append(json.substr(copied, begin - copied)).append(found->read);
        at = copied = begin + found->written.size();
    }
    return out.append(json.substr(copied));
}

} // namespace

Result<simdjson::dom::element> JsonWhole::read(ImportRun run)
{
    FW_TRY(readText(run));
    return parse();
}

Result<simdjson::dom::element> JsonWhole::readWithBareNumbers(ImportRun run)
{
    FW_TRY(readText(run));
    m_text = quoteBareNumbers(m_text);
    return parse();
}

Result<> JsonWhole::readText(ImportRun run)
{
    TextSource text(run.input);
    std::array<char, 65536> block;
    for (;;) {
        FW_TRY(run.job.checkpoint());
        FW_ASSIGN(const auto got, text.read(std::as_writable_bytes(std::span(block))));
        if (got == 0)
            break;
        m_text.append(block.data(), got);
        if (m_text.size() > kMaxBytes)
            return fail(Errc::Limit, "a JSON report of more than 256 MB");
    }
    return {};
}

Result<simdjson::dom::element> JsonWhole::parse()
{
    simdjson::dom::element root;
    const auto error = m_parser.parse(m_text).get(root);
    if (error != simdjson::SUCCESS)
        return fail(Errc::Corrupt,
                    std::string("this is not JSON: ") + simdjson::error_message(error));
    return root;
}

simdjson::simdjson_result<simdjson::dom::element> memberOf(simdjson::dom::element element,
                                                           std::string_view key)
{
    simdjson::dom::object object;
    if (const auto error = element.get(object); error != simdjson::SUCCESS)
        return error;
    return object.at_key(key);
}

std::optional<double> numberAt(simdjson::dom::element element, std::string_view key)
{
    simdjson::dom::element member;
    if (memberOf(element, key).get(member) != simdjson::SUCCESS)
        return std::nullopt;
    double value = 0;
    if (member.get(value) == simdjson::SUCCESS)
        return value;
    std::string_view text;
    return member.get(text) == simdjson::SUCCESS ? parseDouble(text) : std::nullopt;
}

std::string_view textAt(simdjson::dom::element element, std::string_view key)
{
    std::string_view text;
    return memberOf(element, key).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool headHasKeys(const Probe &probe, char opening, std::initializer_list<std::string_view> keys)
{
    const auto head = textHead(probe);
    const auto first = head.find_first_not_of(" \t\r\n");
    if (first == head.npos || head[first] != opening)
        return false;
    return std::all_of(keys.begin(), keys.end(), [&](std::string_view key) {
        return head.find("\"" + std::string(key) + "\"") != head.npos;
    });
}

} // namespace flamewright
