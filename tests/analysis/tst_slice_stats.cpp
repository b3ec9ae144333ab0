#include "analysis/order_statistics.h"
#include "analysis/slice_stats.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace flamewright;

namespace {

struct Row {
    std::int64_t begin, length;
    std::uint32_t track, depth, name; // of kNames, from 1
    SliceKind kind = SliceKind::Slice;
    std::uint64_t span = 0, parent = 0;
    std::uint8_t flags = 0;
};

constexpr const char *kNames[] = {"a", "b", "c", "d"};

StringTable strings()
{
    StringColumns page;
    for (const auto *name : kNames) {
        page.text += name;
        page.end.push_back(static_cast<std::uint32_t>(page.text.size()));
    }
    StringTable out;
    out.append(page);
    return out;
}

SliceColumns columns(const std::vector<Row> &rows)
{
    SliceColumns out;
    for (const auto &r : rows) {
        out.begin.push_back(Timestamp{Duration{r.begin}});
        out.length.push_back(Duration{r.length});
        out.track.push_back(TrackId{r.track});
        out.name.push_back(StringId{r.name});
        out.depth.push_back(r.depth);
        out.kind.push_back(r.kind);
        out.flags.push_back(r.flags);
        out.trace.push_back({});
        out.span.push_back(r.span);
        out.parent.push_back(r.parent);
        out.args.push_back({});
    }
    return out;
}

SliceStats statsOf(const std::vector<Row> &rows, std::int64_t begin, std::int64_t end,
                   const std::vector<std::uint8_t> &tracks = {})
{
    const auto text = strings();
    SliceArea area;
    area.beginCapture(text, 0);
    area.add(columns(rows), begin, end, tracks);
    return sliceStats(area, begin, end);
}

const SliceStat &row(const SliceStats &stats, const char *name, SliceClass what = SliceClass::Slice)
{
    for (const auto &r : stats.rows) {
        if (stats.names[r.name] == name && r.what == what)
            return r;
    }
    qFatal("no such row");
}

} // namespace

