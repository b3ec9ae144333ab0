#include "analysis/lanes.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace flamewright;

namespace {

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

void append(SliceColumns &to, std::uint32_t track, std::uint32_t depth, std::int64_t begin,
            std::int64_t length, std::uint32_t name, std::uint8_t flags = 0)
{
    to.begin.push_back(at(begin));
    to.length.push_back(Duration{length});
    to.track.push_back(TrackId{track});
    to.name.push_back(StringId{name});
    to.depth.push_back(depth);
    to.kind.push_back(SliceKind::Slice);
    to.flags.push_back(flags);
    to.trace.push_back({});
    to.span.push_back(0);
    to.parent.push_back(0);
    to.args.push_back({});
}

// Lanes without overlaps, as importers make them: slices and gaps of all sizes.
SliceColumns drawn(unsigned seed, int rows, std::int64_t from, bool overlapping)
{
    std::mt19937_64 random(seed);
    SliceColumns out;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> next;
    for (int i = 0; i < rows; ++i) {
        const auto track = static_cast<std::uint32_t>(1 + random() % 3);
        const auto depth = static_cast<std::uint32_t>(random() % 3);
        auto &begin = next.try_emplace({track, depth}, from).first->second;
        const auto size = [&] {
            return static_cast<std::int64_t>(random() % (std::uint64_t{1} << (random() % 18)));
        };
        begin += size();
        const auto length = random() % 20 == 0 ? 0 : size();
        append(out, track, depth, begin, length, static_cast<std::uint32_t>(1 + random() % 9),
               static_cast<std::uint8_t>(random() % 50 == 0 ? kSliceError : 0));
        if (!overlapping)
            begin += length;
    }
    return out;
}

SliceLanes lanesOf(const SliceColumns &rows)
{
    SliceLanes::Builder builder;
    builder.add(rows);
    return std::move(builder).finish();
}

bool touches(std::int64_t begin, std::int64_t end, const LaneWindow &window)
{
    return begin < window.end && (end > window.begin || begin >= window.begin);
}

} // namespace

