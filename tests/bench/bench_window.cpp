// Loads a capture into the real window, filters it the way a person does, and prints how long the
// event loop was away at most in each step:
//
//   tests/bench/make_perf_data.sh build/bench/busy.perf.data
//   xvfb-run -a build/release/bin/bench_window build/bench/busy.perf.data
#include "app/gui/function_table.h"
#include "app/gui/main_window.h"
#include "app/gui/scope_bar.h"
#include "app/gui/sql_editor.h"
#include "app/gui/sql_pane.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "tests/gui/stall_meter.h"

#include <QApplication>
#include <QLineEdit>
#include <QTableView>

#include <cstdio>
#include <functional>

using namespace flamewright;

namespace {

constexpr int kLongestStepMs = 300'000, kSettleMs = 300, kTypingMs = 60;

struct Step {
    const char *name;
    std::function<void(MainWindow &)> act;
};

void waitUntilSettled(MainWindow &window)
{
    QTest::qWait(20); // what was asked has begun
    (void)QTest::qWaitFor([&] { return window.isSettled() && window.profile().profile(); },
                          kLongestStepMs);
    QTest::qWait(kSettleMs); // and is painted
}

// Until its rows are there: a view of SQL is no part of what MainWindow::isSettled() asks.
void ask(MainWindow &window, const char *sql)
{
    auto *pane = window.views()->find<SqlPane>();
    if (!pane)
        return;
    pane->editor()->setSql(sql);
    pane->run();
    (void)QTest::qWaitFor([pane] { return !pane->busy(); }, kLongestStepMs);
    std::printf("  %d rows\n", pane->model().rowCount());
}

const std::vector<Step> kSteps{
    {"search",
     [](MainWindow &w) { QTest::keyClicks(w.scopeBar()->searchField(), "step", {}, kTypingMs); }},
    {"regular expression",
     [](MainWindow &w) {
         w.scopeBar()->searchField()->selectAll();
         QTest::keyClicks(w.scopeBar()->searchField(), "/step<[0-9]>/", {}, kTypingMs);
     }},
    {"no search", [](MainWindow &w) { w.scopeBar()->searchField()->clear(); }},
    {"one thread",
     [](MainWindow &w) {
         const auto &capture = w.document().captures().front();
         for (std::size_t i = 0; i < capture.meta.tracks.size(); ++i) {
             if (capture.meta.tracks[i].kind == TrackKind::Thread) {
                 w.scope().setTracks({{capture.id, TrackId{static_cast<std::uint32_t>(i + 1)}}});
                 return;
             }
         }
     }},
    {"all threads", [](MainWindow &w) { w.scope().reset(); }},
    {"select",
     [](MainWindow &w) {
         const auto nodes = static_cast<std::uint32_t>(w.profile().profile()->tree.size());
         w.profile().selectNode(nodes / 2);
     }},
    {"sort by name",
     [](MainWindow &w) { w.functionTable()->view()->sortByColumn(0, Qt::AscendingOrder); }},
    {"split", [](MainWindow &w) { w.views()->split(Qt::Horizontal); }},
    {"collapse recursion",
     [](MainWindow &w) {
         auto scope = w.scope().scope();
         scope.transforms.push_back({TransformKind::CollapseRecursion, {}});
         w.scope().setScope(scope);
     }},
    {"back", [](MainWindow &w) { w.scope().back(); }},
    {"large SQL answer",
     [](MainWindow &w) {
         w.views()->open(QStringLiteral("sql"));
         ask(w, "select s.time, s.value, f.function, f.module from sample s "
                "join stack k on k.capture = s.capture and k.id = s.stack "
                "join frame f on f.capture = k.capture and f.id = k.frame limit 100000");
     }},
    {"small SQL answer", [](MainWindow &w) { ask(w, "select 1"); }},
};

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_window CAPTURE\n");
        return 2;
    }
    QApplication app(argc, argv);
    GuiFixture gui(Isolation::Worker);
    auto *window = gui.open();
    StallMeter meter;
    double own = 0, work = 0;
    const auto report = [&](const char *name) {
        std::printf("%-20s %8.1f %8.1f %8.1f\n", name, meter.longestMs(), meter.ownMs(),
                    meter.workMs());
        own = std::max(own, meter.ownMs());
        work = std::max(work, meter.workMs());
        meter.restart();
    };
    std::printf("longest stall in ms       all  no wait     work\n");
    gui.desk->openFiles({QString::fromLocal8Bit(argv[1])}, window);
    waitUntilSettled(*window);
    const auto &profile = window->profile().profile();
    if (!profile) {
        std::fprintf(stderr, "%s cannot be shown\n", argv[1]);
        return 3;
    }
    report("load");
    std::printf("  %lld samples, %zu nodes, %zu functions\n",
                static_cast<long long>(profile->samples), profile->tree.size(),
                profile->table.size());
    for (const auto &step : kSteps) {
        step.act(*window);
        waitUntilSettled(*window);
        report(step.name);
    }
    std::printf("longest of all       %8s %8.1f %8.1f (goal: below %d ms)\n", "", own, work,
                StallMeter::kNoticedMs);
    return 0;
}
