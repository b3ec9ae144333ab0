#pragma once

#include "app/gui/requests_model.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <vector>

namespace flamewright {

// The failures of the scope, a row for each way to fail: status, words, how often, when, where.
class ErrorModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int { Status, Message, Count, Share, First, Last, Groups, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setAnswer(std::shared_ptr<const LoadAnswer> answer, ValueStyle style);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_order; }

    const RequestError &errorAt(int row) const;
    const std::shared_ptr<const LoadAnswer> &answer() const { return m_answer; }

private:
    void sortRows();
    QString text(const RequestError &error, int column) const;
    QString groupNames(const RequestError &error, std::size_t most) const;

    std::shared_ptr<const LoadAnswer> m_answer;
    ValueStyle m_style;
    std::vector<std::uint32_t> m_rows; // indices into the answer's errors
    int m_sortColumn = Count;
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

// All rows as tab-separated text; times in nanoseconds after the start of the test.
QString errorsAsText(const LoadAnswer &answer);

} // namespace flamewright
