#include "importers/worker/import_worker.h"

#include "importers/io/layer.h"
#include "importers/worker/child_process.h"
#include "importers/worker/messages.h"
#include "importers/worker/stream_checker.h"

#include <algorithm>
#include <chrono>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flamewright {
namespace {

using namespace std::chrono_literals;

constexpr auto kPollInterval = 50ms; // how late a cancel may be noticed
constexpr std::uint64_t kMebi = 1u << 20;

// What the parent can know about the input without parsing it.
struct InputFacts {
    bool regular = false;
    std::uint64_t bytes = 0; // of regular files, from the position on
    bool compressed = false;
};

InputFacts factsOf(int input)
{
    InputFacts facts;
    struct stat info = {};
    if (::fstat(input, &info) != 0 || !S_ISREG(info.st_mode))
        return facts;
    const auto at = ::lseek(input, 0, SEEK_CUR);
    facts.regular = true;
    facts.bytes =
        static_cast<std::uint64_t>(std::max<off_t>(info.st_size - std::max<off_t>(at, 0), 0));
    std::byte head[512];
    const auto got = ::pread(input, head, sizeof head, std::max<off_t>(at, 0));
    facts.compressed =
        got > 0 &&
        layerKindOf(std::span(head).first(static_cast<std::size_t>(got))) != LayerKind::None;
    return facts;
}

// Generous for every sound input, and an end for loops that look like progress.
std::uint64_t processorSeconds(const InputFacts &facts)
{
    if (!facts.regular)
        return 24 * 3600; // how much will come is not known
    const auto bytes = facts.bytes * (facts.compressed ? 10 : 1);
    return 120 + 20 * (bytes / (100 * kMebi));
}

// Notices a worker that neither reads nor writes any more. Only time spent waiting for it counts,
// not the time it waits for us.
class Watchdog {
public:
    Watchdog(const ChildProcess &child, int input, bool regular, unsigned seconds)
        : m_child(child),
          m_input(input),
          m_regular(regular),
          m_limit(std::chrono::seconds(seconds))
    {}

    void moved() { m_idle = {}; }
    // `waited`: for how long nothing came. True when it is stuck.
    bool stuck(std::chrono::nanoseconds waited)
    {
        m_idle += waited;
        if (m_idle < m_limit)
            return false;
        if (!m_regular && waitsForInput()) {
            moved();
            return false;
        }
        return true;
    }

private:
    // A pipe whose writer is silent: nothing to read and no processor time used meanwhile.
    bool waitsForInput()
    {
        const auto used = m_child.processorTime();
        const bool idle = used - m_used < m_limit / 4;
        m_used = used;
        pollfd ready{m_input, POLLIN, 0};
        return idle && ::poll(&ready, 1, 0) == 0;
    }

    const ChildProcess &m_child;
    int m_input;
    bool m_regular;
    std::chrono::nanoseconds m_limit, m_idle{}, m_used{};
};

std::string near(const StreamChecker &stream)
{
    const auto at = stream.progress().rawBytesRead;
    return at == 0 ? std::string() : ", near byte " + std::to_string(at) + " of the input";
}

// The conversation with one worker, up to its end or the first thing that is wrong.
Result<> converse(ChildProcess &child, StreamChecker &stream, Watchdog &watchdog,
                  const InputFacts &facts, JobContext &job)
{
    FrameAssembler frames;
    for (;;) {
        FW_TRY(job.checkpoint());
        const auto before = std::chrono::steady_clock::now();
        FW_ASSIGN(const auto got, child.read(frames, kPollInterval));
        if (got == ChildProcess::Read::Nothing) {
            if (watchdog.stuck(std::chrono::steady_clock::now() - before))
                return fail(Errc::Worker,
                            "the import made no progress any more and was stopped" + near(stream));
            continue;
        }
        if (got == ChildProcess::Read::End) {
            const bool cut = !frames.betweenFrames();
            return fail(Errc::Worker, "the import worker " + child.reap() + near(stream) +
                                          (cut ? ", in the middle of a message" : ""));
        }
        FW_ASSIGN(auto message, decodeMessage(frames.frame()));
        const auto last = stream.progress();
        const bool isProgress = std::holds_alternative<ProgressMessage>(message);
        FW_ASSIGN(const auto state, stream.take(std::move(message)));
        const auto &now = stream.progress();
        if (!isProgress || now.done != last.done || now.rawBytesRead != last.rawBytesRead)
            watchdog.moved();
        job.setDone(facts.regular ? std::min(now.done, facts.bytes) : now.done);
        if (state == StreamChecker::State::Ended)
            return {};
    }
}

} // namespace

Result<WorkerReport>
runImportWorker(const WorkerJob &work, JobContext &job,
                const std::function<Result<ChunkStore *>(const std::string &formatId)> &begin)
{
    FW_TRY(job.checkpoint());
    const auto facts = factsOf(work.input);
    job.setTotal(facts.bytes);
    FW_ASSIGN(auto child, ChildProcess::start(work.workerProgram, work.input));
    const auto request = encodeRequest(
        {.memoryLimitBytes = work.memoryLimitBytes,
         .cpuSeconds = processorSeconds(facts),
         .work = WorkerImportRequest{work.fileName, work.formatId, work.options.strict}});
    StreamChecker stream(begin);
    auto done = child.send(request, job);
    if (done.has_value()) {
        Watchdog watchdog(child, work.input, facts.regular, work.hangSeconds);
        done = converse(child, stream, watchdog, facts, job);
    } else if (done.error().code() == Errc::Worker) {
        done = fail(Errc::Worker, "the import worker " + child.reap());
    }
    child.kill();
    if (!done.has_value())
        return fail(std::move(done).error());
    return WorkerReport{stream.formatId(), stream.progress().rawBytesRead, stream.isolation()};
}

} // namespace flamewright
