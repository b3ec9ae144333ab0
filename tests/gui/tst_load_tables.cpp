#include "app/gui/action_registry.h"
#include "app/gui/duration_text.h"
#include "app/gui/empty_hint.h"
#include "app/gui/errors_pane.h"
#include "app/gui/load_controls.h"
#include "app/gui/load_inspector.h"
#include "app/gui/panels.h"
#include "app/gui/requests_pane.h"
#include "app/gui/scope_bar.h"
#include "app/gui/status_line.h"
#include "app/gui/view_area.h"
#include "app/gui/view_export.h"
#include "tests/gui/gui_fixture.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

using namespace flamewright;

namespace {

// Twelve requests at three endpoints, one every 100 ms; two of them fail.
//   /a: 10, 20, 30, 40 ms; /b: 100, 200 ms and two failures of 1 ms; /c: 5, 6, 7, 8 ms
QByteArray twelve()
{
    QByteArray out = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success,"
                     "bytes\n";
    struct Row {
        const char *name;
        int ms;
        bool ok;
    };
    constexpr Row rows[] = {{"/a", 10, true}, {"/b", 100, true}, {"/c", 5, true},
                            {"/a", 20, true}, {"/b", 1, false},  {"/c", 6, true},
                            {"/a", 30, true}, {"/b", 200, true}, {"/c", 7, true},
                            {"/a", 40, true}, {"/b", 1, false},  {"/c", 8, true}};
    qint64 at = 1'700'000'000'000;
    for (const auto &row : rows) {
        out += QByteArray::number(at) + ',' + QByteArray::number(row.ms) + ',' + row.name + ',' +
               (row.ok ? "200,OK" : "503,Overloaded") + ",one 1-1," + (row.ok ? "true" : "false") +
               ",100\n";
        at += 100;
    }
    return out;
}

struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit Opened(const QByteArray &jtl = twelve())
    {
        window = gui.open({gui.write("shop.jtl", jtl)});
        if (!wait())
            qFatal("the load test did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    bool wait() const
    {
        return QTest::qWaitFor([this] { return window->load().answer() && window->isSettled(); },
                               kGuiWait);
    }
    RequestsPane *requests() const { return window->views()->find<RequestsPane>(); }
    QString cell(int row, LoadColumn column) const
    {
        auto &model = requests()->model();
        return model.index(row, static_cast<int>(column)).data().toString();
    }
    QString detail(int row, LoadColumn column) const
    {
        auto &model = requests()->model();
        return model.index(row, static_cast<int>(column))
            .data(EndpointModel::DetailRole)
            .toString();
    }
    int rowNamed(const QString &name) const
    {
        for (int row = 0; row < requests()->model().rowCount(); ++row) {
            if (cell(row, LoadColumn::Name) == name)
                return row;
        }
        return -1;
    }
    void click(const QString &name, Qt::KeyboardModifiers modifiers = {}) const
    {
        auto *view = requests()->view();
        const auto index = requests()->model().index(rowNamed(name), 1);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers,
                          view->visualRect(index).center());
    }
    void run(const char *id) const { window->actions().action(QLatin1String(id))->trigger(); }
};

} // namespace

