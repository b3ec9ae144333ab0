#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <QString>

#include <cstdint>
#include <functional>

class QWidget;

namespace flamewright {

// What a host is asked for when its canvas has to be painted.
struct CanvasFrame {
    SizeF size;  // device-independent pixels
    float scale; // device pixels per pixel
    const TextMetrics &metrics;
};
struct CanvasHost {
    std::function<void(const CanvasFrame &frame, DisplayList &out)> paint;
    std::function<Rgba()> background;
};

enum class CanvasKind : std::uint8_t {
    Gl,     // Dear ImGui on a QOpenGLWidget
    Painter // QPainter
};

// Which canvas this machine gets, and why in a few words for the status line ("GPU: Mesa Intel",
// "CPU canvas (llvmpipe)"). OpenGL 3.3 on real hardware gives Gl; FLAMEWRIGHT_CANVAS=gl|painter
// decides otherwise. Opens a GL context on first use; GUI thread only.
struct CanvasChoice {
    CanvasKind kind = CanvasKind::Painter;
    QString reason;
};
const CanvasChoice &canvasChoice();

// A canvas that shows what the host paints. It takes no mouse events: they go to its parent. Call
// update() on it when something has changed; nothing is painted otherwise.
QWidget *createCanvas(CanvasHost host, QWidget *parent, CanvasKind kind = canvasChoice().kind);

} // namespace flamewright
