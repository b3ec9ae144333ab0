#include "analysis/load_study.h"
#include "made_load.h"

#include <QTest>

#include <cmath>

using namespace flamewright;

namespace {

// A system with contention: latency grows with the number of workers as its law says.
constexpr UslLaw kLaw{0.05, 0.002, 100};

std::int64_t lawful(std::mt19937_64 &random, unsigned workers)
{
    return static_cast<std::int64_t>(kLaw.latency(workers) * 1e9 *
                                     std::lognormal_distribution<double>(-0.02, 0.2)(random));
}

LoadRows staircase()
{
    std::mt19937_64 random(1);
    std::vector<MadeRequest> requests;
    std::int64_t at = 0;
    for (const unsigned workers : {1u, 2u, 4u, 8u, 12u, 18u, 26u, 38u}) {
        addClosed(requests, 1, workers, at, at + 40 * kSecond, 0, random,
                  [&](std::mt19937_64 &r, std::int64_t) { return lawful(r, workers); });
        at += 40 * kSecond;
    }
    return madeRows(requests);
}

LoadRows stalled()
{
    std::mt19937_64 random(2);
    std::vector<MadeRequest> requests;
    addClosed(requests, 1, 8, 0, 60 * kSecond, 0, random, [](std::mt19937_64 &r, std::int64_t at) {
        const auto latency =
            static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(r));
        return at < 30 * kSecond && at + latency >= 30 * kSecond ? latency + 4 * kSecond : latency;
    });
    return madeRows(requests);
}

const LoadFinding *find(const std::vector<LoadFinding> &findings, const char *kind)
{
    for (const auto &finding : findings) {
        if (finding.kind == kind)
            return &finding;
    }
    return nullptr;
}

bool says(const LoadFinding *finding, const char *text)
{
    if (finding != nullptr && finding->sentence.find(text) != std::string::npos)
        return true;
    qWarning("%s", finding == nullptr ? "no such finding" : finding->sentence.c_str());
    return false;
}

double evidence(const LoadFinding &finding, const char *key)
{
    for (const auto &[name, value] : finding.evidence) {
        if (name == key)
            return value;
    }
    return NAN;
}

} // namespace

