#include "importers/worker/messages.h"

#include "importers/worker/wire.capnp.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>
#include <kj/io.h>

#include <algorithm>
#include <cstring>

namespace flamewright {
namespace {

namespace wire = workerwire;

Error nonsense(const char *what)
{
    return Error(Errc::Worker, std::string("the import worker sent nonsense: ") + what);
}

kj::ArrayPtr<const kj::byte> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const kj::byte *>(text.data()), text.size()};
}

Frame flattened(capnp::MessageBuilder &builder)
{
    Frame frame(capnp::computeSerializedSizeInWords(builder));
    kj::ArrayOutputStream out(
        kj::arrayPtr(reinterpret_cast<kj::byte *>(frame.data()), frame.size() * sizeof(frame[0])));
    capnp::writeMessage(out, builder);
    return frame;
}

// Reads `frame` as a T; everything Cap'n Proto objects to is an error.
template <class T, class Read>
auto readMessage(const Frame &frame, Read read)
    -> decltype(read(std::declval<typename T::Reader>()))
{
    try {
        capnp::ReaderOptions options;
        options.traversalLimitInWords = 2 * frame.size() + 64;
        options.nestingLimit = 16;
        capnp::FlatArrayMessageReader reader(
            kj::arrayPtr(reinterpret_cast<const capnp::word *>(frame.data()), frame.size()),
            options);
        return read(reader.getRoot<T>());
    } catch (const kj::Exception &e) {
        return fail(nonsense(e.getDescription().cStr()));
    }
}

Result<std::string> textOf(capnp::Data::Reader data, std::size_t most = kMaxWireText)
{
    if (data.size() > most)
        return fail(nonsense("a text that is too long"));
    return std::string(reinterpret_cast<const char *>(data.begin()), data.size());
}

template <class E>
Result<E> enumOf(std::uint8_t raw, E first, E last)
{
    if (raw < static_cast<std::uint8_t>(first) || raw > static_cast<std::uint8_t>(last))
        return fail(nonsense("a value that is not in its list"));
    return static_cast<E>(raw);
}

template <class List>
Result<> checkCount(const List &list, std::size_t most)
{
    if (list.size() > most)
        return fail(nonsense("a list that is too long"));
    return {};
}

void write(wire::Module::Builder to, const ModuleRow &row)
{
    to.setName(bytesOf(row.name));
    to.setBuildId(bytesOf(row.buildId));
    to.setKind(static_cast<std::uint8_t>(row.kind));
    to.setPid(row.pid);
    to.setBase(row.base);
}

Result<ModuleRow> read(wire::Module::Reader from)
{
    ModuleRow row;
    FW_ASSIGN(row.name, textOf(from.getName()));
    FW_ASSIGN(row.buildId, textOf(from.getBuildId()));
    FW_ASSIGN(row.kind, enumOf(from.getKind(), ModuleKind::Unknown, ModuleKind::Jit));
    row.pid = from.getPid();
    row.base = from.getBase();
    return row;
}

void write(wire::Track::Builder to, const TrackRow &row)
{
    to.setKind(static_cast<std::uint8_t>(row.kind));
    to.setName(bytesOf(row.name));
    to.setPid(row.pid);
    to.setTid(row.tid);
    to.setParent(row.parent.raw);
}

Result<TrackRow> read(wire::Track::Reader from)
{
    TrackRow row;
    FW_ASSIGN(row.kind, enumOf(from.getKind(), TrackKind::Process, TrackKind::Async));
    FW_ASSIGN(row.name, textOf(from.getName()));
    row.pid = from.getPid();
    row.tid = from.getTid();
    row.parent.raw = from.getParent();
    return row;
}

void write(wire::Note::Builder to, const ImportNote &note)
{
    to.setSeverity(static_cast<std::uint8_t>(note.severity));
    to.setCode(bytesOf(note.code));
    to.setCount(note.count);
    to.setFirstOffset(note.firstOffset);
    to.setDetail(bytesOf(note.detail));
}

