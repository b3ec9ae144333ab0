#include "app/clock_align.h"
#include "app/span_rows.h"
#include "capture/session/record_sink.h"
#include "tests/capture/session_support.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::test;

namespace {

struct MadeCall {
    std::uint64_t id, parent;
    std::int64_t begin, length;
};

// One file of a service's spans; `wall` is what its clock is ahead of the epoch.
Result<CaptureId> addService(Session &session, std::string_view service,
                             std::optional<std::int64_t> wall, const std::vector<MadeCall> &calls)
{
    FW_ASSIGN(const auto writer, session.beginCapture({.name = std::string(service)}));
    RecordSink sink(*writer);
    const auto track = sink.track({.kind = TrackKind::Service, .name = service});
    for (const auto &call : calls)
        sink.add(Slice{.begin = Timestamp{Duration{call.begin}},
                       .length = Duration{call.length},
                       .track = track,
                       .name = sink.string("call"),
                       .depth = kFreeLane,
                       .kind = SliceKind::Span,
                       .trace = sink.string("t1"),
                       .span = call.id,
                       .parent = call.parent});
    sink.add(Slice{.begin = Timestamp{Duration{calls.front().begin + 5}},
                   .length = Duration{0},
                   .track = track,
                   .name = sink.string("deployed"),
                   .depth = kFreeLane,
                   .kind = SliceKind::Instant});
    if (wall)
        sink.setWallOffset(*wall);
    FW_TRY(sink.finish());
    const auto id = writer->id();
    FW_TRY(writer->finish(CaptureState::Complete));
    return id;
}

} // namespace

// Captures of two machines, of which one's clock is wrong.
class TestClockAlign : public QObject {
    Q_OBJECT

    Workplace m_place;
    std::unique_ptr<Session> m_session;
    CaptureId m_web, m_pricing;
    JobContext m_job;

    CaptureInfo info(CaptureId id)
    {
        const auto reader = m_session->reader();
        const auto captures = (*reader)->captures();
        for (const auto &capture : *captures) {
            if (capture.id == id)
                return capture;
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        auto session = openSession(m_place.file(), OpenMode::Create, m_place.options);
        FW_VERIFY(session);
        m_session = std::move(*session);
        const auto web =
            addService(*m_session, "web", 1'000'000, {{1, 0, 100, 100}, {2, 0, 300, 100}});
        // Served 10 after it was sent, 80 long, on a clock that is 5000 ahead.
        const auto pricing =
            addService(*m_session, "pricing", 1'000'000, {{11, 1, 5'110, 80}, {12, 2, 5'310, 80}});
        FW_VERIFY(web);
        FW_VERIFY(pricing);
        m_web = *web;
        m_pricing = *pricing;
    }
    void cleanup()
    {
        m_session.reset();
        std::filesystem::remove(m_place.file());
    }

    void alignsByTheCallsBetweenThem()
    {
        const auto reader = m_session->reader();
        const auto offset = offsetByCalls(**reader, m_web, m_pricing, m_job);
        FW_VERIFY(offset);
        QCOMPARE(offset->ns, -5'000);
        QCOMPARE(offset->uncertaintyNs, 10);
        QCOMPARE(offset->agreeing, 2u);
        FW_VERIFY(alignClocks(*m_session, info(m_web), m_pricing, offset->ns));
        QCOMPARE(info(m_pricing).meta.wallOffsetNs, std::optional<std::int64_t>(995'000));
        // Read together, the calls lie where they belong.
        const auto after = m_session->reader();
        const auto spans = spanRows(**after, Scope{}, m_job);
        FW_VERIFY(spans);
        QCOMPARE(spans->rows.begin, (std::vector<std::int64_t>{100, 110, 300, 310}));
        // A range of time is on each capture's own clock.
        const auto part =
            spanRows(**after,
                     Scope{.captures = {m_web, m_pricing},
                           .times = {{Timestamp{Duration{0}}, Timestamp{Duration{200}}}}},
                     m_job);
        FW_VERIFY(part);
        QCOMPARE(part->rows.size(), 4u); // one trace, which begins then
    }

    void alignsBySomethingThatHappenedInBoth()
    {
        const auto reader = m_session->reader();
        const auto offset = offsetByEvent(**reader, m_web, m_pricing, "deployed", m_job);
        FW_VERIFY(offset);
        QCOMPARE(offset->ns, 105 - 5'115);
        const auto none = offsetByEvent(**reader, m_web, m_pricing, "undeployed", m_job);
        QVERIFY(!none.has_value() && none.error().code() == Errc::NotFound);
    }

    void movesByHand()
    {
        FW_VERIFY(shiftClock(*m_session, info(m_pricing), -250));
        QCOMPARE(info(m_pricing).meta.wallOffsetNs, std::optional<std::int64_t>(999'750));
    }

    // A reference without a wall clock: its own clock stands for it.
    void makesAClockTheReferenceThatHasNoWallClock()
    {
        const auto lonely = addService(*m_session, "lonely", {}, {{21, 0, 50, 10}});
        FW_VERIFY(lonely);
        FW_VERIFY(alignClocks(*m_session, info(*lonely), m_pricing, 7));
        QCOMPARE(info(*lonely).meta.wallOffsetNs, std::optional<std::int64_t>(0));
        QCOMPARE(info(m_pricing).meta.wallOffsetNs, std::optional<std::int64_t>(7));
        const auto reader = m_session->reader();
        QVERIFY(!offsetByCalls(**reader, *lonely, m_pricing, m_job).has_value());
    }
};

QTEST_GUILESS_MAIN(TestClockAlign)
#include "tst_clock_align.moc"
