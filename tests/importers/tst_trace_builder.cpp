#include "importers/trace/trace_builder.h"
#include "tests/support/import_contract.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// An importer that reads nothing and says what a test says.
class Told final : public Importer {
public:
    using Tell = std::function<void(RecordSink &, TraceBuilder &)>;
    Told(Tell tell, TraceLimits limits) : m_tell(std::move(tell)), m_limits(limits) {}
    const FormatInfo &format() const override
    {
        static constexpr FormatInfo info{"told", "told", ""};
        return info;
    }
    Match probe(const Probe &) const override { return Match::No; }
    Result<> run(ImportRun run) const override
    {
        TraceBuilder builder(run.sink, m_limits);
        m_tell(run.sink, builder);
        return builder.finish(run.job);
    }

private:
    Tell m_tell;
    TraceLimits m_limits;
};

Imported told(Told::Tell tell, TraceLimits limits = {})
{
    return importBytes(Told(std::move(tell), limits), {});
}

Timestamp at(std::int64_t ns)
{
    return Timestamp{Duration{ns}};
}

TrackId threadOf(RecordSink &sink, std::int64_t tid = 1)
{
    const auto process = sink.track({.kind = TrackKind::Process, .name = "p", .pid = 1});
    return sink.track(
        {.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = tid, .parent = process});
}

// "name begin+length dDEPTH" of each slice.
std::string slicesOf(const Imported &in)
{
    std::string out;
    for (std::size_t i = 0; i < in.slices.size(); ++i)
        out +=
            (out.empty() ? "" : ", ") + std::string(in.dimensions.strings.text(in.slices.name[i])) +
            ' ' + std::to_string(in.slices.begin[i].time_since_epoch().count()) + '+' +
            std::to_string(in.slices.length[i].count()) + " d" + std::to_string(in.slices.depth[i]);
    return out;
}

} // namespace

