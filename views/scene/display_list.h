#pragma once

#include "views/scene/cell_grid.h"
#include "views/scene/geometry.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Sizes and weights are in theme.h.
enum class FontRole : std::uint8_t { Label, Caption, Body, Strong, Title, Mono };
inline constexpr std::size_t kFontRoles = 6;

enum class Op : std::uint8_t {
    FillRect,
    StrokeRect,
    Line,
    Polyline,
    Text,
    PushClip,
    PopClip,
    BeginItem, // what follows belongs to one thing: SVG groups it and shows its title
    EndItem,
    BeginLink, // what follows leads to an address, in documents
    EndLink,
    Cells // a CellGrid
};

// What an item is, for the classes of an SVG.
enum class ItemRole : std::uint8_t { Frame, Match, Merged, Dimmed, Part };

// 32 bytes. Texts, item titles, addresses and polyline points live in the list's arenas at
// [first, first + count), grids at [first].
struct DrawCmd {
    Op op;
    FontRole font = FontRole::Label;
    std::uint8_t radius = 0; // FillRect, StrokeRect: rounded corners, px
    ItemRole role = ItemRole::Frame;
    Rgba color;
    RectF rect; // Line: x,y to x+width,y+height. Text: top left of the line, and its width.
    std::uint32_t first = 0;
    std::uint32_t count = 0; // Line and StrokeRect: pen width in 1/16 px
};
static_assert(sizeof(DrawCmd) == 32);

// What one view wants on screen, in device-independent pixels, back to front. Data only: it can
// be cached between frames, compared in a test, dumped as text or painted by any of the painters.
class DisplayList {
public:
    void fillRect(RectF rect, Rgba color, std::uint8_t radius = 0);
    // The line runs inside `rect`.
    void strokeRect(RectF rect, Rgba color, float width = 1, std::uint8_t radius = 0);
    void line(PointF from, PointF to, Rgba color, float width = 1);
    void polyline(std::span<const PointF> points, Rgba color, float width = 1);
    // One line. `width` as measured when the list was made: what an SVG viewer with other fonts
    // is told to keep to.
    void text(PointF topLeft, std::string_view utf8, Rgba color, FontRole font = FontRole::Label,
              float width = 0);
    void pushClip(RectF rect);
    void popClip();
    void beginItem(ItemRole role, std::string_view title);
    void endItem();
    // `area` is where a document without shapes of its own (PDF) is clicked.
    void beginLink(RectF area, std::string_view address);
    void endLink();
    // Of opaque colours. Nothing if it has no cells.
    void cells(CellGrid grid);
    // Everything of another list, moved.
    void append(const DisplayList &other, PointF by);
    void clear();

    std::span<const DrawCmd> commands() const { return m_cmds; }
    std::string_view textOf(const DrawCmd &cmd) const
    {
        return std::string_view(m_text).substr(cmd.first, cmd.count);
    }
    std::span<const PointF> pointsOf(const DrawCmd &cmd) const
    {
        return std::span(m_points).subspan(cmd.first, cmd.count);
    }
    const CellGrid &gridOf(const DrawCmd &cmd) const { return m_grids[cmd.first]; }

private:
    std::vector<DrawCmd> m_cmds;
    std::string m_text;
    std::vector<PointF> m_points;
    std::vector<CellGrid> m_grids;
};

// How wide text is in the font of the painter that will draw it, one code point after the other;
// kerning is left out by all painters of labels.
class TextMetrics {
public:
    virtual ~TextMetrics() = default;
    virtual float lineHeight(FontRole font) const = 0;
    virtual float advance(char32_t codePoint, FontRole font) const = 0;

    float width(std::string_view utf8, FontRole font) const;
    // The longest beginning of `utf8` that fits, in bytes, and how wide it is. Looks no further
    // than needed: a label of a megabyte costs no more than what is shown of it.
    struct Fit {
        std::size_t bytes = 0;
        float width = 0;
    };
    Fit fit(std::string_view utf8, FontRole font, float maxWidth) const;
};

// Every glyph as wide as 0.6 of its size: goldens that depend on no font.
class FixedMetrics final : public TextMetrics {
public:
    float lineHeight(FontRole font) const override;
    float advance(char32_t codePoint, FontRole font) const override;
};

// `utf8` cut to `maxWidth` with an ellipsis where it does not fit; empty when not even that does.
std::string elided(std::string_view utf8, FontRole font, float maxWidth, const TextMetrics &metrics,
                   float *width = nullptr);

// One command a line, for golden files: "rect 0,0 800x18 #ff8800ff".
std::string dump(const DisplayList &list);

} // namespace flamewright
