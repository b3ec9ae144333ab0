#include "importers/formats.h"
#include "tests/support/benchmark_lookup.h"
#include "tests/support/load_totals.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// What the files of benchmark tools mean: values as they are in the file, in the unit that it says;
// what the tool computed under its name.
class TestBenchmarkFormats : public QObject {
    Q_OBJECT

    static std::string textOf(const Imported &in, StringId id)
    {
        return std::string(in.dimensions.strings.text(id));
    }
    static std::size_t rowOf(const Imported &in, std::string_view name, std::string_view metric)
    {
        const auto &b = in.benchmarks;
        for (std::size_t i = 0; i < b.size(); ++i) {
            if (textOf(in, b.name[i]) == name && textOf(in, b.metric[i]) == metric)
                return i;
        }
        return b.size();
    }

private Q_SLOTS:
    void readsGoogleBenchmark()
    {
        const auto in = importFixture(*makeGoogleBenchmark(), "google-benchmark/counters.json");
        QVERIFY(in.result.has_value());
        const auto *const sum = "BM_Sum/64/min_time:0.010";
        QCOMPARE(benchmarkValues(in, sum, "real_time"),
                 (std::vector{38.637232073087851, 51.639047178813883, 42.462063577628797}));
        QCOMPARE(benchmarkValue(in, sum, "real_time", "median"), 42.462063577628804);
        QCOMPARE(benchmarkValue(in, sum, "cpu_time", "cv"), 1.1687113345917164e-02);
        QCOMPARE(benchmarkValues(in, sum, "lines"), (std::vector{12.0, 12.0, 12.0}));
        // Counters that are no number: three runs, four statistics, two benchmarks.
        QCOMPARE(benchmarkValues(in, sum, "ratio").size(), std::size_t(0));
        QCOMPARE(in.noteCount("benchmark_no_number"), 14u);
        QCOMPARE(in.noteCount("benchmark_failed"), 3u);
        QCOMPARE(in.noteCount("google_benchmark_debug"), 1u);
        const auto &b = in.benchmarks;
        const auto first = rowOf(in, sum, "real_time");
        QCOMPARE(b.iterations[first], 414852u);
        QCOMPARE(textOf(in, b.unit[first]), std::string("ns"));
        QCOMPARE(textOf(in, b.unit[rowOf(in, sum, "bytes_per_second")]), std::string("B/s"));
        const auto label = rowOf(in, "BM_Label/min_time:0.001/threads:2", "real_time");
        QVERIFY(label < b.size());
        QCOMPARE(textOf(in, b.unit[label]), std::string("us"));
        QCOMPARE(textOf(in, b.labels[label]),
                 std::string("{\"label\":\"warm \\\"cache\\\"\",\"threads\":\"2\"}"));
        // What the library fitted is apart from what it measured.
        QVERIFY(benchmarkValue(in, "BM_Sum/min_time:0.010", "real_time", "coefficient of N") > 0);
        QVERIFY(benchmarkValues(in, "BM_Sum/min_time:0.010", "real_time").empty());
        QCOMPARE(*in.meta.wallOffsetNs, 1'795'694'626'000'000'000);
    }

    void knowsStatisticsOfOldGoogleBenchmark()
    {
        const auto in = importFixture(*makeGoogleBenchmark(), "google-benchmark/old.json");
        QCOMPARE(benchmarkValues(in, "BM_Hi", "real_time"), (std::vector{42.0, 44.0}));
        QCOMPARE(in.benchmarks.repetition[rowOf(in, "BM_Hi", "real_time") + 2], 1u);
        QCOMPARE(benchmarkValue(in, "BM_Hi", "real_time", "mean"), 43.0);
        // A benchmark that is only named like a statistic.
        QCOMPARE(benchmarkValue(in, "BM_other_mean", "real_time"), 7.0);
        QVERIFY(!in.meta.wallOffsetNs.has_value()); // the date has no zone
        QCOMPARE(in.noteCount("cpu_scaling"), 1u);
    }

