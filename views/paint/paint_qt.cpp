#include "views/paint/paint_qt.h"

#include "views/paint/paint_cells_qt.h"
#include "views/scene/source_links.h"
#include "views/scene/theme.h"

#include <QFile>
#include <QFontDatabase>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QList>
#include <QPaintEngine>
#include <QPainter>
#include <QPainterPath>
#include <QRawFont>
#include <QString>
#include <QStringList>
#include <QTextCharFormat>
#include <QTextLayout>
#include <QTextOption>

#include <cmath>
#include <optional>

namespace flamewright {
namespace {

QRectF toQt(RectF r)
{
    return QRectF(static_cast<double>(r.x), static_cast<double>(r.y), static_cast<double>(r.width),
                  static_cast<double>(r.height));
}

class Painting {
public:
    Painting(const DisplayList &list, QPainter &painter) : m_list(list), m_painter(painter) {}
    void command(const DrawCmd &c);

private:
    void text(const DrawCmd &c);
    bool drawGlyphs(const QString &text, QPointF baseline);
    void fill(const DrawCmd &c);
    void stroke(const DrawCmd &c);
    void link(const DrawCmd &c);
    void pen(Rgba color, double width)
    {
        QPen pen(flamewright::toQt(color), width);
        pen.setJoinStyle(Qt::MiterJoin);
        pen.setCapStyle(Qt::FlatCap); // as in SVG
        m_painter.setPen(pen);
        m_painter.setBrush(Qt::NoBrush);
    }

