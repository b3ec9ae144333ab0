#include "importers/symbols/symbol_cache.h"
#include "importers/worker/child_process.h"
#include "importers/worker/import_worker.h"
#include "importers/worker/messages.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace flamewright {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kSymbolMemory = 4ull << 30; // debug files are mapped
constexpr std::uint64_t kSymbolCpuSeconds = 1800;   // of one worker, over all its modules
constexpr auto kPatience = 300s;                    // for one module
constexpr std::size_t kPartAddresses = 32u << 10;
constexpr std::size_t kMaxFramesPerAddress = 1024;
constexpr std::uint64_t kMaxAnswerText = 1ull << 30;

// Puts the parts of one answer together and distrusts them.
class AnswerChecker {
public:
    explicit AnswerChecker(std::size_t addresses) : m_addresses(addresses) {}

    // True when it is complete.
    Result<bool> take(AnswerPart part)
    {
        for (auto &text : part.text) {
            m_textBytes += text.size() + 8;
            m_text.push_back(std::move(text));
        }
        const auto known = [&](std::uint32_t id) { return id <= m_text.size(); };
        for (std::size_t i = 0; i < part.functions.size(); ++i) {
            if (!known(part.functions[i]) || !known(part.files[i]))
                return wrong();
            m_textBytes += text(part.functions[i]).size() + text(part.files[i]).size();
            m_answer.frames.push_back({.function = text(part.functions[i]),
                                       .file = text(part.files[i]),
                                       .line = part.lines[i],
                                       .source = part.sources[i]});
        }
        m_answer.end.insert(m_answer.end.end(), part.ends.begin(), part.ends.end());
        if (m_answer.end.size() > m_addresses || m_textBytes > kMaxAnswerText ||
            m_answer.frames.size() > kMaxFramesPerAddress * m_addresses)
            return wrong();
        if (!part.last)
            return false;
        m_answer.usedFile = std::move(part.usedFile);
        m_answer.notes = std::move(part.notes);
        std::uint32_t begin = 0;
        for (const auto end : m_answer.end) {
            if (end < begin || end > m_answer.frames.size() || end - begin > kMaxFramesPerAddress)
                return wrong();
            begin = end;
        }
        if (m_answer.end.size() != m_addresses || begin != m_answer.frames.size())
            return wrong();
        return true;
    }
    SymbolAnswer answer() && { return std::move(m_answer); }

private:
    static tl::unexpected<Error> wrong()
    {
        return fail(Errc::Worker, "the symbol worker sent an answer that does not fit");
    }
    std::string text(std::uint32_t id) const { return id == 0 ? std::string() : m_text[id - 1]; }

    std::size_t m_addresses;
    std::vector<std::string> m_text;
    std::uint64_t m_textBytes = 0;
    SymbolAnswer m_answer;
};

class SymbolWorker final : public Symbolizer {
public:
    SymbolWorker(std::filesystem::path program, const SymbolSearch &search)
        : m_program(std::move(program)),
          m_request{.memoryLimitBytes = kSymbolMemory,
                    .cpuSeconds = kSymbolCpuSeconds,
                    .work = requestFor(search)}
    {}

    // Errc::Worker when the worker died, hung or spoke nonsense; the next query gets a new one.
    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) override
    {
        if (query.addresses.empty())
            return SymbolAnswer();
        FW_TRY(job.checkpoint());
        if (!m_child)
            FW_TRY(start());
        auto answer = ask(query, job);
        if (answer.has_value() || m_failureIsAnswer)
            return answer;
        m_child->kill();
        const auto how = m_child->reap();
        m_child.reset();
        if (m_ended)
            return fail(Errc::Worker, "the symbol worker " + how);
        return answer;
    }

