#pragma once

#include "app/benchmark_report.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace flamewright {

// What the table shows, made away from the GUI thread.
struct BenchmarkTable {
    BenchmarkReport report;
    std::map<std::string, std::string> common; // labels that all have
    std::vector<std::string> titles;           // by group
    std::vector<std::uint32_t> metrics;        // by group: in which order its metric appeared
};

// Where a row lies between its least and its largest value, from 0 to 1.
struct BenchmarkSpread {
    double low = 0, high = 1, median = 0.5;
    bool known = false;    // there are values
    bool flat = false;     // all are the same
    bool interval = false; // and enough for an interval
};

// Benchmarks and their metrics, a row each: what was measured, and what the tool computed.
class BenchmarkModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        Name,
        Metric,
        Count,
        Median,
        Spread,
        Interval,
        Range, // drawn
        Tool,
        Min,
        Max,
        ColumnCount
    };
    enum Role : int { SpreadRole = Qt::UserRole, MatchRole, AlarmRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setTable(std::shared_ptr<const BenchmarkTable> table);
    // By group; empty: nothing is searched for.
    void setFound(std::vector<std::uint8_t> found);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_order; }

    const std::shared_ptr<const BenchmarkTable> &table() const { return m_table; }

private:
    void sortRows();
    std::uint32_t groupAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    QString text(std::uint32_t group, int column) const;
    QString toolTip(std::uint32_t group, int column) const;

    std::shared_ptr<const BenchmarkTable> m_table;
    std::vector<std::uint8_t> m_found;
    std::vector<std::uint32_t> m_rows; // groups of the report
    int m_sortColumn = Metric;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

// All rows as tab-separated text, unrounded, in the unit that stands beside.
QString benchmarksAsText(const BenchmarkTable &table);

} // namespace flamewright

Q_DECLARE_METATYPE(flamewright::BenchmarkSpread)
