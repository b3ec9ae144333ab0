#include "app/gui/sql_editor.h"
#include "app/gui/sql_pane.h"
#include "tests/gui/gui_fixture.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>

#include <cmath>

using namespace flamewright;

namespace {

// A window with a session, and the pane beside it.
struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;
    std::unique_ptr<SqlPane> pane;

    explicit Opened(const QString &path = {})
    {
        window = gui.open({path.isEmpty() ? gui.drawn() : path});
        if (!settled(window))
            qFatal("the session did not come");
        pane = std::make_unique<SqlPane>(*gui.services, window->document());
        pane->resize(900, 600);
        pane->show();
        if (!QTest::qWaitForWindowExposed(pane.get()))
            qFatal("the pane does not show");
        editor().setFocus();
    }
    SqlEditor &editor() { return *pane->editor(); }
    SqlResultModel &model() { return pane->model(); }
    void type(const QByteArray &text) { QTest::keyClicks(&editor(), QString::fromUtf8(text)); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(&editor(), key, modifiers);
    }
    bool settle()
    {
        return QTest::qWaitFor([&] { return !pane->busy() && !model().sorting(); }, kGuiWait);
    }
    bool run(const QString &sql)
    {
        editor().setSql(sql);
        key(Qt::Key_Return, Qt::ControlModifier);
        return settle();
    }
    QString cell(int row, int column) { return model().index(row, column).data().toString(); }
    QStringList column(int which)
    {
        QStringList out;
        for (int row = 0; row < model().rowCount(); ++row)
            out << cell(row, which);
        return out;
    }
};

QString numbers(int most)
{
    return QStringLiteral("with recursive n(i) as (select 1 union all select i + 1 from n where "
                          "i < %1) select i, i * 0.5 as half, 'row ' || i as name from n")
        .arg(most);
}

} // namespace

class TestSqlPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runsWhatIsTyped()
    {
        Opened o;
        o.type("select sum(value) from sample");
        QVERIFY(!o.editor().completing());
        o.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(o.pane->busy()); // never on this thread
        QVERIFY(o.settle());
        QCOMPARE(o.model().rowCount(), 1);
        QCOMPARE(o.cell(0, 0), QString("100"));
        QCOMPARE(o.model().headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QString("sum(value)"));
        QVERIFY2(o.pane->summary().startsWith("1 row · "), qPrintable(o.pane->summary()));
    }

    void runsOnlyTheStatementAtTheCaretOrTheSelection()
    {
        Opened o;
        o.editor().setSql("select 1 as a;\nselect 2 as b;\nselect 3 as c");
        o.editor().setCursorPosition(1, 3);
        o.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(o.settle());
        QCOMPARE(o.cell(0, 0), QString("2"));
        o.editor().setSelection(2, 0, 2, 8);
        o.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(o.settle());
        QCOMPARE(o.cell(0, 0), QString("3"));
        // The button does the same.
        o.editor().setCursorPosition(0, 0);
        QTest::mouseClick(o.pane->findChild<QPushButton *>("sqlRun"), Qt::LeftButton);
        QVERIFY(o.settle());
        QCOMPARE(o.cell(0, 0), QString("1"));
    }

    void completesWhileTyping()
    {
        Opened o;
        o.type("select * from mea");
        QVERIFY(o.editor().completing());
        o.key(Qt::Key_Return);
        QCOMPARE(o.editor().text(), QString("select * from measure"));
        o.editor().setSql("select s. from sample s");
        o.editor().setCursorPosition(0, 9);
        o.key(Qt::Key_Space, Qt::ControlModifier);
        QVERIFY(o.editor().completing());
        o.key(Qt::Key_Escape);
        QVERIFY(!o.editor().completing());
        QCOMPARE(o.editor().text(), QString("select s. from sample s"));
    }

    void showsErrorsAtTheirLineWithAWayOut()
    {
        Opened o;
        QVERIFY(o.run("select 1;\n\nselect functoin\nfrom frame"));
        QCOMPARE(o.editor().errorLine(), 2);
        QVERIFY2(o.pane->message() == "Line 3: no such column: functoin. Did you mean function?",
                 qPrintable(o.pane->message()));
        int line = 0, at = 0;
        o.editor().getCursorPosition(&line, &at);
        QCOMPARE(line, 2);
        QCOMPARE(at, 7);
        // Typing takes the mark away.
        o.type("x");
        QCOMPARE(o.editor().errorLine(), -1);
        QVERIFY(o.pane->message().isEmpty());
        QVERIFY(o.run("select * from samples"));
        QCOMPARE(o.pane->message(),
                 QString("Line 1: no such table: samples. Did you mean sample?"));
    }

    void cannotChangeTheSession()
    {
        Opened o;
        for (const auto *sql :
             {"delete from note", "update capture set name = 'x'", "drop table note",
              "pragma writable_schema = 1", "attach 'other.db' as other", "create table t(a)"}) {
            QVERIFY(o.run(QLatin1String(sql)));
            QVERIFY2(!o.pane->message().isEmpty(), sql);
        }
        QVERIFY(o.run("delete from note"));
        QVERIFY2(o.pane->message().contains("can only be read"), qPrintable(o.pane->message()));
        QVERIFY(o.run("select name from capture"));
        QCOMPARE(o.cell(0, 0), QString("drawn.folded"));
    }

    void stopsOnEscapeAndShowsWhatItFound()
    {
        Opened o;
        o.editor().setSql(numbers(2'000'000'000));
        o.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(o.pane->summary().contains("Running") &&
                                     !o.pane->summary().contains(" 0 rows"),
                                 kGuiWait);
        o.key(Qt::Key_Escape);
        QVERIFY(o.settle());
        QVERIFY2(o.pane->summary().startsWith("Stopped: at least "), qPrintable(o.pane->summary()));
        QVERIFY(o.model().rowCount() > 0);
        // Stopped before anything was found.
        o.editor().setSql("select count(*) from (" + numbers(2'000'000'000) + ")");
        o.key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(o.pane->busy());
        QTest::qWait(50);
        o.key(Qt::Key_Escape);
        QVERIFY(o.settle());
        QCOMPARE(o.pane->message(), QString("Stopped before the first row."));
    }

    void holdsABoundedNumberOfRowsAndSaysHowManyWereCut()
    {
        Opened o;
        QVERIFY(o.run(numbers(100'250)));
        QCOMPARE(o.model().rowCount(), 100'000);
        QVERIFY2(o.pane->summary().startsWith("100,250 rows · "), qPrintable(o.pane->summary()));
        QVERIFY(o.pane->summary().contains("the first 100,000 are listed, 250 are not"));
        // The file has all of them.
        const auto file = o.gui.directory.filePath("all.csv");
        o.pane->exportCsv(file);
        QVERIFY(o.settle());
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const auto text = csv.readAll();
        QCOMPARE(text.count("\r\n"), 100'251);
        QVERIFY(text.startsWith("i,half,name\r\n1,0.5,row 1\r\n2,1,row 2\r\n"));
        QVERIFY(text.endsWith("100250,50125,row 100250\r\n"));
        QVERIFY(o.pane->summary().contains("Wrote 100,250 rows"));
    }

    void bytesAreBoundedToo()
    {
        Opened o;
        JobContext job;
        const auto answer = runSql(*o.window->document().session(), numbers(1000).toStdString(),
                                   job, 100'000, 10'000);
        QVERIFY(answer.has_value());
        QCOMPARE(answer->rowCount, std::uint64_t{1000});
        QVERIFY(!answer->rows.empty() && answer->rows.size() < 100);
    }

    void writesCsvThatSpreadsheetsReadAsText()
    {
        Opened o;
        QVERIFY(o.run("select '=cmd()' as a, 'x,\"y\"' as b, null as c, -5 as d, 0.1 as e, "
                      "'@z' as \"f,g\""));
        const auto file = o.gui.directory.filePath("one.csv");
        o.pane->exportCsv(file);
        QVERIFY(o.settle());
        QFile csv(file);
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll(), QByteArray("a,b,c,d,e,\"f,g\"\r\n"
                                           "'=cmd(),\"x,\"\"y\"\"\",,-5,0.1,'@z\r\n"));
        o.pane->exportCsv("/nowhere/one.csv");
        QVERIFY(o.settle());
        QVERIFY(o.pane->message().contains("cannot be written"));
    }

    void sortsByClickingATitle()
    {
        Opened o;
        QVERIFY(o.run("select 10 as n union all select null union all select 9 union all select "
                      "'text'"));
        const auto asAnswered = o.column(0);
        QAbstractItemModelTester tester(&o.model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto *titles = o.pane->table()->horizontalHeader();
        const QPoint first(20, titles->height() / 2);
        const auto click = [&] {
            QTest::mouseClick(titles->viewport(), Qt::LeftButton, {}, first);
            QVERIFY(o.model().sorting()); // never on this thread
            QVERIFY(o.settle());
        };
        click();
        QCOMPARE(o.column(0), (QStringList{"NULL", "9", "10", "text"}));
        click();
        QCOMPARE(o.column(0), (QStringList{"text", "10", "9", "NULL"}));
        click();
        QCOMPARE(o.column(0), asAnswered);
    }

    void sortingKeepsWhatIsSelectedARectangle()
    {
        Opened o;
        QVERIFY(o.run("select 3 as n, 'c' as t union all select 1, 'a' union all select 2, 'b'"));
        auto *selection = o.pane->table()->selectionModel();
        const auto sortBy = [&](int column) {
            o.pane->table()->sortByColumn(column, Qt::AscendingOrder);
            return o.settle();
        };
        // The cell stays with its row; cells that would be torn apart are let go.
        o.pane->table()->setCurrentIndex(o.model().index(0, 0));
        selection->select({o.model().index(0, 0), o.model().index(1, 1)},
                          QItemSelectionModel::ClearAndSelect);
        QVERIFY(sortBy(0));
        QCOMPARE(o.pane->table()->currentIndex(), o.model().index(2, 0));
        QCOMPARE(selection->selectedIndexes(), QModelIndexList{o.model().index(2, 0)});
        // All of a column is all of it in any order.
        selection->select({o.model().index(0, 1), o.model().index(2, 1)},
                          QItemSelectionModel::ClearAndSelect);
        QVERIFY(sortBy(1));
        QCOMPARE(selection->selectedIndexes().size(), 3);
    }

    void tellsNullFromTheTextNull()
    {
        Opened o;
        QVERIFY(o.run("select null, 'NULL', 3"));
        QVERIFY(o.model().index(0, 0).data(SqlResultModel::NullRole).toBool());
        QVERIFY(!o.model().index(0, 1).data(SqlResultModel::NullRole).toBool());
        QVERIFY(o.model().index(0, 2).data(SqlResultModel::NumberRole).toBool());
        QCOMPARE(o.model().index(0, 2).data(Qt::TextAlignmentRole).toInt(),
                 static_cast<int>(Qt::AlignRight | Qt::AlignVCenter));
    }

    void copiesWithTitles()
    {
        Opened o;
        QVERIFY(o.run("select 1 as a, '=x' as b union all select 2, 'line\nbreak'"));
        o.pane->table()->setFocus();
        o.pane->table()->selectAll();
        QGuiApplication::clipboard()->clear();
        QTest::keyClick(o.pane->table(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(QGuiApplication::clipboard()->text(),
                                  QString::fromUtf8("a\tb\n1\t'=x\n2\tline\u240abreak\n"),
                                  kGuiWait);
        o.pane->table()->setCurrentIndex(o.model().index(1, 0));
        QTest::keyClick(o.pane->table(), Qt::Key_C, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(QGuiApplication::clipboard()->text(), QString("a\n2\n"),
                                  kGuiWait);
    }

    void upInAnEmptyEditorBringsBackWhatWasRun()
    {
        Opened o;
        QVERIFY(o.run("select 1"));
        QVERIFY(o.run("select 2"));
        o.editor().setSql("");
        o.key(Qt::Key_Up);
        QCOMPARE(o.editor().text(), QString("select 2"));
        o.key(Qt::Key_Up);
        QCOMPARE(o.editor().text(), QString("select 1"));
        o.key(Qt::Key_Down);
        QCOMPARE(o.editor().text(), QString("select 2"));
        o.key(Qt::Key_Down);
        QCOMPARE(o.editor().text(), QString());
        // Text of one's own is never replaced.
        o.type("mine");
        o.key(Qt::Key_Escape);
        o.key(Qt::Key_Up);
        QCOMPARE(o.editor().text(), QString("mine"));
    }

    void remembersTextAndHistory()
    {
        Opened o;
        QVERIFY(o.run("select 1"));
        SqlPane other(*o.gui.services, o.window->document());
        other.restore(o.pane->state());
        QCOMPARE(other.editor()->text(), QString("select 1"));
        QCOMPARE(other.history(), QStringList{"select 1"});
        QVERIFY(!other.busy()); // nothing is run by itself
        other.restore({{"sql", 7}, {"history", "no list"}});
        QVERIFY(other.editor()->text().isEmpty());
    }

    void leavesMostOfThePlaceToTheAnswer()
    {
        Opened o;
        const auto share = [&] {
            const auto sizes = o.pane->splitter()->sizes();
            return static_cast<double>(sizes[0]) / (sizes[0] + sizes[1]);
        };
        QVERIFY2(share() > 0.15 && share() < 0.34, qPrintable(QString::number(share())));
        o.pane->resize(900, 1000);
        QTRY_VERIFY2(share() > 0.25 && share() < 0.34, qPrintable(QString::number(share())));
        // Drawn to another height it stays there, also in the next session.
        auto *handle = o.pane->splitter()->handle(1);
        const auto from = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, from + QPoint(0, 200),
                         handle->mapToGlobal(QPointF(from + QPoint(0, 200))), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(handle, &move);
        QTest::mouseRelease(handle, Qt::LeftButton, {}, from);
        const auto chosen = share();
        QVERIFY2(chosen > 0.42 && chosen < 0.6, qPrintable(QString::number(chosen)));
        SqlPane other(*o.gui.services, o.window->document());
        other.restore(o.pane->state());
        other.resize(900, 1000);
        other.show();
        QVERIFY(QTest::qWaitForWindowExposed(&other));
        const auto sizes = other.splitter()->sizes();
        const auto again = static_cast<double>(sizes[0]) / (sizes[0] + sizes[1]);
        QVERIFY2(std::abs(again - chosen) < 0.02, qPrintable(QString::number(again)));
    }

    void offersQueriesWhereTheAnswerWillBe()
    {
        Opened o;
        auto *page = o.pane->findChild<QWidget *>("sqlEmpty");
        QVERIFY(page && page->isVisible());
        const auto buttons = page->findChildren<QPushButton *>();
        QCOMPARE(buttons.size(), 3);
        QCOMPARE(buttons[0]->text(), QString("Top functions by self value"));
        QTest::mouseClick(buttons[0], Qt::LeftButton);
        QVERIFY(o.settle());
        QCOMPARE(o.column(2), (QStringList{"write", "read", "decode", "flush"}));
        QVERIFY(!page->isVisible());
        // An answer without rows says so; there is nothing to offer then.
        QVERIFY(o.run("select 1 where 0"));
        QVERIFY(page->isVisible() && !buttons[0]->isVisible());
    }

    void readyQueriesRunFromTheMenu()
    {
        Opened o;
        QAction *functions = nullptr;
        for (auto *button : o.pane->findChildren<QToolButton *>()) {
            for (auto *action : button->menu() ? button->menu()->actions() : QList<QAction *>()) {
                if (action->text() == "Top functions by self value")
                    functions = action;
            }
        }
        QVERIFY(functions);
        functions->trigger();
        QVERIFY(o.settle());
        QVERIFY2(o.pane->message().isEmpty(), qPrintable(o.pane->message()));
        QCOMPARE(o.column(2), (QStringList{"write", "read", "decode", "flush"}));
        QCOMPARE(o.column(4), (QStringList{"40", "30", "20", "10"}));
    }

    void textIsAsLargeAsElsewhere()
    {
        Opened o;
        o.editor().setSql("select 1");
        const auto height = o.editor().textHeight(0);
        const auto wanted = QFontMetrics(typeFont(TextStyle::Mono)).height();
        QVERIFY2(height >= wanted && height <= wanted + 8, qPrintable(QString::number(height)));
    }

    void tabLeavesTheEditor()
    {
        Opened o;
        o.type("select 1");
        QCOMPARE(o.pane->focusWidget(), &o.editor());
        o.key(Qt::Key_Tab);
        QVERIFY(o.pane->focusWidget() != &o.editor());
        QCOMPARE(o.editor().text(), QString("select 1"));
    }

    void aScreenReaderCanReadTheAnswer()
    {
        Opened o;
        QVERIFY(o.run("select 12 as answer, null as missing"));
        auto *view = QAccessible::queryAccessibleInterface(o.pane->table());
        QVERIFY(view && view->tableInterface());
        QCOMPARE(view->text(QAccessible::Name), QString("Answer"));
        QCOMPARE(view->tableInterface()->rowCount(), 1);
        QCOMPARE(view->tableInterface()->columnCount(), 2);
        QCOMPARE(view->tableInterface()->cellAt(0, 0)->text(QAccessible::Name), QString("12"));
        QCOMPARE(view->tableInterface()->cellAt(0, 1)->text(QAccessible::Name), QString("NULL"));
        QCOMPARE(view->tableInterface()->columnDescription(0), QString("answer"));
        for (const auto *button : o.pane->findChildren<QAbstractButton *>()) {
            if (button->isVisible() && button->focusPolicy() != Qt::NoFocus)
                QVERIFY(
                    !QAccessible::queryAccessibleInterface(const_cast<QAbstractButton *>(button))
                         ->text(QAccessible::Name)
                         .isEmpty());
        }
    }

    void saysWhatToDoWhenThereIsNothing()
    {
        GuiFixture gui;
        auto *window = gui.open();
        SqlPane pane(*gui.services, window->document());
        pane.editor()->setSql("select 1");
        pane.run();
        QVERIFY(!pane.busy());
        pane.show();
        QVERIFY(pane.message().contains("Open a capture first"));
    }
};

QTEST_MAIN(TestSqlPane)
#include "tst_sql_pane.moc"
