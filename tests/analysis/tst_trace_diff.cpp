#include "analysis/compare/block_bootstrap.h"
#include "analysis/compare/trace_diff.h"
#include "made_spans.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <map>
#include <random>

using namespace flamewright;

namespace {

TraceSide sideOf(std::vector<MadeSpan> spans, const std::map<std::string, std::string> &asks = {})
{
    TraceSide out;
    out.rows = madeSpans(std::move(spans));
    for (std::size_t row = 0; row < out.rows.size(); ++row) {
        const auto asked = asks.find(out.rows.names[out.rows.name[row]]);
        std::uint32_t number = 0;
        if (asked != asks.end()) {
            const auto at = std::find(out.statements.begin(), out.statements.end(), asked->second);
            number = static_cast<std::uint32_t>(at - out.statements.begin());
            if (at == out.statements.end())
                out.statements.push_back(asked->second);
        }
        out.statement.push_back(number);
    }
    return out;
}

// `n` traces of a checkout that asks `calls` times, 10 ns each, and then works for `work` ns.
std::vector<MadeSpan> checkouts(int n, int calls, std::int64_t work, const std::string &query)
{
    std::vector<MadeSpan> out;
    for (int i = 0; i < n; ++i) {
        const auto trace = std::to_string(i);
        const auto begin = std::int64_t{i} * 10'000;
        out.push_back({.trace = trace,
                       .id = 1,
                       .service = "web",
                       .name = "POST /checkout",
                       .begin = begin,
                       .length = calls * 10 + work + i % 3});
        for (int call = 0; call < calls; ++call)
            out.push_back({.trace = trace,
                           .id = 2 + static_cast<std::uint64_t>(call),
                           .parent = 1,
                           .service = "web",
                           .name = query,
                           .begin = begin + call * 10,
                           .length = 10});
    }
    return out;
}

const CallsChange *callOf(const RootChange &root, const std::string &name)
{
    for (const auto &call : root.calls) {
        if (call.name == name)
            return &call;
    }
    return nullptr;
}

void forAll(const TraceDiff &diff, const std::function<void(const Change &)> &visit)
{
    for (const auto &root : diff.roots) {
        for (const auto *change : {&root.mean, &root.p50, &root.p99})
            visit(*change);
        for (const auto &call : root.calls) {
            for (const auto *change : {&call.calls, &call.time, &call.onCriticalPath})
                visit(*change);
        }
    }
    for (const auto &one : diff.operations) {
        for (const auto *change :
             {&one.p50, &one.p99, &one.errorShare, &one.selfPerRoot, &one.calls})
            visit(*change);
    }
}

// Requests whose lengths have long tails and are like those before them: `alike` of the logarithm
// stays from one to the next. A query, a wait, and in some a retry, below each.
std::vector<MadeSpan> service(std::uint64_t seed, int n, double alike, double slower)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<MadeSpan> out;
    double state = normal(random);
    std::int64_t begin = 0;
    for (int i = 0; i < n; ++i) {
        state = alike * state + std::sqrt(1 - alike * alike) * normal(random);
        const auto length = [&](double scale, double own) {
            return static_cast<std::int64_t>(
                scale * std::exp(0.8 * (own * state + std::sqrt(1 - own * own) * normal(random))));
        };
        const auto query =
            static_cast<std::int64_t>(slower * static_cast<double>(length(2e6, 0.5)));
        const auto wait = length(1e6, 0.9), work = length(3e6, 0.7);
        const bool again = random() % 5 == 0;
        const auto retry = again ? length(1e6, 0.3) : 0;
        const auto trace = std::to_string(i);
        const auto root = random() % 3 == 0 ? "GET /a" : "GET /b";
        out.push_back({.trace = trace,
                       .id = 1,
                       .service = "web",
                       .name = root,
                       .begin = begin,
                       .length = wait + query + retry + work,
                       .flags = static_cast<std::uint8_t>(random() % 20 == 0 ? kSliceError : 0)});
        const auto child = [&](std::uint64_t id, const char *name, std::int64_t at,
                               std::int64_t of) {
            out.push_back({.trace = trace,
                           .id = id,
                           .parent = 1,
                           .service = "db",
                           .name = name,
                           .begin = begin + at,
                           .length = of});
        };
        child(2, "wait", 0, wait);
        child(3, "query", wait, query);
        if (again)
            child(4, "retry", wait + query, retry);
        begin += static_cast<std::int64_t>(1e7) + length(1e6, 0);
    }
    return out;
}

