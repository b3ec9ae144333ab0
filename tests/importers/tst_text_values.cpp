#include "importers/text/date_text.h"
#include "importers/text/number_text.h"

#include <QTest>

using namespace flamewright;

// Numbers and dates as text files write them.
class TestTextValues : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsNumbersExactly()
    {
        QCOMPARE(parseScaled("41", 1'000'000), std::optional<std::int64_t>(41'000'000));
        QCOMPARE(parseScaled("0.0417", 1'000'000'000), std::optional<std::int64_t>(41'700'000));
        QCOMPARE(parseScaled("-1.5", 10), std::optional<std::int64_t>(-15));
        QCOMPARE(parseScaled("0.25", 2), std::optional<std::int64_t>(1)); // half upwards
        QCOMPARE(parseScaled(".5", 10), std::optional<std::int64_t>(5));
        QCOMPARE(parseScaled("1e3", 2), std::optional<std::int64_t>(2000));
        QCOMPARE(parseScaled("2.1e-05", 1'000'000'000), std::optional<std::int64_t>(21'000));
        QCOMPARE(parseScaled("9007199254740993", 1), std::optional<std::int64_t>(9007199254740993));
        QCOMPARE(parseScaled("0." + std::string(60, '0') + "1", 1'000'000'000),
                 std::optional<std::int64_t>(0));
        QCOMPARE(parseInteger("-12"), std::optional<std::int64_t>(-12));
        QCOMPARE(parseUnsigned("18446744073709551615"), std::optional<std::uint64_t>(UINT64_MAX));
    }
    void refusesWhatIsNoNumber_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char *text : {"", "-", ".", "NaN", "inf", "-inf", "1.2.3", "12x", " 1", "1 ",
                                 "--1", "1e", "e5", "1e400", "99999999999999999999", "0x10"})
            QTest::newRow(text) << std::string(text);
    }
    void refusesWhatIsNoNumber()
    {
        QFETCH(std::string, text);
        QVERIFY(!parseScaled(text, 1'000'000));
        QVERIFY(!parseInteger(text));
    }

    void readsDates_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<qint64>("millis");
        QTest::addColumn<bool>("zone");
        const auto row = [](const char *text, qint64 millis, bool zone = false) {
            QTest::newRow(text) << std::string(text) << millis << zone;
        };
        // `date -u -d ... +%s`
        row("2026-01-05 10:00:00", 1767607200'000);
        row("2026/01/05 10:00:00.250", 1767607200'250);
        row("2026-01-05T10:00:00.25+01:00", 1767603600'250, true);
        row("2026-01-05T10:00:00Z", 1767607200'000, true);
        row("2026-01-05T10:00:00-0530", 1767627000'000, true);
        row("01/05/26 10:00:00", 1767607200'000);
        row("01/05/2026 10:00:00", 1767607200'000);
        row("05.01.2026 10:00:00,007", 1767607200'007);
        row("02/29/24 23:59:60", 1709251200'000);
        row("12/31/99 00:00:00", 946598400'000);
    }
    void readsDates()
    {
        QFETCH(std::string, text);
        QFETCH(qint64, millis);
        QFETCH(bool, zone);
        const auto date = parseDate(text);
        QVERIFY(date);
        QCOMPARE(date->epochNs, millis * 1'000'000);
        QCOMPARE(date->hasZone, zone);
    }
    void refusesWhatIsNoDate()
    {
        for (const char *text :
             {"", "2026", "2026-01-05", "2026-02-30 10:00:00", "2001/20/20 12:05:05.123",
              "2026-01-05 24:00:00", "2026-01-05 10:61:00", "2026-01-05 10:00:00.", "1/2/3 4:5:6",
              "2026-01/05 10:00:00", "2026-01-05 10:00:00 CET", "2026-01-05T10:00:00+1",
              "9999-01-01 00:00:00", "1969-12-31 23:59:59", "0000-00-00 00:00:00"})
            QVERIFY2(!parseDate(text), text);
    }
};

QTEST_GUILESS_MAIN(TestTextValues)
#include "tst_text_values.moc"
