#include "importers/symbols/demangle.h"
#include "importers/symbols/elf_file.h"
#include "importers/symbols/elf_symbolizer.h"
#include "importers/symbols/elf_symbols.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace flamewright;

namespace {

const QString kFixtures = QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/symbols/");
const QString kGoldens = QStringLiteral(FW_SOURCE_DIR "/tests/golden/symbols/");
constexpr const char *kBuildId = "ab157c5e2e18df9713dba0c5ba37f778b63ff270";

QString sharedData(const QString &path)
{
    const auto root =
        qEnvironmentVariable("FW_SHARED_DATA", QStringLiteral(FW_SOURCE_DIR "/../shared/data"));
    const auto full = root + u'/' + path;
    return QFile::exists(full) ? full : QString();
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

SymbolQuery elfQuery(std::string name, std::string buildId, std::vector<SymbolAddress> addresses)
{
    SymbolQuery query;
    query.module = {std::move(name), std::move(buildId), ModuleKind::Elf, -1, 0};
    query.addresses = std::move(addresses);
    std::sort(query.addresses.begin(), query.addresses.end());
    query.addresses.erase(std::unique(query.addresses.begin(), query.addresses.end()),
                          query.addresses.end());
    return query;
}

SymbolSearch only(const QString &directory)
{
    SymbolSearch search;
    search.directories = {directory.toStdString()};
    search.useSystem = false;
    return search;
}

SymbolAnswer resolve(const SymbolSearch &search, const SymbolQuery &query)
{
    JobContext job;
    auto answer = makeElfSymbolizer(search)->resolve(query, job);
    if (!answer.has_value()) {
        QTest::qFail(answer.error().text().c_str(), __FILE__, __LINE__);
        return {};
    }
    return *std::move(answer);
}

std::vector<ResolvedFrame> row(const SymbolAnswer &answer, std::size_t i)
{
    const auto begin = i == 0 ? 0 : answer.end[i - 1];
    return {answer.frames.begin() + begin, answer.frames.begin() + answer.end[i]};
}

bool hasNote(const SymbolAnswer &answer, std::string_view code)
{
    return std::any_of(answer.notes.begin(), answer.notes.end(),
                       [&](const ImportNote &note) { return note.code == code; });
}

struct GoldenFrame {
    std::string function; // demangled
    std::string place;    // "/src/inlined.cpp:12"
};
using Golden = std::map<std::uint64_t, std::vector<GoldenFrame>>;

// Output of eu-addr2line -i -f -a without columns.
Golden readGolden(const QString &path)
{
    Golden out;
    std::uint64_t address = 0;
    std::string function;
    for (const auto &line : contents(path).split('\n')) {
        if (line.startsWith("0x")) {
            address = line.mid(2).toULongLong(nullptr, 16);
            out[address];
        } else if (function.empty()) {
            function = line.toStdString();
        } else {
            if (function != "??") // padding between functions
                out[address].push_back({demangle(function), line.toStdString()});
            function.clear();
        }
    }
    return out;
}

std::vector<SymbolAddress> addressesOf(const Golden &golden)
{
    std::vector<SymbolAddress> out;
    for (const auto &item : golden)
        out.push_back({item.first, false});
    return out;
}

// Where DWARF has no linkage name (of functions that are not seen outside), eu-addr2line says the bare
// name and we say where it belongs.
bool sameFunction(const std::string &ours, const std::string &theirs)
{
    const auto suffix = "::" + theirs;
    return ours == theirs ||
           (theirs.find("::") == std::string::npos && ours.size() > suffix.size() &&
            ours.compare(ours.size() - suffix.size(), suffix.size(), suffix) == 0);
}

void compareWith(const Golden &golden, const SymbolAnswer &answer)
{
    QCOMPARE(answer.end.size(), golden.size());
    std::size_t i = 0;
    for (const auto &[address, expected] : golden) {
        const auto frames = row(answer, i++);
        QVERIFY2(frames.size() == expected.size(), qPrintable(QString::number(address, 16)));
        for (std::size_t k = 0; k < frames.size(); ++k) {
            QVERIFY2(sameFunction(frames[k].function, expected[k].function),
                     frames[k].function.c_str());
            QCOMPARE(frames[k].file + ":" + std::to_string(frames[k].line), expected[k].place);
            QVERIFY(frames[k].source == SymbolSource::Dwarf);
        }
    }
}

} // namespace

class TestSymbolizer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithEuAddr2lineOnEveryInstruction()
    {
        const auto golden = readGolden(kGoldens + "inlined.eu-addr2line.txt");
        QVERIFY(golden.size() > 100);
        std::size_t inlined = 0;
        for (const auto &item : golden)
            inlined += item.second.size() > 1 ? 1 : 0;
        QVERIFY(inlined > 30);
        // Its file offsets are its addresses.
        const auto answer =
            resolve(only(kFixtures), elfQuery("/x/inlined", kBuildId, addressesOf(golden)));
        compareWith(golden, answer);
        QVERIFY(answer.notes.empty());
        for (const auto *name :
             {"shop::(anonymous namespace)::discount", "shop::(anonymous namespace)::hidden",
              "shop::Basket<shop::Item>::sum", "twice",
              "checkout(shop::Item const*, unsigned long)::{lambda(long)#1}::operator()"})
            QVERIFY2(std::any_of(answer.frames.begin(), answer.frames.end(),
                                 [&](const auto &frame) { return frame.function == name; }),
                     name);
    }

