#include "importers/spans/attributes.h"
#include "importers/spans/span_index.h"
#include "importers/spans/trace_ids.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace flamewright;

class TestSpanParts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsIdsInAnySpelling_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("trace");
        QTest::addColumn<quint64>("span");
        QTest::addColumn<bool>("sound");
        const auto row = [](const char *text, const char *trace, quint64 span, bool sound = true) {
            QTest::newRow(*text != '\0' ? text : "empty")
                << QByteArray(text) << QByteArray(trace) << span << sound;
        };
        row("0AF7651916CD43DD8448EB211C80319C", "0af7651916cd43dd8448eb211c80319c",
            0x8448eb211c80319c);
        row("b7ad6b7169203331", "b7ad6b7169203331", 0xb7ad6b7169203331);
        row("7", "0000000000000007", 7);
        row("1b7ad6b7169203331", "0000000000000001b7ad6b7169203331", 0xb7ad6b7169203331);
        // python3: base64.b64encode(bytes.fromhex(...)).
        row("Cvdl1GkWzUPdhEjrIRyAMZw", "Cvdl1GkWzUPdhEjrIRyAMZw", 0, false); // 17 bytes
        row("t61rcWkgMzE=", "b7ad6b7169203331", 0xb7ad6b7169203331);
        row("t61rcWkgMzE", "b7ad6b7169203331", 0xb7ad6b7169203331);
        row("QpC1h3qZMN55u0KDZTmOzA==", "4290b5877a9930de79bb428365398ecc", 0x79bb428365398ecc);
        row("00000000000000000000000000000000", "", 0);
        row("", "", 0);
        row("BADID", "BADID", 0, false);
        row("not an id", "not an id", 0, false);
    }
    void readsIdsInAnySpelling()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, trace);
        QFETCH(quint64, span);
        QFETCH(bool, sound);
        std::string hex = "before";
        QCOMPARE(traceIdFromText(text.toStdString(), hex), sound);
        QCOMPARE(hex, trace.toStdString());
        const auto id = spanIdFromText(text.toStdString());
        QCOMPARE(id.has_value(), sound);
        QCOMPARE(quint64(id.value_or(0)), span);
    }

    void bytesAreIdsToo()
    {
        std::string hex;
        QVERIFY(traceIdFromBytes(std::string(15, '\0') + '\x2f', hex));
        QCOMPARE(hex, std::string(30, '0') + "2f");
        QVERIFY(!traceIdFromBytes("abc", hex));
        QCOMPARE(hex, std::string("616263"));
        QVERIFY(!spanIdFromBytes("abc").has_value());
        QCOMPARE(spanIdFromBytes(std::string_view("\1\2\3\4\5\6\7\x8", 8)),
                 std::optional<std::uint64_t>(0x0102030405060708));
        std::string base64;
        for (const auto *const text : {"", "a", "ab", "abc", "abcd"})
            appendBase64(base64, text);
        QCOMPARE(base64, std::string("YQ==YWI=YWJjYWJjZA=="));
    }

    void attributesAreSortedAndTheLastOfAKeyCounts()
    {
        Attributes a;
        QCOMPARE(a.json(), std::string_view());
        a.addText("b", "x\"y\n");
        a.addInteger("a", INT64_MIN);
        a.addJson("b", "[1]");
        QCOMPARE(a.find("b"), std::string_view("[1]"));
        QCOMPARE(a.json(), std::string_view("{\"a\":-9223372036854775808,\"b\":[1]}"));
        QCOMPARE(a.find("b"), std::string_view("[1]"));
        QCOMPARE(a.findText("b"), std::string_view());
        a.clear();
        a.addText("k\\", "v");
        QCOMPARE(a.json(), std::string_view("{\"k\\\\\":\"v\"}"));
        QCOMPARE(a.findText("k\\"), std::string_view("v"));
    }

    void attributesThatAreTooManySayHowMany()
    {
        Attributes a;
        for (int i = 10'000; i < 20'000; ++i)
            a.addText(std::to_string(i), "value");
        const auto json = std::string(a.json());
        QVERIFY(a.shortened());
        QVERIFY(json.size() <= Attributes::kMaxJson);
        QVERIFY(json.starts_with("{\"10000\":\"value\",\"10001\":\"value\""));
        // Each takes 16 bytes with its comma.
        const auto kept = (Attributes::kMaxJson - 64) / 16;
        QVERIFY(json.ends_with(",\"...\":\"" + std::to_string(10'000 - kept) + " more\"}"));
    }

    void longTextsAreNotCutWithinACharacterOrAnEscape()
    {
        Attributes a;
        for (int shift = 0; shift < 8; ++shift) {
            a.clear();
            std::string text(static_cast<std::size_t>(shift), 'x');
            while (text.size() < 70'000)
                text += "\xc3\xa9\n";
            a.addText("k", text);
            const auto json = std::string(a.json());
            QVERIFY(a.shortened());
            QVERIFY(QString::fromStdString(json).toStdString() == json);
            const auto end = json.find("... (");
            QVERIFY(end != std::string::npos);
            QVERIFY(json.compare(end - 2, 2, "\xc3\xa9") == 0 ||
                    json.compare(end - 6, 6, "\\u000a") == 0);
        }
        QCOMPARE(firstBytes("a\xc3\xa9z", 2), std::string_view("a"));
        QCOMPARE(firstBytes("a\xc3\xa9z", 3), std::string_view("a\xc3\xa9"));
    }

    void numbersThatJsonDoesNotHaveAreTexts()
    {
        std::string out;
        for (const double value : {std::nan(""), std::numeric_limits<double>::infinity(),
                                   -std::numeric_limits<double>::infinity(), 0.1, 1e300, -0.0}) {
            appendJsonReal(out, value);
            out += ' ';
        }
        QCOMPARE(out, std::string("\"NaN\" \"Infinity\" \"-Infinity\" 0.1 1e+300 -0 "));
    }

    void spansAreRememberedForAGeneration()
    {
        SpanIndex index;
        const auto place = [](std::uint64_t i) {
            return SpanIndex::Place{.key = SpanIndex::keyOf("trace", i),
                                    .begin = Timestamp(Duration(static_cast<std::int64_t>(i))),
                                    .track = TrackId{1}};
        };
        constexpr std::uint64_t kMany = 3 * SpanIndex::kGeneration + 1;
        for (std::uint64_t i = 0; i < kMany; ++i) {
            QVERIFY(index.add(place(i)) == nullptr);
            const auto back = i < SpanIndex::kGeneration ? 0 : i - SpanIndex::kGeneration;
            const auto *known = index.find(place(back).key);
            QVERIFY(known != nullptr && known->begin == place(back).begin);
            QCOMPARE(index.forgets(), i >= 2 * SpanIndex::kGeneration);
        }
        QVERIFY(index.add(place(kMany - 1)) != nullptr);
        QVERIFY(index.add(place(kMany - 2)) != nullptr);
        QVERIFY(index.find(place(0).key) == nullptr);
        QVERIFY(index.find(SpanIndex::keyOf("another", 5)) == nullptr);
    }
};

QTEST_GUILESS_MAIN(TestSpanParts)
#include "tst_span_parts.moc"
