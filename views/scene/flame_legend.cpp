#include "views/scene/flame_legend.h"

#include "analysis/frame_class.h"
#include "capture/base/capture_text.h"
#include "capture/base/format_value.h"
#include "views/scene/flame_tooltip.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace flamewright {
namespace {

constexpr float kSwatch = 12;
constexpr float kGap = 16;
constexpr std::size_t kLabelBytes = 64;

// What occurs in the tree: functions of the table alone have no colour on screen.
struct Occurring {
    std::vector<std::uint8_t> functions;
    bool inlined = false;

    explicit Occurring(const Profile &profile) : functions(profile.functions.size(), 0)
    {
        const auto &tree = profile.tree;
        for (std::uint32_t node = 1; node < tree.size(); ++node) {
            functions[tree.function[node].raw] = 1;
            inlined = inlined || tree.inlined[node] != 0;
        }
    }
};

Rgba fillOf(FrameLook look, Theme theme)
{
    return frameColors(look, theme).fill;
}

// Kinds have a family of colours each, of which the first stands for all.
std::vector<LegendEntry> nameEntries(const Profile &profile, const Occurring &occurring,
                                     Theme theme)
{
    static constexpr std::array<std::pair<const char *, FrameLook>, 6> kAll = {{
        {"user", {.kind = FrameKind::User}},
        {"kernel", {.kind = FrameKind::Kernel}},
        {"JIT", {.kind = FrameKind::Jit}},
        {"interpreted", {.kind = FrameKind::Interpreter}},
        {"guest, hypervisor, markers", {.kind = FrameKind::Guest}},
        {"no symbol", {.unresolved = true}},
    }};
    std::vector<LegendEntry> out;
    for (const auto &[name, look] : kAll) {
        bool occurs = false;
        for (std::size_t i = 1; i < profile.functions.size() && !occurs; ++i) {
            const auto &f = profile.functions[i];
            const FrameLook of{.kind = f.kind, .unresolved = f.unresolved};
            occurs = occurring.functions[i] != 0 && fillOf(of, theme) == fillOf(look, theme);
        }
        if (occurs)
            out.push_back({name, fillOf(look, theme)});
    }
    return out;
}

std::vector<LegendEntry> kindEntries(const Profile &profile, Theme theme)
{
    static constexpr std::array<const char *, kFrameClasses> kNames = {"user",
                                                                       "kernel",
                                                                       "JIT",
                                                                       "interpreted",
                                                                       "inlined",
                                                                       "garbage collection",
                                                                       "guest, hypervisor, markers",
                                                                       "no symbol"};
    std::vector<std::uint8_t> collects(profile.functions.size());
    for (std::size_t i = 0; i < collects.size(); ++i)
        collects[i] = isGarbageCollection(profile.functions[i].name);
    std::array<bool, kFrameClasses> occurs{};
    const auto &tree = profile.tree;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        const auto &f = profile.at(node);
        const auto of = frameClass(f.kind, f.unresolved, tree.inlined[node] != 0,
                                   collects[tree.function[node].raw] != 0);
        occurs[static_cast<std::size_t>(of)] = true;
    }
    std::vector<LegendEntry> out;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (occurs[i])
            out.push_back({kNames[i], palette(theme).flame.kinds[i]});
    }
    return out;
}

void addGroups(const FlameColoring &coloring, Theme theme, FlameLegend &out)
{
    std::size_t rest = 0;
    for (const auto &group : coloring.groups()) {
        if (group.shade == kOtherGroups) {
            ++rest;
            continue;
        }
        const auto name =
            coloring.scheme() == ColorScheme::Module ? pathTail(group.name, 1) : group.name;
        out.entries.push_back(
            {CaptureText(name).toDisplay(kLabelBytes), palette(theme).flame.groups[group.shade]});
    }
    if (rest > 0)
        out.others = {"others (" + formatCount(static_cast<std::int64_t>(rest)) + ")",
                      palette(theme).flame.otherGroups};
}

std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%g %%", share * 100);
    return text;
}

