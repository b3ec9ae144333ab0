#include "analysis/compare/comparison.h"
#include "analysis/compare/explain.h"
#include "analysis/compare/headlines.h"
#include "analysis/compare/load_diff.h"
#include "analysis/compare/operation_match.h"
#include "analysis/compare/trace_diff.h"

#include <QTest>

using namespace flamewright;

namespace {

Change changed(double base, double cand)
{
    Change out{.base = base, .cand = cand};
    out.relative = ChangeInterval{cand / base - 1.05, cand / base - 0.95};
    out.baseCount = out.candCount = 100;
    out.verdict = cand < base ? Verdict::Improved : Verdict::Regressed;
    return out;
}

ComparedSection sectionOf(const char *kind, const char *title,
                          std::vector<std::pair<const char *, Change>> items,
                          std::vector<std::string> sentences)
{
    ComparedSection out{.kind = kind, .title = title};
    for (const auto &[name, change] : items)
        out.items.push_back({.name = name,
                             .detail = "frontend",
                             .figure = "self",
                             .unit = "ns",
                             .per = "request",
                             .change = change});
    out.sentences = std::move(sentences);
    return out;
}

// p99 of the load test fell by 400 ms. Traces of about 500 ms waited for 400, those of about 100 for
// 50; others have nothing to do with it.
Comparison shop()
{
    Comparison out;
    auto load = std::make_shared<LoadDiff>();
    load->endpoints.resize(2);
    load->endpoints[0].name = "*";
    load->endpoints[1].name = "checkout";
    for (std::size_t i = 0; i < kPercentiles.size(); ++i) {
        if (kPercentiles[i].perMyriad == 9'900)
            load->endpoints[1].percentiles[i] = changed(500e6, 100e6);
    }
    out.sections.push_back(sectionOf("load", "shop.jtl", {{"checkout", changed(500e6, 100e6)}},
                                     {"p99 of checkout fell from 500 ms to 100 ms."}));
    out.sections.back().load = load;
    auto traces = std::make_shared<TraceDiff>();
    auto &root = traces->roots.emplace_back();
    root.name = "POST /checkout";
    for (const auto *name : {"SELECT products", "pool", "POST /checkout"}) {
        auto &one = root.calls.emplace_back();
        one.service = "frontend";
        one.name = name;
    }
    const auto trace = [](ChosenTraces &side, std::int64_t ms, std::int64_t query,
                          std::int64_t pool, std::uint32_t calls) {
        const auto at = static_cast<std::uint32_t>(side.lengths.size());
        side.lengths.push_back(ms * 1'000'000);
        side.parts.push_back({at, 0, calls, query * 1'000'000});
        side.parts.push_back({at, 1, 1, pool * 1'000'000});
        side.parts.push_back({at, 2, 1, (ms - query - pool) * 1'000'000});
    };
    trace(root.baseChosen, 10, 1, 1, 12);
    trace(root.baseChosen, 470, 40, 390, 12);
    trace(root.baseChosen, 480, 40, 400, 12);
    trace(root.baseChosen, 490, 40, 410, 12);
    trace(root.baseChosen, 9000, 1, 8000, 12);
    trace(root.candChosen, 90, 10, 40, 1);
    trace(root.candChosen, 100, 10, 50, 1);
    trace(root.candChosen, 110, 10, 60, 1);
    out.sections.push_back(
        sectionOf("traces", "traces.jsonl",
                  {{"POST /checkout", changed(60e6, 30e6)}, {"serialize", changed(1e6, 5e4)}},
                  {"Mean of POST /checkout fell from 60 ms to 30 ms; calls fell."}));
    out.sections.back().traces = traces;
    return out;
}

} // namespace

// What is said of several sections together.
class TestHeadlines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theTailOfALoadTestIsBrokenDownByTraces()
    {
        auto comparison = shop();
        explainAcross(comparison);
        QCOMPARE(comparison.sections[0].explanations.size(), 1u);
        const auto &got = comparison.sections[0].explanations.front();
        QCOMPARE(got.of, std::string("p99 of checkout"));
        QCOMPARE(got.base, 500e6);
        QCOMPARE(got.cand, 100e6);
        QCOMPARE(got.parts.size(), 3u);
        QCOMPARE(got.parts[0].name, std::string("pool"));
        QCOMPARE(got.parts[0].delta(), -350e6);
        QCOMPARE(got.parts[1].note, std::string("12 calls before, 1 after"));
        // -400 = -350 - 30 + 0 - 20
        QCOMPARE(got.remainder, -20e6);
        // Without traces, or without a load test, there is nothing to explain it with.
        Comparison alone;
        alone.sections.push_back(shop().sections[0]);
        explainAcross(alone);
        QVERIFY(alone.sections[0].explanations.empty());
    }
    void oneCauseIsSaidOnceWithTheEvidenceOfAll()
    {
        auto comparison = shop();
        comparison.sections.push_back(
            sectionOf("profile", "cpu.pb", {{"doubleSerialize", changed(2e6, 1e5)}},
                      {"CPU per request fell from 7 ms to 3 ms.",
                       "`doubleSerialize` itself fell from 2 ms to 0.1 ms per request."}));
        comparison.sections.push_back(
            sectionOf("profile", "perf.data", {{"doubleSerialize", changed(4e6, 2e5)}},
                      {"`doubleSerialize` itself fell from 4 ms to 0.2 ms per request."}));
        const auto got = headlines(comparison);
        QCOMPARE(got.size(), 3u);
        QCOMPARE(got[0], std::string("p99 of checkout fell from 500 ms to 100 ms; the traces say: "
                                     "Mean of POST /checkout fell from 60 ms to 30 ms; calls "
                                     "fell."));
        QCOMPARE(got[1], std::string("cpu.pb: CPU per request fell from 7 ms to 3 ms."));
        QVERIFY2(
            got[2].starts_with("`doubleSerialize` itself fell from 2 ms to 0.1 ms per "
                               "request; also in perf.data: 4 ms to 200 \u00b5s per request, ") &&
                got[2].find("; in traces, serialize of frontend itself: 1 ms to 50 \u00b5s") !=
                    std::string::npos,
            got[2].c_str());
    }
    void whatASectionHasSaidIsNotSaidAgain()
    {
        Comparison comparison;
        comparison.sections.push_back(
            sectionOf("profile", "a", {{"lock", changed(2, 1)}, {"other", changed(2, 1)}},
                      {"CPU fell from 9 to 4. 90 % of the saved time was `lock` itself.",
                       "`lock` itself fell from 5 to 1.", "`other` itself fell from 2 to 1."}));
        comparison.sections.push_back(
            sectionOf("benchmarks", "b", {{"BM_A", changed(2, 1)}},
                      {"BM_A improved in real time.", "BM_A improved in cpu time."}));
        QCOMPARE(headlines(comparison),
                 (std::vector<std::string>{
                     "CPU fell from 9 to 4. 90 % of the saved time was `lock` itself.",
                     "BM_A improved in real time.", "`other` itself fell from 2 to 1."}));
    }
    void evidenceIsOfTheSameFigure()
    {
        Comparison comparison;
        for (const auto *title : {"a.jtl", "b.jtl"}) {
            auto section = sectionOf(
                "load", title, {{"search", changed(9e6, 1e6)}, {"search", changed(80e6, 8e6)}},
                {"p99 of search fell from 80 ms to 8 ms."});
            section.items[0].figure = "p50";
            section.items[1].figure = "p99";
            comparison.sections.push_back(std::move(section));
        }
        const auto got = headlines(comparison);
        QCOMPARE(got.size(), 1u);
        QVERIFY2(got[0].starts_with("p99 of search fell from 80 ms to 8 ms; also in b.jtl: 80 ms "
                                    "to 8 ms per request, -90 %"),
                 got[0].c_str());
        comparison.sections[1].items.pop_back();
        comparison.sections[1].sentences = {"p50 of search fell from 9 ms to 1 ms."};
        QVERIFY(headlines(comparison)[0].find("; also in b.jtl: p50 9 ms to 1 ms") !=
                std::string::npos);
    }
    void allRequestsAreOtherOnesInEachLoadTest()
    {
        Comparison comparison;
        for (const auto *title : {"search.csv", "product.csv"})
            comparison.sections.push_back(
                sectionOf("load", title, {}, {"p99 of all requests fell from 9 to 4."}));
        QCOMPARE(headlines(comparison),
                 (std::vector<std::string>{"search.csv: p99 of all requests fell from 9 to 4.",
                                           "product.csv: p99 of all requests fell from 9 to 4."}));
    }
    void whatWentTheOtherWayIsNotTheSame()
    {
        Comparison comparison;
        comparison.sections.push_back(
            sectionOf("profile", "a", {{"f", changed(2, 1)}}, {"`f` itself fell from 2 to 1."}));
        comparison.sections.push_back(
            sectionOf("profile", "b", {{"f", changed(1, 2)}}, {"`f` itself rose from 1 to 2."}));
        QCOMPARE(headlines(comparison).size(), 2u);
    }
    void atMostSevenAreSaid()
    {
        Comparison comparison;
        auto &section = comparison.sections.emplace_back();
        for (int i = 0; i < 20; ++i)
            section.sentences.push_back("Thing " + std::to_string(i) + " fell.");
        const auto got = headlines(comparison);
        QCOMPARE(got.size(), 7u);
        QCOMPARE(got[0], std::string("Thing 0 fell."));
    }
    void withoutEvidenceItSaysSo()
    {
        Comparison comparison;
        QCOMPARE(headlines(comparison).size(), 1u);
        comparison.sections.push_back(
            sectionOf("load", "x", {}, {"There is not enough evidence that latencies changed."}));
        QCOMPARE(headlines(comparison).front(),
                 std::string("There is not enough evidence of a change."));
        QCOMPARE(headlines(comparison).size(), 2u);
    }
    void nothingIsClaimedWhileVerdictsAreWithheld()
    {
        auto comparison = shop();
        for (auto &section : comparison.sections)
            section.remarks.push_back({ComparabilityRemark::Weight::Grave, "cpu", "a", "b",
                                       "The CPUs differ: times cannot be compared."});
        const auto got = headlines(comparison);
        QCOMPARE(got.size(), 2u);
        QCOMPARE(got[0],
                 std::string("shop.jtl: verdicts are withheld until somebody confirms. The CPUs "
                             "differ: times cannot be compared."));
        comparison.confirmed = true;
        QVERIFY(headlines(comparison).front().starts_with("p99 of checkout"));
    }
    void endpointsAreFoundAmongOperations()
    {
        const std::vector<std::string> operations{"GET /product/:id", "GET /search",
                                                  "POST /checkout", "GET /checkout", "listOrders"};
        const auto of = [&](const char *endpoint) {
            const auto at = operationOf(endpoint, operations);
            return at ? operations[*at] : std::string();
        };
        QCOMPARE(of("POST /checkout"), operations[2]);
        QCOMPARE(of("GET http://127.0.0.1:18080/product/581?x=1"), operations[0]);
        QCOMPARE(of("GET /product/[id]"), operations[0]);
        QCOMPARE(of("/product/{n}"), operations[0]);
        QCOMPARE(of("product"), operations[0]);
        QCOMPARE(of("search"), operations[1]);
        QCOMPARE(of("ListOrders"), operations[4]);
        QCOMPARE(of("/checkout"), std::string()); // POST or GET
        QCOMPARE(of("missing product"), std::string());
        QCOMPARE(of("DELETE /search"), std::string());
        QCOMPARE(of("*"), std::string());
        QCOMPARE(of(""), std::string());
    }
    void functionsAreNamedLikeOperations()
    {
        QVERIFY(isNamedLike("doubleSerialize", "serialize"));
        QVERIFY(isNamedLike("shop::apply_discounts(int)", "apply_discounts"));
        QVERIFY(!isNamedLike("serializer", "serialize"));
        QVERIFY(!isNamedLike("GET_all", "GET"));
        QVERIFY(!isNamedLike("anything", ""));
    }
};

QTEST_APPLESS_MAIN(TestHeadlines)
#include "tst_headlines.moc"
