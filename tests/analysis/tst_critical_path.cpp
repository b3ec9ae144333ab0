#include "analysis/critical_path.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

std::vector<CriticalSegment> pathOf(const SpanRows &rows, std::uint32_t root = 0)
{
    const auto forest = spanForest(rows);
    CriticalPaths paths(rows, forest);
    std::vector<CriticalSegment> out;
    paths.add(root, out);
    return out;
}

// The definition, by recursion over windows: "who is waited for in [begin, end) of this span".
void slowPath(const SpanRows &rows, const SpanForest &forest, std::uint32_t row, std::int64_t begin,
              std::int64_t end, std::vector<CriticalSegment> &out)
{
    std::vector<CriticalSegment> backwards;
    auto at = end;
    while (true) {
        // The child that ends last, not after `at`; of equals the one that begins first.
        std::uint32_t chosen = kNoRow;
        std::int64_t chosenEnd = 0;
        for (const auto child : forest.childrenOf(row)) {
            const auto childEnd = std::min(rows.endOf(child), rows.endOf(row));
            if (childEnd > at || childEnd <= std::max(begin, rows.begin[child]))
                continue;
            const auto key = [&](std::uint32_t c) {
                return std::tuple(rows.endOf(c), -rows.begin[c], -std::int64_t{c});
            };
            if (chosen == kNoRow || key(child) > key(chosen)) {
                chosen = child;
                chosenEnd = childEnd;
            }
        }
        if (chosen == kNoRow)
            break;
        if (chosenEnd < at)
            backwards.push_back({row, chosenEnd, at});
        std::vector<CriticalSegment> inner;
        at = std::max(rows.begin[chosen], begin);
        slowPath(rows, forest, chosen, at, chosenEnd, inner);
        backwards.insert(backwards.end(), inner.rbegin(), inner.rend());
    }
    if (begin < at)
        backwards.push_back({row, begin, at});
    out.insert(out.end(), backwards.rbegin(), backwards.rend());
}

} // namespace

class TestCriticalPath : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // root 0..100; a 10..30, b 20..70 beside it, c 75..90 with d 80..120 in it.
    void goesBackThroughTheChildThatEndedLast()
    {
        const auto rows = madeSpans({{"t", 1, 0, "s", "root", 0, 100},
                                     {"t", 2, 1, "s", "a", 5, 15},
                                     {"t", 3, 1, "s", "b", 20, 50},
                                     {"t", 4, 1, "s", "parallel", 30, 30},
                                     {"t", 5, 1, "s", "c", 75, 15},
                                     {"t", 6, 5, "s", "d", 80, 40}});
        // a ends when b begins; what runs beside b is not waited for; d counts until c's end.
        QCOMPARE(pathOf(rows), (std::vector<CriticalSegment>{{0, 0, 5},
                                                             {1, 5, 20},
                                                             {2, 20, 70},
                                                             {0, 70, 75},
                                                             {4, 75, 80},
                                                             {5, 80, 90},
                                                             {0, 90, 100}}));
    }
    void aChildThatIsLongerThanItsParentCountsWithinIt()
    {
        const auto rows =
            madeSpans({{"t", 2, 1, "s", "child", 0, 100}, {"t", 1, 0, "s", "root", 10, 20}});
        QCOMPARE(pathOf(rows, 1), (std::vector<CriticalSegment>{{0, 10, 30}}));
    }
    void aSpanWithoutLengthHasNoPath()
    {
        QVERIFY(pathOf(madeSpans({{"t", 1, 0, "s", "root", 0, 0}, {"t", 2, 1, "s", "a", 0, 9}}))
                    .empty());
    }
    void equalsTheDefinitionAndAddsUp()
    {
        for (unsigned seed = 0; seed < 500; ++seed) {
            const auto rows = wildSpans(seed, 1 + seed % 60, 1 + seed % 2);
            const auto forest = spanForest(rows);
            CriticalPaths paths(rows, forest);
            for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
                const auto root = forest.rootOf(trace);
                std::vector<CriticalSegment> path, slow;
                paths.add(root, path);
                slowPath(rows, forest, root, rows.begin[root], rows.endOf(root), slow);
                QCOMPARE(path, slow);
                auto at = rows.begin[root];
                for (const auto &segment : path) {
                    QCOMPARE(segment.begin, at);
                    QVERIFY(segment.end > segment.begin);
                    QVERIFY(segment.begin >= rows.begin[segment.row]);
                    QVERIFY(segment.end <= rows.endOf(segment.row));
                    at = segment.end;
                }
                QCOMPARE(at, rows.endOf(root));
            }
        }
    }
    void sharesOfManyTracesAddUp()
    {
        for (unsigned seed = 0; seed < 50; ++seed) {
            const auto rows = wildSpans(seed, 400, 60);
            const auto forest = spanForest(rows);
            const auto index = operationIndex(rows);
            const auto main = mainOperation(rows, forest, index);
            QVERIFY(main);
            const auto summary = criticalSummary(rows, forest, index, *main);
            std::int64_t sum = 0, total = 0;
            std::uint64_t traces = 0;
            for (const auto &share : summary.shares) {
                sum += share.ns;
                QVERIFY(share.traces <= summary.traces);
            }
            for (std::uint32_t trace = 0; trace < forest.traces(); ++trace) {
                const auto root = forest.rootOf(trace);
                if (index.keys[index.of[root]] == *main) {
                    total += rows.length[root];
                    ++traces;
                }
            }
            QCOMPARE(sum, total);
            QCOMPARE(summary.totalNs, total);
            QCOMPARE(summary.traces, traces);
        }
    }
    void nothingHasNoMainOperation()
    {
        const SpanRows rows;
        QVERIFY(!mainOperation(rows, spanForest(rows), operationIndex(rows)));
    }
    void aMillionSpansNeedNoStack_data()
    {
        QTest::addColumn<bool>("chain");
        QTest::newRow("chain") << true;
        QTest::newRow("star") << false;
    }
    void aMillionSpansNeedNoStack()
    {
        QFETCH(const bool, chain);
        constexpr std::int64_t kCount = 1'000'000;
        SpanRows rows;
        rows.traces = {"t"};
        rows.services = {"s"};
        rows.names = {"n"};
        for (std::int64_t i = 0; i < kCount; ++i) {
            rows.begin.push_back(i);
            rows.length.push_back(chain || i == 0 ? 2 * (kCount - i) : 1);
            rows.span.push_back(static_cast<std::uint64_t>(i) + 1);
            rows.parent.push_back(i == 0 ? 0 : chain ? static_cast<std::uint64_t>(i) : 1);
            rows.trace.push_back(0);
            rows.service.push_back(0);
            rows.name.push_back(0);
            rows.kind.push_back(SliceKind::Span);
            rows.flags.push_back(0);
        }
        const auto path = pathOf(rows);
        std::int64_t sum = 0;
        for (const auto &segment : path)
            sum += segment.length();
        QCOMPARE(sum, 2 * kCount);
    }
};

QTEST_GUILESS_MAIN(TestCriticalPath)
#include "tst_critical_path.moc"
