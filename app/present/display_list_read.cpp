#include "app/present/display_list_json.h"
#include "app/present/json_text.h"
#include "importers/text/json_document.h"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace flamewright {
namespace {

constexpr double kMaxCoordinate = 1e6;
constexpr float kMaxPictureSize = 32000;          // as render.h has it
constexpr std::uint32_t kMaxPen = 1000 * 16;      // 1/16 px
constexpr std::size_t kMaxOpen = 64;              // clips and items within each other
constexpr std::size_t kMaxColors = 100'000;       // pairs
constexpr std::size_t kMaxTextOfPicture = 65'536; // one of them

// The elements of an array one after the other. What is missing or of another kind makes it bad,
// and stays 0.
class Fields {
public:
    explicit Fields(simdjson::dom::array array) : m_at(array.begin()), m_end(array.end()) {}

    bool atEnd() const { return !(m_at != m_end); }
    bool isGood() const { return m_good; }
    void spoil() { m_good = false; }
    // Nothing is left, and everything was good.
    bool isDone() const { return m_good && atEnd(); }

    std::optional<simdjson::dom::element> next()
    {
        if (atEnd()) {
            m_good = false;
            return std::nullopt;
        }
        const auto out = *m_at;
        ++m_at;
        return out;
    }
    float coordinate()
    {
        const auto element = next();
        const auto value = element ? realOf(*element) : std::nullopt;
        if (!value || !(std::abs(*value) <= kMaxCoordinate)) {
            m_good = false;
            return 0;
        }
        return static_cast<float>(*value);
    }
    RectF rect()
    {
        RectF out;
        out.x = coordinate();
        out.y = coordinate();
        out.width = coordinate();
        out.height = coordinate();
        return out;
    }
    // 0 to `most`.
    std::uint32_t number(std::uint64_t most)
    {
        const auto element = next();
        std::uint64_t value = 0;
        if (!element || element->get(value) != simdjson::SUCCESS || value > most) {
            m_good = false;
            return 0;
        }
        return static_cast<std::uint32_t>(value);
    }
    std::string text()
    {
        const auto element = next();
        auto out = element ? jsonTextOf(*element, kMaxTextOfPicture) : std::nullopt;
        m_good = m_good && out.has_value();
        return std::move(out).value_or(std::string());
    }
    std::optional<simdjson::dom::array> array()
    {
        const auto element = next();
        simdjson::dom::array out;
        if (!element || element->get(out) != simdjson::SUCCESS) {
            m_good = false;
            return std::nullopt;
        }
        return out;
    }

private:
    simdjson::dom::array::iterator m_at, m_end;
    bool m_good = true;
};

// Reads one list in both colours.
class Reader {
public:
    explicit Reader(PictureBudget &left) : m_left(left) {}
    bool read(simdjson::dom::element json);

    DisplayList screen, print;

private:
    bool readColors(simdjson::dom::element json);
    bool command(Fields &in);
    void open(char op);
    bool close(char op);
    bool polyline(Fields &in);
    bool cells(Fields &in);
    bool takeText(std::string_view text) { return m_left.take({.textBytes = text.size()}); }
    // Of both media, by the number of the pair.
    std::pair<Rgba, Rgba> color(Fields &in)
    {
        if (m_colors.empty()) {
            in.spoil();
            return {};
        }
        return m_colors[in.number(m_colors.size() - 1)];
    }
    template <class Draw>
    void both(std::pair<Rgba, Rgba> color, Draw draw)
    {
        draw(screen, color.first);
        draw(print, color.second);
    }