    const DisplayList &m_list;
    QPainter &m_painter;
    std::optional<FontRole> m_font; // of the painter now
    double m_ascent = 0;
    std::array<QRawFont, kFontRoles> m_glyphs;
};

void Painting::fill(const DrawCmd &c)
{
    if (c.radius == 0) {
        m_painter.setRenderHint(QPainter::Antialiasing, false);
        m_painter.fillRect(toQt(c.rect), flamewright::toQt(c.color));
        return;
    }
    m_painter.setRenderHint(QPainter::Antialiasing, true);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(flamewright::toQt(c.color));
    m_painter.drawRoundedRect(toQt(c.rect), c.radius, c.radius);
}

void Painting::stroke(const DrawCmd &c)
{
    const auto width = static_cast<double>(c.count) / 16;
    m_painter.setRenderHint(QPainter::Antialiasing, true);
    pen(c.color, width);
    const auto inside = toQt(c.rect).adjusted(width / 2, width / 2, -width / 2, -width / 2);
    if (c.radius == 0)
        m_painter.drawRect(inside);
    else
        m_painter.drawRoundedRect(inside, c.radius, c.radius);
}

void Painting::text(const DrawCmd &c)
{
    if (m_font != c.font) {
        m_painter.setFont(qtFont(c.font));
        m_ascent = std::round(QFontMetricsF(m_painter.font()).ascent());
        m_font = c.font;
    }
    const auto utf8 = m_list.textOf(c);
    const auto text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    const QPointF baseline(static_cast<double>(c.rect.x), static_cast<double>(c.rect.y) + m_ascent);
    m_painter.setPen(flamewright::toQt(c.color));
    if (!drawGlyphs(text, baseline))
        m_painter.drawText(baseline, text);
}

// Plain text glyph by glyph, as it is measured: the contextual forms of Inter would make "0×1f" of
// an address and an arrow of the end of "operator->". False: it needs more than that.
bool Painting::drawGlyphs(const QString &text, QPointF baseline)
{
    for (const auto c : text) {
        if (c < u' ' || c > u'~')
            return false;
    }
    auto &font = m_glyphs[static_cast<std::size_t>(*m_font)];
    if (!font.isValid())
        font = QRawFont::fromFont(m_painter.font());
    const auto indexes = font.glyphIndexesForString(text);
    if (!font.isValid() || indexes.size() != text.size() || indexes.contains(0))
        return false;
    QList<QPointF> positions;
    positions.reserve(indexes.size());
    QPointF pen;
    for (const auto &advance : font.advancesForGlyphIndexes(indexes)) {
        positions.append(pen);
        pen += advance;
    }
    QGlyphRun run;
    run.setRawFont(font);
    run.setGlyphIndexes(indexes);
    run.setPositions(positions);
    m_painter.drawGlyphRun(baseline, run);
    return true;
}

// In a PDF a link is an area of the page. Qt has no function for that, but makes one of text that is
// an anchor: a space, which shows nothing, as wide and high as the area.
void Painting::link(const DrawCmd &c)
{
    const auto address = m_list.textOf(c);
    if (m_painter.paintEngine()->type() != QPaintEngine::Pdf || !isSafeAddress(address))
        return;
    const auto area = toQt(c.rect);
    auto font = qtFont(FontRole::Label);
    // An anchor reaches from the baseline up, by ascent less descent.
    const QFontMetricsF as(font);
    font.setPixelSize(
        std::max(1, static_cast<int>(std::round(font.pixelSize() * area.height() /
                                                std::max(as.ascent() - as.descent(), 1.0)))));
    font.setWordSpacing(area.width() - QFontMetricsF(font).horizontalAdvance(QLatin1Char(' ')));
    QTextLayout space(QStringLiteral(" "), font);
    QTextCharFormat anchor;
    anchor.setAnchor(true);
    anchor.setAnchorHref(
        QString::fromLatin1(address.data(), static_cast<qsizetype>(address.size())));
    space.setFormats({{0, 1, anchor}});
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setFlags(QTextOption::IncludeTrailingSpaces);
    space.setTextOption(option);
    space.beginLayout();
    auto line = space.createLine();
    line.setPosition({0, 0});
    space.endLayout();
    m_painter.setPen(Qt::black); // without one nothing is written, no link either
    space.draw(&m_painter, {area.left(), area.bottom() - line.ascent()});
}

void Painting::command(const DrawCmd &c)
{
    switch (c.op) {
    case Op::FillRect: fill(c); break;
    case Op::StrokeRect: stroke(c); break;
    case Op::Cells: paintCells(m_list.gridOf(c), m_painter); break;
    case Op::Line:
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        pen(c.color, static_cast<double>(c.count) / 16);
        m_painter.drawLine(toQt(c.rect).topLeft(), toQt(c.rect).bottomRight());
        break;
    case Op::Polyline: {
        QPolygonF points;
        for (const auto p : m_list.pointsOf(c))
            points << QPointF(static_cast<double>(p.x), static_cast<double>(p.y));
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        pen(c.color, static_cast<double>(c.rect.x));
        m_painter.drawPolyline(points);
        break;
    }
    case Op::Text: text(c); break;
    case Op::PushClip:
        m_painter.save();
        m_painter.setClipRect(toQt(c.rect), Qt::IntersectClip);
        break;
    case Op::PopClip:
        m_painter.restore();
        m_font.reset();
        break;
    case Op::BeginItem:
    case Op::EndItem: // for the SVG only
    case Op::EndLink: break;
    case Op::BeginLink: link(c); break;
    }
}

} // namespace

void loadFonts()
{
    const QString inter = QStringLiteral("/usr/share/fonts/opentype/inter/Inter-");
    const QString mono = QStringLiteral("/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-");
    for (const auto &file :
         {inter + QStringLiteral("Regular.otf"), inter + QStringLiteral("SemiBold.otf"),
          mono + QStringLiteral("Regular.ttf")}) {
        if (QFile::exists(file))
            QFontDatabase::addApplicationFont(file);
    }
}

QFont qtFont(FontRole role)
{
    const auto spec = fontSpec(role);
    QFont font;
    font.setFamilies(
        spec.mono ? QStringList{QString::fromLatin1(tokens::k_font_mono),
                                QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")}
                  : QStringList{QString::fromLatin1(tokens::k_font_ui),
                                QStringLiteral("DejaVu Sans"), QStringLiteral("sans-serif")});
    font.setPixelSize(spec.pixelSize);
    font.setWeight(static_cast<QFont::Weight>(spec.weight));
    font.setKerning(false); // as TextMetrics measures
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

struct QtTextMetrics::Face {
    explicit Face(const QFont &font) : metrics(font)
    {
        for (char16_t c = 0; c < 128; ++c)
            ascii[c] = static_cast<float>(metrics.horizontalAdvance(QChar(c)));
    }
    QFontMetricsF metrics;
    std::array<float, 128> ascii{};
    std::unordered_map<char32_t, float> others;
};

QtTextMetrics::QtTextMetrics()
{
    for (std::size_t i = 0; i < kFontRoles; ++i)
        m_faces[i] = std::make_unique<Face>(qtFont(static_cast<FontRole>(i)));
}
QtTextMetrics::~QtTextMetrics() = default;

float QtTextMetrics::lineHeight(FontRole font) const
{
    const auto &metrics = m_faces[static_cast<std::size_t>(font)]->metrics;
    return static_cast<float>(std::round(metrics.ascent()) + std::round(metrics.descent()));
}

float QtTextMetrics::ascent(FontRole font) const
{
    return static_cast<float>(
        std::round(m_faces[static_cast<std::size_t>(font)]->metrics.ascent()));
}

float QtTextMetrics::advance(char32_t codePoint, FontRole font) const
{
    auto &face = *m_faces[static_cast<std::size_t>(font)];
    if (codePoint < face.ascii.size())
        return face.ascii[codePoint];
    const auto [it, fresh] = face.others.try_emplace(codePoint, 0.0f);
    if (fresh)
        it->second =
            static_cast<float>(face.metrics.horizontalAdvance(QString::fromUcs4(&codePoint, 1)));
    return it->second;
}

void paint(const DisplayList &list, QPainter &painter)
{
    painter.save();
    Painting painting(list, painter);
    for (const auto &c : list.commands())
        painting.command(c);
    painter.restore();
}

} // namespace flamewright
