#include "app/cli/capture_flags.h"
#include "app/cli/verb.h"
#include "app/export_samples.h"
#include "tests/views/drawn_profile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <sstream>

using namespace flamewright;

namespace {

const char *const kCapture = FW_SOURCE_DIR "/tests/fixtures/perf-data/frontend.zstd.perf.data";

std::string folded(const Profile &profile, std::uint32_t top = 0)
{
    std::ostringstream out;
    exportFolded(profile, out, top);
    return out.str();
}

std::vector<std::string> linesOf(const std::string &text)
{
    std::vector<std::string> out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        out.push_back(line);
    return out;
}

// A field of a row whose names need no quotes up to there.
std::string field(const std::string &row, int index)
{
    std::istringstream fields(row);
    std::string out;
    for (int i = 0; i <= index; ++i)
        std::getline(fields, out, ',');
    return out;
}

std::int64_t number(const std::string &text)
{
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

constexpr int kTime = 1, kPid = 3, kTid = 5, kMeasure = 7;

} // namespace

class TestExportSamples : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ImporterRegistry m_importers;
    JobContext m_job;
    std::vector<std::string> m_all; // rows of the whole capture, without the header

    std::string run(const std::vector<std::string> &arguments)
    {
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        if (runVerb(arguments, workbench, m_job, out, log) != ExitCode::Ok)
            qWarning("%s", log.str().c_str());
        return out.str();
    }
    std::vector<std::string> csv(const std::vector<std::string> &flags)
    {
        std::vector<std::string> arguments{"export", kCapture, "--to", "csv"};
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        auto lines = linesOf(run(arguments));
        if (!lines.empty())
            lines.erase(lines.begin());
        return lines;
    }
    std::vector<std::string> all(const std::function<bool(const std::string &)> &wanted) const
    {
        std::vector<std::string> out;
        std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(out), wanted);
        return out;
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_importers);
        m_all = csv({});
        QVERIFY(m_all.size() > 400);
    }

    // The same rows as those of everything, filtered here.
    void timesBoundTheRows()
    {
        const auto origin = number(field(m_all.front(), kTime));
        const auto within = [&](std::int64_t fromMs, std::int64_t toMs) {
            return all([&, fromMs, toMs](const std::string &row) {
                const auto at = number(field(row, kTime)) - origin;
                return at >= fromMs * 1'000'000 && at < toMs * 1'000'000;
            });
        };
        // Where there are samples: from a quarter of them to three quarters.
        const auto msAt = [&](std::size_t row) {
            return (number(field(m_all[row], kTime)) - origin) / 1'000'000;
        };
        const auto from = msAt(m_all.size() / 4), to = msAt(m_all.size() * 3 / 4);
        const auto seconds = [](std::int64_t ms) {
            const auto rest = std::to_string(1000 + ms % 1000).substr(1);
            return std::to_string(ms / 1000) + "." + rest + "s";
        };
        const auto expected = within(from, to);
        QVERIFY(expected.size() > 100 && expected.size() < m_all.size() * 2 / 3);
        QVERIFY(csv({"--begin", seconds(from), "--end", seconds(to)}) == expected);
        QVERIFY(csv({"--begin", seconds(from)}) == within(from, 1'000'000'000));
        QVERIFY(csv({"--begin", "5000s"}).empty());
    }

    void threadsAndMeasuresChooseRows()
    {
        // A thread that is not its process: that one would take all of them.
        const auto thread = std::find_if(m_all.begin(), m_all.end(), [](const std::string &row) {
            return field(row, kTid) != field(row, kPid);
        });
        QVERIFY(thread != m_all.end());
        const auto tid = field(*thread, kTid);
        const auto ofThread = all([&](const std::string &row) { return field(row, kTid) == tid; });
        QVERIFY(csv({"--thread", tid}) == ofThread);
        QVERIFY(csv({"--thread", field(*thread, kPid)}) == m_all);
        const auto measure = field(m_all.front(), kMeasure);
        QVERIFY(csv({"--measure", measure}) ==
                all([&](const std::string &row) { return field(row, kMeasure) == measure; }));
        // As every other verb: an unknown one is an error, not an empty file.
        const Workbench workbench(m_importers, {.isolation = Isolation::InProcess});
        std::ostringstream out, log;
        const std::vector<std::string> arguments{"export", kCapture,    "--to",
                                                 "csv",    "--measure", "nonsense"};
        QCOMPARE(runVerb(arguments, workbench, m_job, out, log), ExitCode::Usage);
    }

    // Without a measure all of them, also those that the first capture does not have.
    void everyMeasureIsExported()
    {
        QFile folded(m_dir.filePath(QStringLiteral("two.folded")));
        QVERIFY(folded.open(QIODevice::WriteOnly));
        folded.write("main;a 3 30\nmain;b 2 20\n");
        folded.close();
        const auto rows = linesOf(run({"export", folded.fileName().toStdString(), "--to", "csv"}));
        std::set<std::string> measures;
        for (std::size_t i = 1; i < rows.size(); ++i)
            measures.insert(field(rows[i], kMeasure));
        QCOMPARE(measures.size(), 2u);
    }

    void foldedStacksAreWholeLinesOfNames()
    {
        const auto profile = drawn("main;parse;read 3\nmain;parse 1\nmain;write 2\nidle 4\n");
        QCOMPARE(folded(*profile), std::string("main;parse 1\nmain;parse;read 3\nmain;write 2\n"
                                               "idle 4\n"));
        // Through one frame: those below, from the root on.
        for (std::uint32_t top = 0; top < profile->tree.size(); ++top) {
            std::string expected;
            for (auto node = top; node < profile->tree.subtreeEnd[top]; ++node) {
                if (profile->tree.self[node] == 0)
                    continue;
                std::string path;
                for (auto at = node; at != 0; at = profile->tree.parent[at])
                    path = profile->at(at).name + (path.empty() ? "" : ";" + path);
                expected += path + " " + std::to_string(profile->tree.self[node]) + "\n";
            }
            QCOMPARE(folded(*profile, top), expected);
        }
        QCOMPARE(folded(*profile, 99), std::string());
    }

    // What separates frames and lines is none in a name: read back, the stacks are the same.
    void hostileNamesStayOneFrame()
    {
        DrawnProfile hostile;
        const auto add = [&](std::string_view name, StackId caller) {
            return hostile.child(caller, hostile.frame(name));
        };
        const auto main = add("main", {});
        hostile.addTo(add("a;b\nc 7\r\x1b[31m\xff", main), 5, 5);
        hostile.addTo(add("", main), 2, 2);
        hostile.addTo({}, 1, 1);
        const auto text = folded(*hostile.build());
        const auto lines = linesOf(text);
        QCOMPARE(lines.size(), 3u);
        for (const auto &line : lines) {
            QVERIFY(std::count(line.begin(), line.end(), ';') <= 1);
            QVERIFY(std::all_of(line.begin(), line.end(),
                                [](char c) { return static_cast<unsigned char>(c) >= ' '; }));
        }
        QVERIFY(text.find("main;a:b^Jc 7^M^[[31m") != std::string::npos);
        QVERIFY(text.find("main;[unknown] 2\n") != std::string::npos);
        QVERIFY(text.find("[unknown] 1\n") != std::string::npos);
        QFile file(m_dir.filePath(QStringLiteral("hostile.folded")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(text));
        file.close();
        auto again = linesOf(
            run({"export", file.fileName().toStdString(), "--format", "folded", "--to", "folded"}));
        auto before = lines;
        std::sort(again.begin(), again.end());
        std::sort(before.begin(), before.end());
        QVERIFY(again == before);
    }
};

QTEST_GUILESS_MAIN(TestExportSamples)
#include "tst_export_samples.moc"
