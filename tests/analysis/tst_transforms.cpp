#include "analysis/search.h"
#include "analysis/transforms.h"
#include "tests/analysis/drawn_stacks.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace flamewright;

namespace {

// What a transform does to one stack, said as plainly as possible: the oracle. Frames are
// "function@module"; nullopt: the stack is left out.
using Stack = std::vector<std::string>;
using Stacks = std::map<Stack, std::int64_t>;

std::string functionOf(const std::string &frame)
{
    return frame.substr(0, frame.find('@'));
}
std::string moduleOf(const std::string &frame)
{
    return frame.substr(frame.find('@') + 1);
}

std::optional<Stack> transformed(const Stack &stack, TransformKind kind, const std::string &name)
{
    const auto is = [&](const std::string &frame) { return functionOf(frame) == name; };
    const auto first = std::find_if(stack.begin(), stack.end(), is);
    Stack out;
    switch (kind) {
    case TransformKind::Focus:
    case TransformKind::ShowFrom:
        if (first == stack.end())
            return std::nullopt;
        return Stack(first, stack.end());
    case TransformKind::FocusSubtree: // here: the path is the one function
        if (first != stack.begin() || stack.empty())
            return std::nullopt;
        return stack;
    case TransformKind::Keep: return first == stack.end() ? std::nullopt : std::optional(stack);
    case TransformKind::Drop: return first == stack.end() ? std::optional(stack) : std::nullopt;
    case TransformKind::Hide:
        std::copy_if(stack.begin(), stack.end(), std::back_inserter(out),
                     [&](const std::string &frame) { return !is(frame); });
        return out;
    case TransformKind::CollapseModule:
        for (std::size_t i = 0; i < stack.size(); ++i) {
            if (moduleOf(stack[i]) != name)
                out.push_back(stack[i]);
            else if (i == 0 || moduleOf(stack[i - 1]) != name)
                out.push_back("[" + name + "]@" + name);
        }
        return out;
    case TransformKind::CollapseRecursion:
        for (const auto &frame : stack) {
            const auto before = std::find(out.begin(), out.end(), frame);
            if (before != out.end() && (name.empty() || is(frame)))
                out.erase(before + 1, out.end());
            else
                out.push_back(frame);
        }
        return out;
    case TransformKind::CollapseDirectRecursion:
        for (const auto &frame : stack) {
            if (out.empty() || out.back() != frame || !(name.empty() || is(frame)))
                out.push_back(frame);
        }
        return out;
    case TransformKind::CollapseSubtree:
        return first == stack.end() ? stack : Stack(stack.begin(), first + 1);
    case TransformKind::KeepModules:
        std::copy_if(stack.begin(), stack.end(), std::back_inserter(out),
                     [&](const std::string &frame) { return moduleOf(frame) == name; });
        return out;
    }
    return std::nullopt;
}

Stack pathOf(const Profile &profile, std::uint32_t node)
{
    Stack out;
    for (auto at = node; at != 0; at = profile.tree.parent[at])
        out.insert(out.begin(), profile.at(at).name + "@" + profile.at(at).module);
    return out;
}

// The stacks of a profile; checks that nothing of the tree contradicts itself.
Stacks stacksOf(const Profile &profile)
{
    Stacks out;
    const auto &tree = profile.tree;
    for (std::uint32_t node = 0; node < tree.size(); ++node) {
        auto below = tree.self[node], samples = tree.selfSamples[node];
        for (auto child = node + 1; child < tree.subtreeEnd[node]; child = tree.subtreeEnd[child]) {
            if (tree.parent[child] != node || tree.depth[child] != tree.depth[node] + 1)
                qFatal("the tree is not in preorder");
            below += tree.total[child];
            samples += tree.totalSamples[child];
        }
        if (below != tree.total[node] || samples != tree.totalSamples[node])
            qFatal("self and children do not add up to the total");
        if (tree.self[node] != 0)
            out[pathOf(profile, node)] += tree.self[node];
    }
    return out;
}

std::int64_t totalOf(const Stacks &stacks)
{
    std::int64_t out = 0;
    for (const auto &[stack, value] : stacks)
        out += value;
    return out;
}

Stacks oracle(const Stacks &stacks, TransformKind kind, const std::string &name)
{
    Stacks out;
    for (const auto &[stack, value] : stacks) {
        if (const auto to = transformed(stack, kind, name))
            out[*to] += value;
    }
    return out;
}

bool isModuleKind(TransformKind kind)
{
    return kind == TransformKind::CollapseModule || kind == TransformKind::KeepModules;
}
bool leavesOut(TransformKind kind)
{
    return kind == TransformKind::Focus || kind == TransformKind::FocusSubtree ||
           kind == TransformKind::Keep || kind == TransformKind::Drop ||
           kind == TransformKind::ShowFrom;
}

// Few functions in few modules, so that recursion and shared prefixes are common.
QStringList randomStacks(std::mt19937 &random)
{
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    QStringList lines;
    const int count = 1 + pick(25);
    for (int i = 0; i < count; ++i) {
        QStringList frames;
        for (int depth = 1 + pick(9); depth > 0; --depth) {
            const int f = pick(6);
            frames << QStringLiteral("f%1@m%2").arg(f).arg(f % 3);
        }
        lines << frames.join(u';') + QStringLiteral(" %1").arg(1 + pick(50));
    }
    return lines;
}

QStringList after(const QStringList &lines, const QStringList &transforms)
{
    std::vector<Transform> list;
    for (const auto &text : transforms) {
        const auto parsed = parseTransform(text.toStdString());
        if (!parsed.has_value())
            qFatal("not a transform: %s", qPrintable(text));
        list.push_back(*parsed);
    }
    const auto out = applyTransforms(Drawn(lines).profile(), list);
    if (!out.has_value())
        return {QString::fromStdString(out.error().message())};
    auto text = folded(*out);
    text.sort();
    return text;
}

} // namespace

