#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"
#include "importers/symbols/symbolizer.h"

#include <QTest>

using namespace flamewright;

namespace {

struct Capture {
    MemoryStore store;
    ModuleId app, kernel, heap;
    FrameId hot, call, inKernel, inHeap, nowhere, named, namedInline;
    Dimensions dimensions;

    Capture()
    {
        RecordSink sink(store);
        app = sink.module({"/opt/shop/app", "abcd1234", ModuleKind::Elf});
        kernel = sink.module({"[kernel.kallsyms]", "", ModuleKind::Kernel});
        heap = sink.module({"[heap]", "", ModuleKind::Unknown});
        const auto at = [&](ModuleId module, std::uint64_t address, FrameKind kind, bool call_) {
            FrameDesc desc;
            desc.module = module;
            desc.kind = kind;
            desc.returnAddress = call_;
            desc.source = SymbolSource::None;
            desc.address = address;
            return sink.frame(desc);
        };
        hot = at(app, 0x1234, FrameKind::User, false);
        call = at(app, 0x1234, FrameKind::User, true);
        inKernel = at(kernel, 0xffffffff81000010, FrameKind::Kernel, false);
        inHeap = at(heap, 0x10, FrameKind::User, false);
        nowhere = at({}, 0xdead, FrameKind::User, false);
        // As a pprof file names it: a chain of its own.
        FrameDesc outer;
        outer.function = "outer_of_capture";
        const auto outerId = sink.frame(outer);
        FrameDesc inner;
        inner.function = "inner_of_capture";
        inner.address = 0x99;
        inner.module = app;
        inner.inlined = true;
        inner.outer = outerId;
        namedInline = sink.frame(inner);
        StackId stack;
        for (const auto frame : {call, hot, inKernel, inHeap, nowhere, namedInline})
            stack = sink.stack(stack, frame);
        Sample sample;
        sample.stack = stack;
        sample.measure = sink.measure({"cycles", Unit::Cycles});
        sample.value = 1;
        sink.add(sample);
        QVERIFY(sink.finish().has_value());
        DimensionsBuilder builder;
        for (const auto kind : {ChunkKind::Strings, ChunkKind::Frames, ChunkKind::Stacks}) {
            for (const auto &chunk : store.chunks()) {
                if (chunk.kind == kind)
                    QVERIFY(builder.add(chunk).has_value());
            }
        }
        auto built = std::move(builder).finish(store.meta());
        QVERIFY(built.has_value());
        dimensions = *std::move(built);
    }
};

// The capture as it is once the update was written.
Dimensions written(const Dimensions &before, const FrameUpdate &update)
{
    Dimensions out;
    StringColumns page;
    for (std::uint32_t i = 1; i < before.strings.size(); ++i) {
        page.text += before.strings.text(StringId{i});
        page.end.push_back(static_cast<std::uint32_t>(page.text.size()));
    }
    for (const auto &text : update.strings) {
        page.text += text;
        page.end.push_back(static_cast<std::uint32_t>(page.text.size()));
    }
    out.strings.append(page);
    const auto join = [](auto first, const auto &rest) {
        first.resize(1);
        first.insert(first.end(), rest.begin(), rest.end());
        return first;
    };
    const auto &a = before.frames, &b = update.frames;
    out.frames = {
        join(a.function, b.function), join(a.file, b.file),       join(a.module, b.module),
        join(a.line, b.line),         join(a.kind, b.kind),       join(a.source, b.source),
        join(a.flags, b.flags),       join(a.address, b.address), join(a.outer, b.outer)};
    out.stacks = before.stacks;
    out.modules = before.modules;
    return out;
}

bool same(const FrameColumns &a, const FrameColumns &b)
{
    return a.function == b.function && a.file == b.file && a.module == b.module &&
           a.line == b.line && a.kind == b.kind && a.source == b.source && a.flags == b.flags &&
           a.address == b.address && a.outer == b.outer;
}

// "inner:7 < outer:9" of a frame.
std::string chain(const Dimensions &d, FrameId id)
{
    std::string text;
    for (;; id = d.frames.outer[id.raw]) {
        text += std::string(d.function(id)) + ":" + std::to_string(d.frames.line[id.raw]);
        if (d.frames.outer[id.raw].raw == 0)
            return text;
        text += " < ";
    }
}

SymbolAnswer dwarfAnswer()
{
    SymbolAnswer answer;
    answer.frames = {{"inlined_one", "/src/a.cpp", 7, SymbolSource::Dwarf},
                     {"main", "/src/b.cpp", 9, SymbolSource::Dwarf},
                     {"caller", "/src/a.cpp", 3, SymbolSource::Dwarf},
                     {"main", "/src/b.cpp", 9, SymbolSource::Dwarf}};
    answer.end = {2, 4};
    answer.usedFile = "/opt/shop/app";
    return answer;
}

SymbolAnswer symtabAnswer()
{
    SymbolAnswer answer;
    answer.frames = {{"main", "", 0, SymbolSource::Symtab}, {"main", "", 0, SymbolSource::Symtab}};
    answer.end = {1, 2};
    return answer;
}

SymbolAnswer none(std::size_t addresses)
{
    SymbolAnswer answer;
    answer.end.assign(addresses, 0);
    return answer;
}

} // namespace

