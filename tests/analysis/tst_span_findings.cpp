#include "analysis/span_detectors.h"
#include "analysis/span_findings.h"
#include "analysis/span_sequence.h"
#include "tests/analysis/made_spans.h"

#include <QTest>

using namespace flamewright;

namespace {

constexpr std::int64_t kMs = 1'000'000;

struct Made {
    SpanRows rows;
    SpanForest forest;
    OperationIndex index;
    SpanAttributes attributes;
    explicit Made(std::vector<MadeSpan> spans)
        : rows(madeSpans(std::move(spans))),
          forest(spanForest(rows)),
          index(operationIndex(rows))
    {}
    // To every span that `text` has an answer for.
    template <class Text>
    void attribute(const std::string &key, Text text)
    {
        SpanAttribute out{.key = key};
        for (std::uint32_t row = 0; row < rows.size(); ++row) {
            const std::string value = text(row);
            if (value.empty())
                continue;
            const auto at = std::find(out.values.begin(), out.values.end(), value);
            out.row.push_back(row);
            out.value.push_back(static_cast<std::uint32_t>(at - out.values.begin()));
            if (at == out.values.end())
                out.values.push_back(value);
        }
        attributes.keys.push_back(std::move(out));
        std::sort(attributes.keys.begin(), attributes.keys.end(),
                  [](const auto &a, const auto &b) { return a.key < b.key; });
    }
    SpanEvidence evidence() const { return {rows, forest, index, attributes}; }
    std::vector<SpanFinding> of(const std::string &kind) const
    {
        auto out = spanFindings(evidence());
        std::erase_if(out, [&](const SpanFinding &one) { return one.kind != kind; });
        return out;
    }
};

double figure(const SpanFinding &finding, const std::string &key)
{
    for (const auto &[name, value] : finding.figures) {
        if (name == key)
            return value;
    }
    return -1;
}

// `requests` of 100 ns, each with `calls` of 10 ns, `apart` ns from begin to begin.
std::vector<MadeSpan> requests(int count, int calls, std::int64_t apart)
{
    std::vector<MadeSpan> out;
    for (int i = 0; i < count; ++i) {
        const auto trace = "t" + std::to_string(i);
        const auto begin = 1000 * i + 7;
        out.push_back({trace, 1, 0, "web", "GET /cart", begin, 100, SliceKind::SpanServer});
        for (int call = 0; call < calls; ++call)
            out.push_back({trace, static_cast<std::uint64_t>(call + 2), 1, "web", "SELECT price",
                           begin + apart * call, 10, SliceKind::SpanClient});
    }
    return out;
}

} // namespace

