// How fast facts go into a session and come out again, in one process: rows per second and
// bytes per row. Not a test: prints figures, asserts nothing about them.
//   bench_session [MILLIONS] [DIRECTORY]

#include "capture/session/chunk_codec.h"
#include "capture/session/record_sink.h"
#include "capture/session/session.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

using namespace flamewright;

namespace {

struct Clock {
    std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
    std::clock_t cpu = std::clock();
    void print(const char *what, double rows) const
    {
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
        const double cpuSeconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
        std::printf("%-34s %7.3f s wall %7.3f s CPU %8.1f M rows/s (CPU %.1f)\n", what, seconds,
                    cpuSeconds, rows / seconds / 1e6, rows / cpuSeconds / 1e6);
    }
};

Result<> run(std::int64_t rows, const std::filesystem::path &path)
{
    JobContext job;
    {
        FW_ASSIGN(const auto session, openSession(path, OpenMode::Create, {.temporary = false}));
        FW_ASSIGN(auto writer, session->beginCapture({.name = "bench"}));
        const Clock clock;
        RecordSink sink(*writer);
        const auto measure = sink.measure({"cycles", Unit::Cycles});
        const auto track = sink.track({.kind = TrackKind::Thread, .name = "t", .pid = 1, .tid = 1});
        std::vector<StackId> stacks{{}};
        for (int i = 0; i < 20'000; ++i)
            stacks.push_back(
                sink.stack(stacks[static_cast<std::size_t>(i) / 3],
                           sink.frame({.function = "function" + std::to_string(i % 5000)})));
        std::uint64_t random = 1;
        for (std::int64_t i = 0; i < rows; ++i) {
            random = random * 6364136223846793005ull + 1442695040888963407ull;
            sink.add(Sample{
                .time = Timestamp{Duration{i * 250'000 + static_cast<std::int64_t>(random >> 48)}},
                .track = track,
                .cpu = static_cast<std::int32_t>(random >> 62),
                .stack = stacks[(random >> 33) % stacks.size()],
                .measure = measure,
                .value = 1'000'000 + static_cast<std::int64_t>(random >> 50)});
        }
        FW_TRY(sink.finish());
        FW_TRY(writer->finish(CaptureState::Complete));
        clock.print("write (sink, zstd, SQLite)", static_cast<double>(rows));
        writer.reset();
        const Clock closing;
        FW_TRY(session->close());
        closing.print("close to one file", static_cast<double>(rows));
    }
    std::printf("%-34s %7.2f bytes/row\n", "size",
                static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(rows));
    const Clock opening;
    FW_ASSIGN(const auto session, openSession(path, OpenMode::Read));
    FW_ASSIGN(const auto reader, session->reader());
    FW_ASSIGN(const auto captures, reader->captures());
    opening.print("open, check, list captures", static_cast<double>(rows));
    {
        const Clock clock;
        std::int64_t seen = 0;
        FW_TRY(reader->scan(captures.front().id, ChunkKind::Samples, {}, job,
                            [&](const Chunk &chunk) -> Result<> {
                                seen += chunk.rows;
                                return {};
                            }));
        clock.print("scan: read, check, decompress", static_cast<double>(seen));
    }
    std::int64_t total = 0, seen = 0;
    const Clock clock;
    auto scanned = reader->scan(captures.front().id, ChunkKind::Samples, {}, job,
                                [&](const Chunk &chunk) -> Result<> {
                                    FW_ASSIGN(const auto columns, decodeSamples(chunk));
                                    for (const auto value : columns.value)
                                        total = saturatingAdd(total, value);
                                    seen += chunk.rows;
                                    return {};
                                });
    FW_TRY(std::move(scanned));
    clock.print("scan, decode all columns, sum", static_cast<double>(seen));
    return total > 0 ? Result<>() : fail(Errc::Internal, "no total");
}

} // namespace

int main(int argc, char **argv)
{
    const auto millions = argc > 1 ? std::atoll(argv[1]) : 5;
    const std::filesystem::path directory =
        argc > 2 ? std::filesystem::path(argv[2]) : std::filesystem::temp_directory_path();
    const auto path = directory / "bench_session.fws";
    std::filesystem::remove(path);
    const auto done = run(millions * 1'000'000, path);
    std::filesystem::remove(path);
    if (!done.has_value()) {
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
        return 1;
    }
    return 0;
}
