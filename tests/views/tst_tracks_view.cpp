#include "tests/support/import_contract.h"
#include "tests/views/drawn_traces.h"
#include "views/scene/tracks_picture.h"
#include "views/scene/tracks_view.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace flamewright;

namespace {

const FixedMetrics kMetrics;
const Viewport kViewport{.size = {1000, 700}};

std::string painted(const TracksView &view, const Viewport &viewport = kViewport)
{
    DisplayList list;
    view.paint(viewport, Theme::Light, kMetrics, list);
    return dump(list);
}

// Slices by the definition of the picture: where each is, one by one.
struct Drawn {
    std::uint32_t node, depth;
    std::int64_t begin, end;
    double x0, x1, y;
    StringId name;
};
std::vector<Drawn> naivePlaces(const TracksView &view, const Viewport &viewport)
{
    std::vector<Drawn> out;
    const auto where = view.layout(viewport);
    const auto &capture = view.set().captures.front();
    const auto &lanes = capture.slices.back()->lanes;
    double y = static_cast<double>(where.tracks.y) - static_cast<double>(viewport.scrollY);
    for (const auto &place : view.rows().places()) {
        for (const auto &lane : lanes.lanes()) {
            if (lane.track != view.set().nodes[place.node].ref.track || lane.depth >= place.lanes)
                continue;
            for (auto row = lane.first; row < lane.last; ++row) {
                const auto perNs = static_cast<double>(where.plotWidth) / view.window().length;
                const auto at = [&](std::int64_t t) {
                    return static_cast<double>(where.plotX) +
                           (static_cast<double>(t - view.window().begin) - view.window().fraction) *
                               perNs;
                };
                out.push_back({place.node, lane.depth, lanes.begin(row), lanes.end(row),
                               at(lanes.begin(row)), at(lanes.end(row)),
                               y + kTrackPadding + lane.depth * kLaneHeight, lanes.name(row)});
            }
        }
        y += place.height;
    }
    return out;
}

} // namespace

