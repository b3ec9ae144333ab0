#include "analysis/benchmark_stats.h"
#include "analysis/compare/load_diff.h"
#include "analysis/compare/student_t.h"
#include "made_load.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

using namespace flamewright;

namespace {

#ifdef FW_SANITIZED
constexpr unsigned kPairs = 10;
#else
constexpr unsigned kPairs = 60;
#endif

constexpr std::size_t kP50 = 0, kP90 = 1, kP99 = 3, kP9999 = 5;

// What a made server is like.
struct Made {
    std::int64_t length = 60 * kSecond;
    double perSecond = 100; // of each endpoint
    double slower = 1;      // endpoint 1
    double failing = 0.01;  // of endpoint 0
    bool bursts = true;
};

// Two endpoints. Latencies depend on each other: an AR(1) process moves all of them, and now and
// then everything takes long for a while.
LoadRows made(unsigned seed, const Made &of = {})
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::exponential_distribution<double> calm(1 / 3e9), burst(1 / 2e8);
    std::uniform_real_distribution<double> uniform;
    double level = 0;
    std::int64_t at = 0, until = 0;
    bool slow = true;
    std::vector<MadeRequest> requests;
    std::vector<std::uint32_t> group;
    const auto gap = static_cast<std::int64_t>(1e9 / of.perSecond / 2);
    for (; at < of.length; at += gap) {
        while (at >= until) {
            slow = !slow;
            until += static_cast<std::int64_t>(slow ? burst(random) : calm(random)) + 1;
        }
        // Half of it is gone after a fifth of a second.
        const auto kept = std::exp2(-static_cast<double>(gap) / 2e8);
        level = level * kept + 0.15 * std::sqrt(1 - kept * kept) * normal(random);
        const std::uint32_t endpoint = random() % 2;
        auto latency = 2e7 * std::exp(level + 0.3 * normal(random)) * (endpoint == 1 ? of.slower : 1);
        if (slow && of.bursts)
            latency *= 3;
        MadeRequest request{.begin = at, .latency = static_cast<std::int64_t>(latency)};
        request.failed = endpoint == 0 && uniform(random) < of.failing;
        requests.push_back(request);
        group.push_back(endpoint);
    }
    auto rows = madeRows(requests);
    rows.group = group;
    rows.groups = {"GET /cart", "POST /checkout"};
    return rows;
}

std::vector<std::int64_t> latenciesOf(const LoadRows &rows, std::uint32_t group)
{
    std::vector<std::int64_t> out;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows.group[i] == group && rows.failed[i] == 0)
            out.push_back(rows.latency[i]);
    }
    return out;
}

double nearest(std::vector<std::int64_t> values, double q)
{
    std::sort(values.begin(), values.end());
    const auto rank = std::ceil(q * static_cast<double>(values.size()) - 1e-9);
    return static_cast<double>(values[static_cast<std::size_t>(rank) - 1]);
}

LoadDiff diff(const LoadRows &base, const LoadRows &cand, LoadDiffOptions options = {})
{
    return diffLoads({&base, 1}, {&cand, 1}, options);
}

const EndpointChange &endpoint(const LoadDiff &of, const std::string &name)
{
    const auto it = std::find_if(of.endpoints.begin(), of.endpoints.end(),
                                 [&](const EndpointChange &one) { return one.name == name; });
    if (it == of.endpoints.end())
        qFatal("no such endpoint");
    return *it;
}

std::vector<const Change *> changesOf(const EndpointChange &of)
{
    std::vector<const Change *> out;
    for (const auto &percentile : of.percentiles)
        out.push_back(&percentile);
    out.insert(out.end(), {&of.mean, &of.throughput, &of.errorShare});
    return out;
}

struct Tally {
    std::map<Verdict, int> verdicts;
    int judged() const
    {
        int out = 0;
        for (const auto &[verdict, count] : verdicts)
            out += verdict == Verdict::NotEnoughData ? 0 : count;
        return out;
    }
    int called()
    {
        return verdicts[Verdict::Regressed] + verdicts[Verdict::Improved];
    }
    void add(const LoadDiff &of)
    {
        for (const auto &one : of.endpoints) {
            for (const auto *change : changesOf(one))
                ++verdicts[change->verdict];
        }
    }
};

} // namespace

class TestLoadDiff : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void percentilesAreThoseOfTheSortedRequests()
    {
        const auto base = made(1), cand = made(2, {.slower = 1.5});
        const auto of = diff(base, cand, {.rounds = 50});
        const auto &one = endpoint(of, "POST /checkout");
        for (const auto at : {kP50, kP90, kP99}) {
            const auto q = kPercentiles[at].perMyriad / 1e4;
            QCOMPARE(one.percentiles[at].base.value(), nearest(latenciesOf(base, 1), q));
            QCOMPARE(one.percentiles[at].cand.value(), nearest(latenciesOf(cand, 1), q));
        }
        QCOMPARE(one.percentiles[kP9999].verdict, Verdict::NotEnoughData);
    }
    void sameBuildIsSeldomCalledChanged()
    {
        Tally all, noNoise;
        for (unsigned i = 0; i < kPairs; ++i) {
            const auto base = made(2 * i + 1), cand = made(2 * i + 2);
            all.add(diff(base, cand, {.rounds = 400}));
            noNoise.add(diff(base, cand, {.rules = {.alpha = 0.05, .noise = 0}, .rounds = 400}));
        }
        qInfo("%d of %d, without noise %d", all.called(), all.judged(), noNoise.called());
        QVERIFY(all.called() * 100 <= all.judged() * 5);
    }
    void findsLargerChangesMoreOften()
    {
        for (double slower : {1.0, 1.05, 1.1, 1.2}) {
            int p50 = 0, p99 = 0, mean = 0, others = 0;
            for (unsigned i = 0; i < kPairs; ++i) {
                const auto of = diff(made(2 * i + 1), made(2 * i + 2, {.slower = slower}), {.rounds = 400});
                p50 += endpoint(of, "POST /checkout").percentiles[kP50].verdict == Verdict::Regressed;
                p99 += endpoint(of, "POST /checkout").percentiles[kP99].verdict == Verdict::Regressed;
                mean += endpoint(of, "POST /checkout").mean.verdict == Verdict::Regressed;
                for (const auto *change : changesOf(endpoint(of, "GET /cart")))
                    others += change->verdict == Verdict::Regressed || change->verdict==Verdict::Improved;
            }
            qInfo("%g: p50 %d p99 %d mean %d of %u, others %d", slower, p50, p99, mean, kPairs, others);
        }
    }
};

QTEST_GUILESS_MAIN(TestLoadDiff)
#include "tst_load_diff.moc"
