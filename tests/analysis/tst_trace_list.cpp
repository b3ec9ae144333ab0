#include "analysis/trace_list.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

class TestTraceList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsTheLongestTraceFirst()
    {
        const auto rows = madeSpans({
            {"short", 1, 0, "web", "GET /", 0, 10},
            {"long", 2, 0, "web", "POST /", 5, 100, SliceKind::SpanServer, kSliceError},
            {"long", 3, 2, "db", "SELECT", 20, 200}, // ends after its parent
            {"long", 4, 2, "db", "SELECT", 30, 1, SliceKind::SpanClient, kSliceError},
            {"cut", 5, 99, "db", "SELECT", 7, 10},
        });
        const auto list = traceList(rows, spanForest(rows));
        QCOMPARE(list.size(), 3u);
        QCOMPARE(rows.traces[list[0].trace], std::string("long"));
        QCOMPARE(list[0].begin, 5);
        QCOMPARE(list[0].length, 215);
        QCOMPARE(list[0].spans, 3u);
        QCOMPARE(list[0].services, 2u);
        QCOMPARE(list[0].errors, 2u);
        QCOMPARE(rows.names[rows.name[list[0].root]], std::string("POST /"));
        QVERIFY(list[0].isWhole);
        // As long as each other: the earlier one first.
        QCOMPARE(rows.traces[list[1].trace], std::string("short"));
        QCOMPARE(rows.traces[list[2].trace], std::string("cut"));
        QVERIFY(!list[2].isWhole);
    }

    void isEmptyWithoutSpans()
    {
        const SpanRows none;
        QVERIFY(traceList(none, spanForest(none)).empty());
    }

    // Every span is in exactly one trace, whatever their ids say.
    void countsEverySpanOnce()
    {
        for (unsigned seed = 0; seed < 20; ++seed) {
            const auto rows = wildSpans(seed, 300, 7);
            std::size_t spans = 0, errors = 0, failed = 0;
            for (const auto &trace : traceList(rows, spanForest(rows))) {
                spans += trace.spans;
                errors += trace.errors;
                QVERIFY(trace.length >= 0 && trace.services >= 1);
            }
            for (std::size_t row = 0; row < rows.size(); ++row)
                failed += rows.failed(row) ? 1 : 0;
            QCOMPARE(spans, rows.size());
            QCOMPARE(errors, failed);
        }
    }

    void saturatesAtTheEndsOfTime()
    {
        const auto rows =
            madeSpans({{"t", 1, 0, "s", "n", INT64_MIN, 10}, {"t", 2, 1, "s", "n", INT64_MAX, 10}});
        QCOMPARE(traceList(rows, spanForest(rows)).front().length, INT64_MAX);
    }
};

QTEST_GUILESS_MAIN(TestTraceList)
#include "tst_trace_list.moc"
