#include "app/gui/action_registry.h"
#include "app/gui/document.h"
#include "app/gui/scope_bar.h"
#include "app/gui/scope_controller.h"
#include "app/gui/slice_inspector.h"
#include "app/gui/timeline_pane.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/tracks_widget.h"
#include "views/scene/flame_tooltip.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QTableView>

#include <algorithm>
#include <cmath>
#include <map>

using namespace flamewright;

namespace {

// What the file says, row by row: what the window shows is compared with it.
struct Row {
    qint64 us, length;
    int tid;
    QString name;
};

// Two threads of a shop: requests of 1000 us, a query of 200 us (every fifth 600) and a render in
// each.
std::vector<Row> shopRows()
{
    std::vector<Row> out;
    for (int i = 0; i < 40; ++i) {
        for (const int tid : {1, 2}) {
            const qint64 begin = 5000 + i * 1500 + tid * 100;
            const qint64 query = i % 5 == 0 ? 600 : 200;
            out.push_back({begin, 1000, tid, QStringLiteral("request")});
            out.push_back({begin + 50, query, tid, QStringLiteral("query")});
            out.push_back({begin + 700, 250, tid, QStringLiteral("render")});
        }
    }
    return out;
}

QByteArray traceOf(const std::vector<Row> &rows)
{
    QByteArray out = "{\"traceEvents\":[\n"
                     "{\"ph\":\"M\",\"pid\":7,\"tid\":0,\"name\":\"process_name\","
                     "\"args\":{\"name\":\"shop\"}},\n"
                     "{\"ph\":\"M\",\"pid\":7,\"tid\":1,\"name\":\"thread_name\","
                     "\"args\":{\"name\":\"worker one\"}},\n"
                     "{\"ph\":\"M\",\"pid\":7,\"tid\":2,\"name\":\"thread_name\","
                     "\"args\":{\"name\":\"worker two\"}}";
    for (const auto &row : rows)
        out += ",\n{\"ph\":\"X\",\"pid\":7,\"tid\":" + QByteArray::number(row.tid) +
               ",\"ts\":" + QByteArray::number(row.us) +
               ",\"dur\":" + QByteArray::number(row.length) + ",\"name\":\"" + row.name.toUtf8() +
               "\",\"args\":{\"row\":" + QByteArray::number(row.us) + "}}";
    return out + "\n]}\n";
}

struct Journey {
    GuiFixture gui;
    std::vector<Row> rows = shopRows();
    MainWindow *window = nullptr;
    TimelinePane *pane = nullptr;
    TracksWidget *tracks = nullptr;

    Journey() { open({gui.write(QStringLiteral("shop.json"), traceOf(rows))}); }
    void open(const QStringList &paths)
    {
        window = gui.open(paths);
        const bool shown = QTest::qWaitFor(
            [this] {
                pane = window->views()->find<TimelinePane>();
                return pane && pane->model().set() && window->isSettled();
            },
            kGuiWait);
        if (!shown)
            qFatal("the timeline did not come");
        tracks = pane->tracks();
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
        tracks->setFocus();
    }
    bool wait() const
    {
        return QTest::qWaitFor([this] { return window->isSettled(); }, kGuiWait);
    }
    const TracksView &view() const { return tracks->view(); }
    double shown() const { return view().window().length; }
    std::uint32_t node(const char *name) const
    {
        const auto &nodes = view().set().nodes;
        for (std::uint32_t i = 0; i < nodes.size(); ++i) {
            if (nodes[i].name == name)
                return i;
        }
        qFatal("no such track");
    }
    // A slice of the file as it is drawn.
    TracksBox boxOf(const Row &row, std::uint32_t depth) const
    {
        const auto begin = row.us * 1000;
        const auto &set = view().set();
        const auto of = node(row.tid == 1 ? "worker one" : "worker two");
        const SlicePlace place{set.captures.front().id, set.nodes[of].ref.track, depth, begin,
                               row.length * 1000,       row.name.toStdString()};
        const auto box = view().boxOf(place);
        if (!box)
            qFatal("no such slice");
        return *box;
    }
    QPoint centreOf(const TracksBox &box) const
    {
        return tracks->placeOnScreen(box).center().toPoint();
    }
    // As a hand does: down, over the way, up.
    void drag(QPoint from, QPoint to) const
    {
        QTest::mousePress(tracks, Qt::LeftButton, {}, from);
        for (int i = 1; i <= 4; ++i)
            QTest::mouseMove(tracks, from + (to - from) * i / 4);
        QTest::mouseRelease(tracks, Qt::LeftButton, {}, to);
    }
    QString cell(const QString &name, int column) const
    {
        auto &model = pane->statsModel();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row, SliceStatsModel::Name).data().toString() == name)
                return model.index(row, column).data().toString();
        }
        return {};
    }
};

} // namespace

