#pragma once

#include "capture/base/format_value.h"
#include "capture/session/session.h"

#include <QWidget>

#include <optional>

class QScrollArea;
class QVBoxLayout;

namespace flamewright {

class ImporterRegistry;

// Provenance and notes of one capture: where it came from and what to know about it.
class DetailsPanel : public QWidget {
    Q_OBJECT

public:
    explicit DetailsPanel(const ImporterRegistry &importers, QWidget *parent = nullptr);

    void show(const CaptureInfo *capture, ValueStyle style = {});
    // Brings the notes into view.
    void revealNotes();
    // All that is shown, for tests.
    QString text() const;

private:
    void addSection(const QString &title);
    void addFact(const QString &name, const QString &value);
    void addNote(const ImportNote &note);

    const ImporterRegistry &m_importers;
    QScrollArea *m_scroll;
    QWidget *m_body = nullptr;
    QWidget *m_notes = nullptr;
    QVBoxLayout *m_column = nullptr;
};

} // namespace flamewright