class TestTracksView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tracksAreATree()
    {
        const TracksView view(drawnTraces());
        QStringList names;
        for (const auto &place : view.rows().places()) {
            const auto &node = view.set().nodes[place.node];
            names << QString(static_cast<qsizetype>(2 * node.indent), QLatin1Char(' ')) +
                         QString::fromStdString(node.name);
        }
        QCOMPARE(names, (QStringList{"checkout", "shop", "  worker", "  other", "  heap [bytes]",
                                     "CPU 0"}));
        QCOMPARE(view.set().nodes[*view.set().nodeOf({CaptureId{1}, TrackId{2}})].lanes, 2u);
        // Spans of 2500 us that begin every 2000 take two lanes.
        QCOMPARE(view.set().nodes[0].lanes, 2u);
    }
    void everySliceIsHitWhereItIs_data()
    {
        QTest::addColumn<double>("zoom");
        QTest::newRow("all of the time") << 1.0;
        QTest::newRow("a tenth") << 0.1;
        QTest::newRow("a hundredth") << 0.01;
    }
    void everySliceIsHitWhereItIs()
    {
        QFETCH(double, zoom);
        TracksView view(drawnTraces());
        view.setWindow(view.whole().zoomed(zoom, view.whole().length * 0.3));
        int wide = 0;
        for (const auto &slice : naivePlaces(view, kViewport)) {
            const auto x = (std::max(slice.x0, 210.0) + std::min(slice.x1, 1000.0)) / 2;
            const auto left = static_cast<double>(view.layout(kViewport).plotX);
            if (x < left || x >= 1000 || slice.x1 < left || slice.x0 >= 1000)
                continue;
            const auto hit =
                view.hit(kViewport, {static_cast<float>(x), static_cast<float>(slice.y + 8)});
            QCOMPARE(hit.node, std::optional(slice.node));
            QVERIFY(hit.box);
            QCOMPARE(hit.box->depth, slice.depth);
            if (slice.x1 - slice.x0 >= 3) {
                ++wide;
                QCOMPARE(hit.box->begin, slice.begin);
                QCOMPARE(hit.box->end, slice.end);
                QCOMPARE(hit.box->name, slice.name);
                QVERIFY(hit.box->exact());
            } else {
                QVERIFY(hit.box->begin <= slice.begin || slice.x1 - slice.x0 < 3);
            }
        }
        QVERIFY(wide > 3);
    }
    void aNanosecondOfTheEpochIsAsSharpAsOfTheFirstSecond()
    {
        // Half a century after zero, three nanoseconds apart.
        const std::int64_t epoch = 1'763'000'000'000'000'000;
        TimeWindow window{epoch, 0.25, 10};
        QCOMPARE(window.after(epoch + 3), 2.75);
        const auto moved = window.moved(0.5);
        QCOMPARE(moved.begin, epoch);
        QCOMPARE(moved.fraction, 0.75);
        QCOMPARE(moved.moved(0.5).begin, epoch + 1);
        const auto zoomed = window.zoomed(0.5, 4);
        QCOMPARE(zoomed.length, 5.0);
        QCOMPARE(zoomed.after(epoch + 3), 0.75); // what was at 4 of 10 is at 2 of 5
        QCOMPARE(window.at(3.8), epoch + 4);
        QCOMPARE((TimeWindow{INT64_MIN, 0, 1e19}).after(INT64_MAX), 9.3e18);
        QCOMPARE((TimeWindow{INT64_MAX, 0, 1e19}).end(), INT64_MAX);
    }
    void theWindowStaysInsideOfTheTime()
    {
        TracksView view(drawnTraces());
        const auto all = view.whole();
        view.setWindow(all.zoomed(0.1, 0).moved(-1e12));
        QCOMPARE(view.window().begin, all.begin);
        view.setWindow(all.zoomed(0.1, 0).moved(1e12));
        QVERIFY(std::fabs(view.window().after(all.end()) - view.window().length) < 3);
        view.setWindow(all.zoomed(100, 0));
        QCOMPARE(view.window(), all);
        view.setWindow(all.zoomed(1e-30, 5));
        QCOMPARE(view.window().length, 10.0);
    }
    void edgesOfSlicesAttract()
    {
        TracksView view(drawnTraces());
        view.setWindow(view.around(0, 4'000'000, 0));
        const auto slices = naivePlaces(view, kViewport);
        const auto at = std::find_if(slices.begin(), slices.end(), [](const Drawn &d) {
            return d.begin == 2'000'000 && d.end == 3'500'000;
        });
        QVERIFY(at != slices.end());
        const auto y = static_cast<float>(at->y + 8);
        const auto near = [&](double x) {
            return view.snapped(kViewport, {static_cast<float>(x), y}, 6);
        };
        QCOMPARE(near(at->x0 + 4), at->begin);
        QCOMPARE(near(at->x0 - 4), at->begin);
        QCOMPARE(near(at->x1 + 4), at->end);
        QVERIFY(near(at->x0 + 20) != at->begin);
    }
    void filtersKeepGroupsAndPinsStandOnTop()
    {
        TracksView view(drawnTraces());
        TrackChoices choices;
        choices.filter = "WORK";
        view.setChoices(choices);
        QCOMPARE(view.rows().places().size(), std::size_t{2});
        QCOMPARE(view.set().nodes[view.rows().places()[0].node].name, std::string("shop"));
        choices = {};
        choices.pinned = {{CaptureId{1}, TrackId{3}}};
        view.setChoices(choices);
        QCOMPARE(view.rows().pinned().size(), std::size_t{1});
        QCOMPARE(view.rows().places().size(), std::size_t{5});
        moveTrack(view.set(), choices, *view.set().nodeOf({CaptureId{1}, TrackId{4}}), -1);
        view.setChoices(choices);
        QCOMPARE(view.set().nodes[view.rows().places()[1].node].name, std::string("CPU 0"));
    }
    void flowsAreFollowedToTheirOtherEnd()
    {
        const TracksView view(drawnTraces());
        const auto node = *view.set().nodeOf({CaptureId{1}, TrackId{2}});
        const TracksBox query{
            .node = node, .depth = 1, .begin = 100'000, .end = 700'000, .count = 1};
        const auto there = view.flowEnd(query, 1);
        QVERIFY(there);
        QCOMPARE(there->begin, std::int64_t{900'000});
        QCOMPARE(view.set().nodes[there->node].name, std::string("other"));
        const auto back = view.flowEnd(*there, -1);
        QVERIFY(back);
        QCOMPARE(back->node, node);
        QVERIFY(!view.flowEnd(query, -1));
    }
    void pictureIsTheGolden()
    {
        TracksView view(drawnTraces(4));
        const auto picture = tracksPicture(
            view, {.title = "shop", .subtitle = "drawn by hand", .width = 700}, kMetrics);
        const auto diff = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/views/tracks.display-list.txt", dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void ticksOfSamplesAreTheGolden()
    {
        TracksView view(drawnTraces(4, true));
        const auto picture = tracksPicture(view, {.title = "shop", .width = 700}, kMetrics);
        const auto diff = testing::compareGolden(
            FW_SOURCE_DIR "/tests/golden/views/tracks-samples.display-list.txt",
            dump(picture.list));
        QVERIFY2(diff.empty(), diff.c_str());
    }
    void samplesUnderThePointerAreCounted()
    {
        TracksView view(drawnTraces(30, true));
        view.setWindow(view.around(0, 8'000'000, 0));
        for (const char *name : {"worker", "sampled only"}) {
            const auto node = std::find_if(view.set().nodes.begin(), view.set().nodes.end(),
                                           [&](const TrackNode &n) { return n.name == name; }) -
                              view.set().nodes.begin();
            const auto *place = view.rows().placeOf(static_cast<std::uint32_t>(node));
            QVERIFY(place);
            const auto top = static_cast<double>(view.layout(kViewport).tracks.y) + place->y;
            const auto y = place->lanes > 0 ? top + kTrackPadding + 2 : top + kGroupHeight / 2;
            for (int x = 260; x < 1000; ++x) {
                const auto hit =
                    view.hit(kViewport, {static_cast<float>(x), static_cast<float>(y)});
                // As drawTrace() wrote them, one by one.
                const bool all = place->lanes > 0;
                std::uint64_t count = 0;
                for (std::int64_t us = 0; hit.samples && us < 60'000; us += 250) {
                    const bool taken = us % 2000 < (all ? 1500 : 250);
                    count +=
                        taken && us * 1000 >= hit.samples->begin && us * 1000 < hit.samples->end;
                }
                const auto time = view.timeAt(kViewport, static_cast<float>(x)) / 1000;
                const bool on = time % 2000 % 250 < 5 && time % 2000 < (all ? 1250 : 5);
                QVERIFY(hit.samples || !on);
                if (hit.samples) {
                    QCOMPARE(hit.samples->count, count);
                    QVERIFY(view.tooltip(*hit.samples)
                                .title.starts_with(std::to_string(count) + " sample"));
                }
            }
        }
        // Lanes are below the strip, and hit there.
        const auto worker = *view.set().nodeOf({CaptureId{1}, TrackId{2}});
        const auto top =
            static_cast<double>(view.layout(kViewport).tracks.y) + view.rows().placeOf(worker)->y;
        const auto x = static_cast<float>(view.xOf(kViewport, 500'000));
        const auto hit = view.hit(
            kViewport, {x, static_cast<float>(top + kTrackPadding + kTickStrip + kLaneHeight + 2)});
        QVERIFY(hit.box);
        QCOMPARE(view.nameOf(*hit.box), std::string("SELECT price"));
    }
    void arrowsThatAreNotDrawnAreSaid()
    {
        // One for each request: more than a frame reads, then fifty.
        TracksView view(drawnTraces(61'000));
        QVERIFY(painted(view).find("arrows hidden: 61,000 in sight; zoom in") != std::string::npos);
        view.setWindow(view.around(0, 100'000'000, 0));
        QVERIFY(painted(view).find("arrows hidden") == std::string::npos);
        auto set = *drawnTraces(3);
        set.captures.front().flowsLeft = 12'345;
        QVERIFY(painted(TracksView(std::make_shared<const TraceSet>(std::move(set))))
                    .find("12,345 more arrows in the capture are not drawn") != std::string::npos);
    }
    void nothingIsDrawnWithWords()
    {
        QVERIFY(painted(TracksView()).find("No slices or counters here") != std::string::npos);
        QVERIFY(TracksView().hit(kViewport, {500, 300}).part == TracksHit::Part::Nothing);
    }
    void whatCannotBeSeenCostsNothing()
    {
        TracksView view(drawnTraces(20'000));
        DisplayList list;
        view.paint(kViewport, Theme::Light, kMetrics, list);
        // 240,000 rows; a box at most for each pixel of each lane, and what is around them.
        QVERIFY(list.commands().size() < 8 * 800 + 1500);
        QVERIFY(painted(view) == painted(view));
    }
};

QTEST_APPLESS_MAIN(TestTracksView)
#include "tst_tracks_view.moc"
