#pragma once

#include "app/gui/error_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

class QTableView;

namespace flamewright {

class LoadControls;
class PlainLabel;

// The table of failures. A click sets the scope to the time between the first and the last of them,
// and to the endpoints they happened at.
class ErrorsPane final : public ViewPane {
    Q_OBJECT

public:
    ErrorsPane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    ErrorModel &model() { return m_model; }

    std::function<QString()> data() const override;
    bool isSettled() const override;

private:
    void answerMoved();
    void choose(int row);

    ViewContext m_context;
    ErrorModel m_model;
    LoadControls *m_controls;
    QTableView *m_view;
    PlainLabel *m_none;
};

} // namespace flamewright
