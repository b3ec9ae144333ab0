#include "views/qt/canvas.h"

#include "views/qt/canvas_fallback.h"
#include "views/qt/canvas_widget.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include <utility>

namespace flamewright {
namespace {

CanvasChoice choose()
{
    const auto forced = qEnvironmentVariable("FLAMEWRIGHT_CANVAS");
    if (forced == QLatin1String("painter"))
        return {CanvasKind::Painter, QStringLiteral("CPU canvas (FLAMEWRIGHT_CANVAS)")};
    QOpenGLContext context;
    context.setFormat(canvasFormat());
    QOffscreenSurface surface;
    surface.setFormat(context.format());
    surface.create();
    if (!context.create() || !surface.isValid() || !context.makeCurrent(&surface))
        return {CanvasKind::Painter, QStringLiteral("CPU canvas (no OpenGL)")};
    const auto *name = context.functions()->glGetString(GL_RENDERER);
    const auto renderer = QString::fromLatin1(reinterpret_cast<const char *>(name)).left(80);
    const auto version = context.format().version();
    context.doneCurrent();
    if (context.isOpenGLES() || version < std::pair(3, 3))
        return {CanvasKind::Painter, QStringLiteral("CPU canvas (OpenGL is older than 3.3)")};
    if (forced == QLatin1String("gl"))
        return {CanvasKind::Gl, QStringLiteral("OpenGL: ") + renderer};
    // Rasterisers on the CPU are slower than QPainter.
    for (const auto *software : {"llvmpipe", "softpipe", "swrast", "Software Rasterizer"}) {
        if (renderer.contains(QLatin1String(software), Qt::CaseInsensitive))
            return {CanvasKind::Painter,
                    QStringLiteral("CPU canvas (") + renderer.section(u'(', 0, 0).trimmed() + u')'};
    }
    return {CanvasKind::Gl, QStringLiteral("GPU: ") + renderer};
}

} // namespace

const CanvasChoice &canvasChoice()
{
    // A fact about the machine, not state: found out once, because it opens a context.
    static const auto choice = choose();
    return choice;
}

QWidget *createCanvas(CanvasHost host, QWidget *parent, CanvasKind kind)
{
    if (kind == CanvasKind::Gl)
        return new CanvasWidget(std::move(host), parent);
    return new CanvasFallback(std::move(host), parent);
}

} // namespace flamewright
