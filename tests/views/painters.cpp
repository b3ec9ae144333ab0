#include "tests/views/painters.h"

#include "views/paint/imgui_fonts.h"
#include "views/paint/paint_imgui.h"
#include "views/paint/paint_svg.h"
#include "views/qt/canvas_widget.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QOpenGLFunctions>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <imgui.h>

#include <algorithm>
#include <backends/imgui_impl_opengl3.h>
#include <cmath>
#include <cstdlib>

namespace flamewright {

struct GlPainter::Stage {
    QOpenGLContext context;
    QOffscreenSurface surface;
    ImGuiContext *imgui = nullptr;
    std::unique_ptr<ImGuiFonts> fonts;
};

GlPainter::GlPainter() : m_stage(std::make_unique<Stage>())
{
    auto &s = *m_stage;
    s.context.setFormat(canvasFormat());
    s.surface.setFormat(canvasFormat());
    s.surface.create();
    if (!s.context.create() || !s.context.makeCurrent(&s.surface))
        return;
    s.imgui = ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    s.fonts = std::make_unique<ImGuiFonts>(*ImGui::GetIO().Fonts);
    s.fonts->build(1);
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

GlPainter::~GlPainter()
{
    auto &s = *m_stage;
    if (!s.imgui)
        return;
    s.context.makeCurrent(&s.surface);
    ImGui_ImplOpenGL3_Shutdown();
    s.fonts.reset();
    ImGui::DestroyContext(s.imgui);
    s.context.doneCurrent();
}

bool GlPainter::isUsable() const
{
    return m_stage->imgui != nullptr;
}

QImage GlPainter::paint(const DisplayList &list, SizeF size, Theme theme, float scale)
{
    auto &s = *m_stage;
    s.context.makeCurrent(&s.surface);
    ImGui::SetCurrentContext(s.imgui);
    QOpenGLFramebufferObject target(static_cast<int>(std::ceil(size.width * scale)),
                                    static_cast<int>(std::ceil(size.height * scale)));
    ImGui_ImplOpenGL3_NewFrame();
    auto &io = ImGui::GetIO();
    io.DisplaySize = {size.width, size.height};
    io.DisplayFramebufferScale = {scale, scale};
    io.DeltaTime = 1.0f / 60;
    // As a canvas: again when glyphs were missing.
    for (int pass = 0; pass < 2; ++pass) {
        if (pass > 0 && !s.fonts->needsBuild(scale))
            break;
        if (s.fonts->needsBuild(scale)) {
            s.fonts->build(scale);
            ImGui_ImplOpenGL3_DestroyFontsTexture();
            ImGui_ImplOpenGL3_CreateFontsTexture();
        }
        ImGui::NewFrame();
        flamewright::paint(list, *ImGui::GetBackgroundDrawList(), *s.fonts);
        ImGui::Render();
    }
    target.bind();
    auto *gl = s.context.functions();
    gl->glViewport(0, 0, target.width(), target.height());
    const auto background = palette(theme).surface0.value;
    const auto channel = [&](int shift) {
        return static_cast<float>(background >> shift & 255) / 255;
    };
    gl->glClearColor(channel(24), channel(16), channel(8), 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    auto out = target.toImage().convertToFormat(QImage::Format_RGB32);
    target.release();
    return out;
}

QImage paintedSvg(const DisplayList &list, SizeF size, Theme theme, float scale)
{
    const auto program = QStandardPaths::findExecutable(QStringLiteral("rsvg-convert"));
    if (program.isEmpty())
        return {};
    const auto background = palette(theme).surface0.value >> 8;
    QProcess process;
    process.start(program, {QStringLiteral("--zoom"), QString::number(static_cast<double>(scale)),
                            QStringLiteral("--unlimited"), QStringLiteral("--background-color"),
                            QStringLiteral("#%1").arg(background, 6, 16, QLatin1Char('0'))});
    const auto svg = toSvg(list, size, theme);
    process.write(svg.data(), static_cast<qint64>(svg.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(120000) || process.exitCode() != 0) {
        qWarning() << process.readAllStandardError();
        return {};
    }
    return QImage::fromData(process.readAllStandardOutput()).convertToFormat(QImage::Format_RGB32);
}

double differingShare(const QImage &a, const QImage &b, int by)
{
    if (a.size() != b.size() || a.isNull())
        return 1;
    qint64 far = 0;
    for (int y = 0; y < a.height(); ++y) {
        const auto *p = reinterpret_cast<const QRgb *>(a.constScanLine(y));
        const auto *q = reinterpret_cast<const QRgb *>(b.constScanLine(y));
        for (int x = 0; x < a.width(); ++x) {
            far +=
                std::max({std::abs(qRed(p[x]) - qRed(q[x])), std::abs(qGreen(p[x]) - qGreen(q[x])),
                          std::abs(qBlue(p[x]) - qBlue(q[x]))}) > by;
        }
    }
    return static_cast<double>(far) / (static_cast<double>(a.width()) * a.height());
}

} // namespace flamewright
