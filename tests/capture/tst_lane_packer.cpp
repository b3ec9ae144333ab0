#include "capture/session/lane_packer.h"

#include <QTest>

#include <map>
#include <random>

using namespace flamewright;

namespace {

void append(SliceColumns &c, std::int64_t begin, std::int64_t length, std::uint32_t track,
            std::uint32_t depth = kFreeLane)
{
    c.begin.push_back(Timestamp{Duration{begin}});
    c.length.push_back(Duration{length});
    c.track.push_back(TrackId{track});
    c.depth.push_back(depth);
}

} // namespace

class TestLanePacker : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsWhatOverlapsSideBySide()
    {
        SliceColumns c;
        append(c, 0, 10, 1); // the longer of two that begin together lies above
        append(c, 0, 100, 1);
        append(c, 5, 5, 2);   // another track
        append(c, 10, 10, 1); // where the first was
        append(c, 15, 10, 1);
        append(c, 30, 0, 1);
        append(c, 40, 1, 1, 7); // has a depth of its own
        LanePacker().pack(c);
        QCOMPARE(c.depth, (std::vector<std::uint32_t>{1, 0, 0, 1, 2, 1, 7}));
    }

    void goesOnWhereTheLastBlockEnded()
    {
        LanePacker packer;
        SliceColumns first, second;
        append(first, 0, 100, 1);
        packer.pack(first);
        append(second, 50, 10, 1);
        append(second, 100, 10, 1);
        packer.pack(second);
        QCOMPARE(second.depth, (std::vector<std::uint32_t>{1, 0}));
    }

    void neverLetsTwoOfALaneOverlap()
    {
        std::mt19937 random(3);
        SliceColumns c;
        for (int i = 0; i < 3000; ++i)
            append(c, static_cast<std::int64_t>(random() % 100'000),
                   static_cast<std::int64_t>(random() % 500),
                   static_cast<std::uint32_t>(random() % 3 + 1));
        LanePacker().pack(c);
        std::map<std::pair<std::uint32_t, std::uint32_t>,
                 std::vector<std::pair<std::int64_t, std::int64_t>>>
            lanes;
        for (std::size_t i = 0; i < c.size(); ++i) {
            const auto begin = c.begin[i].time_since_epoch().count();
            lanes[{c.track[i].raw, c.depth[i]}].emplace_back(begin, begin + c.length[i].count());
        }
        QVERIFY(lanes.size() < 100);
        for (auto &[lane, slices] : lanes) {
            std::sort(slices.begin(), slices.end());
            for (std::size_t i = 1; i < slices.size(); ++i)
                QVERIFY(slices[i - 1].second <= slices[i].first);
        }
    }

    void keepsToItsLimitOfLanes()
    {
        SliceColumns c;
        for (int i = 0; i < 3000; ++i)
            append(c, i, 1'000'000, 1);
        LanePacker().pack(c);
        QCOMPARE(*std::max_element(c.depth.begin(), c.depth.end()), LanePacker::kMaxLanes - 1);
    }
};

QTEST_GUILESS_MAIN(TestLanePacker)
#include "tst_lane_packer.moc"
