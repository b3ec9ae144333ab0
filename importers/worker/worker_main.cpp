#include "importers/worker/worker_main.h"

#include "importers/run_import.h"
#include "importers/worker/heartbeat.h"
#include "importers/worker/messages.h"
#include "importers/worker/pipe_store.h"
#include "importers/worker/sandbox.h"

#include <algorithm>
#include <archive.h>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <sys/prctl.h>
#include <unistd.h>

namespace flamewright {
namespace {

constexpr int kInput = 0, kOutput = 3, kControl = 4;
// Of one part of an answer; far below kMaxFrameBytes.
constexpr std::size_t kAnswerFrames = 32u << 10;
constexpr std::size_t kAnswerTextBytes = 2u << 20;

// Whatever libraries do on first use and what needs files or threads for it is done now.
void warmUp()
{
    std::setlocale(LC_ALL, "C.UTF-8");
    try {
        throw std::runtime_error("first");
    } catch (const std::exception &) { // the unwinder has seen every library now
    }
    auto *reader = archive_read_new();
    archive_read_support_format_all(reader);
    archive_read_support_filter_all(reader);
    archive_read_free(reader);
}

void enter(Sandbox &sandbox, const SandboxRules &rules, Heartbeat &heartbeat)
{
    sandbox.restrictFiles(rules);
    heartbeat.start();
    sandbox.filterSystemCalls(rules);
}

Result<EndMessage> import(const WorkerImportRequest &request, const ImporterRegistry &registry,
                          FrameWriter &writer, Heartbeat &heartbeat, JobContext &job)
{
    FW_ASSIGN(const auto input, openInput(kInput, request.fileName));
    heartbeat.watch(*input);
    PipeStore store(writer);
    const ImportOptions options{.strict = request.strict};
    auto done = guarded([&]() -> Result<> {
        FW_TRY(runImport(*input, registry, request.formatId, options, job,
                         [&](const std::string &formatId) -> Result<ChunkStore *> {
                             FW_TRY(writer.write(encodeMessage(FormatMessage{formatId})));
                             return &store;
                         }));
        return {};
    });
    heartbeat.silence();
    FW_TRY(done);
    return EndMessage{store.chunks(), input->rawBytesRead()};
}

int serveImport(const WorkerRequest &request, const WorkerParts &parts)
{
    FrameWriter writer(kOutput);
    JobContext job;
    Heartbeat heartbeat(writer, job);
    Sandbox sandbox;
    const SandboxRules rules{.memoryLimitBytes = request.memoryLimitBytes,
                             .cpuSeconds = request.cpuSeconds};
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // the heartbeat does it too, a little later
    sandbox.limitResources(rules);
    ImporterRegistry registry;
    parts.addImporters(registry);
    warmUp();
    enter(sandbox, rules, heartbeat);
    if (!writer.write(encodeMessage(HelloMessage{sandbox.isolation()})).has_value())
        return 1;
    auto end =
        import(std::get<WorkerImportRequest>(request.work), registry, writer, heartbeat, job);
    heartbeat.silence();
    if (!writer
             .write(end.has_value() ? encodeMessage(*end)
                                    : encodeMessage(FailureMessage{end.error()}))
             .has_value())
        return 1;
    return 0;
}

// Cuts an answer into parts and numbers its texts.
class AnswerSender {
public:
    explicit AnswerSender(FrameWriter &writer) : m_writer(writer) {}

