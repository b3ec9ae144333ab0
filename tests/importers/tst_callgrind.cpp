#include "importers/callgrind/call_contexts.h"
#include "importers/callgrind/cost_shares.h"
#include "importers/formats.h"
#include "tests/support/load_totals.h"

#include <QRegularExpression>
#include <QTest>

#include <map>
#include <numeric>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

std::string textOf(const Imported &in, StringId id)
{
    return std::string(in.dimensions.strings.text(id));
}

// Of the innermost frame.
FrameId frameOf(const Imported &in, std::size_t sample)
{
    return in.dimensions.stacks.frame[in.samples.stack[sample].raw];
}

// "a;b" -> value, of one measure.
std::map<std::string, std::int64_t> stacksOf(const Imported &in, std::string_view measure)
{
    std::map<std::string, std::int64_t> out;
    const auto &d = in.dimensions;
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        if (in.meta.measures[in.samples.measure[i].raw - 1].name != measure)
            continue;
        std::string stack;
        for (auto id = in.samples.stack[i]; id.raw != 0; id = d.stacks.caller[id.raw]) {
            const auto name = textOf(in, d.frames.function[d.stacks.frame[id.raw].raw]);
            stack = stack.empty() ? name : name + ';' + stack;
        }
        out[stack] += in.samples.value[i];
    }
    return out;
}

using Stacks = std::map<std::string, std::int64_t>;

// The figure of an arc, or -1.
double arc(const Imported &in, std::string_view metric, std::string_view subset,
           SummaryFigure figure)
{
    for (std::size_t i = 0; i < in.summaries.size(); ++i) {
        if (textOf(in, in.summaries.metric[i]) == metric &&
            textOf(in, in.summaries.subset[i]) == subset && in.summaries.figure[i] == figure)
            return in.summaries.value[i];
    }
    return -1;
}

} // namespace

