#include "app/gui/palette.h"

#include "views/scene/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QStyleFactory>

namespace flamewright {
namespace {

QColor toColor(Rgba color)
{
    return QColor(static_cast<int>(color.value >> 24 & 0xff),
                  static_cast<int>(color.value >> 16 & 0xff),
                  static_cast<int>(color.value >> 8 & 0xff), static_cast<int>(color.value & 0xff));
}

QPalette paletteFor(const Colors &c)
{
    QPalette p;
    p.setColor(QPalette::Window, c.surface1);
    p.setColor(QPalette::WindowText, c.text1);
    p.setColor(QPalette::Base, c.surface1);
    p.setColor(QPalette::AlternateBase, c.surface2);
    p.setColor(QPalette::Text, c.text1);
    p.setColor(QPalette::Button, c.surface2);
    p.setColor(QPalette::ButtonText, c.text1);
    p.setColor(QPalette::BrightText, c.error);
    p.setColor(QPalette::ToolTipBase, c.surface1);
    p.setColor(QPalette::ToolTipText, c.text1);
    p.setColor(QPalette::PlaceholderText, c.text3);
    p.setColor(QPalette::Highlight, c.accent);
    p.setColor(QPalette::HighlightedText, c.onAccent);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::Light, c.surface1);
    p.setColor(QPalette::Midlight, c.surface2);
    p.setColor(QPalette::Mid, c.border);
    p.setColor(QPalette::Dark, c.text3);
    p.setColor(QPalette::Shadow, c.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, c.text3);
    return p;
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() <
           palette.color(QPalette::WindowText).lightness();
}

} // namespace

Colors themeColors(bool dark)
{
    const auto &p = palette(dark ? Theme::Dark : Theme::Light);
    return {.surface0 = toColor(p.surface0),
            .surface1 = toColor(p.surface1),
            .surface2 = toColor(p.surface2),
            .border = toColor(p.border),
            .text1 = toColor(p.text1),
            .text2 = toColor(p.text2),
            .text3 = toColor(p.text3),
            .accent = toColor(p.accent),
            .onAccent = toColor(dark ? p.surface0 : p.surface1),
            .sideA = toColor(p.sideA),
            .sideB = toColor(p.sideB),
            .search = toColor(p.search),
            .ok = toColor(p.ok),
            .warn = toColor(p.warn),
            .error = toColor(p.error),
            .grid = toColor(p.grid),
            .noEvidence = toColor(p.noEvidence),
            .worse = toColor(p.worse.back()),
            .better = toColor(p.better.back()),
            .dark = dark};
}

Colors colorsOf(const QPalette &palette)
{
    return themeColors(isDark(palette));
}

QString styleSheetFor(const Colors &c)
{
    QFile file(QStringLiteral(":/theme/window.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    auto css = QString::fromUtf8(file.readAll());
    const std::pair<const char *, QColor> names[] = {{"@surface0", c.surface0},
                                                     {"@surface1", c.surface1},
                                                     {"@surface2", c.surface2},
                                                     {"@border", c.border},
                                                     {"@text1", c.text1},
                                                     {"@text2", c.text2},
                                                     {"@text3", c.text3},
                                                     {"@accent", c.accent},
                                                     {"@onAccent", c.onAccent},
                                                     {"@sideA", c.sideA},
                                                     {"@sideB", c.sideB},
                                                     {"@search", c.search},
                                                     {"@ok", c.ok},
                                                     {"@warn", c.warn},
                                                     {"@error", c.error},
                                                     {"@grid", c.grid},
                                                     {"@noEvidence", c.noEvidence}};
    for (const auto &[name, color] : names)
        css.replace(QLatin1String(name), color.name());
    return css;
}

Appearance::Appearance(QObject *parent) : QObject(parent)
{
    // Fusion draws the same everywhere and follows the palette wholly.
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    qApp->installEventFilter(this);
    apply();
}

void Appearance::choose(ThemeChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = choice;
    apply();
}

bool Appearance::eventFilter(QObject *watched, QEvent *event)
{
    // The desktop switched between light and dark: Qt tells the application object.
    if (watched == qApp && event->type() == QEvent::ThemeChange && m_choice == ThemeChoice::System)
        apply();
    return QObject::eventFilter(watched, event);
}

void Appearance::apply()
{
    if (m_choice == ThemeChoice::System) {
        // An empty palette gives the platform's own back, which is how it is asked in Qt 6.4.
        QApplication::setPalette(QPalette());
        m_systemDark = isDark(QApplication::palette());
    }
    const auto dark =
        m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemDark);
    m_colors = themeColors(dark);
    QApplication::setPalette(paletteFor(m_colors));
    qApp->setStyleSheet(styleSheetFor(m_colors));
    Q_EMIT changed();
}

} // namespace flamewright
