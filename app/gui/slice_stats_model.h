#pragma once

#include "analysis/slice_stats.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <vector>

namespace flamewright {

// Slices of an area by name: how many, how long, how much of the time.
class SliceStatsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        Name,
        Kind,
        Count,
        Errors,
        Total,
        Wall,
        Self,
        P50,
        P95,
        P99,
        Max,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setStats(std::shared_ptr<const SliceStats> stats, ValueStyle style);
    const std::shared_ptr<const SliceStats> &stats() const { return m_stats; }
    const SliceStat &statAt(int row) const;
    QString nameAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    QString text(const SliceStat &row, int column) const;
    void sortRows();

    std::shared_ptr<const SliceStats> m_stats;
    ValueStyle m_style;
    std::vector<std::uint32_t> m_rows;
    int m_sortColumn = Total;
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

// All rows as tab-separated text, unrounded, in nanoseconds.
QString sliceStatsAsText(const SliceStats &stats);

} // namespace flamewright