bool isNoteCode(std::string_view code)
{
    return !code.empty() && code.size() <= 64 && std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Result<ImportNote> read(wire::Note::Reader from)
{
    ImportNote note;
    FW_ASSIGN(note.severity, enumOf(from.getSeverity(), Severity::Info, Severity::Error));
    FW_ASSIGN(note.code, textOf(from.getCode(), 64));
    if (!isNoteCode(note.code))
        return fail(nonsense("a note with an impossible code"));
    note.count = from.getCount();
    note.firstOffset = from.getFirstOffset();
    FW_ASSIGN(note.detail, textOf(from.getDetail(), 4096));
    return note;
}

template <class To, class From>
void writeAll(To to, const From &rows)
{
    for (unsigned i = 0; i < rows.size(); ++i)
        write(to[i], rows[i]);
}

template <class From, class To>
Result<> readAll(const From &list, std::size_t most, To &rows)
{
    FW_TRY(checkCount(list, most));
    for (const auto item : list) {
        FW_ASSIGN(auto row, read(item));
        rows.push_back(std::move(row));
    }
    return {};
}

unsigned count(std::size_t size)
{
    return static_cast<unsigned>(size);
}

void write(wire::Chunk::Builder to, const Chunk &chunk)
{
    to.setKind(static_cast<std::uint8_t>(chunk.kind));
    to.setBegin(chunk.span.begin.time_since_epoch().count());
    to.setEnd(chunk.span.end.time_since_epoch().count());
    to.setFirstRow(chunk.firstRow);
    to.setRows(chunk.rows);
    to.setPayload(kj::arrayPtr(reinterpret_cast<const kj::byte *>(chunk.payload.data()),
                               chunk.payload.size()));
}

Result<Chunk> read(wire::Chunk::Reader from)
{
    Chunk chunk;
    switch (from.getKind()) {
    case static_cast<int>(ChunkKind::Samples):
    case static_cast<int>(ChunkKind::Slices):
    case static_cast<int>(ChunkKind::Counters):
    case static_cast<int>(ChunkKind::Requests):
    case static_cast<int>(ChunkKind::Summaries):
    case static_cast<int>(ChunkKind::Benchmarks):
    case static_cast<int>(ChunkKind::Flows):
    case static_cast<int>(ChunkKind::SliceLevels):
    case static_cast<int>(ChunkKind::CounterLevels):
    case static_cast<int>(ChunkKind::Texts):
    case static_cast<int>(ChunkKind::Strings):
    case static_cast<int>(ChunkKind::Frames):
    case static_cast<int>(ChunkKind::Stacks): break;
    default: return fail(nonsense("a chunk of an unknown kind"));
    }
    chunk.kind = static_cast<ChunkKind>(from.getKind());
    chunk.span = {Timestamp{Duration{from.getBegin()}}, Timestamp{Duration{from.getEnd()}}};
    chunk.firstRow = from.getFirstRow();
    chunk.rows = from.getRows();
    const auto payload = from.getPayload();
    if (payload.size() == 0 || payload.size() % 8 != 0 || payload.size() > kMaxChunkBytes)
        return fail(nonsense("a chunk of an impossible size"));
    chunk.payload.resize(payload.size());
    std::memcpy(chunk.payload.data(), payload.begin(), payload.size());
    return chunk;
}

void write(wire::MetaPart::Builder to, const MetaPart &part)
{
    writeAll(to.initModules(count(part.modules.size())), part.modules);
    writeAll(to.initTracks(count(part.tracks.size())), part.tracks);
    auto renames = to.initRenames(count(part.renames.size()));
    for (unsigned i = 0; i < part.renames.size(); ++i) {
        renames[i].setTrack(part.renames[i].first.raw);
        renames[i].setName(bytesOf(part.renames[i].second));
    }
    auto buildIds = to.initBuildIds(count(part.buildIds.size()));
    for (unsigned i = 0; i < part.buildIds.size(); ++i) {
        buildIds[i].setModule(part.buildIds[i].first.raw);
        buildIds[i].setBuildId(bytesOf(part.buildIds[i].second));
    }
    to.setLast(part.last);
    auto measures = to.initMeasures(count(part.rest.measures.size()));
    for (unsigned i = 0; i < part.rest.measures.size(); ++i) {
        const auto &row = part.rest.measures[i];
        measures[i].setName(bytesOf(row.name));
        measures[i].setUnit(static_cast<std::uint8_t>(row.unit));
        measures[i].setRows(row.rows);
        measures[i].setTotal(row.total);
        measures[i].setSamples(row.samples);
    }
    writeAll(to.initNotes(count(part.rest.notes.size())), part.rest.notes);
    auto pairs = to.initProvenance(count(part.rest.provenance.size()));
    for (unsigned i = 0; i < part.rest.provenance.size(); ++i) {
        pairs[i].setKey(bytesOf(part.rest.provenance[i].first));
        pairs[i].setValue(bytesOf(part.rest.provenance[i].second));
    }
    to.setHasWallOffset(part.rest.wallOffsetNs.has_value());
    to.setWallOffsetNs(part.rest.wallOffsetNs.value_or(0));
    to.setHasDuration(part.rest.durationNs.has_value());
    to.setDurationNs(part.rest.durationNs.value_or(0));
}

Result<MetaPart> read(wire::MetaPart::Reader from)
{
    MetaPart part;
    FW_TRY(readAll(from.getModules(), kMaxPartRows, part.modules));
    FW_TRY(readAll(from.getTracks(), kMaxPartRows, part.tracks));
    FW_TRY(checkCount(from.getRenames(), kMaxPartRows));
    for (const auto rename : from.getRenames()) {
        FW_ASSIGN(auto name, textOf(rename.getName()));
        part.renames.emplace_back(TrackId{rename.getTrack()}, std::move(name));
    }
    FW_TRY(checkCount(from.getBuildIds(), kMaxPartRows));
    for (const auto late : from.getBuildIds()) {
        FW_ASSIGN(auto buildId, textOf(late.getBuildId()));
        part.buildIds.emplace_back(ModuleId{late.getModule()}, std::move(buildId));
    }
    part.last = from.getLast();
    FW_TRY(checkCount(from.getMeasures(), kMaxWireMeasures));
    for (const auto measure : from.getMeasures()) {
        MeasureRow row;
        FW_ASSIGN(row.name, textOf(measure.getName()));
        FW_ASSIGN(row.unit, enumOf(measure.getUnit(), Unit::Count, Unit::Ratio));
        row.rows = measure.getRows();
        row.total = measure.getTotal();
        row.samples = measure.getSamples();
        part.rest.measures.push_back(std::move(row));
    }
    FW_TRY(readAll(from.getNotes(), kMaxWireNotes, part.rest.notes));
    FW_TRY(checkCount(from.getProvenance(), kMaxWireNotes));
    for (const auto pair : from.getProvenance()) {
        FW_ASSIGN(auto key, textOf(pair.getKey(), 256));
        FW_ASSIGN(auto value, textOf(pair.getValue()));
        part.rest.provenance.emplace_back(std::move(key), std::move(value));
    }
    if (from.getHasWallOffset())
        part.rest.wallOffsetNs = from.getWallOffsetNs();
    if (from.getHasDuration())
        part.rest.durationNs = from.getDurationNs();
    return part;
}

void write(wire::Failure::Builder to, const Error &error)
{
    to.setCode(static_cast<std::uint8_t>(error.code()));
    to.setMessage(bytesOf(std::string_view(error.message()).substr(0, 4096)));
    to.setContext(bytesOf(std::string_view(error.context()).substr(0, 4096)));
    to.setHasOffset(error.offset().has_value());
    to.setOffset(error.offset().value_or(0));
}

Result<FailureMessage> read(wire::Failure::Reader from)
{
    FW_ASSIGN(const auto code, enumOf(from.getCode(), Errc::Cancelled, Errc::Internal));
    FW_ASSIGN(auto message, textOf(from.getMessage(), 4096));
    FW_ASSIGN(const auto context, textOf(from.getContext(), 4096));
    // Only the parent can cancel; and a worker has no sessions, queries or disk to speak of.
    const bool plausible = code == Errc::Io || code == Errc::UnknownFormat ||
                           code == Errc::Corrupt || code == Errc::Unsupported ||
                           code == Errc::Limit || code == Errc::Version || code == Errc::Usage ||
                           code == Errc::Internal;
    Error error(plausible ? code : Errc::Worker, std::move(message));
    if (!context.empty())
        error = Error(std::move(error)).in(context.substr(0, context.rfind(": ")));
    if (from.getHasOffset())
        error = Error(std::move(error)).at(from.getOffset());
    return FailureMessage{std::move(error)};
}

void write(wire::Answer::Builder to, const AnswerPart &part)
{
    auto text = to.initText(count(part.text.size()));
    for (unsigned i = 0; i < part.text.size(); ++i)
        text.set(i, bytesOf(part.text[i]));
    const auto numbers = [](auto list, const auto &values) {
        for (unsigned i = 0; i < values.size(); ++i)
            list.set(i, values[i]);
    };
    numbers(to.initEnds(count(part.ends.size())), part.ends);
    numbers(to.initFunctions(count(part.functions.size())), part.functions);
    numbers(to.initFiles(count(part.files.size())), part.files);
    numbers(to.initLines(count(part.lines.size())), part.lines);
    auto sources = to.initSources(count(part.sources.size()));
    for (unsigned i = 0; i < part.sources.size(); ++i)
        sources.set(i, static_cast<std::uint8_t>(part.sources[i]));
    to.setLast(part.last);
    to.setUsedFile(bytesOf(part.usedFile));
    writeAll(to.initNotes(count(part.notes.size())), part.notes);
}

Result<AnswerPart> read(wire::Answer::Reader from)
{
    AnswerPart part;
    for (const auto item : from.getText()) {
        FW_ASSIGN(auto text, textOf(item));
        part.text.push_back(std::move(text));
    }
    const auto numbers = [](auto list, auto &values) {
        for (const auto value : list)
            values.push_back(value);
    };
    numbers(from.getEnds(), part.ends);
    numbers(from.getFunctions(), part.functions);
    numbers(from.getFiles(), part.files);
    numbers(from.getLines(), part.lines);
    for (const auto raw : from.getSources()) {
        FW_ASSIGN(const auto source, enumOf(raw, SymbolSource::None, SymbolSource::Dwarf));
        part.sources.push_back(source);
    }
    const auto frames = part.functions.size();
    if (part.files.size() != frames || part.lines.size() != frames || part.sources.size() != frames)
        return fail(nonsense("frames with columns of different lengths"));
    part.last = from.getLast();
    FW_ASSIGN(part.usedFile, textOf(from.getUsedFile()));
    FW_TRY(readAll(from.getNotes(), kMaxWireNotes, part.notes));
    return part;
}

// One writer for each alternative of WorkerMessage.
struct MessageWriter {
    wire::ToParent::Builder root;
    void operator()(const HelloMessage &m) { root.setHello(bytesOf(m.isolation)); }
    void operator()(const FormatMessage &m) { root.setFormat(bytesOf(m.formatId)); }
    void operator()(const Chunk &m) { write(root.initChunk(), m); }
    void operator()(const MetaPart &m) { write(root.initMeta(), m); }
    void operator()(const ProgressMessage &m)
    {
        auto to = root.initProgress();
        to.setDone(m.done);
        to.setRawBytesRead(m.rawBytesRead);
    }
    void operator()(const FailureMessage &m) { write(root.initFailure(), m.error); }
    void operator()(const EndMessage &m)
    {
        auto to = root.initEnd();
        to.setChunks(m.chunks);
        to.setRawBytesRead(m.rawBytesRead);
    }
    void operator()(const AnswerPart &m) { write(root.initAnswer(), m); }
};

Result<WorkerMessage> read(wire::ToParent::Reader root)
{
    switch (root.which()) {
    case wire::ToParent::HELLO: {
        FW_ASSIGN(auto text, textOf(root.getHello(), 1024));
        return HelloMessage{std::move(text)};
    }
    case wire::ToParent::FORMAT: {
        FW_ASSIGN(auto id, textOf(root.getFormat(), 64));
        return FormatMessage{std::move(id)};
    }
    case wire::ToParent::CHUNK: return read(root.getChunk());
    case wire::ToParent::META: return read(root.getMeta());
    case wire::ToParent::PROGRESS:
        return ProgressMessage{root.getProgress().getDone(), root.getProgress().getRawBytesRead()};
    case wire::ToParent::FAILURE: return read(root.getFailure());
    case wire::ToParent::END:
        return EndMessage{root.getEnd().getChunks(), root.getEnd().getRawBytesRead()};
    case wire::ToParent::ANSWER: return read(root.getAnswer());
    }
    return fail(nonsense("a message of an unknown kind"));
}

} // namespace

