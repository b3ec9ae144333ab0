#include "analysis/compare/function_match.h"
#include "analysis/compare/profile_diff.h"
#include "analysis/compare/profile_story.h"
#include "analysis/compare/sample_blocks.h"
#include "tests/analysis/drawn_stacks.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace flamewright;

namespace {

ProfileRun run(const QStringList &lines, double divisor = 1)
{
    return {.profile = std::make_shared<const Profile>(Drawn(lines).profile()), .divisor = divisor};
}

ProfileDiff diff(const std::vector<ProfileRun> &base, const std::vector<ProfileRun> &cand,
                 const ProfileDiffOptions &options = {})
{
    auto out = diffProfiles(base, cand, options);
    if (!out.has_value())
        qFatal("%s", out.error().text().c_str());
    return *std::move(out);
}

// "  parse 2/5 3/3": self/total of both sides.
std::string text(const ProfileDiff &d)
{
    std::string out;
    for (std::size_t i = 1; i < d.tree.size(); ++i) {
        const auto side = [&](const DiffTree::Side &s) {
            return " " + std::to_string(s.self[i]) + "/" + std::to_string(s.total[i]);
        };
        out += std::string(2 * (d.tree.depth[i] - 1), ' ') + (d.tree.inlined[i] ? "~" : "") +
               d.functions[d.tree.function[i]].name + side(d.tree.base) + side(d.tree.cand) + "\n";
    }
    return out;
}

const FunctionChange &row(const ProfileDiff &d, const std::string &name)
{
    for (const auto &one : d.table) {
        if (d.functions[one.function].name == name)
            return one;
    }
    qFatal("no such function");
}

// Many samples of one stack: a line for each, so that each counts as a sample.
QStringList times(const QString &stack, int samples)
{
    QStringList out;
    for (int i = 0; i < samples; ++i)
        out << stack + " 1";
    return out;
}

QStringList randomStacks(std::mt19937 &random, int count)
{
    QStringList out;
    for (int i = 0; i < count; ++i) {
        QStringList names;
        const auto depth = 1 + random() % 6;
        for (unsigned k = 0; k < depth; ++k)
            names << QStringLiteral("abcde").mid(static_cast<qsizetype>(random() % 5), 1) +
                         QStringLiteral("@m") + QString::number(random() % 2);
        out << names.join(u';') + u' ' + QString::number(1 + random() % 9);
    }
    return out;
}

// The slow, obvious way: self and total by "name@module" from the stacks as they were drawn.
struct Plain {
    std::map<std::string, std::int64_t> self, total;
    explicit Plain(const QStringList &lines)
    {
        for (const auto &[names, value] : Drawn(lines).stacks) {
            self[names.back()] += value;
            for (const auto &name : std::set<std::string>(names.begin(), names.end()))
                total[name] += value;
        }
    }
};

} // namespace

