#pragma once

#include "views/scene/theme.h"

#include <QColor>
#include <QObject>
#include <QPalette>
#include <QString>

namespace flamewright {

enum class ThemeChoice : unsigned char { System, Light, Dark };

// The colour tokens of resources/theme/tokens.json as Qt colours.
struct Colors {
    QColor surface0, surface1, surface2, border;
    QColor text1, text2, text3;
    QColor accent, onAccent, sideA, sideB, search, ok, warn, error, grid, noEvidence;
    QColor worse, better; // of text: what regressed, what improved
    bool dark = false;
};

// Light and dark, and the switch between them: palette and style sheet of the application come
// from here. One per program, passed down.
class Appearance : public QObject {
    Q_OBJECT

public:
    explicit Appearance(QObject *parent = nullptr);

    ThemeChoice choice() const { return m_choice; }
    void choose(ThemeChoice choice);
    const Colors &colors() const { return m_colors; }
    bool dark() const { return m_colors.dark; }
    // The same for views.
    Theme theme() const { return m_colors.dark ? Theme::Dark : Theme::Light; }

Q_SIGNALS:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();

    Colors m_colors;
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemDark = false;
};

// "rgba(...)"-free CSS of the window for these colours, from resources/theme/window.qss.
QString styleSheetFor(const Colors &colors);

// The colours in use, for delegates and painted widgets.
Colors colorsOf(const QPalette &palette);
Colors themeColors(bool dark);

} // namespace flamewright
