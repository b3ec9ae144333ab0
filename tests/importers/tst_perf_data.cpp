#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <sstream>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

const std::filesystem::path kFixtures = FW_SOURCE_DIR "/tests/fixtures/perf-data";
const std::filesystem::path kGolden = FW_SOURCE_DIR "/tests/golden/perf-data";

std::filesystem::path sharedData()
{
    const auto set = qEnvironmentVariable("FW_SHARED_DATA").toStdString();
    return set.empty() ? std::filesystem::path(FW_SOURCE_DIR "/../shared/data")
                       : std::filesystem::path(set);
}

Imported importFile(const std::filesystem::path &path)
{
    return importBytes(*makePerfData(), readFile(path));
}

// role, event, thread, module, address -> samples; as tests/support/perf_script_frames.py.
using Frames = std::map<std::vector<std::string>, std::int64_t>;

Frames framesOf(const Imported &in, bool withAddresses)
{
    Frames out;
    const auto &d = in.dimensions;
    for (std::size_t i = 0; i < in.samples.size(); ++i) {
        const auto tid = std::to_string(in.meta.tracks[in.samples.track[i].raw - 1].tid);
        const auto &event = in.meta.measures[in.samples.measure[i].raw - 1].name;
        bool leaf = true;
        for (auto s = in.samples.stack[i]; s.raw != 0; s = d.stacks.caller[s.raw]) {
            const auto f = d.stacks.frame[s.raw];
            std::ostringstream address;
            address << std::hex << d.frames.address[f.raw];
            auto module = std::string(d.module(f));
            if (module.empty())
                module = "[unknown]";
            const auto at = withAddresses ? address.str() : "-";
            ++out[{"any", event, tid, module, at}];
            if (leaf)
                ++out[{"self", event, tid, module, at}];
            leaf = false;
        }
    }
    return out;
}

// What perf script says, less what is known to differ:
// - perf shows return addresses of zero, where frame pointers end, as frames; they are dropped.
// - perf calls memory of run-time compilers /tmp/perf-PID.map, here it is perf-PID.map.
Frames framesOfPerf(const std::filesystem::path &golden, bool &withAddresses)
{
    Frames out;
    std::istringstream lines(readFile(golden));
    std::string line;
    while (std::getline(lines, line)) {
        std::vector<std::string> fields;
        std::istringstream in(line);
        for (std::string field; std::getline(in, field, '\t');)
            fields.push_back(field);
        const auto count = std::stoll(fields.back());
        fields.pop_back();
        withAddresses = fields[4] != "-";
        if (fields[4] == "0")
            continue;
        if (fields[3].starts_with("/tmp/perf-"))
            fields[3] = fields[3].substr(5);
        out[fields] += count;
    }
    return out;
}

std::string firstDifference(const Frames &perf, const Frames &ours, bool selfOnly)
{
    const auto text = [](const Frames::value_type &entry) {
        std::string out;
        for (const auto &field : entry.first)
            out += field + " ";
        return out + std::to_string(entry.second);
    };
    for (const auto &entry : perf) {
        if (selfOnly && entry.first[0] == "any")
            continue;
        const auto it = ours.find(entry.first);
        if (it == ours.end() || it->second != entry.second)
            return "perf script: " + text(entry) +
                   "; here: " + (it == ours.end() ? "none" : std::to_string(it->second));
    }
    for (const auto &entry : ours) {
        if (!(selfOnly && entry.first[0] == "any") && perf.find(entry.first) == perf.end())
            return "only here: " + text(entry);
    }
    return {};
}

std::uint64_t wordAt(const std::string &bytes, std::size_t at)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

void setWord(std::string &bytes, std::size_t at, std::uint64_t value)
{
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

// A little-endian file with its ids and attributes moved from before the data to the end, where
// they were is nothing. Places of everything else stay.
std::string withEventsBehind(std::string bytes)
{
    constexpr std::size_t kAttrSize = 16, kAttrs = 24;
    const auto entry = wordAt(bytes, kAttrSize), begin = wordAt(bytes, kAttrs),
               size = wordAt(bytes, kAttrs + 8);
    auto table = bytes.substr(begin, size);
    for (std::size_t at = 0; at < size; at += entry) {
        const auto ids = at + entry - 16;
        const auto from = wordAt(table, ids), length = wordAt(table, ids + 8);
        setWord(table, ids, bytes.size());
        bytes += bytes.substr(from, length);
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), length, '\0');
    }
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(begin), size, '\0');
    setWord(bytes, kAttrs, bytes.size());
    return bytes + table;
}

