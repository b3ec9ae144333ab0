#include "app/gui/scope_controller.h"

#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kHistory = 200;

} // namespace

ScopeController::ScopeController(QObject *parent) : QObject(parent) {}

void ScopeController::showCaptures(std::vector<CaptureId> captures)
{
    if (captures == scope().captures)
        return;
    auto next = scope();
    next.captures = std::move(captures);
    next.tracks.clear();
    next.times.clear();
    setScope(std::move(next));
}

void ScopeController::setMeasure(std::string measure)
{
    auto next = scope();
    next.measure = std::move(measure);
    setScope(std::move(next));
}

void ScopeController::setTracks(std::vector<TrackRef> tracks)
{
    auto next = scope();
    next.tracks = std::move(tracks);
    setScope(std::move(next));
}

void ScopeController::setTimes(std::vector<TimeRange> times)
{
    auto next = scope();
    next.times = std::move(times);
    setScope(std::move(next));
}

void ScopeController::setTransforms(std::vector<Transform> transforms)
{
    auto next = scope();
    next.transforms = std::move(transforms);
    setScope(std::move(next));
}

void ScopeController::addTransform(Transform transform)
{
    auto transforms = scope().transforms;
    if (!transforms.empty() && transforms.back() == transform)
        return;
    transforms.push_back(std::move(transform));
    setTransforms(std::move(transforms));
}

void ScopeController::replaceTransform(std::size_t index, Transform transform)
{
    auto transforms = scope().transforms;
    if (index >= transforms.size())
        return;
    transforms[index] = std::move(transform);
    setTransforms(std::move(transforms));
}

void ScopeController::removeTransform(std::size_t index)
{
    auto transforms = scope().transforms;
    if (index >= transforms.size())
        return;
    transforms.erase(transforms.begin() + static_cast<std::ptrdiff_t>(index));
    setTransforms(std::move(transforms));
}

void ScopeController::setSearch(std::string search)
{
    if (search == scope().search)
        return;
    auto next = scope();
    next.search = std::move(search);
    if (m_typing && m_at + 1 == m_history.size()) {
        m_history[m_at] = std::move(next);
        Q_EMIT scopeChanged(scope());
        return;
    }
    setScope(std::move(next));
    m_typing = true;
}

void ScopeController::reset()
{
    Scope next;
    next.captures = scope().captures;
    setScope(std::move(next));
}

bool ScopeController::isReset() const
{
    const auto &s = scope();
    return s.times.empty() && s.tracks.empty() && s.measure.empty() && s.search.empty() &&
           s.transforms.empty();
}

void ScopeController::setScope(Scope next)
{
    if (next == scope())
        return;
    m_history.resize(m_at + 1);
    m_history.push_back(std::move(next));
    if (m_history.size() > kHistory)
        m_history.erase(m_history.begin());
    m_at = m_history.size() - 1;
    m_typing = false;
    Q_EMIT scopeChanged(scope());
}

void ScopeController::restart(Scope next)
{
    m_history.assign(1, std::move(next));
    m_at = 0;
    m_typing = false;
    Q_EMIT scopeChanged(scope());
}

void ScopeController::back()
{
    if (canGoBack())
        go(m_at - 1);
}

void ScopeController::forward()
{
    if (canGoForward())
        go(m_at + 1);
}

void ScopeController::go(std::size_t to)
{
    m_at = to;
    m_typing = false;
    Q_EMIT scopeChanged(scope());
}

} // namespace flamewright