class TestLoadStudy : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Eight levels of a known system: the law comes back, and where p99 crosses an objective.
    void capacityOfAKnownSystem()
    {
        const auto rows = staircase();
        StudyQuestion question;
        question.levels = true;
        // 100 ms is the p99 (2.33 deviations) of a mean of 62.8 * 1.02 ms: at about 22 workers.
        const auto threshold =
            static_cast<std::int64_t>(kLaw.latency(22) * 1e9 * std::exp(-0.02 + 0.2 * 2.3263));
        question.objective = Objective{9900, threshold};
        const auto study = studyLoad(rows, question);
        QVERIFY(study.capacity);
        const auto &levels = study.capacity->levels;
        QCOMPARE(levels.from, LevelsFrom::Workers);
        QCOMPARE(levels.levels.size(), std::size_t{8});
        QVERIFY(std::abs(levels.levels[7].concurrency - 38) < 0.5);
        const auto &usl = study.capacity->usl;
        QVERIFY(usl.fit);
        QVERIFY(std::abs(usl.fit->law.sigma / kLaw.sigma - 1) < 0.15);
        QVERIFY(std::abs(usl.fit->law.kappa / kLaw.kappa - 1) < 0.15);
        QVERIFY(std::abs(usl.fit->law.lambda / kLaw.lambda - 1) < 0.05);
        QVERIFY(usl.fit->rSquared > 0.99);
        QVERIFY(says(find(study.findings, "scalability"), "most throughput"));
        QVERIFY(says(find(study.findings, "knee"), "A suggestion"));
        QVERIFY(study.headroom);
        QCOMPARE(study.headroom->headroom.kind, Headroom::Kind::Crosses);
        QVERIFY2(std::abs(study.headroom->headroom.concurrency / 22 - 1) < 0.1,
                 qPrintable(QString::number(study.headroom->headroom.concurrency)));
        QVERIFY(study.headroom->headroom.hasInterval);
        QCOMPARE(study.headroom->levels, std::size_t{8});
        QVERIFY(says(find(study.findings, "headroom"), "Headroom: p99 crosses"));
        // Not the same load all the time: no warm-up is offered, though the first level is fast.
        QVERIFY(find(study.findings, "warm_up") == nullptr);
    }
    void headroomOutsideOfWhatWasMeasured()
    {
        const auto rows = staircase();
        const auto levels = loadLevels(rows);
        const auto never = *headroomOf(rows, levels, {9900, 10 * kSecond});
        QCOMPARE(never.headroom.kind, Headroom::Kind::Never);
        QVERIFY(findingOf({9900, 10 * kSecond}, never).sentence.find("at least") !=
                std::string::npos);
        const auto always = *headroomOf(rows, levels, {5000, kMs});
        QCOMPARE(always.headroom.kind, Headroom::Kind::Always);
        QVERIFY(findingOf({5000, kMs}, always).sentence.find("at most") != std::string::npos);
        // p99.99 needs more requests than any level has.
        QVERIFY(!headroomOf(rows, levels, {9999, kSecond}));
    }
    void omissionIsSaid()
    {
        const auto rows = stalled();
        StudyQuestion question;
        question.correct = true;
        const auto study = studyLoad(rows, question);
        const auto *finding = find(study.findings, "coordinated_omission");
        QVERIFY(says(finding, "Closed model: percentiles are a lower bound."));
        QCOMPARE(finding->severity, LoadFinding::Severity::Warning);
        QVERIFY(std::abs(evidence(*finding, "slow_ns") / 4e9 - 1) < 0.25);
        QCOMPARE(study.whatIf.size(), std::size_t{1});
        const auto &corrected = *study.whatIf[0].corrected;
        // 8 workers, 4 s, every 10 ms: some 3,200 requests were not sent.
        QVERIFY(std::abs(static_cast<double>(corrected.added) / 3200 - 1) < 0.5);
        QVERIFY(study.whatIf[0].measured.percentiles[3].value < 100 * kMs);
        QVERIFY(corrected.latency.percentiles[3].value > kSecond);
        // The interval that is asked for.
        question.correctionIntervalNs = kSecond;
        QVERIFY(studyLoad(rows, question).whatIf[0].corrected->added < 60);
    }
    void openTestsHaveNothingToCorrect()
    {
        std::mt19937_64 random(3);
        std::vector<MadeRequest> requests;
        for (std::int64_t at = 0; at < 30 * kSecond; at += 5 * kMs)
            requests.push_back({at, static_cast<std::int64_t>(random() % 20) * kMs});
        StudyQuestion question;
        question.correct = true;
        const auto rows = madeRows(requests);
        const auto study = studyLoad(rows, question);
        QVERIFY(find(study.findings, "open_model") != nullptr);
        QVERIFY(!study.whatIf[0].corrected && !study.whatIf[0].whyNot.empty());
        question.correctionIntervalNs = 10 * kMs;
        QVERIFY(studyLoad(rows, question).whatIf[0].corrected);
    }
    // A warm-up is offered, never taken; taken when asked for.
    void warmUpsAreOffered()
    {
        std::mt19937_64 random(4);
        std::vector<MadeRequest> requests;
        addClosed(
            requests, 1, 4, 0, 60 * kSecond, 0, random, [](std::mt19937_64 &r, std::int64_t at) {
                return static_cast<std::int64_t>(std::lognormal_distribution<double>(16.1, 0.3)(r) *
                                                 (at < 5 * kSecond ? 3 : 1));
            });
        const auto rows = madeRows(requests);
        const auto study = studyLoad(rows, {});
        QVERIFY(says(find(study.findings, "warm_up"), "look like a warm-up"));
        QVERIFY(says(find(study.findings, "warm_up"), "p99 from"));
        QCOMPARE(study.report.all.count, rows.size());
        std::vector<SkippedWarmUp> skipped;
        const auto rest = withoutWarmUps(rows, skipped);
        QCOMPARE(skipped.size(), std::size_t{1});
        QCOMPARE(rest.size() + skipped[0].warmUp.requests, rows.size());
        QVERIFY(rest.begin.front() >= skipped[0].warmUp.endNs);
        QVERIFY(find(studyLoad(rest, {}).findings, "warm_up") == nullptr);
        skipped.clear();
        QCOMPARE(withoutWarmUps(rest, skipped).size(), rest.size());
        QVERIFY(skipped.empty());
    }
    // Of each group by itself: fast and slow endpoints are not two kinds of answers.
    void bimodalGroupsAreFound()
    {
        std::mt19937_64 random(5);
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 6000; ++i)
            requests.push_back({i * 10 * kMs, 0});
        auto rows = madeRows(requests);
        rows.groups = {"cached or not", "fast", "slow"};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows.group[i] = static_cast<std::uint32_t>(i % 3);
            const auto slow = rows.group[i] == 2 || (rows.group[i] == 0 && random() % 4 == 0);
            rows.latency[i] = static_cast<std::int64_t>(
                std::lognormal_distribution<double>(slow ? 19 : 16, 0.3)(random));
        }
        const auto study = studyLoad(rows, {});
        int found = 0;
        for (const auto &finding : study.findings)
            found += finding.kind == "bimodal";
        QCOMPARE(found, 1);
        QVERIFY(says(find(study.findings, "bimodal"), "cached or not has two kinds of answers"));
    }
    void workersThatAreNotBusy()
    {
        // Ten workers that send at once, but rest for half of the time now and then.
        std::mt19937_64 random(6);
        std::vector<MadeRequest> requests;
        for (std::uint32_t worker = 1; worker <= 10; ++worker) {
            for (std::int64_t at = 0; at < 30 * kSecond;) {
                const auto latency = static_cast<std::int64_t>(5 * kMs + random() % (10 * kMs));
                requests.push_back({at, latency, worker});
                at += latency + (random() % 20 == 0 ? 200 * kMs : 0);
            }
        }
        const auto study = studyLoad(madeRows(requests), {});
        QVERIFY(says(find(study.findings, "littles_law"), "9.98 workers on average"));
        QVERIFY(std::abs(evidence(*find(study.findings, "littles_law"), "residual") - 0.5) < 0.05);
        // More at work than there are: the latencies are in another unit.
        auto rows = stalled();
        QVERIFY(find(studyLoad(rows, {}).findings, "littles_law") == nullptr);
    }
    void groupsHaveWhatWasAskedFor()
    {
        auto rows = stalled();
        rows.groups = {"a", "b"};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            rows.group[i] = i % 4 == 0 ? 1 : 0;
            rows.failed[i] = i % 8 == 0 ? 1 : 0;
        }
        StudyQuestion question;
        question.apdexNs = 10 * kMs;
        question.objective = Objective{9500, 20 * kMs};
        question.blocks = true;
        question.limit = 1;
        const auto study = studyLoad(rows, question);
        QCOMPARE(study.shown, std::size_t{1});
        QCOMPARE(study.groups.size(), std::size_t{1});
        QCOMPARE(study.report.groups[0].name, std::string("a"));
        std::uint64_t good = 0, satisfied = 0, count = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows.group[i] != 0)
                continue;
            ++count;
            good += rows.failed[i] == 0 && rows.latency[i] <= 20 * kMs;
            satisfied += rows.failed[i] == 0 && rows.latency[i] <= 10 * kMs;
        }
        QCOMPARE(study.groups[0].within->good, good);
        QCOMPARE(study.groups[0].within->total, count);
        QCOMPARE(study.groups[0].apdex->satisfied, satisfied);
        QCOMPARE(study.all.within->total, rows.size());
        QVERIFY(study.groups[0].blocks && study.all.blocks);
        QVERIFY(study.groups[0].blocks->intervals[0]);
        // An eighth fails: the objective of 95 % is missed, and says so.
        QVERIFY(says(find(study.findings, "error_budget"), "is missed"));
        QVERIFY(std::abs(study.burn->rate - (1 - study.burn->seen.share()) / 0.05) < 1e-9);
        const auto plain = studyLoad(rows, {});
        QVERIFY(!plain.groups[0].apdex && !plain.groups[0].within && !plain.groups[0].blocks);
    }
    void severalCapturesAreNamed()
    {
        std::mt19937_64 random(7);
        std::vector<MadeRequest> requests;
        for (std::uint8_t i = 0; i < 2; ++i)
            addClosed(requests, 1, 4, 0, 30 * kSecond, 0, random,
                      [](std::mt19937_64 &r, std::int64_t) {
                          return static_cast<std::int64_t>(kMs + r() % (10 * kMs));
                      },
                      {0, 0, 0, false, 0, i});
        StudyQuestion question;
        question.correct = true;
        const auto study = studyLoad(madeRows(requests), question);
        int named = 0;
        for (const auto &finding : study.findings)
            named += finding.sentence.rfind("run 1: Closed", 0) == 0 ||
                     finding.sentence.rfind("run 2: Closed", 0) == 0;
        QCOMPARE(named, 2);
        QCOMPARE(study.whatIf.size(), std::size_t{2});
    }
    void namesOfPercentiles()
    {
        QCOMPARE(percentileName(9900), std::string("p99"));
        QCOMPARE(percentileName(9990), std::string("p99.9"));
        QCOMPARE(percentileName(9999), std::string("p99.99"));
        QCOMPARE(percentileName(9905), std::string("p99.05"));
        QCOMPARE(percentileName(5), std::string("p0.05"));
        QCOMPARE(percentileName(9750), std::string("p97.5"));
    }
    void littleAndHostile()
    {
        StudyQuestion question;
        question.levels = question.correct = question.blocks = true;
        question.apdexNs = 1;
        question.objective = Objective{9900, 1};
        const auto none = studyLoad({}, question);
        QVERIFY(none.findings.empty());
        QVERIFY(!none.headroom);
        const auto untimed = studyLoad(madeRows({{LoadRows::kUntimed, 5}}), question);
        QVERIFY(untimed.whatIf.empty());
        QVERIFY(find(untimed.findings, "error_budget") != nullptr);
        const auto one = studyLoad(madeRows({{0, 5, 1}}), question);
        QVERIFY(find(one.findings, "unknown_model") != nullptr);
        std::vector<MadeRequest> requests;
        for (int i = 0; i < 3000; ++i)
            requests.push_back({i % 2 ? i * kMs : INT64_MAX - i, i % 3 ? INT64_MAX : INT64_MIN,
                                static_cast<std::uint32_t>(i % 5), i % 7 == 0});
        for (const auto &finding : studyLoad(madeRows(requests), question).findings)
            QVERIFY(!finding.sentence.empty());
    }
};

QTEST_GUILESS_MAIN(TestLoadStudy)
#include "tst_load_study.moc"
