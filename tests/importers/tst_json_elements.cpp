#include "importers/text/json_elements.h"
#include "importers/text/json_lines.h"
#include "tests/support/import_contract.h"

#include <QByteArray>
#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

bool wanted(std::string_view key, unsigned depth)
{
    return (key == "rows" && depth >= 1) || (key.empty() && depth == 0);
}

// JSON with ' for ", which reads better here.
QByteArray json(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

// "key@offset:text" of each piece, or what is wrong with it.
std::vector<std::string> pieces(std::string_view text, std::size_t read,
                                std::size_t maxPiece = 1000)
{
    ChoppedSource source(text, read, 7);
    JsonElements elements(source, wanted, maxPiece);
    std::vector<std::string> out;
    for (;;) {
        const auto piece = elements.next();
        if (!piece.has_value() || !*piece)
            return out;
        const auto &p = **piece;
        std::string line = std::string(p.key) + '@' + std::to_string(p.offset) + ':';
        switch (p.state) {
        case JsonElements::State::Whole: line += p.text; break;
        case JsonElements::State::TooLong: line += "too long"; break;
        case JsonElements::State::Cut: line += "cut"; break;
        case JsonElements::State::Junk: line += "junk"; break;
        }
        out.push_back(line);
    }
}

} // namespace

class TestJsonElements : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cutsIntoPieces_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("expected");
        using S = QStringList;
        const auto row = [](const char *name, const char *text, const S &expected) {
            QTest::newRow(name) << json(text) << expected;
        };
        row("an_array_under_a_key", "{'a':[{'x':1}],'rows':[{'b':[{}]}, 7, {'c':']}\\'{'}]}",
            {"rows@23:{'b':[{}]}", "rows@38:{'c':']}\\'{'}"});
        row("the_root_itself", "[{'a':1},[{'b':2}],{'c':3}]", {"@1:{'a':1}", "@19:{'c':3}"});
        row("an_object_without_such_an_array", " {'a':{'b':[{'rows':1}]}} ",
            {"@1:{'a':{'b':[{'rows':1}]}}"});
        row("documents_after_each_other", "{'a':1}\n{'rows':[{}]}{'b':2}",
            {"@0:{'a':1}", "rows@17:{}", "@21:{'b':2}"});
        row("cut_within_a_piece", "{'rows':[{'a':1},{'b'", {"rows@9:{'a':1}", "@21:cut"});
        row("cut_after_a_piece", "{'rows':[{'a':1}", {"rows@9:{'a':1}", "@16:cut"});
        row("cut_within_a_text", "{'rows", {"@6:cut"});
        row("no_json", "oops [\n{'a':1}\n]", {"@0:junk", "@7:{'a':1}", "@15:junk"});
        row("nothing", " \n", {});
        row("too_long", "{'rows':[{'a':'0123456789012345678901234567890123456789'},{}]}",
            {"rows@9:too long", "rows@58:{}"});
    }
    void cutsIntoPieces()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, expected);
        std::vector<std::string> wantedPieces;
        for (const auto &piece : expected)
            wantedPieces.push_back(json(piece.toUtf8().constData()).toStdString());
        const std::size_t limit = QTest::currentDataTag() == std::string("too_long") ? 30 : 1000;
        for (const std::size_t read : {1, 2, 5, 1000})
            QCOMPARE(pieces(text.toStdString(), read, limit), wantedPieces);
    }

    void depthCostsNothing()
    {
        const auto deep = std::string(100'000, '[') + std::string(100'000, ']');
        QCOMPARE(pieces(deep + "{}", 4096), std::vector<std::string>{"@200000:{}"});
    }

    void headsAreReadAgain()
    {
        MemorySource memory(std::string_view("abcdef"));
        HeadSource source(memory);
        const auto head = source.peek(4);
        QVERIFY(head.has_value());
        QCOMPARE(*head, std::string_view("abcd"));
        std::string all(10, '\0');
        std::size_t size = 0;
        while (size < all.size()) {
            const auto got = source.read(std::as_writable_bytes(std::span(all).subspan(size)));
            QVERIFY(got.has_value());
            if (*got == 0)
                break;
            size += *got;
        }
        QCOMPARE(all.substr(0, size), std::string("abcdef"));
    }
};

QTEST_GUILESS_MAIN(TestJsonElements)
#include "tst_json_elements.moc"
