#include "app/same_time.h"

#include <QTest>

using namespace flamewright;

namespace {

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

CaptureInfo capture(std::uint32_t id, std::int64_t begin, std::int64_t end,
                    std::optional<std::int64_t> wall)
{
    CaptureInfo out;
    out.id = CaptureId{id};
    out.span = TimeRange{at(begin), at(end)};
    out.meta.wallOffsetNs = wall;
    return out;
}

} // namespace

class TestSameTime : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsWhatElseWasRecordedThen()
    {
        const std::vector<CaptureInfo> captures{
            capture(1, 1'000, 2'000, 0),   // a trace in wall-clock time
            capture(2, 0, 700, 900),       // a profile that began at 900
            capture(3, 5'000, 6'000, 0),   // later
            capture(4, 1'000, 2'000, {}),  // nobody knows when
            capture(5, -600, -400, 2'000), // 1400 to 1600
        };
        const auto found = sameTimeIn(captures, CaptureId{1}, {at(1'200), at(1'500)});
        QCOMPARE(found.size(), 2u);
        QCOMPARE(found[0].capture.raw, 2u);
        QVERIFY(found[0].range == (TimeRange{at(300), at(600)}));
        QCOMPARE(found[1].capture.raw, 5u);
        QVERIFY(found[1].range == (TimeRange{at(-600), at(-500)})); // cut to what there is
    }

    void saysNothingWithoutAWallClock()
    {
        const std::vector<CaptureInfo> captures{capture(1, 0, 10, {}), capture(2, 0, 10, 0)};
        QVERIFY(sameTimeIn(captures, CaptureId{1}, {at(0), at(10)}).empty());
        QVERIFY(sameTimeIn(captures, CaptureId{9}, {at(0), at(10)}).empty());
    }

    void withstandsClocksThatAreTooFarApart()
    {
        const std::vector<CaptureInfo> captures{capture(1, 0, 10, INT64_MAX),
                                                capture(2, 0, 10, INT64_MIN)};
        QVERIFY(sameTimeIn(captures, CaptureId{1}, {at(0), at(10)}).empty());
    }
};

QTEST_GUILESS_MAIN(TestSameTime)
#include "tst_same_time.moc"