class TestTimelineJourney : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTraceOpensAtItsTimeline()
    {
        Journey j;
        QCOMPARE(window(j)->currentKind(), QStringLiteral("timeline"));
        QCOMPARE(j.pane->summary(), QStringLiteral("240 slices · 3 tracks"));
        // All of the time is counted unasked.
        QCOMPARE(j.cell(QStringLiteral("request"), SliceStatsModel::Count), QStringLiteral("80"));
        QCOMPARE(j.cell(QStringLiteral("query"), SliceStatsModel::Max), QStringLiteral("600 µs"));
        QCOMPARE(j.cell(QStringLiteral("query"), SliceStatsModel::P50), QStringLiteral("200 µs"));
        const auto &profile = j.pane->model().stats()->profile;
        QVERIFY(rootLabel(profile, {}).find("240 slices") != std::string::npos);
        // 80 requests of 1000 us without 16 queries of 600, 64 of 200, 80 renders of 250.
        QCOMPARE(j.cell(QStringLiteral("request"), SliceStatsModel::Self),
                 QStringLiteral("37.6 ms"));
    }
    void keysZoomAndMove()
    {
        Journey j;
        const auto all = j.shown();
        QTest::keyClick(j.tracks, Qt::Key_W);
        QTest::keyClick(j.tracks, Qt::Key_W);
        QVERIFY(j.shown() < all * 0.5);
        const auto begin = j.view().window().begin;
        QTest::keyClick(j.tracks, Qt::Key_D);
        QVERIFY(j.view().window().begin > begin);
        QTest::keyClick(j.tracks, Qt::Key_A);
        QVERIFY(std::abs(j.view().window().begin - begin) <= 1);
        QTest::keyClick(j.tracks, Qt::Key_S);
        QTest::keyClick(j.tracks, Qt::Key_S);
        QVERIFY(j.shown() > all * 0.9);
        for (int i = 0; i < 60; ++i)
            QTest::keyClick(j.tracks, Qt::Key_W);
        QCOMPARE(j.shown(), 10.0); // nanoseconds
        QTest::keyClick(j.tracks, Qt::Key_F);
        QCOMPARE(j.shown(), all);
        QTest::keyClick(j.tracks, Qt::Key_Backspace); // back
        QVERIFY(j.shown() < all);
    }
    void aBrushCountsItsSlicesAndIsTheScope()
    {
        Journey j;
        // From the begin of the fifth request of the first worker to the end of its eighth.
        const auto first = j.boxOf(j.rows[4 * 6], 0), last = j.boxOf(j.rows[7 * 6], 0);
        QCOMPARE(j.rows[4 * 6].name, QStringLiteral("request"));
        j.tracks->zoomTo(first.begin, last.end, 0.3);
        const auto from = j.tracks->placeOnScreen(first), to = j.tracks->placeOnScreen(last);
        // Some pixels beside: edges of slices attract.
        j.drag({qRound(from.left()) + 2, qRound(from.center().y())},
               {qRound(to.right()) - 2, qRound(to.center().y())});
        QVERIFY(j.wait());
        const auto area = j.view().area();
        QVERIFY(area);
        QCOMPARE(area->begin, first.begin);
        QCOMPARE(area->end, last.end);
        QCOMPARE(area->nodes, std::vector{j.node("worker one")});
        std::map<QString, int> counts;
        qint64 self = 0;
        for (const auto &row : j.rows) {
            const bool inside = row.tid == 1 && row.us * 1000 < area->end &&
                                (row.us + row.length) * 1000 > area->begin;
            counts[row.name] += inside ? 1 : 0;
            if (inside)
                self += row.name == QLatin1String("request") ? row.length : -row.length;
        }
        QCOMPARE(counts[QStringLiteral("request")], 4);
        for (const auto &[name, count] : counts)
            QCOMPARE(j.cell(name, SliceStatsModel::Count), QString::number(count));
        QCOMPARE(j.cell(QStringLiteral("request"), SliceStatsModel::Total), QStringLiteral("4 ms"));
        QCOMPARE(j.cell(QStringLiteral("request"), SliceStatsModel::Self),
                 QStringLiteral("%1 ms").arg(static_cast<double>(self) / 1000));
        // What every other view follows.
        const auto &times = j.window->scope().scope().times;
        QCOMPARE(times.size(), std::size_t{1});
        QCOMPARE(times[0].begin.time_since_epoch().count(), area->begin);
        QCOMPARE(times[0].end.time_since_epoch().count(), area->end);
        j.window->scope().back();
        QVERIFY(j.wait());
        QVERIFY(!j.view().area());
        QCOMPARE(j.cell(QStringLiteral("request"), SliceStatsModel::Count), QStringLiteral("80"));
        j.window->scope().forward();
        QVERIFY(j.wait());
        QCOMPARE(j.view().area()->begin, first.begin);
        QTest::keyClick(j.tracks, Qt::Key_Escape);
        QVERIFY(j.window->scope().scope().times.empty());
    }
    void aClickSaysAllOfASlice()
    {
        Journey j;
        const auto query = j.boxOf(j.rows[6 * 5 + 1], 1); // of the sixth request, 600 us
        j.tracks->zoomTo(query.begin, query.end, 1);
        QTest::mouseClick(j.tracks, Qt::LeftButton, {}, j.centreOf(query));
        QVERIFY(j.wait());
        const auto text = j.pane->inspector()->text();
        QVERIFY2(text.startsWith(QStringLiteral("query\n")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Duration: 600 µs")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("Parent: request")), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral("row: %1").arg(j.rows[6 * 5 + 1].us)),
                 qPrintable(text));
        // Arrows walk: up to the request, down again, on to the next of its lane.
        QTest::keyClick(j.tracks, Qt::Key_Up);
        QCOMPARE(j.view().selected()->begin, j.rows[6 * 5].us * 1000);
        QTest::keyClick(j.tracks, Qt::Key_Right);
        QCOMPARE(j.view().selected()->begin, j.rows[6 * 6].us * 1000);
        QVERIFY(j.wait());
        QVERIFY(j.pane->inspector()->text().contains(QStringLiteral("Self: 550 µs (55.0 %)")));
        // A double click makes it as wide as the view.
        QTest::mouseDClick(j.tracks, Qt::LeftButton, {}, j.centreOf(*j.view().selected()));
        QVERIFY(j.shown() < 1.3e6);
    }
    void aSearchGoesFromOneToTheNext()
    {
        Journey j;
        QTest::keyClick(j.tracks, Qt::Key_Slash);
        auto *field = j.window->scopeBar()->searchField();
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, QStringLiteral("quer"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(j.wait());
        QVERIFY(j.pane->model().matches());
        QCOMPARE(j.pane->model().matches()->count, std::uint64_t{80});
        j.tracks->setFocus();
        QTest::keyClick(j.tracks, Qt::Key_Period);
        QCOMPARE(j.view().selected()->begin, j.rows[1].us * 1000);
        QTest::keyClick(j.tracks, Qt::Key_Period); // of the other worker
        QCOMPARE(j.view().selected()->begin, j.rows[4].us * 1000);
        QCOMPARE(j.view().selected()->node, j.node("worker two"));
        QTest::keyClick(j.tracks, Qt::Key_Comma);
        QCOMPARE(j.view().selected()->begin, j.rows[1].us * 1000);
    }
    void tracksAreFilteredAndClosed()
    {
        Journey j;
        const auto height = j.view().contentHeight();
        j.pane->filterField()->setFocus();
        QTest::keyClicks(j.pane->filterField(), QStringLiteral("TWO"));
        QCOMPARE(j.view().rows().places().size(), std::size_t{2}); // with its process
        QTest::keyClick(j.pane->filterField(), Qt::Key_Escape);
        QVERIFY(j.tracks->hasFocus());
        j.pane->filterField()->clear();
        // The caret of the process.
        const auto where = j.view().layout(j.tracks->viewport());
        QTest::mouseClick(j.tracks, Qt::LeftButton, {}, QPoint(12, qRound(where.tracks.y) + 12));
        QCOMPARE(j.view().rows().places().size(), std::size_t{1});
        QTest::mouseClick(j.tracks, Qt::LeftButton, {}, QPoint(12, qRound(where.tracks.y) + 12));
        QCOMPARE(j.view().contentHeight(), height);
    }
    void whatKeysDoIsInTheMenusToo()
    {
        Journey j;
        const auto run = [&](const char *id) {
            auto &actions = j.window->actions();
            actions.refresh();
            auto *action = actions.action(QStringLiteral("timeline.") + QLatin1String(id));
            const bool enabled = action && action->isEnabled();
            if (enabled)
                action->trigger();
            return enabled;
        };
        const auto all = j.shown();
        QVERIFY(run("zoomIn"));
        QVERIFY(j.shown() < all);
        const auto closer = j.shown();
        QVERIFY(run("zoomOut"));
        QVERIFY(j.shown() > closer);
        QVERIFY(run("zoomIn") && run("everything"));
        QCOMPARE(j.shown(), all);
        QVERIFY(!run("next")); // nothing was searched
        QVERIFY(!run("flowOn"));
        QVERIFY(!run("together"));
        j.window->scope().setSearch("render");
        j.window->scope().commitSearch();
        QVERIFY(j.wait());
        QVERIFY(run("next"));
        QVERIFY(j.wait());
        QVERIFY(j.view().selected());
        QCOMPARE(j.view().nameOf(*j.view().selected()), std::string("render"));
        const auto first = j.view().selected()->begin;
        QVERIFY(run("next"));
        QVERIFY(j.view().selected()->begin > first);
        QVERIFY(run("previous"));
        QCOMPARE(j.view().selected()->begin, first);
        QVERIFY(run("fit"));
        QVERIFY(j.shown() < all / 20);
        QVERIFY(run("note"));
        QCOMPARE(j.pane->notes().rowCount(), 1);
    }
    void aCaptureIsMovedInTimeByItsLine()
    {
        Journey j;
        j.open({j.gui.write(QStringLiteral("first.json"), traceOf(j.rows)),
                j.gui.write(QStringLiteral("second.json"), traceOf(j.rows))});
        auto &document = j.window->document();
        QTRY_COMPARE_WITH_TIMEOUT(document.captures().size(), std::size_t{2}, kGuiWait);
        QVERIFY(j.wait());
        const auto first = document.captures()[0].id, second = document.captures()[1].id;
        const std::int64_t clock = 1'763'000'000'000'000'000;
        document.setWallOffset(first, clock);
        document.setWallOffset(second, clock + 10'000'000);
        j.window->actions().refresh();
        j.window->actions().action(QStringLiteral("timeline.together"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(j.wait() && j.view().hasClocks(), kGuiWait);
        QCOMPARE(j.view().set().captures.size(), std::size_t{2});
        const auto offsetOf = [&](CaptureId id) { return document.find(id)->meta.wallOffsetNs; };
        const auto line = [&] {
            const auto where = j.view().layout(j.tracks->viewport());
            const auto *place =
                j.view().rows().placeOf(*j.view().set().nodeOf({second, TrackId{}}));
            return QPoint(
                qRound(where.plotX + where.plotWidth / 2),
                qRound(static_cast<double>(where.tracks.y) + place->y - j.tracks->scrollY() + 12));
        };
        QTest::mouseMove(j.tracks, line());
        QTRY_VERIFY(j.tracks->tooltipText().contains(QStringLiteral("Alt + drag")));
        const auto begin = [&] {
            return j.view().set().find(second)->onAxis(j.view().set().find(second)->begin);
        };
        const auto before = begin();
        // Esc while it is dragged leaves it.
        QTest::mousePress(j.tracks, Qt::LeftButton, Qt::AltModifier, line());
        QTest::mouseMove(j.tracks, line() + QPoint(60, 0));
        QVERIFY(begin() > before); // shown as it would be
        QVERIFY(j.tracks->tooltipText().startsWith(QLatin1Char('+')));
        QTest::keyClick(j.tracks, Qt::Key_Escape);
        QCOMPARE(begin(), before);
        QTest::mouseRelease(j.tracks, Qt::LeftButton, Qt::AltModifier, line() + QPoint(60, 0));
        QVERIFY(j.wait());
        QCOMPARE(offsetOf(second), std::optional(clock + 10'000'000));
        // Let go, the session has it: as many pixels as it was dragged.
        const auto perPixel =
            j.shown() / static_cast<double>(j.view().layout(j.tracks->viewport()).plotWidth);
        const auto from = line();
        QTest::mousePress(j.tracks, Qt::LeftButton, Qt::AltModifier, from);
        QTest::mouseMove(j.tracks, from - QPoint(20, 0));
        QTest::mouseMove(j.tracks, from - QPoint(40, 0));
        QTest::mouseRelease(j.tracks, Qt::LeftButton, Qt::AltModifier, from - QPoint(40, 0));
        const auto expected = clock + 10'000'000 + std::llround(-40 * perPixel);
        QTRY_COMPARE_WITH_TIMEOUT(offsetOf(second), std::optional<std::int64_t>(expected),
                                  kGuiWait);
        QCOMPARE(offsetOf(first), std::optional(clock));
        QTRY_VERIFY_WITH_TIMEOUT(j.wait() && begin() - before == expected - clock - 10'000'000,
                                 kGuiWait);
        // Without Alt the same way chooses a time and moves nothing.
        j.drag(line(), line() + QPoint(50, 0));
        QVERIFY(j.wait());
        QCOMPARE(offsetOf(second), std::optional<std::int64_t>(expected));
    }
    void aNoteIsFoundAgainInTheSavedSession()
    {
        Journey j;
        const auto render = j.boxOf(j.rows[6 * 10 + 2], 1);
        j.tracks->zoomTo(render.begin, render.end, 1);
        QTest::mouseClick(j.tracks, Qt::LeftButton, {}, j.centreOf(render));
        QTest::keyClick(j.tracks, Qt::Key_M);
        auto *editor = j.pane->noteList()->findChild<QLineEdit *>();
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("why so slow"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(j.pane->notes().notes().front().text, QStringLiteral("why so slow"));
        const auto path = j.gui.directory.filePath(QStringLiteral("kept.fws"));
        j.window->document().saveAs(path.toStdString());
        QVERIFY(QTest::qWaitFor([&] { return !j.window->document().isWorking() && j.wait(); },
                                kGuiWait));
        j.window->close();

        j.open({path});
        QCOMPARE(j.pane->notes().rowCount(), 1);
        const auto &note = j.pane->notes().notes().front();
        QCOMPARE(note.text, QStringLiteral("why so slow"));
        QCOMPARE(note.begin, j.rows[6 * 10 + 2].us * 1000);
        QCOMPARE(note.end, (j.rows[6 * 10 + 2].us + 250) * 1000);
        QCOMPARE(j.view().notes().size(), std::size_t{1});
        // Its line leads there.
        j.pane->showPage(QStringLiteral("notes"));
        j.tracks->fitAll();
        const auto index = j.pane->notes().index(0);
        QTRY_VERIFY(j.pane->noteList()->visualRect(index).isValid());
        QTest::mouseClick(j.pane->noteList()->viewport(), Qt::LeftButton, {},
                          j.pane->noteList()->visualRect(index).center());
        QVERIFY(j.view().window().begin <= note.begin && j.view().window().end() >= note.end);
        QVERIFY(j.shown() < 1e6);
    }

private:
    static ViewArea *window(const Journey &j) { return j.window->views(); }
};

QTEST_MAIN(TestTimelineJourney)
#include "tst_timeline_journey.moc"
