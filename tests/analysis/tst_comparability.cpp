#include "analysis/compare/comparability.h"
#include "analysis/compare/verdict.h"

#include <QTest>

#include <algorithm>

using namespace flamewright;

namespace {

using Weight = ComparabilityRemark::Weight;

RunFacts facts()
{
    RunFacts out{.kernel = "6.1.0", .cpu = "Xeon", .cores = "8", .arch = "x86_64"};
    out.governor = "performance";
    out.tool = "perf 6.1";
    out.event = "cpu-clock";
    out.buildIds = {{"pricer", "aa01"}, {"libc.so.6", "cc01"}};
    out.samplesPerSecond = 999;
    out.lostShare = 0;
    out.durationSeconds = 30;
    out.concurrency = 8;
    out.requestsPerSecond = 400;
    out.errorShare = 0.01;
    out.mix = {{"GET /a", 0.6}, {"GET /b", 0.4}};
    out.closedLoop = true;
    return out;
}

const ComparabilityRemark *find(const std::vector<ComparabilityRemark> &remarks,
                                const std::string &what)
{
    const auto found = std::find_if(remarks.begin(), remarks.end(),
                                    [&](const auto &one) { return one.what == what; });
    return found == remarks.end() ? nullptr : &*found;
}

Change measured(double low, double high)
{
    Change out{.base = 100, .cand = 100 * (1 + (low + high) / 2)};
    out.relative = ChangeInterval{low, high};
    return out;
}

Verdict judged(Change change, Better better, VerdictRules rules = {})
{
    judge(change, better, rules);
    return change.verdict;
}

} // namespace

class TestComparability : public QObject {
    Q_OBJECT

    // The only remark that a change of the candidate makes.
    template <class F>
    static void only(const char *what, Weight weight, const char *base, const char *cand, F &&edit)
    {
        auto other = facts();
        edit(other);
        const auto remarks = comparability(facts(), other);
        QCOMPARE(remarks.size(), 1u);
        QCOMPARE(remarks[0].what, std::string(what));
        QCOMPARE(remarks[0].weight, weight);
        QCOMPARE(QString::fromStdString(remarks[0].base), QString::fromUtf8(base));
        QCOMPARE(QString::fromStdString(remarks[0].cand), QString::fromUtf8(cand));
        // Both values stand in the sentence; of a mix the last word of them.
        const auto &sentence = remarks[0].sentence;
        const bool isBuild = remarks[0].what == "build_id";
        for (const std::string value : {base, cand}) {
            const auto word = remarks[0].what == "request_mix" ? value.substr(7) : value;
            QVERIFY2(isBuild || sentence.find(word) != std::string::npos, sentence.c_str());
        }
        QVERIFY(remarks[0].sentence.ends_with('.'));
        // The other way round it weighs as much.
        const auto swapped = comparability(other, facts());
        QCOMPARE(swapped.size(), 1u);
        QCOMPARE(swapped[0].weight, weight);
        QCOMPARE(swapped[0].base, std::string(cand));
    }

private Q_SLOTS:
    void saysNothingOfTwins()
    {
        QVERIFY(comparability(facts(), facts()).empty());
        QVERIFY(comparability({}, {}).empty());
    }

    void weighsTheMachine()
    {
        only("cpu", Weight::Grave, "Xeon", "EPYC", [](RunFacts &f) { f.cpu = "EPYC"; });
        only("arch", Weight::Grave, "x86_64", "aarch64", [](RunFacts &f) { f.arch = "aarch64"; });
        only("cores", Weight::Warning, "8", "4", [](RunFacts &f) { f.cores = "4"; });
        only("kernel", Weight::Warning, "6.1.0", "6.2.0", [](RunFacts &f) { f.kernel = "6.2.0"; });
        only("governor", Weight::Warning, "performance", "powersave",
             [](RunFacts &f) { f.governor = "powersave"; });
        // Names of one architecture.
        auto other = facts();
        other.arch = "amd64";
        QVERIFY(comparability(facts(), other).empty());
    }