    PictureBudget &m_left;
    std::vector<std::pair<Rgba, Rgba>> m_colors;
    std::string m_open; // what has to be closed
    DisplayList m_line;
};

bool Reader::readColors(simdjson::dom::element json)
{
    simdjson::dom::array array;
    if (json.get(array) != simdjson::SUCCESS)
        return false;
    for (Fields in(array); !in.atEnd();) {
        constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
        const Rgba first{in.number(kMost)};
        const Rgba second{in.number(kMost)};
        if (!in.isGood() || m_colors.size() == kMaxColors)
            return false;
        m_colors.emplace_back(first, second);
    }
    return true;
}

bool Reader::read(simdjson::dom::element json)
{
    const auto colors = member(json, "colors"), ops = member(json, "ops");
    simdjson::dom::array array;
    if (!colors || !readColors(*colors) || !ops || ops->get(array) != simdjson::SUCCESS)
        return false;
    for (const auto element : array) {
        simdjson::dom::array fields;
        // Every command is there twice: for the screen and for print.
        if (element.get(fields) != simdjson::SUCCESS || !m_left.take({.commands = 2}))
            return false;
        Fields in(fields);
        if (!command(in) || !in.isDone())
            return false;
    }
    return m_open.empty();
}

bool Reader::close(char op)
{
    if (m_open.empty() || m_open.back() != op)
        return false;
    m_open.pop_back();
    return true;
}

bool Reader::command(Fields &in)
{
    const auto first = in.next();
    const auto name = first ? textOf(*first) : std::string_view();
    if (name.size() != 1)
        return false;
    const auto radius = [&] { return static_cast<std::uint8_t>(in.atEnd() ? 0 : in.number(255)); };
    if (std::string_view("ci").find(name.front()) != std::string_view::npos) {
        if (m_open.size() == kMaxOpen)
            return false;
        m_open += static_cast<char>(name.front() - 'a' + 'A');
    }
    switch (name.front()) {
    case 'f': {
        const auto rect = in.rect();
        const auto colors = color(in);
        const auto rounded = radius();
        both(colors, [&](DisplayList &list, Rgba c) { list.fillRect(rect, c, rounded); });
        return true;
    }
    case 's': {
        const auto rect = in.rect();
        const auto colors = color(in);
        const auto pen = static_cast<float>(in.number(kMaxPen)) / 16;
        const auto rounded = radius();
        both(colors, [&](DisplayList &list, Rgba c) { list.strokeRect(rect, c, pen, rounded); });
        return true;
    }
    case 'l': {
        const auto r = in.rect();
        const auto colors = color(in);
        const auto pen = static_cast<float>(in.number(kMaxPen)) / 16;
        // From 0 and then moved: both ends would not give back the same width to the bit.
        both(colors, [&](DisplayList &list, Rgba c) {
            m_line.clear();
            m_line.line({0, 0}, {r.width, r.height}, c, pen);
            list.append(m_line, {r.x, r.y});
        });
        return true;
    }
    case 't': {
        const auto x = in.coordinate(), y = in.coordinate(), width = in.coordinate();
        const auto font = static_cast<FontRole>(in.number(kFontRoles - 1));
        const auto colors = color(in);
        const auto text = in.text();
        both(colors, [&](DisplayList &list, Rgba c) { list.text({x, y}, text, c, font, width); });
        return takeText(text);
    }
    case 'c': {
        const auto rect = in.rect();
        both({}, [&](DisplayList &list, Rgba) { list.pushClip(rect); });
        return true;
    }
    case 'C': both({}, [](DisplayList &list, Rgba) { list.popClip(); }); return close('C');
    case 'i': {
        const auto role =
            static_cast<ItemRole>(in.number(static_cast<std::uint64_t>(ItemRole::Part)));
        const auto title = in.text();
        both({}, [&](DisplayList &list, Rgba) { list.beginItem(role, title); });
        return takeText(title);
    }
    case 'I': both({}, [](DisplayList &list, Rgba) { list.endItem(); }); return close('I');
    case 'p': return polyline(in);
    case 'g': return cells(in);
    default: return false;
    }
}

bool Reader::polyline(Fields &in)
{
    const auto width = in.coordinate();
    const auto colors = color(in);
    std::vector<PointF> points;
    while (in.isGood() && !in.atEnd()) {
        const auto x = in.coordinate(), y = in.coordinate();
        points.push_back({x, y});
        if (!m_left.take({.points = 1}))
            return false;
    }
    both(colors, [&](DisplayList &list, Rgba c) { list.polyline(points, c, width); });
    return width >= 0;
}

bool Reader::cells(Fields &in)
{
    CellGrid grid;
    const auto edges = [&](std::vector<float> &out) {
        const auto array = in.array();
        if (!array)
            return false;
        for (Fields values(*array); !values.atEnd();) {
            const auto edge = values.coordinate();
            if (!values.isGood() || (!out.empty() && edge < out.back()) ||
                !m_left.take({.points = 1}))
                return false;
            out.push_back(edge);
        }
        return out.size() >= 2;
    };
    if (!edges(grid.x) || !edges(grid.y))
        return false;
    const auto numbers = in.array();
    if (!numbers)
        return false;
    auto other = grid;
    for (Fields values(*numbers); !values.atEnd();) {
        const auto pair = color(values);
        if (!values.isGood() || grid.colors.size() == 256)
            return false;
        grid.colors.push_back(pair.first);
        other.colors.push_back(pair.second);
    }
    const auto encoded = in.next();
    const auto cells = encoded ? decodeBase64(textOf(*encoded)) : std::nullopt;
    if (!cells || grid.columns() > cells->size() || cells->size() % grid.columns() != 0 ||
        cells->size() / grid.columns() != grid.rows() || !m_left.take({.cells = cells->size()}))
        return false;
    for (const char c : *cells) {
        const auto cell = static_cast<std::uint8_t>(c);
        if (cell >= grid.colors.size())
            return false;
        grid.cells.push_back(cell);
    }
    other.cells = grid.cells;
    screen.cells(std::move(grid));
    print.cells(std::move(other));
    return true;
}

} // namespace

std::optional<PinnedPicture> readPicture(simdjson::dom::element json, PictureBudget &allowed)
{
    auto left = kPictureLimit;
    PinnedPicture out;
    const auto size = member(json, "size"), caption = member(json, "caption");
    simdjson::dom::array array;
    if (!size || size->get(array) != simdjson::SUCCESS)
        return std::nullopt;
    Fields sides(array);
    out.size.width = sides.coordinate();
    out.size.height = sides.coordinate();
    if (!sides.isDone() || !(out.size.width >= 1 && out.size.width <= kMaxPictureSize) ||
        !(out.size.height >= 1 && out.size.height <= kMaxPictureSize))
        return std::nullopt;
    auto text = caption ? jsonTextOf(*caption, kMaxTextOfPicture) : std::string();
    if (!text)
        return std::nullopt;
    out.caption = *std::move(text);
    Reader reader(left);
    if (!reader.read(json))
        return std::nullopt;
    out.light = std::move(reader.screen);
    out.print = std::move(reader.print);
    if (const auto print = member(json, "print")) {
        Reader other(left);
        if (!other.read(*print))
            return std::nullopt;
        out.print = std::move(other.screen);
    }
    PictureBudget used{kPictureLimit.commands - left.commands,
                       kPictureLimit.textBytes - left.textBytes, kPictureLimit.points - left.points,
                       kPictureLimit.cells - left.cells};
    if (!allowed.take(used))
        return std::nullopt;
    return out;
}

} // namespace flamewright
