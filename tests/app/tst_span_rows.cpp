#include "app/span_rows.h"
#include "app/trace_study.h"
#include "tests/app/shop_spans.h"
#include "tests/capture/session_support.h"

#include <QTest>

#include <set>

using namespace flamewright;
using namespace flamewright::test;

namespace {

constexpr std::size_t kSpans = kShopCheckouts * (5 + kShopQueries) + kShopProducts * 2;

} // namespace

// Spans as columns, out of a session.
class TestSpanRows : public QObject {
    Q_OBJECT

    Workplace m_place;
    std::unique_ptr<Session> m_session;
    std::unique_ptr<SessionReader> m_reader;
    JobContext m_job;
    CaptureId m_first, m_second;

    SessionSpans read(const Scope &scope)
    {
        auto out = spanRows(*m_reader, scope, m_job);
        return out.has_value() ? std::move(*out) : SessionSpans{};
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto session = openSession(m_place.file(), OpenMode::Create, m_place.options);
        FW_VERIFY(session);
        m_session = std::move(*session);
        auto first = addShop(*m_session), second = addShop(*m_session, "again", 64);
        FW_VERIFY(first);
        FW_VERIFY(second);
        m_first = *first;
        m_second = *second;
        auto reader = m_session->reader();
        FW_VERIFY(reader);
        m_reader = std::move(*reader);
    }

