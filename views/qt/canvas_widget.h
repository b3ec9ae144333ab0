#pragma once

#include "views/qt/canvas.h"

#include <QOpenGLWidget>
#include <QSurfaceFormat>

#include <memory>

struct ImGuiContext;

namespace flamewright {

class CanvasOverlay;
class ImGuiFonts;

// OpenGL 3.3 core.
QSurfaceFormat canvasFormat();

// The whole seam to Dear ImGui, which batches rectangles and glyphs for the GPU: one context per
// canvas, current only inside paintGL(), drawn on demand.
class CanvasWidget final : public QOpenGLWidget {
    Q_OBJECT
public:
    CanvasWidget(CanvasHost host, QWidget *parent);
    ~CanvasWidget() override;

protected:
    void initializeGL() override;
    void paintGL() override;

private:
    void release();
    void uploadFonts(float ratio);
    void paintFrame(float ratio);
    void paintFigures();

    CanvasHost m_host;
    CanvasOverlay *m_overlay;
    DisplayList m_list;
    ImGuiContext *m_imgui = nullptr;
    std::unique_ptr<ImGuiFonts> m_fonts;
};

} // namespace flamewright
