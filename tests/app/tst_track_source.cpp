#include "app/track_source.h"
#include "capture/session/record_sink.h"
#include "tests/views/drawn_traces.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace flamewright;

namespace {

// A session with a drawn trace, and what SQL says about it.
struct Kept {
    QTemporaryDir directory;
    std::unique_ptr<Session> session;
    std::unique_ptr<SessionReader> reader;

    explicit Kept(int requests, int captures = 1, bool clocks = true)
    {
        const SessionOptions options{.stateDirectory =
                                         directory.filePath(QStringLiteral("state")).toStdString()};
        auto made = openSession(directory.filePath(QStringLiteral("t.fws")).toStdString(),
                                OpenMode::Create, options);
        if (!made.has_value())
            qFatal("%s", made.error().text().c_str());
        session = *std::move(made);
        for (int i = 0; i < captures; ++i) {
            auto writer = session->beginCapture({.name = "trace", .formatId = "test"});
            RecordSink sink(**writer);
            drawTrace(sink, requests);
            if (clocks)
                sink.setWallOffset(1'000'000'000 * (i + 1));
            if (!sink.finish().has_value() ||
                !(*writer)->finish(CaptureState::Complete).has_value())
                qFatal("not written");
        }
        reader = *session->reader();
    }
    qint64 ask(const char *sql) const
    {
        JobContext job;
        const auto table = reader->sql(sql, 1, job);
        return table.has_value() ? std::get<std::int64_t>(table->rows.at(0).at(0)) : -1;
    }
    std::shared_ptr<const TraceSet> load() const
    {
        JobContext job;
        auto set = loadTraces(*reader, {}, job);
        if (!set.has_value())
            qFatal("%s", set.error().text().c_str());
        return *std::move(set);
    }
};

std::uint64_t countOf(const SliceLanes &lanes)
{
    return lanes.count(0, static_cast<std::uint32_t>(lanes.rows()));
}

} // namespace

class TestTrackSource : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void smallTracesAreReadWhole()
    {
        const Kept kept(30);
        const auto set = kept.load();
        QCOMPARE(set->captures.size(), std::size_t{1});
        const auto &capture = set->captures.front();
        QCOMPARE(capture.slices.size(), std::size_t{1});
        QCOMPARE(qint64(countOf(capture.slices.front()->lanes)),
                 kept.ask("select count(*) from slice"));
        QVERIFY(!capture.wantsDetail(1));
        QCOMPARE(set->axis, TraceSet::Axis::Own);
        QCOMPARE(capture.flows->size(), std::size_t{30});
    }
    void everyLevelHoldsEverySliceOnce()
    {
        const Kept kept(20'000);
        const auto set = kept.load();
        const auto &capture = set->captures.front();
        QVERIFY(capture.slices.size() > 2);
        const auto all = kept.ask("select count(*) from slice");
        std::uint8_t bits = 255;
        for (const auto &level : capture.slices) {
            QVERIFY(level->cellBits < bits && level->cellBits > 0);
            bits = level->cellBits;
            QCOMPARE(qint64(countOf(level->lanes)), all);
        }
        QVERIFY(capture.wantsDetail(1));
        QVERIFY(!capture.wantsDetail(1e9));
        QCOMPARE(capture.slicesFor(1e300), &capture.slices.front()->lanes);
        QCOMPARE(capture.slicesFor(1), &capture.slices.back()->lanes);
    }
    void detailHasWhatTouchesItsTime()
    {
        const Kept kept(20'000);
        JobContext job;
        const auto rows = loadDetail(*kept.reader, CaptureId{1}, 1'000'500'000, 1'010'000'000,
                                     kMostDetailRows, job);
        QVERIFY(rows.has_value());
        QCOMPARE(qint64((*rows)->slices.rows()),
                 kept.ask("select count(*) from slice where begin < 1010000000 and "
                          "(begin + length > 1000500000 or begin >= 1000500000)"));
        QVERIFY((*rows)->covers(1'000'500'000, 1'010'000'000));
        const auto many = loadDetail(*kept.reader, CaptureId{1}, 0, INT64_MAX, 1000, job);
        QVERIFY(many.has_value() && (*many)->tooMany && (*many)->slices.rows() == 0);
        QVERIFY(!(*many)->covers(0, 1));
    }
    void anAreaIsCountedAsItsRowsAre()
    {
        const Kept kept(500);
        const auto set = kept.load();
        JobContext job;
        const TraceArea area{10'000'000, 50'000'000, {{CaptureId{1}, TrackId{2}}}};
        const auto stats = areaStats(*kept.reader, *set, area, job);
        QVERIFY(stats.has_value());
        QCOMPARE(qint64(stats->slices),
                 kept.ask("select count(*) from slice where track = 2 and begin < 50000000 and "
                          "begin + length > 10000000"));
        const auto named = std::find_if(stats->rows.begin(), stats->rows.end(), [&](const auto &r) {
            return stats->names[r.name] == "SELECT price";
        });
        QVERIFY(named != stats->rows.end());
        QCOMPARE(named->total,
                 kept.ask("select sum(min(s.begin + s.length, 50000000) - max(s.begin, 10000000)) "
                          "from slice s where s.name = 'SELECT price' and s.begin < 50000000 and "
                          "s.begin + s.length > 10000000"));
        const TraceArea elsewhere{10'000'000, 50'000'000, {{CaptureId{9}, TrackId{2}}}};
        QCOMPARE(areaStats(*kept.reader, *set, elsewhere, job)->slices, std::uint64_t{0});
    }
    void aSliceIsFoundWithWhatIsAroundIt()
    {
        const Kept kept(50);
        const auto set = kept.load();
        JobContext job;
        const SlicePlace request{CaptureId{1}, TrackId{2}, 0,
                                 6'000'000,    1'500'000,  "handle request"};
        const auto found = sliceDetails(*kept.reader, *set, request, job);
        QVERIFY(found.has_value() && found->has_value());
        QCOMPARE((*found)->children, std::uint64_t{3});
        QCOMPARE((*found)->self, std::optional<std::int64_t>(1'500'000 - 600'000 - 5000 - 5000));
        QVERIFY(!(*found)->within);
        const SlicePlace query{CaptureId{1}, TrackId{2}, 1, 6'100'000, 600'000, "SELECT price"};
        const auto inner = sliceDetails(*kept.reader, *set, query, job);
        QVERIFY(inner.has_value() && inner->has_value());
        QCOMPARE((*inner)->within, std::optional(request));
        QVERIFY((*inner)->flags & kSliceError);
        auto none = query;
        none.length = 1;
        QVERIFY(!sliceDetails(*kept.reader, *set, none, job)->has_value());
    }
    void searchesFindEverySlice()
    {
        const Kept kept(50);
        const auto set = kept.load();
        JobContext job;
        const auto found = findSlices(*kept.reader, *set, "/t[io]ck/", job);
        QVERIFY(found.has_value());
        QCOMPARE(found->count, std::uint64_t{100});
        QCOMPARE(found->matches.size(), std::size_t{100});
        QVERIFY(std::is_sorted(found->matches.begin(), found->matches.end(),
                               [](const auto &a, const auto &b) { return a.begin < b.begin; }));
        QCOMPARE(findSlices(*kept.reader, *set, "/(/", job).error().code(), Errc::Usage);
    }
    void capturesShareTheWallClockOrBeginTogether()
    {
        const auto wall = Kept(5, 2).load();
        QCOMPARE(wall->axis, TraceSet::Axis::Wall);
        QCOMPARE(wall->begin, std::int64_t{1'000'000'000});
        QCOMPARE(wall->captures[1].onAxis(0), std::int64_t{2'000'000'000});
        QVERIFY(wall->nodes.front().isCapture());
        const auto together = Kept(5, 2, false).load();
        QCOMPARE(together->axis, TraceSet::Axis::Together);
        QCOMPARE(together->captures[0].onAxis(together->captures[0].begin),
                 together->captures[1].onAxis(together->captures[1].begin));
    }
};

QTEST_APPLESS_MAIN(TestTrackSource)
#include "tst_track_source.moc"
