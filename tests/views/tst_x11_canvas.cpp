#include "tests/views/drawn_profile.h"
#include "views/paint/paint_qt.h"
#include "views/qt/canvas.h"
#include "views/qt/canvas_overlay.h"
#include "views/scene/flame_view.h"

#include <QApplication>
#include <QImage>
#include <QOpenGLWidget>
#include <QTest>

#include <cstdlib>

using namespace flamewright;

namespace {

struct Difference {
    double mean = 0;  // of all channels, 0 to 255
    double share = 0; // of pixels that differ visibly
};
Difference difference(const QImage &a, const QImage &b)
{
    Difference out;
    qint64 sum = 0, far = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            const auto p = a.pixel(x, y), q = b.pixel(x, y);
            const auto by = std::abs(qRed(p) - qRed(q)) + std::abs(qGreen(p) - qGreen(q)) +
                            std::abs(qBlue(p) - qBlue(q));
            sum += by;
            far += by > 96;
        }
    }
    const auto pixels = static_cast<double>(a.width()) * a.height();
    out.mean = static_cast<double>(sum) / 3 / pixels;
    out.share = static_cast<double>(far) / pixels;
    return out;
}

CanvasHost hostOf(const FlameView &view, Theme theme)
{
    return {.paint =
                [&view, theme](const CanvasFrame &frame, DisplayList &out) {
                    view.paint({.size = frame.size, .scale = frame.scale}, theme, frame.metrics,
                               out);
                },
            .background = [theme] { return palette(theme).surface0; }};
}

QImage shown(CanvasKind kind, const CanvasHost &host)
{
    QWidget window;
    auto *canvas = createCanvas(host, &window, kind);
    window.resize(800, 300);
    canvas->setGeometry(0, 0, 800, 300);
    window.show();
    if (!QTest::qWaitForWindowExposed(&window))
        return {};
    if (auto *gl = qobject_cast<QOpenGLWidget *>(canvas))
        return gl->grabFramebuffer().convertToFormat(QImage::Format_RGB32);
    return canvas->grab().toImage().convertToFormat(QImage::Format_RGB32);
}

} // namespace