std::vector<LegendEntry> heatEntries(Theme theme)
{
    const auto &heat = palette(theme).flame.heat;
    std::vector<LegendEntry> out{{"none", heat[0]}};
    out.push_back({"< " + percent(kHeatSteps[0]), heat[1]});
    for (std::size_t i = 0; i < std::size(kHeatSteps); ++i)
        out.push_back({"\u2265 " + percent(kHeatSteps[i]), heat[i + 2]});
    return out;
}

class Line {
public:
    Line(PointF at, Theme theme, const TextMetrics &metrics, DisplayList &out)
        : m_at(at),
          m_colors(palette(theme)),
          m_metrics(metrics),
          m_out(out)
    {}
    float widthOf(const LegendEntry &entry) const
    {
        return entry.label.empty() ? 0 : kSwatch + 6 + textWidth(entry.label) + kGap;
    }
    float textWidth(std::string_view text) const
    {
        return m_metrics.width(text, FontRole::Caption);
    }
    void text(std::string_view text)
    {
        const auto width = textWidth(text);
        m_out.text(m_at, text, m_colors.text2, FontRole::Caption, width);
        m_at.x += width + kGap;
    }
    void entry(const LegendEntry &entry)
    {
        m_out.fillRect({m_at.x, m_at.y + 2, kSwatch, kSwatch}, entry.fill, 2);
        if (entry.notch)
            m_out.fillRect({m_at.x, m_at.y + 4, 2, kSwatch - 4},
                           mixed(entry.fill, m_colors.text1, 0.45));
        m_at.x += kSwatch + 6;
        text(entry.label);
    }
    float x() const { return m_at.x; }

private:
    PointF m_at;
    const Palette &m_colors;
    const TextMetrics &m_metrics;
    DisplayList &m_out;
};

std::string more(std::size_t count)
{
    return "and " + formatCount(static_cast<std::int64_t>(count)) + " more";
}

} // namespace

FlameLegend flameLegend(const Profile &profile, const FlameColoring &coloring, bool searching,
                        Theme theme)
{
    FlameLegend out;
    if (profile.functions.empty())
        return out;
    const Occurring occurring(profile);
    switch (coloring.scheme()) {
    case ColorScheme::Name: out.entries = nameEntries(profile, occurring, theme); break;
    case ColorScheme::Module:
    case ColorScheme::Package: addGroups(coloring, theme, out); break;
    case ColorScheme::Kind: out.entries = kindEntries(profile, theme); break;
    case ColorScheme::Self:
        out.title = "self, share of the view:";
        out.entries = heatEntries(theme);
        break;
    }
    const auto &colors = palette(theme);
    if (occurring.inlined && coloring.scheme() != ColorScheme::Kind)
        out.entries.push_back({"inlined", colors.surface2, true});
    if (searching)
        out.entries.insert(out.entries.begin(), {"found", fillOf({.match = true}, theme)});
    return out;
}

void addEntries(const FlameLegend &of, FlameLegend &to)
{
    for (const auto &entry : of.entries) {
        const bool known =
            std::any_of(to.entries.begin(), to.entries.end(), [&](const LegendEntry &e) {
                return e.label == entry.label && e.fill == entry.fill;
            });
        if (!known)
            to.entries.push_back(entry);
    }
    if (to.others.label.empty())
        to.others = of.others;
}

void paintLegend(const FlameLegend &legend, PointF at, float width, Theme theme,
                 const TextMetrics &metrics, DisplayList &out)
{
    Line line(at, theme, metrics, out);
    const auto end = at.x + width;
    if (!legend.title.empty() && line.textWidth(legend.title) < width)
        line.text(legend.title);
    const auto others = line.widthOf(legend.others);
    std::size_t shown = 0;
    for (; shown < legend.entries.size(); ++shown) {
        // Room for what must be said after it.
        const auto left = legend.entries.size() - shown - 1;
        const auto after = others + (left > 0 ? line.textWidth(more(left)) + kGap : 0);
        if (line.x() + line.widthOf(legend.entries[shown]) - kGap + (after > 0 ? after : 0) > end)
            break;
        line.entry(legend.entries[shown]);
    }
    if (shown < legend.entries.size() && line.x() + line.textWidth("and 99 more") <= end)
        line.text(more(legend.entries.size() - shown));
    if (others > 0 && line.x() + others - kGap <= end)
        line.entry(legend.others);
}

} // namespace flamewright
