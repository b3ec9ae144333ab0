#pragma once

#include "app/gui/endpoint_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

class QTableView;

namespace flamewright {

class LoadControls;
class PlainLabel;

// The table of requests: a row for each endpoint (status, phase ...) with count, rate, errors and
// percentiles with their intervals. A click sets the scope to an endpoint, Esc to all of them.
class RequestsPane final : public ViewPane {
    Q_OBJECT

public:
    RequestsPane(const ViewContext &context, QWidget *parent);
    ~RequestsPane() override;

    QTableView *view() const { return m_view; }
    EndpointModel &model() { return m_model; }
    LoadControls *controls() const { return m_controls; }
    QString footer() const;

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::function<QString()> data() const override;
    std::string sentence() const override;
    bool isSettled() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildTable();
    void answerMoved();
    void foundMoved();
    void selectChosen();
    void rowsChosen();
    void copyRows();
    void describe();
    void remark();

    ViewContext m_context;
    EndpointModel m_model;
    LoadControls *m_controls;
    QTableView *m_view;
    PlainLabel *m_remark; // the most serious one; the inspector has them all
    PlainLabel *m_footer;
    bool m_following = false; // the selection moves because of the model, not of the user
};

} // namespace flamewright
