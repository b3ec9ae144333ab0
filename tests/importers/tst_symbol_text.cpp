#include "importers/symbols/address_text.h"
#include "importers/symbols/cache_entry.h"
#include "importers/symbols/elf_symbolizer.h"
#include "importers/symbols/module_files.h"
#include "importers/symbols/running_kernel.h"
#include "importers/symbols/symbol_cache.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace flamewright;

namespace {

using Addresses = std::vector<std::uint64_t>;

std::vector<std::string> texts(const TextAnswer &answer)
{
    return {answer.names.begin(), answer.names.end()};
}

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

// Answers every address with its number and counts what it was asked.
class Counting final : public Symbolizer {
public:
    explicit Counting(int &asked, std::string note = "symbols_alt_file_missing")
        : m_asked(asked),
          m_note(std::move(note))
    {}
    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &) override
    {
        SymbolAnswer answer;
        for (const auto &address : query.addresses) {
            ++m_asked;
            if (address.address % 5 != 0)
                answer.frames.push_back({"f" + std::to_string(address.address), "/a.cpp",
                                         static_cast<std::uint32_t>(address.address),
                                         SymbolSource::Dwarf});
            answer.end.push_back(static_cast<std::uint32_t>(answer.frames.size()));
        }
        answer.usedFile = "/x";
        answer.notes = {{Severity::Info, m_note, 1, 0, "text"}};
        return answer;
    }

private:
    int &m_asked;
    std::string m_note;
};

SymbolQuery query(std::string buildId, Addresses addresses)
{
    SymbolQuery out;
    out.module = {"/opt/app", std::move(buildId), ModuleKind::Elf, -1, 0};
    for (const auto address : addresses)
        out.addresses.push_back({address, address % 2 == 0});
    return out;
}

QString sharedData(const QString &path)
{
    const auto root =
        qEnvironmentVariable("FW_SHARED_DATA", QStringLiteral(FW_SOURCE_DIR "/../shared/data"));
    return root + u'/' + path;
}

} // namespace

