#include "capture/base/format_value.h"

#include <QTest>

using namespace flamewright;

class TestFormatValue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsThousands()
    {
        QCOMPARE(formatCount(0), std::string("0"));
        QCOMPARE(formatCount(999), std::string("999"));
        QCOMPARE(formatCount(1000), std::string("1,000"));
        QCOMPARE(formatCount(-12345678), std::string("-12,345,678"));
        QCOMPARE(formatCount(INT64_MIN), std::string("-9,223,372,036,854,775,808"));
    }
    void writesDurationsWithThreeDigits()
    {
        QCOMPARE(formatDuration(0), std::string("0 s"));
        QCOMPARE(formatDuration(7), std::string("7 ns"));
        QCOMPARE(formatDuration(1234), std::string("1.23 \u00b5s"));
        QCOMPARE(formatDuration(390'000'000), std::string("390 ms"));
        QCOMPARE(formatDuration(999'700'000), std::string("1 s"));
        QCOMPARE(formatDuration(9'514'000'000), std::string("9.51 s"));
        QCOMPARE(formatDuration(75'000'000'000), std::string("75 s"));
        QCOMPARE(formatDuration(-2'500'000), std::string("-2.5 ms"));
    }
    void writesBytesInBinaryUnits()
    {
        QCOMPARE(formatBytes(512), std::string("512 B"));
        QCOMPARE(formatBytes(40'000'000), std::string("38.1 MiB"));
    }
    void writesValuesInTheUnitsThatWereChosen()
    {
        setValueStyle({TimeStyle::Milliseconds, ByteStyle::Decimal});
        QCOMPARE(formatDuration(9'514'000'000), std::string("9,514 ms"));
        QCOMPARE(formatDuration(1'500'000), std::string("1.5 ms"));
        QCOMPARE(formatDuration(390), std::string("0.00039 ms"));
        QCOMPARE(formatDuration(-2'500'000), std::string("-2.5 ms"));
        QCOMPARE(formatBytes(40'000'000), std::string("40 MB"));
        setValueStyle({.time = TimeStyle::Nanoseconds});
        QCOMPARE(formatDuration(1'234'567), std::string("1,234,567 ns"));
        setValueStyle({.time = TimeStyle::Seconds});
        QCOMPARE(formatDuration(75'000'000'000), std::string("75 s"));
        QCOMPARE(formatDuration(1), std::string("0.000000001 s"));
        QCOMPARE(formatDuration(INT64_MAX), std::string("9,223,372,037 s"));
        setValueStyle({.time = TimeStyle::Microseconds});
        QCOMPARE(formatDuration(1234), std::string("1.23 \u00b5s"));
        setValueStyle({});
        QCOMPARE(formatDuration(390'000'000), std::string("390 ms"));
        QCOMPARE(formatBytes(40'000'000), std::string("38.1 MiB"));
    }
    void writesSharesWithoutFalsePrecision()
    {
        QCOMPARE(formatShare(142, 1000), std::string("14.2 %"));
        QCOMPARE(formatShare(3, 10000), std::string("0.03 %"));
        QCOMPARE(formatShare(1, 1e9), std::string("<0.01 %"));
        QCOMPARE(formatShare(0, 10), std::string("0 %"));
        QCOMPARE(formatShare(1, 0), std::string("\u2013"));
        QCOMPARE(formatShare(1, 1), std::string("100.0 %"));
    }
};

QTEST_GUILESS_MAIN(TestFormatValue)
#include "tst_format_value.moc"
