#pragma once

#include "app/clock_align.h"
#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "capture/session/session.h"

#include <QDialog>
#include <QTimer>

#include <optional>
#include <vector>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace flamewright {

class Document;
class PlainLabel;

// Puts one capture's clock beside another's: by the calls between them, by something that happened in
// both, or by hand. Says how far it would move before it does.
class AlignDialog final : public QDialog {
    Q_OBJECT

public:
    AlignDialog(const Services &services, Document &document, CaptureId moved,
                QWidget *parent = nullptr);

    enum Way : int { ByCalls, ByEvent, ByHand };
    QComboBox *referencePicker() const { return m_reference; }
    QComboBox *wayPicker() const { return m_way; }
    QLineEdit *eventField() const { return m_event; }
    QLineEdit *offsetField() const { return m_offset; }
    QPushButton *moveButton() const { return m_move; }
    QString result() const;
    bool isSettled() const { return !m_job.busy() && !m_due.isActive(); }

private:
    void ask();
    void look();
    void answer(const Result<ClockOffset> &offset);
    void move();
    const CaptureInfo *reference() const;

    const Services &m_services;
    Document &m_document;
    CaptureId m_moved;
    std::vector<CaptureId> m_others;
    QComboBox *m_reference, *m_way;
    QLineEdit *m_event, *m_offset;
    PlainLabel *m_result;
    QPushButton *m_move;
    QTimer m_due; // while somebody types
    LatestJob<ClockOffset> m_job;
    std::optional<std::int64_t> m_wallOffset; // of the capture, if it is moved
};

} // namespace flamewright
