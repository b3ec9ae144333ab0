#pragma once

#include "app/gui/rows_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

class QTableView;

namespace flamewright {

class PlainLabel;
struct SpanFinding;

// What costs time in the traces and can be changed, the weightiest first. A click shows the span that
// tells most; the next click on the same row the next one.
class FindingsPane final : public ViewPane {
    Q_OBJECT

public:
    FindingsPane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    RowsModel &model() { return m_model; }

    std::function<QString()> data() const override { return m_model.asText(); }
    bool isSettled() const override;
    std::string sentence() const override;
    QString severity() const override;

private:
    void follow();
    void choose(int shown, bool open);
    const SpanFinding *selected() const;

    ViewContext m_context;
    RowsModel m_model;
    QTableView *m_view;
    PlainLabel *m_summary, *m_none;
    std::uint32_t m_last = 0; // the finding whose evidence was shown last, and how much of it
    std::size_t m_seen = 0;
};

} // namespace flamewright