// Trees and tables of two profiles in one, against the obvious way; what is the same function.
class TestProfileDiff : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsFramesOfBothSidesLargestFirst()
    {
        const auto d = diff({run({"main;parse;read 3", "main;old 2"})},
                            {run({"main;parse 4", "main;fresh 9", "main;parse;read 1"})});
        QCOMPARE(text(d), std::string("main 0/5 0/14\n"
                                      "  fresh 0/0 9/9\n"
                                      "  parse 0/3 4/5\n"
                                      "    read 3/3 1/1\n"
                                      "  old 2/2 0/0\n"));
        QVERIFY(!row(d, "fresh").self.base);
        QVERIFY(!row(d, "old").self.cand);
        QCOMPARE(row(d, "parse").self.base.value(), 0.0); // there, and nothing of its own
    }
    void ordersSiblingsByWhatTheyAreAfterNormalising()
    {
        const auto d = diff({run({"a 10", "b 9"}, 10)}, {run({"a 1", "b 30"}, 100)},
                            {.normalisation = {.by = NormaliseBy::Work}});
        QCOMPARE(text(d), std::string("a 10/10 1/1\nb 9/9 30/30\n")); // 1 against 0.9
        QCOMPARE(row(d, "b").self.cand.value(), 0.3);
        QCOMPARE(d.normalisation.cand, 100.0);
    }
    void addsRunsAndDividesByAllOfThem()
    {
        const auto d = diff({run({"f 10"}, 5), run({"f 20"}, 10)}, {run({"f 8"}, 2)});
        QCOMPARE(d.tree.base.total[1], 30);
        QCOMPARE(row(d, "f").self.base.value(), 2.0);
        QCOMPARE(row(d, "f").self.cand.value(), 4.0);
        QCOMPARE(row(d, "f").baseSelfRuns, (std::vector<double>{2, 2}));
        QCOMPARE(d.baseRuns, 2u);
    }
    void takesInlinedAndCalledCodeForTheSameFunction()
    {
        const auto d = diff({run({"main;~f 3"})}, {run({"main;f 4"})});
        QCOMPARE(text(d), std::string("main 0/3 0/4\n  f 3/3 4/4\n"));
        QCOMPARE(text(diff({run({"main;~f 3"})}, {run({"main;~f 4"})})),
                 std::string("main 0/3 0/4\n  ~f 3/3 4/4\n"));
    }
    void agreesWithTheObviousWayOnRandomStacks()
    {
        std::mt19937 random(7);
        for (int round = 0; round < 30; ++round) {
            const auto a = randomStacks(random, 40), b = randomStacks(random, 40),
                       c = randomStacks(random, 40);
            const Plain plainA(a + b), plainB(c);
            const auto d = diff({run(a), run(b)}, {run(c)});
            for (const auto &one : d.table) {
                const auto &f = d.functions[one.function];
                const auto name = f.name + "@" + f.module;
                const auto value = [&](const std::map<std::string, std::int64_t> &of) {
                    const auto found = of.find(name);
                    return found == of.end() ? 0.0 : static_cast<double>(found->second);
                };
                QCOMPARE(one.self.base.value_or(0) * 2, value(plainA.self)); // of two runs
                QCOMPARE(one.total.base.value_or(0) * 2, value(plainA.total));
                QCOMPARE(one.self.cand.value_or(0), value(plainB.self));
                QCOMPARE(one.total.cand.value_or(0), value(plainB.total));
            }
            for (std::size_t i = 0; i < d.tree.size(); ++i) {
                auto self = d.tree.base.self[i];
                for (auto k = i + 1; k < d.tree.subtreeEnd[i]; ++k)
                    self += d.tree.base.self[k];
                QCOMPARE(d.tree.base.total[i], self);
            }
        }
    }
    void leavesVersionsDirectoriesAndProcessesOutOfModules_data()
    {
        QTest::addColumn<QString>("module");
        QTest::addColumn<QString>("key");
        const std::pair<const char *, const char *> rows[] = {
            {"/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30", "libstdc++.so"},
            {"/lib/libc-2.31.so", "libc.so"},
            {"/tmp/perf-4711.map", "perf.map"},
            {"/root/.debug/jit/jitted-4711-12.so", "jitted.so"},
            {"/opt/shop/shop-1.4.2.jar", "shop.jar"},
            {"target/deps/libshop-0a1b2c3d4e5f6789.so", "libshop.so"},
            {"C:\\build\\shop.exe", "shop.exe"},
            {"/srv/app (deleted)", "app"},
            {"[kernel.kallsyms]", "[kernel.kallsyms]"},
            {"/usr/bin/python3.11", "python3.11"},
            {"x86-64", "x86"},
            {"face-off", "face-off"},
            {"-1", "-1"},
            {"", ""}};
        for (const auto &one : rows)
            QTest::newRow(one.first) << one.first << one.second;
    }
    void leavesVersionsDirectoriesAndProcessesOutOfModules()
    {
        QFETCH(QString, module);
        QFETCH(QString, key);
        QCOMPARE(QString::fromStdString(moduleKey(module.toStdString())), key);
    }
    void leavesTiersPathsAndLinesOutOfNamesOfCompiledScripts_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("key");
        const std::pair<const char *, const char *> rows[] = {
            {"JS:*canonicalize /srv/app/serialize.js:7:22", "JS:canonicalize serialize.js"},
            {"JS:~canonicalize /tmp/b/serialize.js:9:22", "JS:canonicalize serialize.js"},
            {"LazyCompile:*emit node:events:471:44", "JS:emit events"},
            {"JS:* /srv/app/index.js:1:1", "JS:(anonymous) index.js"},
            {"JS:+", "JS:+"},
            {"std::map<int, int>::find", "std::map<int, int>::find"},
            {"main.(*Store).Add", "main.(*Store).Add"}};
        for (const auto &one : rows)
            QTest::newRow(one.first) << one.first << one.second;
    }
    void leavesTiersPathsAndLinesOutOfNamesOfCompiledScripts()
    {
        QFETCH(QString, name);
        QFETCH(QString, key);
        QCOMPARE(QString::fromStdString(functionKey({.name = name.toStdString()})), key);
    }
    void neverMatchesByAddress()
    {
        auto base = Drawn({"main;x@/a/lib.so.1 3", "main;y@/a/lib.so.1 4"}).profile();
        auto cand = Drawn({"main;z@/b/lib.so.2 5"}).profile();
        for (auto *profile : {&base, &cand}) {
            for (auto &f : profile->functions) {
                if (f.name != "main" && !f.name.empty()) {
                    f.name = f.module + "+0x" + f.name;
                    f.unresolved = true;
                }
            }
        }
        const auto d = diff({{.profile = std::make_shared<const Profile>(base)}},
                            {{.profile = std::make_shared<const Profile>(cand)}});
        QCOMPARE(text(d), std::string("main 0/7 0/5\n  [no symbol in lib.so] 7/7 5/5\n"));
        QVERIFY(row(d, "[no symbol in lib.so]").self.base);
    }
    void renamesByRule()
    {
        ProfileDiffOptions options;
        options.renames = {{"old_(.*)", "new_$1"}, {"(.*) @liba.so", "$1 @libb.so"}};
        const auto d = diff({run({"old_f 3", "very_old_f 1", "g@/x/liba.so.1 2"})},
                            {run({"new_f 5", "g@/y/libb.so 2"})}, options);
        QCOMPARE(text(d), std::string("new_f 3/3 5/5\ng 2/2 2/2\nvery_old_f 1/1 0/0\n"));
        QCOMPARE(d.notes.front(), std::string("renamed: old_f -> new_f"));
        options.renames = {{"(", "x"}};
        const std::vector<ProfileRun> any{run({"f 1"})};
        const auto failed = diffProfiles(any, any, options);
        QVERIFY(!failed.has_value() && failed.error().code() == Errc::Usage);
    }
    void suggestsWhatMayHaveBeenRenamed()
    {
        const auto d =
            diff({run({"main;loadOrders;query 5", "main;loadOrders;parse 4", "main;gone 1"})},
                 {run({"main;loadAllOrders;query 5", "main;loadAllOrders;parse 3", "main;zzz 1"})});
        QCOMPARE(d.suggestions.size(), std::size_t{1});
        QCOMPARE(d.functions[d.suggestions[0].base].name, std::string("loadOrders"));
        QCOMPARE(d.functions[d.suggestions[0].cand].name, std::string("loadAllOrders"));
        QCOMPARE(d.suggestions[0].why, std::string("same callers and callees, similar name"));
        const auto moved = diff({run({"f@a 5"})}, {run({"f@b 5"})});
        QCOMPARE(moved.suggestions.size(), std::size_t{1});
        QCOMPARE(moved.suggestions[0].why, std::string("same name in another module"));
    }
    void judgesFunctionsAndNodes()
    {
        const auto d =
            diff({run(times("main;hot", 400) + times("main;same", 400) + times("tiny", 3))},
                 {run(times("main;hot", 200) + times("main;same", 410) + times("tiny", 9))});
        QCOMPARE(row(d, "hot").self.verdict, Verdict::Improved);
        QCOMPARE(row(d, "same").self.verdict, Verdict::NoEvidence);
        QCOMPARE(row(d, "tiny").self.verdict, Verdict::NotEnoughData);
        for (std::size_t i = 1; i < d.tree.size(); ++i) {
            const auto &name = d.functions[d.tree.function[i]].name;
            if (name == "hot")
                QCOMPARE(d.tree.selfVerdict[i], Verdict::Improved);
            if (name == "same")
                QCOMPARE(d.tree.totalVerdict[i], Verdict::NoEvidence);
            if (name == "tiny")
                QCOMPARE(d.tree.totalVerdict[i], Verdict::NotEnoughData);
        }
    }
    void doesNotTakeWeightsForSamples()
    {
        // One sample of a thousand each, and a thousand of one.
        const auto few = diff({run({"f 1000"})}, {run({"f 3000"})});
        QCOMPARE(row(few, "f").self.verdict, Verdict::NotEnoughData);
        const auto many = diff({run(times("f", 1000))}, {run(times("f", 3000))});
        QCOMPARE(row(many, "f").self.verdict, Verdict::Regressed);
        auto heap = run(times("f", 1000)), more = run(times("f", 3000));
        heap.leastPerSample = more.leastPerSample = 1000;
        const auto scaled = diff({heap}, {more});
        QCOMPARE(row(scaled, "f").self.verdict, Verdict::NotEnoughData);
    }
    void findsNothingWhereTheShareOfTheTotalIsAll()
    {
        const auto d = diff({run(times("main;f", 300), 300)}, {run(times("main;f", 900), 900)},
                            {.normalisation = {.by = NormaliseBy::Total, .per = "total"}});
        QCOMPARE(row(d, "main").total.base.value(), 1.0);
        QCOMPARE(row(d, "main").total.verdict, Verdict::NoEvidence);
    }
    void standsEmptyProfilesAndDeepOnes()
    {
        const auto empty = diff({run({})}, {run({})});
        QCOMPARE(empty.tree.size(), std::size_t{1});
        QVERIFY(empty.table.empty());
        QCOMPARE(empty.whole.verdict, Verdict::NotEnoughData);
        const auto fresh = diff({run({})}, {run(times("f", 40))});
        QCOMPARE(row(fresh, "f").self.verdict, Verdict::Regressed);
        QStringList deep;
        for (int i = 0; i < 20'000; ++i)
            deep << (i % 2 ? QStringLiteral("f") : QStringLiteral("g"));
        const auto d = diff({run({deep.join(u';') + " 5"})}, {run({"g;f 1"})});
        QCOMPARE(d.tree.size(), std::size_t{20'001});
        QCOMPARE(row(d, "f").total.base.value(), 5.0);
    }
    void countsBlocksByFunctionRecursionOnce()
    {
        const auto profile = Drawn({"f;g;f 5", "h 2"}).profile();
        // Nodes: root, f, g, f, h.
        const auto blocks = sampleBlocks(profile, 4, {{2, 3, 3}, {0, 3, 2}, {3, 4, 2}, {9, 1, 7}});
        const auto of = [&](const std::string &name, const std::vector<std::int64_t> &values) {
            for (std::size_t f = 0; f < profile.functions.size(); ++f) {
                if (profile.functions[f].name == name)
                    return std::vector<std::int64_t>(
                        values.begin() + static_cast<std::ptrdiff_t>(f * 4),
                        values.begin() + static_cast<std::ptrdiff_t>(f * 4 + 4));
            }
            return std::vector<std::int64_t>{};
        };
        QCOMPARE(of("f", blocks.total), (std::vector<std::int64_t>{2, 0, 3, 0}));
        QCOMPARE(of("g", blocks.total), (std::vector<std::int64_t>{2, 0, 3, 0}));
        QCOMPARE(of("g", blocks.self), (std::vector<std::int64_t>{0, 0, 0, 0}));
        QCOMPARE(of("", blocks.total), (std::vector<std::int64_t>{2, 0, 3, 2}));
        // Longer stretches are looked at where neighbours are alike: 20 blocks of 0 and 2 in turn
        // of ten vary by nothing, ten long ones by all.
        std::vector<double> bursts(40, 0);
        for (std::size_t i = 0; i < 40; ++i)
            bursts[i] = (i / 4) % 2 ? 2 : 0;
        QCOMPARE(blockVariance(bursts).freedom, 9.0);
        QCOMPARE(blockVariance(bursts).variance,
                 10 * 16.0 / 9 * 10); // 0 and 8 in turn, ten of them
    }
    void tellsWhatChangedAddingUpExactly()
    {
        auto d = diff({run(times("main;parse;slow", 900) + times("main;rest", 300), 100)},
                      {run(times("main;parse;slow", 300) + times("main;rest", 310), 100)},
                      {.normalisation = {.by = NormaliseBy::Work, .per = "request"}});
        d.measure = "cpu-clock";
        d.unit = Unit::Nanoseconds;
        ComparedSection section;
        tellProfileDiff(d, 0.001, section);
        QCOMPARE(section.items[0].name, std::string("*"));
        QCOMPARE(section.items[0].per, std::string("request"));
        const auto &why = section.explanations.front();
        QCOMPARE(why.of, std::string("CPU per request"));
        double sum = why.remainder;
        for (const auto &part : why.parts)
            sum += part.delta();
        QCOMPARE(sum, why.cand - why.base);
        QCOMPARE(why.parts[0].name, std::string("slow"));
        QVERIFY2(
            section.sentences[0].starts_with("CPU per request fell from 12 ns to 6.1 ns, -49 % "
                                             "(95 % interval "),
            section.sentences[0].c_str());
        // `slow` lost more than the whole did: no share of it is told.
        QVERIFY2(section.sentences[0].ends_with("1,200 and 610 samples)."),
                 section.sentences[0].c_str());
        QVERIFY2(
            section.sentences[1].starts_with("`slow` itself fell from 9 ns to 3 ns per request"),
            section.sentences[1].c_str());
    }
};

QTEST_APPLESS_MAIN(TestProfileDiff)
#include "tst_profile_diff.moc"