class TestSymbolText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void laterLinesOfAPerfMapWin()
    {
        const auto answer = findInPerfMap("1000 100 old\n1080 40 new one\n2000 10 far\n",
                                          Addresses{0xfff, 0x1000, 0x107f, 0x1080, 0x10bf, 0x10c0,
                                                    0x10ff, 0x1100, 0x2000, 0x2010});
        QCOMPARE(texts(answer), (std::vector<std::string>{"", "old", "old", "new one", "new one",
                                                          "old", "old", "", "far", ""}));
        QCOMPARE(answer.badLines, std::uint64_t{0});
    }

    void countsLinesOfAPerfMapThatAreNone()
    {
        const auto answer = findInPerfMap("garbage\n1000 zz name\n1000 10\nffffffffffffffff 10 x\n"
                                          "\n0x1000 0x10 good\r\n1000 0 empty",
                                          Addresses{0x1000});
        QCOMPARE(texts(answer), std::vector<std::string>{"good"});
        QCOMPARE(answer.badLines, std::uint64_t{5});
    }

    void agreesWithALinearSearchOfAPerfMap()
    {
        std::string text;
        std::vector<std::array<std::uint64_t, 2>> entries;
        std::uint32_t random = 7;
        const auto next = [&random](std::uint32_t below) {
            random = random * 1664525u + 1013904223u;
            return (random >> 8) % below;
        };
        for (int i = 0; i < 300; ++i) {
            entries.push_back({next(1000), next(60)});
            char line[64];
            std::snprintf(line, sizeof line, "%llx %llx n%d\n",
                          static_cast<unsigned long long>(entries.back()[0]),
                          static_cast<unsigned long long>(entries.back()[1]), i);
            text += line;
        }
        Addresses all(1100);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = i;
        const auto answer = findInPerfMap(text, all);
        for (const auto address : all) {
            std::string expected;
            for (std::size_t i = 0; i < entries.size(); ++i) {
                if (address >= entries[i][0] && address < entries[i][0] + entries[i][1])
                    expected = "n" + std::to_string(i);
            }
            QCOMPARE(std::string(answer.names[address]), expected);
        }
    }

    void readsPlacesFromNamesOfV8()
    {
        const auto place = placeInName("JS:*bind /srv/node_modules/a b/x.js:34:9");
        QCOMPARE(place.file, std::string_view("b/x.js")); // a space in a path cannot be told
        QCOMPARE(placeInName("JS:^ /srv/pool.js:449:18").file, std::string_view("/srv/pool.js"));
        QCOMPARE(placeInName("JS:^ /srv/pool.js:449:18").line, std::uint32_t{449});
        QCOMPARE(placeInName("LazyCompile:~f node:internal/util.js:12").line, std::uint32_t{12});
        for (const auto *none :
             {"Builtin:RecordWriteSaveFP", "x", "", "f :3:4", "std::a<b> c::d", "f /a.js:x:y"})
            QVERIFY2(placeInName(none).file.empty(), none);
    }

    // Every JIT frame that perf script prints has the same name here.
    void namesJitFramesAsPerfScriptDoes()
    {
        QFile script(sharedData("scenario/before/perf/shop.perf-script.txt"));
        if (!script.open(QIODevice::ReadOnly))
            QSKIP("FW_SHARED_DATA has no captures of the corpus");
        std::map<std::uint64_t, std::string> expected;
        while (!script.atEnd()) {
            const auto line = script.readLine().trimmed();
            if (!line.endsWith(" (/tmp/perf-16520.map)"))
                continue;
            const auto plus = line.lastIndexOf("+0x");
            const auto space = line.indexOf(' ');
            if (plus < 0)
                continue; // perf does not know it either
            expected[line.left(space).toULongLong(nullptr, 16)] =
                line.mid(space + 1, plus - space - 1).toStdString();
        }
        QVERIFY2(expected.size() > 200, qPrintable(QString::number(expected.size())));
        SymbolSearch search;
        search.useSystem = false;
        search.directories = {sharedData("scenario/before/perf").toStdString()};
        SymbolQuery jit;
        jit.module = {"/tmp/perf-16520.map", "", ModuleKind::Jit, 16520, 0};
        for (const auto &item : expected)
            jit.addresses.push_back({item.first, false});
        JobContext job;
        const auto answer = makeElfSymbolizer(search)->resolve(jit, job);
        QVERIFY(answer.has_value());
        // V8 compiles again at places it used before. We take the last line, perf the longest name
        // at one start: where we differ, its name must be another line of that address.
        QFile mapFile(sharedData("scenario/before/perf/perf-16520.map"));
        QVERIFY(mapFile.open(QIODevice::ReadOnly));
        const auto lines = mapFile.readAll().split('\n');
        const auto isLineOf = [&](std::uint64_t address, const std::string &name) {
            return std::any_of(lines.begin(), lines.end(), [&](const QByteArray &line) {
                const auto fields = line.split(' ');
                if (fields.size() < 3)
                    return false;
                const auto begin = fields[0].toULongLong(nullptr, 16);
                return address >= begin && address - begin < fields[1].toULongLong(nullptr, 16) &&
                       line.endsWith(QByteArray::fromStdString(" " + name));
            });
        };
        std::size_t i = 0, differ = 0;
        for (const auto &[address, name] : expected) {
            const auto begin = i == 0 ? 0 : answer->end[i - 1];
            QCOMPARE(answer->end[i], begin + 1);
            const auto &ours = answer->frames[begin].function;
            ++i;
            if (ours == name)
                continue;
            ++differ;
            QVERIFY2(isLineOf(address, name) && isLineOf(address, ours), name.c_str());
        }
        QVERIFY2(differ * 4 < expected.size(), qPrintable(QString::number(differ)));
    }

    void readsKallsymsWithModulesAndShift()
    {
        constexpr std::string_view kText = "ffffffff81000000 T _text\n"
                                           "ffffffff81000000 T _stext\n"
                                           "ffffffff81000000 T startup_64\n"
                                           "ffffffff81000100 t do_one\n"
                                           "ffffffff81000100 T do_one_alias\n"
                                           "ffffffff81000180 d some_data\n"
                                           "ffffffff81000200 W weak_one\n"
                                           "ffffffffc0000000 t ext4_read\t[ext4]\n"
                                           "not a line\n";
        QVERIFY(!inspectKallsyms(kText).hidden);
        QCOMPARE(inspectKallsyms(kText).anchor, 0xffffffff81000000u);
        const auto plain =
            findInKallsyms(kText, 0,
                           Addresses{0xffffffff80ffffff, 0xffffffff81000050, 0xffffffff81000190,
                                     0xffffffff81000200, 0xffffffffc0000010, 0xffffffffc0100000});
        QCOMPARE(texts(plain), (std::vector<std::string>{"", "startup_64", "do_one_alias",
                                                         "weak_one", "ext4_read", ""}));
        QCOMPARE(plain.badLines, std::uint64_t{1});
        const auto moved =
            findInKallsyms(kText, 0x1000000, Addresses{0xffffffff82000100, 0xffffffffc0000010});
        QCOMPARE(texts(moved), (std::vector<std::string>{"do_one_alias", ""}));
    }

    void findsTheKernelOfTheCaptureByBuildIdAndMovesIt()
    {
        QTemporaryDir dir;
        const auto folder = dir.filePath("[kernel.kallsyms]/aabbccdd");
        QVERIFY(QDir().mkpath(folder));
        write(folder + "/kallsyms", "ffffffff81000000 T _text\nffffffff81000100 T schedule\n"
                                    "ffffffff81000200 T after\n");
        write(dir.filePath("kallsyms"), "0000000000000000 T _text\n0000000000000000 T schedule\n");
        SymbolSearch search;
        search.useSystem = false;
        search.directories = {dir.path().toStdString()};
        SymbolQuery kernel;
        kernel.module = {"[kernel.kallsyms]", "aabbccdd", ModuleKind::Kernel, -1,
                         0xffffffff91000000};
        kernel.addresses = {{0xffffffff91000110, false}, {0xffffffff91000200, true}};
        JobContext job;
        auto answer = makeElfSymbolizer(search)->resolve(kernel, job);
        QVERIFY(answer.has_value());
        QCOMPARE(answer->end, (std::vector<std::uint32_t>{1, 2}));
        QCOMPARE(answer->frames[0].function, std::string("schedule"));
        QCOMPARE(answer->frames[1].function, std::string("schedule")); // the call, not what follows
        // The other file has no addresses, which is said.
        kernel.module.buildId = "11223344";
        answer = makeElfSymbolizer(search)->resolve(kernel, job);
        QVERIFY(answer.has_value() && answer->frames.empty());
        QCOMPARE(answer->notes.at(0).code, std::string("symbols_kallsyms_hidden"));
        // A file that was chosen comes before all.
        search.kallsyms = (folder + "/kallsyms").toStdString();
        answer = makeElfSymbolizer(search)->resolve(kernel, job);
        QVERIFY(answer.has_value());
        QCOMPARE(answer->frames.size(), std::size_t{2});
    }

    void takesTheRunningKernelOnlyForItsOwnCaptures()
    {
        SymbolSearch search;
        search.runningKernel = "aabbccdd";
        ModuleRow kernel{"[kernel.kallsyms]", "aabbccdd", ModuleKind::Kernel, -1, 0};
        const auto own = [&] {
            const auto places = kallsymsPlaces(kernel, search);
            return !places.empty() &&
                   places.back().root / places.back().path == std::filesystem::path(kOwnKallsyms);
        };
        QVERIFY(own());
        kernel.buildId = "aabbccde";
        QVERIFY(!own());
        kernel.buildId.clear(); // a capture that does not say is of any kernel
        QVERIFY(!own());
        search.runningKernel.clear();
        QVERIFY(!own());
    }

    void readsTheBuildIdAmongTheKernelsNotes()
    {
        const auto note = [](std::string name, std::uint32_t type, std::string content) {
            name.push_back('\0');
            const std::uint32_t head[] = {static_cast<std::uint32_t>(name.size()),
                                          static_cast<std::uint32_t>(content.size()), type};
            std::string out(reinterpret_cast<const char *>(head), sizeof head);
            name.resize((name.size() + 3) / 4 * 4);
            content.resize((content.size() + 3) / 4 * 4);
            return out + name + content;
        };
        const std::string id = "\x4a\x5a\x9b\x0a\xff";
        const auto xen = note("Xen", 3, "abcdefg"), gnu = note("GNU", 3, id);
        QCOMPARE(buildIdOfNotes(xen + note("GNU", 1, "vers") + gnu), std::string("4a5a9b0aff"));
        QCOMPARE(buildIdOfNotes(xen), std::string());
        for (std::size_t cut = 0; cut + 3 < gnu.size(); ++cut) // 3: the last padding
            QCOMPARE(buildIdOfNotes(gnu.substr(0, cut)), std::string());
        QCOMPARE(buildIdOfNotes(std::string(64, '\xff')), std::string());
    }

    void remembersAnswersByBuildId()
    {
        QTemporaryDir dir;
        SymbolSearch search;
        search.useSystem = false;
        search.cacheDirectory = dir.filePath("cache").toStdString();
        int asked = 0;
        JobContext job;
        const auto run = [&](const SymbolQuery &q) {
            auto answer =
                makeCachingSymbolizer(std::make_unique<Counting>(asked), search)->resolve(q, job);
            return answer.has_value() ? *answer : SymbolAnswer{};
        };
        const auto first = run(query("aabbccdd", {1, 3, 5, 7}));
        QCOMPARE(asked, 4);
        const auto again = run(query("aabbccdd", {1, 3, 5, 7}));
        QCOMPARE(asked, 4); // also the one nobody knew
        QCOMPARE(again.end, first.end);
        QCOMPARE(again.frames[2].function, std::string("f7"));
        QCOMPARE(again.frames[2].line, std::uint32_t{7});
        QCOMPARE(again.frames[2].source, SymbolSource::Dwarf);
        QCOMPARE(again.usedFile, std::string("/x"));
        QCOMPARE(again.notes, first.notes);
        // Only what is new is asked, and what was known stays.
        const auto more = run(query("aabbccdd", {2, 3, 9}));
        QCOMPARE(asked, 6);
        QCOMPARE(more.end, (std::vector<std::uint32_t>{1, 2, 3}));
        QCOMPARE(more.frames[1].function, std::string("f3"));
        run(query("aabbccdd", {1, 2, 3, 5, 7, 9}));
        QCOMPARE(asked, 6);
        // Another build, or none, is another matter.
        run(query("aabbccde", {1}));
        run(query("", {1}));
        run(query("", {1}));
        run(query("../../x", {1}));
        QCOMPARE(asked, 10);
    }

    void forgetsAnswersThatLackAFileThatCouldNotBeRead()
    {
        QTemporaryDir dir;
        SymbolSearch search;
        search.useSystem = false;
        search.cacheDirectory = dir.filePath("cache").toStdString();
        int asked = 0;
        JobContext job;
        const auto run = [&](const char *note) {
            return makeCachingSymbolizer(std::make_unique<Counting>(asked, note), search)
                ->resolve(query("aabbccdd", {1, 3}), job)
                .has_value();
        };
        QVERIFY(run("symbols_file_refused"));
        QCOMPARE(asked, 2);
        QVERIFY(run("symbols_file_damaged"));
        QCOMPARE(asked, 4);
        QVERIFY(run("symbols_alt_file_missing"));
        QCOMPARE(asked, 6);
        QVERIFY(run("symbols_alt_file_missing"));
        QCOMPARE(asked, 6);
    }

    void asksAgainWhenFilesChange()
    {
        QTemporaryDir dir;
        SymbolSearch search;
        search.useSystem = false;
        search.directories = {dir.filePath("symbols").toStdString()};
        search.cacheDirectory = dir.filePath("cache").toStdString();
        QVERIFY(QDir().mkpath(dir.filePath("symbols")));
        int asked = 0;
        JobContext job;
        const auto run = [&] {
            QVERIFY(makeCachingSymbolizer(std::make_unique<Counting>(asked), search)
                        ->resolve(query("aabbccdd", {1}), job)
                        .has_value());
        };
        run();
        run();
        QCOMPARE(asked, 1);
        write(dir.filePath("symbols/app"), "now there is a file");
        run();
        run();
        QCOMPARE(asked, 2);
        write(dir.filePath("symbols/app"), "and now it is another");
        run();
        QCOMPARE(asked, 3);
    }

    void ignoresDamagedEntriesAndStaysBelowItsBound()
    {
        QTemporaryDir dir;
        SymbolSearch search;
        search.useSystem = false;
        search.cacheDirectory = dir.path().toStdString();
        int asked = 0;
        JobContext job;
        SymbolCacheLimits limits;
        const auto run = [&](const std::string &id) {
            QVERIFY(makeCachingSymbolizer(std::make_unique<Counting>(asked), search, limits)
                        ->resolve(query(id, {1, 2, 3}), job)
                        .has_value());
        };
        run("aabbccdd");
        auto names = QDir(dir.path()).entryList(QDir::Files);
        QCOMPARE(names.size(), 1);
        QVERIFY(names[0].startsWith("aabbccdd-"));
        QFile file(dir.filePath(names[0]));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto bytes = file.readAll();
        QVERIFY(decodeCacheEntry(bytes.toStdString()).has_value());
        for (int i = 0; i < bytes.size(); ++i) {
            auto damaged = bytes;
            damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
            QVERIFY(!decodeCacheEntry(damaged.toStdString()).has_value());
            QVERIFY(!decodeCacheEntry(bytes.left(i).toStdString()).has_value());
        }
        QVERIFY(file.seek(bytes.size() / 2) && file.write("!") == 1);
        file.close();
        run("aabbccdd");
        QCOMPARE(asked, 6);
        limits.maxBytes = static_cast<std::uint64_t>(bytes.size()) * 3 + 10;
        write(dir.filePath("not ours"), QByteArray(10000, 'x'));
        for (int i = 0; i < 8; ++i)
            run("0000000" + std::to_string(i));
        names = QDir(dir.path()).entryList({"*.symbols"}, QDir::Files);
        QCOMPARE(names.size(), 3);
        QVERIFY(names[2].startsWith("00000007-"));
        QVERIFY(QFile::exists(dir.filePath("not ours")));
    }
};

QTEST_GUILESS_MAIN(TestSymbolText)
#include "tst_symbol_text.moc"
