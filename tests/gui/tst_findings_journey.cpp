#include "app/gui/action_registry.h"
#include "app/gui/flame_tab.h"
#include "app/gui/panels.h"
#include "app/gui/pinned_findings.h"
#include "app/gui/pinned_panel.h"
#include "app/gui/presentation.h"
#include "app/gui/report_dialog.h"
#include "app/gui/report_export.h"
#include "app/gui/scope_controller.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"
#include "gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace flamewright;

// Somebody finds something, pins it, comes back to it, and shows it to others.
class TestFindingsJourney : public QObject {
    Q_OBJECT

    static PinnedPanel *panelOf(MainWindow *window) { return window->findChild<PinnedPanel *>(); }
    static void toFront(MainWindow *window)
    {
        window->activateWindow(); // shortcuts need it in front
        QVERIFY(QTest::qWaitForWindowActive(window));
    }
    static void finishEditing()
    {
        if (auto *editor = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget()))
            QTest::keyClick(editor, Qt::Key_Return);
    }
    static Presentation *presentation()
    {
        for (auto *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<Presentation *>(widget))
                return found;
        }
        return nullptr;
    }

private Q_SLOTS:
    void aViewIsPinnedWithItsSentenceEditedKeptAndRestored()
    {
        GuiFixture fixture;
        auto *window = fixture.open({fixture.drawn()});
        QVERIFY(settled(window));
        toFront(window);
        auto *pinned = window->findChild<PinnedFindings *>();
        QVERIFY(pinned);
        const auto &profile = *window->profile().profile();
        for (std::uint32_t i = 0; i < profile.functions.size(); ++i) {
            if (profile.functions[i].name == "parse")
                window->profile().selectFunction(FunctionId{i});
        }
        QTest::keyClick(window, Qt::Key_P);
        QCOMPARE(pinned->size(), std::size_t{1});
        // 50 of 100 samples; the interval is Wilson's: (0.5 +- 1.96 * sqrt(0.25 / n ...)), by hand
        // 40.4 to 59.6 %.
        const auto written = QString::fromStdString(pinned->all()[0].sentence);
        QVERIFY2(written.startsWith(u"`parse` is in 50.0 % of "), qPrintable(written));
        QVERIFY2(written.contains(u"95 % CI 40.4..59.6 %; 50 of 100 samples), 0 % itself."),
                 qPrintable(written));
        QVERIFY(pinned->all()[0].picture.has_value());
        QCOMPARE(pinned->all()[0].view, std::string("flame"));

        // The panel came, and the sentence can be typed over at once.
        auto *panel = panelOf(window);
        QVERIFY(panel && panel->isVisible());
        auto *editor = qobject_cast<QPlainTextEdit *>(QApplication::focusWidget());
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("Parsing is half of it."));
        QTest::keyClick(editor, Qt::Key_Return);
        QCOMPARE(pinned->all()[0].sentence, std::string("Parsing is half of it."));
        QCOMPARE(pinned->all()[0].written, written.toStdString());
        QCOMPARE(panel->list()->model()->index(0, 0).data(Qt::DisplayRole).toString(),
                 QStringLiteral("Parsing is half of it."));

        // Elsewhere, and back with a click.
        const auto before = window->scope().scope();
        window->scope().addTransform({TransformKind::Focus, "write"});
        window->views()->open(QStringLiteral("functions"));
        QVERIFY(settled(window));
        const auto row = panel->list()->visualRect(panel->list()->model()->index(0, 0));
        QTest::mouseClick(panel->list()->viewport(), Qt::LeftButton, {}, row.center());
        QVERIFY(settled(window));
        QVERIFY(window->scope().scope() == before);
        QCOMPARE(window->views()->currentKind(), QStringLiteral("flame"));

        // Saved with the session.
        const auto path = fixture.directory.filePath(QStringLiteral("kept.fws"));
        window->document().saveAs(path.toStdString());
        QVERIFY(QTest::qWaitFor(
            [&] { return !window->document().isWorking() && window->isSettled(); }, kGuiWait));
        window->close();
        auto *again = fixture.open({path});
        QVERIFY(settled(again));
        auto *there = again->findChild<PinnedFindings *>();
        QVERIFY(QTest::qWaitFor([&] { return there->size() == 1; }, kGuiWait));
        QCOMPARE(there->all()[0].sentence, std::string("Parsing is half of it."));
        QVERIFY(there->all()[0].picture.has_value());
    }

    void findingsAreOrderedRemovedAndBroughtBack()
    {
        GuiFixture fixture;
        auto *window = fixture.open({fixture.drawn()});
        QVERIFY(settled(window));
        toFront(window);
        auto *pinned = window->findChild<PinnedFindings *>();
        auto *panel = panelOf(window);
        for (const char *text : {"one", "two", "three"}) {
            const auto at = pinned->add({.sentence = text});
            Q_UNUSED(at);
        }
        const auto order = [&] {
            std::string out;
            for (const auto &one : pinned->all())
                out += one.sentence + " ";
            return out;
        };
        window->actions().action(QStringLiteral("panel.pinned"))->trigger();
        QVERIFY(QTest::qWaitFor([&] { return panel->isVisible(); }, kGuiWait));
        panel->list()->setFocus();
        panel->list()->setCurrentIndex(panel->list()->model()->index(0, 0));
        QTest::keyClick(panel->list(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(order(), std::string("two one three "));
        QCOMPARE(panel->current(), 1);
        QTest::keyClick(panel->list(), Qt::Key_Delete);
        QCOMPARE(order(), std::string("two three "));
        window->actions().action(QStringLiteral("findings.undoRemove"))->trigger();
        QCOMPARE(order(), std::string("two one three "));
    }

    void aPresentationGoesThroughTheFindings()
    {
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "1");
        GuiFixture fixture;
        auto *window = fixture.open({fixture.drawn()});
        QVERIFY(settled(window));
        toFront(window);
        auto *pinned = window->findChild<PinnedFindings *>();
        QTest::keyClick(window, Qt::Key_P);
        finishEditing();
        PinnedFinding sides{.sentence = "A became B"};
        for (int side = 0; side < 2; ++side) {
            PinnedPicture picture{.size = {400, 200}};
            const Rgba color{side == 0 ? 0x0000ffffu : 0xff0000ffu};
            picture.light.fillRect({0, 0, 400, 200}, color);
            picture.print.fillRect({0, 0, 400, 200}, color);
            sides.sidePictures.push_back(std::move(picture));
        }
        pinned->add(std::move(sides));
        panelOf(window)->list()->setCurrentIndex({});
        toFront(window);
        QTest::keyClick(window, Qt::Key_F5);
        auto *show = presentation();
        QVERIFY(show);
        QVERIFY(QTest::qWaitForWindowExposed(show));
        QVERIFY(show->isFullScreen());
        QCOMPARE(show->at(), std::size_t{0});
        QTest::keyClick(show, Qt::Key_Left); // there is none before
        QCOMPARE(show->at(), std::size_t{0});
        QTest::keyClick(show, Qt::Key_Right);
        QCOMPARE(show->at(), std::size_t{1});
        // The picture of A in the middle, then that of B.
        const auto middle = [&] {
            const auto image = show->grab().toImage();
            return image.pixelColor(image.width() / 2, image.height() * 3 / 10);
        };
        QCOMPARE(middle(), QColor(0, 0, 255));
        QTest::keyClick(show, Qt::Key_Tab);
        QCOMPARE(show->side(), 1.0);
        QCOMPARE(middle(), QColor(255, 0, 0));
        QTest::keyClick(show, Qt::Key_Right); // the last one
        QCOMPARE(show->at(), std::size_t{1});
        QTest::keyClick(show, Qt::Key_Escape);
        QVERIFY(QTest::qWaitFor([&] { return presentation() == nullptr; }, kGuiWait));
        QCOMPARE(panelOf(window)->current(), 1);
        qunsetenv("FLAMEWRIGHT_REDUCED_MOTION");
    }

    // Two sides are compared, two findings pinned, the report written as a person does it.
    void aComparisonWithItsFindingsBecomesAReport()
    {
        GuiFixture fixture;
        auto *window = fixture.open({fixture.drawn(QStringLiteral("before.folded")),
                                     fixture.write(QStringLiteral("after.folded"),
                                                   "main;parse;read 3000\nmain;write 1000\n")});
        QVERIFY(settled(window));
        QVERIFY(
            QTest::qWaitFor([&] { return window->document().captures().size() == 2; }, kGuiWait));
        toFront(window);
        window->document().setRole(CaptureId{1}, CaptureRole::Baseline);
        window->document().setRole(CaptureId{2}, CaptureRole::Candidate);
        QVERIFY(
            QTest::qWaitFor([&] { return window->comparing().comparison() != nullptr; }, kGuiWait));
        auto *pinned = window->findChild<PinnedFindings *>();
        for (const char *view : {"flame", "diff-flame"}) {
            QVERIFY(window->views()->show(QString::fromLatin1(view)));
            QVERIFY(QTest::qWaitFor([&] { return window->isSettled(); }, kGuiWait));
            QTest::keyClick(window, Qt::Key_P);
            finishEditing();
        }
        QCOMPARE(pinned->size(), std::size_t{2});
        QVERIFY(pinned->all()[1].picture.has_value());
        QVERIFY(!pinned->all()[1].sentence.empty());

        QTest::keyClick(window, Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        auto *dialog = window->findChild<ReportDialog *>();
        QVERIFY(dialog && QTest::qWaitForWindowExposed(dialog));
        QTest::keyClicks(dialog->titleField(), QStringLiteral("Parsing & writing"));
        QTest::mouseClick(dialog->saveButton(), Qt::LeftButton);
        auto *files = window->findChild<QFileDialog *>();
        QVERIFY(files && QTest::qWaitForWindowExposed(files));
        const auto path = fixture.directory.filePath(QStringLiteral("out.html"));
        auto *field = files->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
        field->setCompleter(nullptr); // its list would take Enter, or not, as files are found
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, path);
        const auto gone = [&] { return !window->findChild<QFileDialog *>(); };
        for (int i = 0; i < 50 && !gone(); ++i) {
            QTest::keyClick(field, Qt::Key_Return);
            if (QTest::qWaitFor(gone, 200))
                break;
        }
        QVERIFY(QTest::qWaitFor([&] { return !window->reports().busy(); }, kGuiWait));
        QFile file(path);
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
        const auto html = QString::fromUtf8(file.readAll());
        QVERIFY(html.contains(u"Parsing &amp; writing"));
        QVERIFY(html.contains(u"before.folded") && html.contains(u"after.folded"));
        QVERIFY(html.count(u"<svg") >= 2); // a picture of each finding
        QVERIFY(!window->messages().isEmpty());

        // The same as PDF and Markdown.
        for (const char *ending : {"pdf", "md"}) {
            const auto other =
                fixture.directory.filePath(QLatin1String("out.") + QLatin1String(ending));
            window->reports().write({.comparison = window->comparing().comparison(),
                                     .captures = window->document().captures(),
                                     .findings = pinned->all(),
                                     .name = QStringLiteral("x")},
                                    {}, ReportTemplate::Full, other);
            QVERIFY(QTest::qWaitFor([&] { return !window->reports().busy(); }, kGuiWait));
            QFile written(other);
            QVERIFY(written.open(QIODevice::ReadOnly));
            const auto head = written.read(5);
            QVERIFY(ending[0] == 'p' ? head == "%PDF-" : head.startsWith("# "));
        }
    }

    void sidesTurnInSteps()
    {
        PinnedFinding sides{.sentence = "A became B"};
        for (int side = 0; side < 2; ++side)
            sides.sidePictures.push_back({.size = {400, 200}});
        Presentation show({sides}, 0, false);
        show.resize(800, 450);
        show.show();
        QVERIFY(QTest::qWaitForWindowExposed(&show));
        QTest::keyClick(&show, Qt::Key_Tab);
        QVERIFY(show.moving());
        QVERIFY(QTest::qWaitFor([&] { return show.side() > 0 && show.side() < 1; }, kGuiWait));
        QVERIFY(QTest::qWaitFor([&] { return show.side() == 1; }, kGuiWait));
        QVERIFY(!show.moving());
    }
};

QTEST_MAIN(TestFindingsJourney)
#include "tst_findings_journey.moc"
