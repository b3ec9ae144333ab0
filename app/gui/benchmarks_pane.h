#pragma once

#include "app/gui/benchmark_model.h"
#include "app/gui/latest_job.h"
#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"
#include "capture/base/units.h"

#include <optional>
#include <vector>

class QTableView;

namespace flamewright {

class PlainLabel;

// The table of benchmarks of the captures in the scope.
class BenchmarksPane final : public ViewPane {
    Q_OBJECT

public:
    BenchmarksPane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    BenchmarkModel &model() { return m_model; }
    QString summary() const;

    std::function<QString()> data() const override;
    bool isSettled() const override { return !m_job.busy(); }

private:
    void follow();
    void load();
    void search();
    void describe();

    ViewContext m_context;
    BenchmarkModel m_model;
    QTableView *m_view;
    PlainLabel *m_labels, *m_summary;
    LatestJob<std::shared_ptr<const BenchmarkTable>> m_job;
    std::optional<std::vector<CaptureId>> m_loaded;
    QString m_error;
    std::size_t m_found = 0;
};

} // namespace flamewright
