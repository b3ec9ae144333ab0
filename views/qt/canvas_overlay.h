#pragma once

#include <QObject>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

class QWidget;

namespace flamewright {

// What the frames of a canvas cost. Times in milliseconds.
struct CanvasFigures {
    static constexpr std::size_t kFrames = 120;

    std::size_t commands = 0;                   // of the last display list
    std::size_t vertices = 0;                   // handed to the GPU; 0: QPainter has none
    std::size_t glyphHits = 0, glyphMisses = 0; // of the texture, in the last frame
    double listMs = 0;                          // making the last display list
    double lastMs = 0;                          // painting it, and making it

    void addFrame(double ms);
    std::size_t frames() const { return m_count < kFrames ? m_count : kFrames; }
    double medianMs() const; // of the last kFrames
    double worstMs() const;

    std::vector<std::string> lines() const; // as text for people

private:
    std::array<double, kFrames> m_times{};
    std::size_t m_count = 0;
};

// Shows the figures on a canvas when F12 is pressed in the widget that hosts it, and hides them
// when it is pressed again. They are counted always, and shown as of the frame before: nothing is
// painted just because they change.
class CanvasOverlay final : public QObject {
    Q_OBJECT
public:
    // Belongs to the canvas; `canvas` has its parent already.
    explicit CanvasOverlay(QWidget *canvas);
    // That of a canvas made by createCanvas().
    static CanvasOverlay *of(const QWidget *canvas);

    bool isShown() const { return m_shown; }
    void setShown(bool on);

    CanvasFigures figures;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *m_canvas;
    bool m_shown = false;
};

} // namespace flamewright
