// What a timeline of many slices costs: how long a session takes to open to the first picture, and
// the display list at five zoom levels (CPU time per frame). Not a test: prints figures, asserts
// nothing about them.
//   bench_tracks [SLICES] [SESSION]     makes SESSION (default: in /tmp) if it is not there

#include "app/track_source.h"
#include "capture/session/record_sink.h"
#include "views/scene/tracks_view.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace flamewright;

namespace {

using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double peakMb()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

// 24 threads of 3 processes: calls in calls of all lengths, back to back with gaps.
Result<> make(const std::filesystem::path &path, std::uint64_t slices)
{
    FW_ASSIGN(const auto session, openSession(path, OpenMode::Create));
    FW_ASSIGN(auto writer, session->beginCapture({.name = "bench", .formatId = "bench"}));
    RecordSink sink(*writer);
    std::vector<StringId> names;
    for (int i = 0; i < 400; ++i)
        names.push_back(
            sink.string("shop::Handler" + std::to_string(i % 40) + "::step" + std::to_string(i)));
    std::mt19937_64 random(1);
    struct Thread {
        TrackId track;
        std::int64_t at = 0;
    };
    std::vector<Thread> threads;
    for (int p = 0; p < 3; ++p) {
        const auto process =
            sink.track({.kind = TrackKind::Process, .name = "service", .pid = 100 + p});
        for (int t = 0; t < 8; ++t)
            threads.push_back({sink.track({.kind = TrackKind::Thread,
                                           .name = "worker",
                                           .pid = 100 + p,
                                           .tid = 1000 + 10 * p + t,
                                           .parent = process})});
    }
    const auto counter = sink.track({.kind = TrackKind::Counter, .name = "heap [bytes]"});
    std::uint64_t made = 0;
    while (made < slices) {
        auto &thread = *std::min_element(threads.begin(), threads.end(),
                                         [](const auto &a, const auto &b) { return a.at < b.at; });
        // One request: about 60 calls on up to 8 depths.
        struct Open {
            std::int64_t begin, end;
            std::uint32_t depth;
        };
        std::vector<Open> open{
            {thread.at, thread.at + 20'000 + static_cast<std::int64_t>(random() % 400'000), 0}};
        const auto end = open.front().end;
        while (!open.empty() && made < slices) {
            const auto call = open.back();
            open.pop_back();
            sink.add(
                Slice{.begin = Timestamp{Duration{call.begin}},
                      .length = Duration{call.end - call.begin},
                      .track = thread.track,
                      .name = names[random() % names.size()],
                      .depth = call.depth,
                      .flags = static_cast<std::uint8_t>(random() % 5000 == 0 ? kSliceError : 0)});
            ++made;
            if (call.depth >= 7)
                continue;
            auto at = call.begin;
            for (int i = 0; i < 4; ++i) {
                const auto room = call.end - at;
                if (room < 200)
                    break;
                const auto from = at + static_cast<std::int64_t>(random() % 100);
                const auto to = from + 1 +
                                static_cast<std::int64_t>(
                                    random() % static_cast<std::uint64_t>(room - 100) / 2);
                open.push_back({from, to, call.depth + 1});
                at = to;
            }
        }
        sink.add(CounterPoint{Timestamp{Duration{thread.at}}, counter,
                              1e8 + 5e7 * std::sin(static_cast<double>(thread.at) / 1e9)});
        thread.at = end + static_cast<std::int64_t>(random() % 50'000);
    }
    FW_TRY(sink.finish());
    FW_TRY(writer->finish(CaptureState::Complete));
    writer.reset();
    return session->close();
}

Result<> measure(const std::filesystem::path &path)
{
    const auto begin = Clock::now();
    FW_ASSIGN(const auto session, openSession(path, OpenMode::Read));
    FW_ASSIGN(const auto reader, session->reader());
    JobContext job;
    FW_ASSIGN(const auto set, loadTraces(*reader, {}, job));
    const auto loaded = msSince(begin);
    TracksView view(set);
    const FixedMetrics metrics;
    const Viewport viewport{.size = {1920, 1000}};
    DisplayList list;
    view.paint(viewport, Theme::Light, metrics, list);
    std::printf("open to first picture %8.1f ms (loaded after %.1f ms), session %.1f MB\n",
                msSince(begin), loaded,
                static_cast<double>(std::filesystem::file_size(path)) / 1e6);
    std::printf("%llu slices, %zu levels, finest %zu rows; peak memory %.0f MB\n",
                static_cast<unsigned long long>(set->captures.front().sliceCount),
                set->captures.front().slices.size(),
                set->captures.front().slices.back()->lanes.rows(), peakMb());
    const auto whole = static_cast<double>(set->end - set->begin);
    std::mt19937 random(3);
    for (const auto part : {1.0, 0.1, 1e-2, 1e-3, 1e-5}) {
        std::vector<double> times;
        double detail = 0;
        std::size_t commands = 0, rows = 0;
        for (int i = 0; i < 40; ++i) {
            const auto length = static_cast<std::int64_t>(whole * part);
            const auto from = set->begin + static_cast<std::int64_t>(
                                               (whole - static_cast<double>(length)) *
                                               (static_cast<double>(random() % 1000) / 1000));
            view.setWindow(view.around(from, from + length, 0));
            const auto &capture = set->captures.front();
            if (capture.wantsDetail(view.window().length / 1700)) {
                const auto asked = Clock::now();
                FW_ASSIGN(auto got, loadDetail(*reader, capture.id, view.window().begin - length,
                                               view.window().end() + length, kMostDetailRows, job));
                detail = std::max(detail, msSince(asked));
                rows = std::max(rows, got->slices.rows());
                view.setDetail(0, std::move(got));
            }
            list.clear();
            const auto start = cpuMs();
            view.paint(viewport, Theme::Light, metrics, list);
            times.push_back(cpuMs() - start);
            commands = std::max(commands, list.commands().size());
        }
        std::sort(times.begin(), times.end());
        std::printf("1/%-8.0f of the time  list: median %6.3f  max %6.3f ms  (%zu commands)",
                    1 / part, times[times.size() / 2], times.back(), commands);
        if (rows > 0)
            std::printf("  detail: %zu rows in %.1f ms, in the background", rows, detail);
        std::printf("\n");
    }
    std::printf("peak memory %.0f MB\n", peakMb());
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    const auto slices = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000'000;
    const std::filesystem::path path =
        argc > 2 ? argv[2] : "/tmp/bench_tracks_" + std::to_string(slices) + ".fws";
    if (!std::filesystem::exists(path)) {
        const auto begin = Clock::now();
        if (const auto made = make(path, slices); !made.has_value()) {
            std::fprintf(stderr, "%s\n", made.error().text().c_str());
            return 1;
        }
        std::printf("made in %.1f s, peak memory %.0f MB\n", msSince(begin) / 1e3, peakMb());
    }
    if (const auto done = measure(path); !done.has_value()) {
        std::fprintf(stderr, "%s\n", done.error().text().c_str());
        return 1;
    }
    return 0;
}
