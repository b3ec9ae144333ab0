#include "app/gui/desk.h"
#include "app/gui/icons.h"
#include "app/gui/main_window.h"
#include "app/gui/palette.h"
#include "app/gui/screenshot.h"
#include "app/gui/settings.h"
#include "app/gui/typography.h"
#include "app/pool_runner.h"
#include "app/program_paths.h"
#include "app/workbench.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTemporaryDir>

#include <memory>
#include <optional>

using namespace flamewright;

namespace {

ThemeChoice themeNamed(const QString &name)
{
    return name == QLatin1String("light")  ? ThemeChoice::Light
           : name == QLatin1String("dark") ? ThemeChoice::Dark
                                           : ThemeChoice::System;
}

// The scale must be known before Qt starts.
void applyScale(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; ++i) {
        if (QByteArray(argv[i]) == "--scale")
            qputenv("QT_SCALE_FACTOR", argv[i + 1]);
    }
}

} // namespace

int main(int argc, char **argv)
{
    applyScale(argc, argv);
    QApplication::setApplicationName(QStringLiteral("flamewright-gui"));
    QApplication::setApplicationVersion(QStringLiteral(FW_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("flamewright"));
    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Flamewright"));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("The window of Flamewright. `flamewright --help` lists the commands."));
    parser.addHelpOption();
    parser.addVersionOption();
    const auto option = [&](const char *name, const char *what, const char *value) {
        const QCommandLineOption made(QString::fromLatin1(name), QString::fromLatin1(what),
                                      QString::fromLatin1(value));
        parser.addOption(made);
        return made;
    };
    const auto symbols = option("symbols", "Look for symbols here too (repeatable).", "DIR");
    const auto theme = option("theme", "light, dark or system.", "THEME");
    const auto size = option("size", "Size of the window.", "WxH");
    (void)option("scale", "Scale of the window, 1 to 4.", "N");
    const auto shot = option("screenshot", "Save a picture of the window and exit.", "FILE");
    const auto search = option("search", "With --screenshot: search for this.", "TEXT");
    const auto select = option("select", "With --screenshot: select this function.", "NAME");
    const auto popup = option("popup", "With --screenshot: open threads or keys.", "NAME");
    const auto view = option("view",
                             "With --screenshot: open this view as a tab (repeatable; |ID in a "
                             "split to the right, _ID in one below).",
                             "ID");
    const auto action =
        option("action", "With --screenshot: run this action first (repeatable).", "ID");
    const auto layout = option("layout", "With --screenshot: the layout of the view.", "NAME");
    const auto palette =
        option("palette", "With --screenshot: type this into the palette.", "TEXT");
    const auto time = option("time",
                             "With --screenshot: only this part of the capture, FROM..TO in "
                             "shares of its length.",
                             "RANGE");
    const QCommandLineOption showSettings(QStringLiteral("settings"),
                                          QStringLiteral("With --screenshot: open the settings."));
    const QCommandLineOption firstStart(
        QStringLiteral("first-start"),
        QStringLiteral("As on the first start: without anything remembered."));
    parser.addOptions({showSettings, firstStart});
    parser.addPositionalArgument(QStringLiteral("FILE"),
                                 QStringLiteral("Captures and sessions to open."),
                                 QStringLiteral("[FILE...]"));
    parser.process(application);

    setUpTypography();
    QApplication::setWindowIcon(appIcon());
    // A picture for the documentation neither uses nor changes what a person has set up.
    std::unique_ptr<QTemporaryDir> scratch;
    QString settingsFile;
    if (parser.isSet(shot) || parser.isSet(firstStart)) {
        scratch = std::make_unique<QTemporaryDir>();
        settingsFile = scratch->filePath(QStringLiteral("window.ini"));
    }
    Settings settings(settingsFile);
    Appearance appearance;
    removeStaleWorkingSessions();

    ImporterRegistry importers;
    addBuiltinImporters(importers);
    const Workbench workbench(importers, {.cacheDirectory = symbolCacheDirectory()});
    PoolRunner jobs(2), imports(1);
    const Services services{workbench, jobs, imports, appearance, settings};

    SymbolSearch symbolSearch;
    for (const auto &directory : parser.values(symbols))
        symbolSearch.directories.emplace_back(directory.toStdString());
    Desk desk(services, std::move(symbolSearch));
    if (parser.isSet(theme))
        appearance.choose(themeNamed(parser.value(theme)));
    auto *window = desk.newWindow();
    if (const auto wanted = parser.value(size).split(QLatin1Char('x')); wanted.size() == 2)
        window->resize(wanted[0].toInt(), wanted[1].toInt());
    window->show();
    if (!parser.positionalArguments().isEmpty())
        desk.openFiles(parser.positionalArguments(), window);
    else
        desk.openLastSession(window);

    std::unique_ptr<Screenshot> screenshot;
    if (parser.isSet(shot))
        screenshot = std::make_unique<Screenshot>(
            *window, Screenshot::Options{
                         .file = parser.value(shot),
                         .search = parser.value(search),
                         .select = parser.value(select),
                         .popup = parser.value(popup),
                         .actions = parser.values(action),
                         .views = parser.values(view),
                         .layout = parser.value(layout),
                         .palette = parser.isSet(palette) ? std::optional(parser.value(palette))
                                                          : std::nullopt,
                         .settings = parser.isSet(showSettings),
                         .time = parser.value(time),
                     });
    return QApplication::exec();
}
