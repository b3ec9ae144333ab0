#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/plot_kinds.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

#include <QTimer>

class QToolButton;

namespace flamewright {

class LoadControls;
class PlotWidget;

// A plot of a load test as a tab: the header, the plot, and what connects it to the scope. A brush
// along time is the time of the scope; a click on a line chooses its group.
class PlotPane final : public ViewPane {
    Q_OBJECT

public:
    PlotPane(PlotKind kind, const ViewContext &context, QWidget *parent);
    ~PlotPane() override;

    PlotWidget *plot() const { return m_plot; }
    LoadControls *controls() const { return m_controls; }
    QToolButton *scaleButton() const { return m_scale; }
    QToolButton *splitButton() const { return m_split; }
    const PlotOptions &options() const { return m_options; }

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::function<QString()> data() const override;
    std::string sentence() const override;
    bool isSettled() const override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildOptions();
    void setOptions(const PlotOptions &options);
    void showOptions();
    void showScales();
    PlotQuestion question() const;
    void load();
    void follow(); // ranges and emphasis
    void brush(const std::vector<LoadSpan> &ranges);
    void chooseGroup(std::uint32_t line);
    void countAnew(); // another part of the time is shown
    std::optional<std::uint32_t> lineOf(std::uint32_t group) const;
    void describe();

    PlotKind m_kind;
    ViewContext m_context;
    PlotOptions m_options;
    LoadControls *m_controls;
    PlotWidget *m_plot;
    QToolButton *m_scale = nullptr, *m_split = nullptr;
    QTimer m_due;
    bool m_stale = true; // what is hidden is drawn when somebody looks
    LatestJob<std::shared_ptr<std::unique_ptr<PlotView>>> m_job;
    std::shared_ptr<const LoadAnswer> m_drawn; // what the plot is of
};

} // namespace flamewright
