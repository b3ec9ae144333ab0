#include "tests/views/drawn_benchmarks.h"
#include "tests/views/drawn_compare.h"
#include "tests/views/drawn_diff.h"
#include "tests/views/drawn_heat_map.h"
#include "tests/views/drawn_load.h"
#include "tests/views/drawn_profile.h"
#include "tests/views/drawn_spans.h"
#include "tests/views/painters.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"
#include "views/scene/benchmark_dots_view.h"
#include "views/scene/change_dots_view.h"
#include "views/scene/diff_flame_picture.h"
#include "views/scene/explanation_view.h"
#include "views/scene/flame_picture.h"
#include "views/scene/heat_map_picture.h"
#include "views/scene/histogram_view.h"
#include "views/scene/latency_grid_view.h"
#include "views/scene/load_curve_view.h"
#include "views/scene/percentile_diff_view.h"
#include "views/scene/percentile_view.h"
#include "views/scene/plot_picture.h"
#include "views/scene/service_map_view.h"
#include "views/scene/timeline_view.h"
#include "views/scene/waterfall_view.h"

#include <QDir>
#include <QStandardPaths>
#include <QTest>

using namespace flamewright;

namespace {

// Of the pixels, how many may differ by more than 32 of 255 in a channel. Boxes are the same in
// all painters but for the corners; text is smoothed by three rasterisers and starts on whole
// pixels in one of them, so that what may differ is the rim of its letters.
constexpr double kMostOfBoxes = 0.0005;
constexpr double kMostOfText = 0.04;

struct Picture {
    DisplayList list;
    SizeF size;
};

Picture flamePictureOf(Theme theme, float scale, const TextMetrics &metrics)
{
    std::string stacks = "main;handleRequest;serialize;memcpy_[i] 4000\n"
                         "main;handleRequest;checkout;sys_write_[k] 3000\n"
                         "main;gc;\u0441\u0431\u043e\u0440\u043a\u0430 \u03bb 2000\n"
                         "main;LazyCompile:~total_[j] 1400\nstart;x 900\nstart;y 100\n";
    // Merged: with a number, a mark, and neither.
    for (int i = 0; i < 290; ++i)
        stacks += (i < 200   ? "start;many;"
                   : i < 270 ? "start;some;"
                             : "start;few;") +
                  std::string("m") + std::to_string(i) + " 10\n";
    auto p = flamePicture(
        drawn(stacks),
        {.title = "shop", .subtitle = "cpu-clock", .theme = theme, .width = 800, .scale = scale},
        metrics);
    return {std::move(p.list), p.size};
}

Picture heatMapPictureOf(Theme theme, float scale, const TextMetrics &metrics)
{
    auto p = heatMapPicture({randomHeatMap(4, 60), Unit::Nanoseconds, "cpu-clock"},
                            {.title = "shop",
                             .subtitle = "cpu-clock",
                             .theme = theme,
                             .width = 800,
                             .height = 400,
                             .scale = scale,
                             .ranges = {{at(12'340'000'000), at(20'500'000'000)},
                                        {at(40'100'000'000), at(40'900'000'000)}}},
                            metrics);
    return {std::move(p.list), p.size};
}

Picture zoomedHeatMapPictureOf(Theme theme, float scale, const TextMetrics &metrics)
{
    auto p = heatMapPicture({randomHeatMap(4, 60), Unit::Nanoseconds, "cpu-clock"},
                            {.title = "shop",
                             .theme = theme,
                             .width = 800,
                             .height = 400,
                             .scale = scale,
                             .begin = 0.21,
                             .end = 0.48,
                             .ranges = {{at(12'340'000'000), at(20'500'000'000)},
                                        {at(50'100'000'000), at(51'900'000'000)}}},
                            metrics);
    return {std::move(p.list), p.size};
}

// As a window shows it: the cells are one command.
Picture shownHeatMapOf(Theme theme, float scale, const TextMetrics &metrics)
{
    auto p = heatMapPicture({randomHeatMap(4, 300), Unit::Nanoseconds, "cpu-clock"},
                            {.title = "shop",
                             .theme = theme,
                             .width = 801,
                             .height = 403,
                             .scale = scale,
                             .annotated = false},
                            metrics);
    return {std::move(p.list), p.size};
}

Picture plotPictureOf(PlotView &view, Theme theme, float scale, const TextMetrics &metrics)
{
    view.setAnnotated(true);
    auto p = plotPicture(view,
                         {.title = "shop",
                          .subtitle = "1,120 requests",
                          .theme = theme,
                          .width = 800,
                          .height = 480,
                          .scale = scale},
                         metrics);
    return {std::move(p.list), p.size};
}

Picture percentilesOf(Theme theme, float scale, const TextMetrics &metrics)
{
    PercentileView view({.curves = std::make_shared<const PercentileCurves>(
                             percentileCurves(drawnLoad(), false, kLineColors)),
                         .limits = {{.perMyriad = 9900, .limitNs = 300 * kDrawnMs}}});
    view.setHover(PointF{400, 200});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture timelineOf(Theme theme, float scale, const TextMetrics &metrics)
{
    TimelineView view({.timeline = std::make_shared<const LoadTimeline>(
                           loadTimeline(drawnLoad(), {.pixels = 700}))});
    view.setHover(PointF{400, 200});
    view.setRanges({{5 * kDrawnSecond, 9 * kDrawnSecond}});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture latencyGridOf(Theme theme, float scale, const TextMetrics &metrics)
{
    LatencyGridView view({.grid = std::make_shared<const LatencyGrid>(latencyGrid(
                              drawnLoad(30, 200), {.pixelsWide = 700, .pixelsHigh = 300}))});
    view.setHover(PointF{400, 200});
    view.setRanges({{5 * kDrawnSecond, 9 * kDrawnSecond}});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture requestsOf(Theme theme, float scale, const TextMetrics &metrics)
{
    LatencyGridView view({.grid = std::make_shared<const LatencyGrid>(latencyGrid(drawnLoad()))});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture histogramOf(Theme theme, float scale, const TextMetrics &metrics)
{
    HistogramView view({.histogram = std::make_shared<const LatencyHistogram>(
                            latencyHistogram(drawnLoad(), {.bins = 50}))});
    view.setHover(PointF{400, 200});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture loadCurveOf(Theme theme, float scale, const TextMetrics &metrics)
{
    auto known = std::make_shared<Capacity>();
    std::vector<UslPoint> points;
    const UslLaw law{.sigma = 0.04, .kappa = 0.0006, .lambda = 120};
    for (const double concurrency : {1, 2, 4, 8, 16, 24, 32, 48}) {
        LoadLevel level;
        level.concurrency = concurrency;
        level.achievedPerSecond =
            law.throughput(concurrency) * (points.size() % 2 == 0 ? 1.1 : 0.9);
        level.requests = 1000;
        level.errors = points.size();
        std::vector<std::int64_t> latencies;
        for (int n = 1; n <= 1000; ++n)
            latencies.push_back(static_cast<std::int64_t>(concurrency * 1e3) * (400 + n));
        level.latency = summarizeLatencies(latencies);
        points.push_back({concurrency, level.achievedPerSecond});
        known->levels.levels.push_back(std::move(level));
    }
    known->usl = fitUsl(points, 200);
    LoadCurveView view(
        {.capacity = known, .limits = {{{.perMyriad = 9900, .limitNs = 30 * kDrawnMs}, {}}}});
    return plotPictureOf(view, theme, scale, metrics);
}

// Every command, with and without its options.
Picture everyCommand(Theme theme, float, const TextMetrics &metrics)
{
    const auto &colors = palette(theme);
    Picture out{{}, {640, 400}};
    auto &list = out.list;
    list.fillRect({0, 0, 640, 400}, colors.surface1);
    list.fillRect({10, 10, 100, 60}, colors.accent);
    list.fillRect({120, 10, 100, 60}, colors.sideB, 8);
    list.fillRect({60, 40, 100, 60}, withAlpha(colors.error, 0.4), 4);
    list.strokeRect({230, 10, 100, 60}, colors.text1);
    list.strokeRect({340, 10, 100, 60}, colors.accent, 2, 6);
    list.strokeRect({450, 10, 100, 60}, withAlpha(colors.ok, 0.5), 5);
    for (int i = 0; i < 8; ++i)
        list.line({20, 120 + static_cast<float>(i) * 6}, {200, 120 + static_cast<float>(i * i) * 2},
                  colors.text2, 1 + static_cast<float>(i % 4));
    list.line({220.5f, 110}, {220.5f, 220}, colors.error, 1);
    list.line({230, 180.5f}, {320, 180.5f}, colors.error, 1);
    const PointF wave[] = {{340, 200}, {370, 120}, {400, 190}, {430, 130}, {500, 200}, {560, 110}};
    list.polyline(wave, colors.sideA, 2);
    const PointF steps[] = {{340, 220}, {400, 220}, {400, 240}, {480, 240}, {480, 210}, {560, 210}};
    list.polyline(steps, withAlpha(colors.warn, 0.6), 4);
    float y = 250;
    const auto text = [&](std::string_view utf8, FontRole font, float x) {
        list.text({x, y}, utf8, colors.text1, font, metrics.width(utf8, font));
    };
    for (const auto font : {FontRole::Caption, FontRole::Label, FontRole::Body, FontRole::Strong,
                            FontRole::Title, FontRole::Mono}) {
        text("Quick brown fox 0123456789", font, 10);
        text("\u0411\u044b\u0441\u0442\u0440\u0430\u044f \u043b\u0438\u0441\u0430", font, 260);
        text("\u0393\u03c1\u03ae\u03b3\u03bf\u03c1\u03b7", font, 390);
        text("\u6771\u4eac\u6f22\u5b57", font, 480);
        y += metrics.lineHeight(font) + 4;
    }
    list.pushClip({560, 100, 60, 200});
    list.fillRect({520, 90, 90, 60}, colors.flame.match);
    list.pushClip({500, 200, 100, 30});
    list.fillRect({0, 0, 640, 400}, colors.ok);
    text("clipped at both ends", FontRole::Body, 540);
    list.popClip();
    list.fillRect({570, 250, 200, 200}, colors.sideA, 10);
    list.popClip();
    list.cells({.x = {20, 21, 30, 41},
                .y = {340, 350, 352, 390},
                .cells = {0, 1, 2, 2, 1, 0, 1, 1, 1},
                .colors = {colors.surface0, colors.sideA, colors.error}});
    list.beginItem(ItemRole::Frame, "an item");
    list.beginLink({600, 360, 30, 30}, "https://host/file");
    list.fillRect({600, 360, 30, 30}, colors.text1, 2);
    list.endLink();
    list.endItem();
    return out;
}

Picture waterfallPictureOf(Theme theme, float scale, const TextMetrics &metrics)
{
    const auto data = waterfallOf(drawnTrace());
    auto p = waterfallPicture(data, ServiceColors(data->services),
                              {.title = "POST /checkout in web",
                               .subtitle = "40 ms",
                               .theme = theme,
                               .width = 800,
                               .scale = scale},
                              metrics);
    return {std::move(p.list), p.size};
}

Picture servicesOf(Theme theme, float scale, const TextMetrics &metrics)
{
    auto p = serviceMapPicture(drawnServices(), ServiceColors({"web", "api", "pricing", "mailer"}),
                               {.title = "Services", .theme = theme, .width = 800, .scale = scale},
                               metrics);
    return {std::move(p.list), p.size};
}

Picture benchmarkDotsOf(Theme theme, float scale, const TextMetrics &metrics)
{
    BenchmarkDotsView view(drawnBenchmarks(), "main", "branch");
    auto p = plotPicture(
        view, {.title = "Benchmarks", .theme = theme, .width = 800, .height = 420, .scale = scale},
        metrics);
    return {std::move(p.list), p.size};
}

Picture differenceOf(Theme theme, float scale, const TextMetrics &metrics)
{
    const auto diff = drawnDiff("main;cart 20\nmain;price;query 30\nmain;pay 10\nmain;legacy 15\n",
                                "main;cart 40\nmain;price;query 10\nmain;pay 40\nmain;cache 30\n");
    auto p = diffFlamePicture(diff,
                              {.title = "shop",
                               .subtitle = "samples",
                               .sides = {{"before", "2026-11-20 14:02 UTC"}, {"after", ""}},
                               .theme = theme,
                               .width = 800,
                               .scale = scale},
                              metrics);
    return {std::move(p.list), p.size};
}

Picture comparedPercentilesOf(Theme theme, float scale, const TextMetrics &metrics)
{
    PercentileDiffView view({.diff = drawnLoadDiff(), .endpoint = 1});
    view.setHover(PointF{400, 200});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture explanationOf(Theme theme, float scale, const TextMetrics &metrics)
{
    ExplanationView view({.explanation = drawnExplanation()});
    return plotPictureOf(view, theme, scale, metrics);
}

Picture changesOf(Theme theme, float scale, const TextMetrics &metrics)
{
    ChangeDotsView view({.items = drawnItems()});
    return plotPictureOf(view, theme, scale, metrics);
}

using Maker = Picture (*)(Theme, float, const TextMetrics &);
constexpr struct {
    const char *name;
    Maker maker;
} kPictures[] = {
    {"flame graph", flamePictureOf},
    {"heat map", heatMapPictureOf},
    {"zoomed heat map", zoomedHeatMapPictureOf},
    {"heat map of a window", shownHeatMapOf},
    {"every command", everyCommand},
    {"percentiles", percentilesOf},
    {"load test over time", timelineOf},
    {"latency over time", latencyGridOf},
    {"single requests", requestsOf},
    {"histogram", histogramOf},
    {"load curve", loadCurveOf},
    {"waterfall", waterfallPictureOf},
    {"service map", servicesOf},
    {"benchmark dots", benchmarkDotsOf},
    {"difference", differenceOf},
    {"percentiles compared", comparedPercentilesOf},
    {"explanation", explanationOf},
    {"changes", changesOf},
};

Picture withoutText(const Picture &from)
{
    Picture out{{}, from.size};
    for (const auto &c : from.list.commands()) {
        const auto width = static_cast<float>(c.count) / 16;
        switch (c.op) {
        case Op::FillRect: out.list.fillRect(c.rect, c.color, c.radius); break;
        case Op::StrokeRect: out.list.strokeRect(c.rect, c.color, width, c.radius); break;
        case Op::PushClip: out.list.pushClip(c.rect); break;
        case Op::PopClip: out.list.popClip(); break;
        case Op::Cells: out.list.cells(from.list.gridOf(c)); break;
        case Op::Line:
            out.list.line({c.rect.x, c.rect.y}, {c.rect.right(), c.rect.bottom()}, c.color, width);
            break;
        case Op::Polyline: out.list.polyline(from.list.pointsOf(c), c.color, c.rect.x); break;
        case Op::Text:
        case Op::BeginItem:
        case Op::EndItem:
        case Op::BeginLink:
        case Op::EndLink: break;
        }
    }
    return out;
}

} // namespace

// The same display list through Dear ImGui on OpenGL, QPainter, and SVG as librsvg draws it. ctest
// runs it under Xvfb, where llvmpipe is the renderer.
class TestX11PaintersAgree : public QObject {
    Q_OBJECT
    std::unique_ptr<GlPainter> m_gl;
    std::unique_ptr<QtTextMetrics> m_metrics;
    bool m_svg = false;

    // FW_KEEP_PICTURES=DIR keeps what was compared, to be looked at.
    static void keep(const QImage &image, const char *painter)
    {
        const auto dir = qEnvironmentVariable("FW_KEEP_PICTURES");
        if (!dir.isEmpty())
            image.save(QStringLiteral("%1/%2-%3.png")
                           .arg(dir,
                                QString::fromLatin1(QTest::currentDataTag()).replace(u' ', u'-'),
                                QLatin1String(painter)));
    }
    void compare(const Picture &picture, Theme theme, float scale, double most, const char *what)
    {
        const auto painter = renderImage(picture.list, picture.size, theme, scale)
                                 .value()
                                 .convertToFormat(QImage::Format_RGB32);
        const auto gl = m_gl->paint(picture.list, picture.size, theme, scale);
        QCOMPARE(gl.size(), painter.size());
        const auto byGl = differingShare(gl, painter);
        const auto svg = m_svg ? paintedSvg(picture.list, picture.size, theme, scale) : painter;
        QCOMPARE(svg.size(), painter.size());
        const auto bySvg = differingShare(svg, painter);
        if (most == kMostOfText) {
            keep(painter, "qpainter");
            keep(gl, "imgui");
            keep(svg, "svg");
        }
        const auto figures = QStringLiteral("%1: differ from QPainter: ImGui %2 %, SVG %3 %")
                                 .arg(QLatin1String(what))
                                 .arg(byGl * 100, 0, 'f', 3)
                                 .arg(bySvg * 100, 0, 'f', 3);
        qInfo().noquote() << figures;
        QVERIFY2(byGl <= most && bySvg <= most, qPrintable(figures));
    }

private Q_SLOTS:
    void initTestCase()
    {
        loadFonts();
        m_gl = std::make_unique<GlPainter>();
        if (!m_gl->isUsable())
            QSKIP("this display has no OpenGL 3.3");
        m_metrics = std::make_unique<QtTextMetrics>();
        m_svg = !QStandardPaths::findExecutable(QStringLiteral("rsvg-convert")).isEmpty();
        if (!m_svg)
            qWarning("rsvg-convert (librsvg2-bin) is not here: SVG is not compared");
    }
    void cleanupTestCase() { m_gl.reset(); }

    void showTheSame_data()
    {
        QTest::addColumn<int>("maker");
        QTest::addColumn<int>("theme");
        QTest::addColumn<float>("scale");
        for (std::size_t maker = 0; maker < std::size(kPictures); ++maker) {
            for (const auto theme : {Theme::Light, Theme::Dark}) {
                for (const float scale : {1.0f, 2.0f})
                    QTest::addRow("%s %s %gx", kPictures[maker].name,
                                  theme == Theme::Light ? "light" : "dark",
                                  static_cast<double>(scale))
                        << int(maker) << int(theme) << scale;
            }
        }
    }
    void showTheSame()
    {
        QFETCH(int, maker);
        QFETCH(int, theme);
        QFETCH(float, scale);
        const auto picture = kPictures[maker].maker(static_cast<Theme>(theme), scale, *m_metrics);
        compare(picture, static_cast<Theme>(theme), scale, kMostOfText, "all");
        compare(withoutText(picture), static_cast<Theme>(theme), scale, kMostOfBoxes,
                "without text");
    }

    // The tolerance is small enough to see a list that is a pixel off.
    void aShiftedListIsRefused()
    {
        for (const Maker maker : {flamePictureOf, heatMapPictureOf, shownHeatMapOf, everyCommand}) {
            const auto picture = withoutText(maker(Theme::Light, 1, *m_metrics));
            const auto right = renderImage(picture.list, picture.size, Theme::Light, 1)
                                   .value()
                                   .convertToFormat(QImage::Format_RGB32);
            DisplayList shifted;
            shifted.append(picture.list, {1, 1});
            const auto wrong = m_gl->paint(shifted, picture.size, Theme::Light, 1);
            QVERIFY(differingShare(wrong, right) > kMostOfBoxes * 2);
            QVERIFY(differingShare(m_gl->paint(picture.list, picture.size, Theme::Light, 1),
                                   right) < kMostOfBoxes);
        }
        // Text alone, half a line too low.
        DisplayList text, low;
        for (int i = 0; i < 20; ++i)
            text.text({4, static_cast<float>(i * 18)}, "handleRequest, serialize, memcpy",
                      palette(Theme::Light).text1);
        low.append(text, {0, 6});
        const SizeF size{220, 370};
        const auto right =
            renderImage(text, size, Theme::Light, 1).value().convertToFormat(QImage::Format_RGB32);
        const auto agreeing = differingShare(m_gl->paint(text, size, Theme::Light, 1), right);
        const auto off = differingShare(m_gl->paint(low, size, Theme::Light, 1), right);
        QVERIFY2(off > kMostOfText * 2 && agreeing < off / 2,
                 qPrintable(QStringLiteral("%1 %2").arg(agreeing).arg(off)));
    }
};

QTEST_MAIN(TestX11PaintersAgree)
#include "tst_x11_painters_agree.moc"
