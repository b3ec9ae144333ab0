#pragma once

#include "app/load_summaries.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

// Latencies as load generators summed them up, a row for each endpoint: what a tool did not say is
// a dash, and how it got its percentiles stands beside them.
class ToolFiguresModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        Capture,
        Endpoint,
        Count,
        Failed,
        Rate,
        Min,
        Mean,
        P50,
        P90,
        P95,
        P99,
        P999,
        Max,
        Method,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    using Figures = std::shared_ptr<const std::vector<CaptureFigures>>;
    void setFigures(Figures figures, ValueStyle style);
    const Figures &figures() const { return m_figures; }
    // A tool has percentiles of parts of the time only.
    bool hasPartsOnly() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    struct Row {
        std::size_t capture = 0, latency = 0;
    };
    const ToolLatency &latencyAt(const Row &row) const;
    QString text(const Row &row, int column) const;

    Figures m_figures;
    ValueStyle m_style;
    std::vector<Row> m_rows;
};

// All rows as tab-separated text, nanoseconds unrounded, every percentile that a tool gave.
QString toolFiguresAsText(const std::vector<CaptureFigures> &figures);

} // namespace flamewright