    void readsSeparateDebugInformationByLinkAndByBuildId()
    {
        const auto golden = readGolden(kGoldens + "inlined.eu-addr2line.txt");
        QTemporaryDir byLink, byId;
        QVERIFY(QFile::copy(kFixtures + "inlined.stripped", byLink.filePath("app")));
        const auto query = elfQuery("/opt/app", kBuildId, addressesOf(golden));
        // Without the debug file only what .dynsym says, which is nothing here.
        QCOMPARE(resolve(only(byLink.path()), query).frames.size(), std::size_t{0});
        QVERIFY(QDir(byLink.path()).mkdir(".debug"));
        QVERIFY(QFile::copy(kFixtures + "inlined.debug", byLink.filePath(".debug/inlined.debug")));
        compareWith(golden, resolve(only(byLink.path()), query));
        // The debug file alone: its program headers have lost their offsets.
        QVERIFY(QDir(byId.path()).mkpath(".build-id/ab"));
        QVERIFY(QFile::copy(kFixtures + "inlined.debug",
                            byId.filePath(".build-id/ab/") + QString(kBuildId).mid(2) + ".debug"));
        compareWith(golden, resolve(only(byId.path()), query));
    }

    void readsSymbolsPackedIntoAStrippedProgram()
    {
        // Whatever the full symbol table calls an address, .gnu_debugdata does: it has all functions
        // that .dynsym has not.
        const auto golden = readGolden(kGoldens + "inlined.eu-addr2line.txt");
        QTemporaryDir dir;
        QVERIFY(QFile::copy(kFixtures + "inlined.mini", dir.filePath("app")));
        const auto query = elfQuery("/opt/app", kBuildId, addressesOf(golden));
        const auto full =
            resolve(only(kFixtures), elfQuery("/x/inlined", kBuildId, addressesOf(golden)));
        const auto mini = resolve(only(dir.path()), query);
        QVERIFY(mini.notes.empty());
        std::size_t named = 0;
        for (std::size_t i = 0; i < query.addresses.size(); ++i) {
            if (row(full, i).empty())
                continue;
            QCOMPARE(row(mini, i).size(), std::size_t{1});
            QCOMPARE(row(mini, i)[0].function, row(full, i).back().function);
            QCOMPARE(row(mini, i)[0].source, SymbolSource::Symtab);
            ++named;
        }
        QVERIFY(named > 100);
        // Damage costs the names and is said. The section begins at 0x3010.
        auto bytes = contents(kFixtures + "inlined.mini");
        bytes[0x3010 + 400] = static_cast<char>(bytes[0x3010 + 400] ^ 0x55);
        QTemporaryDir broken;
        QFile file(broken.filePath("app"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const auto nothing = resolve(only(broken.path()), query);
        QVERIFY(nothing.frames.empty());
        QVERIFY(hasNote(nothing, "symbols_file_damaged"));
    }

    void readsPerfsBuildIdCache()
    {
        QTemporaryDir home;
        const auto folder = home.filePath(".debug/opt/app/") + kBuildId;
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(QFile::copy(kFixtures + "inlined", folder + "/elf"));
        SymbolSearch search;
        search.home = home.path().toStdString();
        const auto golden = readGolden(kGoldens + "inlined.eu-addr2line.txt");
        const auto answer = resolve(search, elfQuery("/opt/app", kBuildId, addressesOf(golden)));
        compareWith(golden, answer);
        QCOMPARE(QString::fromStdString(answer.usedFile), folder + "/elf");
        // By the link perf makes: .build-id/ab/cdef... -> ../../opt/app/<build id>
        QTemporaryDir linked;
        QVERIFY(QDir().mkpath(linked.filePath(".debug/.build-id/ab")));
        QVERIFY(QDir().mkpath(linked.filePath(".debug/home/x/") + kBuildId));
        QVERIFY(QFile::copy(kFixtures + "inlined",
                            linked.filePath(".debug/home/x/") + kBuildId + "/elf"));
        QVERIFY(QFile::link(QStringLiteral("../../home/x/") + kBuildId,
                            linked.filePath(".debug/.build-id/ab/") + QString(kBuildId).mid(2)));
        search.home = linked.path().toStdString();
        compareWith(golden, resolve(search, elfQuery("/opt/app", kBuildId, addressesOf(golden))));
    }

    void refusesAnotherBuild()
    {
        const auto query =
            elfQuery("/x/inlined", "00112233445566778899aabbccddeeff00112233", {{0x1330, false}});
        const auto answer = resolve(only(kFixtures), query);
        QVERIFY(answer.frames.empty());
        QCOMPARE(answer.end, std::vector<std::uint32_t>{0});
        QVERIFY(hasNote(answer, "symbols_build_id_mismatch"));
        // A file without a build id is not the one captured either.
        QVERIFY(resolve(only(kFixtures), elfQuery("/x/inlined.gz", kBuildId, {{0x1330, false}}))
                    .frames.empty());
    }

    void acceptsAFileWhenTheCaptureHasNoBuildIdAndSaysSo()
    {
        // Compressed debug sections on the way.
        const auto answer =
            resolve(only(kFixtures), elfQuery("/x/inlined.gz (deleted)", "", {{0x1330, false}}));
        QCOMPARE(row(answer, 0).back().function, std::string("checkout"));
        QCOMPARE(row(answer, 0).back().source, SymbolSource::Dwarf);
        QVERIFY(hasNote(answer, "symbols_unverified"));
    }

    void looksUpTheCallOfAReturnAddress()
    {
        // The first byte after a function belongs to the call that ended it.
        const auto golden = readGolden(kGoldens + "inlined.eu-addr2line.txt");
        const auto answer = resolve(
            only(kFixtures), elfQuery("/x/inlined", kBuildId, {{0x1330, false}, {0x1330, true}}));
        QCOMPARE(row(answer, 0).back().function, std::string("checkout"));
        QVERIFY(row(answer, 1).empty() || row(answer, 1).back().function != "checkout");
        QVERIFY(golden.count(0x1330) == 1);
    }

    void namesLinkageTableEntries()
    {
        const auto path = sharedData("scenario/before/cpp/pricer");
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no captures of the corpus");
        const auto answer =
            resolve(only(QFileInfo(path).path()),
                    elfQuery("/x/pricer", "19e8294010e5f511f9dd089c119131079902a741",
                             {{0x1030, false}, {0x1180, false}}));
        QCOMPARE(row(answer, 0)[0].function, std::string("printf@plt"));
        QCOMPARE(row(answer, 1)[0].function, std::string("__cxa_finalize@plt"));
    }

    // The symbol that perf script prints is our outermost function at every address it shows.
    void namesFunctionsAsPerfScriptDoes()
    {
        const auto script = sharedData("scenario/before/cpp/pricer.fp.perf-script.txt");
        if (script.isEmpty())
            QSKIP("FW_SHARED_DATA has no captures of the corpus");
        std::map<std::uint64_t, std::string> expected;
        for (const auto &line : contents(script).split('\n')) {
            const auto text = line.trimmed();
            const auto module = text.lastIndexOf(" (");
            const auto plus = text.lastIndexOf("+0x", module);
            const auto space = text.indexOf(' ');
            if (plus < 0 || !text.endsWith("/pricer)"))
                continue;
            expected[text.left(space).toULongLong(nullptr, 16)] =
                text.mid(space + 1, plus - space - 1).toStdString();
        }
        QVERIFY(expected.size() > 20);
        std::vector<SymbolAddress> addresses;
        for (const auto &item : expected)
            addresses.push_back({item.first, false});
        const auto answer =
            resolve(only(QFileInfo(script).path()),
                    elfQuery("/tmp/scenario/before/cpp/pricer",
                             "19e8294010e5f511f9dd089c119131079902a741", addresses));
        std::size_t i = 0;
        for (const auto &[address, name] : expected) {
            const auto frames = row(answer, i++);
            QVERIFY2(!frames.empty(), qPrintable(QString::number(address, 16)));
            QCOMPARE(frames.back().function, name);
        }
    }

    void readsAStaticProgramOfAnotherTool()
    {
        const auto path = sharedData("corpus/perf_data_binaries/perfparser__cpp-inlining");
        if (path.isEmpty())
            QSKIP("FW_SHARED_DATA has no captures of the corpus");
        auto query =
            elfQuery("/x/perfparser__cpp-inlining", "9ac7c416e82a41a8dc3b38665ef1fe9124731ea8", {});
        for (std::uint64_t offset = 0x4000; offset < 0x14000; offset += 7)
            query.addresses.push_back({offset, false});
        const auto answer = resolve(only(QFileInfo(path).path()), query);
        QVERIFY(answer.frames.size() > 1000);
        QVERIFY(std::any_of(answer.frames.begin(), answer.frames.end(), [](const auto &frame) {
            return frame.source == SymbolSource::Dwarf && frame.function == "main" &&
                   frame.file.size() > 4 && frame.line > 0;
        }));
    }

    void choosesAliasesLikePerf()
    {
        const auto best = [](std::vector<NamedRange> symbols) {
            SymbolTable table;
            for (const auto &symbol : symbols)
                table.add(symbol);
            table.finish();
            return std::string(table.find(0x10)->name);
        };
        using B = NamedRange::Binding;
        QCOMPARE(best({{0x10, 0x10, "label", B::Global}, {0x10, 0x20, "sized", B::Local}}),
                 "sized");
        QCOMPARE(best({{0x10, 0x20, "weak_name", B::Weak}, {0x10, 0x20, "local", B::Local}}),
                 "local");
        QCOMPARE(best({{0x10, 0x20, "local_name", B::Local}, {0x10, 0x20, "glob", B::Global}}),
                 "glob");
        QCOMPARE(best({{0x10, 0x20, "__libc_free", B::Global}, {0x10, 0x20, "free", B::Global}}),
                 "free");
        QCOMPARE(
            best({{0x10, 0x20, "free", B::Global}, {0x10, 0x20, "cfree@GLIBC_2.2.5", B::Global}}),
            "cfree@GLIBC_2.2.5");
    }

    void bridgesSymbolsWithoutASizeButNoGaps()
    {
        using B = NamedRange::Binding;
        SymbolTable table;
        table.add({0x100, 0x100, "label", B::Global});
        table.add({0x180, 0x190, "sized", B::Global});
        table.add({0x150, 0x150, "next", B::Local});
        table.finish();
        QVERIFY(table.find(0xff) == nullptr);
        QCOMPARE(std::string(table.find(0x14f)->name), "label");
        QCOMPARE(std::string(table.find(0x17f)->name), "next");
        QCOMPARE(std::string(table.find(0x18f)->name), "sized");
        QVERIFY(table.find(0x190) == nullptr);
    }

    void demanglesAsPerfReportPrints()
    {
        QCOMPARE(demangle("_ZNSt6vectorIiSaIiEE9push_backERKi"),
                 "std::vector<int, std::allocator<int> >::push_back");
        QCOMPARE(demangle("_Znwm"), "operator new");
        QCOMPARE(demangle("_ZZ4mainENKUlvE_clEv.isra.0"), "main::{lambda()#1}::operator()");
        QCOMPARE(demangle("_ZN4core3ptr85drop_in_place$LT$std..rt..lang_start$LT$$LP$$RP$$GT$.."
                          "$u7b$$u7b$closure$u7d$$u7d$$GT$17h0123456789abcdefE"),
                 "core::ptr::drop_in_place<std::rt::lang_start<()>::{{closure}}>");
        QCOMPARE(demangle("_RNvC6_123foo3bar"), "123foo::bar");
        QCOMPARE(demangle("main"), "main");
        QCOMPARE(demangle("_Zebra"), "_Zebra");
        QCOMPARE(demangle(""), "");
    }

    void boundsWhatDemanglingExpandsTo()
    {
        // pair<pair<..., ...>, ...>: doubles with every four letters.
        QByteArray bomb = "_ZN1aI";
        bomb += "St4pairIiiE";
        static constexpr char kDigits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (int i = 0; i < 34; ++i) {
            const QByteArray last = QByteArray("S") + kDigits[i + 1] + "_";
            bomb += "S0_I" + last + last + "E";
        }
        bomb += "E1fEv";
        QVERIFY(demangle(bomb.toStdString()).size() <= kMaxDemangledBytes);
        const auto deep = "_Z1f" + std::string(40000, 'P') + "i";
        QCOMPARE(demangle(deep), deep);
        const auto longName = "_Z" + std::string(100000, 'x');
        QCOMPARE(demangle(longName), longName);
    }

    void answersEveryAddressOfACancelledOrUnknownModule()
    {
        SymbolQuery query = elfQuery("[heap]", "", {{1, false}, {2, true}});
        query.module.kind = ModuleKind::Unknown;
        const auto answer = resolve({}, query);
        QCOMPARE(answer.end, (std::vector<std::uint32_t>{0, 0}));
        std::stop_source stop;
        stop.request_stop();
        JobContext job(stop.get_token());
        const auto result = makeElfSymbolizer({})->resolve(query, job);
        QVERIFY(!result.has_value() && result.error().code() == Errc::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestSymbolizer)
#include "tst_symbolizer.moc"
