#include "app/gui/action_registry.h"
#include "app/gui/call_tree_pane.h"
#include "app/gui/call_tree_view.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_bar.h"
#include "app/gui/scope_controller.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMouseEvent>
#include <QSignalSpy>

using namespace flamewright;

namespace {

// A window with a profile, and the pane beside it, both following the same model.
struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;
    std::unique_ptr<CallTreePane> pane;

    explicit Opened(const QString &path = {})
    {
        window = gui.open({path.isEmpty() ? gui.drawn() : path});
        if (!settled(window))
            qFatal("the profile did not come");
        pane = std::make_unique<CallTreePane>(*gui.services, window->profile());
        pane->resize(900, 500);
        pane->show();
        if (!QTest::qWaitForWindowExposed(pane.get()))
            qFatal("the pane does not show");
        pane->view()->setFocus();
    }
    ProfileModel &profile() { return window->profile(); }
    CallTreeView &view() { return *pane->view(); }
    bool show(TableKind kind)
    {
        pane->setKind(kind);
        return QTest::qWaitFor([&] { return !pane->busy() && pane->model().rows(); }, kGuiWait);
    }
    // Visible rows from the top: "main", "  parse" ...
    QStringList rows(int column = -1)
    {
        QStringList out;
        for (auto index = pane->model().index(0, 0); index.isValid();
             index = view().indexBelow(index)) {
            auto line = QString(2 * pane->model().levelOf(index), QLatin1Char(' ')) +
                        index.data().toString();
            if (column >= 0)
                line += QLatin1Char(' ') + index.siblingAtColumn(column).data().toString();
            out << line;
        }
        return out;
    }
    QString current() { return view().currentIndex().siblingAtColumn(0).data().toString(); }
    std::string selected()
    {
        const auto id = profile().selection().function.raw;
        return profile().profile()->functions[id].name;
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&view(), key, modifiers);
    }
    void click(const QModelIndex &index)
    {
        view().scrollTo(index);
        QTest::mouseClick(view().viewport(), Qt::LeftButton, {}, view().visualRect(index).center());
    }
};

constexpr int kChevronEnd = 22;

// The first column of pixels, from `from` on, in which something stands out from the ground.
int firstInk(const QImage &image, int from)
{
    for (int x = from; x < image.width(); ++x) {
        for (int y = 2; y < image.height() - 2; ++y) {
            const auto ground = image.pixelColor(image.width() - 1, 2);
            if (std::abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60)
                return x;
        }
    }
    return -1;
}

} // namespace

