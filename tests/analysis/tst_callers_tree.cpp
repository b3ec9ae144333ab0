#include "analysis/callers_tree.h"
#include "tests/analysis/drawn_stacks.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace flamewright;

namespace {

using Stacks = std::map<std::vector<std::string>, std::int64_t>;

Stacks stacksOf(const Profile &profile)
{
    Stacks out;
    for (std::uint32_t node = 0; node < profile.tree.size(); ++node) {
        if (profile.tree.self[node] == 0)
            continue;
        std::vector<std::string> names;
        for (auto at = node; at != 0; at = profile.tree.parent[at])
            names.insert(names.begin(), profile.at(at).name);
        out[names] += profile.tree.self[node];
    }
    return out;
}

FunctionId functionOf(const Profile &profile, const std::string &name)
{
    for (std::uint32_t i = 1; i < profile.functions.size(); ++i) {
        if (profile.functions[i].name == name)
            return FunctionId{i};
    }
    return {};
}

QStringList randomStacks(std::mt19937 &random)
{
    QStringList lines;
    for (auto i = 1 + random() % 20; i > 0; --i) {
        QStringList frames;
        for (auto depth = 1 + random() % 7; depth > 0; --depth)
            frames << QStringLiteral("f%1").arg(random() % 5);
        lines << frames.join(u';') + QStringLiteral(" %1").arg(1 + random() % 9);
    }
    return lines;
}

QStringList sorted(QStringList lines)
{
    lines.sort();
    return lines;
}

} // namespace

class TestCallersTree : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void invertsDrawnStacks()
    {
        const auto profile =
            Drawn(QStringList{"main;parse;read 3", "main;write;read 2", "main 1"}).profile();
        const auto inverted = invertedProfile(profile);
        QCOMPARE(sorted(folded(inverted)),
                 QStringList({"main 1", "read;parse;main 3", "read;write;main 2"}));
        QCOMPARE(inverted.total, 6);
        QCOMPARE(inverted.at(1).name, "read");
        QCOMPARE(inverted.tree.total[1], 5);
        QCOMPARE(inverted.table.size(), profile.table.size());
    }

    void aSandwichWorthSeeingHasCallersAndCallees()
    {
        const auto chosen = [](const QStringList &stacks) {
            const auto profile = Drawn(stacks).profile();
            const auto function = mostInteresting(profile);
            return function.raw == 0 ? std::string() : profile.functions[function.raw].name;
        };
        // Not what is on all stacks, nor what nobody calls, however much that is.
        QCOMPARE(chosen({"main;parse;read 3", "main;write;read 2", "main 1"}), std::string("read"));
        QCOMPARE(chosen({"main;parse;read 4", "main;parse 1", "main;write 2", "thread;idle 1"}),
                 std::string("parse"));
        // Where there is nothing else they are taken.
        QCOMPARE(chosen({"main 5", "thread 1"}), std::string("main"));
        QCOMPARE(chosen({"main 5"}), std::string("main"));
        QCOMPARE(chosen({}), std::string());
    }

    void everyStackIsThereBackwards()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 200; ++round) {
            const auto profile = Drawn(randomStacks(random)).profile();
            Stacks expected;
            for (auto [stack, value] : stacksOf(profile)) {
                auto reversed = stack;
                std::reverse(reversed.begin(), reversed.end());
                expected[reversed] += value;
            }
            const auto inverted = invertedProfile(profile);
            QVERIFY(stacksOf(inverted) == expected);
            QCOMPARE(inverted.total, profile.total);
            QCOMPARE(inverted.samples, profile.samples);
        }
    }

    void callersAreThoseOfTheOutermostCall()
    {
        std::mt19937 random(2);
        for (int round = 0; round < 200; ++round) {
            const auto profile = Drawn(randomStacks(random)).profile();
            const auto function = functionOf(profile, "f1");
            Stacks expected;
            std::int64_t total = 0;
            for (const auto &[stack, value] : stacksOf(profile)) {
                const auto first = std::find(stack.begin(), stack.end(), "f1");
                if (first == stack.end())
                    continue;
                std::vector<std::string> up(stack.begin(), first + 1);
                std::reverse(up.begin(), up.end());
                expected[up] += value;
                total += value;
            }
            const auto callers = callersProfile(profile, function);
            QVERIFY(stacksOf(callers) == expected);
            QCOMPARE(callers.total, total);
            for (const auto &row : profile.table) {
                if (row.function == function)
                    QCOMPARE(callers.total, row.total);
            }
        }
    }

    void aLimitCutsEveryStackAtOneLevelAndSaysSo()
    {
        const auto profile = Drawn(QStringList{"a;b;c;d 3", "e;f;g;d 2"}).profile();
        const auto inverted = invertedProfile(profile, 4); // two levels of two stacks
        QCOMPARE(sorted(folded(inverted)),
                 QStringList({"d;c;b;[more callers] 3", "d;g;f;[more callers] 2"}));
        QCOMPARE(inverted.total, 5);
    }
};

QTEST_APPLESS_MAIN(TestCallersTree)
#include "tst_callers_tree.moc"