class TestApplySymbols : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksForUniqueAddressesOfEachModule()
    {
        const Capture c;
        const auto queries = symbolQueries(c.dimensions);
        QCOMPARE(queries.size(), std::size_t{2}); // [heap] has nothing to look up
        QCOMPARE(queries[0].module.name, std::string("/opt/shop/app"));
        QCOMPARE(queries[0].addresses,
                 (std::vector<SymbolAddress>{{0x1234, false}, {0x1234, true}}));
        QCOMPARE(queries[1].addresses, (std::vector<SymbolAddress>{{0xffffffff81000010, false}}));
    }

    void namesTheUnknownByModuleAndCountsIt()
    {
        const Capture c;
        const auto queries = symbolQueries(c.dimensions);
        const auto update = applySymbols(c.dimensions, queries, {none(2), none(1)});
        const auto d = written(c.dimensions, update);
        QCOMPARE(d.function(c.hot), std::string_view("app+0x1234"));
        QCOMPARE(d.function(c.inKernel), std::string_view("[kernel]+0xffffffff81000010"));
        QCOMPARE(d.function(c.inHeap), std::string_view("[heap]+0x10"));
        QCOMPARE(d.function(c.nowhere), std::string_view("[unknown]"));
        QCOMPARE(update.unresolved, std::uint64_t{5});
        QCOMPARE(update.resolved, std::uint64_t{0});
        QCOMPARE(update.notes.size(), std::size_t{1});
        QCOMPARE(update.notes[0].code, std::string("symbols_missing"));
        QCOMPARE(update.notes[0].count, std::uint64_t{5});
        QVERIFY(update.notes[0].detail.find("/opt/shop/app (2)") != std::string::npos);
        QVERIFY(update.notes[0].detail.find("--symbols DIR --append") != std::string::npos);
    }

    void keepsIdsAndAppendsInlineChains()
    {
        const Capture c;
        const auto before = c.dimensions.frames.size();
        const auto queries = symbolQueries(c.dimensions);
        const auto d =
            written(c.dimensions, applySymbols(c.dimensions, queries, {dwarfAnswer(), none(1)}));
        QCOMPARE(chain(d, c.hot), std::string("inlined_one:7 < main:9"));
        QCOMPARE(chain(d, c.call), std::string("caller:3 < main:9"));
        QCOMPARE(d.frames.address[c.hot.raw], std::uint64_t{0x1234});
        QCOMPARE(int{d.frames.flags[c.hot.raw]}, int{kFrameInlined});
        QCOMPARE(int{d.frames.flags[c.call.raw]}, int{kFrameInlined | kFrameReturnAddress});
        // Both were inlined into the same line of main, which is there once.
        QCOMPARE(d.frames.size(), before + 1);
        QCOMPARE(d.frames.outer[c.hot.raw], d.frames.outer[c.call.raw]);
        QCOMPARE(d.frames.module.back(), c.app);
        QCOMPARE(d.frames.kind.back(), FrameKind::User);
        // What the capture named stays as it was.
        QCOMPARE(chain(d, c.namedInline), std::string("inner_of_capture:0 < outer_of_capture:0"));
    }

    void isIdempotent()
    {
        const Capture c;
        const auto queries = symbolQueries(c.dimensions);
        const std::vector<SymbolAnswer> answers = {dwarfAnswer(), none(1)};
        const auto first = written(c.dimensions, applySymbols(c.dimensions, queries, answers));
        QCOMPARE(symbolQueries(first).size(), queries.size());
        QCOMPARE(symbolQueries(first)[0].addresses, queries[0].addresses);
        const auto update = applySymbols(first, symbolQueries(first), answers);
        QVERIFY(update.strings.empty());
        QVERIFY(same(written(first, update).frames, first.frames));
    }

    void betterSymbolsReplaceWorseAndNoneReplacesNothing()
    {
        const Capture c;
        const auto queries = symbolQueries(c.dimensions);
        const auto poor =
            written(c.dimensions, applySymbols(c.dimensions, queries, {symtabAnswer(), none(1)}));
        QCOMPARE(chain(poor, c.hot), std::string("main:0"));
        const auto good = written(poor, applySymbols(poor, queries, {dwarfAnswer(), none(1)}));
        QCOMPARE(chain(good, c.hot), std::string("inlined_one:7 < main:9"));
        // Afterwards neither worse symbols nor none take it away.
        for (const auto &worse : {symtabAnswer(), none(2)}) {
            const auto update = applySymbols(good, queries, {worse, none(1)});
            QVERIFY(same(written(good, update).frames, good.frames));
            QCOMPARE(update.resolved, std::uint64_t{2});
        }
        QVERIFY(same(written(good, applySymbols(good, {}, {})).frames, good.frames));
    }

    void distrustsAnswers()
    {
        const Capture c;
        const auto queries = symbolQueries(c.dimensions);
        SymbolAnswer wild;
        wild.end = {4'000'000'000u, 1};
        wild.frames = {{"x", "", 0, SymbolSource::Symtab}};
        SymbolAnswer unnamed;
        unnamed.end = {1, 2};
        unnamed.frames = {{"", "a", 1, SymbolSource::Dwarf}, {"y", "", 0, SymbolSource::Capture}};
        for (const auto &answer : {wild, unnamed, SymbolAnswer{}}) {
            const auto update = applySymbols(c.dimensions, queries, {answer});
            const auto d = written(c.dimensions, update);
            QCOMPARE(d.function(c.call), std::string_view("app+0x1234"));
        }
    }

    void addsUpNotes()
    {
        const Capture c;
        auto a = none(2), b = none(1);
        a.notes = {{Severity::Notice, "symbols_build_id_mismatch", 1, 0, "first"}};
        b.notes = {{Severity::Notice, "symbols_build_id_mismatch", 2, 0, "second"}};
        const auto update = applySymbols(c.dimensions, symbolQueries(c.dimensions), {a, b});
        QCOMPARE(update.notes.size(), std::size_t{2});
        QCOMPARE(update.notes[0].count, std::uint64_t{3});
        QCOMPARE(update.notes[0].detail, std::string("first"));
    }
};

QTEST_GUILESS_MAIN(TestApplySymbols)
#include "tst_apply_symbols.moc"
