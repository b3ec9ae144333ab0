#include "app/present/html_figures.h"

#include "app/present/color_pairs.h"
#include "views/paint/paint_svg.h"
#include "views/scene/theme.h"

#include <algorithm>

namespace flamewright {
namespace {

std::string hex(Rgba color)
{
    std::string out = "#";
    // As short as CSS allows: opaque colours have no alpha.
    for (int shift = 28; shift >= ((color.value & 255) == 255 ? 8 : 0); shift -= 4)
        out += "0123456789abcdef"[color.value >> shift & 15];
    return out;
}

} // namespace

// The classes of one picture that is the same in up to three lists.
class HtmlFigures::Numbered final : public SvgClasses {
public:
    Numbered(HtmlFigures &figures, const DisplayList &light, const DisplayList &dark,
             const DisplayList &print)
        : m_figures(figures),
          m_lists{&light, &dark, &print}
    {}
    std::string fill(std::size_t command, std::size_t cell) override
    {
        return m_figures.classOf('f', colors(command, cell));
    }
    std::string stroke(std::size_t command) override
    {
        return m_figures.classOf('s', colors(command, 0));
    }

private:
    Colors colors(std::size_t command, std::size_t cell) const
    {
        Colors out{};
        for (std::size_t i = 0; i < out.size(); ++i) {
            const auto &cmd = m_lists[i]->commands()[command];
            out[i] = cmd.op == Op::Cells ? m_lists[i]->gridOf(cmd).colors[cell] : cmd.color;
        }
        return out;
    }

    HtmlFigures &m_figures;
    std::array<const DisplayList *, 3> m_lists;
};

bool HtmlFigures::Less::operator()(const Colors &a, const Colors &b) const
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [](Rgba x, Rgba y) { return x.value < y.value; });
}

std::string HtmlFigures::classOf(char kind, const Colors &colors)
{
    const auto [it, fresh] = m_numbers.try_emplace(colors, m_used.size());
    if (fresh)
        m_used.push_back({.colors = colors});
    auto &used = m_used[it->second];
    (kind == 'f' ? used.fills : used.strokes) = true;
    return kind + std::to_string(it->second);
}

std::string HtmlFigures::write(const ThemedPicture &picture, std::string_view prefix,
                               std::string_view label)
{
    const bool dark = picture.dark != nullptr && isRecolored(picture.light, *picture.dark);
    m_lastHasDark = dark;
    const auto &onDark = dark ? *picture.dark : picture.light;
    const auto one = [&](const DisplayList &light, const DisplayList &onDarkGround,
                         const DisplayList &print, std::string_view of) {
        Numbered classes(*this, light, onDarkGround, print);
        return toInlineSvg(light, picture.size, classes, of, label);
    };
    if (isRecolored(picture.light, picture.print))
        return one(picture.light, onDark, picture.print, prefix);
    return "<div class=\"screen\">" + one(picture.light, onDark, picture.light, prefix) +
           "</div><div class=\"paper\">" +
           one(picture.print, picture.print, picture.print, std::string(prefix) + "p") + "</div>";
}

std::string HtmlFigures::css() const
{
    std::string out;
    const auto rules = [&](std::size_t medium) {
        for (std::size_t i = 0; i < m_used.size(); ++i) {
            const auto &used = m_used[i];
            if (medium > 0 && used.colors[medium] == used.colors[0])
                continue;
            const auto color = hex(used.colors[medium]);
            if (used.fills)
                out += ".f" + std::to_string(i) + "{fill:" + color + "}";
            if (used.strokes)
                out += ".s" + std::to_string(i) + "{fill:none;stroke:" + color + "}";
        }
    };
    for (std::size_t i = 0; i < kFontRoles; ++i) {
        const auto spec = fontSpec(static_cast<FontRole>(i));
        out += ".t" + std::to_string(i) + "{font-size:" + std::to_string(spec.pixelSize) + "px";
        if (spec.weight != tokens::k_weight_body)
            out += ";font-weight:" + std::to_string(spec.weight);
        if (spec.mono)
            out += ";font-family:var(--mono)";
        out += "}";
    }
    rules(0);
    out += "\n@media screen and (prefers-color-scheme:dark){";
    rules(1);
    out += "}\n@media print{";
    rules(2);
    return out += "}\n";
}

} // namespace flamewright
