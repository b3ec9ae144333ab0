#include "analysis/clock_alignment.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace flamewright;

namespace {

void add(SpanRows &rows, const std::string &trace, std::uint64_t span, std::uint64_t parent,
         std::int64_t begin, std::int64_t length, SliceKind kind = SliceKind::SpanServer)
{
    const auto it = std::find(rows.traces.begin(), rows.traces.end(), trace);
    rows.trace.push_back(static_cast<std::uint32_t>(it - rows.traces.begin()));
    if (it == rows.traces.end())
        rows.traces.push_back(trace);
    rows.begin.push_back(begin);
    rows.length.push_back(length);
    rows.span.push_back(span);
    rows.parent.push_back(parent);
    rows.service.push_back(0);
    rows.name.push_back(0);
    rows.kind.push_back(kind);
    rows.flags.push_back(0);
    rows.track.push_back({});
    rows.args.push_back({});
}

} // namespace

class TestClockAlignment : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void putsACallInTheMiddleOfWhoWaitsForIt()
    {
        SpanRows client, server;
        add(client, "t", 1, 0, 1000, 100, SliceKind::SpanClient);
        add(server, "t", 2, 1, 5000, 60); // 20 ns of the way, there and back
        const auto offset = offsetByTraceContext(client, server);
        QVERIFY(offset.has_value());
        QCOMPARE(offset->ns, -3980);
        QCOMPARE(offset->uncertaintyNs, 20);
        QCOMPARE(offset->agreeing, 1u);
        // The other way round it is the other way round.
        QCOMPARE(offsetByTraceContext(server, client)->ns, 3980);
    }

    void narrowsWithEveryCall()
    {
        SpanRows client, server;
        add(client, "t", 1, 0, 1000, 100, SliceKind::SpanClient);
        add(server, "t", 2, 1, 5000, 60);
        add(client, "t", 3, 0, 2000, 100, SliceKind::SpanClient);
        add(server, "t", 4, 3, 5992, 60); // the way there took 8 longer: [-3992, -3952]
        const auto offset = offsetByTraceContext(client, server);
        QVERIFY(offset.has_value());
        QCOMPARE(offset->ns, -3976);
        QCOMPARE(offset->uncertaintyNs, 16);
        QCOMPARE(offset->agreeing, 2u);
    }

    void saysWhenNothingCrosses()
    {
        SpanRows a, b;
        add(a, "t", 1, 0, 0, 10);
        add(b, "t", 2, 7, 0, 10);
        add(b, "other", 3, 1, 0, 10);
        QVERIFY(!offsetByTraceContext(a, b).has_value());
        QVERIFY(!offsetByTraceContext(a, {}).has_value());
        // Longer than who waits: no offset makes it nest.
        add(b, "t", 4, 1, 0, 11);
        QVERIFY(!offsetByTraceContext(a, b).has_value());
    }

    void leavesOutMessagesAndIdsThatAreThereTwice()
    {
        SpanRows a, b;
        add(a, "t", 1, 0, 0, 10, SliceKind::SpanProducer);
        add(b, "t", 2, 1, 500, 5, SliceKind::SpanConsumer);
        add(a, "t", 3, 0, 0, 10, SliceKind::SpanClient);
        add(a, "t", 3, 0, 90, 10, SliceKind::SpanClient);
        add(b, "t", 4, 3, 500, 5);
        QVERIFY(!offsetByTraceContext(a, b).has_value());
    }

    void withstandsTimesThatAreTooFarApart()
    {
        SpanRows a, b;
        add(a, "t", 1, 0, INT64_MIN, 10, SliceKind::SpanClient);
        add(b, "t", 2, 1, INT64_MAX, 5);
        QVERIFY(!offsetByTraceContext(a, b).has_value());
    }

    // The stretch that most ranges share, found by trying every place where a range begins or ends.
    void findsWhatMostCallsAgreeOn()
    {
        std::mt19937 random(11);
        for (int round = 0; round < 200; ++round) {
            SpanRows client, server;
            struct Range {
                std::int64_t low, high;
            };
            std::vector<Range> ranges;
            const auto calls = random() % 12 + 1;
            for (std::uint64_t i = 0; i < calls; ++i) {
                const auto begin = static_cast<std::int64_t>(random() % 50);
                const auto inside = static_cast<std::int64_t>(random() % 50);
                const auto length = static_cast<std::int64_t>(random() % 20);
                add(client, "t", 2 * i + 1, 0, begin, 25, SliceKind::SpanClient);
                add(server, "t", 2 * i + 2, 2 * i + 1, inside, length);
                ranges.push_back({begin - inside, begin + 25 - inside - length});
            }
            std::size_t best = 0;
            const auto covering = [&](std::int64_t at) {
                return static_cast<std::size_t>(
                    std::count_if(ranges.begin(), ranges.end(),
                                  [&](const Range &r) { return r.low <= at && at <= r.high; }));
            };
            for (std::int64_t at = -200; at <= 200; ++at)
                best = std::max(best, covering(at));
            const auto offset = offsetByTraceContext(client, server);
            QVERIFY(offset.has_value());
            QCOMPARE(offset->agreeing, best);
            QCOMPARE(covering(offset->ns), best);
            QCOMPARE(covering(offset->ns - std::max<std::int64_t>(offset->uncertaintyNs - 1, 0)),
                     best);
            QCOMPARE(offset->calls, static_cast<std::size_t>(calls));
        }
    }
};

QTEST_GUILESS_MAIN(TestClockAlignment)
#include "tst_clock_alignment.moc"
