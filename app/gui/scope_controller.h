#pragma once

#include "analysis/scope.h"

#include <QObject>

#include <cstddef>
#include <string>
#include <vector>

namespace flamewright {

// The current scope of one side of the window, with back and forward. The one place where it
// changes; every view follows the signal.
class ScopeController : public QObject {
    Q_OBJECT

public:
    explicit ScopeController(QObject *parent = nullptr);

    const Scope &scope() const { return m_history[m_at]; }

    // Another capture: tracks and times belong to the old one and are dropped.
    void showCaptures(std::vector<CaptureId> captures);
    void setMeasure(std::string measure);
    void setTracks(std::vector<TrackRef> tracks);
    void setTimes(std::vector<TimeRange> times);
    void setTransforms(std::vector<Transform> transforms);
    // At the end of the list; nothing when the same one is the last already.
    void addTransform(Transform transform);
    void replaceTransform(std::size_t index, Transform transform);
    void removeTransform(std::size_t index);
    // While somebody types, one entry of the history changes; commitSearch() ends it.
    void setSearch(std::string search);
    void commitSearch() { m_typing = false; }
    // Everything but the captures back to the beginning.
    void reset();
    bool isReset() const;
    // The whole value at once; one step in the history.
    void setScope(Scope scope);
    // Forgets the history: another session.
    void restart(Scope scope);

    bool canGoBack() const { return m_at > 0; }
    bool canGoForward() const { return m_at + 1 < m_history.size(); }
    void back();
    void forward();

Q_SIGNALS:
    void scopeChanged(const flamewright::Scope &scope);

private:
    void go(std::size_t to);

    std::vector<Scope> m_history{Scope{}};
    std::size_t m_at = 0;
    bool m_typing = false;
};

} // namespace flamewright
