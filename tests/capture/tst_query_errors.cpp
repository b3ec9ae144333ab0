#include "tests/capture/session_support.h"

using namespace flamewright;
using namespace flamewright::test;

// Errors of SQL that somebody typed say where they are, as far as SQLite knows.
class TestQueryErrors : public QObject {
    Q_OBJECT

    Workplace m_place;
    std::unique_ptr<Session> m_session;
    JobContext m_job;

    Error failing(std::string_view sql)
    {
        auto reader = m_session->reader();
        if (!reader.has_value())
            return reader.error();
        const auto answer = (*reader)->sql(sql, 10, m_job);
        return answer.has_value() ? Error(Errc::Internal, "no error") : answer.error();
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto session = openSession(m_place.file(), OpenMode::Create, m_place.options);
        FW_VERIFY(session);
        m_session = *std::move(session);
        FW_VERIFY(addCapture(*m_session));
    }

    void syntaxErrorsHaveAnOffset()
    {
        const auto error = failing("select 1\nfrom sample wehre value > 3");
        QCOMPARE(error.code(), Errc::Query);
        QCOMPARE(error.message(), std::string("near \"value\": syntax error"));
        QCOMPARE(error.offset(), std::optional<std::uint64_t>(27));
    }

    void unknownColumnsHaveAnOffset()
    {
        const auto error = failing("select functoin from frame");
        QCOMPARE(error.message(), std::string("no such column: functoin"));
        QCOMPARE(error.offset(), std::optional<std::uint64_t>(7));
    }

    void whatIsNotAboutAPlaceHasNone()
    {
        QVERIFY(!failing("delete from note").offset());
        QVERIFY(!failing("select 1; select 2").offset());
        QVERIFY(!failing("select * from nowhere").offset());
    }
};

QTEST_GUILESS_MAIN(TestQueryErrors)
#include "tst_query_errors.moc"
