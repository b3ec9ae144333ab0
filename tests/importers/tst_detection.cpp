#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

// Every importer looks at every fixture of every format: the right one wins, by content alone.
class TestDetection : public QObject {
    Q_OBJECT

    ImporterRegistry m_registry;
    std::vector<Fixture> m_fixtures;

    static Probe probeOf(std::string_view bytes)
    {
        const auto head = bytes.substr(0, kProbeBytes);
        return {.head = std::as_bytes(std::span(head)),
                .headIsAll = head.size() == bytes.size(),
                .fileName = "unknown"};
    }

private Q_SLOTS:
    void initTestCase()
    {
        addBuiltinImporters(m_registry);
        m_fixtures = fixturesOf(m_registry, FW_SOURCE_DIR "/tests/fixtures");
    }

    void exactlyOneFormatWins_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_fixtures.size(); ++i) {
            const auto &f = m_fixtures[i];
            if (!f.bad() && !f.bytes.empty())
                QTest::newRow((f.format + "/" + f.path.filename().string()).c_str())
                    << static_cast<int>(i);
        }
    }
    void exactlyOneFormatWins()
    {
        QFETCH(int, index);
        const auto &fixture = m_fixtures[static_cast<std::size_t>(index)];
        const auto found = m_registry.detect(probeOf(fixture.bytes));
        QVERIFY(!found.empty());
        QCOMPARE(std::string(found[0].importer->format().id), fixture.format);
        if (found.size() > 1)
            QVERIFY2(found[0].match > found[1].match,
                     ("tie with " + std::string(found[1].importer->format().id)).c_str());
    }

    // Nobody claims what no format of this program looks like.
    void nobodyClaimsNoise_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("prose") << QByteArray("The quick brown fox jumps over 13 lazy dogs.\n"
                                             "It did so on day 2\nand again on day 3\n");
        QTest::newRow("json") << QByteArray("{\"a\": [1, 2, 3], \"b\": \"x;y 3\"}\n");
        QTest::newRow("csv") << QByteArray("time,latency;ms\n1,2\n3,4\n");
        QTest::newRow("html") << QByteArray("<!doctype html>\n<p>a;b 1</p>\n");
        QTest::newRow("zeros") << QByteArray(4096, '\0');
        QTest::newRow("ones") << QByteArray(4096, '\xff');
        QTest::newRow("elf") << QByteArray("\x7f"
                                           "ELF\x02\x01\x01\0\0\0\0\0",
                                           12);
        QByteArray random;
        std::mt19937 generator(7);
        for (int i = 0; i < 70'000; ++i)
            random.append(static_cast<char>(generator() & 0xff));
        QTest::newRow("random") << random;
    }
    void nobodyClaimsNoise()
    {
        QFETCH(QByteArray, bytes);
        const auto found =
            m_registry.detect(probeOf({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
        QVERIFY2(found.empty(),
                 found.empty() ? "" : std::string(found[0].importer->format().id).c_str());
    }
};

QTEST_GUILESS_MAIN(TestDetection)
#include "tst_detection.moc"
