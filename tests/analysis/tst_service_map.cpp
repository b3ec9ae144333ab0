#include "analysis/service_map.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

SpanAttributes named(const std::string &key, std::uint32_t row, const std::string &value)
{
    SpanAttributes out;
    out.keys.push_back({key, {row}, {0}, {value}});
    return out;
}

const ServiceEdge *edge(const ServiceMap &map, const std::string &from, const std::string &to)
{
    for (const auto &one : map.edges) {
        if (map.nodes[one.from].name == from && map.nodes[one.to].name == to)
            return &one;
    }
    return nullptr;
}

} // namespace

class TestServiceMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void callsHaveTheTimeOfTheClient()
    {
        // web calls api twice (50 and 70 ns, the second failed on the way), api calls a database.
        const auto rows =
            madeSpans({{"t", 1, 0, "web", "get", 0, 200, SliceKind::SpanServer},
                       {"t", 2, 1, "web", "call", 10, 50, SliceKind::SpanClient},
                       {"t", 3, 2, "api", "call", 15, 30, SliceKind::SpanServer},
                       {"t", 4, 3, "api", "query", 20, 10, SliceKind::SpanClient},
                       {"t", 5, 1, "web", "call", 80, 70, SliceKind::SpanClient, kSliceError},
                       {"t", 6, 5, "api", "call", 90, 30, SliceKind::SpanServer},
                       {"t", 7, 1, "web", "unknown", 160, 5, SliceKind::SpanClient}});
        const auto map = serviceMap(rows, spanForest(rows), named("db.system", 3, "postgresql"));
        QCOMPARE(map.nodes.size(), 3u);
        QCOMPARE(map.nodes[0].name, std::string("api"));
        QCOMPARE(map.nodes[1].name, std::string("web"));
        QCOMPARE(map.nodes[1].spans, 4u);
        QCOMPARE(map.nodes[1].errors, 1u);
        QCOMPARE(map.nodes[1].selfNs, 75 + 20 + 40 + 5);
        QVERIFY(map.nodes[2].peer);
        const auto *call = edge(map, "web", "api");
        QVERIFY(call);
        QCOMPARE(call->calls, 2u);
        QCOMPARE(call->errors, 1u);
        QCOMPARE(call->p50, 50);
        QCOMPARE(call->p95, 70);
        const auto *query = edge(map, "api", "postgresql");
        QVERIFY(query);
        QCOMPARE(query->calls, 1u);
        QCOMPARE(query->p50, 10);
        QCOMPARE(map.edges.size(), 2u);
        QCOMPARE(map.unnamedCalls, 1u);
    }
    void aSpanBelowAnotherServicesIsACallWithItsOwnTime()
    {
        const auto rows = madeSpans({{"t", 1, 0, "a", "x", 0, 9}, {"t", 2, 1, "b", "y", 1, 4}});
        const auto map = serviceMap(rows, spanForest(rows), {});
        QCOMPARE(map.edges.size(), 1u);
        QCOMPARE(map.edges.front().p50, 4);
    }
    void waitingForAConnectionIsNoCall()
    {
        const auto rows =
            madeSpans({{"t", 1, 0, "web", "get", 0, 90, SliceKind::SpanServer},
                       {"t", 2, 1, "web", "pg-pool.connect", 1, 40, SliceKind::SpanClient},
                       {"t", 3, 1, "web", "query", 50, 10, SliceKind::SpanClient}});
        SpanAttributes attributes;
        attributes.keys.push_back({"db.system", {1, 2}, {0, 0}, {"postgresql"}});
        const auto map = serviceMap(rows, spanForest(rows), attributes);
        QCOMPARE(map.edges.size(), 1u);
        QCOMPARE(map.edges.front().calls, 1u);
        QCOMPARE(map.edges.front().p95, 10);
        QCOMPARE(map.unnamedCalls, 0u);
    }
    void nothingHasNoServices()
    {
        const auto map = serviceMap({}, spanForest({}), {});
        QVERIFY(map.nodes.empty() && map.edges.empty());
    }
    void everyCrossingIsCountedOnce()
    {
        for (unsigned seed = 0; seed < 100; ++seed) {
            const auto rows = wildSpans(seed, seed * 4, 1 + seed % 5);
            const auto forest = spanForest(rows);
            const auto map = serviceMap(rows, forest, {});
            std::uint64_t crossings = 0, calls = 0, spans = 0;
            for (std::uint32_t row = 0; row < rows.size(); ++row)
                crossings += forest.parent[row] != kNoRow &&
                                     rows.service[forest.parent[row]] != rows.service[row]
                                 ? 1
                                 : 0;
            for (const auto &one : map.edges) {
                calls += one.calls;
                QVERIFY(one.from != one.to && one.from < map.nodes.size() &&
                        one.to < map.nodes.size());
                QVERIFY(one.p50 <= one.p95);
            }
            for (const auto &node : map.nodes)
                spans += node.spans;
            QCOMPARE(calls, crossings);
            QCOMPARE(spans, rows.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestServiceMap)
#include "tst_service_map.moc"