    void weighsSampling()
    {
        only("event", Weight::Grave, "cpu-clock", "cycles",
             [](RunFacts &f) { f.event = "cycles"; });
        only("event", Weight::Warning, "cpu-clock", "cpu-clock, cycles",
             [](RunFacts &f) { f.event = "cpu-clock, cycles"; });
        only("sampling_rate", Weight::Warning, "999/s", "99/s",
             [](RunFacts &f) { f.samplesPerSecond = 99; });
        only("sampling_rate", Weight::Note, "999/s", "1,000/s",
             [](RunFacts &f) { f.samplesPerSecond = 1000; });
        only("lost_samples", Weight::Grave, "0 %", "6.0 %",
             [](RunFacts &f) { f.lostShare = 0.06; });
        only("lost_samples", Weight::Warning, "0 %", "3.0 %",
             [](RunFacts &f) { f.lostShare = 0.03; });
        only("lost_samples", Weight::Note, "0 %", "0.50 %",
             [](RunFacts &f) { f.lostShare = 0.005; });
        only("tool", Weight::Note, "perf 6.1", "perf 6.5",
             [](RunFacts &f) { f.tool = "perf 6.5"; });
        only("tool", Weight::Warning, "perf 6.1", "simpleperf",
             [](RunFacts &f) { f.tool = "simpleperf"; });
        only("build_id", Weight::Note, "aa01", "aa02",
             [](RunFacts &f) { f.buildIds[0].second = "aa02"; });
    }

    void weighsTheLoad()
    {
        only("concurrency", Weight::Grave, "8", "16", [](RunFacts &f) { f.concurrency = 16; });
        only("concurrency", Weight::Warning, "8", "9", [](RunFacts &f) { f.concurrency = 9; });
        only("error_share", Weight::Grave, "1.0 %", "8.0 %",
             [](RunFacts &f) { f.errorShare = 0.08; });
        only("error_share", Weight::Warning, "1.0 %", "4.0 %",
             [](RunFacts &f) { f.errorShare = 0.04; });
        only("duration", Weight::Grave, "30 s", "2.9 s",
             [](RunFacts &f) { f.durationSeconds = 2.9; });
        only("duration", Weight::Warning, "30 s", "10 s",
             [](RunFacts &f) { f.durationSeconds = 10; });
        only("warm_up", Weight::Warning, "0 %", "12.0 %",
             [](RunFacts &f) { f.warmUpShare = 0.12; });
        // A fixed number of requests is done sooner by what is faster: that is the result.
        auto fixed = facts(), faster = facts();
        fixed.requests = 200;
        faster.requests = 201;
        faster.durationSeconds = 2.9;
        const auto sooner = comparability(fixed, faster);
        QCOMPARE(sooner.size(), 1u);
        QCOMPARE(sooner[0].weight, Weight::Note);
        QCOMPARE(sooner[0].what, std::string("duration"));
        faster.requests = 210;
        QCOMPARE(comparability(fixed, faster)[0].weight, Weight::Grave);
        auto longer = facts();
        longer.durationSeconds = 40;
        QVERIFY(comparability(facts(), longer).empty());
    }

    // Half of what differs in all shares: 0.3 would have to go to the other endpoint.
    void weighsTheMixOfRequests()
    {
        only("request_mix", Weight::Grave, "GET /a 60.0 %", "GET /a 30.0 %", [](RunFacts &f) {
            f.mix = {{"GET /a", 0.3}, {"GET /b", 0.7}};
        });
        only("request_mix", Weight::Warning, "GET /a 60.0 %", "GET /a 50.0 %", [](RunFacts &f) {
            f.mix = {{"GET /b", 0.5}, {"GET /a", 0.5}};
        });
        only("request_mix", Weight::Grave, "GET /b 40.0 %", "GET /b 0 %", [](RunFacts &f) {
            f.mix = {{"GET /a", 0.6}, {"GET /c", 0.4}};
        });
        auto other = facts();
        other.mix = {{"GET /a", 0.58}, {"GET /b", 0.42}};
        QVERIFY(comparability(facts(), other).empty());
    }

    // In a closed loop the rate follows from the answers; on a schedule it is the load.
    void weighsTheRateOnASchedule()
    {
        auto base = facts(), cand = facts();
        cand.requestsPerSecond = 1200;
        QVERIFY(comparability(base, cand).empty());
        base.closedLoop = cand.closedLoop = false;
        const auto remarks = comparability(base, cand);
        QCOMPARE(remarks.size(), 1u);
        QCOMPARE(remarks[0].what, std::string("request_rate"));
        QCOMPARE(remarks[0].weight, Weight::Grave);
        only("load_model", Weight::Warning, "the answers", "the clock",
             [](RunFacts &f) { f.closedLoop = false; });
    }

