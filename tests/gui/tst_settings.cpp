#include "app/gui/action_registry.h"
#include "app/gui/editor_command.h"
#include "app/gui/heat_map_pane.h"
#include "app/gui/plain_label.h"
#include "app/gui/settings_dialog.h"
#include "app/gui/shortcuts_dialog.h"
#include "app/gui/sql_editor.h"
#include "app/gui/sql_pane.h"
#include "app/gui/status_line.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"
#include "views/qt/heat_map_widget.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTest>
#include <QWheelEvent>

using namespace flamewright;

namespace {

constexpr int kWait = 20000;

template <class T>
T *child(QWidget *parent, const char *name)
{
    auto *found = parent->findChild<T *>(QString::fromLatin1(name));
    if (!found)
        qFatal("there is no %s", name);
    return found;
}

void wheel(QWidget *widget, Qt::KeyboardModifiers modifiers)
{
    const auto at = widget->rect().center();
    QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(widget, &event);
}

// Ten samples over a second, as `perf script` writes them.
QByteArray timed()
{
    QByteArray out;
    for (int i = 0; i < 10; ++i)
        out += "shop  100/100 [000]     1000." + QByteArray::number(i) +
               "00000:   10000000 cpu-clock: \n\t 1010 main+0x10 (/usr/bin/shop)\n\n";
    return out;
}

} // namespace

