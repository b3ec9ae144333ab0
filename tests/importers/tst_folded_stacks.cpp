#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QDir>
#include <QProcess>
#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

Imported import(std::string_view text)
{
    return importBytes(*makeFoldedStacks(), text);
}

Match probe(std::string_view text)
{
    return makeFoldedStacks()->probe({.head = std::as_bytes(std::span(text)), .headIsAll = true});
}

std::string utf16(std::u16string_view text, bool bigEndian)
{
    std::string out;
    for (const char16_t unit : text) {
        const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
        out += bigEndian ? high : low;
        out += bigEndian ? low : high;
    }
    return out;
}

} // namespace

class TestFoldedStacks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsCrlfCommentsAndEmptyFrames()
    {
        const auto in = import("# comment\r\n\r\na;;b 3\r\na 2\n");
        QCOMPARE(functionTable(in, "samples"), "3 3 b\n2 5 a\n");
        QVERIFY(in.meta.notes.empty());
    }

    void readsUtf16WithAByteOrderMark()
    {
        const std::u16string text = u"\ufeffmain;gr\u00fc\u00dfe;\U0001f525 2\r\n";
        const std::string expected = "2 2 \U0001f525\n0 2 gr\u00fc\u00dfe\n0 2 main\n";
        for (const bool bigEndian : {false, true}) {
            const auto bytes = utf16(text, bigEndian);
            QVERIFY(probe(bytes) == Match::Weak);
            QCOMPARE(functionTable(import(bytes), "samples"), expected);
        }
        QCOMPARE(functionTable(import("\xef\xbb\xbfmain 2\n"), "samples"), "2 2 main\n");
        const auto broken = import(utf16(u"\ufeffa;b\xd800 1\n", false) + "x");
        QVERIFY(broken.result.has_value());
        QCOMPARE(broken.measure("samples")->total, 1);
    }

    void readsTwoColumnsAsBeforeAndAfter()
    {
        const auto in = import("a;b 3 5\na;c 0 7\na 2 0\nodd line\n");
        QCOMPARE(functionTable(in, "samples (before)"), "3 3 b\n2 5 a\n");
        QCOMPARE(functionTable(in, "samples (after)"), "7 7 c\n5 5 b\n0 12 a\n");
        QCOMPARE(in.noteCount("folded_bad_line"), 1u);
    }

    void keepsANumberThatBelongsToTheName()
    {
        const auto in = import("a;worker 7 3\na;b 2\n");
        QCOMPARE(functionTable(in, "samples"), "3 3 worker 7\n2 2 b\n0 5 a\n");
    }

    void roundsFractionsAndSaysSo()
    {
        const auto in = import("a;b 31.23\na;c 6.5\na 2.0\n");
        QCOMPARE(in.measure("samples")->total, 31 + 7 + 2);
        QCOMPARE(in.noteCount("folded_fractional_count"), 2u);
    }

    void countsBadLines()
    {
        const auto in = import("a;b 1\nno count\na;b -1\na;b 99999999999999999999\na;b 1x\n"
                               "12\na;b 1.\na;b .5\n");
        QCOMPARE(in.measure("samples")->total, 1);
        QCOMPARE(in.noteCount("folded_bad_line"), 7u);
        QCOMPARE(in.meta.notes.at(0).firstOffset, 6u);
    }

    void understandsAnnotations()
    {
        const auto in = import("main;run_[j];read_[i];copy_[i];sys_[k] 4\nmain;run_[j] 1\n"
                               "x_[i];y_[z] 1\n");
        QCOMPARE(functionTable(in, "samples"),
                 "4 4 sys\n1 5 run\n1 1 y_[z]\n0 5 main\n0 4 copy\n0 4 read\n0 1 x\n");
        const auto &d = in.dimensions;
        const auto leaf = in.samples.stack.at(0);
        QVERIFY(d.frames.kind[d.stacks.frame[leaf.raw].raw] == FrameKind::Kernel);
        const auto copy = d.stacks.frame[d.stacks.caller[leaf.raw].raw];
        QCOMPARE(std::string(d.function(copy)), "copy");
        QCOMPARE(std::string(d.function(d.frames.outer[copy.raw])), "read");
        QCOMPARE(int(d.frames.flags[copy.raw]), int(kFrameInlined));
        QVERIFY(d.frames.kind[d.frames.outer[d.frames.outer[copy.raw].raw].raw] == FrameKind::Jit);
    }

    void withstandsLongChainsOfInlining()
    {
        std::string text = "main";
        for (int i = 0; i < 5000; ++i)
            text += ";f" + std::to_string(i) + "_[i]";
        const auto in = import(text + " 1\n");
        QCOMPARE(in.broken, std::string());
        QVERIFY(in.result.has_value());
    }

    void readsAStackOf50000FramesAndANameOf1MB()
    {
        std::string text = "f";
        for (int i = 1; i < 50'000; ++i)
            text += ";f";
        const auto in = import(text + " 5\nmain;" + std::string(1 << 20, 'x') + " 1\n");
        QVERIFY(in.result.has_value());
        QCOMPARE(in.dimensions.stacks.size(), std::size_t(50'003));
        QCOMPARE(in.noteCount("text_cut"), 1u);
        QCOMPARE(in.measure("samples")->total, 6);
    }

    void keepsInvalidUtf8()
    {
        const auto in = import("a;\xff\xfe\x80 3\n");
        QCOMPARE(std::string(in.dimensions.function(FrameId{2})), "\xff\xfe\x80");
    }

    void isNoMatchForOtherText()
    {
        for (const auto *text :
             {"", "\n\n", "key 1\nother 2\n", "a;b\n", "{\"a;b\": 3\n", "<svg> a;b 3\n",
              "time;value\n1;2\n3;4\n",
              "prose with a semicolon; and a number 3\nand\nmore\nof it\n", "a;b\x01 3\n"})
            QVERIFY2(probe(text) == Match::No, text);
        QVERIFY(probe("A 5\nA;C 3\nB 4\n") == Match::Weak);
        QVERIFY(probe("a;b 3 4\n") == Match::Weak);
    }

    // The sum of the last column, by a simple independent reading.
    void agreesOnTheTotalOfEveryFile_data()
    {
        QTest::addColumn<QString>("path");
        const QDir shared(qEnvironmentVariable("FW_SHARED_DATA", FW_SOURCE_DIR "/../shared/data"));
        const QDir dir(shared.filePath("corpus/folded"));
        for (const auto &name : dir.entryList(QDir::Files, QDir::Name))
            QTest::newRow(qPrintable(name)) << dir.filePath(name);
        QTest::newRow("own") << FW_SOURCE_DIR "/tests/fixtures/folded/small.folded";
    }
    void agreesOnTheTotalOfEveryFile()
    {
        QFETCH(QString, path);
        auto bytes = QByteArray::fromStdString(readFile(path.toStdString()));
        if (path.endsWith(".gz")) {
            QProcess gzip;
            gzip.start("gzip", {"-dc", path});
            QVERIFY(gzip.waitForFinished());
            bytes = gzip.readAllStandardOutput();
        }
        const auto in = import({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        QVERIFY(in.result.has_value());
        const auto text =
            bytes.startsWith("\xff\xfe")
                ? QString::fromUtf16(reinterpret_cast<const char16_t *>(bytes.constData() + 2),
                                     bytes.size() / 2 - 1)
                : QString::fromUtf8(bytes);
        static const QRegularExpression last("^[^#].* (\\d+)(\\.\\d+)?\\s*$");
        qint64 total = 0;
        for (const auto &line : text.split('\n')) {
            const auto match = last.match(line);
            if (match.hasMatch())
                total += qRound64((match.captured(1) + match.captured(2)).toDouble());
        }
        QCOMPARE(qint64(in.measure("samples")->total), total);
    }
};

QTEST_GUILESS_MAIN(TestFoldedStacks)
#include "tst_folded_stacks.moc"