class TestSliceStats : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nestedSlicesShareTheirTime()
    {
        // a 0..100 { b 10..40 { a 20..30 } b 50..60 }, on another track a 0..10.
        const std::vector<Row> rows{{0, 100, 1, 0, 1},
                                    {10, 30, 1, 1, 2},
                                    {20, 10, 1, 2, 1},
                                    {50, 10, 1, 1, 2},
                                    {0, 10, 2, 0, 1}};
        const auto stats = statsOf(rows, 0, 1000);
        QCOMPARE(stats.slices, std::uint64_t{5});
        QCOMPARE(stats.self, std::int64_t{110}); // what was going on, once
        const auto &a = row(stats, "a");
        QCOMPARE(a.count, std::uint64_t{3});
        QCOMPARE(a.total, std::int64_t{110}); // the inner one is in the outer one
        QCOMPARE(a.self, std::int64_t{100 - 30 - 10 + 10 + 10});
        QCOMPARE(a.p50, std::int64_t{10}); // of 10, 10, 100
        QCOMPARE(a.max, std::int64_t{100});
        const auto &b = row(stats, "b");
        QCOMPARE(b.total, std::int64_t{40});
        QCOMPARE(b.self, std::int64_t{30});
        // As a flame graph: a (110) > b (40) > a (10).
        const auto &tree = stats.profile.tree;
        QCOMPARE(tree.size(), std::size_t{4});
        QCOMPARE(stats.profile.at(1).name, std::string("a"));
        QCOMPARE(tree.total[1], std::int64_t{110});
        QCOMPARE(stats.profile.at(2).name, std::string("b"));
        QCOMPARE(tree.total[2], std::int64_t{40});
        QCOMPARE(tree.self[3], std::int64_t{10});
        QCOMPARE(stats.profile.total, std::int64_t{110});
    }
    void onlyWhatIsInsideOfTheAreaIsSummedUp()
    {
        const std::vector<Row> rows{{0, 100, 1, 0, 1}, {10, 30, 1, 1, 2}, {200, 10, 1, 0, 3}};
        const auto stats = statsOf(rows, 20, 50);
        QCOMPARE(stats.rows.size(), std::size_t{2});
        QCOMPARE(row(stats, "a").total, std::int64_t{30});
        QCOMPARE(row(stats, "a").self, std::int64_t{10});
        QCOMPARE(row(stats, "b").total, std::int64_t{20});
        QCOMPARE(row(stats, "b").p99, std::int64_t{30}); // whole
        QVERIFY(statsOf(rows, 20, 50, {0, 0, 1}).rows.empty());
        QVERIFY(statsOf({}, 0, 1).rows.empty());
    }
    void spansAreNestedByTheirIds()
    {
        // Children that overlap, one that outlives its parent, one without a parent, a circle.
        const std::vector<Row> rows{{0, 100, 1, 0, 1, SliceKind::SpanServer, 1, 0},
                                    {10, 30, 2, 0, 2, SliceKind::SpanClient, 2, 1},
                                    {20, 30, 2, 1, 2, SliceKind::SpanClient, 3, 1},
                                    {90, 50, 2, 0, 3, SliceKind::Span, 4, 1},
                                    {500, 10, 1, 0, 4, SliceKind::Span, 5, 77},
                                    {600, 10, 1, 0, 4, SliceKind::Span, 6, 7},
                                    {605, 10, 1, 1, 4, SliceKind::Span, 7, 6}};
        const auto stats = statsOf(rows, 0, 1000);
        QCOMPARE(row(stats, "a", SliceClass::Span).self, std::int64_t{100 - 40 - 10});
        QCOMPARE(row(stats, "b", SliceClass::Span).total, std::int64_t{60});
        QCOMPARE(row(stats, "c", SliceClass::Span).self, std::int64_t{50});
        QCOMPARE(row(stats, "d", SliceClass::Span).count, std::uint64_t{3});
    }
    void openSlicesHaveNoPercentiles()
    {
        const std::vector<Row> rows{{0, 100, 1, 0, 1, SliceKind::Slice, 0, 0, kSliceNoEnd},
                                    {200, 7, 1, 0, 1, SliceKind::Slice, 0, 0, kSliceError},
                                    {300, 0, 1, 0, 2, SliceKind::Instant}};
        const auto stats = statsOf(rows, 0, 1000);
        QCOMPARE(row(stats, "a").open, std::uint64_t{1});
        QCOMPARE(row(stats, "a").errors, std::uint64_t{1});
        QCOMPARE(row(stats, "a").max, std::int64_t{7});
        QCOMPARE(row(stats, "a").total, std::int64_t{107});
        QCOMPARE(row(stats, "b", SliceClass::Moment).count, std::uint64_t{1});
    }
    void stacksMayBeDeep()
    {
        std::vector<Row> rows;
        for (std::uint32_t i = 0; i < 100'000; ++i)
            rows.push_back({i, 1'000'000 - 2 * std::int64_t{i}, 1, i, 1 + i % 2});
        const auto stats = statsOf(rows, 0, 2'000'000);
        QCOMPARE(row(stats, "a").total, std::int64_t{1'000'000});
        QCOMPARE(stats.self, std::int64_t{1'000'000});
        QCOMPARE(row(stats, "b").self, std::int64_t{2 * 49'999 + 1'000'000 - 2 * 99'999});
    }
    void numbersAreThoseOfTheSlowWay()
    {
        std::mt19937_64 random(1);
        for (int turn = 0; turn < 20; ++turn) {
            // Slices in slices, on two tracks.
            std::vector<Row> rows;
            const auto nest = [&](auto &self, std::int64_t begin, std::int64_t end,
                                  std::uint32_t track, std::uint32_t depth) -> void {
                while (depth < 6 && end - begin > 4) {
                    const auto from = begin + static_cast<std::int64_t>(random() % 20);
                    const auto to = from + 1 + static_cast<std::int64_t>(random() % 300);
                    if (to >= end)
                        return;
                    rows.push_back({from, to - from, track, depth,
                                    static_cast<std::uint32_t>(1 + random() % 4)});
                    self(self, from, to, track, depth + 1);
                    begin = to;
                }
            };
            nest(nest, 0, 3000, 1, 0);
            nest(nest, 0, 3000, 2, 0);
            std::shuffle(rows.begin(), rows.end(), random);
            const std::int64_t begin = 700, end = 2100;
            const auto stats = statsOf(rows, begin, end);
            for (std::uint32_t name = 1; name <= 4; ++name) {
                std::uint64_t count = 0;
                std::int64_t total = 0, self = 0;
                std::vector<std::int64_t> lengths;
                for (const auto &r : rows) {
                    if (r.name != name || r.begin >= end || r.begin + r.length <= begin)
                        continue;
                    ++count;
                    lengths.push_back(r.length);
                }
                // Nanosecond by nanosecond: what is innermost, and what is anywhere on the stack.
                for (auto t = begin; t < end; ++t) {
                    for (std::uint32_t track = 1; track <= 2; ++track) {
                        const Row *inner = nullptr;
                        bool on = false;
                        for (const auto &r : rows) {
                            if (r.track != track || t < r.begin || t >= r.begin + r.length)
                                continue;
                            on = on || r.name == name;
                            if (!inner || r.depth > inner->depth)
                                inner = &r;
                        }
                        total += on ? 1 : 0;
                        self += inner && inner->name == name ? 1 : 0;
                    }
                }
                if (count == 0)
                    continue;
                std::sort(lengths.begin(), lengths.end());
                const auto &r = row(stats, kNames[name - 1]);
                QCOMPARE(r.count, count);
                QCOMPARE(r.total, total);
                QCOMPARE(r.self, self);
                QCOMPARE(r.p95, lengths[nearestRank(9500, count) - 1]);
                QCOMPARE(r.min, lengths.front());
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestSliceStats)
#include "tst_slice_stats.moc"
