#include "analysis/compare/load_section.h"
#include "analysis/compare/mean_parts.h"
#include "made_pairs.h"

#include <QTest>

using namespace flamewright;

namespace {

bool has(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

double partsOf(const Explanation &of)
{
    double out = of.remainder;
    for (const auto &part : of.parts)
        out += part.delta();
    return out;
}

} // namespace

class TestLoadSection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyEndpointCanBeQuickerAndAllOfThemSlower()
    {
        // Simpson: /a takes 10 ms and then 9, /b 100 and then 90; of 100 requests 10 go to /b, then
        // 50. By hand: 19 ms before, 49.5 after. Shares in the middle are 0.7 and 0.3, so that the
        // endpoints are -0.7 - 3 = -3.7 ms, and the mix is the rest, 34.2.
        const std::vector<MeanPair> pairs{{"/a", false, {90, 90 * 10e6}, {50, 50 * 9e6}},
                                          {"/b", false, {10, 10 * 100e6}, {50, 50 * 90e6}}};
        const auto parts = meanParts(pairs);
        double mix = 0, endpoints = 0;
        for (const auto &part : parts) {
            mix += part.mixNs;
            endpoints += part.endpointNs;
        }
        QVERIFY(std::abs(endpoints + 3.7e6) < 1e-3);
        QVERIFY(std::abs(mix - 34.2e6) < 1e-3);
        QCOMPARE(parts[0].endpoint, std::string("/b"));
    }

    void whatIsNewIsInTheMix()
    {
        const std::vector<MeanPair> pairs{{"/a", false, {10, 10 * 10e6}, {10, 10 * 10e6}},
                                          {"/a", true, {0, 0}, {10, 10 * 30e6}},
                                          {"/none", false, {0, 0}, {0, 0}}};
        const auto parts = meanParts(pairs);
        QCOMPARE(parts.size(), std::size_t{2});
        QCOMPARE(parts[0].endpointNs, 0.0);
        QVERIFY(std::abs(parts[0].mixNs + parts[1].mixNs - 10e6) < 1e-3); // 10 ms, then 20
        QVERIFY(meanParts({}).empty());
    }

    void explanationsAddUp()
    {
        const auto base = madeTest(1), cand = madeTest(2, {.slower = 2, .failing = 0.2});
        const auto of = diffPair(base, cand, {.rounds = 50});
        const auto explanations = loadExplanations(of);
        QCOMPARE(explanations.size(), std::size_t{2});
        const auto &mean = explanations[0];
        QCOMPARE(mean.base, summarizeLatencies(base.latency).mean);
        QVERIFY(std::abs(mean.remainder) < 1e-6 * mean.base); // rounding and nothing else
        for (const auto &one : explanations)
            QVERIFY(std::abs(partsOf(one) - (one.cand - one.base)) <= 1e-12 * one.cand);
        QCOMPARE(mean.parts[0].name, std::string("POST /checkout"));
        QVERIFY(std::abs(of.mixEffectNs + of.endpointEffectNs - (mean.cand - mean.base)) <
                1e-6 * mean.base);
        // Requests above the baseline's p99, counted here.
        const auto p99 = of.tailNs;
        const auto slower = [p99](const LoadRows &rows) {
            return static_cast<double>(std::count_if(rows.latency.begin(), rows.latency.end(),
                                                     [p99](auto ns) { return ns > p99; })) /
                   static_cast<double>(rows.size());
        };
        QCOMPARE(explanations[1].base, slower(base));
        QCOMPARE(explanations[1].cand, slower(cand));
    }

    void sentencesHaveFiguresIntervalsAndCounts()
    {
        const auto of = diffPair(madeTest(1), madeTest(2, {.slower = 3, .failing = 0.2}));
        const auto said = loadSentences(of);
        QVERIFY(said.weight > 1);
        const auto &first = said.sentences.front();
        for (const char *part :
             {"of POST /checkout rose from ", " to ", "95 % interval", "requests", "/s and "})
            QVERIFY2(has(first, part), first.c_str());
        const auto failures =
            std::find_if(said.sentences.begin(), said.sentences.end(), [](const std::string &text) {
                return text.starts_with("error share of GET /cart rose from ");
            });
        QVERIFY(failures != said.sentences.end());
        const auto items = loadItems(of);
        QCOMPARE(items.front().name, std::string("*"));
        const auto next = std::find_if(items.begin(), items.end(),
                                       [](const ComparedItem &item) { return item.name != "*"; });
        QCOMPARE(next->name, std::string("POST /checkout")); // it weighs more
        for (const auto &item : items) {
            if (item.figure == "throughput")
                QCOMPARE(item.better, Better::Higher);
        }
    }

    void withoutEvidenceItIsSaidSo()
    {
        const auto said = loadSentences(diffPair(madeTest(3), madeTest(4)));
        QCOMPARE(said.sentences.size(), std::size_t{1});
        QCOMPARE(said.weight, 0.0);
        QVERIFY2(has(said.sentences[0], "not enough evidence"), said.sentences[0].c_str());
        QVERIFY(has(said.sentences[0], "95 % interval"));
        QCOMPARE(loadSentences({}).sentences.size(), std::size_t{1});
        QVERIFY(loadItems({}).empty());
        QVERIFY(loadExplanations({}).empty());
    }

    void oneEndpointIsSaidOnce()
    {
        const auto only = [](LoadRows rows, double slower) {
            std::fill(rows.group.begin(), rows.group.end(), 0);
            for (auto &latency : rows.latency)
                latency = static_cast<std::int64_t>(static_cast<double>(latency) * slower);
            return rows;
        };
        const MadeServer server{.failing = 0};
        const auto of = diffPair(only(madeTest(1, server), 1), only(madeTest(2, server), 2));
        for (const auto &item : loadItems(of))
            QCOMPARE(item.name, std::string("GET /cart"));
        QCOMPARE(of.endpoints[0].mean.adjustedP, of.endpoints[1].mean.adjustedP);
        const auto said = loadSentences(of).sentences;
        QVERIFY(has(said[0], "GET /cart"));
        for (const auto &text : said)
            QVERIFY2(!has(text, "latency of all requests") && !has(text, "p99 of all requests"),
                     text.c_str());
    }

    void whatIsLeftOutIsNoted()
    {
        LoadDiff of;
        of.onlyBase = {"a", "b", "c", "d", "e", "f", "g"};
        of.tooFew = {"h"};
        of.notTested = 1234;
        const auto notes = loadNotes(of);
        QCOMPARE(notes.size(), std::size_t{3});
        QVERIFY(has(notes[0], "a, b, c, d, e and 2 more"));
        QVERIFY(has(notes[2], "1,234"));
    }
};

QTEST_GUILESS_MAIN(TestLoadSection)
#include "tst_load_section.moc"
