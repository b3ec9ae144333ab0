#include "importers/text/json_document.h"

#include "importers/io/text_source.h"

namespace flamewright {

Result<> JsonDocument::read(ByteSource &input)
{
    TextSource text(input);
    std::string all;
    for (;;) {
        constexpr std::size_t kStep = 256u << 10;
        const auto old = all.size();
        if (old > kMaxBytes)
            return fail(Errc::Limit, "the input is larger than a summary of this format can be");
        all.resize(old + kStep);
        FW_ASSIGN(const auto got, text.read(std::as_writable_bytes(std::span(all).subspan(old))));
        all.resize(old + got);
        if (got == 0)
            break;
    }
    if (const auto error = m_parser.parse(all).get(m_root); error != simdjson::SUCCESS)
        return fail(Errc::Corrupt,
                    std::string("the input is no JSON: ") + simdjson::error_message(error));
    return {};
}

std::optional<simdjson::dom::element> member(simdjson::dom::element object, std::string_view key)
{
    simdjson::dom::element out;
    if (!object.is_object() || object.at_key(key).get(out) != simdjson::SUCCESS)
        return std::nullopt;
    return out;
}

std::optional<double> realOf(simdjson::dom::element value)
{
    double out = 0;
    if (!value.is_number() || value.get(out) != simdjson::SUCCESS)
        return std::nullopt;
    return out;
}

std::string_view textOf(simdjson::dom::element value)
{
    std::string_view out;
    return value.get(out) == simdjson::SUCCESS ? out : std::string_view();
}

std::string jsonHead(const Probe &probe, char first)
{
    auto head = textHead(probe);
    const auto begin = head.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || head[begin] != first)
        return {};
    return head.substr(begin);
}

} // namespace flamewright