class TestTraceBuilder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nestsWhateverTheOrderOfTheSlices()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.complete(t, at(3), Duration{1}, sink.string("inner"), {}, 0);
            b.complete(t, at(2), Duration{5}, sink.string("middle"), {}, 0);
            b.complete(t, at(20), Duration{5}, sink.string("later"), {}, 0);
            b.complete(t, at(0), Duration{10}, sink.string("outer"), {}, 0);
            b.instant(t, at(4), sink.string("moment"), {}, 0);
        });
        QCOMPARE(slicesOf(in), std::string("outer 0+10 d0, middle 2+5 d1, inner 3+1 d2, "
                                           "moment 4+0 d2, later 20+5 d0"));
        QVERIFY(in.meta.notes.empty());
    }
    void nothingOverlapsAtOneDepth()
    {
        // Whatever the slices are: a generator of numbers, and every pair of one depth is compared.
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            std::uint64_t state = 1;
            const auto next = [&](std::uint64_t below) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                return static_cast<std::int64_t>((state >> 33) % below);
            };
            for (int i = 0; i < 2000; ++i)
                b.complete(t, at(next(10'000)), Duration{next(300)}, sink.string("s"), {}, 0);
        });
        const auto &s = in.slices;
        QCOMPARE(s.size(), std::size_t(2000));
        QVERIFY(in.noteCount("trace_overlap") > 0);
        for (std::size_t i = 0; i < s.size(); ++i) {
            for (std::size_t j = i + 1; j < s.size(); ++j)
                QVERIFY(s.depth[i] != s.depth[j] || s.begin[i] + s.length[i] <= s.begin[j] ||
                        s.begin[j] + s.length[j] <= s.begin[i]);
        }
    }
    void statesLieAtDepthZeroAndSlicesBelow()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.complete(t, at(2), Duration{6}, sink.string("work"), {}, 0);
            b.state(t, at(0), Duration{7}, sink.string("Running"), {}, 0);
            b.state(t, at(5), Duration{5}, sink.string("Sleeping"), {}, 0);
        });
        QCOMPARE(slicesOf(in), std::string("Running 0+5 d0, work 2+6 d1, Sleeping 5+5 d0"));
        QCOMPARE(in.noteCount("trace_state_overlap"), 1u);
        QCOMPARE(in.slices.kind[0], SliceKind::State);
    }
    void anEndClosesTheInnermostOfItsNameAndWhatIsInItEndsThere()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.begin(t, at(0), sink.string("a"), {}, 0);
            b.begin(t, at(1), sink.string("b"), {}, 0); // never ended
            b.end(t, at(9), {}, 0, sink.string("a"));
            b.complete(t, at(20), Duration{1}, sink.string("c"), {}, 0);
        });
        QCOMPARE(slicesOf(in), std::string("a 0+9 d0, b 1+8 d1, c 20+1 d0"));
        QCOMPARE(in.noteCount("trace_no_end"), 1u);
    }
    void argumentsOfBothEndsAreKept()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.begin(t, at(0), sink.string("a"), R"({"x":1})", 0);
            b.end(t, at(9), R"({"w":2,"x":1})", 0);
        });
        QCOMPARE(in.texts.at(in.slices.args[0].raw - 1), std::string(R"({"w":2,"x":1})"));
    }
    void asynchronousSlicesOfAKeyNestInEachOther()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto track = sink.track({.kind = TrackKind::Async, .name = "net"});
            const auto one = traceKey({"1"}), two = traceKey({"2"});
            b.asyncEnd(track, two, at(8), {}, 0); // the file has the end first
            b.asyncBegin(track, one, at(0), sink.string("a"), {}, 0);
            b.asyncBegin(track, one, at(1), sink.string("b"), {}, 0);
            b.asyncBegin(track, two, at(2), sink.string("c"), {}, 0);
            b.asyncEnd(track, one, at(3), {}, 0);
            b.asyncEnd(track, one, at(4), {}, 0);
        });
        QCOMPARE(slicesOf(in), std::string("a 0+4 d0, b 1+2 d1, c 2+6 d2"));
        QCOMPARE(in.slices.kind[0], SliceKind::Async);
    }
    void arrowsGoFromPointToPoint()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto one = threadOf(sink, 1), two = threadOf(sink, 2);
            const auto name = sink.string("f");
            b.flow(FlowPhase::Through, two, at(30), 7, name, 0);
            b.flow(FlowPhase::Through, one, at(10), 7, name, 0);
            b.flow(FlowPhase::End, one, at(40), 7, name, 0);
            b.flow(FlowPhase::End, one, at(50), 7, name, 0); // comes from nowhere
            b.flow(FlowPhase::Start, one, at(60), 8, name, 0);
            b.flow(FlowPhase::End, two, at(55), 8, name, 0); // another clock
        });
        QCOMPARE(in.flows.size(), std::size_t(3));
        std::string out;
        for (std::size_t i = 0; i < 3; ++i)
            out += std::to_string(in.flows.begin[i].time_since_epoch().count()) + '+' +
                   std::to_string(in.flows.length[i].count()) +
                   (in.flows.backward[i] != 0 ? " back " : " ");
        QCOMPARE(out, std::string("10+20 30+10 55+5 back "));
        QCOMPARE(in.noteCount("trace_flow_no_start"), 1u);
    }
    void aFlowMayEndInSeveralPlaces()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.flow(FlowPhase::Start, t, at(10), 7, {}, 0);
            b.flow(FlowPhase::Leaf, t, at(20), 7, {}, 0);
            b.flow(FlowPhase::Leaf, t, at(30), 7, {}, 0);
        });
        QCOMPARE(in.flows.size(), std::size_t(2));
        QCOMPARE(in.flows.begin[1], at(10));
        QCOMPARE(in.flows.length[1].count(), 20);
    }
    void timesAtTheEdgesSaturate()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            b.complete(t, at(INT64_MAX - 1), Duration{INT64_MAX}, sink.string("a"), {}, 0);
            b.begin(t, at(INT64_MIN), sink.string("b"), {}, 0);
            b.end(t, at(INT64_MAX), {}, 0);
            b.flow(FlowPhase::Start, t, at(INT64_MIN), 1, {}, 0);
            b.flow(FlowPhase::End, t, at(INT64_MAX), 1, {}, 0);
        });
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.slices.length[0].count(), INT64_MAX);
    }
    void eventsBeyondTheLimitAreCounted()
    {
        const auto in = told(
            [](RecordSink &sink, TraceBuilder &b) {
                const auto t = threadOf(sink);
                for (int i = 0; i < 1000; ++i)
                    b.complete(t, at(i), Duration{1}, sink.string("s"), {}, 0);
            },
            {.maxRowBytes = 16'000});
        QVERIFY(in.slices.size() > 400 && in.slices.size() < 500);
        QCOMPARE(in.noteCount("trace_too_many") + in.slices.size(), std::uint64_t(1000));
    }
    void aHundredThousandEndsOfOtherNamesDoNotCostTheirSquare()
    {
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            const auto t = threadOf(sink);
            for (int i = 0; i < 100'000; ++i)
                b.begin(t, at(i), sink.string("a"), {}, 0);
            for (int i = 0; i < 100'000; ++i)
                b.end(t, at(100'000 + i), {}, 0, sink.string("b"));
        });
        QCOMPARE(in.slices.size(), std::size_t(100'000));
        QCOMPARE(in.noteCount("trace_other_name"), std::uint64_t(100'000));
    }
    void manyTracksAreNoTrouble()
    {
        constexpr int kTracks = 200'000;
        const auto in = told([](RecordSink &sink, TraceBuilder &b) {
            for (int i = 0; i < kTracks; ++i)
                b.complete(threadOf(sink, i), at(i), Duration{1}, sink.string("s"), {}, 0);
        });
        QCOMPARE(in.slices.size(), std::size_t(kTracks));
    }
};

QTEST_GUILESS_MAIN(TestTraceBuilder)
#include "tst_trace_builder.moc"
