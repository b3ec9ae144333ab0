// How long a frame of 2560x1440 takes: making its display list, and painting it with each of the
// painters. CPU time of this thread, so that what else the machine does is not counted. Not a test:
// prints figures, asserts nothing about them.
//   bench_canvas [FRAMES]

#include "tests/views/drawn_heat_map.h"
#include "tests/views/drawn_profile.h"
#include "tests/views/painters.h"
#include "views/paint/paint_qt.h"
#include "views/paint/paint_svg.h"
#include "views/paint/render.h"
#include "views/scene/flame_view.h"

#include <QGuiApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace flamewright;

namespace {

constexpr SizeF kSize{2560, 1440};

double cpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

// Of some runs, in milliseconds; the first one, which fills caches, too.
struct Times {
    double first = 0, median = 0, p99 = 0, max = 0;
};

Times measured(int frames, const std::function<void()> &work)
{
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        const auto begin = cpuMs();
        work();
        times.push_back(cpuMs() - begin);
    }
    Times out{.first = times.front()};
    std::sort(times.begin(), times.end());
    const auto at = [&](double q) {
        return times[static_cast<std::size_t>(std::ceil(q * static_cast<double>(times.size()))) -
                     1];
    };
    out.median = at(0.5);
    out.p99 = at(0.99);
    out.max = times.back();
    return out;
}

// As many boxes as the screen holds: 75 rows, the lower ones full of narrow frames.
std::shared_ptr<const Profile> fullProfile()
{
    std::mt19937 random(1);
    DrawnProfile out;
    for (int i = 0; i < 60'000; ++i) {
        StackId at;
        auto part = static_cast<unsigned>(i);
        for (int depth = 0; depth < 75; ++depth) {
            at = out.child(at, out.frame("function" + std::to_string(part % 977) + "::run"));
            if (depth % 5 == 4)
                part = part * 2654435761u % 60'000;
            if (depth > 20 && random() % 60 == 0)
                break;
        }
        out.addTo(at, 1 + random() % 5, 1);
    }
    return out.build();
}

void bench(const char *name, const ViewModel &view, int frames, GlPainter &gl)
{
    const QtTextMetrics metrics;
    DisplayList list;
    const auto make = measured(frames, [&] {
        list.clear();
        view.paint({.size = kSize}, Theme::Light, metrics, list);
    });
    std::printf("%s, %zu commands\n", name, list.commands().size());
    QImage image(static_cast<int>(kSize.width), static_cast<int>(kSize.height),
                 QImage::Format_ARGB32_Premultiplied);
    const auto row = [](const char *what, const Times &t) {
        std::printf("  %-30s median %7.2f  p99 %7.2f  max %7.2f  first %7.2f ms  %7.1f frames/s\n",
                    what, t.median, t.p99, t.max, t.first, 1000 / t.median);
    };
    row("display list", make);
    row("QPainter", measured(frames, [&] {
            QPainter painter(&image);
            paint(list, painter);
        }));
    if (gl.isUsable()) {
        gl.paint(list, kSize, Theme::Light, 1); // glyphs, shaders
        row("Dear ImGui, with reading back",
            measured(frames, [&] { gl.paint(list, kSize, Theme::Light, 1); }));
        row("  of that, without a list",
            measured(frames, [&] { gl.paint(DisplayList{}, kSize, Theme::Light, 1); }));
    }
    std::size_t bytes = 0;
    row("SVG", measured(frames, [&] { bytes = toSvg(list, kSize, Theme::Light).size(); }));
    std::printf("  %-34s %8.2f MB\n", "  its size", static_cast<double>(bytes) / 1e6);
}

} // namespace

int main(int argc, char **argv)
{
    const QGuiApplication application(argc, argv);
    loadFonts();
    const auto frames = argc > 1 ? std::max(std::atoi(argv[1]), 1) : 20;
    GlPainter gl;
    bench("flame graph", FlameView(fullProfile()), frames, gl);
    bench("heat map", HeatMapView({randomHeatMap(1, 1800), Unit::Nanoseconds, "cpu-clock"}), frames,
          gl);
    return 0;
}
