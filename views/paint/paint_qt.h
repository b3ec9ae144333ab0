#pragma once

#include "views/scene/display_list.h"

#include <QColor>
#include <QFont>

#include <array>
#include <memory>
#include <unordered_map>

class QPainter;
class QFontMetricsF;

namespace flamewright {

inline QColor toQt(Rgba c)
{
    return QColor(static_cast<int>(c.value >> 24), static_cast<int>(c.value >> 16 & 255),
                  static_cast<int>(c.value >> 8 & 255), static_cast<int>(c.value & 255));
}

// Makes Inter and JetBrains Mono known to Qt where Debian keeps them. Without them the system's
// fonts are used. Call once, after the QGuiApplication is there.
void loadFonts();

// The font of a role, with figures of equal width where the font has them.
QFont qtFont(FontRole role);

// Measures with the fonts QPainter will use.
class QtTextMetrics final : public TextMetrics {
public:
    QtTextMetrics();
    ~QtTextMetrics() override;
    float lineHeight(FontRole font) const override;
    float advance(char32_t codePoint, FontRole font) const override;
    float ascent(FontRole font) const;

private:
    struct Face;
    std::array<std::unique_ptr<Face>, kFontRoles> m_faces;
};

// Paints at the painter's origin, in its device-independent pixels.
void paint(const DisplayList &list, QPainter &painter);

} // namespace flamewright
