#pragma once

#include "app/gui/import_queue.h"
#include "capture/base/format_value.h"

#include <QFrame>

class QProgressBar;
class QPushButton;

namespace flamewright {

class PlainLabel;

// One running or waiting import: bytes, rate, time left, Cancel.
class ImportCard : public QFrame {
    Q_OBJECT

public:
    explicit ImportCard(const QString &name, QWidget *parent = nullptr);

    void setStarted();
    void setProgress(const ImportProgress &progress, ValueStyle style);
    QPushButton *cancelButton() const { return m_cancel; }

Q_SIGNALS:
    void cancelRequested();

private:
    PlainLabel *m_name, *m_detail;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
};

} // namespace flamewright
