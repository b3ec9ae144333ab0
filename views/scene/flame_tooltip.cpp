#include "views/scene/flame_tooltip.h"

#include "analysis/intervals.h"
#include "analysis/slice_profile.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr std::string_view kDot = " \u00b7 ";

std::string display(std::string_view text)
{
    return CaptureText(text).toDisplay();
}

std::string share(std::int64_t part, std::int64_t whole)
{
    return formatShare(static_cast<double>(part), static_cast<double>(whole));
}

// The number of a percentage, with as many decimals as its partner needs.
std::string percentNumber(double share)
{
    auto text = formatShare(share, 1);
    if (text.ends_with(" %"))
        text.resize(text.size() - 2);
    return text;
}

std::string subtitleOf(const FunctionInfo &function, bool inlined)
{
    std::vector<std::string> parts;
    if (!function.file.empty()) {
        auto place = display(pathTail(function.file, 2));
        if (function.line != 0)
            place += ":" + std::to_string(function.line);
        parts.push_back(std::move(place));
    }
    if (auto kind = kindText(function); !kind.empty())
        parts.push_back(std::move(kind));
    if (inlined)
        parts.push_back("inlined");
    if (!function.module.empty())
        parts.push_back(display(pathTail(function.module, 1)));
    std::string out;
    for (const auto &part : parts)
        out += (out.empty() ? "" : std::string(kDot)) + part;
    return out;
}

// What shares "of all" are of.
Profile::Whole wholeOf(const Profile &profile)
{
    return profile.whole.value_or(Profile::Whole{profile.total, profile.samples});
}

FlameTooltip::Row sumRow(const Profile &profile, const char *label, std::int64_t value,
                         std::uint32_t focus, ValueStyle style)
{
    FlameTooltip::Row row{.label = label, .value = measureText(profile, value, style)};
    row.ofAll = share(value, wholeOf(profile).total);
    if (profile.whole)
        row.ofFunction = share(value, profile.total);
    if (focus != 0)
        row.ofView = share(value, profile.tree.total[focus]);
    return row;
}

std::string samplesLine(const Profile &profile, std::int64_t samples, std::int64_t all)
{
    if (isOfSlices(profile))
        return formatCount(samples) + " of " + formatCount(all) + " slices";
    return formatCount(samples) + " of " + formatCount(all) + " samples" + std::string(kDot) +
           sampledShare(samples, all);
}

std::string footerOf(const Profile &profile, std::int64_t samples)
{
    auto out = samplesLine(profile, samples, wholeOf(profile).samples);
    if (profile.whole)
        out += "\nof the function: " + samplesLine(profile, samples, profile.samples);
    return out;
}

} // namespace

std::string pathTail(std::string_view path, int parts)
{
    auto at = path.size();
    for (int i = 0; i < parts && at != std::string_view::npos && at > 0; ++i)
        at = path.rfind('/', at - 1);
    if (at == std::string_view::npos || at == 0)
        return std::string(path);
    return std::string(path.substr(at + 1));
}

std::string kindText(const FunctionInfo &function)
{
    if (function.unresolved)
        return "no symbol";
    switch (function.kind) {
    case FrameKind::Unknown:
    case FrameKind::User: return {};
    case FrameKind::Kernel: return "kernel";
    case FrameKind::Jit: return "JIT";
    case FrameKind::Interpreter: return "interpreted";
    case FrameKind::Guest: return "guest";
    case FrameKind::Hypervisor: return "hypervisor";
    case FrameKind::Marker: return "marker";
    }
    return {};
}

std::string measureText(const Profile &profile, std::int64_t value, ValueStyle style)
{
    switch (profile.unit) {
    case Unit::Nanoseconds:
    case Unit::Bytes: return formatValue(value, profile.unit, style);
    case Unit::Cycles: return formatCount(value) + " cycles";
    case Unit::Count:
    case Unit::Ratio: break;
    }
    const auto name = profile.measure.empty() ? std::string("samples") : display(profile.measure);
    return formatCount(value) + " " + name;
}

std::string rootLabel(const Profile &profile, ValueStyle style)
{
    auto out = "all" + std::string(kDot) + formatCount(profile.samples) +
               (isOfSlices(profile) ? " slices" : " samples");
    if (profile.unit != Unit::Count || profile.total != profile.samples)
        out += std::string(kDot) + measureText(profile, profile.total, style);
    return out;
}

std::string sampledShare(std::int64_t samples, std::int64_t all)
{
    if (all <= 0)
        return "no samples";
    const auto interval = wilson(samples, all);
    return share(samples, all) + " (95 % interval " + percentNumber(interval.low) + " to " +
           percentNumber(interval.high) + " %)";
}

FlameTooltip frameTooltip(const Profile &profile, std::uint32_t node, std::uint32_t focus,
                          ValueStyle style)
{
    const auto &tree = profile.tree;
    FlameTooltip out;
    if (node == 0) {
        out.title = "all";
        out.subtitle = profile.measure.empty() ? std::string() : display(profile.measure);
    } else {
        out.title = display(profile.at(node).name);
        out.subtitle = subtitleOf(profile.at(node), tree.inlined[node] != 0);
    }
    const auto row = [&](const char *label, std::int64_t value) {
        auto r = sumRow(profile, label, value, focus, style);
        if (node != 0)
            r.ofParent = share(value, tree.total[tree.parent[node]]);
        out.rows.push_back(std::move(r));
    };
    row("total", tree.total[node]);
    row("self", tree.self[node]);
    out.footer = footerOf(profile, tree.totalSamples[node]);
    return out;
}

FlameTooltip mergedTooltip(const Profile &profile, std::uint32_t count, std::int64_t total,
                           std::int64_t samples, std::uint32_t focus, ValueStyle style)
{
    FlameTooltip out;
    out.title = "(" + formatCount(count) + " merged)";
    out.subtitle = "Frames too narrow to draw one by one. Zoom in to tell them apart.";
    out.rows.push_back(sumRow(profile, "total", total, focus, style));
    out.footer = footerOf(profile, samples);
    return out;
}

std::string plainText(const FlameTooltip &tooltip)
{
    auto out = tooltip.title;
    if (!tooltip.subtitle.empty())
        out += "\n" + tooltip.subtitle;
    for (const auto &row : tooltip.rows) {
        out += "\n" + row.label + " " + row.value;
        if (!row.ofAll.empty())
            out += std::string(kDot) + row.ofAll + " of all";
        if (!row.ofFunction.empty())
            out += std::string(kDot) + row.ofFunction + " of function";
        if (!row.ofView.empty())
            out += std::string(kDot) + row.ofView + " of view";
        if (!row.ofParent.empty())
            out += std::string(kDot) + row.ofParent + " of parent";
    }
    if (!tooltip.footer.empty())
        out += "\n" + tooltip.footer;
    return out;
}

} // namespace flamewright
