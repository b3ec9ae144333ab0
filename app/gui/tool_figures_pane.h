#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/tool_figures_model.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

class QTableView;

namespace flamewright {

class PlainLabel;

// Load tests of which there are no requests, only what their tool made of them: shown as it is,
// with the tool's name and its method. Nothing here is computed by this program but sums of counts
// and of histograms.
class ToolFiguresPane final : public ViewPane {
    Q_OBJECT

public:
    ToolFiguresPane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    ToolFiguresModel &model() { return m_model; }
    QString summary() const;

    std::function<QString()> data() const override;
    bool isSettled() const override { return !m_job.busy(); }

private:
    void load();
    void show(ToolFiguresModel::Figures figures);

    ViewContext m_context;
    ToolFiguresModel m_model;
    QTableView *m_view;
    PlainLabel *m_summary, *m_note;
    std::vector<CaptureId> m_captures; // that were asked for
    LatestJob<std::vector<CaptureFigures>> m_job;
};

} // namespace flamewright
