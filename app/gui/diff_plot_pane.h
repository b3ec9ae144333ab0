#pragma once

#include "app/gui/compare_pane.h"
#include "app/gui/diff_plot_kinds.h"
#include "app/gui/latest_job.h"

#include <QTimer>

namespace flamewright {

class PlotWidget;

// A plot of a comparison as a tab: header, plot, and what connects it to what is chosen elsewhere.
class DiffPlotPane final : public ComparePane {
    Q_OBJECT

public:
    DiffPlotPane(DiffPlotKind kind, const ViewContext &context, QWidget *parent);
    ~DiffPlotPane() override;

    PlotWidget *plot() const { return m_plot; }
    const DiffPlotOptions &options() const { return m_options; }
    void setOptions(const DiffPlotOptions &options);

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::string sentence() const override;
    bool isSettled() const override;

protected:
    bool canShow(const ComparedSection &section) const override { return m_kind.has(section); }
    QString nothingText() const override { return m_kind.nothing; }
    void showSection(const ComparedSection *section) override;
    void showEvent(QShowEvent *event) override;

private:
    void buildControls();
    void load();
    void describe();
    void followSelection();
    std::vector<DiffPlotChoice> choices() const;
    DiffPlotQuestion question() const;

    DiffPlotKind m_kind;
    DiffPlotOptions m_options;
    PlotWidget *m_plot;
    QToolButton *m_choice = nullptr, *m_scale = nullptr, *m_relative = nullptr;
    QTimer m_due;        // another size
    bool m_stale = true; // what is hidden is drawn when somebody looks
    bool m_any = false;
    LatestJob<std::shared_ptr<std::unique_ptr<PlotView>>> m_job;
};

} // namespace flamewright
