#include "analysis/compare/slice_diff.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace flamewright;

namespace {

struct Slice {
    std::string track, name;
    std::int64_t begin = 0, length = 0;
    std::uint32_t depth = 0;
    SliceKind kind = SliceKind::Slice;
};

std::uint32_t idOf(std::vector<std::string> &names, const std::string &name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    const auto id = static_cast<std::uint32_t>(found - names.begin());
    if (found == names.end())
        names.push_back(name);
    return id;
}

SliceSide sideOf(const std::vector<Slice> &slices)
{
    SliceSide out;
    for (const auto &slice : slices) {
        const auto track = idOf(out.tracks, slice.track);
        out.track.push_back(track);
        auto &area = out.area;
        area.begin.push_back(slice.begin);
        area.length.push_back(slice.length);
        area.lane.push_back(track);
        area.depth.push_back(slice.depth);
        area.name.push_back(idOf(area.names, slice.name));
        area.kind.push_back(slice.kind);
        area.flags.push_back(0);
        area.span.push_back(0);
        area.parent.push_back(0);
    }
    return out;
}

// Tasks on two workers, with a call in each, and what the workers did by the scheduler.
std::vector<Slice> work(std::uint64_t seed, int tasks, double slower, int firstWorker)
{
    std::mt19937_64 random(seed);
    std::lognormal_distribution<double> length(0, 0.5);
    std::vector<Slice> out;
    std::int64_t at[2]{};
    for (int i = 0; i < tasks; ++i) {
        const auto worker = random() % 2;
        auto &begin = at[worker];
        const auto track = "worker-" + std::to_string(firstWorker + static_cast<int>(worker));
        const auto call = static_cast<std::int64_t>(1e6 * slower * length(random));
        const auto own = static_cast<std::int64_t>(2e6 * length(random));
        out.push_back({track, "task", begin, own + call});
        out.push_back({track, "call", begin + own / 2, call, 1});
        out.push_back({track, "Running", begin, own + call, 0, SliceKind::State});
        begin += own + call + 1000;
    }
    return out;
}

const SliceChange &changeOf(const TraceDiff &diff, const std::string &name)
{
    for (const auto &one : diff.slices) {
        if (one.name == name)
            return one;
    }
    qFatal("no such slice");
}

} // namespace

// Slices of threads on both sides.
class TestSliceDiff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresAreThoseOfTheStatistics()
    {
        const auto before = work(1, 400, 1, 1), after = work(2, 300, 3, 7);
        const auto diff = diffSlices(sideOf(before), sideOf(after), {});
        QVERIFY(diff.has_value());
        QCOMPARE(diff->slices.size(), 3u);
        double base = 0, cand = 0;
        for (const auto &[slices, isBase] : {std::pair{&before, true}, std::pair{&after, false}}) {
            const auto side = sideOf(*slices);
            const auto stats = sliceStats(side.area, INT64_MIN, INT64_MAX);
            for (const auto &row : stats.rows) {
                const auto &one = changeOf(*diff, stats.names[row.name]);
                QCOMPARE(one.track, std::string("worker-#"));
                const auto is = [&](const Change &change, auto value) {
                    return (isBase ? change.base : change.cand) == static_cast<double>(value);
                };
                QVERIFY(is(one.count, row.count));
                QVERIFY(is(one.total, row.total));
                QVERIFY(is(one.self, row.self));
                QVERIFY(is(one.p50, row.p50));
                QVERIFY(is(one.p99, row.p99));
                if (!one.isState)
                    (isBase ? base : cand) += static_cast<double>(row.self);
            }
        }
        QCOMPARE(*diff->allSelf.base, base);
        QCOMPARE(*diff->allSelf.cand, cand);
        QCOMPARE(changeOf(*diff, "call").p50.verdict, Verdict::Regressed);
        QCOMPARE(changeOf(*diff, "call").self.verdict, Verdict::Regressed);
        // States of threads are not good or bad.
        QCOMPARE(changeOf(*diff, "Running").p50.verdict, Verdict::NoEvidence);
    }
    void figuresAreDividedByWork()
    {
        auto base = sideOf(work(1, 100, 1, 1)), cand = sideOf(work(1, 100, 1, 1));
        base.divisor = 10;
        cand.divisor = 20;
        const auto whole = diffSlices(sideOf(work(1, 100, 1, 1)), sideOf(work(1, 100, 1, 1)), {});
        const auto diff = diffSlices(std::move(base), std::move(cand), {});
        const auto &one = changeOf(*diff, "call"), &all = changeOf(*whole, "call");
        QCOMPARE(*one.self.base, *all.self.base / 10);
        QCOMPARE(*one.self.cand, *all.self.base / 20);
        QCOMPARE(one.self.verdict, Verdict::Improved);
        QCOMPARE(*one.p50.base, *all.p50.base);
        const auto shares =
            diffSlices(sideOf(work(1, 100, 1, 1)), sideOf(work(1, 100, 1, 1)), {.shares = true});
        const auto &share = changeOf(*shares, "call");
        QVERIFY(std::abs(*share.self.base - *all.self.base / *whole->allSelf.base) < 1e-12);
    }
    void fewSlicesAreNotEnough()
    {
        const auto diff = diffSlices(sideOf(work(1, 9, 1, 1)), sideOf(work(2, 90, 9, 1)), {});
        QCOMPARE(changeOf(*diff, "call").self.verdict, Verdict::NotEnoughData);
        QCOMPARE(changeOf(*diff, "call").p50.verdict, Verdict::NotEnoughData);
    }
    void whatIsRenamedIsTheSame()
    {
        auto after = work(2, 50, 1, 1);
        for (auto &slice : after) {
            if (slice.name == "call")
                slice.name = "newCall";
        }
        const auto diff = diffSlices(sideOf(work(1, 50, 1, 1)), sideOf(after),
                                     {.renames = {{"call", "newCall"}}});
        QVERIFY(changeOf(*diff, "newCall").self.base && changeOf(*diff, "newCall").self.cand);
        const auto apart = diffSlices(sideOf(work(1, 50, 1, 1)), sideOf(after), {});
        QVERIFY(!changeOf(*apart, "call").self.cand);
        QCOMPARE(changeOf(*apart, "call").self.verdict, Verdict::Improved);
    }
    void emptySidesAreEmpty()
    {
        QVERIFY(diffSlices({}, {}, {})->slices.empty());
        QVERIFY(!diffSlices({}, {}, {.renames = {{"[", ""}}}).has_value());
    }
    void nothingChangedAndHardlyAnythingIsCalledAChange()
    {
        int judged = 0, tested = 0;
        for (std::uint64_t i = 0; i < 60; ++i) {
            const auto diff =
                diffSlices(sideOf(work(2 * i + 10, 400, 1, 1)), sideOf(work(2 * i + 11, 400, 1, 1)),
                           {.rules = {.noise = 0}, .rounds = 200});
            for (const auto &one : diff->slices) {
                for (const auto *change : {&one.self, &one.total, &one.p50, &one.p99}) {
                    tested += change->p ? 1 : 0;
                    judged += change->verdict == Verdict::Improved ||
                                      change->verdict == Verdict::Regressed
                                  ? 1
                                  : 0;
                }
            }
        }
        qInfo("%d of %d figures called a change", judged, tested);
        QVERIFY(tested > 500 && judged <= tested / 20);
    }
};

QTEST_APPLESS_MAIN(TestSliceDiff)
#include "tst_slice_diff.moc"
