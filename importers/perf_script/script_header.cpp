#include "importers/perf_script/script_header.h"

#include "importers/perf_script/script_lines.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

namespace flamewright::perfscript {
namespace {

// Keys as the perf.data importer names them.
constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
    {"hostname", "host"},
    {"os release", "kernel"},
    {"arch", "arch"},
    {"cpudesc", "cpu"},
    {"cpuid", "cpu_id"},
    {"cmdline", "command_line"},
    {"captured on", "captured"},
    {"nrcpus online", "cpu_count"},
};

// "1795213891.050174" in nanoseconds.
std::optional<std::int64_t> seconds(std::string_view text)
{
    const auto dot = text.find('.');
    std::int64_t whole = 0, fraction = 0, out = 0;
    const auto parse = [](std::string_view part, std::int64_t &into) {
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), into);
        return error == std::errc() && end == part.data() + part.size() && into >= 0;
    };
    if (dot == std::string_view::npos || !parse(text.substr(0, dot), whole))
        return std::nullopt;
    auto digits = std::string(text.substr(dot + 1));
    if (digits.empty() || digits.size() > 9)
        return std::nullopt;
    digits.resize(9, '0');
    if (!parse(digits, fraction) || __builtin_mul_overflow(whole, 1'000'000'000, &out) ||
        __builtin_add_overflow(out, fraction, &out))
        return std::nullopt;
    return out;
}

// "2026-11-20 22:31:31.050174 = 1795213891.050174 (TOD) = 8838.429200287 (monotonic)"
void takeReferenceTime(std::string_view value, RecordSink &sink)
{
    const auto between = [&](std::size_t from, std::string_view end) -> std::string_view {
        const auto stop = value.find(end, from);
        return stop == std::string_view::npos ? std::string_view()
                                              : trimmed(value.substr(from, stop - from));
    };
    const auto first = value.find('=');
    if (first == std::string_view::npos)
        return;
    const auto second = value.find('=', first + 1);
    if (second == std::string_view::npos)
        return;
    const auto wall = seconds(between(first + 1, "(TOD)"));
    const auto clock = seconds(between(second + 1, "("));
    if (wall && clock)
        sink.setWallOffset(*wall - *clock);
}

} // namespace

void takeHeaderLine(std::string_view line, RecordSink &sink)
{
    if (!line.starts_with("# "))
        return;
    line.remove_prefix(2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos)
        return;
    const auto key = trimmed(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    for (const auto &[theirs, ours] : kKeys) {
        if (key == theirs)
            sink.provenance(ours, value);
    }
    if (key == "perf version")
        sink.provenance("tool", "perf " + std::string(value));
    else if (key == "reference time")
        takeReferenceTime(value, sink);
    else if (key == "clockid")
        sink.provenance("clock", value.substr(0, value.find(' ')));
}

} // namespace flamewright::perfscript
