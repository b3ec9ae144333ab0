#include "analysis/compare/change_text.h"

#include <QTest>

#include <limits>

using namespace flamewright;

class TestChangeText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void figuresHaveTheirUnitAndWhatTheyArePer()
    {
        QCOMPARE(figureText(12.3e6, "ns", "request"), std::string("12.3 ms per request"));
        QCOMPARE(figureText(0.25, "ns", "byte"), std::string("0.25 ns per byte"));
        QCOMPARE(figureText(2048, "bytes"), std::string("2 KiB"));
        QCOMPARE(figureText(0.031, "share"), std::string("3.1 %"));
        QCOMPARE(figureText(412, "1/s"), std::string("412/s"));
        QCOMPARE(figureText(1240, "samples"), std::string("1,240 samples"));
        QCOMPARE(figureText(42, ""), std::string("42"));
        QCOMPARE(figureText(std::numeric_limits<double>::quiet_NaN(), "ns"), std::string("\u2013"));
        // Beyond what a count of nanoseconds can be: still a figure.
        QVERIFY(figureText(1e300, "ns").ends_with(" h"));
    }

    void differencesHaveASign()
    {
        QCOMPARE(differenceText(3.1e6, "ns"), std::string("+3.1 ms"));
        QCOMPARE(differenceText(-3.1e6, "ns", "request"), std::string("-3.1 ms per request"));
        QCOMPARE(differenceText(0, "ns"), std::string("0 s"));
        QCOMPARE(differenceText(0, "samples"), std::string("0 samples"));
        QCOMPARE(differenceText(0.0042, "share"), std::string("+0.42 points"));
    }

    void relativeChangesAreShortAndHonest()
    {
        QCOMPARE(relativeText(-0.7412), std::string("-74 %"));
        QCOMPARE(relativeText(0.0312), std::string("+3.1 %"));
        QCOMPARE(relativeText(-0.0042), std::string("-0.42 %"));
        QCOMPARE(relativeText(0.00001), std::string("0 %"));
        QCOMPARE(relativeText(-0.996), std::string("-99.6 %"));
        QCOMPARE(relativeText(-1.0), std::string("-100 %"));
        QCOMPARE(relativeText(11), std::string("12\u00d7"));
        QCOMPARE(relativeText(ChangeInterval{-0.76, -0.71}), std::string("-76 to -71 %"));
        QCOMPARE(relativeText(ChangeInterval{0.09, 11}), std::string("+9 % to 12\u00d7"));
    }

    void noPercentageIsBare()
    {
        Change change{.base = 850e6, .cand = 220e6, .relative = ChangeInterval{-0.76, -0.71}};
        QCOMPARE(changeText(change, "ns"), std::string("-74 % (95 % interval -76 to -71 %)"));
        QCOMPARE(fromToText(change, "ns", "request"), std::string("850 ms to 220 ms per request"));
        change.relative.reset();
        change.why = "12 requests";
        QCOMPARE(changeText(change, "ns"), std::string("-74 % (no interval: 12 requests)"));
        change.difference = ChangeInterval{-700e6, -500e6};
        QCOMPARE(changeText(change, "ns"),
                 std::string("-74 %, -630 ms (95 % interval -700 ms to -500 ms)"));
        const Change fresh{.cand = 3e6, .difference = ChangeInterval{1e6, 5e6}};
        QCOMPARE(changeText(fresh, "ns"), std::string("new, +3 ms (95 % interval +1 ms to +5 ms)"));
        QCOMPARE(fromToText(fresh, "ns"), std::string("none to 3 ms"));
        QCOMPARE(changeText({}, "ns"), std::string("not measured"));
    }

    void countsNameTheRunsWhereThereAreSeveral()
    {
        Change change{.baseCount = 24310, .candCount = 24502};
        QCOMPARE(countsText(change, "requests"), std::string("24,310 and 24,502 requests"));
        change.candRuns = 5;
        QCOMPARE(countsText(change, "requests"),
                 std::string("24,310 and 24,502 requests of 1 and 5 runs"));
    }
};

QTEST_APPLESS_MAIN(TestChangeText)
#include "tst_change_text.moc"