// What a person can choose: works at once, comes back at the next start, Cancel takes it back.
class TestSettings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensByKeyAndAppliesAtOnce()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        QTest::keyClick(window, Qt::Key_Comma, Qt::ControlModifier);
        auto *dialog = window->findChild<SettingsDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *theme = child<QComboBox>(dialog, "themeChoice");
        QTRY_VERIFY(theme->hasFocus());
        QTest::keyClick(theme, Qt::Key_End); // Dark
        QVERIFY(gui.appearance.dark());
        child<QComboBox>(dialog, "timeChoice")->setCurrentIndex(3);
        QCOMPARE(gui.settings->valueStyle().time, TimeStyle::Milliseconds);
        child<QComboBox>(dialog, "byteChoice")->setCurrentIndex(1);
        QCOMPARE(gui.settings->valueStyle().bytes, ByteStyle::Decimal);
        child<QCheckBox>(dialog, "restoreSession")->setChecked(true);
        QTest::keyClicks(child<QLineEdit>(dialog, "editorCommand"), "kate -l %l %f");
        dialog->accept();
        // As another start of the program would read it.
        gui.settings->flush();
        const auto kept = Settings(gui.directory.filePath("window.ini")).preferences();
        QCOMPARE(kept.theme, ThemeChoice::Dark);
        QCOMPARE(kept.values.time, TimeStyle::Milliseconds);
        QCOMPARE(kept.values.bytes, ByteStyle::Decimal);
        QCOMPARE(kept.editor, QString("kate -l %l %f"));
        QVERIFY(kept.restoreSession);
    }

    void unitsCountInEveryWindowAtOnce()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QVERIFY2(window->statusLine()->text().contains("KiB"),
                 qPrintable(window->statusLine()->text()));
        auto chosen = gui.settings->preferences();
        chosen.values = {.time = TimeStyle::Seconds, .bytes = ByteStyle::Decimal};
        gui.settings->setPreferences(chosen);
        QTRY_VERIFY_WITH_TIMEOUT(window->statusLine()->text().contains("kB"), kWait);
        SqlPane pane(*gui.services, window->document());
        pane.editor()->setSql("select 1000000 as n");
        pane.run();
        QTRY_COMPARE_WITH_TIMEOUT(pane.model().rowCount(), 1, kWait);
        QVERIFY(pane.model().index(0, 0).data(Qt::ToolTipRole).toString().contains("0.001 s"));
    }

    void showsAllOfItOnASmallScreen()
    {
        GuiFixture gui;
        SettingsDialog dialog(*gui.settings);
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QVERIFY2(dialog.width() <= 1000 && dialog.height() <= 640,
                 qPrintable(QString("%1 x %2").arg(dialog.width()).arg(dialog.height())));
        auto *scroll = dialog.findChild<QScrollArea *>();
        QVERIFY(scroll);
        QTRY_COMPARE(scroll->verticalScrollBar()->maximum(), 0);
        QTRY_COMPARE(scroll->horizontalScrollBar()->maximum(), 0);
    }

    void cancelTakesEverythingBack()
    {
        GuiFixture gui;
        auto before = gui.settings->preferences();
        before.symbolPaths = QStringList{"/one", "/two"};
        before.theme = ThemeChoice::Light;
        gui.settings->setPreferences(before);
        SettingsDialog dialog(*gui.settings);
        dialog.show();
        child<QComboBox>(&dialog, "themeChoice")->setCurrentIndex(2);
        child<QComboBox>(&dialog, "timeChoice")->setCurrentIndex(1);
        child<QListWidget>(&dialog, "symbolPaths")->setCurrentRow(0);
        child<QPushButton>(&dialog, "symbolRemove")->click();
        QVERIFY(gui.appearance.dark());
        QCOMPARE(gui.settings->preferences().symbolPaths, QStringList{"/two"});
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
        QVERIFY(gui.settings->preferences() == before);
        QVERIFY(!gui.appearance.dark());
        QCOMPARE(gui.settings->valueStyle().time, TimeStyle::Auto);
    }

    void listsSymbolFoldersInOrder()
    {
        GuiFixture gui;
        SettingsDialog dialog(*gui.settings);
        dialog.show();
        auto *list = child<QListWidget>(&dialog, "symbolPaths");
        for (const auto *path : {"/one", "/two", "/three"}) {
            child<QPushButton>(&dialog, "symbolAdd")->click();
            auto *chooser = dialog.findChild<QFileDialog *>();
            QVERIFY(chooser);
            Q_EMIT chooser->fileSelected(path);
            delete chooser;
        }
        QCOMPARE(list->count(), 3);
        list->setCurrentRow(2);
        QVERIFY(!child<QPushButton>(&dialog, "symbolDown")->isEnabled());
        child<QPushButton>(&dialog, "symbolUp")->click();
        QCOMPARE(gui.settings->preferences().symbolPaths, (QStringList{"/one", "/three", "/two"}));
        child<QPushButton>(&dialog, "symbolUp")->click();
        QVERIFY(!child<QPushButton>(&dialog, "symbolUp")->isEnabled());
        child<QPushButton>(&dialog, "symbolDown")->click();
        child<QPushButton>(&dialog, "symbolRemove")->click();
        QCOMPARE(gui.settings->preferences().symbolPaths, (QStringList{"/one", "/two"}));
    }

    void saysThatDebuginfodIsOffAndNotThere()
    {
        GuiFixture gui;
        SettingsDialog dialog(*gui.settings);
        auto *box = child<QCheckBox>(&dialog, "debuginfod");
        QVERIFY(!box->isEnabled());
        QVERIFY(!box->isChecked());
        QVERIFY(box->accessibleName().contains("not available"));
    }

    void swapsTheWheelWithCtrlWheel()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        auto *flame = window->flamePane()->flame();
        const auto span = [flame] { return flame->viewport().end - flame->viewport().begin; };
        wheel(flame, Qt::NoModifier);
        QTest::qWait(250);
        QCOMPARE(span(), 1.0);
        auto preferences = gui.settings->preferences();
        preferences.wheel = WheelChoice::Zooms;
        gui.settings->setPreferences(preferences);
        wheel(flame, Qt::NoModifier);
        QTRY_VERIFY(span() < 1.0);
        flame->resetZoom();
        QTRY_COMPARE(span(), 1.0);
        wheel(flame, Qt::ControlModifier);
        QTest::qWait(250);
        QCOMPARE(span(), 1.0);
    }

    void theWheelIsSwappedInASandwichToo()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        auto preferences = gui.settings->preferences();
        preferences.wheel = WheelChoice::Zooms;
        gui.settings->setPreferences(preferences);
        auto *flame = window->flamePane()->flame();
        window->flamePane()->setLayout(FlameLayout::Sandwich);
        QTRY_COMPARE_WITH_TIMEOUT(flame->layout(), FlameLayout::Sandwich, kWait);
        const auto span = [flame] { return flame->viewport().end - flame->viewport().begin; };
        wheel(flame, Qt::ControlModifier);
        QTest::qWait(250);
        QCOMPARE(span(), 1.0);
        wheel(flame, Qt::NoModifier);
        QTRY_VERIFY(span() < 1.0);
    }

    void theWheelIsSwappedOnTheHeatMapToo()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.write("timed.txt", timed())});
        QVERIFY(settled(window));
        auto *pane = qobject_cast<HeatMapPane *>(window->views()->open("heatmap"));
        QVERIFY(pane);
        auto *map = pane->heatMap();
        QTRY_VERIFY_WITH_TIMEOUT(map->view().map() && map->isVisible(), kWait);
        const auto *hint = child<PlainLabel>(pane, "heatHint");
        const auto span = [map] { return map->viewport().end - map->viewport().begin; };
        wheel(map, Qt::NoModifier);
        QCOMPARE(span(), 1.0);
        wheel(map, Qt::ControlModifier);
        QVERIFY(span() < 1.0);
        QVERIFY(hint->plain().contains("Ctrl+wheel zooms"));
        map->resetZoom();

        auto preferences = gui.settings->preferences();
        preferences.wheel = WheelChoice::Zooms;
        gui.settings->setPreferences(preferences);
        wheel(map, Qt::ControlModifier);
        QCOMPARE(span(), 1.0);
        wheel(map, Qt::NoModifier);
        const auto zoomed = span();
        QVERIFY(zoomed < 1.0);
        const auto begin = map->viewport().begin;
        wheel(map, Qt::ControlModifier); // moves in time
        QCOMPARE(span(), zoomed);
        QVERIFY(map->viewport().begin < begin);
        QVERIFY(hint->plain().contains("the wheel zooms"));
        QVERIFY(!hint->plain().contains("Ctrl"));
    }

    void theListOfKeysSaysWhatTheWheelDoes()
    {
        GuiFixture gui;
        auto *window = gui.open();
        for (const auto choice : {WheelChoice::Scrolls, WheelChoice::Zooms}) {
            const ShortcutsDialog dialog(window->actions(), choice);
            // The flame graph; the heat map of samples, the plots of load tests and the timeline.
            for (const auto &[gesture, views] : {std::pair{"Zoom", 1}, {"Zoom in time", 3}}) {
                const auto found = dialog.model().findItems(gesture, Qt::MatchRecursive);
                QCOMPARE(found.size(), views);
                for (const auto *item : found) {
                    const auto keys = item->parent()->child(item->row(), 1)->text();
                    QCOMPARE(keys.startsWith("Ctrl"), choice == WheelChoice::Scrolls);
                }
            }
        }
    }

    void animationsAreAChoiceOfTheProgram()
    {
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "1"); // the choice comes before it
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(settled(window));
        auto *flame = window->flamePane()->flame();
        const auto span = [flame] { return flame->viewport().end - flame->viewport().begin; };
        const auto node =
            static_cast<std::uint32_t>(window->profile().profile()->tree.size() / 2 + 1);
        const auto choose = [&gui](MotionChoice motion) {
            auto preferences = gui.settings->preferences();
            preferences.motion = motion;
            gui.settings->setPreferences(preferences);
        };
        flame->zoomTo(node);
        const auto near = span();
        QVERIFY(near < 1.0); // jumped
        choose(MotionChoice::Full);
        flame->resetZoom();
        QCOMPARE(span(), near); // glides
        QTRY_COMPARE(span(), 1.0);
        qunsetenv("FLAMEWRIGHT_REDUCED_MOTION");
        choose(MotionChoice::Reduced);
        flame->zoomTo(node);
        QCOMPARE(span(), near);
        QVERIFY(!qEnvironmentVariableIsSet("FLAMEWRIGHT_REDUCED_MOTION"));
    }

    void linksOfPicturesAreCheckedBeforeTheyCount_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("good");
        QTest::newRow("https") << "https://git.example.org/shop/{file}#L{line}" << true;
        QTest::newRow("http") << "http://host/{file}" << true;
        QTest::newRow("file") << "file:///{file}#L{line}" << true;
        QTest::newRow("none") << "none" << true;
        QTest::newRow("script") << "javascript:alert(1)//{file}" << false;
        QTest::newRow("no scheme") << "git.example.org/{file}" << false;
        QTest::newRow("no file") << "https://git.example.org/" << false;
        QTest::newRow("host of the file") << "https://{file}/" << false;
    }

    void linksOfPicturesAreCheckedBeforeTheyCount()
    {
        QFETCH(const QString, pattern);
        QFETCH(const bool, good);
        GuiFixture gui;
        auto before = gui.settings->preferences();
        before.linkPattern = "https://before.example.org/{file}";
        gui.settings->setPreferences(before);
        SettingsDialog dialog(*gui.settings);
        dialog.show();
        auto *field = child<QLineEdit>(&dialog, "linkPattern");
        QCOMPARE(field->text(), before.linkPattern);
        field->selectAll();
        QTest::keyClicks(field, pattern);
        const auto *problem = child<PlainLabel>(&dialog, "linkProblem");
        QCOMPARE(problem->isVisible(), !good);
        QCOMPARE(problem->plain().isEmpty(), good);
        dialog.accept();
        QCOMPARE(dialog.isVisible(), !good); // it stays until that is put right
        QVERIFY(good || dialog.focusWidget() == field);
        gui.settings->flush();
        QCOMPARE(Settings(gui.directory.filePath("window.ini")).preferences().linkPattern,
                 good ? pattern : before.linkPattern);
    }

    void buildsTheEditorCommandWithoutAShell()
    {
        QCOMPARE(editorArguments("code -g %f:%l", "/src/a b.cpp", 7),
                 (QStringList{"code", "-g", "/src/a b.cpp:7"}));
        QCOMPARE(editorArguments("\"my editor\" +%l %f", "x", 0),
                 (QStringList{"my editor", "+1", "x"}));
        QCOMPARE(editorArguments("e 100%% %f %x", "%l;rm -rf $HOME", 3),
                 (QStringList{"e", "100%", "%l;rm -rf $HOME", "%x"}));
        QVERIFY(!editorProblem("").isEmpty());
        QVERIFY(!editorProblem("no-such-editor-anywhere %f").isEmpty());
        QVERIFY(!editorProblem("true").isEmpty()); // without the file
        QVERIFY(editorProblem("true %f").isEmpty());
        qputenv("VISUAL", "vim");
        QCOMPARE(defaultEditorCommand(), QString("vim +%l %f"));
        qputenv("VISUAL", "");
        QCOMPARE(defaultEditorCommand(), QString("xdg-open %f"));
    }

    void testsTheEditor()
    {
        GuiFixture gui;
        SettingsDialog dialog(*gui.settings);
        dialog.show();
        const auto out = gui.directory.filePath("opened");
        const auto script =
            gui.write("editor.sh", "#!/bin/sh\nprintf '%s %s' \"$1\" \"$2\" > " + out.toUtf8() +
                                       ".part\nmv " + out.toUtf8() + ".part " + out.toUtf8());
        QFile::setPermissions(script, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        child<QLineEdit>(&dialog, "editorCommand")->setText(script + " %l %f");
        child<QPushButton>(&dialog, "editorTest")->click();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(out), kWait);
        QFile written(out);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().startsWith("3 /"));
        child<QLineEdit>(&dialog, "editorCommand")->setText("no-such-editor-anywhere %f");
        child<QPushButton>(&dialog, "editorTest")->click();
        QVERIFY(child<PlainLabel>(&dialog, "editorAnswer")->plain().contains("not installed"));
    }

    void opensTheLastSessionAtTheStart()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        const auto path = gui.directory.filePath("last.fws");
        window->document().saveAs(path.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().isWorking() && window->isSettled(), kWait);
        QVERIFY(window->close());
        QTest::qWait(0);
        auto *again = gui.open();
        gui.desk->openLastSession(again);
        QVERIFY(again->isEmpty()); // nobody asked for it
        auto preferences = gui.settings->preferences();
        preferences.restoreSession = true;
        gui.settings->setPreferences(preferences);
        gui.desk->openLastSession(again);
        QTRY_VERIFY_WITH_TIMEOUT(again->profile().profile() && again->isSettled(), kWait);
        QCOMPARE(QString::fromStdString(again->document().session()->path().string()), path);
    }
};

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
