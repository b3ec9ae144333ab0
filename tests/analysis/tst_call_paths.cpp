#include "analysis/call_paths.h"
#include "tests/views/drawn_profile.h"

#include <QTest>

using namespace flamewright;

namespace {

FunctionId named(const Profile &profile, std::string_view name)
{
    for (std::uint32_t i = 1; i < profile.functions.size(); ++i) {
        if (profile.functions[i].name == name)
            return FunctionId{i};
    }
    return {};
}

std::string pathText(const Profile &profile, std::uint32_t node)
{
    std::string out;
    for (const auto n : pathTo(profile.tree, node))
        out += (out.empty() ? "" : ";") + profile.at(n).name;
    return out;
}

} // namespace

class TestCallPaths : public QObject {
    Q_OBJECT

    std::string found(const Profile &profile, std::initializer_list<const char *> callers)
    {
        std::vector<FunctionId> path;
        for (const auto *name : callers)
            path.push_back(named(profile, name));
        const auto node = nodeOfCallers(profile, path);
        return node == kNoNode ? "none" : pathText(profile, node);
    }

private Q_SLOTS:
    void findsTheCallerAboveTheHeaviestPlace()
    {
        const auto profile = drawn("main;a;alloc;copy 3\nmain;b;alloc;copy 5\nmain;b;copy 9\n");
        QCOMPARE(found(*profile, {"copy"}), std::string("main;b;copy"));
        QCOMPARE(found(*profile, {"copy", "alloc"}), std::string("main;b;alloc"));
        QCOMPARE(found(*profile, {"copy", "alloc", "a"}), std::string("main;a"));
        QCOMPARE(found(*profile, {"copy", "b", "main"}), std::string("main"));
        QCOMPARE(found(*profile, {"copy", "main"}), std::string("none"));
        QCOMPARE(found(*profile, {"main", "copy"}), std::string("none"));
        QCOMPARE(nodeOfCallers(*profile, {}), kNoNode);
    }

    void neverClimbsBeyondTheOutermostCall()
    {
        const auto profile = drawn("f;f;f 2\n");
        QCOMPARE(found(*profile, {"f", "f", "f"}), std::string("f"));
        QCOMPARE(found(*profile, {"f", "f", "f", "f"}), std::string("none"));
        QVERIFY(pathTo(profile->tree, 0).empty());
    }
};

QTEST_GUILESS_MAIN(TestCallPaths)
#include "tst_call_paths.moc"
