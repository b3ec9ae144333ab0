#include "views/paint/paint_svg.h"

#include "capture/base/capture_text.h"
#include "views/scene/source_links.h"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

namespace flamewright {
namespace {

// Two decimals, no trailing zeros, whatever the locale.
void appendNumber(std::string &out, float value)
{
    std::array<char, 64> buffer{};
    auto cents = std::llround(static_cast<double>(value) * 100);
    if (cents < 0)
        out += '-';
    cents = std::llabs(cents);
    out.append(buffer.data(), std::to_chars(buffer.data(), buffer.data() + 32, cents / 100).ptr);
    if (const auto rest = cents % 100; rest != 0) {
        out += '.';
        out += static_cast<char>('0' + rest / 10);
        if (rest % 10 != 0)
            out += static_cast<char>('0' + rest % 10);
    }
}

void appendHex(std::string &out, std::uint32_t value, int digits)
{
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += "0123456789abcdef"[value >> shift & 15];
}

// Text that XML 1.0 allows: what CaptureText makes safe, without U+FFFE and U+FFFF.
std::string escaped(std::string_view text)
{
    auto out = CaptureText(text).toHtml();
    for (const auto *bad : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
        for (auto at = out.find(bad); at != std::string::npos; at = out.find(bad, at))
            out.replace(at, 3, "\xef\xbf\xbd");
    }
    return out;
}

class Writer {
public:
    Writer(const DisplayList &list, SizeF size, Theme theme) : m_list(list)
    {
        m_out = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\"";
        attribute("width", size.width);
        attribute("height", size.height);
        m_out += " viewBox=\"0 0 ";
        appendNumber(m_out, size.width);
        m_out += ' ';
        appendNumber(m_out, size.height);
        m_out += "\">\n<style>\n"
                 "text{font-family:Inter,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',"
                 "'DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums;"
                 "font-feature-settings:'calt' 0;white-space:pre}\n"
                 ".mono{font-family:'JetBrains Mono','DejaVu Sans Mono',monospace}\n"
                 ".frame:hover rect{stroke:";
        color(palette(theme).text1);
        m_out += "}\n</style>\n";
    }
    Writer(const DisplayList &list, SizeF size, SvgClasses &classes, std::string_view prefix,
           std::string_view label)
        : m_list(list),
          m_classes(&classes),
          m_prefix(prefix)
    {
        m_out = "<svg role=\"img\" aria-label=\"" + escaped(label) + '"';
        attribute("width", size.width);
        attribute("height", size.height);
        m_out += " viewBox=\"0 0 ";
        appendNumber(m_out, size.width);
        m_out += ' ';
        appendNumber(m_out, size.height);
        m_out += "\">\n";
    }
    std::string write()
    {
        for (const auto &c : m_list.commands()) {
            command(c);
            ++m_at;
        }
        return std::move(m_out += "</svg>\n");
    }

private:
    void command(const DrawCmd &c);
    void text(const DrawCmd &c);
    void item(const DrawCmd &c);

    void attribute(std::string_view name, float value)
    {
        m_out.append(" ").append(name).append("=\"");
        appendNumber(m_out, value);
        m_out += '"';
    }
    void color(Rgba c)
    {
        m_out += '#';
        appendHex(m_out, c.value >> 8, 6);
    }
    void paint(std::string_view name, Rgba c)
    {
        m_out.append(" ").append(name).append("=\"");
        color(c);
        m_out += '"';
        if (const auto alpha = c.value & 255; alpha != 255)
            attribute(std::string(name) + "-opacity", static_cast<float>(alpha) / 255);
    }
    void box(RectF r, std::uint8_t radius)
    {
        attribute("x", r.x);
        attribute("y", r.y);
        attribute("width", r.width);
        attribute("height", r.height);
        if (radius != 0)
            attribute("rx", radius);
    }
    void fill(RectF r, Rgba c, std::uint8_t radius, std::size_t cell = 0)
    {
        m_out += "<rect";
        box(r, radius);
        if (m_classes != nullptr)
            m_out += " class=\"" + m_classes->fill(m_at, cell) + '"';
        else
            paint("fill", c);
        m_out += "/>\n";
    }
    void pen(Rgba c, float width)
    {
        if (m_classes != nullptr) {
            m_out += " class=\"" + m_classes->stroke(m_at) + '"';
        } else {
            m_out += " fill=\"none\"";
            paint("stroke", c);
        }
        attribute("stroke-width", width);
    }
    void cells(const CellGrid &grid);

