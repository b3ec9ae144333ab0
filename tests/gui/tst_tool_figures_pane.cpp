#include "app/gui/empty_hint.h"
#include "app/gui/requests_pane.h"
#include "app/gui/tool_figures_pane.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"

#include <QClipboard>
#include <QTableView>

using namespace flamewright;

namespace {

QString fixture(const char *name)
{
    return QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/") + QLatin1String(name);
}

QString cell(ToolFiguresPane *pane, int row, int column)
{
    return pane->model().index(row, column).data().toString();
}

} // namespace

// Load tests without requests: what the tool said, as the tool's.
class TestToolFiguresPane : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSummaryOpensAsTheFiguresOfItsTool()
    {
        GuiFixture gui;
        auto *window = gui.open({fixture("locust-csv/stats.csv")});
        QTRY_VERIFY_WITH_TIMEOUT(
            window->isSettled() && window->views()->find<ToolFiguresPane>() != nullptr &&
                window->views()->find<ToolFiguresPane>()->model().rowCount() > 0,
            kGuiWait);
        auto *pane = window->views()->find<ToolFiguresPane>();
        QCOMPARE(window->views()->current(), pane);
        QVERIFY(!pane->hint() || pane->hint()->isHidden());
        QVERIFY2(pane->summary().contains(QStringLiteral("Locust")), qPrintable(pane->summary()));
        // The row of the file that is called Aggregated.
        QCOMPARE(cell(pane, 0, ToolFiguresModel::Endpoint), QStringLiteral("all requests"));
        QCOMPARE(cell(pane, 0, ToolFiguresModel::Count), QStringLiteral("1,323"));
        QCOMPARE(cell(pane, 0, ToolFiguresModel::P99), QStringLiteral("120 ms"));
        QVERIFY(cell(pane, 0, ToolFiguresModel::Method).contains(QStringLiteral("two digits")));
        // Sorted by a click, and copied.
        pane->model().sort(ToolFiguresModel::Max, Qt::AscendingOrder);
        QCOMPARE(cell(pane, 0, ToolFiguresModel::Endpoint), QStringLiteral("POST /checkout"));
        pane->view()->setFocus();
        QTest::keyClick(pane->view(), Qt::Key_C, Qt::ControlModifier);
        const auto copied = QGuiApplication::clipboard()->text();
        QVERIFY2(copied.contains(QStringLiteral("POST /checkout")), qPrintable(copied));
        QVERIFY(copied.contains(QStringLiteral("0.99=")));
    }
    void whatTheToolDidNotSayIsADash()
    {
        GuiFixture gui;
        auto *window = gui.open({fixture("wrk/mix-L1.txt")});
        QTRY_VERIFY_WITH_TIMEOUT(
            window->isSettled() && window->views()->find<ToolFiguresPane>() != nullptr &&
                window->views()->find<ToolFiguresPane>()->model().rowCount() > 0,
            kGuiWait);
        auto *pane = window->views()->find<ToolFiguresPane>();
        QCOMPARE(cell(pane, 0, ToolFiguresModel::P95), QString(QChar(0x2013)));
        QCOMPARE(cell(pane, 0, ToolFiguresModel::P99), QStringLiteral("53.1 ms"));
    }
    void otherViewsSayWhyTheyAreEmpty()
    {
        GuiFixture gui;
        auto *window = gui.open({fixture("wrk/mix-L1.txt")});
        QTRY_VERIFY_WITH_TIMEOUT(
            window->isSettled() && window->views()->find<ToolFiguresPane>() != nullptr, kGuiWait);
        window->views()->open(QStringLiteral("requests"));
        auto *requests = window->views()->find<RequestsPane>();
        QVERIFY(requests && requests->hint() && !requests->hint()->isHidden());
        QVERIFY2(requests->hint()->text().contains(QStringLiteral("no requests")),
                 qPrintable(requests->hint()->text()));
    }
};

QTEST_MAIN(TestToolFiguresPane)
#include "tst_tool_figures_pane.moc"