class TestCallTreePane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void opensLevelsWithTheKeyboard()
    {
        Opened o;
        QCOMPARE(o.rows(), QStringList{"main"});
        o.view().setCurrentIndex(o.pane->model().index(0, 0));
        o.key(Qt::Key_Right);
        QCOMPARE(o.rows(), (QStringList{"main", "  parse", "  write"}));
        o.key(Qt::Key_Right); // to the first below
        QCOMPARE(o.current(), QString("parse"));
        o.key(Qt::Key_Right);
        o.key(Qt::Key_Down);
        QCOMPARE(o.current(), QString("read"));
        QCOMPARE(o.selected(), std::string("read"));
        o.key(Qt::Key_Left); // up again
        QCOMPARE(o.current(), QString("parse"));
        o.key(Qt::Key_Left);
        QCOMPARE(o.rows(), (QStringList{"main", "  parse", "  write"}));
    }

    void asteriskOpensEverythingBelow()
    {
        Opened o;
        o.view().setCurrentIndex(o.pane->model().index(0, 0));
        o.key(Qt::Key_Asterisk, Qt::ShiftModifier);
        QCOMPARE(o.rows(StatTotal), (QStringList{"main 100", "  parse 50", "    read 30",
                                                 "    decode 20", "  write 50", "    flush 10"}));
        QVERIFY(o.pane->summary().startsWith("6 functions in 6 call paths"));
    }

    void expandAllStopsAtItsBoundAndSaysSo()
    {
        GuiFixture files;
        QByteArray text;
        for (int i = 0; i < 300; ++i) {
            for (int j = 0; j < 30; ++j)
                text += "main;f" + QByteArray::number(i) + ";g" + QByteArray::number(j) + " " +
                        QByteArray::number(i + 1) + "\n";
        }
        Opened o(files.write(QStringLiteral("wide.folded"), text));
        o.view().setCurrentIndex(o.pane->model().index(0, 0));
        o.key(Qt::Key_Asterisk, Qt::ShiftModifier);
        const auto rows = o.rows();
        QCOMPARE(rows.size(), 1 + 300 + 156 * 30); // one more would be over 5,000
        QVERIFY2(o.pane->summary().contains("heaviest 5,000 rows"), qPrintable(o.pane->summary()));
        // The heaviest ones are open, the lightest is not.
        QCOMPARE(rows[1], QString("  f299"));
        QVERIFY(rows[2].startsWith("    g"));
        QCOMPARE(rows.last(), QString("  f0"));
    }

    void opensTheHottestPathAndChoosesItsEnd()
    {
        Opened o;
        o.key(Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(o.rows(), (QStringList{"main", "  parse", "    read", "    decode", "  write"}));
        QCOMPARE(o.current(), QString("read"));
        QCOMPARE(o.selected(), std::string("read"));
    }

    void selectionGoesBothWays()
    {
        Opened o;
        // From elsewhere: what is above opens.
        const auto &tree = o.profile().profile()->tree;
        std::uint32_t flush = 0;
        for (std::uint32_t node = 1; node < tree.size(); ++node) {
            if (o.profile().profile()->at(node).name == "flush")
                flush = node;
        }
        o.profile().selectNode(flush);
        QCOMPARE(o.current(), QString("flush"));
        QVERIFY(o.rows().contains("    flush"));
        // From here, with the mouse.
        o.click(o.pane->model().index(0, 0));
        QCOMPARE(o.selected(), std::string("main"));
        QCOMPARE(o.profile().selection().node, 1u);
        // Nothing chosen elsewhere: nothing here.
        o.profile().selectNode(0);
        QVERIFY(!o.view().currentIndex().isValid());
    }

    void callersSelectTheNodeTheyStandFor()
    {
        GuiFixture files;
        Opened o(
            files.write(QStringLiteral("two.folded"), "main;a;copy 3\nmain;b;copy 5\nmain;b 9\n"));
        QVERIFY(o.show(TableKind::BottomUp));
        o.view().sortByColumn(StatName, Qt::AscendingOrder);
        QCOMPARE(o.rows(StatSelf), (QStringList{"b 9", "copy 8"}));
        o.view().expandAll();
        const auto copy = o.pane->model().index(1, 0);
        const auto a = o.pane->model().index(0, 0, copy);
        QCOMPARE(a.data().toString(), QString("a"));
        o.click(a);
        QCOMPARE(o.selected(), std::string("a"));
        // The row stays where it is: below copy.
        QCOMPARE(o.view().currentIndex().parent(), copy);
        // Another view chooses: the function's own row.
        o.profile().selectFunction(o.pane->model().functionAt(copy));
        QCOMPARE(o.view().currentIndex().siblingAtColumn(0), copy);
    }

    void groupsByModuleAndFile()
    {
        Opened o(QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/pprof/go.cpu.pb"));
        QVERIFY(o.show(TableKind::Modules));
        QCOMPARE(o.pane->model().rowCount(), 1);
        QCOMPARE(o.pane->model().index(0, 0).data().toString(), QString("shopgo"));
        QCOMPARE(o.pane->model().index(0, StatTotalShare).data().toString(), QString("100.0 %"));
        QVERIFY(o.show(TableKind::Files));
        QVERIFY(o.pane->model().rowCount() > 10);
        // A group is no function: choosing it leaves the selection alone.
        o.click(o.pane->model().index(0, 0));
        QCOMPARE(o.profile().selection().function.raw, 0u);
        o.key(Qt::Key_Right);
        o.key(Qt::Key_Right);
        QVERIFY(o.profile().selection().function.raw != 0);
        QCOMPARE(o.pane->model().functionAt(o.view().currentIndex()),
                 o.profile().selection().function);
    }

    void searchFiltersTheFlatTableAndMarksTheTree()
    {
        Opened o;
        o.window->scope().setSearch("re");
        QTRY_VERIFY_WITH_TIMEOUT(o.profile().search() != nullptr, kGuiWait);
        QVERIFY(o.pane->summary().contains("1 function matches"));
        o.key(Qt::Key_E, Qt::ControlModifier);
        QVERIFY(o.view().currentIndex().siblingAtColumn(0).data(StatMatchRole).toBool());
        QVERIFY(o.show(TableKind::Functions));
        QCOMPARE(o.rows(), QStringList{"read"});
        QVERIFY(o.pane->summary().startsWith("1 of 6 functions"));
        o.window->scope().setSearch("");
        QTRY_COMPARE_WITH_TIMEOUT(o.rows().size(), 6, kGuiWait);
    }

    void saysHowManyMatchesAreInsideClosedRows()
    {
        Opened o;
        o.window->scope().setSearch("/^(read|flush|write)$/");
        QTRY_VERIFY2_WITH_TIMEOUT(
            o.pane->summary().contains("3 functions match in 3 rows, all inside closed rows"),
            qPrintable(o.pane->summary()), kGuiWait);
        o.view().expand(o.pane->model().index(0, 0)); // main: parse, write
        QTRY_VERIFY2(o.pane->summary().contains("in 3 rows, 2 inside closed rows"),
                     qPrintable(o.pane->summary()));
        o.view().expandAll();
        QTRY_VERIFY2(o.pane->summary().endsWith("3 functions match in 3 rows"),
                     qPrintable(o.pane->summary()));
        QVERIFY(o.show(TableKind::Modules));
        QVERIFY2(o.pane->summary().contains("in 3 rows, all inside closed rows"),
                 qPrintable(o.pane->summary()));
    }

    void goesFromMatchToMatchAndOpensWhatIsAbove()
    {
        Opened o;
        o.window->views()->open("tables");
        auto *pane = o.window->views()->find<CallTreePane>();
        QVERIFY(pane && o.window->views()->current() == pane);
        o.window->scope().setSearch("/^(read|flush|write)$/");
        QTRY_VERIFY_WITH_TIMEOUT(pane->summary().contains("3 functions match"), kGuiWait);
        const auto current = [&] {
            return pane->view()->currentIndex().siblingAtColumn(0).data().toString();
        };
        const auto step = [&](const char *action) {
            o.window->actions().action(QLatin1String(action))->trigger();
            return current();
        };
        o.profile().selectNode(0);
        QTRY_VERIFY(o.window->actions().action("search.next")->isEnabled());
        QCOMPARE(step("search.next"), QString("read"));
        QVERIFY(pane->view()->isExpanded(pane->model().index(0, 0)));
        QCOMPARE(o.selected(), std::string("read"));
        QCOMPARE(step("search.next"), QString("write"));
        QCOMPARE(step("search.next"), QString("flush"));
        QCOMPARE(step("search.next"), QString("read")); // around
        QCOMPARE(step("search.previous"), QString("flush"));
        // Enter in the search field does the same, in the order of the table.
        pane->view()->sortByColumn(StatName, Qt::DescendingOrder); // write, parse; read, decode
        o.profile().selectNode(0);
        auto *field = o.window->scopeBar()->searchField();
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(current(), QString("write"));
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(current(), QString("flush"));
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(current(), QString("write"));
        // By callers every path to a match is one more row.
        pane->setKind(TableKind::BottomUp);
        QTRY_VERIFY_WITH_TIMEOUT(!pane->busy() && pane->model().rows(), kGuiWait);
        QVERIFY2(pane->summary().contains("in 4 rows"), qPrintable(pane->summary()));
    }

    void keepsOpenRowsWhenTheProfileChanges()
    {
        Opened o;
        o.view().setCurrentIndex(o.pane->model().index(0, 0));
        o.key(Qt::Key_Asterisk, Qt::ShiftModifier);
        QSignalSpy changed(&o.profile(), &ProfileModel::profileChanged);
        auto scope = o.window->scope().scope();
        scope.inlines = false;
        o.window->scope().setScope(scope);
        QVERIFY(changed.wait(kGuiWait));
        QCOMPARE(o.rows().size(), 6);
    }

    void copiesRowsAndStacks()
    {
        Opened o;
        o.key(Qt::Key_E, Qt::ControlModifier);
        o.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QString("Function and what it calls\tModule\tSelf (count)\tSelf %\tTotal (count)\t"
                         "Total %\tSamples\nread\t\t30\t30.0000\t30\t30.0000\t30"));
        o.pane->copyStack();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("read\nparse\nmain"));
        QVERIFY(o.show(TableKind::BottomUp));
        o.view().expandAll();
        const auto read = o.view().currentIndex().siblingAtColumn(0);
        QCOMPARE(read.data().toString(), QString("read"));
        const auto parse = o.pane->model().index(0, 0, read);
        o.view().setCurrentIndex(o.pane->model().index(0, 0, parse));
        o.pane->copyStack();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString("read\nparse\nmain"));
    }

    void enterAsksForTheFlameGraph()
    {
        Opened o;
        QSignalSpy asked(o.pane.get(), &CallTreePane::showRequested);
        o.view().setCurrentIndex(o.pane->model().index(0, 0));
        o.key(Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(o.selected(), std::string("main"));
    }

    void namesBeginBelowTheirTitleAndClearOfTheChevron()
    {
        Opened o;
        for (const auto kind : {TableKind::TopDown, TableKind::Functions}) {
            QVERIFY(o.show(kind));
            const auto row = o.view().visualRect(o.pane->model().index(0, 0));
            const auto title = firstInk(o.view().header()->viewport()->grab().toImage(), 0);
            const auto image =
                o.view().viewport()->grab(QRect(0, row.y() + 2, 300, row.height() - 4));
            const auto name = firstInk(image.toImage(), kChevronEnd);
            // Letters of two fonts do not begin at the same part of a pixel.
            QVERIFY2(std::abs(title - name) <= 2,
                     qPrintable(QString("%1, %2").arg(title).arg(name)));
            const auto chevron = firstInk(image.toImage(), 0);
            QCOMPARE(chevron < kChevronEnd, kind == TableKind::TopDown);
        }
        // However narrow the indentation becomes.
        QVERIFY(o.show(TableKind::TopDown));
        o.view().setIndentation(4);
        const auto row = o.view().visualRect(o.pane->model().index(0, 0));
        const auto image = o.view().viewport()->grab(QRect(0, row.y() + 2, 300, row.height() - 4));
        QVERIFY(std::abs(firstInk(image.toImage(), kChevronEnd) -
                         firstInk(o.view().header()->viewport()->grab().toImage(), 0)) <= 2);
    }

    void aClickOnTheChevronOpensWhateverTheIndentation()
    {
        Opened o;
        for (const int indentation : {16, 4}) {
            o.view().setIndentation(indentation);
            const auto y = o.view().visualRect(o.pane->model().index(0, 0)).center().y();
            const auto closed = o.rows();
            QTest::mouseClick(o.view().viewport(), Qt::LeftButton, {}, {15, y});
            QCOMPARE(o.rows(), (QStringList{"main", "  parse", "  write"}));
            o.view().setIndentation(indentation);
            const auto below =
                o.view().visualRect(o.pane->model().index(0, 0, o.pane->model().index(0, 0)));
            QTest::mouseClick(o.view().viewport(), Qt::LeftButton, {},
                              {indentation + 15, below.center().y()});
            QCOMPARE(o.rows(),
                     (QStringList{"main", "  parse", "    read", "    decode", "  write"}));
            // The second press of a quick pair is a press.
            QTest::mouseClick(o.view().viewport(), Qt::LeftButton, {}, {15, y});
            QCOMPARE(o.rows(), closed);
            const QPointF at(15, y);
            QMouseEvent second(QEvent::MouseButtonDblClick, at,
                               o.view().viewport()->mapToGlobal(at), Qt::LeftButton, Qt::LeftButton,
                               {});
            QApplication::sendEvent(o.view().viewport(), &second);
            QCOMPARE(o.rows().size(), 5);
            QTest::mouseClick(o.view().viewport(), Qt::LeftButton, {}, {15, y});
            QCOMPARE(o.rows(), closed);
            o.view().collapseAll();
        }
        // The name is no chevron.
        const auto row = o.view().visualRect(o.pane->model().index(0, 0));
        QTest::mouseClick(o.view().viewport(), Qt::LeftButton, {}, {40, row.center().y()});
        QCOMPARE(o.rows(), QStringList{"main"});
        QCOMPARE(o.selected(), std::string("main"));
    }

    void remembersKindAndSorting()
    {
        Opened o;
        QVERIFY(o.show(TableKind::Modules));
        o.view().sortByColumn(StatSamples, Qt::AscendingOrder);
        const auto state = o.pane->state();
        CallTreePane other(*o.gui.services, o.profile());
        other.restore(state);
        QCOMPARE(other.kind(), TableKind::Modules);
        QCOMPARE(other.view()->header()->sortIndicatorSection(), int{StatSamples});
        QCOMPARE(other.view()->header()->sortIndicatorOrder(), Qt::AscendingOrder);
        // State of another version does no harm.
        other.restore({{"kind", "sunburst"}, {"sort", 99}, {"more", true}});
        QCOMPARE(other.kind(), TableKind::Modules);
    }

    void aScreenReaderCanReadTitlesAndCells()
    {
        Opened o;
        o.key(Qt::Key_E, Qt::ControlModifier);
        auto *tree = QAccessible::queryAccessibleInterface(&o.view());
        QVERIFY(tree);
        QCOMPARE(tree->text(QAccessible::Name), QString("Top-down"));
        auto *table = tree->tableInterface();
        QVERIFY(table);
        QCOMPARE(table->rowCount(), 5);
        QCOMPARE(table->columnCount(), int{StatColumnCount});
        QCOMPARE(table->cellAt(0, StatName)->text(QAccessible::Name), QString("main"));
        QCOMPARE(table->cellAt(2, StatName)->text(QAccessible::Name), QString("read"));
        QCOMPARE(table->cellAt(2, StatSelfShare)->text(QAccessible::Name), QString("30.0 %"));
        QCOMPARE(table->cellAt(1, StatTotal)->text(QAccessible::Name), QString("50"));
        QVERIFY(table->columnDescription(StatTotal).endsWith("Total"));
        QCOMPARE(o.pane->model()
                     .headerData(StatTotal, Qt::Horizontal, Qt::AccessibleTextRole)
                     .toString(),
                 QString("Total, sorted, largest first"));
        QCOMPARE(table->columnDescription(StatModule), QString("Module"));
        QVERIFY(table->cellAt(0, StatName)->state().expanded);
        QVERIFY(table->cellAt(4, StatName)->state().expandable);
        QVERIFY(!table->cellAt(4, StatName)->state().expanded);
    }

    void everyControlHasANameAndCanBeReached()
    {
        Opened o;
        for (const auto *button : o.pane->findChildren<QAbstractButton *>()) {
            QVERIFY(!button->accessibleName().isEmpty());
            QVERIFY(button->focusPolicy() & Qt::TabFocus);
        }
        QVERIFY(o.view().focusPolicy() & Qt::TabFocus);
    }
};

QTEST_MAIN(TestCallTreePane)
#include "tst_call_tree_pane.moc"
