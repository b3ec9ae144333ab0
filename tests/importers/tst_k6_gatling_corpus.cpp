#include "importers/io/input.h"
#include "importers/run_import.h"
#include "tests/support/import_contract.h"

#include <QProcess>
#include <QTest>

#include <algorithm>

using namespace flamewright;
using namespace flamewright::testing;

// Files that the real tools wrote, compared with a script that reads their rows the plain way.
class TestK6GatlingCorpus : public QObject {
    Q_OBJECT

    static std::filesystem::path corpus()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return (set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                            : std::filesystem::path(set)) /
               "corpus";
    }

    // Decompressed by the program's own layers, detected by content.
    static Imported importFile(const std::filesystem::path &path)
    {
        ImporterRegistry registry;
        addBuiltinImporters(registry);
        const auto file = openInputFile(path);
        if (!file.has_value())
            return {.result = fail(file.error())};
        auto input = openInput(file->get(), path.filename().string());
        if (!input.has_value())
            return {.result = fail(input.error())};
        const auto probe = (*input)->probe();
        const auto found = probe.has_value() ? registry.detect(*probe)
                                             : std::vector<ImporterRegistry::Candidate>();
        if (found.empty())
            return {.result = fail(Errc::UnknownFormat, "nobody knows it")};
        std::string all;
        for (std::size_t got = 1; got > 0;) {
            const auto old = all.size();
            all.resize(old + 65536);
            got = (*input)->read(std::as_writable_bytes(std::span(all).subspan(old))).value_or(0);
            all.resize(old + got);
        }
        return importBytes(*found[0].importer, all);
    }

    static void addFiles(const char *folder)
    {
        QTest::addColumn<QString>("path");
        std::error_code error;
        for (const auto &entry : std::filesystem::directory_iterator(corpus() / folder, error)) {
            const auto name = entry.path().filename().string();
            // The record of k6's web dashboard is another format; one sample is no whole request.
            if (name.ends_with("result.ndjson") || name.ends_with("short.csv"))
                continue;
            QTest::newRow(name.c_str()) << QString::fromStdString(entry.path().string());
        }
        if (error)
            QTest::newRow("no corpus") << QString();
    }

    static QByteArray rowsOf(const Imported &in)
    {
        std::vector<std::int64_t> times;
        std::size_t failed = 0;
        double sum = 0;
        for (std::size_t i = 0; i < in.requests.size(); ++i) {
            if (in.requests.kind[i] != RequestKind::Request)
                continue;
            times.push_back(in.requests.latency[i].count());
            failed += in.requests.ok[i] == 0 ? 1 : 0;
            sum += static_cast<double>(times.back());
        }
        if (times.empty())
            return "-";
        std::sort(times.begin(), times.end());
        QByteArrayList out{QByteArray::number(qulonglong(times.size())),
                           QByteArray::number(qulonglong(failed)),
                           QByteArray::number(qlonglong(times.front())),
                           QByteArray::number(sum / static_cast<double>(times.size()), 'g', 17)};
        for (const std::size_t perMyriad : {5000u, 9000u, 9500u, 9900u, 9990u})
            out << QByteArray::number(
                qlonglong(times[(perMyriad * times.size() + 9999) / 10000 - 1]));
        out << QByteArray::number(qlonglong(times.back()));
        return out.join(' ');
    }

    static void compare(const QString &path)
    {
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no corpus");
        const auto in = importFile(path.toStdString());
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        if (in.summaries.size() > 0) // aggregates, which nothing is recomputed from
            return;
        QProcess script;
        script.start(QStringLiteral("python3"),
                     {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_latency.py"), path});
        if (!script.waitForFinished(60'000) || script.exitCode() != 0)
            QFAIL(script.readAllStandardError().constData());
        auto expected = script.readAllStandardOutput().trimmed().split(' ');
        auto actual = rowsOf(in).split(' ');
        QCOMPARE(actual.size(), expected.size());
        if (expected.size() > 3) { // the mean: the same number, written differently
            QCOMPARE(actual[3].toDouble(), expected[3].toDouble());
            actual[3] = expected[3];
        }
        QCOMPARE(actual.join(' '), expected.join(' '));
        // Nothing in these files is damaged.
        for (const auto &note : in.meta.notes)
            QVERIFY2(note.severity < Severity::DataLoss, (note.code + ' ' + note.detail).c_str());
    }

private Q_SLOTS:
    void readsK6_data() { addFiles("k6"); }
    void readsK6()
    {
        QFETCH(QString, path);
        compare(path);
    }
    void readsGatling_data() { addFiles("gatling"); }
    void readsGatling()
    {
        QFETCH(QString, path);
        compare(path);
    }
};

QTEST_GUILESS_MAIN(TestK6GatlingCorpus)
#include "tst_k6_gatling_corpus.moc"
