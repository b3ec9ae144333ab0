#include "importers/text/csv_reader.h"
#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;

namespace {

// Fields between [], records between lines; "!" and the state where it is not Whole.
std::string read(std::string_view text, CsvDialect dialect = {}, CsvLimits limits = {},
                 std::size_t step = 0)
{
    MemorySource memory(text);
    testing::ChoppedSource chopped(text, std::max<std::size_t>(step, 1), 5);
    CsvReader reader(step == 0 ? static_cast<ByteSource &>(memory) : chopped, dialect, limits);
    std::string out;
    for (;;) {
        const auto record = reader.next();
        if (!record.has_value())
            return "error " + record.error().text();
        if (!*record)
            return out;
        for (const auto field : (*record)->fields)
            out += "[" + std::string(field) + "]";
        if ((*record)->state != CsvReader::State::Whole)
            out += "!" + std::to_string(static_cast<int>((*record)->state));
        out += "\n";
    }
}

// The obvious way: one character after the other (RFC 4180, with what our reader adds).
std::string readSlowly(std::string_view text)
{
    std::string out, field;
    enum { Begin, Plain, Quoted, AfterQuote } state = Begin;
    bool any = false;
    const auto endField = [&] {
        out += "[" + field + "]";
        field.clear();
        state = Begin;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = text[i];
        any = true;
        if (state == Quoted) {
            if (c != '"')
                field += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                field += text[++i];
            else
                state = AfterQuote;
        } else if (c == ',') {
            endField();
        } else if (c == '\n') {
            endField();
            out += "\n";
            any = false;
        } else if (c == '"' && state == Begin) {
            state = Quoted;
        } else {
            field += c;
            state = Plain;
        }
    }
    if (any) {
        endField();
        out += "!3\n";
    }
    return out;
}

} // namespace

class TestCsvReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void splitsRecords_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, std::string text, std::string expected) {
            QTest::newRow(name) << text << expected;
        };
        row("nothing", "", "");
        row("plain", "a,b\nc,d\n", "[a][b]\n[c][d]\n");
        row("no end", "a,b\nc,d", "[a][b]\n[c][d]!3\n");
        row("line ends of Windows", "a,b\r\n\"c\",d\r\n", "[a][b]\n[c][d]\n");
        row("empty fields", ",\n\n,,", "[][]\n[]\n[][][]!3\n");
        row("quotes", "\"a,b\",\"c\"\"d\"\n", "[a,b][c\"d]\n");
        row("only quotes", "\"\",\"\"\"\"\n", "[][\"]\n");
        row("lines inside", "1,\"two\nlines\r\nthree\",x\n2\n",
            "[1][two\nlines\r\nthree][x]\n[2]\n");
        row("quote inside", "a\"b,c\n", "[a\"b][c]\n");
        row("text behind the quote", "\"a\"b,c\n", "[\"a\"b][c]\n");
        row("quote that does not end", "\"a,b\nc,d\n", "[\"a][b]!1\n[c][d]\n");
        row("quoted at the end", "a,\"b\"", "[a][b]!3\n");
        row("carriage return inside", "a\rb,c\n", "[a\rb][c]\n");
        row("zeros", std::string("a\0b,c\n", 6), std::string("[a\0b][c]\n", 9));
        const std::string longText(1000, 'x');
        row("more than a block", longText + "," + longText + "\n",
            "[" + longText + "][" + longText + "]\n");
    }
    void splitsRecords()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, expected);
        for (const std::size_t step : {0, 1, 2, 7})
            QCOMPARE(read(text, {}, {}, step), expected);
    }

    void knowsOtherDialects()
    {
        QCOMPARE(read("a\tb,c\t\"d\te\"\n", {.separator = '\t'}), std::string("[a][b,c][d\te]\n"));
        QCOMPARE(read("\"a,b\n", {.separator = ',', .quote = 0}), std::string("[\"a][b]\n"));
    }

    void skipsWhatIsTooLong()
    {
        const CsvLimits limits{.maxRecord = 100, .maxQuoted = 50};
        const std::string line(500'000, 'x');
        QCOMPARE(read("a\n" + line + ",b\nc\n", {}, limits), std::string("[a]\n!2\n[c]\n"));
        QCOMPARE(read(line, {}, limits), std::string("!2\n"));
        // A quoted field beyond the limit is a line with a quote in it.
        const auto quoted = "\"" + std::string(40, 'y') + "\n" + std::string(40, 'z') + "\"\n";
        QCOMPARE(read(quoted, {}, limits),
                 "[\"" + std::string(40, 'y') + "]!1\n[" + std::string(40, 'z') + "\"]\n");
    }

    // Each quote without an end could cost a search of megabytes.
    void givesUpOnQuotesThatNeverEnd()
    {
        std::string text;
        for (int i = 0; i < 100'000; ++i)
            text += "\"\"\"\n"; // never closed when read from its begin
        const auto out = read("x,\"" + text);
        QVERIFY(!out.starts_with("error"));
    }

    // One character after the other gives the same, whatever the text and the reads.
    void agreesWithTheObviousWay()
    {
        std::mt19937 random(3);
        const std::string_view alphabet = "ab,,\n\"\"x";
        for (int i = 0; i < 20'000; ++i) {
            std::string text;
            const auto size = random() % 40;
            while (text.size() < size)
                text += alphabet[random() % alphabet.size()];
            // Texts with quotes that stand where the two differ on purpose are left out.
            const auto slow = readSlowly(text);
            const auto fast = read(text, {}, {}, random() % 4);
            if (fast.find("!1") != std::string::npos || text.find("\"a") != std::string::npos ||
                text.find("\"b") != std::string::npos || text.find("\"x") != std::string::npos)
                continue;
            QVERIFY2(fast == slow, (text + "\n--\n" + fast + "--\n" + slow).c_str());
        }
    }

    void saysWhereRecordsAre()
    {
        MemorySource source("ab,c\n\"d\ne\"\nf");
        CsvReader reader(source, {});
        const auto head = reader.peek(100);
        QVERIFY(head.has_value() && head->starts_with("ab,c\n"));
        for (const std::uint64_t offset : {0, 5, 11}) {
            const auto record = reader.next();
            QVERIFY(record.has_value() && *record);
            QCOMPARE((*record)->offset, offset);
        }
        QVERIFY(!*reader.next());
    }

    void guessesTheSeparator()
    {
        QCOMPARE(guessSeparator("a,b;c,d\n1,2;3,4\n"), ',');
        QCOMPARE(guessSeparator("a\tb\tc\n1,5\t2,5\t3\n"), '\t');
        QCOMPARE(guessSeparator("a;b;c\n"), ';');
        QCOMPARE(guessSeparator("word\n"), '\0');
    }
};

QTEST_GUILESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"