class TestTransforms : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void doesWhatItsNameSays_data()
    {
        QTest::addColumn<QString>("transform");
        QTest::addColumn<QStringList>("expected");
        // Drawn below: main;parse;alloc;malloc 4, main;parse;parse;lex 3, main;write 2, idle 1.
        const auto row = [](const char *transform, const QStringList &expected) {
            QTest::newRow(transform) << QString::fromUtf8(transform) << expected;
        };
        row("focus:=parse", {"parse;alloc;malloc 4", "parse;parse;lex 3"});
        row("focus-subtree:=main;=parse;=parse", {"parse;lex 3"});
        row("focus-subtree:=main;=nowhere", {});
        row("keep:alloc", {"main;parse;alloc;malloc 4"});
        row("drop:/^parse$/", {"idle 1", "main;write 2"});
        row("hide:=alloc",
            {"idle 1", "main;parse;malloc 4", "main;parse;parse;lex 3", "main;write 2"});
        row("hide:/main|write/", {" 2", "idle 1", "parse;alloc;malloc 4", "parse;parse;lex 3"});
        row("collapse-module:libc",
            {"idle 1", "main;[libc.so] 2", "main;parse;[libc.so] 4", "main;parse;parse;lex 3"});
        row("collapse-recursion:",
            {"idle 1", "main;parse;alloc;malloc 4", "main;parse;lex 3", "main;write 2"});
        row("collapse-direct-recursion:=parse",
            {"idle 1", "main;parse;alloc;malloc 4", "main;parse;lex 3", "main;write 2"});
        row("collapse-subtree:=parse", {"idle 1", "main;parse 7", "main;write 2"});
        row("keep-modules:/^app$/", {" 1", "main 2", "main;parse 4", "main;parse;parse;lex 3"});
        row("show-from:/^(alloc|lex)$/", {"alloc;malloc 4", "lex 3"});
        row("drop:nothing like it",
            {"idle 1", "main;parse;alloc;malloc 4", "main;parse;parse;lex 3", "main;write 2"});
    }
    void doesWhatItsNameSays()
    {
        QFETCH(QString, transform);
        QFETCH(QStringList, expected);
        const QStringList lines{"main@app;parse@app;alloc@/lib/libc.so;malloc@/lib/libc.so 4",
                                "main@app;parse@app;parse@app;lex@app 3",
                                "main@app;write@/lib/libc.so 2", "idle@kernel 1"};
        QCOMPARE(after(lines, {transform}), expected);
    }

    void everyTransformDoesToTheTreeWhatItDoesToEachStack()
    {
        std::mt19937 random(20261125);
        for (int round = 0; round < 300; ++round) {
            const auto lines = randomStacks(random);
            const auto profile = Drawn(lines).profile();
            const auto before = stacksOf(profile);
            for (std::size_t k = 0; k < kTransformKinds; ++k) {
                const auto kind = static_cast<TransformKind>(k);
                for (const auto &name :
                     {std::string("f1"), std::string("f4"), std::string("m0"), std::string()}) {
                    if (name.empty() && kind != TransformKind::CollapseRecursion &&
                        kind != TransformKind::CollapseDirectRecursion)
                        continue;
                    if (!name.empty() && isModuleKind(kind) != (name == "m0"))
                        continue;
                    const Transform transform{kind, name.empty() ? "" : "=" + name};
                    std::vector<std::uint32_t> nodeOf;
                    const auto out = applyTransforms(profile, {&transform, 1}, &nodeOf);
                    QVERIFY(out.has_value());
                    const auto expected = oracle(before, kind, name);
                    const auto stacks = stacksOf(*out);
                    if (stacks != expected)
                        qWarning() << lines << toText(transform).c_str();
                    QVERIFY(stacks == expected);
                    QCOMPARE(out->total, totalOf(expected));
                    if (!leavesOut(kind))
                        QCOMPARE(out->total, profile.total);
                    for (std::uint32_t node = 0; node < nodeOf.size(); ++node) {
                        if (profile.tree.self[node] == 0)
                            continue;
                        const auto to = transformed(pathOf(profile, node), kind, name);
                        QCOMPARE(nodeOf[node] != kNoNode, to.has_value());
                        if (to)
                            QVERIFY(pathOf(*out, nodeOf[node]) == *to);
                    }
                }
            }
        }
    }

    void independentTransformsMayChangePlaces()
    {
        std::mt19937 random(7);
        // Each looks at other functions than its partner, and takes away none the partner needs.
        const std::pair<Transform, Transform> pairs[] = {
            {{TransformKind::Hide, "=f1"}, {TransformKind::Hide, "=f2"}},
            {{TransformKind::Hide, "=f1"}, {TransformKind::Drop, "=f2"}},
            {{TransformKind::Keep, "=f0"}, {TransformKind::Drop, "=f3"}},
            {{TransformKind::Keep, "=f0"}, {TransformKind::Hide, "=f4"}},
            {{TransformKind::Drop, "=f0"}, {TransformKind::CollapseModule, "=m2"}},
            {{TransformKind::Focus, "=f0"}, {TransformKind::Hide, "=f5"}},
            {{TransformKind::CollapseModule, "=m1"}, {TransformKind::CollapseModule, "=m2"}},
            {{TransformKind::CollapseDirectRecursion, "=f1"}, {TransformKind::Drop, "=f2"}},
        };
        for (int round = 0; round < 300; ++round) {
            const auto profile = Drawn(randomStacks(random)).profile();
            for (const auto &[a, b] : pairs) {
                const auto ab = applyTransforms(profile, std::vector{a, b});
                const auto ba = applyTransforms(profile, std::vector{b, a});
                QVERIFY(ab.has_value() && ba.has_value());
                QVERIFY2(stacksOf(*ab) == stacksOf(*ba), (toText(a) + " and " + toText(b)).c_str());
            }
        }
    }

    void doingItTwiceChangesNothingMore()
    {
        std::mt19937 random(8);
        for (int round = 0; round < 200; ++round) {
            const auto profile = Drawn(randomStacks(random)).profile();
            for (std::size_t k = 0; k < kTransformKinds; ++k) {
                const auto kind = static_cast<TransformKind>(k);
                const Transform once{kind, isModuleKind(kind) ? "=m1" : "=f1"};
                const auto first = applyTransforms(profile, std::vector{once});
                const auto second = applyTransforms(profile, std::vector{once, once});
                QVERIFY(stacksOf(*first) == stacksOf(*second));
            }
        }
    }

    void tableCountsRecursionOnceAfterwardsToo()
    {
        const auto profile = Drawn(QStringList{"a;b;a;c 3", "a;c 2", "b 1"}).profile();
        const Transform hide{TransformKind::Hide, "=b"};
        const auto out = applyTransforms(profile, {&hide, 1});
        // a;a;c 3, a;c 2, and 1 of nothing: a is in 5 of 6, c takes 5.
        std::map<std::string, std::pair<std::int64_t, std::int64_t>> table;
        for (const auto &row : out->table)
            table[out->functions[row.function.raw].name] = {row.self, row.total};
        QCOMPARE(table.size(), std::size_t{2});
        QCOMPARE(table["a"], std::pair(std::int64_t{0}, std::int64_t{5}));
        QCOMPARE(table["c"], std::pair(std::int64_t{5}, std::int64_t{5}));
        QCOMPARE(out->tree.self[0], 1);
    }

    void stacksAsDeepAsTheyComeTakeLinearTime()
    {
        // 50,000 frames of 100 functions: quadratic work would not end.
        QStringList frames;
        for (int i = 0; i < 50'000; ++i)
            frames << QStringLiteral("f%1").arg(i % 100);
        const auto profile = Drawn(QStringList{frames.join(u';') + " 1"}).profile();
        const auto out = applyTransforms(
            profile, std::vector<Transform>{{TransformKind::Hide, "=f7"},
                                            {TransformKind::CollapseRecursion, ""}});
        QCOMPARE(out->tree.size(), std::size_t{1 + 99});
        QCOMPARE(out->total, 1);
    }

    void textNamesATransformBothWays()
    {
        for (std::size_t k = 0; k < kTransformKinds; ++k) {
            const Transform transform{static_cast<TransformKind>(k), "=a;b:c @/x y"};
            const auto parsed = parseTransform(toText(transform));
            QVERIFY(parsed.has_value());
            QVERIFY(*parsed == transform);
        }
        for (const char *bad : {"", "focus", "focus:", "nothing:a", "hide"}) {
            const auto parsed = parseTransform(bad);
            QVERIFY2(!parsed.has_value(), bad);
            QCOMPARE(parsed.error().code(), Errc::Usage);
        }
        QVERIFY(parseTransform("collapse-recursion").has_value());
    }

    void exactPatternsFindTheirFunctionWhateverItsName()
    {
        const auto profile =
            Drawn(QStringList{"a@m;a@n;a b@m 1", "operator @m;plain@ 1", "x @y@z 1"}).profile();
        for (std::uint32_t i = 1; i < profile.functions.size(); ++i) {
            const auto hits = matchFunctions(profile, exactPattern(profile.functions[i]));
            QVERIFY(hits.has_value());
            QCOMPARE(std::count(hits->begin(), hits->end(), 1), 1);
            QCOMPARE((*hits)[i], std::uint8_t{1});
        }
        const auto both = matchFunctions(profile, "=a");
        QCOMPARE(std::count(both->begin(), both->end(), 1), 2);
    }

    void pathsLeadBackToTheirNode()
    {
        std::mt19937 random(9);
        for (int round = 0; round < 50; ++round) {
            const auto profile = Drawn(randomStacks(random)).profile();
            for (std::uint32_t node = 1; node < profile.tree.size(); ++node) {
                const Transform focus{TransformKind::FocusSubtree, pathPattern(profile, node)};
                const auto out = applyTransforms(profile, {&focus, 1});
                QCOMPARE(out->total, profile.tree.total[node]);
                QCOMPARE(out->at(1).name, profile.at(node).name);
            }
        }
    }

    void saysWhatIsWrongWithAnExpression()
    {
        const auto result = after({"a 1"}, {"hide:/(/"});
        QVERIFY2(result.value(0).contains("regular expression"), qPrintable(result.join(u'|')));
    }
};

QTEST_APPLESS_MAIN(TestTransforms)
#include "tst_transforms.moc"