    void notesWhatOneSideDoesNotKnow()
    {
        only("kernel", Weight::Note, "6.1.0", "", [](RunFacts &f) { f.kernel.clear(); });
        only("concurrency", Weight::Note, "8", "", [](RunFacts &f) { f.concurrency.reset(); });
        const auto all = comparability(facts(), {});
        QVERIFY(!all.empty());
        for (const auto &one : all)
            QCOMPARE(one.weight, Weight::Note);
    }

    void gravestFirst()
    {
        auto other = facts();
        other.buildIds[0].second = "aa02";
        other.kernel = "6.2.0";
        other.event = "cycles";
        const auto remarks = comparability(facts(), other);
        QCOMPARE(remarks.size(), 3u);
        QCOMPARE(remarks[0].what, std::string("event"));
        QCOMPARE(remarks[1].what, std::string("kernel"));
        QCOMPARE(remarks[2].what, std::string("build_id"));
        QVERIFY(find(remarks, "cpu") == nullptr);
        QCOMPARE(nameOf(remarks[0].weight), std::string_view("grave"));
    }

    // By hand: 4 x 0.005, 3 x 0.01, 2 x 0.03, 1 x 0.04 and never less than the one before.
    void adjustsAsHolmDoes()
    {
        const std::vector<double> p{0.01, 0.04, 0.03, 0.005};
        const auto adjusted = holmAdjusted(p);
        const double expected[] = {0.03, 0.06, 0.06, 0.02};
        for (std::size_t i = 0; i < p.size(); ++i)
            QVERIFY(std::abs(adjusted[i] - expected[i]) < 1e-15);
        QCOMPARE(holmAdjusted(std::vector<double>{0.9, 0.8}), (std::vector<double>{1, 1}));
        QVERIFY(holmAdjusted({}).empty());
    }

    void judgesByIntervalNoiseAndP()
    {
        QCOMPARE(judged(measured(0.05, 0.15), Better::Lower), Verdict::Regressed);
        QCOMPARE(judged(measured(0.05, 0.15), Better::Higher), Verdict::Improved);
        QCOMPARE(judged(measured(-0.15, -0.05), Better::Lower), Verdict::Improved);
        QCOMPARE(judged(measured(-0.15, -0.05), Better::Higher), Verdict::Regressed);
        QCOMPARE(judged(measured(0.05, 0.15), Better::Neither), Verdict::NoEvidence);
        QCOMPARE(judged(measured(-0.01, 0.15), Better::Lower), Verdict::NoEvidence);
        // All of it beyond the noise.
        QCOMPARE(judged(measured(0.01, 0.15), Better::Lower), Verdict::NoEvidence);
        QCOMPARE(judged(measured(0.01, 0.15), Better::Lower, {.noise = 0}), Verdict::Regressed);
        auto many = measured(0.05, 0.15);
        many.p = 0.01;
        QCOMPARE(judged(many, Better::Lower), Verdict::Regressed);
        many.adjustedP = 0.2;
        QCOMPARE(judged(many, Better::Lower), Verdict::NoEvidence);
        QCOMPARE(judged(many, Better::Lower, {.alpha = 0.25}), Verdict::Regressed);
    }

    void judgesOneSidedFiguresByTheirDifference()
    {
        Change appeared{.cand = 12};
        QCOMPARE(judged(appeared, Better::Lower), Verdict::NotEnoughData); // no interval
        appeared.difference = ChangeInterval{10, 14};
        QCOMPARE(judged(appeared, Better::Lower), Verdict::Regressed);
        QVERIFY(!appeared.ratio());
        QCOMPARE(appeared.delta(), 12.0);
        appeared.difference = ChangeInterval{-1, 14};
        QCOMPARE(judged(appeared, Better::Lower), Verdict::NoEvidence);
        appeared.verdict = Verdict::NotEnoughData;
        appeared.difference = ChangeInterval{10, 14};
        QCOMPARE(judged(appeared, Better::Lower), Verdict::NotEnoughData);
        QCOMPARE(nameOf(Verdict::NotEnoughData), std::string_view("not_enough_data"));
        QCOMPARE(wordsOf(Verdict::NoEvidence), std::string_view("not enough evidence"));
    }
};

QTEST_GUILESS_MAIN(TestComparability)
#include "tst_comparability.moc"
