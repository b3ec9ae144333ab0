#include "analysis/span_forest.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

#include <set>

using namespace flamewright;

namespace {

using Rows = std::vector<std::uint32_t>;

Rows list(std::span<const std::uint32_t> rows)
{
    return {rows.begin(), rows.end()};
}

// Unit by unit: which of a span's time no child covers.
std::int64_t slowSelf(const SpanRows &rows, const SpanForest &forest, std::uint32_t row)
{
    std::int64_t out = 0;
    for (auto t = rows.begin[row]; t < rows.endOf(row); ++t) {
        bool covered = false;
        for (std::uint32_t child = 0; child < rows.size(); ++child)
            covered = covered || (forest.parent[child] == row && rows.begin[child] <= t &&
                                  t < rows.endOf(child));
        out += covered ? 0 : 1;
    }
    return out;
}

} // namespace

class TestSpanForest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // root 0..100: a 10..40, b 30..60 (they overlap by 10), c 90..120 (20 of it outside).
    void takesTheUnionOfChildrenFromATheirParent()
    {
        const auto rows = madeSpans({{"t", 1, 0, "s", "root", 0, 100},
                                     {"t", 2, 1, "s", "a", 10, 30},
                                     {"t", 3, 1, "s", "b", 30, 30},
                                     {"t", 4, 1, "s", "c", 90, 30},
                                     {"t", 5, 2, "s", "d", 12, 5}});
        const auto forest = spanForest(rows); // in order of begin: root a d b c
        QCOMPARE(forest.parent, (Rows{kNoRow, 0, 1, 0, 0}));
        QCOMPARE(forest.depth, (Rows{0, 1, 2, 1, 1}));
        // 100 - (10..60) - (90..100) = 40; a: 30 - 5.
        QCOMPARE(forest.self, (std::vector<std::int64_t>{40, 25, 5, 30, 30}));
        QCOMPARE(list(forest.childrenOf(0)), (Rows{1, 3, 4}));
        QCOMPARE(list(forest.rowsOf(0)), (Rows{0, 1, 2, 3, 4}));
        QCOMPARE(forest.rootOf(0), 0u);
        QCOMPARE(forest.missingParents + forest.circles + forest.duplicateIds, 0u);
    }
    void hasNoTreesWithoutSpans()
    {
        const auto forest = spanForest(SpanRows{});
        QCOMPARE(forest.size(), 0u);
        QCOMPARE(forest.traces(), 0u);
    }
    void oneSpanIsATree()
    {
        const auto forest = spanForest(madeSpans({{"t", 1, 0, "s", "only", 5, 7}}));
        QCOMPARE(forest.self, (std::vector<std::int64_t>{7}));
        QCOMPARE(forest.rootOf(0), 0u);
        QCOMPARE(list(forest.rowsOf(0)), (Rows{0}));
    }
    void looksForParentsInTheSameTraceOnly()
    {
        const auto rows = madeSpans({{"t", 1, 0, "s", "a", 0, 10}, {"u", 2, 1, "s", "b", 1, 2}});
        const auto forest = spanForest(rows);
        QCOMPARE(forest.parent, (Rows{kNoRow, kNoRow}));
        QCOMPARE(forest.missingParents, 1u);
        QCOMPARE(forest.traces(), 2u);
        QCOMPARE(forest.rootOf(1), 1u);
    }
    void aTraceIsAboutItsRootAndNotAboutALongerOrphan()
    {
        const auto rows = madeSpans({{"t", 9, 8, "s", "orphan", 0, 500},
                                     {"t", 1, 0, "s", "short", 10, 5},
                                     {"t", 2, 0, "s", "long", 20, 50}});
        QCOMPARE(spanForest(rows).rootOf(0), 2u);
    }
    void cutsCirclesAtTheEarliestSpan()
    {
        // 3 -> 1 -> 2 -> 3, 4 below it, 5 its own parent.
        const auto rows = madeSpans({{"t", 1, 3, "s", "a", 10, 10},
                                     {"t", 2, 1, "s", "b", 5, 10},
                                     {"t", 3, 2, "s", "c", 20, 10},
                                     {"t", 4, 3, "s", "d", 21, 1},
                                     {"t", 5, 5, "s", "e", 30, 1}});
        const auto forest = spanForest(rows); // b a c d e
        QCOMPARE(forest.parent, (Rows{kNoRow, 2, 0, 2, kNoRow}));
        QCOMPARE(forest.circles, 2u);
        QCOMPARE(forest.rowsOf(0).size(), 5u);
    }
    void ofDuplicatesTheFirstThatEnclosesIsTheParent()
    {
        const auto rows = madeSpans({{"t", 7, 0, "s", "short", 0, 10},
                                     {"t", 7, 0, "s", "encloses", 1, 100},
                                     {"t", 7, 0, "s", "too", 2, 100},
                                     {"t", 8, 7, "s", "child", 20, 5}});
        const auto forest = spanForest(rows);
        QCOMPARE(forest.parent[3], 1u);
        QCOMPARE(forest.duplicateIds, 2u);
    }
    void theServersHalfIsAChildOfTheClients()
    {
        // Zipkin: both halves have id 2 and parent 1; what the server calls has parent 2.
        const auto rows =
            madeSpans({{"t", 1, 0, "web", "get", 0, 100, SliceKind::SpanServer},
                       {"t", 2, 1, "web", "call", 10, 50, SliceKind::SpanClient},
                       {"t", 2, 1, "api", "call", 15, 40, SliceKind::SpanServer, kSliceRemote},
                       {"t", 3, 2, "api", "query", 20, 10, SliceKind::SpanClient}});
        const auto forest = spanForest(rows);
        QCOMPARE(forest.parent, (Rows{kNoRow, 0, 1, 2}));
        QCOMPARE(forest.duplicateIds, 0u);
        QCOMPARE(forest.self, (std::vector<std::int64_t>{50, 10, 30, 10}));
    }
    void equalsTheSlowWay()
    {
        for (unsigned seed = 0; seed < 300; ++seed) {
            const auto rows = wildSpans(seed, 1 + seed % 40, 1 + seed % 3);
            const auto forest = spanForest(rows);
            std::set<std::uint32_t> seen;
            for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
                for (const auto row : forest.rowsOf(trace)) {
                    QVERIFY(seen.insert(row).second);
                    QCOMPARE(rows.trace[row], trace);
                    const auto parent = forest.parent[row];
                    QVERIFY(parent == kNoRow || seen.contains(parent));
                    QCOMPARE(forest.depth[row], parent == kNoRow ? 0u : forest.depth[parent] + 1);
                    if (parent != kNoRow)
                        QVERIFY(rows.span[parent] == rows.parent[row] ||
                                rows.span[parent] == rows.span[row]);
                }
            }
            QCOMPARE(seen.size(), rows.size());
            for (std::uint32_t row = 0; row < rows.size(); ++row) {
                QCOMPARE(forest.self[row], slowSelf(rows, forest, row));
                // Only what is not there, or would close a circle, is left without a parent.
                bool there = false;
                for (std::uint32_t other = 0; other < rows.size(); ++other)
                    there =
                        there || (rows.parent[row] != 0 && rows.trace[other] == rows.trace[row] &&
                                  rows.span[other] == rows.parent[row]);
                if (there && forest.circles == 0)
                    QVERIFY(forest.parent[row] != kNoRow);
            }
        }
    }
    void timesAtTheEndOfTimeDoNotOverflow()
    {
        const auto rows = madeSpans({{"t", 1, 0, "s", "a", INT64_MIN, INT64_MAX},
                                     {"t", 2, 1, "s", "b", -5, INT64_MAX},
                                     {"t", 3, 2, "s", "c", INT64_MAX, INT64_MAX}});
        const auto forest = spanForest(rows);
        QCOMPARE(forest.self[0], INT64_MAX - 4);
        QCOMPARE(forest.self[2], 0);
    }
    // A million spans in one trace: below each other, below one, all with one id.
    void aMillionSpansNeedNoStack_data()
    {
        QTest::addColumn<int>("shape");
        QTest::newRow("chain") << 0;
        QTest::newRow("star") << 1;
        QTest::newRow("one id") << 2;
        QTest::newRow("circle") << 3;
    }
    void aMillionSpansNeedNoStack()
    {
        QFETCH(const int, shape);
        constexpr std::uint32_t kCount = 1'000'000;
        SpanRows rows;
        rows.traces = {"t"};
        rows.services = {"s"};
        rows.names = {"n"};
        for (std::uint32_t i = 0; i < kCount; ++i) {
            rows.begin.push_back(i);
            rows.length.push_back(2 * (kCount - i));
            rows.span.push_back(shape == 2 ? 1 : i + 1);
            rows.parent.push_back(shape == 1 ? (i == 0 ? 0 : 1) : shape == 2 ? 1 : i);
        }
        if (shape == 3)
            rows.parent[0] = kCount;
        rows.trace.resize(kCount);
        rows.service.resize(kCount);
        rows.name.resize(kCount);
        rows.kind.resize(kCount, SliceKind::Span);
        rows.flags.resize(kCount);
        rows.track.resize(kCount);
        rows.args.resize(kCount);
        const auto forest = spanForest(rows);
        QCOMPARE(forest.order.size(), std::size_t{kCount});
        QCOMPARE(*std::max_element(forest.depth.begin(), forest.depth.end()),
                 shape == 1   ? 1u
                 : shape == 2 ? forest.depth.back()
                              : kCount - 1);
        QCOMPARE(forest.circles, shape == 3 ? 1u : forest.circles);
    }
};

QTEST_GUILESS_MAIN(TestSpanForest)
#include "tst_span_forest.moc"