    const DisplayList &m_list;
    SvgClasses *m_classes = nullptr; // in a page
    std::string m_out, m_prefix;
    int m_clips = 0;
    std::size_t m_at = 0;       // the command
    std::vector<bool> m_linked; // open links: whether they were written
};

void Writer::cells(const CellGrid &grid)
{
    if (m_classes == nullptr) {
        forEachRect(grid, [&](RectF r, Rgba color) { fill(r, color, 0); });
        return;
    }
    // The same rectangles with the numbers of colours.
    auto numbered = grid;
    for (std::size_t i = 0; i < numbered.colors.size(); ++i)
        numbered.colors[i].value = static_cast<std::uint32_t>(i);
    forEachRect(numbered, [&](RectF r, Rgba number) { fill(r, {}, 0, number.value); });
}

void Writer::command(const DrawCmd &c)
{
    const auto width = static_cast<float>(c.count) / 16;
    switch (c.op) {
    case Op::FillRect: fill(c.rect, c.color, c.radius); break;
    case Op::Cells: cells(m_list.gridOf(c)); break;
    case Op::StrokeRect:
        m_out += "<rect";
        box({c.rect.x + width / 2, c.rect.y + width / 2, c.rect.width - width,
             c.rect.height - width},
            c.radius);
        pen(c.color, width);
        m_out += "/>\n";
        break;
    case Op::Line:
        m_out += "<line";
        attribute("x1", c.rect.x);
        attribute("y1", c.rect.y);
        attribute("x2", c.rect.right());
        attribute("y2", c.rect.bottom());
        pen(c.color, width);
        m_out += "/>\n";
        break;
    case Op::Polyline:
        m_out += "<polyline points=\"";
        for (const auto p : m_list.pointsOf(c)) {
            appendNumber(m_out, p.x);
            m_out += ',';
            appendNumber(m_out, p.y);
            m_out += ' ';
        }
        m_out += '"';
        pen(c.color, c.rect.x);
        m_out += "/>\n";
        break;
    case Op::Text: text(c); break;
    case Op::PushClip:
        m_out += "<clipPath id=\"" + m_prefix + "clip" + std::to_string(++m_clips) + "\"><rect";
        box(c.rect, 0);
        m_out += "/></clipPath>\n<g clip-path=\"url(#" + m_prefix + "clip" +
                 std::to_string(m_clips) + ")\">\n";
        break;
    case Op::BeginItem: item(c); break;
    case Op::PopClip:
    case Op::EndItem: m_out += "</g>\n"; break;
    case Op::BeginLink: {
        const auto address = m_list.textOf(c);
        m_linked.push_back(m_classes == nullptr && isSafeAddress(address));
        if (m_linked.back())
            m_out += "<a href=\"" + escaped(address) + "\">\n";
        break;
    }
    case Op::EndLink:
        if (!m_linked.empty() && m_linked.back())
            m_out += "</a>\n";
        if (!m_linked.empty())
            m_linked.pop_back();
        break;
    }
}

void Writer::text(const DrawCmd &c)
{
    const auto spec = fontSpec(c.font);
    m_out += "<text";
    attribute("x", c.rect.x);
    // From the top of the line to its baseline, as the fonts we ask for have it.
    constexpr float kInterAscent = 0.96875f, kMonoAscent = 1.02f;
    const auto ascent = spec.mono ? kMonoAscent : kInterAscent;
    attribute("y", c.rect.y + std::round(static_cast<float>(spec.pixelSize) * ascent));
    if (m_classes == nullptr) {
        attribute("font-size", static_cast<float>(spec.pixelSize));
        if (spec.weight != tokens::k_weight_body)
            attribute("font-weight", static_cast<float>(spec.weight));
        if (spec.mono)
            m_out += " class=\"mono\"";
    }
    // A viewer without our font squeezes or spreads the letters: labels never leave their box.
    if (c.rect.width > 0) {
        attribute("textLength", c.rect.width);
        m_out += " lengthAdjust=\"spacingAndGlyphs\"";
    }
    if (m_classes != nullptr)
        m_out += " class=\"t" + std::to_string(static_cast<int>(c.font)) + ' ' +
                 m_classes->fill(m_at, 0) + '"';
    else
        paint("fill", c.color);
    m_out += '>';
    m_out += escaped(m_list.textOf(c));
    m_out += "</text>\n";
}

void Writer::item(const DrawCmd &c)
{
    static constexpr std::string_view kClasses[] = {"frame", "frame match", "frame merged",
                                                    "frame dimmed", "part"};
    m_out.append("<g class=\"").append(kClasses[static_cast<int>(c.role)]).append("\">");
    // Lines are kept; every one of them is made safe on its own.
    m_out += "<title>";
    auto title = m_list.textOf(c);
    while (!title.empty()) {
        const auto end = std::min(title.find('\n'), title.size());
        m_out += escaped(title.substr(0, end));
        title.remove_prefix(std::min(end + 1, title.size()));
        if (!title.empty())
            m_out += '\n';
    }
    m_out += "</title>\n";
}

} // namespace

std::string toSvg(const DisplayList &list, SizeF size, Theme theme)
{
    return Writer(list, size, theme).write();
}

std::string toInlineSvg(const DisplayList &list, SizeF size, SvgClasses &classes,
                        std::string_view prefix, std::string_view label)
{
    return Writer(list, size, classes, prefix, label).write();
}

} // namespace flamewright
