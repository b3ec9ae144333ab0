#include "analysis/grouping.h"
#include "tests/views/drawn_profile.h"

#include <QTest>

#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace flamewright;

namespace {

// Stacks as lists of function names, and the profile made of them.
struct Stacks {
    std::vector<std::vector<std::string>> frames;
    std::vector<std::int64_t> weight;
    std::map<std::string, std::string> moduleOf, fileOf;

    Profile profile() const
    {
        DrawnProfile drawn;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            std::string line;
            for (const auto &name : frames[i])
                line += (line.empty() ? "" : ";") + name;
            drawn.add(line, weight[i] * 10, weight[i]);
        }
        auto out = *drawn.build();
        for (auto &f : out.functions) {
            if (f.name.empty())
                continue;
            f.module = moduleOf.at(f.name);
            f.file = fileOf.at(f.name);
        }
        return out;
    }
};

struct Sums {
    std::int64_t self = 0, total = 0, selfSamples = 0, totalSamples = 0;
    std::set<std::string> functions;
};

// Straight from the definition: a stack counts for every group that has a function in it.
std::map<std::string, Sums> bruteForce(const Stacks &stacks,
                                       const std::map<std::string, std::string> &groupOf)
{
    std::map<std::string, Sums> out;
    for (std::size_t i = 0; i < stacks.frames.size(); ++i) {
        std::set<std::string> seen;
        for (const auto &name : stacks.frames[i]) {
            seen.insert(groupOf.at(name));
            out[groupOf.at(name)].functions.insert(name);
        }
        for (const auto &group : seen) {
            out[group].total += stacks.weight[i] * 10;
            out[group].totalSamples += stacks.weight[i];
        }
        auto &leaf = out[groupOf.at(stacks.frames[i].back())];
        leaf.self += stacks.weight[i] * 10;
        leaf.selfSamples += stacks.weight[i];
    }
    return out;
}

void compare(const Profile &profile, const std::vector<FunctionGroup> &groups,
             const std::map<std::string, Sums> &expected)
{
    QCOMPARE(groups.size(), expected.size());
    std::int64_t self = 0;
    for (const auto &group : groups) {
        const auto it = expected.find(group.name);
        QVERIFY(it != expected.end());
        QCOMPARE(group.self, it->second.self);
        QCOMPARE(group.total, it->second.total);
        QCOMPARE(group.selfSamples, it->second.selfSamples);
        QCOMPARE(group.totalSamples, it->second.totalSamples);
        self += group.self;
        std::set<std::string> names;
        std::int64_t ofFunctions = 0;
        for (const auto &row : group.functions) {
            names.insert(profile.functions[row.function.raw].name);
            ofFunctions += row.self;
        }
        QVERIFY(names == it->second.functions);
        QCOMPARE(ofFunctions, group.self);
    }
    QCOMPARE(self, profile.total - profile.tree.self[0]);
    for (std::size_t i = 1; i < groups.size(); ++i)
        QVERIFY(groups[i - 1].self >= groups[i].self);
}

} // namespace

class TestGrouping : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsEachStackOnceHoweverManyFunctionsOfAGroupAreInIt()
    {
        Stacks stacks;
        stacks.frames = {{"main", "alloc", "malloc", "alloc"}, {"main", "parse"}, {"main"}};
        stacks.weight = {4, 2, 1};
        stacks.moduleOf = {
            {"main", "app"}, {"parse", "app"}, {"alloc", "libc"}, {"malloc", "libc"}};
        stacks.fileOf = {{"main", "a.c"}, {"parse", "b.c"}, {"alloc", "m.c"}, {"malloc", ""}};
        const auto profile = stacks.profile();
        const auto modules = groupFunctions(profile, GroupBy::Module);
        QCOMPARE(modules.size(), std::size_t{2});
        QCOMPARE(modules[0].name, std::string("libc"));
        QCOMPARE(modules[0].self, std::int64_t{40});
        QCOMPARE(modules[0].total, std::int64_t{40}); // not 40 three times
        QCOMPARE(modules[0].functions.size(), std::size_t{2});
        QCOMPARE(modules[1].name, std::string("app"));
        QCOMPARE(modules[1].self, std::int64_t{30});
        QCOMPARE(modules[1].total, std::int64_t{70});
        const auto files = groupFunctions(profile, GroupBy::File);
        QCOMPARE(files.size(), std::size_t{4});
        QCOMPARE(files[0].name, std::string("m.c"));
        QCOMPARE(files.back().name, std::string()); // malloc: no self time
        QCOMPARE(files.back().total, std::int64_t{40});
    }

    void agreesWithTheDefinitionOnRandomTrees()
    {
        for (unsigned seed = 1; seed <= 200; ++seed) {
            std::mt19937 random(seed);
            const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
            Stacks stacks;
            const auto functions = 2 + below(20);
            std::vector<std::string> names;
            for (unsigned i = 0; i < functions; ++i) {
                names.push_back("f" + std::to_string(i));
                stacks.moduleOf[names.back()] = "module" + std::to_string(below(4));
                stacks.fileOf[names.back()] =
                    below(5) == 0 ? "" : "file" + std::to_string(below(6));
            }
            const auto count = 1 + below(40);
            for (unsigned i = 0; i < count; ++i) {
                std::vector<std::string> frames(1 + below(12));
                for (auto &frame : frames)
                    frame = names[below(functions)];
                stacks.frames.push_back(frames);
                stacks.weight.push_back(1 + below(9));
            }
            const auto profile = stacks.profile();
            compare(profile, groupFunctions(profile, GroupBy::Module),
                    bruteForce(stacks, stacks.moduleOf));
            compare(profile, groupFunctions(profile, GroupBy::File),
                    bruteForce(stacks, stacks.fileOf));
            if (QTest::currentTestFailed())
                QFAIL(qPrintable(QStringLiteral("seed %1").arg(seed)));
        }
    }

    void anEmptyProfileHasNoGroups()
    {
        const auto profile = DrawnProfile().build();
        QVERIFY(groupFunctions(*profile, GroupBy::Module).empty());
        QVERIFY(groupFunctions(*profile, GroupBy::File).empty());
    }
};

QTEST_GUILESS_MAIN(TestGrouping)
#include "tst_grouping.moc"
