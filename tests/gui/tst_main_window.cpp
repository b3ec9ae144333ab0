#include "app/gui/captures_sidebar.h"
#include "app/gui/details_panel.h"
#include "app/gui/function_table.h"
#include "app/gui/inspector.h"
#include "app/gui/message_bar.h"
#include "app/gui/scope_bar.h"
#include "app/gui/share_list.h"
#include "app/gui/status_line.h"
#include "app/gui/track_picker.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QClipboard>
#include <QDropEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QUrl>
#include <QWheelEvent>

using namespace flamewright;

namespace {

constexpr int kWait = 20000;

std::uint32_t nodeNamed(const MainWindow &window, std::string_view name)
{
    const auto &profile = *const_cast<MainWindow &>(window).profile().profile();
    for (std::uint32_t node = 1; node < profile.tree.size(); ++node) {
        if (profile.at(node).name == name)
            return node;
    }
    return 0;
}

QPoint middleOf(const MainWindow &window, std::string_view name)
{
    const auto *flame = window.flamePane()->flame();
    const auto box = flame->scene().rectOf(nodeNamed(window, name), flame->viewport());
    return QPointF(box.x + box.width / 2, box.y + box.height / 2).toPoint();
}

QString cell(const MainWindow &window, int row, int column)
{
    auto &model = window.functionTable()->model();
    return model.index(row, column).data().toString();
}

QStringList column(const MainWindow &window, int which)
{
    QStringList out;
    for (int row = 0; row < window.functionTable()->model().rowCount(); ++row)
        out << cell(window, row, which);
    return out;
}

void drop(MainWindow &window, const QStringList &paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const auto &path : paths)
        urls << QUrl::fromLocalFile(path);
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(&window, &event);
    QVERIFY(event.isAccepted());
}

} // namespace