    void hasEverySpanAndNothingElse()
    {
        const auto spans = read({.captures = {m_first}});
        const auto &rows = spans.rows;
        QCOMPARE(rows.size(), kSpans);
        QVERIFY(std::is_sorted(rows.begin.begin(), rows.begin.end()));
        QCOMPARE(rows.begin.front(), kShopStart);
        QCOMPARE(rows.traces.size(), std::size_t{kShopCheckouts + kShopProducts});
        QCOMPARE(rows.services, (std::vector<std::string>{"web", "pricing"}));
        QCOMPARE(std::count(rows.flags.begin(), rows.flags.end(), kSliceError), 3);
        QCOMPARE(rows.traces[rows.trace[0]], shopTrace(1000));
        QCOMPARE(rows.names[rows.name[0]], std::string("POST /checkout"));
        QVERIFY(rows.kind[0] == SliceKind::SpanServer);
        QCOMPARE(rows.span[0], 100'000u);
        QCOMPARE(rows.length[0], 22'000'000);
    }
    // The pages of the second capture have 64 rows.
    void pagesMakeNoDifference()
    {
        const auto one = read({.captures = {m_first}}), other = read({.captures = {m_second}});
        QCOMPARE(one.rows.begin, other.rows.begin);
        QCOMPARE(one.rows.span, other.rows.span);
        const auto a = spanAttributes(*m_reader, one, m_job);
        const auto b = spanAttributes(*m_reader, other, m_job);
        FW_VERIFY(a);
        FW_VERIFY(b);
        QCOMPARE(a->keys.size(), b->keys.size());
        for (std::size_t i = 0; i < a->keys.size(); ++i) {
            QCOMPARE(a->keys[i].key, b->keys[i].key);
            QCOMPARE(a->keys[i].row, b->keys[i].row);
            for (const auto row : a->keys[i].row)
                QCOMPARE(a->keys[i].textOf(row), b->keys[i].textOf(row));
        }
    }
    void oneTraceInTwoCapturesIsOneTrace()
    {
        const auto spans = read({});
        QCOMPARE(spans.rows.size(), 2 * kSpans);
        QCOMPARE(spans.rows.traces.size(), std::size_t{kShopCheckouts + kShopProducts});
        QCOMPARE(spans.captures, (std::vector<CaptureId>{m_first, m_second}));
        QCOMPARE(std::count(spans.capture.begin(), spans.capture.end(), 1),
                 static_cast<std::ptrdiff_t>(kSpans));
        const auto attributes = spanAttributes(*m_reader, spans, m_job);
        FW_VERIFY(attributes);
        QCOMPARE(attributes->find("region")->row.size(), std::size_t{2 * kShopCheckouts});
    }
    void readsAttributes()
    {
        const auto spans = read({.captures = {m_first}});
        const auto attributes = spanAttributes(*m_reader, spans, m_job);
        FW_VERIFY(attributes);
        std::vector<std::string> keys;
        for (const auto &key : attributes->keys)
            keys.push_back(key.key);
        QCOMPARE(keys, (std::vector<std::string>{"db.query.text", "db.system", "region",
                                                 "server.address"}));
        const auto *region = attributes->find("region");
        QCOMPARE(region->values.size(), 2u);
        QCOMPARE(region->textOf(0), std::string_view("near"));
        QVERIFY(attributes->find("db.system")->textOf(0).empty());
        QCOMPARE(attributes->leftOut, 0u);
        QVERIFY(attributes->find("no such key") == nullptr);
    }
    void limitsOfAttributesAreCounted()
    {
        const auto spans = read({.captures = {m_first}});
        const auto all = spanAttributes(*m_reader, spans, m_job);
        FW_VERIFY(all);
        std::size_t cells = 0;
        for (const auto &key : all->keys)
            cells += key.row.size();
        for (const auto &limits : {AttributeLimits{.keys = 1}, AttributeLimits{.valuesOfKey = 1},
                                   AttributeLimits{.bytes = 20}, AttributeLimits{.keys = 0}}) {
            const auto some = spanAttributes(*m_reader, spans, m_job, limits);
            FW_VERIFY(some);
            std::size_t kept = 0;
            for (const auto &key : some->keys)
                kept += key.row.size();
            QVERIFY(kept < cells);
            QCOMPARE(kept + some->leftOut, cells);
        }
    }
    void readsTheTextsOfAFewSpans()
    {
        const auto spans = read({});
        std::vector<std::uint32_t> of{5, 0, 3};
        const auto texts = spanTexts(*m_reader, spans, of, m_job);
        FW_VERIFY(texts);
        QCOMPARE((*texts)[1], std::string(R"({"region":"near"})"));
        for (std::size_t i = 0; i < of.size(); ++i)
            QCOMPARE((*texts)[i].empty(), spans.rows.args[of[i]].raw == 0);
    }
    void aRangeOfTimeTakesWholeTracesThatBeginInIt()
    {
        // The first checkout and the first product begin there, the second product 50 ms later.
        const Scope scope{.captures = {m_first},
                          .times = {{Timestamp{Duration{kShopStart}},
                                     Timestamp{Duration{kShopStart + 50'000'000}}}}};
        const auto spans = read(scope);
        QCOMPARE(spans.rows.size(), std::size_t{5 + kShopQueries + 2});
    }
    void aTrackTakesTheSpansOfItsService()
    {
        const auto spans = read({.captures = {m_first}, .tracks = {{m_first, TrackId{2}}}});
        QCOMPARE(spans.rows.size(), std::size_t{2 * kShopCheckouts});
        QCOMPARE(spans.rows.services, (std::vector<std::string>{"pricing"}));
    }
    void findsTracesByTheirIds()
    {
        const auto study = traceStudy(*m_reader, {}, WithAttributes::No, m_job);
        FW_VERIFY(study);
        const auto slowest = traceOf(*study, "");
        FW_VERIFY(slowest);
        QCOMPARE(study->traceName(*slowest), shopTrace(1039));
        const auto exact = traceOf(*study, shopTrace(1000));
        FW_VERIFY(exact);
        QCOMPARE(study->traceName(*exact), shopTrace(1000));
        QVERIFY(traceOf(*study, "0000").error().text().find("several") != std::string::npos);
        QVERIFY(traceOf(*study, "ff").error().text().find("no trace") != std::string::npos);
    }
    void nothingWhereThereAreNoSpans()
    {
        auto empty = openSession(m_place.file("e.fws"), OpenMode::Create, m_place.options);
        FW_VERIFY(empty);
        FW_VERIFY(addCapture(**empty));
        auto reader = (*empty)->reader();
        FW_VERIFY(reader);
        const auto spans = spanRows(**reader, {}, m_job);
        FW_VERIFY(spans);
        QVERIFY(spans->rows.empty());
        const auto states = threadStates(**reader, {}, m_job);
        FW_VERIFY(states);
        QCOMPARE(states->size(), 0u);
    }
    void readsStatesOfThreads()
    {
        auto session = openSession(m_place.file("t.fws"), OpenMode::Create, m_place.options);
        FW_VERIFY(session);
        auto writer = (*session)->beginCapture({.name = "threads", .formatId = "test"});
        FW_VERIFY(writer);
        {
            RecordSink sink(**writer);
            const auto process = sink.track({.kind = TrackKind::Process, .name = "shop", .pid = 1});
            const auto thread = sink.track({.kind = TrackKind::Thread,
                                            .name = "worker",
                                            .pid = 1,
                                            .tid = 2,
                                            .parent = process});
            const auto cpu = sink.track({.kind = TrackKind::Cpu, .name = "CPU 0"});
            for (int i = 0; i < 4; ++i)
                sink.add(Slice{.begin = Timestamp{Duration{i * 10}},
                               .length = Duration{10},
                               .track = i == 3 ? cpu : thread,
                               .name = sink.string(i == 1 ? "Runnable" : "Running"),
                               .kind = SliceKind::State});
            FW_VERIFY(sink.finish());
        }
        FW_VERIFY((*writer)->finish(CaptureState::Complete));
        auto reader = (*session)->reader();
        FW_VERIFY(reader);
        const auto states = threadStates(**reader, {}, m_job);
        FW_VERIFY(states);
        QCOMPARE(states->begin, (std::vector<std::int64_t>{0, 10, 20}));
        QCOMPARE(states->threads, (std::vector<std::string>{"worker"}));
        QCOMPARE(states->states[states->state[1]], std::string("Runnable"));
    }
};

QTEST_GUILESS_MAIN(TestSpanRows)
#include "tst_span_rows.moc"
