#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/track_list_model.h"

#include <QToolButton>

#include <cstdint>
#include <vector>

class QFrame;
class QLineEdit;
class QListView;

namespace flamewright {

class Document;
class PlainLabel;
class ScopeController;

// The chip for processes and threads: opens a searchable list with sample counts; several can be
// chosen.
class TrackPicker : public QToolButton {
    Q_OBJECT

public:
    TrackPicker(const Services &services, Document &document, ScopeController &scope,
                QWidget *parent = nullptr);

    void openPopup();
    TrackListModel &model() { return m_model; }
    QLineEdit *filterField() const { return m_filter; }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();
    void sayWhat(bool isLoad); // can be picked
    void loadCounts(const CaptureInfo &capture);

    Document &m_document;
    ScopeController &m_scope;
    TrackListModel m_model;
    LatestJob<std::vector<std::int64_t>> m_countJob;
    CaptureId m_capture;
    std::size_t m_trackCount = 0;
    QFrame *m_popup;
    PlainLabel *m_unit;
    QLineEdit *m_filter;
    QListView *m_list;
};

} // namespace flamewright