    void readsBareNumbersOnlyOutsideOfTexts()
    {
        const auto in = importBytes(
            *makeGoogleBenchmark(),
            "{\"benchmarks\": [{\"name\": \"a\\\"NaN, \\\\\", \"real_time\": -Infinity, "
            "\"cpu_time\": 5, \"label\": \"Infinity\", \"big\": Infinity, \"n\": nan, \"t\": null, "
            "\"inf\": 4}]}");
        QVERIFY(in.result.has_value());
        QCOMPARE(benchmarkValue(in, "a\"NaN, \\", "cpu_time"), 5.0);
        QCOMPARE(benchmarkValue(in, "a\"NaN, \\", "inf"), 4.0);
        QCOMPARE(in.noteCount("benchmark_no_number"), 3u);
        QCOMPARE(textOf(in, in.benchmarks.labels[0]), std::string("{\"label\":\"Infinity\"}"));
        for (const auto *const cut : {"{\"benchmarks\": [{\"name\": \"a\", \"x\": NaN",
                                      "{\"benchmarks\": [{\"name\": \"a", "{\"benchmarks\": [\"\\"})
            QVERIFY(!importBytes(*makeGoogleBenchmark(), cut).result);
    }

    void readsHyperfine()
    {
        const auto in = importFixture(*makeHyperfineJson(), "hyperfine-json/scan-failing.json");
        QVERIFY(in.result.has_value());
        const auto *const fine = "sh -c \"sleep 0.001; exit 0\"";
        const auto *const failing = "sh -c \"sleep 0.002; exit 3\"";
        QCOMPARE(benchmarkValues(in, fine, "time").size(), std::size_t(6));
        QCOMPARE(benchmarkValues(in, fine, "time")[1], 0.002644361);
        QCOMPARE(benchmarkValue(in, fine, "time", "mean"), 0.005796019);
        QCOMPARE(benchmarkValue(in, fine, "user", "mean"), 0.0015483333333333332);
        const auto &b = in.benchmarks;
        QCOMPARE(b.ok[rowOf(in, fine, "time")], std::uint8_t(1));
        QCOMPARE(b.ok[rowOf(in, failing, "time")], std::uint8_t(0));
        QCOMPARE(textOf(in, b.labels[rowOf(in, failing, "time")]),
                 std::string("{\"code\":\"3\",\"ms\":\"2\"}"));
        QCOMPARE(in.noteCount("hyperfine_failed_run"), 12u);
        // One run has no deviation.
        const auto once = importFixture(*makeHyperfineJson(), "hyperfine-json/once.json");
        QVERIFY(std::isnan(benchmarkValue(once, "true", "time", "stddev")));
        // The CSV has the same statistics and no runs.
        const auto csv = importFixture(*makeHyperfineCsv(), "hyperfine-csv/scan-failing.csv");
        QVERIFY(benchmarkValues(csv, fine, "time").empty());
        for (const auto *const statistic : {"mean", "stddev", "median", "min", "max"})
            QCOMPARE(benchmarkValue(csv, failing, "time", statistic),
                     benchmarkValue(in, failing, "time", statistic));
        QCOMPARE(textOf(csv, csv.benchmarks.labels[0]),
                 std::string("{\"code\":\"0\",\"ms\":\"1\"}"));
        QVERIFY(!importBytes(*makeHyperfineJson(), "{\"results\": []}").result);
    }

