#pragma once

#include "app/gui/services.h"

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace flamewright {

class Document;
class PlainLabel;
class ProfileModel;
class ScopeController;
class TrackPicker;

// The one bar of the current scope: history, capture, measure, threads, search, reset.
class ScopeBar : public QWidget {
    Q_OBJECT

public:
    ScopeBar(const Services &services, Document &document, ScopeController &scope,
             ProfileModel &profile, QWidget *parent = nullptr);

    QLineEdit *searchField() const { return m_search; }
    TrackPicker *trackPicker() const { return m_tracks; }
    QToolButton *measurePicker() const { return m_measure; }
    // "14.2 % in 37 frames", or what is wrong with the expression.
    QString searchText() const;

public Q_SLOTS:
    void focusSearch();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();
    void followSearch();
    void fillMeasures();
    void showCaptureMenu();

    Document &m_document;
    ScopeController &m_scope;
    ProfileModel &m_profile;
    QToolButton *m_back, *m_forward, *m_capture, *m_measure, *m_reset;
    TrackPicker *m_tracks;
    QLineEdit *m_search;
    PlainLabel *m_found;
};

} // namespace flamewright
