#include "analysis/search.h"
#include "tests/analysis/drawn_stacks.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace flamewright;

namespace {

std::string text(const Profile &p)
{
    std::string out;
    for (std::uint32_t i = 1; i < p.tree.size(); ++i)
        out += std::string(2 * (p.tree.depth[i] - 1), ' ') + (p.tree.inlined[i] ? "~" : "") +
               p.at(i).name + " " + std::to_string(p.tree.self[i]) + "/" +
               std::to_string(p.tree.total[i]) + "\n";
    return out;
}

const FunctionStat &stat(const Profile &p, const std::string &name)
{
    for (const auto &s : p.table) {
        if (p.functions[s.function.raw].name == name)
            return s;
    }
    qFatal("no such function");
}

} // namespace

class TestFlameTree : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void mergesStacksIntoOneTreeLargestFirst()
    {
        const Drawn drawn({"main;write 2", "main;parse;read 3", "main;parse 2"});
        QCOMPARE(text(drawn.profile()),
                 std::string("main 0/7\n  parse 2/5\n    read 3/3\n  write 2/2\n"));
        QCOMPARE(drawn.profile().total, 7);
        QCOMPARE(drawn.profile().samples, 3);
    }
    void countsRecursionOnce()
    {
        const auto p = Drawn({"main;f;g;f 5", "main;f 1"}).profile();
        QCOMPARE(stat(p, "f").self, 6);
        QCOMPARE(stat(p, "f").total, 6);
        QCOMPARE(stat(p, "g").total, 5);
    }
    void expandsInlinedFramesUnderTheirCaller()
    {
        const auto p = Drawn({"main;f;~g;~h 4", "main;f 1"}).profile();
        QCOMPARE(text(p), std::string("main 0/5\n  f 1/5\n    ~g 0/4\n      ~h 4/4\n"));
    }
    void countsInlinedCodeAsItsCallerWhenAsked()
    {
        const Drawn drawn({"main;f;~g;~h 4", "main;f;~g;~h;k 2", "main;f 1"});
        const ProfileInput input{&drawn.dimensions, drawn.weights};
        QCOMPARE(text(buildProfile({&input, 1}, false)),
                 std::string("main 0/7\n  f 5/7\n    k 2/2\n"));
    }
    void keepsFunctionsOfDifferentModulesApart()
    {
        const auto p = Drawn({"main;read@a 1", "main;read@b 2"}).profile();
        QCOMPARE(p.table.size(), std::size_t{3});
        QCOMPARE(p.functions[p.table[0].function.raw].module, std::string("b"));
    }
    void joinsCapturesByFunctionAndModule()
    {
        const Drawn a({"main;f 1"}), b({"x 9", "main;f 2"});
        const ProfileInput inputs[] = {{&a.dimensions, a.weights}, {&b.dimensions, b.weights}};
        const auto p = buildProfile(inputs);
        QCOMPARE(text(p), std::string("x 9/9\nmain 0/3\n  f 3/3\n"));
    }
    void survivesFiftyThousandFrames()
    {
        QStringList frames;
        for (int i = 0; i < 50'000; ++i)
            frames << QString::number(i % 100);
        const auto p = Drawn({frames.join(u';') + QStringLiteral(" 3")}).profile();
        QCOMPARE(p.tree.size(), std::size_t{50'001});
        QCOMPARE(stat(p, "7").total, 3);
    }
    void agreesWithBruteForceOnRandomStacks()
    {
        std::mt19937 random(7);
        QStringList lines;
        for (int i = 0; i < 500; ++i) {
            QStringList frames;
            for (unsigned d = 0; d < 1 + random() % 12; ++d)
                frames << QStringLiteral("f%1").arg(random() % 9);
            lines << frames.join(u';') + u' ' + QString::number(random() % 100);
        }
        const Drawn drawn(lines);
        std::map<std::string, std::pair<std::int64_t, std::int64_t>> expected;
        for (const auto &[names, value] : drawn.stacks) {
            expected[names.back()].first += value;
            for (const auto &name : std::set(names.begin(), names.end()))
                expected[name].second += value;
        }
        const auto p = drawn.profile();
        QCOMPARE(p.table.size(), expected.size());
        for (const auto &s : p.table) {
            const auto &want = expected.at(p.functions[s.function.raw].name + "@");
            QCOMPARE(s.self, want.first);
            QCOMPARE(s.total, want.second);
        }
        for (std::uint32_t node = 0; node < p.tree.size(); ++node) {
            auto sum = p.tree.self[node];
            for (auto c = node + 1; c < p.tree.subtreeEnd[node]; c = p.tree.subtreeEnd[c]) {
                QCOMPARE(p.tree.parent[c], node);
                sum += p.tree.total[c];
            }
            QCOMPARE(sum, p.tree.total[node]);
        }
    }
    void searchSumsEachStackOnce()
    {
        const auto p = Drawn({"main;foo;foo;bar 5", "main;bar 2", "other 3"}).profile();
        const auto found = *searchProfile(p, "FOO");
        QCOMPARE(found.total, 5);
        QCOMPARE(found.nodeCount, 2u);
        QCOMPARE(found.functionCount, 1u);
        QCOMPARE(searchProfile(p, "/^(foo|bar)$/")->total, 7);
        QCOMPARE(searchProfile(p, "/^BAR$/")->total, 0);
        QCOMPARE(searchProfile(p, "/^BAR$/i")->total, 7);
        QCOMPARE(searchProfile(p, "")->total, 0);
        QVERIFY(searchProfile(p, "/(/").error().code() == Errc::Usage);
    }
};

QTEST_GUILESS_MAIN(TestFlameTree)
#include "tst_flame_tree.moc"
