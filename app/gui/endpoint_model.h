#pragma once

#include "app/gui/load_columns.h"
#include "app/gui/requests_model.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

// The table of requests: a row for everything, then one for each group. Sorting and filtering
// permute numbers of rows; the first row stays where it is.
class EndpointModel : public QAbstractTableModel {
    Q_OBJECT

public:
    // Small text below the cell's; the curve as QList<qreal> (negative: nothing in that slice);
    // whether the row matches the search; whether it is the first one; whether errors are in it.
    enum Role : int { DetailRole = Qt::UserRole, TrendRole, MatchRole, TotalRole, AlarmRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setAnswer(std::shared_ptr<const LoadAnswer> answer, ValueStyle style);
    // By group: only these rows are shown; empty: all.
    void setFound(std::vector<std::uint8_t> found);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_order; }

    // nullopt: the row of everything, or none.
    std::optional<std::uint32_t> groupAt(int row) const;
    int rowOf(std::uint32_t group) const; // -1: filtered out
    const std::shared_ptr<const LoadAnswer> &answer() const { return m_answer; }

private:
    void rebuild();
    void sortRows();
    LoadCells cells(int row) const;

    std::shared_ptr<const LoadAnswer> m_answer;
    ValueStyle m_style;
    std::vector<std::uint8_t> m_found;
    std::vector<std::uint32_t> m_rows; // indices into the report's groups
    int m_sortColumn = static_cast<int>(LoadColumn::Count);
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

// All rows as tab-separated text, most requests first; numbers unrounded.
QString requestsAsText(const LoadAnswer &answer);

} // namespace flamewright
