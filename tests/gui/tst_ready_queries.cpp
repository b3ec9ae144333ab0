#include "app/gui/ready_queries.h"
#include "app/gui/sql_query.h"
#include "tests/gui/gui_fixture.h"

#include <map>
#include <set>
#include <tuple>

using namespace flamewright;

namespace {

// Captures of three kinds: with threads and time, aggregated with several measures, and bare.
const std::vector<const char *> kFiles{"/tests/fixtures/perf-data/pricer.two-events.perf.data",
                                       "/tests/fixtures/pprof/go.cpu.pb",
                                       "/tests/fixtures/folded/annotated.folded"};

const ReadyQuery &query(std::string_view id)
{
    for (const auto &q : readyQueries()) {
        if (id == q.id)
            return q;
    }
    qFatal("no such query");
}

std::int64_t integer(const SqlValue &value)
{
    return std::holds_alternative<std::int64_t>(value) ? std::get<std::int64_t>(value) : -1;
}

std::string text(const SqlValue &value)
{
    return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "";
}

} // namespace

class TestReadyQueries : public QObject {
    Q_OBJECT

    GuiFixture m_gui;
    std::vector<std::unique_ptr<Session>> m_sessions; // one for each file, then one with all
    JobContext m_job;

    std::unique_ptr<Session> sessionOf(const char *name, const std::vector<const char *> &files)
    {
        auto session = openSession(m_gui.directory.filePath(QLatin1String(name)).toStdString(),
                                   OpenMode::Create);
        if (!session.has_value())
            qFatal("%s", session.error().text().c_str());
        for (const auto *file : files) {
            ImportRequest request;
            request.input = std::string(FW_SOURCE_DIR) + file;
            request.symbols.useSystem = false;
            const auto done = m_gui.workbench->import(**session, request, m_job);
            if (!done.has_value())
                qFatal("%s", done.error().text().c_str());
        }
        return *std::move(session);
    }
    SqlAnswer answer(const Session &session, std::string_view id)
    {
        auto result = runSql(session, query(id).sql, m_job);
        if (!result.has_value()) {
            qWarning("%s: %s", query(id).id, result.error().text().c_str());
            return {};
        }
        return *std::move(result);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_sessions.push_back(sessionOf("perf.fws", {kFiles[0]}));
        m_sessions.push_back(sessionOf("pprof.fws", {kFiles[1]}));
        m_sessions.push_back(sessionOf("folded.fws", {kFiles[2]}));
        m_sessions.push_back(sessionOf("all.fws", kFiles));
        m_sessions.push_back(sessionOf("none.fws", {}));
    }

    void allRunOnEverySession()
    {
        std::set<std::string> ids;
        for (const auto &q : readyQueries()) {
            QVERIFY2(ids.insert(q.id).second, q.id);
            for (const auto &session : m_sessions) {
                const auto result = runSql(*session, q.sql, m_job);
                QVERIFY2(result.has_value(),
                         result.has_value()
                             ? ""
                             : (std::string(q.id) + ": " + result.error().text()).c_str());
                QVERIFY2(result->columns.size() >= 4, q.id);
                // Notes may be none; the rest has something to say about every capture.
                if (session != m_sessions.back() && std::string_view(q.id) != "notes")
                    QVERIFY2(result->rowCount > 0, q.id);
            }
        }
        QVERIFY(ids.size() >= 8);
    }

    void topFunctionsAreThoseOfTheProfile()
    {
        for (std::size_t i = 0; i < kFiles.size(); ++i) {
            const auto profile =
                m_gui.workbench->profile(*m_sessions[i], Scope{.captures = {CaptureId{1}}}, m_job);
            QVERIFY(profile.has_value());
            std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>>
                expected;
            std::size_t withSelf = 0;
            for (const auto &row : (*profile)->table) {
                const auto &f = (*profile)->functions[row.function.raw];
                expected[{f.name, f.module}] = {row.self, row.selfSamples};
                withSelf += row.selfSamples > 0;
            }
            const auto functions = answer(*m_sessions[i], "functions");
            QCOMPARE(functions.rows.size(), std::min<std::size_t>(withSelf, 200));
            for (const auto &row : functions.rows) {
                QCOMPARE(text(row[1]), (*profile)->measure);
                const auto found = expected.find({text(row[2]), text(row[3])});
                QVERIFY2(found != expected.end(), text(row[2]).c_str());
                QCOMPARE(integer(row[4]), found->second.first);
                QCOMPARE(integer(row[6]), found->second.second);
            }
        }
    }

    void sumsAreTheProfilesTotals()
    {
        for (std::size_t i = 0; i < kFiles.size(); ++i) {
            const auto profile =
                m_gui.workbench->profile(*m_sessions[i], Scope{.captures = {CaptureId{1}}}, m_job);
            QVERIFY(profile.has_value());
            const auto total = (*profile)->total, samples = (*profile)->samples;
            const auto summed = [&](std::string_view id, std::size_t measure, std::size_t value) {
                std::int64_t sum = 0;
                for (const auto &row : answer(*m_sessions[i], id).rows) {
                    if (text(row[measure]) == (*profile)->measure)
                        sum += integer(row[value]);
                }
                return sum;
            };
            QCOMPARE(summed("threads", 4, 6), total);
            QCOMPARE(summed("threads", 4, 5), samples);
            QCOMPARE(summed("seconds", 1, 4), total);
            QCOMPARE(summed("seconds", 1, 3), samples);
            QCOMPARE(summed("captures", 4, 6), total);
            QCOMPARE(summed("captures", 4, 5), samples);
            QCOMPARE(summed("modules", 3, 4), total);
            QCOMPARE(summed("modules", 3, 6), samples);
        }
    }

    void theLongestStackIsTheDeepestPath()
    {
        // Without inlined frames, the depth of a stack is that of its node.
        for (std::size_t i = 0; i < kFiles.size(); ++i) {
            const auto profile = m_gui.workbench->profile(
                *m_sessions[i], Scope{.captures = {CaptureId{1}}, .measure = "", .inlines = false},
                m_job);
            QVERIFY(profile.has_value());
            const auto &tree = (*profile)->tree;
            std::uint32_t deepest = 0;
            for (std::uint32_t node = 0; node < tree.size(); ++node)
                deepest = std::max(deepest, tree.depth[node]);
            const auto stacks = answer(*m_sessions[i], "stacks");
            QVERIFY(!stacks.rows.empty());
            QCOMPARE(integer(stacks.rows[0][2]), std::int64_t{deepest});
            for (const auto &row : stacks.rows)
                QVERIFY(integer(row[3]) > 0);
        }
    }

    void countsEveryCaptureOfASession()
    {
        const auto contents = answer(*m_sessions[3], "contents");
        std::set<std::int64_t> captures;
        for (const auto &row : contents.rows)
            captures.insert(integer(row[0]));
        QCOMPARE(captures.size(), std::size_t{3});
        const auto reader = m_sessions[3]->reader();
        const auto infos = (*reader)->captures();
        std::uint64_t notes = 0;
        for (const auto &info : *infos)
            notes += info.meta.notes.size();
        QCOMPARE(answer(*m_sessions[3], "notes").rowCount, notes);
    }
};

QTEST_MAIN(TestReadyQueries)
#include "tst_ready_queries.moc"
