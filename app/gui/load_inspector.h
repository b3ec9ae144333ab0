#pragma once

#include "app/gui/load_columns.h"
#include "app/gui/requests_model.h"

#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace flamewright {

class PlainLabel;

// Everything about the requests of the scope; of one group when one is chosen.
class LoadInspector : public QWidget {
    Q_OBJECT

public:
    explicit LoadInspector(RequestsModel &load, QWidget *parent = nullptr);

    // What the panel says, line by line: for tests and for copying.
    QString text() const;

private:
    void refresh();
    void addRow(const QString &name, const QString &value, const QString &detail,
                const QString &tip = {});
    void addSection(const QString &title);
    void addLine(const QString &sentence);
    void addNote(const QString &sentence);
    QString intervalText(const LoadCells &cells, LoadColumn column) const;
    void addErrors(const LoadAnswer &answer);
    void addFindings();
    void addWhatIf();

    RequestsModel &m_load;
    QWidget *m_body = nullptr;
    QVBoxLayout *m_column = nullptr;
    QScrollArea *m_scroll;
};

} // namespace flamewright
