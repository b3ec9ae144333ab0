#include "analysis/clock_skew.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

// A server's clock that is `ahead`; calls of 100 ns, of which the server works 60 in the middle.
std::vector<MadeSpan> calls(std::int64_t ahead, int count)
{
    std::vector<MadeSpan> out;
    for (int i = 0; i < count; ++i) {
        const auto t = "t" + std::to_string(i);
        const auto begin = 1000 * i + 1;
        out.push_back({t, 1, 0, "web", "call", begin, 100, SliceKind::SpanClient});
        out.push_back({t, 2, 1, "api", "work", begin + 20 + ahead, 60, SliceKind::SpanServer});
        out.push_back({t, 3, 2, "api", "inner", begin + 30 + ahead, 10});
    }
    return out;
}

} // namespace

class TestClockSkew : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clocksThatAgreeHaveNoOffset()
    {
        const auto rows = madeSpans(calls(0, 5));
        const auto skew = clockSkew(rows, spanForest(rows));
        QCOMPARE(skew.size(), 1u);
        QCOMPARE(skew.front().calls, 5u);
        QCOMPARE(skew.front().outside, 0u);
        QCOMPARE(skew.front().offsetNs, 0);
    }
    void findsHowFarAClockIsAhead_data()
    {
        QTest::addColumn<qint64>("ahead");
        QTest::newRow("ahead") << qint64{500};
        QTest::newRow("behind") << qint64{-500};
    }
    void findsHowFarAClockIsAhead()
    {
        QFETCH(const qint64, ahead);
        const auto rows = madeSpans(calls(ahead, 5));
        const auto forest = spanForest(rows);
        const auto skew = clockSkew(rows, forest);
        QCOMPARE(skew.front().outside, 5u);
        QVERIFY(skew.front().consistent);
        QCOMPARE(skew.front().offsetNs, ahead);
        QCOMPARE(skew.front().lowNs, ahead - 20);
        QCOMPARE(skew.front().highNs, ahead + 20);
        const auto corrected = withoutSkew(rows, forest, skew);
        const auto expected = madeSpans(calls(0, 5));
        QCOMPARE(corrected.begin, expected.begin);
        QCOMPARE(corrected.span, expected.span);
        QCOMPARE(corrected.length, expected.length);
    }
    void callsThatDisagreeGiveTheMiddleOne()
    {
        auto spans = calls(500, 5);
        const auto other = calls(900, 2);
        for (auto span : other) {
            span.trace += "x";
            spans.push_back(span);
        }
        const auto rows = madeSpans(spans);
        const auto skew = clockSkew(rows, spanForest(rows));
        QVERIFY(!skew.front().consistent);
        QCOMPARE(skew.front().offsetNs, 500);
        QCOMPARE(skew.front().calls, 7u);
    }
    void whatAClockCannotTellIsNoSkew()
    {
        // Begins in whole milliseconds: the server's end seems to be 0.4 ms after its client's.
        constexpr std::int64_t kMs = 1'000'000;
        const auto rows =
            madeSpans({{"t", 1, 0, "web", "call", 5 * kMs, 900'000, SliceKind::SpanClient},
                       {"t", 2, 1, "api", "work", 6 * kMs, 300'000, SliceKind::SpanServer}});
        const auto skew = clockSkew(rows, spanForest(rows));
        QCOMPARE(skew.front().outside, 0u);
        QCOMPARE(skew.front().offsetNs, 0);
    }
    void callsLongerThanTheirClientSayNothing()
    {
        const auto rows = madeSpans({{"t", 1, 0, "web", "call", 5, 10, SliceKind::SpanClient},
                                     {"t", 2, 1, "api", "work", 6, 11, SliceKind::SpanServer}});
        QVERIFY(clockSkew(rows, spanForest(rows)).empty());
        QVERIFY(clockSkew({}, spanForest({})).empty());
    }
    void wildTracesStayInOrder()
    {
        for (unsigned seed = 0; seed < 100; ++seed) {
            const auto rows = wildSpans(seed, seed * 5, 1 + seed % 4);
            const auto forest = spanForest(rows);
            const auto corrected = withoutSkew(rows, forest, clockSkew(rows, forest));
            QCOMPARE(corrected.size(), rows.size());
            QVERIFY(std::is_sorted(corrected.begin.begin(), corrected.begin.end()));
        }
    }
};

QTEST_GUILESS_MAIN(TestClockSkew)
#include "tst_clock_skew.moc"
