#include "importers/formats.h"
#include "tests/support/span_lookup.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// Files that the real tools wrote, compared with a script that counts the plain way.
class TestTraceCorpus : public QObject {
    Q_OBJECT

    std::map<std::string, std::filesystem::path> m_files; // by the name of their row
    QJsonObject m_expected;

    static std::filesystem::path shared()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                           : std::filesystem::path(set);
    }

    // Of all files of a folder, in the order of their names.
    static Imported merged(const std::filesystem::path &folder, std::string_view prefix)
    {
        std::set<std::filesystem::path> paths;
        for (const auto &entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().filename().string().starts_with(prefix))
                paths.insert(entry.path());
        }
        std::string bytes; // protobuf: messages that follow each other are added up
        for (const auto &path : paths)
            bytes += readFile(path);
        return importBytes(*makeOtlpProto(), bytes);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto root = shared();
        for (const auto *const folder :
             {"corpus/otlp", "corpus/jaeger", "corpus/zipkin", "scenario/before/otel/otlp-json",
              "scenario/after/otel/otlp-json", "scenario/before/otel/otlp-proto",
              "scenario/after/otel/otlp-proto", "scenario/before/otel/zipkin",
              "scenario/after/otel/zipkin"}) {
            std::error_code error;
            for (const auto &entry : std::filesystem::directory_iterator(root / folder, error))
                m_files[std::string(folder) + '/' + entry.path().filename().string()] =
                    entry.path();
        }
        // Those of our own are here always; the script reads neither damage nor zstd.
        for (const auto *const folder : {"otlp-json", "otlp-proto", "jaeger-json", "zipkin-json"}) {
            for (const auto &entry : std::filesystem::directory_iterator(
                     std::filesystem::path(FW_SOURCE_DIR "/tests/fixtures") / folder)) {
                const auto name = entry.path().filename().string();
                if (!name.starts_with("bad-") && !name.ends_with(".md") && name != "collector.bin")
                    m_files["fixtures/" + std::string(folder) + '/' + name] = entry.path();
            }
        }
        const auto python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("python3 is not here");
        QStringList arguments{QStringLiteral(FW_SOURCE_DIR "/tests/support/check_spans.py")};
        for (const auto &file : m_files)
            arguments << QString::fromStdString(file.second.string());
        QProcess script;
        script.start(python, arguments);
        QVERIFY(script.waitForFinished(300'000));
        QCOMPARE(script.exitCode(), 0);
        m_expected = QJsonDocument::fromJson(script.readAllStandardOutput()).object();
        QCOMPARE(std::size_t(m_expected.size()), m_files.size());
    }

    void readsRealFiles_data()
    {
        QTest::addColumn<QString>("path");
        for (const auto &[name, path] : m_files)
            QTest::newRow(name.c_str()) << QString::fromStdString(path.string());
    }
    void readsRealFiles()
    {
        QFETCH(QString, path);
        const std::filesystem::path file(path.toStdString());
        const auto in = importDetected(readFile(file), file.filename().string());
        QCOMPARE(in.broken, std::string());
        const auto expected = m_expected[path];
        if (expected.isNull()) {
            // Other formats, empty, damaged.
            QVERIFY(spanTotals(in).spans <= 1);
            return;
        }
        if (!in.result.has_value())
            QFAIL(in.result.error().text().c_str());
        const auto wanted = expected.toObject();
        const auto number = [&](const char *key) {
            return static_cast<std::uint64_t>(wanted[QLatin1String(key)].toDouble());
        };
        const auto got = spanTotals(in);
        QCOMPARE(got.spans, number("spans"));
        QCOMPARE(got.errors, number("errors"));
        QCOMPARE(static_cast<std::uint64_t>(got.totalNs), number("total_ns"));
        QCOMPARE(got.events, number("events"));
        QCOMPARE(got.noEnd, number("no_end"));
        QCOMPARE(got.remote, number("remote"));
        QCOMPARE(got.logs, number("logs"));
        QCOMPARE(in.flows.size(), std::size_t(number("links")));
        QCOMPARE(got.traces.size(), std::size_t(number("traces")));
        QCOMPARE(in.counters.size(), std::size_t(number("points")));
        std::set<std::string> services;
        for (const auto &service : wanted[QLatin1String("services")].toArray())
            services.insert(service.toString().toStdString());
        QCOMPARE(got.services, services);
        std::size_t aggregates = 0;
        for (const auto figure : in.summaries.figure)
            aggregates += figure == SummaryFigure::Count;
        QCOMPARE(aggregates, std::size_t(number("aggregates")));
    }

    void jsonAndProtobufOfOneRunAreTheSame_data()
    {
        QTest::addColumn<QString>("variant");
        for (const auto *const variant : {"before", "after"})
            QTest::newRow(variant) << QString::fromLatin1(variant);
    }
    void jsonAndProtobufOfOneRunAreTheSame()
    {
        QFETCH(QString, variant);
        const auto folder = shared() / "scenario" / variant.toStdString() / "otel";
        if (!std::filesystem::exists(folder))
            QSKIP("FW_SHARED_DATA has no scenario");
        const auto json = importBytes(*makeOtlpJson(), readFile(folder / "otlp-json/traces.jsonl"));
        const auto proto = merged(folder / "otlp-proto", "traces-");
        QVERIFY(spanLines(json).size() > 1000);
        QVERIFY(spanLines(json, true) == spanLines(proto, true));

        const auto metrics =
            importBytes(*makeOtlpJson(), readFile(folder / "otlp-json/metrics.jsonl"));
        const auto same = merged(folder / "otlp-proto", "metrics-");
        const auto points = [](const Imported &in) {
            std::multiset<std::string> out;
            for (std::size_t i = 0; i < in.counters.size(); ++i)
                out.insert(trackOf(in, in.counters.track[i]) + '=' +
                           std::to_string(in.counters.value[i]));
            const auto &s = in.summaries;
            for (std::size_t i = 0; i < s.size(); ++i)
                out.insert(trackOf(in, s.endpoint[i]) + textOf(in, s.metric[i]) +
                           textOf(in, s.subset[i]) + textOf(in, s.method[i]) +
                           std::to_string(static_cast<int>(s.figure[i])) + ' ' +
                           std::to_string(s.position[i]) + ' ' + std::to_string(s.value[i]));
            return out;
        };
        QVERIFY(metrics.counters.size() > 1000);
        // The two exporters read the gauges one after the other: only what did not move is equal.
        QCOMPARE(metrics.counters.size(), same.counters.size());
        QCOMPARE(metrics.summaries.size(), same.summaries.size());
        QCOMPARE(points(metrics).size(), points(same).size());
    }

    // Jaeger's own conversions of OTLP.
    void conversionsOfJaegerAreTheSameSpans()
    {
        const auto otlp = shared() / "corpus/otlp/jaeger__otlp2jaeger-in.json";
        const auto jaeger = shared() / "corpus/jaeger/jaeger-ui__otlp2jaeger-out.json";
        if (!std::filesystem::exists(otlp) || !std::filesystem::exists(jaeger))
            QSKIP("FW_SHARED_DATA has no conversions of Jaeger");
        const auto in = importBytes(*makeOtlpJson(), readFile(otlp));
        const auto out = importBytes(*makeJaeger(), readFile(jaeger));
        QCOMPARE(spanLines(in).size(), std::size_t(2));
        QVERIFY(spanLines(in) == spanLines(out));
    }

    // One trace as Jaeger's model, its storage and its interface write it.
    void spellingsOfJaegerAreTheSameSpan()
    {
        const auto folder = shared() / "corpus/jaeger";
        if (!std::filesystem::exists(folder / "jaeger__es_01.json"))
            QSKIP("FW_SHARED_DATA has no spellings of Jaeger");
        const auto storage = importBytes(*makeJaeger(), readFile(folder / "jaeger__es_01.json"));
        const auto model =
            importBytes(*makeJaeger(), readFile(folder / "jaeger__domain_es_01.json"));
        QCOMPARE(storage.slices.size(), std::size_t(3));
        QCOMPARE(model.slices.size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(sliceLine(storage, i, false), sliceLine(model, i, false));
    }
};

QTEST_GUILESS_MAIN(TestTraceCorpus)
#include "tst_trace_corpus.moc"
