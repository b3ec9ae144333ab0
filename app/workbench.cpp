#include "app/workbench.h"

#include "analysis/flame_tree_builder.h"
#include "app/capture_copy.h"
#include "app/import_store.h"
#include "app/program_paths.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/dimensions.h"
#include "importers/io/input.h"
#include "importers/run_import.h"
#include "importers/symbols/elf_symbolizer.h"
#include "importers/symbols/running_kernel.h"
#include "importers/symbols/symbol_cache.h"
#include "importers/worker/import_worker.h"

#include <algorithm>
#include <sys/stat.h>

namespace flamewright {
namespace {

// 0 for pipes: the writer learns the size when the input ends.
std::uint64_t inputSize(int fd)
{
    struct stat info {};
    const bool regular = ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    return regular ? static_cast<std::uint64_t>(info.st_size) : 0;
}

std::string displayName(const ImportRequest &request)
{
    if (!request.name.empty())
        return request.name;
    return request.input == "-" ? "standard input" : request.input.filename().string();
}

// Parses in this process, as the worker would.
Result<WorkerReport>
runInProcess(const ImporterRegistry &registry, const WorkerJob &work, JobContext &job,
             const std::function<Result<ChunkStore *>(const std::string &formatId)> &begin)
{
    FW_ASSIGN(const auto input, openInput(work.input, work.fileName));
    FW_ASSIGN(auto formatId, runImport(*input, registry, work.formatId, work.options, job, begin));
    return WorkerReport{std::move(formatId), input->rawBytesRead(), "none (in process)"};
}

} // namespace

Workbench::Workbench(const ImporterRegistry &importers, WorkbenchSettings settings)
    : m_importers(importers),
      m_settings(std::move(settings))
{
    if (m_settings.workerProgram.empty())
        m_settings.workerProgram = programDirectory() / "import-worker";
}

Result<ImportOutcome> Workbench::import(Session &session, const ImportRequest &request,
                                        JobContext &job) const
{
    if (session.readOnly())
        return fail(Errc::Busy, "the session cannot be written: " + session.readOnlyReason());
    FW_ASSIGN(const auto input, openInputFile(request.input));
    WorkerJob work;
    work.workerProgram = m_settings.workerProgram;
    work.input = input.get();
    work.fileName = request.input.filename().string();
    work.formatId = request.formatId;
    work.options = request.options;

    std::optional<ImportStore> store;
    const auto begin = [&](const std::string &formatId) -> Result<ChunkStore *> {
        CaptureDesc desc;
        desc.name = displayName(request);
        desc.formatId = formatId;
        desc.sourcePath = request.input == "-" ? "-" : absolute(request.input).string();
        desc.sourceBytes = inputSize(input.get());
        desc.role = request.role;
        FW_ASSIGN(auto writer, session.beginCapture(desc));
        store.emplace(std::move(writer), request.startedAtNs);
        return &*store;
    };
    FW_ASSIGN(const auto report, m_settings.isolation == Isolation::InProcess
                                     ? runInProcess(m_importers, work, job, begin)
                                     : runImportWorker(work, job, begin));
    if (!store)
        return fail(Errc::Worker, "the import worker ended without a result");
    FW_ASSIGN(const auto id, store->finish());
    // The capture is safe now. Missing symbols are a note, not a failed import; being cancelled
    // here undoes everything, as promised.
    auto info = resymbolize(session, id, request.symbols, job);
    if (!info.has_value()) {
        if (info.error().code() == Errc::Cancelled)
            FW_TRY(session.deleteCapture(id));
        return fail(std::move(info).error());
    }
    return ImportOutcome{*std::move(info), report.isolation};
}

Result<CaptureInfo> Workbench::resymbolize(Session &session, CaptureId capture,
                                           const SymbolSearch &symbols, JobContext &job) const
{
    FW_ASSIGN(const auto reader, session.reader());
    FW_ASSIGN(const auto info, reader->capture(capture));
    FW_ASSIGN(const auto dimensions, loadDimensions(*reader, capture, job));
    const auto queries = symbolQueries(*dimensions);
    auto search = symbols;
    if (search.cacheDirectory.empty())
        search.cacheDirectory = m_settings.cacheDirectory;
    if (search.useSystem && search.runningKernel.empty())
        search.runningKernel = runningKernelBuildId();
    if (!queries.empty()) {
        std::unique_ptr<Symbolizer> symbolizer;
        if (m_settings.isolation == Isolation::InProcess) {
            symbolizer = makeCachingSymbolizer(makeElfSymbolizer(search), search);
        } else {
            // It has the cache inside of what makes a dead worker's answer an empty one.
            symbolizer = makeSymbolWorker(m_settings.workerProgram, search);
        }
        std::vector<SymbolAnswer> answers;
        job.setTotal(queries.size());
        for (const auto &query : queries) {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(auto answer, symbolizer->resolve(query, job));
            answers.push_back(std::move(answer));
            job.setDone(answers.size());
        }
        const auto update = applySymbols(*dimensions, queries, answers);
        FW_TRY(writeFrames(session, info, *dimensions, update));
        forget(session.path(), capture);
    }
    FW_TRY(reader->refresh());
    return reader->capture(capture);
}

void Workbench::forget(const std::filesystem::path &session, CaptureId capture) const
{
    std::scoped_lock lock(m_cacheMutex);
    std::erase_if(m_cache, [&](const CachedDimensions &c) {
        return c.session == session && c.capture == capture;
    });
}

Result<std::shared_ptr<const Dimensions>> Workbench::dimensions(const Session &session,
                                                                SessionReader &reader,
                                                                const CaptureInfo &capture,
                                                                JobContext &job) const
{
    const auto isThis = [&](const CachedDimensions &c) {
        return c.session == session.path() && c.capture == capture.id &&
               c.chunks == capture.chunks && c.storedBytes == capture.storedBytes;
    };
    {
        std::scoped_lock lock(m_cacheMutex);
        const auto it = std::find_if(m_cache.begin(), m_cache.end(), isThis);
        if (it != m_cache.end())
            return it->dimensions;
    }
    FW_ASSIGN(auto loaded, loadDimensions(reader, capture.id, job));
    std::scoped_lock lock(m_cacheMutex);
    constexpr std::size_t kKept = 8;
    if (m_cache.size() >= kKept)
        m_cache.erase(m_cache.begin());
    m_cache.push_back({session.path(), capture.id, capture.chunks, capture.storedBytes, loaded});
    return loaded;
}

} // namespace flamewright
