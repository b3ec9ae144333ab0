#include "capture/session/chunk_codec.h"
#include "capture/session/levels.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>

using namespace flamewright;

namespace {

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

struct Lane {
    std::uint64_t count = 0;
    std::int64_t busy = 0, first = INT64_MAX, last = INT64_MIN;
    void take(std::int64_t begin, std::int64_t length, std::uint64_t n, std::int64_t sum)
    {
        count += n;
        busy += sum;
        first = std::min(first, begin);
        last = std::max(last, begin + length);
    }
    friend bool operator==(const Lane &, const Lane &) = default;
};
using Lanes = std::map<std::pair<std::uint32_t, std::uint32_t>, Lane>;

std::map<int, SliceLevelColumns> levelsOf(const MemoryStore &store)
{
    std::map<int, SliceLevelColumns> out;
    for (const auto &chunk : store.chunks()) {
        if (chunk.kind != ChunkKind::SliceLevels)
            continue;
        const auto rows = decodeSliceLevels(chunk);
        if (!rows.has_value())
            continue;
        auto &level = out[rows->cellBits.front()];
        SliceLevelColumns::visit(level, [&](auto &...all) {
            SliceLevelColumns::visit(*rows, [&](const auto &...page) {
                (all.insert(all.end(), page.begin(), page.end()), ...);
            });
        });
    }
    return out;
}

} // namespace

class TestLevels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Whatever is put together: nothing is lost, nothing is there twice, and nothing moves.
    void holdEverySliceOnceAtEveryLevel()
    {
        std::mt19937 random(5);
        MemoryStore store;
        RecordSink sink(store);
        std::vector<TrackId> tracks;
        for (int i = 0; i < 3; ++i)
            tracks.push_back(
                sink.track({.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = i}));
        Lanes truth;
        std::vector<std::int64_t> clock(6);
        for (int i = 0; i < 200'000; ++i) {
            const auto lane = random() % 6;
            const auto length =
                static_cast<std::int64_t>(random() % 100 == 0 ? 1'000'000 : random() % 900);
            const auto begin = clock[lane];
            clock[lane] += length + static_cast<std::int64_t>(random() % 300);
            sink.add(Slice{.begin = at(begin),
                           .length = Duration{length},
                           .track = tracks[lane % 3],
                           .name = sink.string("n" + std::to_string(random() % 9)),
                           .depth = static_cast<std::uint32_t>(lane / 3)});
            truth[{tracks[lane % 3].raw, lane / 3}].take(begin, length, 1, length);
        }
        QVERIFY(sink.finish().has_value());
        const auto levels = levelsOf(store);
        QVERIFY(levels.size() >= 3);
        std::size_t finer = 200'000 / 4 + 1;
        for (const auto &[bits, rows] : levels) {
            QVERIFY2(rows.size() <= finer, qPrintable(QString::number(bits)));
            finer = rows.size() / 2;
            Lanes found;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const auto length = rows.length[i].count();
                found[{rows.track[i].raw, rows.depth[i]}].take(
                    rows.begin[i].time_since_epoch().count(), length, rows.count[i],
                    rows.busy[i].count());
                // A slice as long as a cell is there as it is; others lie together in less than two.
                if (length >= std::int64_t{1} << bits && rows.count[i] == 1)
                    QCOMPARE(rows.busy[i].count(), length);
                QVERIFY(rows.count[i] == 1 || length < std::int64_t{2} << bits);
            }
            QVERIFY2(found == truth, qPrintable(QString::number(bits)));
        }
    }

    void nameTheLongestSlice()
    {
        SliceLevelsBuilder builder({.minFacts = 1, .factsPerRow = 1, .coarsest = 0});
        SliceColumns c;
        for (int i = 0; i < 4; ++i) {
            c.begin.push_back(at(i * 10));
            c.length.push_back(Duration{i == 2 ? 5 : 1});
            c.track.push_back(TrackId{1});
            c.name.push_back(StringId{static_cast<std::uint32_t>(i + 1)});
            c.depth.push_back(0);
            c.kind.push_back(SliceKind::Slice);
            c.flags.push_back(i == 1 ? kSliceError : 0);
        }
        builder.add(c);
        bool sawAll = false;
        builder.finish(100, [&](const SliceLevelColumns &run) {
            if (run.size() != 1)
                return;
            sawAll = true;
            QCOMPARE(run.name[0].raw, 3u);
            QCOMPARE(run.count[0], 4u);
            QCOMPARE(run.busy[0].count(), 8);
            QCOMPARE(run.length[0].count(), 31);
            QCOMPARE(int{run.flags[0]}, int{kSliceError});
        });
        QVERIFY(sawAll);
    }

    void keepMinimumMaximumAndLastOfCounters()
    {
        CounterLevelsBuilder builder({.minFacts = 1, .factsPerRow = 1, .coarsest = 0});
        CounterColumns c;
        const double values[] = {3, std::nan(""), -7, 100, 5};
        for (int i = 0; i < 5; ++i) {
            c.time.push_back(at(i * 100));
            c.track.push_back(TrackId{1});
            c.value.push_back(values[i]);
        }
        builder.add(c);
        bool sawAll = false;
        builder.finish(100, [&](const CounterLevelColumns &run) {
            if (run.size() != 1)
                return;
            sawAll = true;
            QCOMPARE(run.min[0], -7.0);
            QCOMPARE(run.max[0], 100.0);
            QCOMPARE(run.last[0], 5.0);
            QCOMPARE(run.count[0], 5u);
        });
        QVERIFY(sawAll);
    }

    // Few slices are drawn as they are; a million lanes of one slice each would gain nothing.
    void areLeftOutWhereTheySaveNothing()
    {
        for (const int slices : {100, 300'000}) {
            MemoryStore store;
            RecordSink sink(store);
            const auto track =
                sink.track({.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = 1});
            for (int i = 0; i < slices; ++i)
                sink.add(Slice{.begin = at(i),
                               .length = Duration{INT64_MAX / 2},
                               .track = track,
                               .depth = static_cast<std::uint32_t>(i)});
            QVERIFY(sink.finish().has_value());
            QVERIFY(levelsOf(store).empty());
        }
    }

    void withstandTheEndsOfTime()
    {
        MemoryStore store;
        RecordSink sink(store);
        const auto track = sink.track({.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = 1});
        for (int i = 0; i < 50'000; ++i)
            sink.add(Slice{.begin = at(i % 2 == 0 ? INT64_MIN + 1 + i : INT64_MAX - i),
                           .length = Duration{i % 3 == 0 ? INT64_MAX : i},
                           .track = track,
                           .depth = i % 5 == 0 ? kFreeLane : 0});
        QVERIFY(sink.finish().has_value());
        std::uint64_t rows = 0;
        for (const auto &chunk : store.chunks())
            rows += chunk.kind == ChunkKind::Slices ? chunk.rows : 0;
        QCOMPARE(rows, 50'000u);
    }
};

QTEST_GUILESS_MAIN(TestLevels)
#include "tst_levels.moc"
