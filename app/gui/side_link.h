#pragma once

#include "app/gui/side_models.h"

#include <QObject>

namespace flamewright {

class Document;
class ViewPane;

// Ties both sides to each other and to the window: one search, one measure, one list of filters;
// what is chosen on one side is chosen by name on the other; frames are zoomed to by path, times
// by their share of the recording.
class SideLink final : public QObject {
    Q_OBJECT

public:
    SideLink(Document &document, ScopeController &window, SideModels &base, SideModels &cand,
             QObject *parent);

    bool isLinked() const { return m_linked; }
    void setLinked(bool linked);
    // The views that are shown now, of one kind.
    void tie(ViewPane *base, ViewPane *cand);
    // What the scope of the window says for both.
    void followWindow();

Q_SIGNALS:
    void looksChanged(); // of the views: kept with the layout

private:
    void scopeMoved(SideModels &from, SideModels &to);
    void selectionMoved(const SideModels &from, SideModels &to);
    void zoomMoved(const SideModels &from, SideModels &to);
    void emphasisMoved(const SideModels &from, SideModels &to);
    void operationMoved(const SideModels &from, SideModels &to);
    void tieLooks(ViewPane *from, ViewPane *to);
    void tieTimes(ViewPane *from, ViewPane *to);
    std::vector<TimeRange> shifted(const std::vector<TimeRange> &times, const SideModels &from,
                                   const SideModels &to) const;
    std::vector<TrackRef> sameTracks(const std::vector<TrackRef> &tracks,
                                     const SideModels &to) const;

    Document &m_document;
    ScopeController &m_window;
    SideModels &m_base, &m_cand;
    bool m_linked = true;
    bool m_tying = false; // what moves now moves because of the other side
};

} // namespace flamewright
