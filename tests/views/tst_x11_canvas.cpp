#include "tests/views/drawn_profile.h"
#include "views/paint/paint_qt.h"
#include "views/qt/canvas.h"
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
            QSKIP("no OpenGL here");
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
            QSKIP("no OpenGL here");
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
};

QTEST_MAIN(TestX11Canvas)
#include "tst_x11_canvas.moc"
