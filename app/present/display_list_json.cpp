#include "app/present/display_list_json.h"

#include "app/present/color_pairs.h"
#include "app/present/json_text.h"
#include "importers/spans/trace_ids.h"

namespace flamewright {
namespace {

// One list, with the colours of two that are alike.
class Writer {
public:
    Writer(std::string &out, const DisplayList &screen, const DisplayList &print)
        : m_out(out),
          m_screen(screen),
          m_print(print)
    {}
    // "colors": [...], "ops": [...]
    void write();

private:
    void command(const DrawCmd &cmd, Rgba print);
    void cells(const DrawCmd &cmd);
    Writer &op(char name)
    {
        m_ops += m_ops.empty() ? "[\"" : ",\n[\"";
        m_ops += name;
        m_ops += '"';
        return *this;
    }
    Writer &number(float value)
    {
        m_ops += ',';
        appendJsonNumber(m_ops, value);
        return *this;
    }
    Writer &number(std::size_t value)
    {
        m_ops += ',' + std::to_string(value);
        return *this;
    }
    Writer &rect(RectF r) { return number(r.x).number(r.y).number(r.width).number(r.height); }
    Writer &color(Rgba screen, Rgba print) { return number(m_colors.numberOf({screen, print})); }
    Writer &text(std::string_view text)
    {
        m_ops += ',';
        appendJsonText(m_ops, text);
        return *this;
    }
    // Radii are seldom: they are left out where there is none.
    Writer &radius(std::uint8_t radius)
    {
        return radius == 0 ? *this : number(std::size_t{radius});
    }
    void array(const std::vector<float> &values)
    {
        m_ops += ",[";
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0)
                m_ops += ',';
            appendJsonNumber(m_ops, values[i]);
        }
        m_ops += ']';
    }

    std::string &m_out;
    std::string m_ops;
    const DisplayList &m_screen, &m_print;
    ColorPairs m_colors;
    std::size_t m_at = 0; // the command
};

void Writer::write()
{
    for (const auto &cmd : m_screen.commands()) {
        command(cmd, m_print.commands()[m_at++].color);
        if (cmd.op != Op::BeginLink && cmd.op != Op::EndLink)
            m_ops += ']';
    }
    m_out += "\"colors\":[";
    for (std::size_t i = 0; i < m_colors.pairs().size(); ++i) {
        const auto pair = m_colors.pairs()[i];
        m_out += (i > 0 ? "," : "") + std::to_string(pair.screen.value) + ',' +
                 std::to_string(pair.print.value);
    }
    m_out += "],\"ops\":[" + m_ops + ']';
}

void Writer::command(const DrawCmd &cmd, Rgba print)
{
    switch (cmd.op) {
    case Op::FillRect: op('f').rect(cmd.rect).color(cmd.color, print).radius(cmd.radius); break;
    case Op::StrokeRect:
        op('s')
            .rect(cmd.rect)
            .color(cmd.color, print)
            .number(std::size_t{cmd.count})
            .radius(cmd.radius);
        break;
    case Op::Line:
        op('l').rect(cmd.rect).color(cmd.color, print).number(std::size_t{cmd.count});
        break;
    case Op::Polyline:
        op('p').number(cmd.rect.x).color(cmd.color, print);
        for (const auto point : m_screen.pointsOf(cmd))
            number(point.x).number(point.y);
        break;
    case Op::Text:
        op('t')
            .number(cmd.rect.x)
            .number(cmd.rect.y)
            .number(cmd.rect.width)
            .number(static_cast<std::size_t>(cmd.font))
            .color(cmd.color, print)
            .text(m_screen.textOf(cmd));
        break;
    case Op::PushClip: op('c').rect(cmd.rect); break;
    case Op::PopClip: op('C'); break;
    case Op::BeginItem:
        op('i').number(static_cast<std::size_t>(cmd.role)).text(m_screen.textOf(cmd));
        break;
    case Op::EndItem: op('I'); break;
    case Op::BeginLink:
    case Op::EndLink: break;
    case Op::Cells: cells(cmd); break;
    }
}

void Writer::cells(const DrawCmd &cmd)
{
    const auto &grid = m_screen.gridOf(cmd);
    const auto &print = m_print.gridOf(m_print.commands()[m_at - 1]);
    op('g');
    array(grid.x);
    array(grid.y);
    m_ops += ",[";
    for (std::size_t i = 0; i < grid.colors.size(); ++i) {
        m_ops += (i > 0 ? "," : "") +
                 std::to_string(m_colors.numberOf({grid.colors[i], print.colors[i]}));
    }
    m_ops += "],\"";
    appendBase64(m_ops, {reinterpret_cast<const char *>(grid.cells.data()), grid.cells.size()});
    m_ops += '"';
}

} // namespace

void appendPicture(std::string &out, const PinnedPicture &picture)
{
    out += "{\"size\":[";
    appendJsonNumber(out, picture.size.width);
    out += ',';
    appendJsonNumber(out, picture.size.height);
    out += "],\"caption\":";
    appendJsonText(out, picture.caption);
    out += ',';
    if (isRecolored(picture.light, picture.print)) {
        Writer(out, picture.light, picture.print).write();
    } else {
        Writer(out, picture.light, picture.light).write();
        out += ",\"print\":{";
        Writer(out, picture.print, picture.print).write();
        out += '}';
    }
    out += '}';
}

bool PictureBudget::take(const PictureBudget &cost)
{
    if (cost.commands > commands || cost.textBytes > textBytes || cost.points > points ||
        cost.cells > cells)
        return false;
    commands -= cost.commands;
    textBytes -= cost.textBytes;
    points -= cost.points;
    cells -= cost.cells;
    return true;
}

} // namespace flamewright