    void readsJmh()
    {
        const auto in = importFixture(*makeJmh(), "jmh/shop.json");
        QVERIFY(in.result.has_value());
        const auto *const add = "org.shop.CartBench.add";
        QCOMPARE(benchmarkValues(in, add, "avgt"),
                 (std::vector{40.0, 41.0, 42.0, 41.5, 41.5, 43.0}));
        const auto &b = in.benchmarks;
        QCOMPARE(b.run[4], 1u);
        QCOMPARE(b.repetition[4], 1u);
        QCOMPARE(benchmarkValue(in, add, "avgt", "error"), 3.0625);
        QCOMPARE(benchmarkValue(in, add, "avgt", "p90.0"), 43.0);
        QCOMPARE(benchmarkValues(in, add, "gc.alloc.rate.norm"),
                 (std::vector{128.0, 128.0009765625}));
        // One iteration and one percentile are no number; that there is no interval is said by NaN.
        QCOMPARE(in.noteCount("benchmark_no_number"), 2u);
        // Histograms are no samples: [value, count], with the fork and the iteration.
        const auto *const sum = "org.shop.CartBench.sum";
        QVERIFY(benchmarkValues(in, sum, "sample").empty());
        QCOMPARE(benchmarkValues(in, sum, "sample", "bucket"), (std::vector{1.5, 2.0, 2.25}));
        QCOMPARE(textOf(in, b.labels[rowOf(in, sum, "sample")]),
                 std::string("{\"threads\":\"4\"}"));
        QCOMPARE(in.provenance("jdk"), std::string("17.0.9"));
    }

    void readsPytestBenchmark()
    {
        const auto in = importFixture(*makePytestBenchmark(), "pytest-benchmark/rounds.json");
        const auto *const total = "test_shop.py::test_total[10]";
        QCOMPARE(benchmarkValues(in, total, "time").size(), std::size_t(12));
        QCOMPARE(benchmarkValue(in, total, "time", "median"), 6.649999704677611e-07);
        QCOMPARE(benchmarkValue(in, total, "operations", "mean"), 1314146.8527453966);
        QCOMPARE(in.benchmarks.iterations[0], 5u);
        QCOMPARE(textOf(in, in.benchmarks.labels[0]), std::string("{\"n\":\"10\"}"));
        QCOMPARE(textOf(in, in.benchmarks.labels[rowOf(in, "test_shop.py::test_join", "time")]),
                 std::string("{\"group\":\"strings\"}"));
        const auto saved = importFixture(*makePytestBenchmark(), "pytest-benchmark/saved.json");
        QVERIFY(benchmarkValues(saved, total, "time").empty());
        QCOMPARE(benchmarkValue(saved, total, "time", "min"), 1.1437998182373121e-06);
    }

    void readsCriterion()
    {
        const auto csv = importFixture(*makeCriterionCsv(), "criterion-csv/fibonacci.csv");
        QCOMPARE(benchmarkValues(csv, "Fibonacci/Iterative/20", "time"),
                 (std::vector{915000.0 / 110740, 1964000.0 / 221480, 2812000.5 / 332220}));
        const auto sample = importFixture(*makeCriterionJson(), "criterion-json/sample.json");
        const auto old = importFixture(*makeCriterionJson(), "criterion-json/sample-old.json");
        QCOMPARE(sample.benchmarks.value[1], 1920000.0 / 104);
        QCOMPARE(old.benchmarks.value[1], sample.benchmarks.value[1]);
        QCOMPARE(old.benchmarks.iterations[1], 104u);
        const auto estimates = importFixture(*makeCriterionJson(), "criterion-json/estimates.json");
        const auto *const name = "(named by its folder)";
        QCOMPARE(benchmarkValue(estimates, name, "time", "median"), 19158.0);
        QCOMPARE(benchmarkValue(estimates, name, "time", "mean high"), 19387.9375);
        QVERIFY(std::isnan(benchmarkValue(estimates, name, "time", "slope")));
        const auto change = importFixture(*makeCriterionJson(), "criterion-json/change.json");
        QCOMPARE(benchmarkValue(change, name, "change of the time", "mean"), 0.002625);
        const auto messages =
            importFixture(*makeCriterionMessages(), "criterion-messages/two.json");
        QCOMPARE(benchmarkValues(messages, "cart/add", "time"),
                 (std::vector{4140.0, 4050.0, 4100.0}));
        QCOMPARE(benchmarkValue(messages, "cart/add", "time", "typical low"), 4050.25);
        QCOMPARE(textOf(messages, messages.benchmarks.unit[rowOf(messages, "cart/sum", "time")]),
                 std::string("cycles"));
    }