// A person at the window: drops, clicks, types. The program is the real one but for main().
class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatCanBeDroppedWhenEmpty()
    {
        GuiFixture gui;
        auto *window = gui.open();
        QVERIFY(window->isEmpty());
        QVERIFY(window->findChild<QPushButton *>("welcomeOpen")->isVisible());
        QVERIFY(!window->sidebar()->isVisible());
    }

    void opensADroppedFileAndShowsItsNumbers()
    {
        GuiFixture gui;
        auto *window = gui.open();
        drop(*window, {gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QCOMPARE(window->profile().profile()->total, std::int64_t{100});
        QCOMPARE(window->document().captures().size(), std::size_t{1});
        QVERIFY(window->windowTitle().contains("drawn.folded"));
        QVERIFY(window->messages().isEmpty());
        QVERIFY(window->flamePane()->summary().contains("100 samples"));
        // The working session is a file of ours until it is saved under a name.
        QVERIFY(window->document().isWorking());
        QCOMPARE(gui.settings->recentFiles(), QStringList{gui.drawn()});
        QVERIFY(window->statusLine()->text().contains("symbols 100.0 %"));
    }

    void importsThroughTheSandboxedWorker()
    {
        if (!QFileInfo::exists(QString(FW_BIN_DIR) + "/import-worker"))
            QSKIP("import-worker is not built");
        GuiFixture gui(Isolation::Worker);
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), kWait);
        QVERIFY2(window->messages().isEmpty(),
                 window->messages().isEmpty() ? ""
                                              : qPrintable(window->messages().front()->details()));
        QCOMPARE(window->profile().profile()->total, std::int64_t{100});
    }

    void sortsTheTableBySelfFirst()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QCOMPARE(column(*window, FunctionTableModel::Function),
                 (QStringList{"write", "read", "decode", "flush", "main", "parse"}));
        QCOMPARE(cell(*window, 0, FunctionTableModel::Self), QString("40"));
        QCOMPARE(cell(*window, 0, FunctionTableModel::SelfShare), QString("40.0 %"));
        QCOMPARE(cell(*window, 0, FunctionTableModel::TotalShare), QString("50.0 %"));
        // A click on the header of Function: by name.
        auto *header = window->functionTable()->view()->horizontalHeader();
        const auto x = header->sectionViewportPosition(FunctionTableModel::Function) + 20;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, QPoint(x, 8));
        auto names = column(*window, FunctionTableModel::Function);
        auto sorted = names;
        std::sort(sorted.begin(), sorted.end());
        if (names.front() > names.back())
            std::reverse(sorted.begin(), sorted.end());
        QCOMPARE(names, sorted);
    }

    void selectsByClickAndFillsTheInspector()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QTest::mouseClick(window->flamePane()->flame(), Qt::LeftButton, {},
                          middleOf(*window, "parse"));
        QCOMPARE(window->profile().selection().node, nodeNamed(*window, "parse"));
        const auto text = window->inspector()->text();
        QVERIFY2(text.startsWith("parse\n"), qPrintable(text));
        QVERIFY2(text.contains("50.0 %"), qPrintable(text));
        // Wilson, 50 of 100: 40.4 to 59.6 %, so plus or minus 9.6.
        QVERIFY2(text.contains("± 9.6 pp"), qPrintable(text));
        QVERIFY2(text.contains("50 of 100 samples"), qPrintable(text));
        QVERIFY2(text.contains("self 0 %"), qPrintable(text));
        QVERIFY2(text.contains("Callers\nmain 100.0 %"), qPrintable(text));
        QVERIFY2(text.contains("Callees\nread 60.0 %\ndecode 40.0 %"), qPrintable(text));
        // The table follows.
        auto *table = window->functionTable();
        QCOMPARE(table->model().functionAt(table->view()->currentIndex().row()),
                 window->profile().selection().function);
        // A click on a callee goes there; copy puts its stack on the clipboard.
        QTest::mouseClick(window->findChild<ShareList *>("callees"), Qt::LeftButton, {},
                          QPoint(20, 8));
        QVERIFY(window->inspector()->text().startsWith("read\n"));
        window->inspector()->copyStack();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("read\nparse\nmain"));
        window->inspector()->copyFolded();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("main;parse;read 30\n"));
    }

    void selectsInTheFlameGraphFromTheTable()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        auto *view = window->functionTable()->view();
        const auto row = view->visualRect(view->model()->index(1, 0));
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(cell(*window, 1, FunctionTableModel::Function), QString("read"));
        QCOMPARE(window->flamePane()->flame()->scene().selected(), nodeNamed(*window, "read"));
        QTest::keyClick(view, Qt::Key_Down);
        QVERIFY(window->inspector()->text().startsWith("decode\n"));
    }

    void searchesFromTheKeyboard()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        window->flamePane()->flame()->setFocus();
        QTest::keyClick(window->flamePane()->flame(), Qt::Key_Slash);
        auto *field = window->scopeBar()->searchField();
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, "parse");
        QTRY_COMPARE_WITH_TIMEOUT(window->scopeBar()->searchText(), QString("50.0 % in 1 frame"),
                                  kWait);
        QCOMPARE(column(*window, FunctionTableModel::Function), QStringList{"parse"});
        // A regular expression over several functions.
        field->selectAll();
        QTest::keyClicks(field, "/read|FLUSH/i");
        QTRY_COMPARE_WITH_TIMEOUT(window->scopeBar()->searchText(), QString("40.0 % in 2 frames"),
                                  kWait);
        // One that is none.
        field->selectAll();
        QTest::keyClicks(field, "/(/");
        QTRY_VERIFY_WITH_TIMEOUT(field->property("invalid").toBool(), kWait);
        QVERIFY(!window->scopeBar()->searchText().isEmpty());
        QTest::keyClick(field, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(window->scopeBar()->searchText().isEmpty(), kWait);
        QCOMPARE(window->functionTable()->model().rowCount(), 6);
        QVERIFY(!field->property("invalid").toBool());
    }

    void zoomsByWheelAndDoubleClick()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        auto *flame = window->flamePane()->flame();
        const auto before = flame->viewport();
        const auto at = middleOf(*window, "write");
        QWheelEvent wheel(at, flame->mapToGlobal(at), {}, {0, 120}, Qt::NoButton,
                          Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(flame, &wheel);
        QTRY_VERIFY(flame->viewport().end - flame->viewport().begin < before.end - before.begin);
        flame->resetZoom();
        QTRY_COMPARE(flame->viewport().end - flame->viewport().begin, 1.0);
        QTest::mouseDClick(flame, Qt::LeftButton, {}, middleOf(*window, "write"));
        QTRY_COMPARE(window->profile().zoomNode(), nodeNamed(*window, "write"));
        QTRY_VERIFY(qAbs(flame->viewport().end - flame->viewport().begin - 0.5) < 1e-6);
        QVERIFY(window->flamePane()->summary().contains("view 50.0 % of all"));
        // Shares of a search are of the view now.
        window->scope().setSearch("flush");
        QTRY_COMPARE_WITH_TIMEOUT(window->scopeBar()->searchText(),
                                  QString("20.0 % in 1 frame of the view"), kWait);
    }

    void goesBackAndForward()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn(), gui.drawn("second.folded")});
        QTRY_VERIFY_WITH_TIMEOUT(window->document().captures().size() == 2 && window->isSettled(),
                                 kWait);
        const auto first = window->scope().scope().captures;
        window->sidebar()->list()->setCurrentIndex(window->sidebar()->list()->model()->index(1, 0));
        const auto second = window->scope().scope().captures;
        QVERIFY(first != second);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        QTest::keyClick(window, Qt::Key_Left, Qt::AltModifier);
        QCOMPARE(window->scope().scope().captures, first);
        QTest::mouseClick(window->flamePane()->flame(), Qt::ForwardButton);
        QCOMPARE(window->scope().scope().captures, second);
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), kWait);
        QVERIFY(window->windowTitle().contains("second.folded"));
    }

    void renamesAndGivesRoles()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        auto *list = window->sidebar()->list();
        QVERIFY(list->model()->setData(list->model()->index(0, 0), "before the fix"));
        const auto id = window->document().captures().front().id;
        window->document().setRole(id, CaptureRole::Baseline);
        QTRY_VERIFY_WITH_TIMEOUT(window->document().captures().front().desc.name ==
                                         "before the fix" &&
                                     window->isSettled(),
                                 kWait);
        QTRY_COMPARE(list->model()->index(0, 0).data(CaptureListModel::LetterRole).toString(),
                     QString("A"));
        QVERIFY(window->document().hasUnsavedEdits());
        // Saved under a name it is a session of its own, and opens again as it was.
        const auto path = gui.directory.filePath("saved.fws");
        window->document().saveAs(path.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().isWorking() && window->isSettled(), kWait);
        QVERIFY(!window->document().hasUnsavedEdits());
        QVERIFY(window->close());
        auto *again = gui.open({path});
        QTRY_VERIFY_WITH_TIMEOUT(again->profile().profile() && again->isSettled(), kWait);
        QCOMPARE(again->document().captures().front().desc.name, std::string("before the fix"));
        QCOMPARE(again->profile().profile()->total, std::int64_t{100});
        QVERIFY(!again->document().isWorking());
    }

    void removesACapture()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn(), gui.drawn("second.folded")});
        QTRY_VERIFY_WITH_TIMEOUT(window->document().captures().size() == 2 && window->isSettled(),
                                 kWait);
        window->document().remove(window->scope().scope().captures.front());
        QTRY_VERIFY_WITH_TIMEOUT(window->document().captures().size() == 1 && window->isSettled(),
                                 kWait);
        QCOMPARE(window->scope().scope().captures.front(),
                 window->document().captures().front().id);
        QVERIFY(window->profile().profile());
    }

    void saysInABarWhyAFileCannotBeRead()
    {
        GuiFixture gui;
        const auto garbage = gui.write("garbage.bin", QByteArray(3000, '\x07') + "\xff\xfe<b>x");
        auto *window = gui.open({garbage, gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QCOMPARE(window->messages().size(), 1);
        auto *bar = window->messages().front();
        QVERIFY2(bar->sentence().contains("garbage.bin"), qPrintable(bar->sentence()));
        QVERIFY(!bar->details().isEmpty());
        bar->copyDetails();
        QVERIFY(QGuiApplication::clipboard()->text().contains(bar->details()));
        bar->dismiss();
        QTRY_VERIFY(window->messages().isEmpty());
        QCOMPARE(window->profile().profile()->total, std::int64_t{100}); // the other one came in
    }

    void cancelsAnImportAndLeavesNothing()
    {
        GuiFixture gui;
        QByteArray big;
        for (int i = 0; i < 100000; ++i)
            big += "main;f" + QByteArray::number(i % 5000) + ";g" + QByteArray::number(i) + " 1\n";
        const auto path = gui.write("big.folded", big);
        auto *window = gui.open();
        connect(&window->imports(), &ImportQueue::started, window,
                [window](ImportQueue::TaskId id) { window->imports().cancel(id); });
        gui.desk->openFiles({path}, window);
        QVERIFY(!window->isSettled());
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), kWait);
        QVERIFY(window->document().captures().empty());
        QVERIFY(window->messages().isEmpty()); // what somebody asked for is no error
        QVERIFY(gui.settings->recentFiles().isEmpty());
    }

    void offersRecentFiles()
    {
        GuiFixture gui;
        gui.settings->addRecentFile(gui.drawn());
        auto *window = gui.open();
        auto *menu = window->findChild<QMenu *>("recentMenu");
        QMetaObject::invokeMethod(menu, "aboutToShow");
        QVERIFY(!menu->actions().isEmpty());
        menu->actions().front()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        QCOMPARE(window->profile().profile()->samples, std::int64_t{100});
    }

    void switchesTheme()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        const auto light = window->grab().toImage();
        window->findChild<QAction *>("theme_dark")->trigger();
        QVERIFY(gui.appearance.dark());
        QCOMPARE(gui.settings->string("view/theme"), QString("dark"));
        QTRY_VERIFY(window->grab().toImage().pixelColor(20, 400).lightness() < 80);
        QVERIFY(light.pixelColor(20, 400).lightness() > 200);
    }

    void choosesThreads()
    {
        GuiFixture gui;
        auto *window = gui.open(
            {QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/perf-data/frontend.zstd.perf.data")});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        const auto all = window->profile().profile()->samples;
        QVERIFY(all > 0);
        auto *picker = window->scopeBar()->trackPicker();
        auto &model = picker->model();
        QTRY_VERIFY_WITH_TIMEOUT(
            model.rowCount() > 1 && model.index(0).data(TrackListModel::CountRole).toLongLong() > 0,
            kWait);
        int thread = 0;
        while (thread < model.rowCount() &&
               !model.index(thread).data(TrackListModel::IsThreadRole).toBool())
            ++thread;
        QVERIFY(thread < model.rowCount());
        const auto expected = model.index(thread).data(TrackListModel::CountRole).toLongLong();
        model.toggle(thread);
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), kWait);
        QCOMPARE(window->profile().profile()->samples, static_cast<std::int64_t>(expected));
        window->scope().back();
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), kWait);
        QCOMPARE(window->profile().profile()->samples, all);
        QVERIFY(!window->sidebar()->details()->text().isEmpty());
    }

    void opensTwoSessionsInTwoWindows()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        const auto path = gui.directory.filePath("one.fws");
        window->document().saveAs(path.toStdString());
        QTRY_VERIFY_WITH_TIMEOUT(!window->document().isWorking() && window->isSettled(), kWait);
        gui.desk->openFiles({path}, window); // already open: brought to the front
        QCOMPARE(gui.desk->windows().size(), 1);
        QVERIFY(QFile::copy(path, gui.directory.filePath("two.fws")));
        gui.desk->openFiles({gui.directory.filePath("two.fws")}, window);
        QCOMPARE(gui.desk->windows().size(), 2);
        auto *second = gui.desk->windows().back().data();
        QTRY_VERIFY_WITH_TIMEOUT(second->profile().profile() && second->isSettled(), kWait);
        QCOMPARE(second->profile().profile()->total, std::int64_t{100});
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
