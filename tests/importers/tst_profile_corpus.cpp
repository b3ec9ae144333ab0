#include "importers/io/input.h"
#include "importers/run_import.h"
#include "tests/support/import_contract.h"

#include <QProcess>
#include <QTest>

#include <algorithm>
#include <map>

using namespace flamewright;
using namespace flamewright::testing;

// Profiles that the real tools wrote, compared with a script that reads them the plain way: self time and
// samples of every function that was innermost.
class TestProfileCorpus : public QObject {
    Q_OBJECT

    static std::filesystem::path shared()
    {
        const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
        return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                           : std::filesystem::path(set);
    }

    static QString nameOf(const Dimensions &d, FrameId frame)
    {
        const auto text =
            d.frames.function[frame.raw].raw == 0
                ? std::string(d.module(frame)) + "+" + std::to_string(d.frames.address[frame.raw])
                : std::string(d.strings.text(d.frames.function[frame.raw]));
        auto name = QString::fromUtf8(QByteArray::fromStdString(text));
        return name.replace('\n', ' ').replace('\t', ' ');
    }

    static QStringList linesOf(const Imported &in)
    {
        const auto &d = in.dimensions;
        std::map<std::pair<QString, QString>, std::pair<std::int64_t, std::int64_t>> sums;
        for (std::size_t i = 0; i < in.samples.size(); ++i) {
            const auto &measure = in.meta.measures[in.samples.measure[i].raw - 1].name;
            const auto stack = in.samples.stack[i];
            auto &sum =
                sums[{QString::fromStdString(measure),
                      stack.raw == 0 ? QStringLiteral("-") : nameOf(d, d.stacks.frame[stack.raw])}];
            sum.first += in.samples.value[i];
            sum.second += in.samples.count[i];
        }
        // How costs of functions divide over stacks is this program's own idea.
        const bool estimate = in.noteCount("callgrind_estimated_stacks") > 0;
        QStringList out;
        for (const auto &[key, sum] : sums) {
            if (estimate && sum.first == 0)
                continue;
            out << QStringList{key.first, key.second, QString::number(sum.first),
                               QString::number(estimate ? 0 : sum.second)}
                       .join('\t');
        }
        out.sort();
        return out;
    }

    // Decompressed by the program's own layers, detected by content.
    static Imported importFile(const std::filesystem::path &path)
    {
        const auto file = openInputFile(path);
        if (!file.has_value())
            return {.result = fail(file.error())};
        auto input = openInput(file->get(), path.filename().string());
        if (!input.has_value())
            return {.result = fail(input.error())};
        std::string all;
        for (std::size_t got = 1; got > 0;) {
            const auto old = all.size();
            all.resize(old + 65536);
            got = (*input)->read(std::as_writable_bytes(std::span(all).subspan(old))).value_or(0);
            all.resize(old + got);
        }
        return importDetected(all);
    }

    // Callgrind of 2006 left names out.
    static bool lacksNames(const QString &path) { return path.endsWith("selinux.callgrind"); }

    // Of files that are no profiles, or damaged on purpose.
    static bool isOther(const std::string &name)
    {
        return name.ends_with(".md") || name.starts_with("bad-") ||
               name.ends_with("incomplete-trace.json");
    }

private Q_SLOTS:
    void agreesWithAScript_data()
    {
        QTest::addColumn<QString>("path");
        const auto add = [](const std::filesystem::path &folder, const std::string &ending) {
            std::error_code error;
            for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
                const auto path = entry.path();
                const auto name = path.filename().string();
                if (!isOther(name) && name.ends_with(ending))
                    QTest::newRow((path.parent_path().filename().string() + '/' + name).c_str())
                        << QString::fromStdString(path.string());
            }
        };
        for (const auto *const format :
             {"cpuprofile", "heapprofile", "speedscope", "callgrind", "firefox"}) {
            add(std::filesystem::path(FW_SOURCE_DIR "/tests/fixtures") / format, "");
            // Named for the form there.
            add(shared() / "corpus" / (std::string_view(format) == "firefox" ? "gecko" : format),
                "");
        }
        for (const auto *const run : {"before", "after"}) {
            add(shared() / "scenario" / run / "v8", ".cpuprofile");
            add(shared() / "scenario" / run / "v8", ".heapprofile");
            add(shared() / "scenario" / run / "cpp", ".callgrind.out");
        }
    }
    void agreesWithAScript()
    {
        QFETCH(QString, path);
        QProcess script;
        script.start(QStringLiteral("python3"),
                     {QStringLiteral(FW_SOURCE_DIR "/tests/support/check_profiles.py"), path});
        if (!script.waitForFinished(120'000) || script.exitCode() != 0)
            QFAIL(script.readAllStandardError().constData());
        auto expected =
            QString::fromUtf8(script.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts);
        expected.sort();
        const auto in = importFile(path.toStdString());
        QVERIFY2(in.result.has_value(),
                 in.result.has_value() ? "" : in.result.error().text().c_str());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(linesOf(in), expected);
        if (lacksNames(path))
            return;
        for (const auto &note : in.meta.notes)
            QVERIFY2(note.severity < Severity::DataLoss, (note.code + ' ' + note.detail).c_str());
    }
};

QTEST_GUILESS_MAIN(TestProfileCorpus)
#include "tst_profile_corpus.moc"