class TestSpanFindings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void clocksAreAsFineAsTheirBegins()
    {
        const auto rows = madeSpans({{"t", 1, 0, "milli", "a", 3 * kMs, 5},
                                     {"t", 2, 0, "micro", "a", 3 * kMs + 2000, 5},
                                     {"t", 3, 0, "nano", "a", 3 * kMs + 1, 5},
                                     {"t", 4, 0, "milli", "a", -7 * kMs, 5}});
        const auto steps = clockSteps(rows);
        for (std::size_t i = 0; i < rows.services.size(); ++i)
            QCOMPARE(steps[i], rows.services[i] == "milli"   ? kMs
                               : rows.services[i] == "micro" ? 1000
                                                             : 1);
    }
    // Checked against all subsets.
    void theLongestSequenceIsFound()
    {
        for (unsigned seed = 0; seed < 200; ++seed) {
            const auto rows = wildSpans(seed, 9, 1);
            std::vector<std::uint32_t> all(rows.size());
            std::iota(all.begin(), all.end(), 0u);
            const auto found = inSequence(rows, all, 1);
            std::size_t most = 0;
            for (unsigned subset = 0; subset < 1u << rows.size(); ++subset) {
                std::vector<std::uint32_t> chosen;
                for (const auto row : all) {
                    if ((subset >> row & 1) != 0)
                        chosen.push_back(row);
                }
                std::sort(chosen.begin(), chosen.end(), [&](auto a, auto b) {
                    return std::pair(rows.begin[a], rows.length[a]) <
                           std::pair(rows.begin[b], rows.length[b]);
                });
                bool apart = true;
                for (std::size_t i = 1; i < chosen.size(); ++i)
                    apart = apart && rows.endOf(chosen[i - 1]) <= rows.begin[chosen[i]];
                if (apart)
                    most = std::max(most, chosen.size());
            }
            QCOMPARE(found.size(), most);
        }
    }
    void coarseClocksHideThatCallsAreInSequence()
    {
        // Three in the millisecond 5 that fit into it, and one that does not.
        const auto rows = madeSpans({{"t", 1, 0, "s", "a", 5 * kMs, 300'000},
                                     {"t", 2, 0, "s", "b", 5 * kMs, 400'000},
                                     {"t", 3, 0, "s", "c", 5 * kMs, 290'000},
                                     {"t", 4, 0, "s", "d", 5 * kMs, 2 * kMs},
                                     {"t", 5, 0, "s", "e", 5 * kMs, 2 * kMs}});
        const std::vector<std::uint32_t> all{0, 1, 2, 3, 4};
        QCOMPARE(inSequence(rows, all, kMs).size(), 4u); // d begins at 5.99 ms, and ends last
        QCOMPARE(inSequence(rows, all, 1).size(), 1u);
        QCOMPARE(mostAtOnce(rows, all, 1), 5u);
        QCOMPARE(mostAtOnce(rows, all, kMs), 2u); // d and e, from 6 to 7 ms
    }
    void statementsThatDifferInValuesAreTheSame()
    {
        QCOMPARE(statementPattern("SELECT *  FROM t1\n WHERE id = 42 AND n='it''s' OR x=-1.5e3"),
                 std::string("SELECT * FROM t1 WHERE id = ? AND n=? OR x=-?"));
        QCOMPARE(statementPattern("a IN ($1, $2)"), std::string("a IN ($1, $2)"));
        QCOMPARE(statementPattern(" 'open"), std::string("?"));
        QCOMPARE(statementPattern(""), std::string());
    }

    void findsNPlusOne()
    {
        // 4 requests of 100 ns that ask 6 times 10 ns each: 60 %; and one that asks nothing.
        auto spans = requests(4, 6, 12);
        spans.push_back({"x", 1, 0, "web", "GET /cart", 90'001, 100, SliceKind::SpanServer});
        const Made made(spans);
        const auto found = made.of("n_plus_one");
        QCOMPARE(found.size(), 1u);
        const auto &one = found.front();
        QCOMPARE(
            one.sentence,
            std::string("GET /cart in web issues 6 \u00d7 \"SELECT price\" one after the other "
                        "(p95 of the count 6): 60.0 % of its time, 48.0 % of that of its "
                        "slowest 5 % (p95 100 ns); n = 4 of 5."));
        QCOMPARE(figure(one, "calls_p50"), 6.0);
        QCOMPARE(figure(one, "calls_ns"), 240.0);
        QCOMPARE(figure(one, "share"), 0.6);
        QCOMPARE(figure(one, "share_from_p95"), 0.48); // 240 of 500
        QCOMPARE(figure(one, "n"), 4.0);
        QCOMPARE(figure(one, "traces"), 4.0);
        QVERIFY(one.severity == SpanFinding::Severity::Critical);
        QCOMPARE(one.begin, 7);
        QCOMPARE(one.end, 3107);
        QCOMPARE(one.spans.size(), 7u);
        QCOMPARE(made.rows.names[made.rows.name[one.spans.front()]], std::string("GET /cart"));
        for (const auto row : one.spans)
            QCOMPARE(made.rows.trace[row], made.rows.trace[one.spans.front()]);
    }
    void aFewOrParallelCallsAreNoNPlusOne_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("calls");
        QTest::addColumn<int>("apart");
        QTest::addColumn<int>("findings");
        QTest::newRow("four calls") << 50 << 4 << 12 << 0;
        QTest::newRow("five calls") << 3 << 5 << 12 << 1;
        QTest::newRow("two requests") << 2 << 5 << 12 << 0;
        QTest::newRow("one request with many") << 1 << 10 << 10 << 1;
        QTest::newRow("overlapping") << 50 << 9 << 9 << 0;
        QTest::newRow("all at once") << 50 << 9 << 0 << 0;
    }
    void aFewOrParallelCallsAreNoNPlusOne()
    {
        QFETCH(const int, count);
        QFETCH(const int, calls);
        QFETCH(const int, apart);
        QFETCH(const int, findings);
        QCOMPARE(Made(requests(count, calls, apart)).of("n_plus_one").size(),
                 static_cast<std::size_t>(findings));
    }
    void differentStatementsOfOneNameAreDifferentCalls()
    {
        Made made(requests(5, 6, 12));
        made.attribute("db.statement", [&](std::uint32_t row) {
            return made.rows.parent[row] == 0 ? "" : "SELECT " + std::to_string(row);
        });
        const auto found = made.of("n_plus_one"); // values only
        QCOMPARE(found.size(), 1u);
        QVERIFY(found.front().sentence.find("\"SELECT ?\"") != std::string::npos);
        Made other(requests(5, 6, 12));
        other.attribute("db.statement", [&](std::uint32_t row) {
            return other.rows.parent[row] == 0
                       ? std::string()
                       : std::string("SELECT c") + static_cast<char>('a' + other.rows.span[row]);
        });
        QVERIFY(other.of("n_plus_one").empty());
    }

    void findsCallsThatCouldRunSideBySide()
    {
        // 20 requests of 100 ns: a 30 ns, then b 40 ns: 30 ns could be saved.
        std::vector<MadeSpan> spans;
        for (int i = 0; i < 20; ++i) {
            const auto t = "t" + std::to_string(i);
            const auto at = 1000 * i + 1;
            spans.push_back({t, 1, 0, "web", "page", at, 100, SliceKind::SpanServer});
            spans.push_back({t, 2, 1, "web", "a", at + 10, 30, SliceKind::SpanClient});
            spans.push_back({t, 3, 1, "web", "b", at + 50, 40, SliceKind::SpanClient});
        }
        const auto found = Made(spans).of("sequential_calls");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(figure(found.front(), "share"), 0.3);
        QCOMPARE(figure(found.front(), "savings_ns"), 600.0);
        QCOMPARE(found.front().spans.size(), 3u);
        QVERIFY(found.front().severity == SpanFinding::Severity::Info);
        spans.resize(57); // 19 requests
        QVERIFY(Made(spans).of("sequential_calls").empty());
        for (auto &span : spans)
            span.begin += span.name == "b" ? -30 : 0; // they overlap
        QVERIFY(Made(spans).of("sequential_calls").empty());
    }

    void findsCallsMadeAgainAfterFailures()
    {
        std::vector<MadeSpan> spans;
        for (int i = 0; i < 3; ++i) {
            const auto t = "t" + std::to_string(i);
            const auto at = 1000 * i + 1;
            spans.push_back({t, 1, 0, "web", "page", at, 100, SliceKind::SpanServer});
            for (int attempt = 0; attempt < 3; ++attempt)
                spans.push_back({t, static_cast<std::uint64_t>(attempt + 2), 1, "web", "pay",
                                 at + attempt * 30, 20, SliceKind::SpanClient,
                                 static_cast<std::uint8_t>(attempt < 2 ? kSliceError : 0)});
        }
        const auto found = Made(spans).of("retry_storm");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(figure(found.front(), "attempts_p50"), 3.0);
        QCOMPARE(figure(found.front(), "retries"), 6.0);
        QCOMPARE(figure(found.front(), "failed_ns"), 120.0); // 3 x 2 x 20
        QCOMPARE(figure(found.front(), "share"), 0.4);
        for (auto &span : spans)
            span.flags = 0;
        QVERIFY(Made(spans).of("retry_storm").empty());
    }
    void failuresSideBySideAreNoRetries()
    {
        std::vector<MadeSpan> spans;
        for (int i = 0; i < 9; ++i) {
            const auto t = "t" + std::to_string(i);
            spans.push_back({t, 1, 0, "web", "page", 1000 * i, 100, SliceKind::SpanServer});
            for (std::uint64_t call = 2; call < 9; ++call)
                spans.push_back({t, call, 1, "web", "pay", 1000 * i + 5, 20, SliceKind::SpanClient,
                                 kSliceError});
        }
        QVERIFY(Made(spans).of("retry_storm").empty());
    }

    void findsServicesThatTalkTooMuch()
    {
        auto spans = requests(10, 10, 9);
        Made made(spans);
        QVERIFY(made.of("chatty_services").empty()); // nobody knows whom they call
        made.attribute("db.system", [&](std::uint32_t row) {
            return made.rows.parent[row] == 0 ? "" : "postgresql";
        });
        const auto found = made.of("chatty_services");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(figure(found.front(), "calls_p50"), 10.0);
        QCOMPARE(figure(found.front(), "traces"), 10.0);
        QVERIFY(found.front().sentence.starts_with(
            "web calls postgresql 10 times per trace of GET /cart in web"));
    }

    void findsManyCallsAtOnce()
    {
        const auto found = Made(requests(3, 12, 0)).of("fan_out");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(figure(found.front(), "parallel_p50"), 12.0);
        QCOMPARE(figure(found.front(), "share"), 0.1);
        QVERIFY(Made(requests(3, 9, 0)).of("fan_out").empty());
        QVERIFY(Made(requests(2, 12, 0)).of("fan_out").empty());
        QVERIFY(Made(requests(30, 12, 10)).of("fan_out").empty());
    }

    void findsTheDelayBeforeTheFirstCall()
    {
        std::vector<MadeSpan> spans;
        for (int i = 0; i < 20; ++i) {
            const auto t = "t" + std::to_string(i);
            spans.push_back({t, 1, 0, "web", "page", 1000 * i + 1, 100, SliceKind::SpanServer});
            spans.push_back({t, 2, 1, "web", "a", 1000 * i + 26, 50, SliceKind::SpanClient});
        }
        const auto found = Made(spans).of("queueing_delay");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(figure(found.front(), "wait_p50_ns"), 25.0);
        QCOMPARE(figure(found.front(), "share"), 0.25);
        spans.pop_back();
        spans.pop_back();
        QVERIFY(Made(spans).of("queueing_delay").empty());
    }
    void findsWaitsForLocksByTheirNames()
    {
        const auto with = [](const char *name) {
            std::vector<MadeSpan> spans;
            for (int i = 0; i < 20; ++i) {
                const auto t = "t" + std::to_string(i);
                spans.push_back({t, 1, 0, "web", "page", 1000 * i + 1, 100, SliceKind::SpanServer});
                spans.push_back({t, 2, 1, "web", name, 1000 * i + 3, 40, SliceKind::SpanClient});
            }
            return Made(spans).of("lock_wait");
        };
        const auto found = with("pg-pool.connect");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found.front().sentence,
                 std::string("page in web waits in \"pg-pool.connect\" for 40 ns at p50, 40 ns at "
                             "p95: 40.0 % of its time; n = 20 waits."));
        QCOMPARE(with("Mutex.lock").size(), 1u);
        QVERIFY(with("read block").empty());
        QVERIFY(with("unlock").empty());
        QVERIFY(with("query").empty());
    }

    void findsTheAttributeThatSlowTracesHave()
    {
        // 200 traces, 20 of them of the region "far": 11 of those are the slow ones.
        std::vector<MadeSpan> spans;
        for (int i = 0; i < 200; ++i)
            spans.push_back({"t" + std::to_string(i), 1, 0, "web", "page", 1000 * i + 1,
                             i < 11 ? 500 : 100 + i % 7, SliceKind::SpanServer});
        Made made(spans);
        made.attribute("region", [](std::uint32_t row) { return row < 20 ? "far" : "near"; });
        made.attribute("host", [](std::uint32_t row) { return "h" + std::to_string(row % 5); });
        made.attribute("id", [](std::uint32_t row) { return std::to_string(row); });
        const auto found = made.of("slow_by_attribute");
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found.front().texts[3], (std::pair<std::string, std::string>{"value", "far"}));
        QCOMPARE(figure(found.front(), "slow_share"), 0.55);
        QCOMPARE(figure(found.front(), "slow_share_others"), 0.0);
        // Of C(200, 11) choices of the slow, C(20, 11) are all far; 7 values were looked at.
        double p = 7;
        for (int i = 0; i < 11; ++i)
            p *= (20.0 - i) / (200.0 - i);
        QVERIFY(std::abs(figure(found.front(), "p_corrected") / p - 1) < 1e-9);
    }
    void attributesThatSayNothingAreNotReported()
    {
        int alarms = 0;
        for (unsigned seed = 0; seed < 100; ++seed) {
            std::mt19937_64 random(seed);
            std::vector<MadeSpan> spans;
            for (int i = 0; i < 300; ++i)
                spans.push_back({"t" + std::to_string(i), 1, 0, "web", "page", 1000 * i + 1,
                                 static_cast<std::int64_t>(random() % 500), SliceKind::SpanServer});
            Made made(spans);
            for (int key = 0; key < 10; ++key)
                made.attribute("k" + std::to_string(key),
                               [&](std::uint32_t) { return std::to_string(random() % 4); });
            alarms += made.of("slow_by_attribute").empty() ? 0 : 1;
        }
        QVERIFY(alarms <= 3); // 1 in 100 by chance
    }

    void findsThreadsThatHadNoProcessor()
    {
        ThreadStates states;
        states.threads = {"worker", "idle"};
        states.states = {"Running", "Runnable", "Sleeping"};
        for (int i = 0; i < 60; ++i) {
            states.begin.push_back(i * kMs);
            states.length.push_back(kMs);
            states.thread.push_back(i % 20 == 0 ? 1 : 0);
            states.state.push_back(static_cast<std::uint32_t>(i % 3));
        }
        const auto found = starvationFindings(states);
        QCOMPARE(found.size(), 0u); // 19 waits are too few
        states.begin.push_back(60 * kMs);
        states.length.push_back(kMs);
        states.thread.push_back(0);
        states.state.push_back(1);
        const auto more = starvationFindings(states);
        QCOMPARE(more.size(), 1u);
        QVERIFY(more.front().sentence.starts_with("worker could have run and had no CPU for "));
        QVERIFY(starvationFindings({}).empty());
    }

    // Whatever the ids are: an answer, the same twice, with rows that are there.
    void wildTracesGiveTheSameFindingsAgain()
    {
        for (unsigned seed = 0; seed < 60; ++seed) {
            Made made({});
            made.rows = wildSpans(seed, seed * 20, 1 + seed % 9);
            made.forest = spanForest(made.rows);
            made.index = operationIndex(made.rows);
            made.attribute("k", [](std::uint32_t row) { return std::to_string(row % 3); });
            const auto first = spanFindings(made.evidence()), again = spanFindings(made.evidence());
            QCOMPARE(first.size(), again.size());
            for (std::size_t i = 0; i < first.size(); ++i) {
                QCOMPARE(first[i].sentence, again[i].sentence);
                QVERIFY(first[i].begin <= first[i].end);
                QVERIFY(first[i].share >= 0 && first[i].share <= 1);
                QVERIFY(!first[i].spans.empty());
                for (const auto row : first[i].spans)
                    QVERIFY(row < made.rows.size());
            }
        }
    }
    void aMillionCallsOfOneParent()
    {
        const Made made(requests(1, 1'000'000, 0));
        const auto found = spanFindings(made.evidence());
        QCOMPARE(found.size(), 1u);
        QCOMPARE(found.front().kind, std::string("fan_out"));
    }
};

QTEST_GUILESS_MAIN(TestSpanFindings)
#include "tst_span_findings.moc"