class TestCallgrind : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Every line of "105,545 (88.1%)  file:function [object]".
    void agreesWithCallgrindAnnotateOnEveryFunction()
    {
        const auto in = importFixture(*makeCallgrind(), "callgrind/shop.callgrind.out");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        std::map<std::string, std::int64_t> ours;
        for (std::size_t i = 0; i < in.samples.size(); ++i) {
            const auto frame = frameOf(in, i);
            auto file = textOf(in, in.dimensions.frames.file[frame.raw]);
            if (file.empty())
                file = "???";
            ours[file + ':' + textOf(in, in.dimensions.frames.function[frame.raw])] +=
                in.samples.value[i];
        }
        std::map<std::string, std::int64_t> theirs;
        const auto text = QString::fromStdString(
            readFile(FW_SOURCE_DIR "/tests/golden/callgrind/shop.callgrind_annotate.txt"));
        static const QRegularExpression line("^ *([0-9,]+) \\( ?[0-9.]+%\\) +(\\S*:.*)$");
        for (const auto &one : text.split('\n')) {
            const auto match = line.match(one);
            if (!match.hasMatch())
                continue;
            auto name = match.captured(2);
            name.remove(QRegularExpression(" \\[[^\\]]*\\]$"));
            theirs[name.toStdString()] += match.captured(1).remove(',').toLongLong();
        }
        QVERIFY(theirs.size() > 40);
        QCOMPARE(ours, theirs);
        QCOMPARE(in.measure("Ir")->total, 119'851); // its PROGRAM TOTALS
    }

    void keepsCallsExactly()
    {
        const auto in = importFixture(*makeCallgrind(), "callgrind/shop.callgrind.out");
        // Read off the file: two arcs of one pair, 680 + 93880 in 40 + 820 calls.
        const char *const pair = "cart(long) -> price(long)";
        QCOMPARE(arc(in, "call arc Ir", pair, SummaryFigure::Sum), 94'560.0);
        QCOMPARE(arc(in, "call arc Ir", pair, SummaryFigure::Count), 860.0);
        QCOMPARE(arc(in, "call arc Ir", "discount(long)'2 -> discount(long)'2", SummaryFigure::Sum),
                 38'640.0);
        QCOMPARE(in.noteCount("callgrind_estimated_stacks"), 1u);
    }

    void dividesCostsOverCallersAsCallsDo()
    {
        // shared costs 300 itself: 100 of it called by a, 200 by b.
        const auto in = importBytes(*makeCallgrind(), "events: Ir\n"
                                                      "fn=main\n1 10\n"
                                                      "cfn=a\ncalls=1 0\n2 120\n"
                                                      "cfn=b\ncalls=1 0\n3 230\n"
                                                      "fn=a\n5 20\ncfn=shared\ncalls=1 0\n6 100\n"
                                                      "fn=b\n8 30\ncfn=shared\ncalls=2 0\n9 200\n"
                                                      "fn=shared\n11 150\n12 150\n");
        QVERIFY(in.result.has_value());
        QCOMPARE(stacksOf(in, "Ir"), (Stacks{{"main", 10},
                                             {"main;a", 20},
                                             {"main;a;shared", 100},
                                             {"main;b", 30},
                                             {"main;b;shared", 200}}));
        std::map<std::uint32_t, std::int64_t> lines;
        for (std::size_t i = 0; i < in.samples.size(); ++i)
            lines[in.dimensions.frames.line[frameOf(in, i).raw]] += in.samples.value[i];
        QCOMPARE(lines[11], 150);
        QCOMPARE(lines[12], 150);
    }

    void dividesRecursionOnlyOnce()
    {
        const auto in = importBytes(*makeCallgrind(), "events: Ir\n"
                                                      "fn=main\n1 5\ncfn=f\ncalls=1 0\n2 90\n"
                                                      "fn=f\n5 40\ncfn=g\ncalls=3 0\n6 70\n"
                                                      "fn=g\n8 50\ncfn=f\ncalls=2 0\n9 60\n");
        QCOMPARE(stacksOf(in, "Ir"), (Stacks{{"main", 5}, {"main;f", 40}, {"main;f;g", 50}}));
    }

    void standsAloneWhereNothingLeads()
    {
        const auto in = importBytes(*makeCallgrind(), "events: Ir\n"
                                                      "fn=f\n5 40\ncfn=g\ncalls=3 0\n6 70\n"
                                                      "fn=g\n8 50\ncfn=f\ncalls=2 0\n9 60\n");
        QCOMPARE(in.noteCount("callgrind_without_callers"), 1u);
        QCOMPARE(in.measure("Ir")->total, 90);
        QCOMPARE(stacksOf(in, "Ir").size(), std::size_t(2));
    }

    void readsUnitsPartsAndGivenBackMemory()
    {
        const auto in = importFixture(*makeCallgrind(), "callgrind/parts.callgrind.out");
        QVERIFY(in.result.has_value());
        // By hand: (5 + 10 + 25 + 1) * 10 ns and 32 + 64 - 32 + 100 bytes.
        QCOMPARE(in.measure("Time")->total, 410);
        QCOMPARE(in.measure("Time")->unit, Unit::Nanoseconds);
        QCOMPARE(in.measure("Memory")->total, 164);
        QCOMPARE(in.measure("Memory")->unit, Unit::Bytes);
        QCOMPARE(in.noteCount("callgrind_parts"), 2u);
        QCOMPARE(arc(in, "call arc Time", "{main} -> work", SummaryFigure::Sum), 250.0);
        QCOMPARE(arc(in, "call arc Memory", "work -> work", SummaryFigure::Sum), 50.0);
        QCOMPARE(arc(in, "call arc Time", "work -> work", SummaryFigure::Sum), 20.0);
    }

    void readsLinesOfInstructions()
    {
        const auto in = importFixture(*makeCallgrind(), "callgrind/instr.callgrind.out");
        QVERIFY(in.result.has_value());
        // What the file says in its line of totals.
        const std::pair<const char *, std::int64_t> totals[] = {
            {"Ir", 119'851}, {"Dr", 2'567}, {"Dw", 2'543}, {"I1mr", 156}, {"D1mr", 47},
            {"D1mw", 47},    {"ILmr", 156}, {"DLmr", 26},  {"DLmw", 45}};
        for (const auto &[name, total] : totals)
            QCOMPARE(in.measure(name)->total, total);
        QCOMPARE(in.noteCount("callgrind_totals_differ"), 0u);
        QCOMPARE(in.noteCount("callgrind_bad_line"), 0u);
    }

    void countsWhatIsOdd()
    {
        const auto in = importFixture(*makeCallgrind(), "callgrind/bad-odd.callgrind.out");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.noteCount("callgrind_unknown_name"), 1u);
        QCOMPARE(in.noteCount("callgrind_no_function"), 1u); // 5 6
        QVERIFY(in.noteCount("callgrind_bad_line") >= 4u);
        QVERIFY(in.noteCount("callgrind_call_without_cost") >= 2u);
        QVERIFY(in.noteCount("callgrind_cost_saturated") >= 1u);
        QCOMPARE(in.noteCount("callgrind_new_event"), 1u);
    }

    void dividesIntegersExactly()
    {
        const auto divide = [](std::int64_t total, std::vector<double> weights) {
            return divideExactly(total, weights);
        };
        using Parts = std::vector<std::int64_t>;
        QCOMPARE(divide(10, {1, 1, 1}), (Parts{4, 3, 3}));
        QCOMPARE(divide(100, {1, 2, 0}), (Parts{33, 67, 0}));
        QCOMPARE(divide(7, {0, 0}), (Parts{4, 3}));
        QCOMPARE(divide(0, {3}), (Parts{0}));
        for (const auto total : {std::int64_t{1}, std::int64_t{999'999'999'999'999}, INT64_MAX}) {
            std::vector<double> weights;
            for (int i = 1; i < 500; ++i)
                weights.push_back(1.0 / i);
            const auto parts = divideExactly(total, weights);
            QCOMPARE(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), total);
        }
    }

    // A call graph with more paths than atoms: every function calls both of the next level.
    void limitsContexts()
    {
        std::string text = "events: Ir\n";
        for (int level = 0; level < 100; ++level) {
            for (const char *const side : {"a", "b"}) {
                text += "fn=" + std::string(side) + std::to_string(level) + "\n1 1\n";
                for (const char *const next : {"a", "b"})
                    text += "cfn=" + std::string(next) + std::to_string(level + 1) +
                            "\ncalls=1 0\n2 1000000\n";
            }
        }
        const auto in = importBytes(*makeCallgrind(), text);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.measure("Ir")->total, 200);
        QCOMPARE(in.noteCount("callgrind_contexts_limited"), 1u);
        QVERIFY(in.dimensions.stacks.size() < 50'000);
    }

    void refusesOtherFiles()
    {
        for (const auto *const text : {"", "events: Ir\n", "events:\nfn=a\n1 2\n", "fn=a\n1 2\n"})
            QVERIFY(!importBytes(*makeCallgrind(), text).result.has_value());
    }
};

QTEST_GUILESS_MAIN(TestCallgrind)
#include "tst_callgrind.moc"