class TestLanes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everySliceIsInOneBox_data()
    {
        QTest::addColumn<bool>("overlapping");
        QTest::addColumn<qint64>("from");
        QTest::newRow("lanes without overlaps") << false << qint64(0);
        QTest::newRow("before the zero of the clock") << false << qint64(-300'000'000);
        QTest::newRow("times of the epoch") << false << qint64(1'700'000'000'000'000'000);
        QTest::newRow("broken lanes") << true << qint64(0);
    }
    void everySliceIsInOneBox()
    {
        QFETCH(bool, overlapping);
        QFETCH(qint64, from);
        const auto rows = drawn(1, 9000, from, overlapping);
        const auto lanes = lanesOf(rows);
        QCOMPARE(lanes.rows(), rows.size());
        std::mt19937_64 random(2);
        for (int turn = 0; turn < 120; ++turn) {
            const auto span = std::int64_t{1} << (4 + random() % 25);
            const auto begin = from + static_cast<std::int64_t>(random() % 60'000'000) - span / 2;
            const LaneWindow window{begin, begin + span, static_cast<double>(span) / 500};
            for (const auto &lane : lanes.lanes())
                compare(rows, lanes, lane, window, overlapping);
        }
    }
    void boxesDoNotMoveWhenTheWindowDoes()
    {
        const auto lanes = lanesOf(drawn(3, 20'000, 0, false));
        const LaneWindow a{10'000'000, 20'000'000, 20'000}, b{10'007'777, 20'007'777, 20'000};
        std::vector<LaneBox> first, second;
        lanes.boxes(lanes.lanes()[0], a, first);
        lanes.boxes(lanes.lanes()[0], b, second);
        std::size_t same = 0;
        for (const auto &box : first) {
            if (box.begin < 10'100'000 || box.end > 19'900'000)
                continue;
            const auto it = std::find_if(second.begin(), second.end(), [&](const LaneBox &other) {
                return other.begin == box.begin && other.end == box.end && other.count == box.count;
            });
            QVERIFY(it != second.end());
            ++same;
        }
        QVERIFY(same > 50);
    }
    void boxesFollowPixelsAndNotRows()
    {
        SliceColumns rows;
        for (int i = 0; i < 200'000; ++i)
            append(rows, 1, 0, i * 10, 10, 1);
        const auto lanes = lanesOf(rows);
        std::vector<LaneBox> out;
        lanes.boxes(lanes.lanes()[0], {0, 2'000'000, 2000}, out);
        // 2,000,000 ns in columns of 2,048 ns.
        QCOMPARE(out.size(), std::size_t{977});
        // A million long ones on top of each other.
        SliceColumns broken;
        for (int i = 0; i < 100'000; ++i)
            append(broken, 1, 0, i, 1'000'000'000, 1);
        const auto pile = lanesOf(broken);
        out.clear();
        pile.boxes(pile.lanes()[0], {0, 1'000'000'000, 1'000'000}, out);
        QVERIFY(out.size() <= 2 * SliceLanes::kMostBoxes);
        std::uint64_t count = 0;
        for (const auto &box : out)
            count += box.count;
        QCOMPARE(count, std::uint64_t{100'000});
    }
    void timesAtTheEndsOfTheWorldAreDrawn()
    {
        SliceColumns rows;
        append(rows, 1, 0, INT64_MIN, INT64_MAX, 1);
        append(rows, 1, 0, INT64_MAX - 1, INT64_MAX, 2);
        const auto lanes = lanesOf(rows);
        for (const auto pixel : {1e-3, 1.0, 1e9, 1e18, 1e300}) {
            std::vector<LaneBox> out;
            lanes.boxes(lanes.lanes()[0], {INT64_MIN, INT64_MAX, pixel}, out);
            std::uint64_t count = 0;
            for (const auto &box : out)
                count += box.count;
            QCOMPARE(count, std::uint64_t{2});
        }
    }
    void rowsOfLevelsCountTheirSlices()
    {
        SliceLevelColumns rows;
        const auto add = [&](std::int64_t begin, std::int64_t length, std::uint32_t count) {
            rows.begin.push_back(at(begin));
            rows.length.push_back(Duration{length});
            rows.track.push_back(TrackId{1});
            rows.name.push_back(StringId{count});
            rows.depth.push_back(0);
            rows.kind.push_back(SliceKind::Slice);
            rows.flags.push_back(0);
            rows.count.push_back(count);
            rows.busy.push_back(Duration{length});
            rows.cellBits.push_back(10);
        };
        add(5000, 20, 7); // not in order
        add(0, 900, 3);
        add(1024, 900, 4);
        SliceLanes::Builder builder;
        builder.add(rows);
        const auto lanes = std::move(builder).finish();
        std::vector<LaneBox> out;
        lanes.boxes(lanes.lanes()[0], {0, 10'000, 100}, out);
        QCOMPARE(out.size(), std::size_t{3});
        QCOMPARE(out[0].count, std::uint64_t{3});
        QCOMPARE(out[1].count, std::uint64_t{4});
        QCOMPARE(out[2].count, std::uint64_t{7});
        out.clear();
        lanes.boxes(lanes.lanes()[0], {0, 10'000, 2000}, out);
        QCOMPARE(out.size(), std::size_t{2}); // columns of 2,048 ns
        QCOMPARE(out[0].count, std::uint64_t{7});
        QCOMPARE(out[0].begin, std::int64_t{0});
        QCOMPARE(out[0].end, std::int64_t{1924});
    }
    void neighboursOfATimeAreFound()
    {
        const auto rows = drawn(4, 5000, 0, false);
        const auto lanes = lanesOf(rows);
        std::mt19937_64 random(5);
        for (int turn = 0; turn < 2000; ++turn) {
            const auto time = static_cast<std::int64_t>(random() % 20'000'000);
            const auto &lane = lanes.lanes()[random() % lanes.lanes().size()];
            auto first = lane.last, before = lane.last;
            for (auto i = lane.first; i < lane.last; ++i) {
                if (first == lane.last && (lanes.end(i) > time || lanes.begin(i) >= time))
                    first = i;
                if (lanes.begin(i) < time)
                    before = i;
            }
            QCOMPARE(lanes.firstEndingAfter(lane, time), first);
            QCOMPARE(lanes.lastBeginningBefore(lane, time), before);
        }
    }
    void countersHaveTheirLeastAndMost()
    {
        std::mt19937_64 random(6);
        CounterColumns rows;
        std::int64_t time = -5000;
        for (int i = 0; i < 4000; ++i) {
            time += static_cast<std::int64_t>(random() % 1000);
            rows.time.push_back(at(time));
            rows.track.push_back(TrackId{static_cast<std::uint32_t>(1 + random() % 2)});
            rows.value.push_back(i % 97 == 0 ? std::nan("")
                                             : static_cast<double>(random() % 1000) - 500);
        }
        CounterLanes::Builder builder;
        builder.add(rows);
        const auto lanes = std::move(builder).finish();
        const LaneWindow window{100'000, 900'000, 1000};
        for (const auto track : {TrackId{1}, TrackId{2}}) {
            std::vector<CounterBand> out;
            lanes.bands(track, window, out);
            // The slow way: columns of 1,024 ns.
            std::map<std::int64_t, CounterBand> expected;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto t = rows.time[i].time_since_epoch().count();
                if (rows.track[i] != track || t < window.begin || t >= window.end)
                    continue;
                const auto v = rows.value[i];
                auto [it, fresh] = expected.try_emplace(t >> 10, CounterBand{t, t, v, v, v, 0});
                auto &band = it->second;
                band.end = t;
                band.min = std::fmin(band.min, v);
                band.max = std::fmax(band.max, v);
                band.last = v;
                ++band.count;
            }
            // One before, one after.
            QCOMPARE(out.size(), expected.size() + 2);
            QVERIFY(out.front().begin < window.begin && out.back().begin >= window.end);
            std::size_t i = 1;
            for (const auto &[column, band] : expected) {
                QCOMPARE(out[i].begin, band.begin);
                QCOMPARE(out[i].end, band.end);
                QCOMPARE(out[i].count, band.count);
                QVERIFY(out[i].min == band.min || std::isnan(band.min));
                QVERIFY(out[i].max == band.max || std::isnan(band.max));
                ++i;
            }
        }
        QVERIFY(!lanes.rangeOf(TrackId{3}));
        QVERIFY(lanes.rangeOf(TrackId{1})->min >= -500 && lanes.rangeOf(TrackId{1})->max < 500);
    }

private:
    static void compare(const SliceColumns &rows, const SliceLanes &lanes, const Lane &lane,
                        const LaneWindow &window, bool overlapping)
    {
        std::vector<LaneBox> out;
        lanes.boxes(lane, window, out);
        std::uint64_t expected = 0, counted = 0, wide = 0, exact = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto begin = rows.begin[i].time_since_epoch().count();
            const auto length = rows.length[i].count();
            if (rows.track[i] != lane.track || rows.depth[i] != lane.depth ||
                !touches(begin, begin + length, window))
                continue;
            ++expected;
            const bool isWide = static_cast<double>(length) >= window.nsPerPixel;
            wide += isWide ? 1 : 0;
            // What is as long as a pixel is there as it is; anything else inside of a box.
            const auto box = std::find_if(out.begin(), out.end(), [&](const LaneBox &b) {
                return isWide && !overlapping
                           ? b.exact() && b.begin == begin && b.end == begin + length &&
                                 lanes.name(b.row) == rows.name[i]
                           : b.begin <= begin && b.end >= begin + length &&
                                 (b.flags & rows.flags[i]) == rows.flags[i] &&
                                 lanes.length(b.row) >= (overlapping ? 0 : length);
            });
            QVERIFY(box != out.end());
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            counted += out[i].count;
            exact += out[i].exact() ? 1 : 0;
            QVERIFY(touches(out[i].begin, out[i].end, window));
            QVERIFY(i == 0 || out[i - 1].begin <= out[i].begin);
        }
        QCOMPARE(counted, expected);
        if (!overlapping)
            QVERIFY(exact >= wide);
    }
};

QTEST_APPLESS_MAIN(TestLanes)
#include "tst_lanes.moc"
