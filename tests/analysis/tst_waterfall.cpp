#include "analysis/waterfall.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

std::int64_t sum(std::span<const TimePart> parts)
{
    std::int64_t out = 0;
    for (const auto &part : parts)
        out += part.end - part.begin;
    return out;
}

} // namespace

class TestWaterfall : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void partsAddUp()
    {
        for (unsigned seed = 0; seed < 200; ++seed) {
            const auto rows = wildSpans(seed, 1 + seed % 50, 1 + seed % 3);
            const auto forest = spanForest(rows);
            for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
                const auto made = waterfall(rows, forest, trace);
                const auto order = forest.rowsOf(trace);
                QCOMPARE(made.spans.size(), order.size());
                QCOMPARE(made.trace, rows.traces[trace]);
                for (std::size_t i = 0; i < order.size(); ++i) {
                    const auto &span = made.spans[i];
                    QCOMPARE(span.row, order[i]);
                    QCOMPARE(sum(made.selfOf(span)), forest.self[span.row]);
                    QCOMPARE(made.services[span.service], rows.services[rows.service[span.row]]);
                    QCOMPARE(made.names[span.name], rows.names[rows.name[span.row]]);
                    QVERIFY(made.begin <= span.begin && span.end <= made.end);
                    for (const auto &part : made.criticalOf(span))
                        QVERIFY(span.begin <= part.begin && part.end <= span.end);
                }
                QCOMPARE(sum(made.critical), rows.length[forest.rootOf(trace)]);
                QCOMPARE(made.rootNs, rows.length[forest.rootOf(trace)]);
            }
        }
    }
    void aTraceWithoutSpansIsEmpty()
    {
        SpanRows rows;
        rows.traces = {"t"};
        const auto made = waterfall(rows, spanForest(rows), 0);
        QVERIFY(made.spans.empty());
        QCOMPARE(made.end, 0);
    }
};

QTEST_GUILESS_MAIN(TestWaterfall)
#include "tst_waterfall.moc"
