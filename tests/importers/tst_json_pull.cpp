#include "importers/text/json_pull.h"
#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// The document written again, without spaces: what the reader saw.
std::string walk(std::string_view text, std::size_t step = 1 << 20)
{
    ChoppedSource source(text, step, 7);
    JobContext job;
    JsonPull json(source, job);
    std::string out;
    // For each open object or array, whether it has had a member.
    std::vector<bool> any;
    const auto value = [&] {
        switch (json.kind()) {
        case JsonPull::Kind::Object:
            json.enterObject();
            any.push_back(false);
            out += '{';
            break;
        case JsonPull::Kind::Array:
            json.enterArray();
            any.push_back(false);
            out += '[';
            break;
        case JsonPull::Kind::Text: out += '"' + std::string(json.text().value_or("")) + '"'; break;
        case JsonPull::Kind::Number: out += json.number().value_or(""); break;
        case JsonPull::Kind::True:
        case JsonPull::Kind::False: out += *json.boolean() ? "true" : "false"; break;
        case JsonPull::Kind::Null:
            json.skip();
            out += "null";
            break;
        case JsonPull::Kind::None: break;
        }
    };
    value();
    while (!any.empty() && !json.failed()) {
        const bool array = json.inArray();
        if (!(array ? json.nextElement() : json.nextMember())) {
            any.pop_back();
            out += array ? ']' : '}';
            continue;
        }
        if (any.back())
            out += ',';
        any.back() = true;
        if (!array)
            out += '"' + std::string(json.key()) + "\":";
        value();
    }
    const auto end = json.finish();
    return end.has_value() ? out : "error: " + end.error().message();
}

} // namespace

class TestJsonPull : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void walksThroughDocuments_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("walked");
        const auto row = [](const char *name, const char *text, const char *walked) {
            QTest::newRow(name) << std::string(text) << std::string(walked);
        };
        row("nothing in it", "{}", "{}");
        row("values", " { \"a\" : 1 , \"b\":[ true,false , null,-1.5e3 ] ,\"c\":{\"d\":\"x\"}} ",
            "{\"a\":1,\"b\":[true,false,null,-1.5e3],\"c\":{\"d\":\"x\"}}");
        row("escapes", "[\"a\\n\\\"\\\\\\/\\u0041\\u00e9\\u20ac\"]",
            "[\"a\n\"\\/A\xc3\xa9\xe2\x82\xac\"]");
        row("surrogates", "[\"\\ud83d\\ude00\"]", "[\"\xf0\x9f\x98\x80\"]");
        row("half a surrogate", "[\"\\ud83dx\",\"\\ude00\",\"\\ud83d\\n\"]",
            "[\"\xef\xbf\xbdx\",\"\xef\xbf\xbd\",\"\xef\xbf\xbd\n\"]");
        row("comma at the end", "[1,2,]", "[1,2]");
        row("a number alone", "42", "42");
    }
    void walksThroughDocuments()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, walked);
        QCOMPARE(walk(text), walked);
        QCOMPARE(walk(text, 1), walked);
        QCOMPARE(walk(text, 3), walked);
    }

    void refusesDamage_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char *text :
             {"",          " ",        "{",        "[",     "[1",          "[1 2]", "{\"a\"}",
              "{\"a\" 1}", "{\"a\":}", "{a:1}",    "[\"x",  "[\"\\u12\"]", "[nul]", "tru",
              "[1]]",      "[1]x",     "{\"a\":1", "[\"\\", "]",           "[}"})
            QTest::newRow(text) << std::string(text);
    }
    void refusesDamage()
    {
        QFETCH(std::string, text);
        QVERIFY2(walk(text).starts_with("error: "), walk(text).c_str());
        QCOMPARE(walk(text, 1), walk(text));
    }

    void skipsWhatNobodyAsksFor()
    {
        const std::string text =
            "{\"skip\":{\"a\":[\"]}\\\"\",{}],\"b\":\"}\"},\"want\":7,\"rest\":[[[]]]}";
        for (const std::size_t step : {1, 2, 5, 1000}) {
            ChoppedSource source(text, step, 3);
            JobContext job;
            JsonPull json(source, job);
            std::int64_t found = 0;
            QVERIFY(json.enterObject());
            while (json.nextMember()) {
                if (json.key() == "want")
                    found = json.integer().value_or(-1);
            }
            QVERIFY(json.finish().has_value());
            QCOMPARE(found, 7);
        }
    }

    void readsNumbersInTexts()
    {
        MemorySource source(std::string_view("[\"12\",\"0.5\",0.25,null,[1],3]"));
        JobContext job;
        JsonPull json(source, job);
        std::vector<std::optional<std::int64_t>> read;
        QVERIFY(json.enterArray());
        while (json.nextElement())
            read.push_back(json.scaled(1000));
        QVERIFY(json.finish().has_value());
        QCOMPARE(read, (std::vector<std::optional<std::int64_t>>{12'000, 500, 250, {}, {}, 3000}));
    }

    void copiesValuesWithoutSpaces()
    {
        const std::string text = "[ {\"a b\" : [ 1 , \"x \\\" ]\" ] } , \"t u\" , -1.5 , null, true,"
                                 " [[[[[[[[[[1]]]]]]]]]] , 7 ]";
        for (const std::size_t step : {1, 4, 1000}) {
            ChoppedSource source(text, step, 3);
            JobContext job;
            JsonPull json(source, job);
            std::string out;
            QVERIFY(json.enterArray());
            while (json.nextElement()) {
                if (!json.copy(out, 20))
                    out += '!';
                out += '|';
            }
            QVERIFY(json.finish().has_value());
            QCOMPARE(out, std::string("{\"a b\":[1,\"x \\\" ]\"]}|\"t u\"|-1.5|null|true|!|7|"));
        }
    }

    void cutsTextsThatAreTooLong()
    {
        const std::string text = "[\"" + std::string(JsonPull::kMaxText + 5, 'x') + "\",\"y\"]";
        MemorySource source{std::string_view(text)};
        JobContext job;
        JsonPull json(source, job);
        QVERIFY(json.enterArray());
        QVERIFY(json.nextElement());
        QCOMPARE(json.text().value_or("").size(), JsonPull::kMaxText);
        QVERIFY(json.textWasCut());
        QVERIFY(json.nextElement());
        QCOMPARE(std::string(json.text().value_or("")), std::string("y"));
        QVERIFY(!json.textWasCut());
        QVERIFY(!json.nextElement());
        QVERIFY(json.finish().has_value());
    }

    void limitsNesting()
    {
        const std::string text(JsonPull::kMaxDepth + 1, '[');
        MemorySource source{std::string_view(text)};
        JobContext job;
        JsonPull json(source, job);
        while (json.enterArray() && json.nextElement()) {
        }
        QVERIFY(!json.status().has_value());
    }
};

QTEST_GUILESS_MAIN(TestJsonPull)
#include "tst_json_pull.moc"