struct Alarms {
    int judged = 0, tested = 0, families = 0, wrong = 0;
};

} // namespace

// Of hand-made traces every figure is counted by hand; of many made at random how often something
// is called a change.
class TestTraceDiff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void callsFellFromTwelveToOne()
    {
        const auto base =
            sideOf(checkouts(30, 12, 500, "q"), {{"q", "SELECT name FROM products WHERE id = $1"}});
        const auto cand = sideOf(checkouts(30, 1, 500, "q"),
                                 {{"q", "SELECT name FROM products WHERE id = ANY($1)"}});
        const auto diff = diffTraces(base, cand, {});
        QVERIFY(diff.has_value());
        QCOMPARE(diff->roots.size(), 1u);
        const auto &root = diff->roots.front();
        // 12 * 10 + 500 and i % 3, whose mean is 1.
        QCOMPARE(*root.mean.base, 621.0);
        QCOMPARE(*root.mean.cand, 511.0);
        QCOMPARE(root.mean.verdict, Verdict::Improved);
        QCOMPARE(*root.p50.base, 621.0);
        QCOMPARE(root.p99.verdict, Verdict::NotEnoughData);
        // One kind of query, two statements: 12 calls before, 1 after.
        const auto *call = callOf(root, "SELECT products");
        QVERIFY(call != nullptr);
        QCOMPARE(*call->calls.base, 12.0);
        QCOMPARE(*call->calls.cand, 1.0);
        QCOMPARE(call->calls.verdict, Verdict::Improved);
        QCOMPARE(*call->onCriticalPath.base, 120.0);
        QCOMPARE(*call->onCriticalPath.cand, 10.0);
        QCOMPARE(*call->time.base, 120.0);
        QCOMPARE(call->statements.size(), 2u);
        QCOMPARE(call->statements[0].base, 12.0);
        QCOMPARE(call->statements[0].cand, 0.0);
        QCOMPARE(call->statements[1].cand, 1.0);
        // The root's own time did not change.
        const auto *own = callOf(root, "POST /checkout");
        QCOMPARE(*own->onCriticalPath.base, 501.0);
        QCOMPARE(*own->onCriticalPath.cand, 501.0);
        QCOMPARE(own->onCriticalPath.verdict, Verdict::NoEvidence);
        // The largest change first.
        QCOMPARE(root.calls.front().name, std::string("SELECT products"));
    }
    void withoutStatementsOnOneSideNamesAreWhatCounts()
    {
        const auto base =
            sideOf(checkouts(12, 2, 50, "q"), {{"q", "SELECT name FROM products WHERE id = $1"}});
        const auto diff = diffTraces(base, sideOf(checkouts(12, 2, 50, "q")), {});
        QVERIFY(callOf(diff->roots.front(), "q") != nullptr);
        QCOMPARE(diff->notes.size(), 1u);
    }
    void whatOnlyOneSideCallsIsThere()
    {
        const auto diff = diffTraces(sideOf(checkouts(20, 3, 50, "old")),
                                     sideOf(checkouts(20, 1, 50, "new")), {});
        const auto *gone = callOf(diff->roots.front(), "old");
        const auto *fresh = callOf(diff->roots.front(), "new");
        QVERIFY(!gone->calls.cand && gone->calls.base == 3.0);
        QCOMPARE(gone->calls.verdict, Verdict::Improved);
        QVERIFY(!fresh->calls.base && fresh->calls.cand == 1.0);
        QCOMPARE(fresh->calls.verdict, Verdict::Regressed);
        // Called otherwise, and said so.
        const auto renamed =
            diffTraces(sideOf(checkouts(20, 3, 50, "old")), sideOf(checkouts(20, 1, 50, "new")),
                       {.renames = {{"old", "new"}}});
        QVERIFY(callOf(renamed->roots.front(), "old") == nullptr);
        QCOMPARE(*callOf(renamed->roots.front(), "new")->calls.base, 3.0);
        QVERIFY(!diffTraces({}, {}, {.renames = {{"(", ""}}}).has_value());
    }
    void fewTracesAreNotEnough()
    {
        const auto diff =
            diffTraces(sideOf(checkouts(9, 12, 500, "q")), sideOf(checkouts(200, 1, 500, "q")), {});
        int judged = 0;
        for (const auto &root : diff->roots) {
            QCOMPARE(root.mean.verdict, Verdict::NotEnoughData);
            QCOMPARE(root.mean.why, std::string("9 and 200 traces"));
            for (const auto &call : root.calls)
                judged += call.calls.verdict != Verdict::NotEnoughData ? 1 : 0;
        }
        QCOMPARE(judged, 0);
    }
    void namesThatDifferInIdsAreOneWhereAskedFor()
    {
        auto base = checkouts(12, 1, 50, "q"), cand = checkouts(12, 1, 50, "q");
        for (std::size_t i = 0; i < base.size(); i += 2) {
            base[i].name = "GET /product/" + std::to_string(i);
            cand[i].name = "GET /product/" + std::to_string(1000 + i);
        }
        QCOMPARE(diffTraces(sideOf(base), sideOf(cand), {})->roots.size(), 0u);
        const auto diff = diffTraces(sideOf(base), sideOf(cand), {.patterns = true});
        QCOMPARE(diff->roots.size(), 1u);
        QCOMPARE(diff->roots.front().name, std::string("GET /product/{n}"));
    }
    void emptySidesHaveNothingToCompare()
    {
        const auto diff = diffTraces({}, sideOf(checkouts(12, 1, 50, "q")), {});
        QVERIFY(diff.has_value() && diff->roots.empty());
        QCOMPARE(diff->notes.size(), 1u);
        QVERIFY(diffTraces({}, {}, {})->operations.empty());
    }
    void wildTracesAddUp()
    {
        for (unsigned seed = 0; seed < 30; ++seed) {
            TraceSide base{.rows = wildSpans(seed, 300, 40)};
            TraceSide cand{.rows = wildSpans(seed + 1000, 200, 30)};
            base.statement.assign(base.rows.size(), 0);
            cand.statement.assign(cand.rows.size(), 0);
            // With what is put together, and without.
            const auto diff = diffTraces(
                base, cand,
                {.rounds = 20, .least = 1, .mostCalls = seed % 2 == 0 ? std::size_t{3} : 500});
            for (const auto &root : diff->roots) {
                double left = 0, right = 0, leftTail = 0, rightTail = 0;
                for (const auto &call : root.calls) {
                    left += call.onCriticalPath.base.value_or(0);
                    right += call.onCriticalPath.cand.value_or(0);
                    leftTail += call.baseTail;
                    rightTail += call.candTail;
                }
                for (const auto *side : {&root.baseChosen, &root.candChosen}) {
                    auto lengths = side->lengths;
                    QVERIFY(std::is_sorted(lengths.begin(), lengths.end()));
                    for (const auto &part : side->parts) {
                        QVERIFY(part.call < root.calls.size());
                        lengths[part.trace] -= part.ns;
                    }
                    QVERIFY(std::all_of(lengths.begin(), lengths.end(),
                                        [](std::int64_t rest) { return rest == 0; }));
                }
                QVERIFY(std::abs(left - *root.mean.base) < 1e-6);
                QVERIFY(std::abs(right - *root.mean.cand) < 1e-6);
                QVERIFY(std::abs(leftTail - root.tail.base) < 1e-6);
                QVERIFY(std::abs(rightTail - root.tail.cand) < 1e-6);
            }
        }
    }

    void kindsOfQueriesAreVerbAndTable_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("kind");
        const auto add = [](const char *statement, const char *kind) {
            QTest::newRow(statement) << QString::fromLatin1(statement) << QString::fromLatin1(kind);
        };
        add("SELECT a, b FROM products WHERE id = $1", "SELECT products");
        add("select * from \"Order Items\" i", "SELECT Order Items");
        add("SELECT 1", "SELECT");
        add("SELECT x FROM (SELECT y FROM inner_one) z", "SELECT inner_one");
        add("/* page */ INSERT INTO shop.orders(a) VALUES (?)", "INSERT shop.orders");
        add("INSERT INTO order_items(a) SELECT $1, * FROM unnest($2::int[])", "INSERT order_items");
        add("UPDATE ONLY products SET stock = stock - $2", "UPDATE products");
        add("DELETE FROM carts WHERE id IN (?, ?)", "DELETE carts");
        add("WITH i AS (SELECT * FROM unnest($1) AS i(id)), l AS (SELECT p.id FROM products p "
            "FOR UPDATE OF p) UPDATE products p SET stock = 1 FROM i WHERE p.id = i.id",
            "UPDATE products");
        add("BEGIN", "BEGIN");
        add("commit;", "COMMIT");
        add("GET session:?", "");
        add("{\"find\": \"things\"}", "");
        add("SELECT a FROM", "SELECT");
        add("/* never ends", "");
        add("UPDATE \"never ends", "UPDATE never ends");
        add("", "");
    }
    void kindsOfQueriesAreVerbAndTable()
    {
        QFETCH(QString, statement);
        QFETCH(QString, kind);
        QCOMPARE(QString::fromStdString(queryKind(statement.toStdString())), kind);
    }

    // The variance of a mean of independent values is known.
    void drawsOfIndependentUnitsVaryAsTheyShould()
    {
        std::mt19937_64 random(7);
        std::vector<std::int64_t> values, ones;
        double sum = 0, squares = 0;
        constexpr int kUnits = 400;
        for (int i = 0; i < kUnits; ++i) {
            const auto value = static_cast<double>(random() % 1000);
            values.push_back(static_cast<std::int64_t>(value));
            ones.push_back(1);
            sum += value;
            squares += value * value;
        }
        const auto mean = sum / kUnits;
        const auto error = std::sqrt((squares / kUnits - mean * mean) / kUnits);
        const auto drawn = BlockBootstrap(values, 4000, 1).ratio(values, ones);
        QCOMPARE(drawn.value, mean);
        double variance = 0;
        for (const auto draw : drawn.draws)
            variance += (draw - mean) * (draw - mean);
        const auto got = std::sqrt(variance / 4000);
        QVERIFY2(std::abs(got / error - 1) < 0.1, qPrintable(QString::number(got / error)));
    }
    // Values that stay the same for ten units are a tenth as many.
    void neighboursThatAreAlikeAreDrawnTogether()
    {
        std::mt19937_64 random(7);
        std::vector<std::int64_t> values;
        for (int i = 0; i < 400; ++i)
            values.push_back(i % 10 == 0 ? static_cast<std::int64_t>(random() % 1000)
                                         : values.back());
        const BlockBootstrap draws(values, 200, 1);
        QVERIFY2(draws.blocks() <= 45, qPrintable(QString::number(draws.blocks())));
    }

    void nothingChangedAndHardlyAnythingIsCalledAChange_data()
    {
        QTest::addColumn<int>("traces");
        QTest::addColumn<double>("alike");
        QTest::newRow("independent") << 150 << 0.0;
        QTest::newRow("few") << 45 << 0.3;
        QTest::newRow("alike") << 150 << 0.8;
        QTest::newRow("many") << 1500 << 0.8;
    }
    void nothingChangedAndHardlyAnythingIsCalledAChange()
    {
        QFETCH(int, traces);
        QFETCH(double, alike);
        int judged = 0, tested = 0, wrong = 0, small = 0;
        constexpr int kTimes = 50;
        for (std::uint64_t i = 0; i < kTimes; ++i) {
            const auto base = sideOf(service(2 * i + 1, traces, alike, 1));
            const auto cand = sideOf(service(2 * i + 2, traces, alike, 1));
            const auto diff = diffTraces(base, cand, {.rules = {.noise = 0}, .rounds = 200});
            int alarms = 0;
            forAll(*diff, [&](const Change &change) {
                tested += change.p ? 1 : 0;
                small += change.p.value_or(1) < 0.05 ? 1 : 0;
                alarms +=
                    change.verdict == Verdict::Improved || change.verdict == Verdict::Regressed ? 1
                                                                                                : 0;
            });
            judged += alarms;
            wrong += alarms > 0 ? 1 : 0;
        }
        // Without any noise allowed for.
        qInfo("%d of %d figures called a change, in %d of %d comparisons; p below 0.05: %.1f %%",
              judged, tested, wrong, kTimes, 100.0 * small / tested);
        QVERIFY(tested > 1000);
        QVERIFY(judged <= tested / 20);
    }
    void aChangeIsFound()
    {
        int found = 0;
        for (std::uint64_t i = 0; i < 20; ++i) {
            const auto base = sideOf(service(2 * i + 1, 400, 0.5, 1));
            const auto cand = sideOf(service(2 * i + 2, 400, 0.5, 2));
            const auto diff = diffTraces(base, cand, {.rounds = 300});
            for (const auto &root : diff->roots)
                found += callOf(root, "query")->onCriticalPath.verdict == Verdict::Regressed;
        }
        QVERIFY2(found >= 36, qPrintable(QString::number(found)));
    }
};

QTEST_APPLESS_MAIN(TestTraceDiff)
#include "tst_trace_diff.moc"
