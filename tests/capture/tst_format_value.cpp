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
    void numbersAndRatesHaveThreeDigits()
    {
        QCOMPARE(formatNumber(0), std::string("0"));
        QCOMPARE(formatNumber(0.3125), std::string("0.312"));
        QCOMPARE(formatNumber(12.51), std::string("12.5"));
        QCOMPARE(formatNumber(1240.4), std::string("1,240"));
        QCOMPARE(formatRate(1240.4), std::string("1,240/s"));
        QCOMPARE(formatRate(0.5), std::string("0.5/s"));
    }

    void writesValuesInTheUnitsThatWereChosen()
    {
        const auto in = [](std::int64_t ns, TimeStyle style) { return formatDuration(ns, style); };
        QCOMPARE(in(9'514'000'000, TimeStyle::Milliseconds), std::string("9,514 ms"));
        QCOMPARE(in(1'500'000, TimeStyle::Milliseconds), std::string("1.5 ms"));
        QCOMPARE(in(390, TimeStyle::Milliseconds), std::string("0.00039 ms"));
        QCOMPARE(in(-2'500'000, TimeStyle::Milliseconds), std::string("-2.5 ms"));
        QCOMPARE(in(1'234'567, TimeStyle::Nanoseconds), std::string("1,234,567 ns"));
        QCOMPARE(in(75'000'000'000, TimeStyle::Seconds), std::string("75 s"));
        QCOMPARE(in(1, TimeStyle::Seconds), std::string("0.000000001 s"));
        QCOMPARE(in(INT64_MAX, TimeStyle::Seconds), std::string("9,223,372,037 s"));
        QCOMPARE(in(1234, TimeStyle::Microseconds), std::string("1.23 \u00b5s"));
        QCOMPARE(formatBytes(40'000'000, ByteStyle::Decimal), std::string("40 MB"));
        // Each choice counts for its own unit only.
        const ValueStyle style{TimeStyle::Milliseconds, ByteStyle::Decimal};
        QCOMPARE(formatValue(9'514'000'000, Unit::Nanoseconds, style), std::string("9,514 ms"));
        QCOMPARE(formatValue(40'000'000, Unit::Bytes, style), std::string("40 MB"));
        QCOMPARE(formatValue(40'000'000, Unit::Count, style), std::string("40,000,000"));
        QCOMPARE(formatValue(390'000'000, Unit::Nanoseconds), std::string("390 ms"));
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