    Result<> send(const SymbolAnswer &answer)
    {
        std::size_t frame = 0;
        for (const auto end : answer.end) {
            for (; frame < end; ++frame) {
                add(answer.frames[frame]);
                FW_TRY(flushIfFull());
            }
            m_part.ends.push_back(end);
            FW_TRY(flushIfFull());
        }
        m_part.usedFile = answer.usedFile.substr(0, kMaxWireText);
        m_part.notes = answer.notes;
        m_part.notes.resize(std::min(m_part.notes.size(), kMaxWireNotes));
        return flush(true);
    }

private:
    void add(const ResolvedFrame &frame)
    {
        m_part.functions.push_back(textId(frame.function));
        m_part.files.push_back(textId(frame.file));
        m_part.lines.push_back(frame.line);
        m_part.sources.push_back(frame.source);
    }
    std::uint32_t textId(std::string_view text)
    {
        if (text.empty())
            return 0;
        text = text.substr(0, kMaxWireText);
        const auto fresh = static_cast<std::uint32_t>(m_ids.size() + 1);
        const auto [it, added] = m_ids.try_emplace(std::string(text), fresh);
        if (added) {
            m_part.text.emplace_back(text);
            m_textBytes += text.size() + 8;
        }
        return it->second;
    }
    Result<> flushIfFull()
    {
        const auto rows = m_part.functions.size() + m_part.ends.size();
        return rows >= kAnswerFrames || m_textBytes >= kAnswerTextBytes ? flush(false) : Result<>();
    }
    Result<> flush(bool last)
    {
        m_part.last = last;
        FW_TRY(m_writer.write(encodeMessage(std::move(m_part))));
        m_part = {};
        m_textBytes = 0;
        return {};
    }

    FrameWriter &m_writer;
    AnswerPart m_part;
    std::size_t m_textBytes = 0;
    std::map<std::string, std::uint32_t, std::less<>> m_ids;
};

// The next query, from all its parts; nothing at the end.
Result<std::optional<SymbolQuery>> nextQuery()
{
    SymbolQuery query;
    for (;;) {
        FW_ASSIGN(const auto frame, readFrame(kControl));
        if (frame.empty())
            return std::optional<SymbolQuery>();
        FW_ASSIGN(auto part, decodeQueryPart(frame));
        query.module = std::move(part.query.module);
        query.addresses.insert(query.addresses.end(), part.query.addresses.begin(),
                               part.query.addresses.end());
        if (part.last)
            return std::optional(std::move(query));
    }
}

int serveSymbols(const WorkerRequest &request, const WorkerParts &parts)
{
    const auto &work = std::get<WorkerSymbolRequest>(request.work);
    FrameWriter writer(kOutput);
    JobContext job;
    Heartbeat heartbeat(writer, job);
    Sandbox sandbox;
    const SandboxRules rules{.memoryLimitBytes = request.memoryLimitBytes,
                             .cpuSeconds = request.cpuSeconds,
                             .opensFiles = true,
                             .readable = work.readable};
    sandbox.limitResources(rules);
    const auto symbolizer = parts.makeSymbolizer(work.search);
    warmUp();
    enter(sandbox, rules, heartbeat);
    if (!writer.write(encodeMessage(HelloMessage{sandbox.isolation()})).has_value())
        return 1;
    for (;;) {
        const auto query = nextQuery();
        if (!query.has_value())
            return 1;
        if (!*query)
            return 0;
        const auto answer = guarded([&] { return symbolizer->resolve(**query, job); });
        const auto sent = answer.has_value()
                              ? AnswerSender(writer).send(*answer)
                              : writer.write(encodeMessage(FailureMessage{answer.error()}));
        if (!sent.has_value())
            return 1;
    }
}

} // namespace

int workerMain(int argc, char **argv, const WorkerParts &parts)
{
    if (argc == 2 && std::strcmp(argv[1], "--selftest-escape") == 0)
        return selftestEscape();
    if (argc != 1) {
        std::fputs("import-worker is started by flamewright, not by hand.\n"
                   "import-worker --selftest-escape shows how well it is locked in.\n",
                   stderr);
        return 2;
    }
    const auto frame = readFrame(kControl);
    if (!frame.has_value() || frame->empty())
        return 2;
    const auto request = decodeRequest(*frame);
    if (!request.has_value())
        return 2;
    // Nothing that runs at exit is needed, and the heartbeat's thread is still there.
    ::_exit(std::holds_alternative<WorkerImportRequest>(request->work)
                ? serveImport(*request, parts)
                : serveSymbols(*request, parts));
}

} // namespace flamewright
