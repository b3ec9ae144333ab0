#include "views/qt/canvas_widget.h"

#include "views/paint/imgui_fonts.h"
#include "views/paint/paint_imgui.h"
#include "views/qt/canvas_overlay.h"

#include <QElapsedTimer>
#include <QOpenGLContext>
#include <QOpenGLFunctions>

#include <imgui.h>

#include <algorithm>
#include <backends/imgui_impl_opengl3.h>
#include <cmath>
#include <utility>

namespace flamewright {

QSurfaceFormat canvasFormat()
{
    QSurfaceFormat format;
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setSwapInterval(1);
    return format;
}

CanvasWidget::CanvasWidget(CanvasHost host, QWidget *parent)
    : QOpenGLWidget(parent),
      m_host(std::move(host)),
      m_overlay(new CanvasOverlay(this))
{
    setFormat(canvasFormat());
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

CanvasWidget::~CanvasWidget()
{
    makeCurrent();
    release();
    doneCurrent();
}

void CanvasWidget::initializeGL()
{
    // Called again with a new context when the widget moves to another window.
    connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] {
        makeCurrent();
        release();
        doneCurrent();
    });
    m_imgui = ImGui::CreateContext();
    ImGui::SetCurrentContext(m_imgui);
    auto &io = ImGui::GetIO();
    io.IniFilename = nullptr; // or imgui.ini appears in the working directory
    io.LogFilename = nullptr;
    m_fonts = std::make_unique<ImGuiFonts>(*io.Fonts);
    m_fonts->build(static_cast<float>(devicePixelRatioF()));
    // The backend lets lists of more than 65,536 vertices through (RendererHasVtxOffset).
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

void CanvasWidget::release()
{
    if (!m_imgui)
        return;
    ImGui::SetCurrentContext(m_imgui);
    ImGui_ImplOpenGL3_Shutdown();
    m_fonts.reset();
    ImGui::DestroyContext(m_imgui);
    m_imgui = nullptr;
}

void CanvasWidget::uploadFonts(float ratio)
{
    m_fonts->build(ratio);
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
}

void CanvasWidget::paintGL()
{
    if (!m_imgui)
        return;
    QElapsedTimer clock;
    clock.start();
    ImGui::SetCurrentContext(m_imgui);
    const auto ratio = static_cast<float>(devicePixelRatioF());
    ImGui_ImplOpenGL3_NewFrame(); // makes shaders and texture, the first time
    if (m_fonts->needsBuild(ratio))
        uploadFonts(ratio);
    paintFrame(ratio);
    // Characters seen for the first time: once more, with them.
    const auto missing = m_fonts->misses();
    if (m_fonts->needsBuild(ratio)) {
        uploadFonts(ratio);
        paintFrame(ratio);
    }
    auto &figures = m_overlay->figures;
    figures.glyphHits = m_fonts->hits();
    figures.glyphMisses = missing;
    if (m_overlay->isShown())
        context()->functions()->glFinish(); // or the time would not hold the GPU's work
    figures.addFrame(static_cast<double>(clock.nsecsElapsed()) / 1e6);
}

void CanvasWidget::paintFrame(float ratio)
{
    const SizeF size{static_cast<float>(width()), static_cast<float>(height())};
    QElapsedTimer clock;
    clock.start();
    m_list.clear();
    m_fonts->resetCounts();
    m_host.paint({.size = size, .scale = ratio, .metrics = m_fonts->metrics()}, m_list);

    m_overlay->figures.listMs = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    m_overlay->figures.commands = m_list.commands().size();

    auto &io = ImGui::GetIO();
    io.DisplaySize = {size.width, size.height};
    io.DisplayFramebufferScale = {ratio, ratio};
    io.DeltaTime = 1.0f / 60;
    ImGui::NewFrame();
    paint(m_list, *ImGui::GetBackgroundDrawList(), *m_fonts);
    if (m_overlay->isShown())
        paintFigures();
    ImGui::Render();
    m_overlay->figures.vertices = static_cast<std::size_t>(ImGui::GetDrawData()->TotalVtxCount);

    auto *gl = context()->functions();
    gl->glViewport(0, 0, static_cast<int>(std::round(size.width * ratio)),
                   static_cast<int>(std::round(size.height * ratio)));
    const auto background = m_host.background().value;
    const auto channel = [&](int shift) {
        return static_cast<float>(background >> shift & 255) / 255;
    };
    gl->glClearColor(channel(24), channel(16), channel(8), 1);
    gl->glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

void CanvasWidget::paintFigures()
{
    const auto lines = m_overlay->figures.lines();
    float width = 0;
    for (const auto &line : lines)
        width = std::max(width, ImGui::CalcTextSize(line.c_str()).x);
    const auto &style = ImGui::GetStyle();
    ImGui::SetNextWindowPos({8, 8});
    // A size of our own: Dear ImGui would need a second frame to find one.
    ImGui::SetNextWindowSize(
        {width + 2 * style.WindowPadding.x,
         static_cast<float>(lines.size()) * ImGui::GetTextLineHeightWithSpacing() +
             2 * style.WindowPadding.y});
    ImGui::Begin("figures", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoInputs |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav);
    for (const auto &line : lines)
        ImGui::TextUnformatted(line.c_str());
    ImGui::End();
}

} // namespace flamewright
