#include "tests/support/import_contract.h"

#include <QProcess>
#include <QTest>

#include <algorithm>
#include <map>

using namespace flamewright;
using namespace flamewright::testing;

// Files that the real tools wrote, compared with a script that reads their values the plain way: count,
// sum, least, largest and median of every benchmark, metric and statistic.
class TestBenchmarkCorpus : public QObject {
    Q_OBJECT

    static std::filesystem::path shared()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                           : std::filesystem::path(set);
    }

    static QStringList linesOf(const Imported &in)
    {
        const auto text = [&](StringId id) {
            return QString::fromUtf8(
                QByteArray::fromStdString(std::string(in.dimensions.strings.text(id))));
        };
        std::map<QStringList, std::vector<double>> groups;
        const auto &b = in.benchmarks;
        for (std::size_t i = 0; i < b.size(); ++i)
            groups[{text(b.name[i]), text(b.metric[i]), text(b.statistic[i])}].push_back(
                b.value[i]);
        QStringList out;
        for (auto &[key, values] : groups) {
            double sum = 0;
            for (const auto value : values)
                sum += value;
            const auto n = values.size();
            std::sort(values.begin(), values.end());
            const auto median =
                n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
            auto fields = key;
            fields << QString::number(n);
            for (const auto value : {sum, values.front(), values.back(), median})
                fields << QString::number(value, 'g', 17);
            out << fields.join('\t');
        }
        return out;
    }

    // The same numbers, however they are written.
    static QStringList canonical(const QByteArray &lines)
    {
        QStringList out;
        for (const auto &line : QString::fromUtf8(lines).split('\n', Qt::SkipEmptyParts)) {
            auto fields = line.split('\t');
            for (qsizetype i = 4; i < fields.size(); ++i)
                fields[i] = QString::number(fields[i].toDouble(), 'g', 17);
            out << fields.join('\t');
        }
        return out;
    }

private Q_SLOTS:
    void readsRealFiles_data()
    {
        QTest::addColumn<QString>("path");
        const auto root = shared();
        bool found = false;
        for (const auto *const folder :
             {"corpus/bench_google", "corpus/bench_hyperfine", "corpus/bench_jmh",
              "corpus/bench_pytest", "corpus/bench_go", "corpus/bench_criterion",
              "scenario/before/bench", "scenario/after/bench", "scenario/misc"}) {
            std::error_code error;
            for (const auto &entry : std::filesystem::directory_iterator(root / folder, error)) {
                const auto name = entry.path().filename().string();
                const bool wanted = std::string_view(folder).starts_with("corpus") ||
                                    name.ends_with(".json") || name.ends_with(".csv") ||
                                    name == "go_bench.txt";
                if (!wanted)
                    continue;
                found = true;
                QTest::newRow((std::string(folder) + '/' + name).c_str())
                    << QString::fromStdString(entry.path().string());
            }
        }
        if (!found)
            QTest::newRow("no data") << QString();
    }
    void readsRealFiles()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no files of benchmarks");
        QProcess script;
        script.start(QStringLiteral("python3"),
                     {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_benchmarks.py"), path});
        if (!script.waitForFinished(60'000) || script.exitCode() != 0)
            QFAIL(script.readAllStandardError().constData());
        auto expected = canonical(script.readAllStandardOutput());
        const auto in = importDetected(readFile(path.toStdString()), path.toStdString());
        if (expected.isEmpty()) { // inputs of other tests, without a value
            QVERIFY(!in.result.has_value());
            return;
        }
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        auto actual = linesOf(in);
        std::sort(actual.begin(), actual.end());
        std::sort(expected.begin(), expected.end());
        QCOMPARE(actual, expected);
        for (const auto &note : in.meta.notes)
            QVERIFY2(note.severity < Severity::DataLoss, (note.code + ' ' + note.detail).c_str());
    }
};

QTEST_GUILESS_MAIN(TestBenchmarkCorpus)
#include "tst_benchmark_corpus.moc"
