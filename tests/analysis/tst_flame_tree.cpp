#include "analysis/flame_tree_builder.h"
#include "analysis/search.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <QTest>

#include <map>
#include <random>
#include <set>

using namespace flamewright;

namespace {

// A capture drawn as folded text: "main;parse;read 3", one stack a line. "f@m" is function f of
// module m; "~f" was inlined into the frame before it.
struct Drawn {
    Dimensions dimensions;
    StackWeights weights;
    std::vector<std::pair<std::vector<std::string>, std::int64_t>> stacks;

    explicit Drawn(const QStringList &lines)
    {
        MemoryStore store;
        RecordSink sink(store);
        const auto track = sink.track({.kind = TrackKind::Process, .name = "p"});
        const auto measure = sink.measure({"samples", Unit::Count});
        for (const auto &line : lines) {
            const auto cut = line.lastIndexOf(u' ');
            const auto value = line.mid(cut + 1).toLongLong();
            StackId stack, before;
            FrameId previous;
            std::vector<std::string> names;
            for (const auto &part : line.left(cut).split(u';')) {
                const bool inlined = part.startsWith(u'~');
                const auto name = part.mid(inlined ? 1 : 0).section(u'@', 0, 0).toStdString();
                const auto module = part.section(u'@', 1).toStdString();
                const auto moduleId = module.empty() ? ModuleId{} : sink.module({module});
                const auto frame = sink.frame({.function = name,
                                               .module = moduleId,
                                               .inlined = inlined,
                                               .outer = inlined ? previous : FrameId{}});
                if (!inlined)
                    before = stack;
                stack = sink.stack(before, frame);
                previous = frame;
                names.push_back(name + "@" + module);
            }
            sink.add({.track = track, .stack = stack, .measure = measure, .value = value});
            stacks.emplace_back(names, value);
        }
        if (!sink.finish().has_value())
            qFatal("the drawing could not be imported");
        DimensionsBuilder builder;
        for (const auto &chunk : store.chunks()) {
            if (!builder.add(chunk).has_value())
                qFatal("a chunk is damaged");
        }
        dimensions = *std::move(builder).finish(store.meta());
        weights.value.assign(dimensions.stacks.size(), 0);
        weights.samples.assign(dimensions.stacks.size(), 0);
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind != ChunkKind::Samples)
                continue;
            const auto rows = *decodeSamples(chunk);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                weights.value[rows.stack[i].raw] += rows.value[i];
                weights.samples[rows.stack[i].raw] += rows.count[i];
            }
        }
    }
    Profile profile() const
    {
        const ProfileInput input{&dimensions, weights};
        return buildProfile({&input, 1});
    }
};

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