    void readsCargoBench()
    {
        const auto in = importFixture(*makeCargoBench(), "cargo-bench/criterion.txt");
        QCOMPARE(benchmarkValue(in, "file", "time", "typical"), 323.90);
        QCOMPARE(benchmarkValue(in, "file", "change of the time", "typical low"), -2.0565 / 100);
        const auto *const parse = "parse/a name that is too long for the column";
        QCOMPARE(benchmarkValue(in, parse, "time", "typical high"), 1.0562);
        QCOMPARE(textOf(in, in.benchmarks.unit[rowOf(in, parse, "time") + 2]), std::string("ms"));
        QCOMPARE(benchmarkValue(in, parse, "throughput", "typical"), 53.0);
        QCOMPARE(benchmarkValue(in, parse, "change of the throughput", "typical"), -9.75 / 100);
        QCOMPARE(benchmarkValue(in, "time: of day", "time", "typical low"), 18.195);
        const auto harness = importFixture(*makeCargoBench(), "cargo-bench/harness.txt");
        QCOMPARE(benchmarkValue(harness, "tests::benchmark_a", "time", "estimate"), 3296.0);
        QCOMPARE(benchmarkValue(harness, "Symbols (Execution)", "time", "+/-"), 0.25);
        QCOMPARE(harness.noteCount("benchmark_failed"), 1u);
        const auto bad = importFixture(*makeCargoBench(), "cargo-bench/bad-lines.txt");
        QCOMPARE(bad.noteCount("cargo_bench_bad_line"), 2u);
        QCOMPARE(benchmarkValue(bad, "c", "time", "estimate"), 10.0);
    }

    void readsGoBench()
    {
        const auto in = importFixture(*makeGoBench(), "go-bench/shop.txt");
        QCOMPARE(benchmarkValues(in, "Add-2", "ns/op"),
                 (std::vector{2991.0, 2937.0, 2835.0, 3001.0, 2781.0, 2730.0, 2916.0, 2939.0,
                              2835.0, 2770.0}));
        QCOMPARE(benchmarkValues(in, "Normalize/short-2", "ns/op").front(), 312.6);
        QCOMPARE(in.benchmarks.repetition[27], 9u);
        QCOMPARE(in.provenance("cpu"), std::string("Intel(R) Xeon(R) Processor"));
        const auto verbose = importFixture(*makeGoBench(), "go-bench/verbose.txt");
        QCOMPARE(benchmarkValue(verbose, "Sum/n=100", "p99-ns"), 33.33);
        // Standard error in the middle of a line of results.
        const auto mixed = importFixture(*makeGoBench(), "go-bench/bad-mixed.txt");
        QCOMPARE(benchmarkValues(mixed, "Logs-2", "ns/op"), (std::vector{460.7, 231.7}));
        QCOMPARE(mixed.noteCount("go_bench_rejoined"), 2u);
        QCOMPARE(mixed.noteCount("benchmark_failed"), 2u);
    }

    void keepsGoBenchsSettingsApart()
    {
        const auto in = importFixture(*makeGoBench(), "go-bench/bad-lines.txt");
        const auto &b = in.benchmarks;
        QCOMPARE(textOf(in, b.labels[0]), std::string("{\"goos\":\"linux\",\"note\":\"before\"}"));
        QCOMPARE(textOf(in, b.labels[3]), std::string("{\"goos\":\"linux\"}"));
        QCOMPARE(b.repetition[3], 0u); // other settings: another benchmark
        QCOMPARE(in.noteCount("go_bench_bad_line"), 2u);
        QCOMPARE(in.noteCount("go_bench_bad_value"), 1u);
        QCOMPARE(in.noteCount("go_bench_cut"), 1u);
        QVERIFY(!importBytes(*makeGoBench(), "BenchmarkWords are no result\n").result);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkFormats)
#include "tst_benchmark_formats.moc"
