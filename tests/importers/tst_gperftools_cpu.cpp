#include "importers/formats.h"
#include "tests/support/import_contract.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// Writes words of any size and byte order.
class Words {
public:
    Words(int size, bool bigEndian) : m_size(size), m_bigEndian(bigEndian) {}
    Words &operator()(std::initializer_list<std::uint64_t> words)
    {
        for (const auto word : words) {
            for (int i = 0; i < m_size; ++i)
                m_bytes += static_cast<char>(word >> 8 * (m_bigEndian ? m_size - 1 - i : i));
        }
        return *this;
    }
    std::string bytes(std::string_view text = "") const { return m_bytes + std::string(text); }

private:
    int m_size;
    bool m_bigEndian;
    std::string m_bytes;
};

constexpr std::string_view kMaps = "00400000-00480000 r-xp 00001000 08:01 17   /usr/bin/shop\n"
                                   "00480000-00490000 rw-p 00081000 08:01 17   /usr/bin/shop\n"
                                   "70000000-70010000 r-xp 00000000 08:01 18   /lib/libc.so.6\n"
                                   "75000000-75001000 r-xp 00000000 00:00 0    [vdso]\n";

Imported import(std::string_view bytes)
{
    return importBytes(*makeGperftoolsCpu(), bytes);
}

} // namespace

class TestGperftoolsCpu : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEveryWordSizeAndByteOrder_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<bool>("bigEndian");
        QTest::newRow("64 little") << 8 << false;
        QTest::newRow("64 big") << 8 << true;
        QTest::newRow("32 little") << 4 << false;
        QTest::newRow("32 big") << 4 << true;
    }
    void readsEveryWordSizeAndByteOrder()
    {
        QFETCH(int, size);
        QFETCH(bool, bigEndian);
        Words w(size, bigEndian);
        w({0, 3, 0, 10'000, 0});
        w({3, 2, 0x400100, 0x70000200});
        w({1, 3, 0x75000010, 0x400300, 0x70000200});
        w({0, 1, 0});
        const auto bytes = w.bytes(kMaps);
        QVERIFY(makeGperftoolsCpu()->probe({.head = std::as_bytes(std::span(bytes))}) ==
                Match::Magic);
        const auto in = import(bytes);
        QVERIFY(in.result.has_value());
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.measure("samples")->total, 4);
        QCOMPARE(in.measure("cpu")->total, 40'000'000);
        QCOMPARE(in.meta.modules.size(), std::size_t(3));
        const auto &d = in.dimensions;
        const auto leaf = d.stacks.frame[in.samples.stack.at(0).raw];
        QCOMPARE(d.frames.address[leaf.raw], 0x1100u); // an offset in the file
        QCOMPARE(int(d.frames.flags[leaf.raw]), 0);
        const auto caller = d.stacks.frame[d.stacks.caller[in.samples.stack[0].raw].raw];
        QCOMPARE(d.frames.address[caller.raw], 0x200u);
        QCOMPARE(int(d.frames.flags[caller.raw]), int(kFrameReturnAddress));
        QCOMPARE(std::string(d.module(caller)), "/lib/libc.so.6");
    }

    void leavesOutTheSignalHandlersFrames()
    {
        Words w(8, false);
        w({0, 3, 0, 1000, 0});
        for (std::uint64_t i = 0; i < 10; ++i)
            w({1, 3, 0x400100 + i, 0x70000999, 0x400200}); // always the same second frame
        w({0, 1, 0});
        const auto in = import(w.bytes(kMaps));
        const auto &d = in.dimensions;
        // Two rounds: the handler's frame, and what then is the same for all.
        QCOMPARE(in.noteCount("gperftools_signal_frames"), 20u);
        QCOMPARE(d.stacks.caller[in.samples.stack.at(0).raw].raw, 0u);
    }

    void reportsADuplicatedLeafOnce()
    {
        Words w(8, false);
        w({0, 3, 0, 1000, 0});
        w({1, 3, 0x400100, 0x400100, 0x400200});
        w({1, 3, 0x400110, 0x400110, 0x400200});
        w({1, 2, 0x400120, 0x400300});
        w({0, 1, 0});
        const auto in = import(w.bytes(kMaps));
        const auto &d = in.dimensions;
        const auto caller = d.stacks.caller[in.samples.stack.at(0).raw];
        QCOMPARE(d.frames.address[d.stacks.frame[caller.raw].raw], 0x1200u);
        QCOMPARE(d.stacks.caller[caller.raw].raw, 0u);
    }

    void notesAMissingTrailer()
    {
        Words w(8, false);
        w({0, 3, 0, 1000, 0});
        w({1, 2, 0x400100, 0x400200});
        w({1, 1'000'000'000, 0x400100});
        const auto in = import(w.bytes());
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("gperftools_cut_off"), 1u);
        QCOMPARE(in.measure("samples")->total, 1);
    }

    void saturatesHugeCounts()
    {
        Words w(8, false);
        w({0, 3, 0, 1000, 0});
        w({UINT64_MAX, 1, 0x400100});
        w({0, 1, 0});
        const auto in = import(w.bytes());
        QCOMPARE(in.measure("cpu")->total, INT64_MAX);
        QCOMPARE(in.noteCount("gperftools_value_saturated"), 1u);
    }

    void refusesOtherVersionsAndOtherFiles()
    {
        QVERIFY(!import("").result.has_value());
        QVERIFY(!import(std::string(400, '\0')).result.has_value());
        QVERIFY(!import(Words(8, false)({0, 3, 1, 1000, 0}).bytes()).result.has_value());
    }

    void agreesWithGooglePprofOnTheTotal()
    {
        const auto in =
            import(readFile(FW_SOURCE_DIR "/tests/fixtures/gperftools-cpu/pricer.cpu.prof"));
        QCOMPARE(in.measure("samples")->total, 234);
        QCOMPARE(in.measure("cpu")->total, 234 * 2'000'000);
    }

    void madeTheFixtureOf32BitWords()
    {
        Words w(4, true);
        w({0, 5, 0, 2000, 0, 7, 8});
        w({2, 3, 0x400100, 0x400100, 0x70000200});
        w({1, 2, 0x400110, 0x70000300});
        w({4, 1, 0x60000000});
        w({1, 2, 0x75000010, 0x400400});
        w({0, 1, 0});
        const auto difference = compareGolden(
            FW_SOURCE_DIR "/tests/fixtures/gperftools-cpu/big-endian-32.cpu", w.bytes(kMaps));
        QVERIFY2(difference.empty(), difference.c_str());
    }
};

QTEST_GUILESS_MAIN(TestGperftoolsCpu)
#include "tst_gperftools_cpu.moc"