private:
    Result<> start()
    {
        FW_ASSIGN(auto child, ChildProcess::start(m_program, -1));
        FW_TRY(child.send(encodeRequest(m_request), JobContext()));
        m_child.emplace(std::move(child));
        m_frames = {};
        return {};
    }
    static WorkerSymbolRequest requestFor(const SymbolSearch &search)
    {
        WorkerSymbolRequest request{.search = search, .readable = {}};
        // The cache is the parent's; and the worker has no environment to find its home by.
        request.search.cacheDirectory.clear();
        if (request.search.home.empty()) {
            if (const auto *home = std::getenv("HOME"))
                request.search.home = home;
        }
        for (const auto &root : symbolRoots(request.search))
            request.readable.push_back(root.string());
        return request;
    }

    Result<> ask(const SymbolQuery &query, std::size_t from, JobContext &job)
    {
        const auto count = std::min(kPartAddresses, query.addresses.size() - from);
        const auto begin = query.addresses.begin() + static_cast<std::ptrdiff_t>(from);
        const SymbolQuery part{query.module, {begin, begin + static_cast<std::ptrdiff_t>(count)}};
        return m_child->send(encodeQueryPart(part, from + count == query.addresses.size()), job);
    }

    Result<SymbolAnswer> ask(const SymbolQuery &query, JobContext &job)
    {
        m_failureIsAnswer = m_ended = false;
        for (std::size_t from = 0; from < query.addresses.size(); from += kPartAddresses) {
            auto asked = ask(query, from, job);
            if (!asked.has_value()) {
                m_ended = asked.error().code() == Errc::Worker;
                return fail(std::move(asked).error());
            }
        }
        AnswerChecker answer(query.addresses.size());
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        for (;;) {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(const auto got, m_child->read(m_frames, 50ms));
            if (got == ChildProcess::Read::End) {
                m_ended = true;
                return fail(Errc::Worker, "the symbol worker ended");
            }
            if (got == ChildProcess::Read::Nothing) {
                if (std::chrono::steady_clock::now() > deadline)
                    return fail(Errc::Worker, "the symbol worker took too long and was stopped");
                continue;
            }
            FW_ASSIGN(auto message, decodeMessage(m_frames.frame()));
            if (std::holds_alternative<HelloMessage>(message))
                continue;
            if (auto *failure = std::get_if<FailureMessage>(&message)) {
                m_failureIsAnswer = true;
                return fail(std::move(failure->error));
            }
            auto *part = std::get_if<AnswerPart>(&message);
            if (part == nullptr)
                return fail(Errc::Worker, "the symbol worker sent nonsense");
            FW_ASSIGN(const auto complete, answer.take(std::move(*part)));
            if (complete)
                return std::move(answer).answer();
        }
    }

    std::filesystem::path m_program;
    WorkerRequest m_request;
    std::optional<ChildProcess> m_child;
    FrameAssembler m_frames;
    bool m_failureIsAnswer = false; // the last error came from a worker that is well
    bool m_ended = false;           // it came from one that ended
};

// What stands before all: a module whose symbols cannot be had costs its names and a note, not the
// import. Outside of the cache, so that bad luck is not remembered: nobody may put another around.
class ForgivingSymbolizer final : public Symbolizer {
public:
    explicit ForgivingSymbolizer(std::unique_ptr<Symbolizer> inner) : m_inner(std::move(inner)) {}

    Result<SymbolAnswer> resolve(const SymbolQuery &query, JobContext &job) override
    {
        auto known = m_inner->resolve(query, job);
        if (known.has_value() || known.error().code() == Errc::Cancelled)
            return known;
        const bool died = known.error().code() == Errc::Worker;
        SymbolAnswer answer;
        answer.end.assign(query.addresses.size(), 0);
        answer.notes.push_back({Severity::Notice,
                                died ? "symbol_worker_died" : "symbols_unreadable", 1, 0,
                                query.module.name + ": " + known.error().text()});
        return answer;
    }

private:
    std::unique_ptr<Symbolizer> m_inner;
};

} // namespace

std::unique_ptr<Symbolizer> makeSymbolWorker(const std::filesystem::path &workerProgram,
                                             const SymbolSearch &search)
{
    std::unique_ptr<Symbolizer> symbolizer = std::make_unique<SymbolWorker>(workerProgram, search);
    if (!search.cacheDirectory.empty())
        symbolizer = makeCachingSymbolizer(std::move(symbolizer), search);
    return std::make_unique<ForgivingSymbolizer>(std::move(symbolizer));
}

} // namespace flamewright
