#include "views/qt/canvas_overlay.h"

#include "capture/base/format_value.h"

#include <QKeyEvent>
#include <QWidget>

#include <algorithm>

namespace flamewright {
namespace {

std::string milliseconds(double ms)
{
    return formatDuration(static_cast<std::int64_t>(ms * 1e6));
}

std::string count(std::size_t n)
{
    return formatCount(static_cast<std::int64_t>(n));
}

} // namespace

void CanvasFigures::addFrame(double ms)
{
    lastMs = ms;
    m_times[m_count++ % kFrames] = ms;
}

double CanvasFigures::medianMs() const
{
    auto times = m_times;
    const auto n = frames();
    if (n == 0)
        return 0;
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>((n - 1) / 2);
    std::nth_element(times.begin(), middle, times.begin() + static_cast<std::ptrdiff_t>(n));
    return *middle;
}

double CanvasFigures::worstMs() const
{
    return *std::max_element(m_times.begin(), m_times.end());
}

std::vector<std::string> CanvasFigures::lines() const
{
    std::vector<std::string> out{
        "frame " + milliseconds(lastMs) + ", median " + milliseconds(medianMs()) + ", worst " +
            milliseconds(worstMs()) + " of " + count(frames()),
        "display list " + milliseconds(listMs) + ", " + count(commands) + " commands"};
    if (vertices > 0) {
        out.push_back(count(vertices) + " vertices");
        out.push_back("glyphs " + count(glyphHits) + " found, " + count(glyphMisses) + " missing");
    }
    return out;
}

CanvasOverlay::CanvasOverlay(QWidget *canvas) : QObject(canvas), m_canvas(canvas)
{
    // A canvas has no focus: keys go to its host.
    if (auto *host = canvas->parentWidget())
        host->installEventFilter(this);
}

CanvasOverlay *CanvasOverlay::of(const QWidget *canvas)
{
    return canvas->findChild<CanvasOverlay *>(QString(), Qt::FindDirectChildrenOnly);
}

void CanvasOverlay::setShown(bool on)
{
    m_shown = on;
    m_canvas->update();
}

bool CanvasOverlay::eventFilter(QObject *, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return false;
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() != Qt::Key_F12 || key->modifiers() != Qt::NoModifier || key->isAutoRepeat())
        return false;
    setShown(!m_shown);
    return true;
}

} // namespace flamewright
