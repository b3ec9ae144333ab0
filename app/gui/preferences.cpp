#include "app/gui/preferences.h"

#include "app/gui/settings.h"

#include <array>
#include <utility>

namespace flamewright {
namespace {

template <class T>
using Named = std::pair<T, const char *>;

// Words in the file: it is read by people and by other versions.
constexpr std::array kThemes{Named<ThemeChoice>{ThemeChoice::System, "system"},
                             Named<ThemeChoice>{ThemeChoice::Light, "light"},
                             Named<ThemeChoice>{ThemeChoice::Dark, "dark"}};
constexpr std::array kMotions{Named<MotionChoice>{MotionChoice::System, "system"},
                              Named<MotionChoice>{MotionChoice::Reduced, "reduced"},
                              Named<MotionChoice>{MotionChoice::Full, "full"}};
constexpr std::array kWheels{Named<WheelChoice>{WheelChoice::Scrolls, "scrolls"},
                             Named<WheelChoice>{WheelChoice::Zooms, "zooms"}};
constexpr std::array kTimes{
    Named<TimeStyle>{TimeStyle::Auto, "auto"}, Named<TimeStyle>{TimeStyle::Nanoseconds, "ns"},
    Named<TimeStyle>{TimeStyle::Microseconds, "us"},
    Named<TimeStyle>{TimeStyle::Milliseconds, "ms"}, Named<TimeStyle>{TimeStyle::Seconds, "s"}};
constexpr std::array kBytes{Named<ByteStyle>{ByteStyle::Binary, "binary"},
                            Named<ByteStyle>{ByteStyle::Decimal, "decimal"}};

// The first one when the word is none of them.
template <class T, std::size_t N>
T named(const std::array<Named<T>, N> &names, const QString &word)
{
    for (const auto &[value, name] : names) {
        if (word == QLatin1String(name))
            return value;
    }
    return names.front().first;
}

template <class T, std::size_t N>
QString wordOf(const std::array<Named<T>, N> &names, T wanted)
{
    for (const auto &[value, name] : names) {
        if (value == wanted)
            return QString::fromLatin1(name);
    }
    return {};
}

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

} // namespace

Preferences loadPreferences(const Settings &settings)
{
    return {.theme = named(kThemes, settings.string(key("view/theme"))),
            .motion = named(kMotions, settings.string(key("view/motion"))),
            .wheel = named(kWheels, settings.string(key("view/wheel"))),
            .values = {.time = named(kTimes, settings.string(key("units/time"))),
                       .bytes = named(kBytes, settings.string(key("units/bytes")))},
            .editor = settings.string(key("editor/command")),
            .linkPattern = settings.string(key("export/links")),
            .symbolPaths = settings.strings(key("symbols/paths")),
            .restoreSession = settings.string(key("session/restore")) == QLatin1String("yes")};
}

void storePreferences(const Preferences &p, Settings &settings)
{
    settings.setString(key("view/theme"), wordOf(kThemes, p.theme));
    settings.setString(key("view/motion"), wordOf(kMotions, p.motion));
    settings.setString(key("view/wheel"), wordOf(kWheels, p.wheel));
    settings.setString(key("units/time"), wordOf(kTimes, p.values.time));
    settings.setString(key("units/bytes"), wordOf(kBytes, p.values.bytes));
    settings.setString(key("editor/command"), p.editor);
    settings.setString(key("export/links"), p.linkPattern);
    settings.setStrings(key("symbols/paths"), p.symbolPaths);
    settings.setString(key("session/restore"),
                       p.restoreSession ? QStringLiteral("yes") : QStringLiteral("no"));
}

} // namespace flamewright
