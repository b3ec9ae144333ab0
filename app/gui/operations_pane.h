#pragma once

#include "app/gui/rows_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

class QTableView;

namespace flamewright {

class PlainLabel;

// What services did: how often, how long, how often in vain. A click narrows the list of traces to
// those that an operation is part of.
class OperationsPane final : public ViewPane {
    Q_OBJECT

public:
    OperationsPane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    RowsModel &model() { return m_model; }
    QString summary() const;

    std::function<QString()> data() const override { return m_model.asText(); }
    bool isSettled() const override;

private:
    void follow();
    void choose(int shown);

    ViewContext m_context;
    RowsModel m_model;
    QTableView *m_view;
    PlainLabel *m_summary, *m_none;
};

} // namespace flamewright
