#include "app/cli/json_writer.h"

#include "capture/base/capture_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace flamewright {

void JsonWriter::separate()
{
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_levels.empty())
        return;
    if (!m_levels.back().empty)
        m_out << ',';
    m_levels.back().empty = false;
    if (m_levels.size() <= 2)
        m_out << '\n' << std::string(m_levels.size(), ' ');
}

JsonWriter &JsonWriter::begin(char open, char close)
{
    separate();
    m_out << open;
    m_levels.push_back({close, true});
    return *this;
}

JsonWriter &JsonWriter::end()
{
    const auto level = m_levels.back();
    m_levels.pop_back();
    if (!level.empty && m_levels.size() <= 1)
        m_out << '\n' << std::string(m_levels.size(), ' ');
    m_out << level.close;
    if (m_levels.empty())
        m_out << '\n';
    return *this;
}

JsonWriter &JsonWriter::key(std::string_view name)
{
    separate();
    m_out << CaptureText(name).toJson() << ':';
    m_afterKey = true;
    return *this;
}

JsonWriter &JsonWriter::value(std::string_view text)
{
    separate();
    m_out << CaptureText(text).toJson();
    return *this;
}

JsonWriter &JsonWriter::value(std::int64_t number)
{
    separate();
    m_out << number;
    return *this;
}

JsonWriter &JsonWriter::value(std::uint64_t number)
{
    separate();
    m_out << number;
    return *this;
}

JsonWriter &JsonWriter::value(double number)
{
    if (!std::isfinite(number))
        return null();
    separate();
    std::array<char, 64> text{};
    const auto [stop, error] = std::to_chars(text.data(), text.data() + text.size(), number);
    m_out.write(text.data(), error == std::errc() ? stop - text.data() : 0);
    return *this;
}

JsonWriter &JsonWriter::value(bool truth)
{
    separate();
    m_out << (truth ? "true" : "false");
    return *this;
}

JsonWriter &JsonWriter::null()
{
    separate();
    m_out << "null";
    return *this;
}

} // namespace flamewright