// The tables of a load test, used as a person does.
class TestLoadTables : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void opensWithItsOwnViewsAndSaysWhatItHolds()
    {
        Opened o;
        QVERIFY(o.requests());
        QVERIFY(!o.window->flamePane());
        QVERIFY(!o.window->panels()->panel("functions")->isVisible());
        QVERIFY(o.window->loadInspector()->isVisible());
        QCOMPARE(o.requests()->model().rowCount(), 4);
        const auto status = o.window->statusLine()->text();
        QVERIFY2(status.contains("12 requests") && status.contains("2 failed (16.7 %)"),
                 qPrintable(status));
        QVERIFY2(!status.contains("lost") && !status.contains("sample"), qPrintable(status));
        QVERIFY(!o.window->scopeBar()->measurePicker()->isVisible());
    }

    void rowsHaveTheFiguresOfTheFile()
    {
        Opened o;
        QCOMPARE(o.cell(0, LoadColumn::Name), QString("All requests"));
        QCOMPARE(o.cell(0, LoadColumn::Count), QString("12"));
        QCOMPARE(o.cell(0, LoadColumn::Errors), QString("2"));
        QCOMPARE(o.detail(0, LoadColumn::Errors), QString("16.7 %"));
        QCOMPARE(o.cell(0, LoadColumn::Max), QString("200 ms"));
        const auto b = o.rowNamed("/b");
        QCOMPARE(o.cell(b, LoadColumn::Count), QString("4"));
        QCOMPARE(o.cell(b, LoadColumn::Min), QString("100 ms")); // of successes
        // Of two requests no percentile can be told.
        QCOMPARE(o.cell(b, LoadColumn::P50), QString(QChar(0x2013)));
        QCOMPARE(o.detail(b, LoadColumn::P50), QString("n too small"));
        QCOMPARE(o.cell(b, LoadColumn::Mean), QString("150 ms"));
        QCOMPARE(o.detail(b, LoadColumn::P99), QString("n too small"));
        // 12 requests in 1.108 s: until the last one has its answer.
        QCOMPARE(o.cell(0, LoadColumn::Rate), QString("10.8 /s"));
        o.requests()->controls()->failuresButton()->click();
        QVERIFY(o.wait());
        QCOMPARE(o.cell(o.rowNamed("/b"), LoadColumn::Min), QString("1 ms"));
        QVERIFY(o.requests()->footer().contains("failures included"));
    }

    void clickSetsTheScopeAndEscapeClearsIt()
    {
        Opened o;
        o.click("/b");
        QVERIFY(o.wait());
        QCOMPARE(o.window->scope().scope().tracks.size(), 1u);
        QCOMPARE(o.window->load().answer()->shown->size(), 4u);
        QCOMPARE(o.cell(0, LoadColumn::Count), QString("4"));
        QCOMPARE(o.requests()->model().rowCount(), 4); // the others can still be chosen
        QVERIFY2(o.window->loadInspector()->text().startsWith("/b"),
                 qPrintable(o.window->loadInspector()->text()));
        o.click("/c", Qt::ControlModifier);
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 8u);
        o.run("scope.back");
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 4u);
        QCOMPARE(o.requests()->view()->selectionModel()->selectedRows().size(), 1);
        o.requests()->view()->setFocus();
        QTest::keyClick(o.requests()->view(), Qt::Key_Escape);
        QVERIFY(o.wait());
        QVERIFY(o.window->scope().scope().tracks.empty());
        QCOMPARE(o.cell(0, LoadColumn::Count), QString("12"));
        QVERIFY(!o.requests()->view()->selectionModel()->hasSelection());
    }

    void timesOfTheScopeLimitTheRows()
    {
        Opened o;
        const auto &base = *o.window->load().answer()->base;
        o.window->scope().setTimes(onClocks(base, 300'000'000, 600'000'000));
        QVERIFY(o.wait());
        QCOMPARE(o.cell(0, LoadColumn::Count), QString("3"));
        QCOMPARE(o.cell(o.rowNamed("/a"), LoadColumn::Max), QString("20 ms"));
        QVERIFY(o.window->statusLine()->text().contains("3 of 12 requests in scope"));
    }

    void groupsByStatusAreHighlightedOnly()
    {
        Opened o;
        o.run("load.by.status");
        QVERIFY(o.wait());
        QCOMPARE(o.requests()->model().rowCount(), 3);
        o.click("503");
        QVERIFY(o.wait());
        QVERIFY(o.window->scope().scope().tracks.empty());
        QVERIFY(o.window->load().emphasis().has_value());
        QTest::keyClick(o.requests()->view(), Qt::Key_Escape);
        QVERIFY(!o.window->load().emphasis().has_value());
    }

    void searchFindsRows()
    {
        Opened o;
        o.window->scopeBar()->searchField()->setText("/[ac]$/");
        QVERIFY(o.wait());
        QCOMPARE(o.requests()->model().rowCount(), 3);
        QCOMPARE(o.window->scopeBar()->searchText(), QString("2 of 3 match"));
        o.window->scopeBar()->searchField()->setText("/[/");
        QVERIFY(o.wait());
        QVERIFY(o.window->scopeBar()->searchText().contains("not valid"));
    }

    void sortsByAColumn()
    {
        Opened o;
        o.requests()->view()->sortByColumn(static_cast<int>(LoadColumn::Max), Qt::AscendingOrder);
        QCOMPARE(o.cell(0, LoadColumn::Name), QString("All requests")); // stays
        QCOMPARE(o.cell(1, LoadColumn::Name), QString("/c"));
        QCOMPARE(o.cell(3, LoadColumn::Name), QString("/b"));
    }

    void copiesUnroundedRows()
    {
        Opened o;
        o.requests()->view()->setFocus();
        QTest::keyClick(o.requests()->view(), Qt::Key_C, Qt::ControlModifier);
        const auto lines = QGuiApplication::clipboard()->text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        const auto titles = lines[0].split('\t');
        const auto b = lines.filter(QRegularExpression("^/b\t"))[0].split('\t');
        QCOMPARE(b.size(), titles.size());
        QCOMPARE(b[titles.indexOf("requests")], QString("4"));
        QCOMPARE(b[titles.indexOf("max_ns")], QString("200000000"));
        QVERIFY(lines[1].startsWith("*\t12\t"));
    }

    void rowsAreWrittenAsCsv()
    {
        QCOMPARE(csvOf("a\tb\n1,5\tsays \"no\"\n"),
                 QString("a,b\r\n\"1,5\",\"says \"\"no\"\"\"\r\n"));
        Opened o;
        o.window->views()->show("requests");
        o.run("file.exportData");
        auto *dialog = o.window->findChild<QFileDialog *>();
        QVERIFY(dialog);
        dialog->hide();
        const auto path = o.gui.directory.filePath("rows.csv");
        Q_EMIT dialog->fileSelected(path);
        dialog->deleteLater();
        QVERIFY(QTest::qWaitFor([&] { return !o.window->exporter().busy(); }, kGuiWait));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto lines = QString::fromUtf8(file.readAll()).split("\r\n", Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 5);
        QVERIFY2(lines[0].startsWith("endpoint,requests,"), qPrintable(lines[0]));
        QVERIFY2(lines[1].startsWith("*,12,"), qPrintable(lines[1]));
        // A folder that is not there: said, not lost.
        o.window->exporter().writeData([] { return QString("a"); }, "/nowhere/rows.csv");
        QTRY_COMPARE_WITH_TIMEOUT(o.window->messages().size(), 1, kGuiWait);
    }

    void errorsLeadToWhereTheyHappened()
    {
        Opened o;
        o.run("view.open.errors");
        auto *errors = o.window->views()->find<ErrorsPane>();
        QVERIFY(errors);
        QVERIFY(o.wait());
        auto &model = errors->model();
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, ErrorModel::Status).data().toString(), QString("503"));
        QCOMPARE(model.index(0, ErrorModel::Message).data().toString(), QString("Overloaded"));
        QCOMPARE(model.index(0, ErrorModel::Count).data().toString(), QString("2"));
        QCOMPARE(model.index(0, ErrorModel::Share).data().toString(), QString("16.7 %"));
        QCOMPARE(model.index(0, ErrorModel::First).data().toString(), QString("0.40 s"));
        QCOMPARE(model.index(0, ErrorModel::Last).data().toString(), QString("1.00 s"));
        QCOMPARE(model.index(0, ErrorModel::Groups).data().toString(), QString("/b"));
        QTest::mouseClick(errors->view()->viewport(), Qt::LeftButton, {},
                          errors->view()->visualRect(model.index(0, 1)).center());
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 3u); // of /b, from 0.4 s to 1 s
        o.run("scope.back");
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().answer()->shown->size(), 12u);
    }

    void viewsOfProfilesSayWhatToOpenInstead()
    {
        Opened o;
        o.run("view.open.flame");
        const auto *hint = o.window->views()->current()->hint();
        QVERIFY(hint && hint->isVisible());
        QVERIFY2(hint->text().contains("load test"), qPrintable(hint->text()));
        const auto lead = hint->button()->text();
        QTest::mouseClick(hint->button(), Qt::LeftButton);
        QVERIFY(!o.window->views()->current()->hint());
        QVERIFY2(lead.startsWith("Open "), qPrintable(lead));
        // And the other way round, with the tab that suits coming to the front.
        o.gui.desk->openFiles({o.gui.drawn()}, o.window);
        QVERIFY(
            QTest::qWaitFor([&] { return o.window->document().captures().size() == 2; }, kGuiWait));
        QTRY_COMPARE_WITH_TIMEOUT(o.window->views()->currentKind(), QString("flame"), kGuiWait);
        QTRY_VERIFY_WITH_TIMEOUT(o.window->isSettled(), kGuiWait);
        QVERIFY(!o.window->views()->current()->hint());
        QVERIFY(o.requests()->hint());
        QVERIFY(o.window->panels()->panel("functions")->isVisible());
    }

    void opensWithTheMostRequestsFirst()
    {
        // /d alone has two requests more than each of the others.
        Opened o(twelve() + "1700000001200,9,/d,200,OK,one 1-1,true,100\n" +
                 "1700000001300,9,/d,200,OK,one 1-1,true,100\n" +
                 "1700000001400,9,/d,200,OK,one 1-1,true,100\n" +
                 "1700000001500,9,/d,200,OK,one 1-1,true,100\n" +
                 "1700000001600,9,/d,200,OK,one 1-1,true,100\n");
        QCOMPARE(o.cell(1, LoadColumn::Name), QString("/d"));
        const auto title = o.requests()->model().headerData(static_cast<int>(LoadColumn::Count),
                                                            Qt::Horizontal, Qt::DisplayRole);
        QVERIFY2(title.toString().startsWith(QChar(0x2193)), qPrintable(title.toString()));
    }

    void omissionIsSaidWithAWhatIf()
    {
        // Four workers in a loop, 10 ms for each answer, but for one second in which it takes 1 s.
        QByteArray out =
            "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success\n";
        for (int worker = 0; worker < 4; ++worker) {
            qint64 at = 1'700'000'000'000;
            while (at < 1'700'000'010'000) {
                const bool stuck = at >= 1'700'000'005'000 && at < 1'700'000'005'100;
                const int took = stuck ? 1000 : 10 + static_cast<int>(at % 3);
                out += QByteArray::number(at) + ',' + QByteArray::number(took) +
                       ",/a,200,OK,one 1-" + QByteArray::number(worker) + ",true\n";
                at += took;
            }
        }
        Opened o(out);
        QVERIFY(o.window->load().whatIf().has_value());
        const auto text = o.window->loadInspector()->text();
        QVERIFY2(text.contains("Closed model: percentiles are a lower bound"), qPrintable(text));
        QVERIFY2(!text.contains("--"), qPrintable(text)); // no option of the command line
        const auto at = text.indexOf("What if");
        QVERIFY2(at > 0, qPrintable(text));
        // p99 as measured is that of the quick answers; the stall would have been seen.
        QVERIFY(o.window->load().answer()->total.latency.ok.percentiles[3].value < 20'000'000);
        QVERIFY(o.window->load().whatIf()->latency.percentiles[3].value > 200'000'000);
        const auto *remark = o.requests()->findChild<QWidget *>("requestsRemark");
        QVERIFY(remark && remark->isVisible());
    }

    void objectiveIsTypedAsATime()
    {
        Opened o;
        auto *field = o.requests()->controls()->sloField();
        field->setFocus();
        QTest::keyClicks(field, "25 ms");
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(o.wait());
        QCOMPARE(o.window->load().choice().sloNs, std::optional<std::int64_t>(25'000'000));
        const auto text = o.window->loadInspector()->text();
        QVERIFY2(text.contains("6 of 12 requests succeeded in time, 50.0 %"), qPrintable(text));
        // a: 2 of 4 up to 25 ms, the others up to 100 ms
        QCOMPARE(o.cell(o.rowNamed("/a"), LoadColumn::Apdex), QString("0.75"));
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, "soon");
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(field->property("invalid").toBool(), true);
        QCOMPARE(o.window->load().choice().sloNs, std::optional<std::int64_t>(25'000'000));
    }

    void timesAreReadAsTyped()
    {
        QCOMPARE(parseDurationText("300 ms"), std::optional<std::int64_t>(300'000'000));
        QCOMPARE(parseDurationText(" 1.5S"), std::optional<std::int64_t>(1'500'000'000));
        QCOMPARE(parseDurationText("20"), std::optional<std::int64_t>(20'000'000));
        QCOMPARE(parseDurationText(QString::fromUtf8("250 µs")),
                 std::optional<std::int64_t>(250'000));
        QCOMPARE(parseDurationText("2min"), std::optional<std::int64_t>(120'000'000'000));
        for (const auto *wrong : {"", "ms", "-1 ms", "0", "nan", "1e99 s", "3 x"})
            QVERIFY2(!parseDurationText(wrong), wrong);
    }
};

QTEST_MAIN(TestLoadTables)
#include "tst_load_tables.moc"
