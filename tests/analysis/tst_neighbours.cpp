#include "analysis/flame_tree_builder.h"
#include "analysis/neighbours.h"
#include "capture/session/dimensions.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <QTest>

#include <string>
#include <string_view>

using namespace flamewright;

namespace {

// A profile from "a;b;c 3" lines.
class Drawn {
public:
    void stack(std::string_view folded, std::int64_t count)
    {
        StackId stack;
        while (!folded.empty()) {
            const auto cut = std::min(folded.find(';'), folded.size());
            stack = m_sink.stack(stack, m_sink.frame({.function = folded.substr(0, cut)}));
            folded.remove_prefix(std::min(cut + 1, folded.size()));
        }
        m_sink.add({.track = m_track,
                    .stack = stack,
                    .measure = m_measure,
                    .value = count,
                    .count = count});
        m_rows.push_back({stack, count});
    }
    Profile build()
    {
        (void)m_sink.finish();
        DimensionsBuilder builder;
        for (const auto &chunk : m_store.chunks())
            (void)builder.add(chunk);
        auto dimensions = std::move(builder).finish(m_store.meta());
        ProfileInput input{.dimensions = &*dimensions};
        input.weights.value.resize(dimensions->stacks.size());
        input.weights.samples.resize(dimensions->stacks.size());
        for (const auto &[stack, count] : m_rows) {
            input.weights.value[stack.raw] += count;
            input.weights.samples[stack.raw] += count;
        }
        return buildProfile(std::span(&input, 1));
    }

private:
    MemoryStore m_store;
    RecordSink m_sink{m_store};
    TrackId m_track = m_sink.track({.kind = TrackKind::Process, .name = "t"});
    MeasureId m_measure = m_sink.measure({"samples", Unit::Count});
    std::vector<std::pair<StackId, std::int64_t>> m_rows;
};

FunctionId named(const Profile &profile, std::string_view name)
{
    for (std::uint32_t i = 0; i < profile.functions.size(); ++i) {
        if (profile.functions[i].name == name)
            return FunctionId{i};
    }
    return {};
}

QString text(const Profile &profile, const std::vector<Neighbour> &list)
{
    QStringList out;
    for (const auto &n : list)
        out << QString::fromStdString(profile.functions[n.function.raw].name) + QLatin1Char(' ') +
                   QString::number(n.total);
    return out.join(QLatin1String(", "));
}

} // namespace

class TestNeighbours : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sumsCallersAndCalleesOverAllPlaces()
    {
        Drawn drawn;
        drawn.stack("main;a;f;x", 3);
        drawn.stack("main;b;f;x", 4);
        drawn.stack("main;b;f;y", 2);
        drawn.stack("main;b;f", 1);
        const auto profile = drawn.build();
        const auto n = neighboursOf(profile, named(profile, "f"));
        QCOMPARE(text(profile, n.callers), QLatin1String("b 7, a 3"));
        QCOMPARE(text(profile, n.callees), QLatin1String("x 7, y 2"));
    }

    void countsRecursionOnce()
    {
        Drawn drawn;
        drawn.stack("main;f;g;f;g;f", 5);
        drawn.stack("main;f;f;g", 2);
        const auto profile = drawn.build();
        const auto n = neighboursOf(profile, named(profile, "f"));
        QCOMPARE(text(profile, n.callers), QLatin1String("main 7"));
        QCOMPARE(text(profile, n.callees), QLatin1String("g 7"));
    }

    void namesTheRootAsCallerOfTheFirstFrame()
    {
        Drawn drawn;
        drawn.stack("main;f", 2);
        const auto profile = drawn.build();
        const auto n = neighboursOf(profile, named(profile, "main"));
        QCOMPARE(n.callers.size(), std::size_t{1});
        QCOMPARE(n.callers[0].function.raw, 0u);
        QCOMPARE(n.callers[0].total, std::int64_t{2});
        QCOMPARE(n.callers[0].samples, std::int64_t{2});
    }
};

QTEST_GUILESS_MAIN(TestNeighbours)
#include "tst_neighbours.moc"
