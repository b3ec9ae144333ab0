#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/sql_query.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace flamewright {

// The answer to a statement as a table: sorting permutes row numbers, values stay as they are. The
// order is found off the GUI thread; until it is there the rows stay as they were.
class SqlResultModel : public QAbstractTableModel {
    Q_OBJECT

public:
    // Whether the cell is a number (then digits are lined up), or no value at all.
    enum Role : int { NumberRole = Qt::UserRole, NullRole };

    explicit SqlResultModel(JobRunner &runner, QObject *parent = nullptr);

    void setAnswer(std::shared_ptr<const SqlAnswer> answer);
    const std::shared_ptr<const SqlAnswer> &answer() const { return m_answer; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    // Asks for the order of sortedRows(); only the newest wish counts. -1: as answered.
    void sort(int column, Qt::SortOrder order) override;
    // Of times and sizes in tooltips.
    void setValueStyle(ValueStyle style) { m_style = style; }
    bool sorting() const { return m_sorting.busy(); }

    // Work that makes cells as tab-separated text with a title line; off the GUI thread.
    std::function<QString()> asTsv(int firstRow, int lastRow, int firstColumn,
                                   int lastColumn) const;

Q_SIGNALS:
    void sortingBegan();
    // The rows are about to be put in another order; persistent indexes follow their rows.
    void aboutToReorder();
    // The rows are in the order that was asked for last, or it was given up.
    void sortingEnded();

private:
    void reorder(std::vector<std::uint32_t> rows, int column, Qt::SortOrder order);
    const SqlValue &value(const QModelIndex &index) const;

    std::shared_ptr<const SqlAnswer> m_answer;
    LatestJob<std::vector<std::uint32_t>> m_sorting;
    std::vector<std::uint32_t> m_rows; // as shown
    ValueStyle m_style;
    int m_sortColumn = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

} // namespace flamewright