// Needs a display with OpenGL; ctest runs it under Xvfb, where llvmpipe is the renderer.
class TestX11Canvas : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { loadFonts(); }

    void softwareRendererGetsThePainter()
    {
        const auto &choice = canvasChoice();
        if (choice.reason.contains(QLatin1String("llvmpipe")))
            QCOMPARE(choice.kind, CanvasKind::Painter);
        QVERIFY(!choice.reason.isEmpty());
    }

    void bothCanvasesShowTheSame_data()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << int(Theme::Light);
        QTest::newRow("dark") << int(Theme::Dark);
    }
    void bothCanvasesShowTheSame()
    {
        if (canvasChoice().reason.contains(QLatin1String("no OpenGL")))
            QSKIP("this display has no OpenGL 3.3");
        QFETCH(int, theme);
        const auto profile = drawn("main;handleRequest;serialize;memcpy 40\n"
                                   "main;handleRequest;checkout;sys_write_[k] 30\n"
                                   "main;gc;\u0441\u0431\u043e\u0440\u043a\u0430 \u03bb 20\n"
                                   "start;x 9\nstart;y 1\n");
        FlameView view(profile);
        view.setSelected(3);
        view.highlight(profile->tree.function[2]);
        const auto host = hostOf(view, static_cast<Theme>(theme));
        const auto gl = shown(CanvasKind::Gl, host);
        const auto painter = shown(CanvasKind::Painter, host);
        QCOMPARE(gl.size(), painter.size());
        QVERIFY(gl.width() >= 800);
        // Glyphs sit on whole pixels in one, between them in the other; boxes must agree.
        const auto by = difference(gl, painter);
        const auto figures = QStringLiteral("mean %1, far %2").arg(by.mean).arg(by.share);
        qInfo().noquote() << figures;
        QVERIFY2(by.mean < 2.5 && by.share < 0.03, qPrintable(figures));
        // Without text, corners are all that may differ.
        const CanvasHost boxes{.paint =
                                   [&](const CanvasFrame &frame, DisplayList &out) {
                                       DisplayList all;
                                       host.paint(frame, all);
                                       for (const auto &c : all.commands()) {
                                           if (c.op == Op::FillRect)
                                               out.fillRect(c.rect, c.color, c.radius);
                                           if (c.op == Op::StrokeRect)
                                               out.strokeRect(c.rect, c.color,
                                                              static_cast<float>(c.count) / 16,
                                                              c.radius);
                                       }
                                   },
                               .background = host.background};
        const auto exact =
            difference(shown(CanvasKind::Gl, boxes), shown(CanvasKind::Painter, boxes));
        const auto more = QStringLiteral("mean %1, far %2").arg(exact.mean).arg(exact.share);
        qInfo().noquote() << more;
        QVERIFY2(exact.mean < 0.25 && exact.share < 0.001, qPrintable(more));
    }

    // More vertices than 16-bit indices reach.
    void drawsMoreThan65536Vertices()
    {
        if (canvasChoice().reason.contains(QLatin1String("no OpenGL")))
            QSKIP("this display has no OpenGL 3.3");
        const CanvasHost host{.paint =
                                  [](const CanvasFrame &, DisplayList &out) {
                                      for (int i = 0; i < 60'000; ++i)
                                          out.fillRect({static_cast<float>(i % 800),
                                                        static_cast<float>(i / 800 * 4), 1, 4},
                                                       {i < 59'000 ? 0xff0000ffu : 0x00ff00ffu});
                                  },
                              .background = [] { return Rgba{0xffffffff}; }};
        const auto image = shown(CanvasKind::Gl, host);
        QCOMPARE(QColor(image.pixel(10, 10)), QColor(255, 0, 0));
        QCOMPARE(QColor(image.pixel(790, 74 * 4 + 1)), QColor(0, 255, 0));
    }

    void f12ShowsFiguresThatAreNotZero_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("gl") << int(CanvasKind::Gl);
        QTest::newRow("painter") << int(CanvasKind::Painter);
    }
    void f12ShowsFiguresThatAreNotZero()
    {
        QFETCH(int, kind);
        const bool gl = kind == int(CanvasKind::Gl);
        if (gl && canvasChoice().reason.contains(QLatin1String("no OpenGL")))
            QSKIP("this display has no OpenGL 3.3");
        const FlameView view(drawn("main;handleRequest;serialize;memcpy 40\nmain;gc 20\n"));
        const auto host = hostOf(view, Theme::Light);
        QWidget window;
        window.resize(800, 300);
        auto *canvas = createCanvas(host, &window, static_cast<CanvasKind>(kind));
        canvas->setGeometry(0, 0, 800, 300);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const auto *overlay = CanvasOverlay::of(canvas);
        QVERIFY(overlay && !overlay->isShown());
        const auto grabbed = [&] {
            auto *widget = qobject_cast<QOpenGLWidget *>(canvas);
            return (widget ? widget->grabFramebuffer() : canvas->grab().toImage())
                .convertToFormat(QImage::Format_RGB32);
        };
        const auto before = grabbed();
        QTest::keyClick(&window, Qt::Key_F12);
        QVERIFY(overlay->isShown());
        const auto with = grabbed();
        // The corner where it is has changed, the rest of the picture has not.
        const QRect corner(10, 10, 180, 30), rest(500, 0, 300, 300);
        QVERIFY(difference(before.copy(corner), with.copy(corner)).share > 0.2);
        QCOMPARE(before.copy(rest), with.copy(rest));

        const auto &figures = overlay->figures;
        QVERIFY(figures.commands > 6);
        QVERIFY(figures.listMs > 0);
        QVERIFY(figures.lastMs >= figures.listMs);
        QVERIFY(figures.frames() >= 2);
        QVERIFY(figures.medianMs() > 0 && figures.medianMs() <= figures.worstMs());
        if (gl) {
            QVERIFY(figures.vertices >= figures.commands * 4);
            QVERIFY(figures.glyphHits > 20);
        }
        // Drawn on demand: figures alone cause no frame.
        QTest::qWait(50);
        const auto frames = figures.frames();
        QTest::qWait(100);
        QCOMPARE(figures.frames(), frames);
        QTest::keyClick(&window, Qt::Key_F12);
        QVERIFY(!overlay->isShown());
        QCOMPARE(grabbed(), before);
    }

    void figuresAreOfTheLast120Frames()
    {
        CanvasFigures figures;
        QCOMPARE(figures.medianMs(), 0.0);
        figures.addFrame(1000);
        for (int i = 1; i <= 120; ++i)
            figures.addFrame(i);
        QCOMPARE(figures.frames(), std::size_t{120});
        QCOMPARE(figures.lastMs, 120.0);
        QCOMPARE(figures.medianMs(), 60.0);
        QCOMPARE(figures.worstMs(), 120.0);
        figures.vertices = 65'540;
        figures.glyphHits = 12;
        figures.commands = 3;
        figures.listMs = 2;
        const std::vector<std::string> expected{"frame 120 ms, median 60 ms, worst 120 ms of 120",
                                                "display list 2 ms, 3 commands", "65,540 vertices",
                                                "glyphs 12 found, 0 missing"};
        QVERIFY(figures.lines() == expected);
    }

    // A character that was never seen is drawn in the same frame, from a texture made anew.
    void glyphsThatAreMissingAreAdded()
    {
        if (canvasChoice().reason.contains(QLatin1String("no OpenGL")))
            QSKIP("this display has no OpenGL 3.3");
        std::string text = "plain";
        const CanvasHost host{.paint =
                                  [&text](const CanvasFrame &, DisplayList &out) {
                                      out.text({10, 10}, text, {0x000000ff}, FontRole::Title);
                                  },
                              .background = [] { return Rgba{0xffffffff}; }};
        QWidget window;
        window.resize(200, 60);
        auto *canvas = createCanvas(host, &window, CanvasKind::Gl);
        canvas->setGeometry(0, 0, 200, 60);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto *widget = qobject_cast<QOpenGLWidget *>(canvas);
        const auto &figures = CanvasOverlay::of(canvas)->figures;
        widget->grabFramebuffer();
        QCOMPARE(figures.glyphMisses, std::size_t{0});
        QCOMPARE(figures.glyphHits, std::size_t{5});
        text = "\u0416\u03a9";
        const auto image = widget->grabFramebuffer();
        QCOMPARE(figures.glyphMisses, std::size_t{2});
        QCOMPARE(figures.glyphHits, std::size_t{2}); // of the second pass
        int dark = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                dark += qGray(image.pixel(x, y)) < 128;
        }
        QVERIFY2(dark > 30, qPrintable(QString::number(dark)));
        widget->grabFramebuffer();
        QCOMPARE(figures.glyphMisses, std::size_t{0});
    }
};

QTEST_MAIN(TestX11Canvas)
#include "tst_x11_canvas.moc"
