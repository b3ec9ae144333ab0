#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <QImage>

#include <memory>

namespace flamewright {

// Dear ImGui on OpenGL without a window, at any pixel ratio.
class GlPainter {
public:
    GlPainter();
    ~GlPainter();
    bool isUsable() const;
    QImage paint(const DisplayList &list, SizeF size, Theme theme, float scale);

private:
    struct Stage;
    std::unique_ptr<Stage> m_stage;
};

// The SVG, drawn by librsvg. Null when rsvg-convert is not installed.
QImage paintedSvg(const DisplayList &list, SizeF size, Theme theme, float scale);

// Share of the pixels of which a channel differs by more than `by`; 1 when sizes differ.
double differingShare(const QImage &a, const QImage &b, int by = 32);

} // namespace flamewright