Frame encodeRequest(const WorkerRequest &request)
{
    capnp::MallocMessageBuilder builder;
    auto root = builder.initRoot<wire::Request>();
    root.setMemoryLimit(request.memoryLimitBytes);
    root.setCpuSeconds(request.cpuSeconds);
    if (const auto *import = std::get_if<WorkerImportRequest>(&request.work)) {
        auto to = root.initImport();
        to.setFileName(import->fileName);
        to.setFormatId(import->formatId);
        to.setStrict(import->strict);
    } else {
        const auto &symbols = std::get<WorkerSymbolRequest>(request.work);
        auto to = root.initSymbols();
        auto directories = to.initDirectories(count(symbols.search.directories.size()));
        for (unsigned i = 0; i < directories.size(); ++i)
            directories.set(i, symbols.search.directories[i].string());
        to.setUseSystem(symbols.search.useSystem);
        to.setKallsyms(symbols.search.kallsyms.string());
        to.setHome(symbols.search.home.string());
        to.setRunningKernel(symbols.search.runningKernel);
        auto readable = to.initReadable(count(symbols.readable.size()));
        for (unsigned i = 0; i < readable.size(); ++i)
            readable.set(i, symbols.readable[i]);
    }
    return flattened(builder);
}

Result<WorkerRequest> decodeRequest(const Frame &frame)
{
    return readMessage<wire::Request>(
        frame, [](wire::Request::Reader root) -> Result<WorkerRequest> {
            WorkerRequest out;
            out.memoryLimitBytes = root.getMemoryLimit();
            out.cpuSeconds = root.getCpuSeconds();
            if (root.isImport()) {
                const auto from = root.getImport();
                out.work = WorkerImportRequest{from.getFileName().cStr(), from.getFormatId().cStr(),
                                               from.getStrict()};
                return out;
            }
            const auto from = root.getSymbols();
            WorkerSymbolRequest symbols;
            for (const auto directory : from.getDirectories())
                symbols.search.directories.emplace_back(directory.cStr());
            symbols.search.useSystem = from.getUseSystem();
            symbols.search.kallsyms = from.getKallsyms().cStr();
            symbols.search.home = from.getHome().cStr();
            symbols.search.runningKernel = from.getRunningKernel().cStr();
            for (const auto root_ : from.getReadable())
                symbols.readable.emplace_back(root_.cStr());
            out.work = std::move(symbols);
            return out;
        });
}

