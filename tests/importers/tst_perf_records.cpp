#include "importers/formats.h"
#include "tests/support/import_contract.h"
#include "tests/support/perf_data_builder.h"

#include <QTest>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

constexpr auto kKernel = PerfDataBuilder::kKernel;
constexpr auto kUser = PerfDataBuilder::kUser;
constexpr std::uint64_t kKernelMarker = static_cast<std::uint64_t>(-128);
constexpr std::uint64_t kUserMarker = static_cast<std::uint64_t>(-512);
constexpr std::uint64_t kDeferredMarker = static_cast<std::uint64_t>(-640);

Imported import(const PerfDataBuilder &builder)
{
    return importBytes(*makePerfData(), builder.bytes());
}

// "thread: outermost > ... > sampled", frames as module+address, "~" before return addresses.
std::string stackOf(const Imported &in, std::size_t row)
{
    std::vector<std::string> frames;
    const auto &d = in.dimensions;
    for (auto s = in.samples.stack[row]; s.raw != 0; s = d.stacks.caller[s.raw]) {
        const auto f = d.stacks.frame[s.raw];
        char address[32];
        std::snprintf(address, sizeof address, "+%llx",
                      static_cast<unsigned long long>(d.frames.address[f.raw]));
        const auto returns = (d.frames.flags[f.raw] & kFrameReturnAddress) != 0;
        auto text = std::string(returns ? "~" : "");
        if (!d.function(f).empty())
            text += d.function(f);
        else
            text += std::string(d.module(f)) + address;
        frames.push_back(text);
    }
    auto out = in.meta.tracks[in.samples.track[row].raw - 1].name + ":";
    for (auto f = frames.rbegin(); f != frames.rend(); ++f)
        out += (f == frames.rbegin() ? " " : " > ") + *f;
    return out;
}

} // namespace

