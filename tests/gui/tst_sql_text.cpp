#include "app/gui/sql_text.h"

#include <QTest>

using namespace flamewright;

namespace {

std::string statementAt(std::string_view text, std::size_t offset)
{
    const auto span = sqlStatementAt(text, offset);
    return std::string(text.substr(span.begin, span.end - span.begin));
}

// The statement that the caret "|" is in.
std::string atCaret(std::string text)
{
    const auto caret = text.find('|');
    text.erase(caret, 1);
    return statementAt(text, caret);
}

// What is offered at "|", separated by spaces.
std::string offered(std::string text)
{
    const auto caret = text.find('|');
    text.erase(caret, 1);
    std::string out;
    for (const auto &word : sqlCompletion(text, caret, sessionTables()).words)
        out += (out.empty() ? "" : " ") + word;
    return out;
}

std::string errorWord(std::string_view sql, const Error &error)
{
    const auto span = sqlErrorSpan(sql, error);
    return span ? std::string(sql.substr(span->begin, span->end - span->begin)) : "nowhere";
}

std::string advice(std::string_view sql, const char *message)
{
    return sqlAdvice(sql, Error(Errc::Query, message), sessionTables());
}

} // namespace

class TestSqlText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cutsTextIntoTokens()
    {
        const std::string text = "select 'it''s' -- no\n, \"a b\" /* ; */ from [x] where y>=1.5e3";
        std::string out;
        for (const auto &token : sqlTokens(text))
            out += text.substr(token.span.begin, token.span.end - token.span.begin) + "|";
        QCOMPARE(out, std::string("select|'it''s'|,|\"a b\"|from|[x]|where|y|>|=|1.5e3|"));
    }

    void whatIsNotClosedRunsToTheEnd()
    {
        QCOMPARE(sqlTokens("'abc").size(), std::size_t{1});
        QCOMPARE(sqlTokens("'abc").front().span.end, std::size_t{4});
        QVERIFY(sqlTokens("/* abc").empty());
        QVERIFY(sqlTokens("-- abc").empty());
        QVERIFY(sqlTokens("").empty());
    }

    void findsTheStatementAtTheCaret()
    {
        const std::string a = "select 1", b = "select ';' -- ;\n  from sample";
        QCOMPARE(atCaret("|" + a + "; " + b), a);
        QCOMPARE(atCaret(a + "|; " + b), a);
        QCOMPARE(atCaret(a + ";|\n" + b), a); // behind the semicolon, on its line
        QCOMPARE(atCaret(a + ";\n|" + b), b);
        QCOMPARE(atCaret(a + ";\n" + b + "|;"), b);
        QCOMPARE(atCaret(a + ";\n\n\n" + b + ";\n\n|"), b);
        QCOMPARE(atCaret("-- why\n|\n" + a), a);
        QCOMPARE(atCaret("|"), std::string());
        QCOMPARE(atCaret(";;|;"), std::string());
        QCOMPARE(atCaret("-- only a remark|"), std::string());
    }

    void findsTheWordThatAnErrorIsAbout()
    {
        const std::string sql = "select functoin from frame where x = 1";
        QCOMPARE(errorWord(sql, Error(Errc::Query, "no such column: functoin")),
                 std::string("functoin"));
        QCOMPARE(errorWord(sql, Error(Errc::Query, "anything").at(7)), std::string("functoin"));
        QCOMPARE(
            errorWord("select 1 form sample", Error(Errc::Query, "near \"sample\": syntax error")),
            std::string("sample"));
        QCOMPARE(
            errorWord("select * from nothing", Error(Errc::Query, "no such table: main.nothing")),
            std::string("nothing"));
        QCOMPARE(errorWord("select (1", Error(Errc::Query, "incomplete input")), std::string("1"));
        QCOMPARE(errorWord(sql, Error(Errc::Query, "only queries are allowed")),
                 std::string("nowhere"));
        // An offset from elsewhere points nowhere in here.
        QCOMPARE(errorWord("x", Error(Errc::Query, "anything").at(99)), std::string("nowhere"));
    }

    void knowsTheTablesOfASession()
    {
        const auto tables = sessionTables();
        const auto columns = [&](std::string_view name) {
            std::string out;
            for (const auto &table : tables) {
                for (const auto &column : table.columns)
                    out += table.name == name ? column + " " : "";
            }
            return out;
        };
        QCOMPARE(columns("sample"),
                 std::string("capture time track cpu stack measure labels value count "));
        QCOMPARE(columns("measure"), std::string("capture id name unit n total samples "));
        QCOMPARE(columns("chunk"),
                 std::string("id capture kind ver first_row n t0 t1 raw_len sum data "));
        QCOMPARE(columns("feature"), std::string("name class "));
    }

    void completesTablesColumnsFunctionsAndKeywords()
    {
        QCOMPARE(offered("select * from mea|"), std::string("measure"));
        QCOMPARE(offered("SELECT * FROM MEA|"), std::string("measure"));
        QCOMPARE(offered("sel|"), std::string("SELECT"));
        QCOMPARE(offered("select s.| from sample s"),
                 std::string("capture count cpu labels measure stack time track value"));
        QCOMPARE(offered("select x.st| from frame f join sample as x"), std::string("stack"));
        QCOMPARE(offered("select frame.fi| from frame"), std::string("file"));
        QCOMPARE(offered("select q.| from sample s"), std::string());
        // Columns of the tables that are there, not of all.
        QCOMPARE(offered("select build| from frame"), std::string());
        QCOMPARE(offered("select build| from module"), std::string("build_id"));
        QCOMPARE(offered("select gro|"), std::string("GROUP group_concat"));
    }

    void completesNothingInStringsAndComments()
    {
        QCOMPARE(offered("select 'mea|'"), std::string());
        QCOMPARE(offered("-- mea|"), std::string());
        QCOMPARE(offered("/* mea| */"), std::string());
        QCOMPARE(offered("select 12|"), std::string());
    }

    void saysAWayOut()
    {
        QCOMPARE(advice("select * from samples", "no such table: samples"),
                 std::string("Did you mean sample?"));
        QVERIFY(advice("select * from xyzzy", "no such table: xyzzy")
                    .starts_with("The tables are benchmark, capture, chunk"));
        QCOMPARE(advice("select functoin from frame", "no such column: functoin"),
                 std::string("Did you mean function?"));
        QCOMPARE(advice("select s.xyzzy from stack s", "no such column: s.xyzzy"),
                 std::string("The columns here are caller, capture, frame, id."));
        QCOMPARE(advice("selct 1", "near \"selct\": syntax error"),
                 std::string("Did you mean SELECT?"));
        QCOMPARE(advice("select 1 from", "incomplete input"),
                 std::string("Something is missing at the end: a bracket, a quote, or the rest of "
                             "the statement."));
        QVERIFY(advice("delete from note", "only queries are allowed").find("SELECT") !=
                std::string::npos);
        QCOMPARE(advice("select cont(*) from note", "no such function: cont"),
                 std::string("Did you mean count?"));
    }
};

QTEST_GUILESS_MAIN(TestSqlText)
#include "tst_sql_text.moc"
