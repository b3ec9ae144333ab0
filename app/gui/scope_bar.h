#pragma once

#include "analysis/transforms.h"
#include "app/gui/services.h"

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace flamewright {

class Document;
class FilterChips;
class PlainLabel;
class RequestsModel;
class ProfileModel;
class ScopeController;
class TrackPicker;

// The one bar of the current scope: history, capture, measure, threads, filters, search, reset.
class ScopeBar : public QWidget {
    Q_OBJECT

public:
    ScopeBar(const Services &services, Document &document, ScopeController &scope,
             ProfileModel &profile, RequestsModel &load, QWidget *parent = nullptr);

    QLineEdit *searchField() const { return m_search; }
    TrackPicker *trackPicker() const { return m_tracks; }
    FilterChips *filters() const { return m_filters; }
    QToolButton *measurePicker() const { return m_measure; }
    // "14.2 % in 37 frames", or what is wrong with the expression.
    QString searchText() const;

    // Makes a filter of what was searched for; the search is over then.
    void filterFound(TransformKind kind);

public Q_SLOTS:
    void focusSearch();

Q_SIGNALS:
    void matchRequested(int step); // 1: the next frame that was found, -1: the one before

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();
    void followSearch();
    QString foundGroups() const; // by the search, of a load test
    void fillMeasures();
    void showCaptureMenu();

    Document &m_document;
    ScopeController &m_scope;
    ProfileModel &m_profile;
    RequestsModel &m_load;
    QToolButton *m_back, *m_forward, *m_capture, *m_measure, *m_reset, *m_keep, *m_drop;
    TrackPicker *m_tracks;
    FilterChips *m_filters;
    QLineEdit *m_search;
    PlainLabel *m_found;
};

} // namespace flamewright