// What single records do, written down record by record.
class TestPerfRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void contextMarkersChooseTheMapsAndCallersAreReturnAddresses()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .mmap(kKernel, ~0u, 0, 0xffffffff81000000, 0x1000000,
                                         0xffffffff81000000, "[kernel.kallsyms]_text")
                                   .mmap(kUser, 7, 0, 0x1000, 0x1000, 0x200, "/bin/a")
                                   .comm(0, 7, 7, 0, "a")
                                   .sample(kKernel, 7, 7, 100, 0xffffffff81000010,
                                           {kKernelMarker, 0xffffffff81000010, 0xffffffff81000020,
                                            kUserMarker, 0x1010, 0x1020, 0}));
        QVERIFY(in.result.has_value());
        QCOMPARE(stackOf(in, 0),
                 std::string("a: ~/bin/a+220 > /bin/a+210 > ~[kernel.kallsyms]+ffffffff81000020 > "
                             "[kernel.kallsyms]+ffffffff81000010"));
        QCOMPARE(in.meta.modules[1].base, 0xffffffff81000000u);
        QCOMPARE(in.noteCount("perf_unmapped_address"), 0u);
    }

    void forkInheritsMapsAndExecDropsThem()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .mmap(kUser, 7, 10, 0x1000, 0x1000, 0, "/bin/sh")
                                   .comm(0, 7, 7, 10, "sh")
                                   .fork(8, 7, 8, 7, 20)
                                   .sample(kUser, 8, 8, 30, 0x1010)
                                   .comm(1u << 13, 8, 8, 40, "ls")
                                   .sample(kUser, 8, 8, 50, 0x1010)
                                   .mmap(kUser, 8, 60, 0x1000, 0x1000, 0, "/bin/ls")
                                   .sample(kUser, 8, 8, 70, 0x1010)
                                   .sample(kUser, 7, 7, 80, 0x1010));
        QCOMPARE(in.samples.size(), 4u);
        // The thread is shown under its last name.
        QCOMPARE(stackOf(in, 0), std::string("ls: /bin/sh+10"));
        QCOMPARE(stackOf(in, 1), std::string("ls: +1010"));
        QCOMPARE(stackOf(in, 2), std::string("ls: /bin/ls+10"));
        QCOMPARE(stackOf(in, 3), std::string("sh: /bin/sh+10"));
        QCOMPARE(in.noteCount("perf_unmapped_address"), 1u);
    }

    void laterMapsReplaceWhatTheyCover()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .mmap(kUser, 7, 0, 0x1000, 0x3000, 0, "/lib/old")
                                   .mmap(kUser, 7, 0, 0x2000, 0x1000, 0x500, "/lib/new")
                                   .sample(kUser, 7, 7, 1, 0x1fff)
                                   .sample(kUser, 7, 7, 2, 0x2000)
                                   .sample(kUser, 7, 7, 3, 0x3000));
        QCOMPARE(stackOf(in, 0), std::string(":7: /lib/old+fff"));
        QCOMPARE(stackOf(in, 1), std::string(":7: /lib/new+500"));
        QCOMPARE(stackOf(in, 2), std::string(":7: /lib/old+2000"));
    }

    void recordsAreUsedInTheOrderOfTime()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .sample(kUser, 7, 7, 20, 0x1000)
                                   .round()
                                   .sample(kUser, 7, 7, 40, 0x1000)
                                   .mmap(kUser, 7, 30, 0x1000, 0x1000, 0, "/bin/b")
                                   .mmap(kUser, 7, 10, 0x1000, 0x1000, 0, "/bin/a")
                                   .round()
                                   .round());
        QCOMPARE(stackOf(in, 0), std::string(":7: /bin/a+0"));
        QCOMPARE(stackOf(in, 1), std::string(":7: /bin/b+0"));
        QCOMPARE(in.noteCount("perf_out_of_order"), 0u);
    }

    void recordsThatComeTooLateAreCounted()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .sample(kUser, 7, 7, 20, 0x1000)
                                   .round()
                                   .round()
                                   .sample(kUser, 7, 7, 10, 0x1000)
                                   .round());
        QCOMPARE(in.samples.size(), 2u);
        QCOMPARE(in.noteCount("perf_out_of_order"), 1u);
    }

    void deferredUserStacksAreJoinedByCookie()
    {
        const auto in = import(
            PerfDataBuilder()
                .plainAttr()
                .mmap(kUser, 7, 0, 0x1000, 0x1000, 0, "/bin/a")
                .sample(kKernel, 7, 7, 10, 0xffffffff81000010,
                        {kKernelMarker, 0xffffffff81000010, kDeferredMarker, 5})
                .sample(kKernel, 7, 7, 15, 0xffffffff81000030,
                        {kKernelMarker, 0xffffffff81000030, kDeferredMarker, 6})
                .record(
                    22, 0,
                    PerfFields().words({5, 3, kUserMarker, 0x1010, 0x1020}).u32(7).u32(7).u64(20)));
        QCOMPARE(in.samples.size(), 2u);
        QCOMPARE(stackOf(in, 0), std::string(":7: ~/bin/a+20 > /bin/a+10 > "
                                             "[kernel.kallsyms]+ffffffff81000010"));
        QCOMPARE(stackOf(in, 1), std::string(":7: [deferred] > "
                                             "[kernel.kallsyms]+ffffffff81000030"));
        QCOMPARE(in.noteCount("perf_deferred_missing"), 1u);
    }

    // As perf script: one sample for each counter of the group that moved.
    void groupReadsGiveASampleForEachCounterThatMoved()
    {
        const std::uint64_t type = 1 | 2 | 4 | 16 | 1u << 16; // IP TID TIME READ IDENTIFIER
        const std::uint64_t format = 4 | 8;                   // ID GROUP
        const auto sample = [](std::uint64_t time, std::uint64_t a, std::uint64_t b) {
            return PerfFields().words({1, 0x10}).u32(7).u32(7).words({time, 2, a, 1, b, 2});
        };
        const auto in = import(
            PerfDataBuilder()
                .attr(
                    {.type = 0, .config = 0, .sampleType = type, .readFormat = format, .ids = {1}})
                .attr(
                    {.type = 0, .config = 1, .sampleType = type, .readFormat = format, .ids = {2}})
                .record(9, kUser, sample(10, 100, 1000))
                .record(9, kUser, sample(20, 150, 1000)));
        QCOMPARE(in.meta.measures.size(), 2u);
        QCOMPARE(in.meta.measures[0].name, std::string("cycles"));
        QCOMPARE(in.meta.measures[0].rows, 2u);
        QCOMPARE(in.meta.measures[0].total, 150);
        QCOMPARE(in.meta.measures[1].rows, 1u);
        QCOMPARE(in.meta.measures[1].total, 1000);
    }

    void lostUnknownAndBadRecordsAreCounted()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .record(2, 0, PerfFields().words({1, 40}).u32(7).u32(7).u64(5))
                                   .record(2, 0, PerfFields().words({1, 2}).u32(7).u32(7).u64(6))
                                   .record(13, 0, PerfFields().u64(9).u32(7).u32(7).u64(7))
                                   .record(5, 0, PerfFields().words({8, 1, 1}).u32(7).u32(7).u64(8))
                                   .record(63, 0, PerfFields().u64(0).u32(7).u32(7).u64(9))
                                   .record(300, 0, PerfFields().u64(0))
                                   .record(9, kUser, PerfFields().u64(0x10)));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.noteCount("perf_lost"), 42u);
        QCOMPARE(in.noteCount("perf_lost_samples"), 9u);
        QCOMPARE(in.noteCount("perf_throttled"), 1u);
        QCOMPARE(in.noteCount("perf_unknown_record"), 2u);
        QCOMPARE(in.noteCount("perf_bad_sample"), 1u);
        QCOMPARE(in.samples.size(), 0u);
    }

    void samplesOfUnknownEventsAreCounted()
    {
        const std::uint64_t type = 1 | 2 | 4 | 1u << 16; // IP TID TIME IDENTIFIER
        const auto in =
            import(PerfDataBuilder()
                       .attr({.sampleType = type, .ids = {1}})
                       .attr({.config = 2, .sampleType = type, .ids = {2}})
                       .record(9, kUser, PerfFields().words({2, 0x10}).u32(7).u32(7).u64(1))
                       .record(9, kUser, PerfFields().words({3, 0x10}).u32(7).u32(7).u64(2)));
        QCOMPARE(in.measure("page-faults")->rows, 1u);
        QCOMPARE(in.noteCount("perf_unknown_id"), 1u);
    }

    void oldAndNewAttributesAreRead()
    {
        for (const auto size : {64u, 72u, 80u, 96u, 104u, 128u, 136u, 400u}) {
            const auto in = import(
                PerfDataBuilder()
                    .attr({.sampleType = PerfDataBuilder::kPlain, .size = size, .ids = {9, 10}})
                    .sample(kUser, 7, 7, 10, 0x10));
            QVERIFY(in.result.has_value());
            QCOMPARE(in.measure("cpu-clock")->rows, 1u);
            QVERIFY(in.measure("cpu-clock")->unit == Unit::Nanoseconds);
        }
    }

    void memoryWithoutAFileIsRunTimeCode()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .mmap(kUser, 7, 0, 0x1000, 0x1000, 0, "//anon")
                                   .mmap(kUser, 7, 0, 0x2000, 0x1000, 0x20, "/memfd:jit (deleted)")
                                   .mmap(kUser, 7, 0, 0x3000, 0x1000, 0, "[vdso]")
                                   .sample(kUser, 7, 7, 1, 0x1010)
                                   .sample(kUser, 7, 7, 2, 0x2010)
                                   .sample(kUser, 7, 7, 3, 0x3010)
                                   .sample(kUser, 7, 7, 4, 0xffffffffff600400));
        QCOMPARE(stackOf(in, 0), std::string(":7: perf-7.map+1010"));
        QCOMPARE(stackOf(in, 1), std::string(":7: perf-7.map+2010"));
        QCOMPARE(stackOf(in, 2), std::string(":7: [vdso]+10"));
        QCOMPARE(stackOf(in, 3), std::string(":7: [vsyscall]+ffffffffff600400"));
        QVERIFY(in.meta.modules[0].kind == ModuleKind::Jit && in.meta.modules[0].pid == 7);
    }

    void kernelSymbolsNameTheirRange()
    {
        const auto in = import(PerfDataBuilder()
                                   .plainAttr()
                                   .record(17, 0,
                                           PerfFields()
                                               .u64(0xffffffffc0001000)
                                               .u32(0x100)
                                               .u16(1)
                                               .u16(0)
                                               .text("bpf_prog_ab")
                                               .u32(7)
                                               .u32(7)
                                               .u64(5))
                                   .sample(kKernel, 7, 7, 10, 0xffffffffc0001010)
                                   .sample(kKernel, 7, 7, 10, 0xffffffffc0002010));
        QCOMPARE(stackOf(in, 0), std::string(":7: bpf_prog_ab"));
        QCOMPARE(stackOf(in, 1), std::string(":7: [kernel.kallsyms]+ffffffffc0002010"));
    }

    // A more precise sampled address replaces the chain's first; one of another context, which the
    // chain leaves out, comes before it.
    void theSampledAddressIsTheLeaf()
    {
        const auto in = import(
            PerfDataBuilder()
                .plainAttr()
                .mmap(kUser, 7, 0, 0x1000, 0x1000, 0, "/bin/a")
                .sample(kUser, 7, 7, 1, 0x1008, {kUserMarker, 0x1010, 0x1020})
                .sample(kKernel, 7, 7, 2, 0xffffffff81000010, {kUserMarker, 0x1010, 0x1020}));
        QCOMPARE(stackOf(in, 0), std::string(":7: ~/bin/a+20 > /bin/a+8"));
        QCOMPARE(stackOf(in, 1), std::string(":7: ~/bin/a+20 > /bin/a+10 > "
                                             "[kernel.kallsyms]+ffffffff81000010"));
    }

    void oldFilesNameTracepointsByNumber()
    {
        const auto named = [](std::uint64_t number, std::string_view name) {
            auto bytes = PerfFields().u64(number).text(name).bytes();
            bytes.resize(72);
            return bytes;
        };
        const auto in =
            import(PerfDataBuilder()
                       .attr({.type = 2, .config = 317, .sampleType = PerfDataBuilder::kPlain})
                       .record(65, 0, named(42, "other:event"))
                       .record(65, 0, named(317, "sched:sched_switch"))
                       .sample(kUser, 7, 7, 1, 0x1000));
        QVERIFY(in.result.has_value());
        QCOMPARE(in.meta.measures[0].name, std::string("sched:sched_switch"));
        QCOMPARE(in.meta.measures[0].samples, std::int64_t{1});
    }

    // Found by the fuzzer: such samples were stored, and the store could not be read.
    void anImpossibleCpuIsAnUnknownOne()
    {
        constexpr std::uint64_t kCpu = 1u << 7;
        const auto sample = [](std::uint64_t time, std::uint32_t cpu) {
            return PerfFields().u64(0x1000).u32(7).u32(7).u64(time).u32(cpu).u32(0).words(
                {1000, 0});
        };
        const auto in = import(PerfDataBuilder()
                                   .attr({.sampleType = PerfDataBuilder::kPlain | kCpu})
                                   .record(9, kUser, sample(1, 3))
                                   .record(9, kUser, sample(2, 0x80000003)));
        QCOMPARE(in.broken, std::string());
        QCOMPARE(in.samples.cpu, (std::vector<std::int32_t>{3, -1}));
        QCOMPARE(in.noteCount("impossible_cpu"), 1u);
    }

    void branchStacksAreCountedAndTheSampleIsKept()
    {
        constexpr std::uint64_t kBranchStack = 1u << 11;
        const auto in = import(
            PerfDataBuilder()
                .attr({.sampleType = PerfDataBuilder::kPlain | kBranchStack})
                .record(9, kUser,
                        PerfFields()
                            .u64(0x1000)
                            .u32(7)
                            .u32(7)
                            .words({1, 1000, 0})
                            .words({2, 0x1, 0x2, 0, 0x3, 0x4, 0}))
                .record(9, kUser,
                        PerfFields().u64(0x1000).u32(7).u32(7).words({2, 1000, 0}).words({0})));
        QCOMPARE(in.samples.size(), 2u);
        QCOMPARE(in.noteCount("perf_branch_stack"), 1u);
        QCOMPARE(in.noteCount("perf_bad_sample"), 0u);
    }
};

QTEST_GUILESS_MAIN(TestPerfRecords)
#include "tst_perf_records.moc"
