#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// What every importer owes, over every fixture there is. Adding a fixture is adding a file to
// tests/fixtures/<format id>/; its golden file is tests/golden/<format id>/<file>.txt.
class TestContract : public QObject {
    Q_OBJECT

    ImporterRegistry m_registry;
    std::vector<Fixture> m_fixtures;

    // `whole`: those only that are not damaged on purpose.
    void addRows(bool whole = false) const
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_fixtures.size(); ++i) {
            const auto &f = m_fixtures[i];
            if (whole && (f.bad() || f.bytes.empty()))
                continue;
            QTest::newRow((f.format + "/" + f.path.filename().string()).c_str())
                << static_cast<int>(i);
        }
    }
    const Fixture &fixture() const
    {
        QFETCH(int, index);
        return m_fixtures[static_cast<std::size_t>(index)];
    }
    const Importer &importer() const { return *m_registry.find(fixture().format); }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_registry);
        m_fixtures = fixturesOf(m_registry, FW_SOURCE_DIR "/tests/fixtures");
        QVERIFY(!m_fixtures.empty());
    }

    void everyFormatHasFixtures()
    {
        for (const auto &one : m_registry.all()) {
            const auto id = one->format().id;
            QVERIFY2(std::ranges::any_of(m_fixtures, [&](auto &f) { return f.format == id; }),
                     std::string(id).c_str());
        }
    }

    void givesTheGoldenResult_data() { addRows(); }
    void givesTheGoldenResult()
    {
        const auto golden = std::filesystem::path(FW_SOURCE_DIR "/tests/golden") /
                            fixture().format / (fixture().path.filename().string() + ".txt");
        const auto imported = importBytes(importer(), fixture().bytes);
        QCOMPARE(imported.broken, std::string());
        const auto difference = compareGolden(golden, dump(imported));
        QVERIFY2(difference.empty(), difference.c_str());
    }

    void givesTheSameUnderAnotherName_data() { addRows(true); }
    void givesTheSameUnderAnotherName()
    {
        const auto bad = checkName(fixture().bytes, fixture().path.filename().string());
        QVERIFY2(bad.empty(), bad.c_str());
    }

    void givesTheSameWhateverTheReadSizes_data() { addRows(); }
    void givesTheSameWhateverTheReadSizes()
    {
        const auto bad = checkReadSizes(importer(), fixture().bytes);
        QVERIFY2(bad.empty(), bad.c_str());
    }

    void withstandsTruncation_data() { addRows(); }
    void withstandsTruncation()
    {
        const auto bad = checkTruncation(importer(), fixture().bytes);
        QVERIFY2(bad.empty(), bad.c_str());
    }

    void withstandsFlippedBytes_data() { addRows(); }
    void withstandsFlippedBytes()
    {
        const auto bad = checkFlips(importer(), fixture().bytes);
        QVERIFY2(bad.empty(), bad.c_str());
    }

    void stopsWhenCancelled_data() { addRows(true); } // others end before
    void stopsWhenCancelled()
    {
        const auto bad = checkCancel(importer(), fixture().bytes);
        QVERIFY2(bad.empty(), bad.c_str());
    }
};

QTEST_GUILESS_MAIN(TestContract)
#include "tst_contract.moc"
