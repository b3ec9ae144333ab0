#include "app/workbench.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace flamewright;

namespace {

const std::string kDemo = FW_SOURCE_DIR "/resources/demo/";
const std::string kBin = FW_BIN_DIR;

bool hasNote(const CaptureInfo &capture, std::string_view code)
{
    return std::any_of(capture.meta.notes.begin(), capture.meta.notes.end(),
                       [&](const ImportNote &note) { return note.code == code; });
}

} // namespace

// The cache of symbols as the workbench sets it up, around a real worker process.
class TestSymbolMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWorkerThatDiedLeavesNothingInTheCache()
    {
        const QTemporaryDir dir;
        ImporterRegistry importers;
        addBuiltinImporters(importers);
        const std::filesystem::path cache = dir.filePath(QStringLiteral("cache")).toStdString();
        // A symbol worker that ends at once.
        const Workbench unlucky(importers, {.isolation = Isolation::Worker,
                                            .workerProgram = "/bin/false",
                                            .cacheDirectory = cache});
        const Workbench sound(importers, {.isolation = Isolation::Worker,
                                          .workerProgram = kBin + "/import-worker",
                                          .cacheDirectory = cache});
        JobContext job;
        auto session =
            openSession(dir.filePath(QStringLiteral("a.fws")).toStdString(), OpenMode::Create);
        QVERIFY(session.has_value());
        ImportRequest request{.input = kDemo + "pricer-before.perf.data", .symbols = {}};
        request.symbols.useSystem = false;
        const auto plain = sound.import(**session, request, job);
        QVERIFY(plain.has_value());
        const auto &unnamed = plain->capture;
        QVERIFY(hasNote(unnamed, "symbols_missing"));

        std::filesystem::remove_all(cache);
        SymbolSearch search;
        search.useSystem = false;
        search.directories = {kDemo + "symbols"};
        const auto lost = unlucky.resymbolize(**session, unnamed.id, search, job);
        QVERIFY2(lost.has_value(), lost.has_value() ? "" : lost.error().text().c_str());
        QVERIFY(hasNote(*lost, "symbol_worker_died"));
        const auto entries = [&] {
            std::error_code none;
            return std::distance(std::filesystem::directory_iterator(cache, none), {});
        };
        QCOMPARE(entries(), 0);

        const auto named = sound.resymbolize(**session, unnamed.id, search, job);
        QVERIFY(named.has_value());
        QVERIFY(!hasNote(*named, "symbol_worker_died"));
        QVERIFY(entries() > 0);
        const auto profile = sound.profile(**session, Scope{.captures = {unnamed.id}}, job);
        QVERIFY(profile.has_value());
        QVERIFY(std::any_of((*profile)->functions.begin(), (*profile)->functions.end(),
                            [](const auto &f) { return f.name == "add_line"; }));
    }
};

QTEST_GUILESS_MAIN(TestSymbolMemory)
#include "tst_symbol_memory.moc"