Frame encodeQueryPart(const SymbolQuery &part, bool last)
{
    capnp::MallocMessageBuilder builder;
    auto root = builder.initRoot<wire::Query>();
    write(root.initModule(), part.module);
    auto addresses = root.initAddresses(count(part.addresses.size()));
    auto returns = root.initReturnAddress(count(part.addresses.size()));
    for (unsigned i = 0; i < part.addresses.size(); ++i) {
        addresses.set(i, part.addresses[i].address);
        returns.set(i, part.addresses[i].returnAddress);
    }
    root.setLast(last);
    return flattened(builder);
}

Result<QueryPart> decodeQueryPart(const Frame &frame)
{
    return readMessage<wire::Query>(frame, [](wire::Query::Reader root) -> Result<QueryPart> {
        QueryPart out;
        FW_ASSIGN(out.query.module, read(root.getModule()));
        const auto addresses = root.getAddresses();
        const auto returns = root.getReturnAddress();
        if (addresses.size() != returns.size())
            return fail(nonsense("addresses with columns of different lengths"));
        for (unsigned i = 0; i < addresses.size(); ++i)
            out.query.addresses.push_back({addresses[i], returns[i]});
        out.last = root.getLast();
        return out;
    });
}

Frame encodeMessage(const WorkerMessage &message)
{
    capnp::MallocMessageBuilder builder;
    std::visit(MessageWriter{builder.initRoot<wire::ToParent>()}, message);
    return flattened(builder);
}

Frame encodeChunkMessage(const Chunk &chunk)
{
    // One segment large enough, so that the payload is copied twice and not three times.
    capnp::MallocMessageBuilder builder(count(chunk.payload.size() / 8 + 64));
    write(builder.initRoot<wire::ToParent>().initChunk(), chunk);
    return flattened(builder);
}

Result<WorkerMessage> decodeMessage(const Frame &frame)
{
    return readMessage<wire::ToParent>(
        frame, [](wire::ToParent::Reader root) -> Result<WorkerMessage> { return read(root); });
}

} // namespace flamewright
