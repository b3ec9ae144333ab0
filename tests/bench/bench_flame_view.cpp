// How long the display list of a flame graph takes (CPU time per frame) while it is
// zoomed and panned. Not a
// test: prints figures, asserts nothing about them.
//   bench_flame_view [FRAMES]

#include "analysis/growing_tree.h"
#include "analysis/time_chart.h"
#include "views/scene/flame_view.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace flamewright;

namespace {

using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// Of this thread alone: what other programs take does not count.
double cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// Functions with names as C++ has them: long, with brackets.
Profile withFunctions(std::uint32_t count)
{
    Profile out;
    out.measure = "samples";
    out.functions.emplace_back();
    for (std::uint32_t i = 1; i <= count; ++i)
        out.functions.push_back(
            {.name = "shop::detail::Handler<std::vector<int, std::allocator<int> "
                     ">, " +
                     std::to_string(i) + ">::handle" + std::to_string(i % 97) +
                     "(shop::Request const&)",
             .module = "/usr/lib/libshop" + std::to_string(i % 13) + ".so",
             .kind = FrameKind::User});
    return out;
}

std::shared_ptr<const Profile> wide(std::uint32_t stacks)
{
    auto out = std::make_shared<Profile>(withFunctions(20'000));
    std::mt19937 random(1);
    GrowingTree grown;
    for (std::uint32_t i = 0; i < stacks; ++i) {
        std::uint32_t node = 0;
        for (std::uint32_t depth = 0; depth < 12; ++depth) {
            const auto choices = depth < 4 ? 6u : depth < 10 ? 12u : 20'000u;
            node = grown.child(node, FunctionId{static_cast<std::uint32_t>(1 + random() % choices)},
                               false);
        }
        const auto value = 1 + static_cast<std::int64_t>(random() % 5);
        grown.addSelf(node, value, value);
    }
    grown.assemble(*out);
    return out;
}

std::shared_ptr<const Profile> deep(std::uint32_t depth)
{
    auto out = std::make_shared<Profile>(withFunctions(300));
    GrowingTree grown;
    std::uint32_t node = 0;
    for (std::uint32_t i = 0; i < depth; ++i) {
        grown.addSelf(grown.child(node, FunctionId{1 + i % 300}, false), 1, 1);
        node = grown.child(node, FunctionId{1 + i * 7 % 300}, false);
    }
    grown.addSelf(node, 1000, 1000);
    grown.assemble(*out);
    return out;
}

std::shared_ptr<const Profile> chart(std::uint32_t threads)
{
    auto base = std::make_shared<Profile>(withFunctions(500));
    std::mt19937 random(2);
    GrowingTree grown;
    std::vector<std::uint32_t> leaves;
    for (int i = 0; i < 2000; ++i) {
        std::uint32_t node = 0;
        for (int d = 0; d < 10; ++d)
            node = grown.child(
                node, FunctionId{1 + static_cast<std::uint32_t>(random() % 6 + d * 8)}, false);
        grown.addSelf(node, 1, 1);
        leaves.push_back(node);
    }
    const auto placed = grown.assemble(*base);
    SampleSeries series{.endNs = 10'000'000'000, .periodNs = 1'000'000};
    for (std::uint32_t lane = 0; lane < threads; ++lane) {
        series.lanes.push_back("worker " + std::to_string(lane));
        std::int64_t at = static_cast<std::int64_t>(random() % 1'000'000'000);
        for (int i = 0; i < 100 && at < series.endNs; ++i) {
            series.samples.push_back({at, lane, placed[leaves[random() % leaves.size()]]});
            at += random() % 8 == 0 ? static_cast<std::int64_t>(random() % 500'000'000) : 1'000'000;
        }
    }
    return std::make_shared<Profile>(chartProfile(*base, series));
}

void measure(const char *what, const std::shared_ptr<const Profile> &profile, FlameLayout layout,
             ColorScheme scheme, int frames)
{
    const auto begin = Clock::now();
    FlameView view(profile, layout);
    view.setColorScheme(scheme);
    view.setReadable(true);
    const auto made = msSince(begin);
    const FixedMetrics metrics;
    std::mt19937 random(3);
    std::vector<double> times;
    std::size_t most = 0;
    DisplayList list;
    for (int i = 0; i < frames; ++i) {
        // From everything to a millionth, anywhere; every other frame a step beside the one before.
        const auto span = std::pow(10.0, -6.0 * (i % 20) / 20);
        const auto at = static_cast<double>(random() % 1000) / 1000 * (1 - span);
        const auto rows = std::max(view.contentHeight() - 1000, 0.0f);
        const auto scroll = rows * static_cast<float>(random() % 1000) / 1000;
        list.clear();
        const auto from = cpuMs();
        view.paint({.size = {1920, 1000}, .begin = at, .end = at + span, .scrollY = scroll},
                   Theme::Light, metrics, list);
        times.push_back(cpuMs() - from);
        most = std::max(most, list.commands().size());
    }
    std::sort(times.begin(), times.end());
    const auto at = [&](double q) {
        return times[static_cast<std::size_t>(std::ceil(q * static_cast<double>(times.size()))) -
                     1];
    };
    std::printf("%-34s %9zu nodes  made in %7.1f ms  list: median %6.3f  p99 %6.3f  max %6.3f ms  "
                "(%zu commands at most)\n",
                what, profile->tree.size(), made, at(0.5), at(0.99), times.back(), most);
}

} // namespace

int main(int argc, char **argv)
{
    const auto frames = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 200;
    const auto million = wide(1'000'000);
    measure("1 M stacks, icicle, by name", million, FlameLayout::Icicle, ColorScheme::Name, frames);
    measure("1 M stacks, left-heavy, by package", million, FlameLayout::LeftHeavy,
            ColorScheme::Package, frames);
    measure("1 M stacks, flame, by self", million, FlameLayout::Flame, ColorScheme::Self, frames);
    measure("50,000 deep, icicle, by name", deep(50'000), FlameLayout::Icicle, ColorScheme::Name,
            frames);
    measure("10,000 threads, chart, by name", chart(10'000), FlameLayout::Chart, ColorScheme::Name,
            frames);
    return 0;
}
