#include "analysis/load_clock.h"
#include "made_load.h"

#include <QTest>

using namespace flamewright;

class TestLoadClock : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unitsOfTimes()
    {
        const auto unit = [](std::vector<MadeRequest> requests) {
            return clockUnit(madeRows(std::move(requests)), 0);
        };
        QCOMPARE(unit({{0, 5}, {kSecond, 7}, {4 * kSecond, 1}}), kSecond);
        // Not from zero on, and the end instead of the begin: k6 tells when a request ended.
        QCOMPARE(unit({{3, 2}, {kSecond + 3, 7}}), kSecond);
        QCOMPARE(unit({{7, kSecond - 7}, {kSecond + 100, kSecond - 100}}), kSecond);
        QCOMPARE(unit({{0, 5}, {kSecond, 7}, {kSecond + 40 * kMs, 1}}), kMs);
        QCOMPARE(unit({{0, 5}, {40'000, 7}}), 1'000);
        QCOMPARE(unit({{0, 5}, {40'001, 7}}), 1);
        // One time is a multiple of anything.
        QCOMPARE(unit({{0, 5}}), 1);
        QCOMPARE(unit({}), 1);
        QCOMPARE(unit({{LoadRows::kUntimed, 5}, {kSecond, 5}}), 1);
        QCOMPARE(unit({{0, 5}, {INT64_MAX, INT64_MIN}, {INT64_MAX, INT64_MAX}}), 1);
    }
};

QTEST_GUILESS_MAIN(TestLoadClock)
#include "tst_load_clock.moc"
