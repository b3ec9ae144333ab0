#include "views/qt/reduced_motion.h"

#include "views/qt/motion_portal.h"

#include <QCoreApplication>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QStyle>
#include <QWidget>

namespace flamewright {
namespace {

QString configFile(const char *name)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u'/' +
           QLatin1String(name);
}

// Read once: a settings file that changes counts from the next start.
std::optional<bool> filesAnimate()
{
    if (const auto kde = kdeAnimates(configFile("kdeglobals")))
        return kde;
    for (const auto *name : {"gtk-4.0/settings.ini", "gtk-3.0/settings.ini"}) {
        if (const auto gtk = gtkAnimates(configFile(name)))
            return gtk;
    }
    return std::nullopt;
}

} // namespace

std::optional<bool> gtkAnimates(const QString &settingsIni)
{
    if (!QFile::exists(settingsIni))
        return std::nullopt;
    const QSettings file(settingsIni, QSettings::IniFormat);
    const auto value =
        file.value(QStringLiteral("Settings/gtk-enable-animations")).toString().trimmed().toLower();
    if (value == QLatin1String("0") || value == QLatin1String("false"))
        return false;
    if (value == QLatin1String("1") || value == QLatin1String("true"))
        return true;
    return std::nullopt;
}

std::optional<bool> kdeAnimates(const QString &kdeglobals)
{
    if (!QFile::exists(kdeglobals))
        return std::nullopt;
    const QSettings file(kdeglobals, QSettings::IniFormat);
    bool isNumber = false;
    const auto factor =
        file.value(QStringLiteral("KDE/AnimationDurationFactor")).toString().toDouble(&isNumber);
    if (!isNumber)
        return std::nullopt;
    return factor > 0;
}

bool reducedMotion(const QWidget &widget, MotionChoice choice)
{
    switch (choice) {
    case MotionChoice::System: break;
    case MotionChoice::Reduced: return true;
    case MotionChoice::Full: return false;
    }
    bool isNumber = false;
    const auto forced = qEnvironmentVariableIntValue("FLAMEWRIGHT_REDUCED_MOTION", &isNumber);
    if (isNumber)
        return forced != 0;
    const auto *style = widget.style();
    if (style->styleHint(QStyle::SH_Widget_Animate, nullptr, &widget) == 0 ||
        style->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, &widget) == 0)
        return true;
    if (const auto portal = MotionPortal::of(*QCoreApplication::instance()).animates())
        return !*portal;
    static const auto files = filesAnimate(); // a fact about the desktop, as canvasChoice() is
    return files && !*files;
}

} // namespace flamewright
