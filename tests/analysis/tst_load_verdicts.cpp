#include "made_pairs.h"

#include <QTest>

using namespace flamewright;

namespace {

#ifdef FW_SANITIZED
constexpr unsigned kPairs = 6;
#else
constexpr unsigned kPairs = 60;
#endif
constexpr unsigned kRounds = 300;
constexpr std::size_t kP50 = 0, kP99 = 3;

struct Tally {
    int judged = 0, called = 0, intervals = 0, missed = 0;
    void add(const LoadDiff &of)
    {
        for (const auto &one : of.endpoints) {
            for (const auto *change : changesOf(one)) {
                judged += change->verdict == Verdict::NotEnoughData ? 0 : 1;
                called += isCalled(*change) ? 1 : 0;
                if (!change->relative)
                    continue;
                ++intervals;
                missed += change->relative->low > 0 || change->relative->high < 0 ? 1 : 0;
            }
        }
    }
};

// Runs of a build whose speed is another one each time.
std::vector<LoadRows> runsOf(unsigned seed, std::size_t count)
{
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<LoadRows> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(madeTest(seed * 100 + static_cast<unsigned>(i),
                               {.length = 20 * kSecond, .level = std::exp(0.08 * normal(random))}));
    return out;
}

} // namespace

// How often verdicts are right, on requests that depend on each other.
class TestLoadVerdicts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sameServerIsSeldomCalledChanged()
    {
        Tally usual, noNoise;
        for (unsigned i = 0; i < kPairs; ++i) {
            const auto base = madeTest(2 * i + 1), cand = madeTest(2 * i + 2);
            usual.add(diffPair(base, cand, {.rounds = kRounds}));
            noNoise.add(diffPair(base, cand, {.rules = {0.05, 0}, .rounds = kRounds}));
        }
        QVERIFY(usual.judged > static_cast<int>(kPairs) * 20);
        QVERIFY2(usual.called * 100 <= usual.judged * 5, qPrintable(QString::number(usual.called)));
        QVERIFY2(noNoise.called * 100 <= noNoise.judged * 5,
                 qPrintable(QString::number(noNoise.called)));
        // 95 % intervals; figures of one pair go together, so that there are fewer independent ones.
        QVERIFY2(usual.missed * 100 <= usual.intervals * 10,
                 qPrintable(QString::number(usual.missed)));
    }

    void runsThatDifferAmongEachOtherAreSeldomCalledChanged()
    {
        Tally several, asOne;
        for (unsigned i = 0; i < kPairs / 3; ++i) {
            const auto base = runsOf(2 * i + 1, 5), cand = runsOf(2 * i + 2, 5);
            several.add(diffLoads(base, cand, {.rules = {0.05, 0}, .rounds = kRounds}));
            asOne.add(diffPair(base[0], cand[0], {.rules = {0.05, 0}, .rounds = kRounds}));
        }
        QVERIFY2(several.called * 100 <= several.judged * 5,
                 qPrintable(QString::number(several.called)));
        QVERIFY2(several.missed * 100 <= several.intervals * 10,
                 qPrintable(QString::number(several.missed)));
        // No interval within a run sees that; this is what several runs, and the noise, are for.
        QVERIFY(asOne.missed * several.intervals > several.missed * asOne.intervals);
    }

    void largerChangesAreFoundMoreOften()
    {
        const auto pairs = kPairs / 2;
        std::vector<unsigned> p50, p99;
        for (const double slower : {1.0, 1.05, 1.1, 1.2, 1.5}) {
            p50.push_back(0);
            p99.push_back(0);
            for (unsigned i = 0; i < pairs; ++i) {
                const auto of =
                    diffPair(madeTest(2 * i + 1), madeTest(2 * i + 2, {.slower = slower}),
                             {.rounds = kRounds});
                const auto *one = endpointOf(of, "POST /checkout");
                const auto is = [&](std::size_t at) {
                    return one->percentiles[at].verdict == Verdict::Regressed ? 1u : 0u;
                };
                p50.back() += is(kP50);
                p99.back() += is(kP99);
                if (slower > 1)
                    QVERIFY(!isCalled(endpointOf(of, "GET /cart")->percentiles[kP50]));
            }
        }
        QVERIFY(std::is_sorted(p50.begin(), p50.end()));
        QVERIFY(std::is_sorted(p99.begin(), p99.end()));
        QVERIFY(p50[0] * 20 <= pairs);
        QVERIFY(p50[2] > p50[1]);
        QVERIFY(p50[3] * 10 >= pairs * 9); // a fifth: nearly always
        QVERIFY(p99[4] * 2 >= pairs);
    }
};

QTEST_GUILESS_MAIN(TestLoadVerdicts)
#include "tst_load_verdicts.moc"
