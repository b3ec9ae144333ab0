#pragma once

#include "app/gui/desk.h"
#include "app/gui/document.h"
#include "app/gui/flame_pane.h"
#include "app/gui/main_window.h"
#include "app/gui/palette.h"
#include "app/gui/settings.h"
#include "app/gui/typography.h"
#include "app/pool_runner.h"
#include "app/workbench.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace flamewright {

// The whole program but main(): a desk with real services, its files in a directory of its own.
struct GuiFixture {
    QTemporaryDir directory;
    ImporterRegistry importers;
    std::unique_ptr<Workbench> workbench;
    std::unique_ptr<PoolRunner> jobs = std::make_unique<PoolRunner>(2);
    std::unique_ptr<PoolRunner> imports = std::make_unique<PoolRunner>(1);
    Appearance appearance;
    std::unique_ptr<Settings> settings;
    std::unique_ptr<Services> services;
    std::unique_ptr<Desk> desk;

    explicit GuiFixture(Isolation isolation = Isolation::InProcess)
    {
        qputenv("XDG_DATA_HOME", directory.filePath(QStringLiteral("share")).toUtf8());
        setUpTypography();
        addBuiltinImporters(importers);
        workbench = std::make_unique<Workbench>(
            importers,
            WorkbenchSettings{.isolation = isolation,
                              .workerProgram = std::string(FW_BIN_DIR) + "/import-worker"});
        settings = std::make_unique<Settings>(directory.filePath(QStringLiteral("window.ini")));
        services.reset(new Services{*workbench, *jobs, *imports, appearance, *settings});
        desk = std::make_unique<Desk>(*services, SymbolSearch{.useSystem = false});
        appearance.choose(ThemeChoice::Light);
    }
    ~GuiFixture()
    {
        desk.reset();
        imports.reset();
        jobs.reset();
    }

    MainWindow *open(const QStringList &paths = {})
    {
        auto *window = desk->newWindow();
        window->resize(1280, 800);
        window->show();
        if (!QTest::qWaitForWindowExposed(window))
            return window;
        if (!paths.isEmpty())
            desk->openFiles(paths, window);
        return window;
    }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(directory.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write a fixture");
        return file.fileName();
    }
    // A profile with numbers that are easy to check by hand: 100 samples.
    //   main 100: parse 50 (read 30, decode 20), write 50 (self 40, flush 10)
    QString drawn(const QString &name = QStringLiteral("drawn.folded")) const
    {
        return write(name, "main;parse;read 30\nmain;parse;decode 20\n"
                           "main;write 40\nmain;write;flush 10\n");
    }
};

// How long a test waits for the window before it gives up.
inline constexpr int kGuiWait = 20000;

// Whether everything asked for was answered and shown in time.
inline bool settled(MainWindow *window)
{
    return QTest::qWaitFor([window] { return window->profile().profile() && window->isSettled(); },
                           kGuiWait);
}

} // namespace flamewright