std::size_t threadsOf(const Imported &in)
{
    std::set<std::uint32_t> tracks;
    for (const auto track : in.samples.track)
        tracks.insert(track.raw);
    return tracks.size();
}

} // namespace

// Imports against perf itself, and against what other tools found in other people's files.
class TestPerfData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesEqualThoseOfPerfScript_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("golden");
        QTest::addColumn<bool>("selfOnly");
        const auto row = [](const char *name, const char *golden, bool selfOnly) {
            QTest::newRow(name) << QString(name) + ".perf.data"
                                << QString(golden) + ".perf-script.tsv" << selfOnly;
        };
        row("pricer.fp", "pricer.fp", false);
        row("pricer.fp.big-endian", "pricer.fp", false);
        row("pricer.pipe", "pricer.pipe", false);
        row("pricer.two-events", "pricer.two-events", false);
        row("pricer.two-events.big-endian", "pricer.two-events", false);
        row("frontend.zstd", "frontend.zstd", false);
        // perf unwinds the copies of the user stack; here only the sampled place is known.
        row("pricer.dwarf.zstd", "pricer.dwarf.zstd", true);
    }
    void framesEqualThoseOfPerfScript()
    {
        QFETCH(QString, file);
        QFETCH(QString, golden);
        QFETCH(bool, selfOnly);
        bool withAddresses = true;
        const auto perf = framesOfPerf(kGolden / golden.toStdString(), withAddresses);
        QVERIFY(perf.size() > 10);
        const auto in = importFile(kFixtures / file.toStdString());
        QVERIFY2(in.result.has_value(), "import");
        const auto difference = firstDifference(perf, framesOf(in, withAddresses), selfOnly);
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void bigEndianEqualsLittleEndian()
    {
        for (const auto *name : {"pricer.fp", "pricer.two-events"}) {
            const auto little = dump(importFile(kFixtures / (std::string(name) + ".perf.data")));
            const auto big =
                dump(importFile(kFixtures / (std::string(name) + ".big-endian.perf.data")));
            QVERIFY(little == big);
        }
    }

    // Cut anywhere, the file is either refused or marked, and never gives more samples.
    // As perf inject writes what came through a pipe: header, data, features, ids, attributes.
    void eventsBehindTheDataAreTheSameEvents_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("one event") << "pricer.fp";
        QTest::newRow("two events") << "pricer.two-events";
    }
    void eventsBehindTheDataAreTheSameEvents()
    {
        QFETCH(QString, name);
        const auto original = readFile(kFixtures / (name.toStdString() + ".perf.data"));
        const auto moved = withEventsBehind(original);
        const auto expected = importBytes(*makePerfData(), original);
        const auto in = importBytes(*makePerfData(), moved);
        QVERIFY(expected.meta.measures.size() >= 1);
        QCOMPARE(QString::fromStdString(dump(in)), QString::fromStdString(dump(expected)));
        // Read in pieces and cut anywhere.
        const auto importer = makePerfData();
        auto bad = checkReadSizes(*importer, moved);
        QVERIFY2(bad.empty(), bad.c_str());
        bad = checkTruncation(*importer, moved);
        QVERIFY2(bad.empty(), bad.c_str());
        bad = checkFlips(*importer, moved);
        QVERIFY2(bad.empty(), bad.c_str());
    }

    void everyCutIsFlagged()
    {
        for (const auto *name : {"pricer.two-events.perf.data", "frontend.zstd.perf.data"}) {
            const auto bytes = readFile(kFixtures / name);
            std::size_t before = 0;
            for (std::size_t i = 1; i < 300; ++i) {
                const auto cut = bytes.size() * i / 300;
                const auto in = importBytes(*makePerfData(), bytes.substr(0, cut));
                QVERIFY2(in.broken.empty(), in.broken.c_str());
                if (in.result.has_value())
                    QVERIFY2(in.noteCount("perf_truncated") > 0, std::to_string(cut).c_str());
                QVERIFY(in.samples.size() >= before);
                before = in.samples.size();
            }
        }
    }

    void wallClockComesFromTheHeader()
    {
        const auto path = sharedData() / "scenario/before/perf/shop.perf.data";
        if (!std::filesystem::exists(path))
            QSKIP("FW_SHARED_DATA has no scenario");
        const auto in = importFile(path);
        // perf report --header-only: 2026-11-20 22:31:31.050174 = 1795213891.050174 (TOD) =
        // 8838.429200287 (monotonic); the header has the nanoseconds, too.
        QVERIFY(in.meta.wallOffsetNs.has_value());
        QCOMPARE((*in.meta.wallOffsetNs + 8838429200287) / 1000, 1795213891050174);
        QCOMPARE(in.provenance("clock"), std::string("monotonic"));
        QCOMPARE(in.provenance("sample_freq"), std::string("999"));
        QCOMPARE(in.provenance("tool"), std::string("perf 6.1.192"));
        QCOMPARE(in.provenance("memory"), std::to_string(24684084ull * 1024));
    }

    // Lines of `perf script` for each event.
    void scenarioCountsEqualPerfScript_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("event");
        QTest::addColumn<int>("samples");
        QTest::newRow("before") << QStringLiteral("before/perf/shop.perf.data")
                                << QStringLiteral("cpu-clock") << 3543;
        QTest::newRow("after") << QStringLiteral("after/perf/shop.perf.data")
                               << QStringLiteral("cpu-clock") << 3663;
        QTest::newRow("sched") << QStringLiteral("before/perf/shop.sched.data")
                               << QStringLiteral("sched:sched_switch") << 1085;
        QTest::newRow("sched 2") << QStringLiteral("before/perf/shop.sched.data")
                                 << QStringLiteral("sched:sched_waking") << 603;
        QTest::newRow("offcpu") << QStringLiteral("before/perf/shop.offcpu.data")
                                << QStringLiteral("sched:sched_switch") << 561;
        QTest::newRow("zstd") << QStringLiteral("after/perf/frontend.zstd.perf.data")
                              << QStringLiteral("cpu-clock") << 707;
        QTest::newRow("dwarf") << QStringLiteral("before/cpp/pricer.dwarf.perf.data")
                               << QStringLiteral("cpu-clock") << 331;
        QTest::newRow("pipe") << QStringLiteral("after/cpp/pricer.pipe.perf.data")
                              << QStringLiteral("cpu-clock") << 138;
        QTest::newRow("faults") << QStringLiteral("before/cpp/pricer.two-events.perf.data")
                                << QStringLiteral("page-faults") << 89;
    }
    void scenarioCountsEqualPerfScript()
    {
        QFETCH(QString, file);
        QFETCH(QString, event);
        QFETCH(int, samples);
        const auto path = sharedData() / "scenario" / file.toStdString();
        if (!std::filesystem::exists(path))
            QSKIP("FW_SHARED_DATA has no scenario");
        const auto in = importFile(path);
        QVERIFY(in.result.has_value());
        const auto *measure = in.measure(event.toStdString());
        QVERIFY(measure != nullptr);
        QCOMPARE(measure->rows, static_cast<std::uint64_t>(samples));
    }

    void corpusCountsEqualTheFacts()
    {
        const auto folder = sharedData() / "corpus/perf_data";
        QFile file(QString::fromStdString((sharedData() / "corpus_facts.json").string()));
        if (!std::filesystem::exists(folder) || !file.open(QIODevice::ReadOnly))
            QSKIP("FW_SHARED_DATA has no corpus");
        // Facts that are not true of what is in the file:
        const std::set<std::string> known{
            // perf adds samples that it decodes from Intel PT, which is not read here.
            "perf_data_converter__perf.data.intel_pt-4.14",
            "perf_data_converter__perf.data.piped.intel_pt-4.14",
            // perf script and perf report -D count 69 samples of one thread, as here; the fact says
            // 679 of 160.
            "perfparser__contentsize.data",
        };
        const auto facts = QJsonDocument::fromJson(file.readAll()).object();
        int checked = 0;
        for (const auto &entry : std::filesystem::directory_iterator(folder)) {
            const auto name = entry.path().filename().string();
            const auto fact = facts.value(QString::fromStdString("perf_data/" + name)).toObject();
            if (name.ends_with(".gz"))
                continue; // a tar file in gzip, not a recording
            const auto in = importFile(entry.path());
            QVERIFY2(in.result.has_value() && in.broken.empty(), name.c_str());
            if (fact.isEmpty() || known.count(name) > 0)
                continue;
            QVERIFY2(static_cast<int>(in.samples.size()) == fact.value("samples").toInt(),
                     name.c_str());
            QVERIFY2(static_cast<int>(threadsOf(in)) == fact.value("threads").toInt(),
                     name.c_str());
            ++checked;
        }
        QVERIFY(checked >= 35);
    }
};

QTEST_GUILESS_MAIN(TestPerfData)
#include "tst_perf_data.moc"
