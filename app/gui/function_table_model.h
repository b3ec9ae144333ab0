#pragma once

#include "analysis/flame_tree.h"
#include "analysis/search.h"
#include "app/gui/stat_cells.h"
#include "capture/base/format_value.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <memory>
#include <vector>

namespace flamewright {

// The function table of a profile. Sorting and filtering permute row numbers; nothing is copied,
// so that 100,000 rows sort in a moment.
class FunctionTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column : int {
        Function = StatName,
        Module = StatModule,
        Self = StatSelf,
        SelfShare = StatSelfShare,
        Total = StatTotal,
        TotalShare = StatTotalShare,
        Samples = StatSamples,
        ColumnCount = StatColumnCount
    };
    enum Role : int { BarRole = StatBarRole, MatchRole = StatMatchRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setProfile(std::shared_ptr<const Profile> profile, ValueStyle style = {});
    // Shows only the functions found; null: all.
    void setSearch(std::shared_ptr<const SearchResult> search);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

    FunctionId functionAt(int row) const;
    int rowOf(FunctionId function) const; // -1: filtered out
    const std::shared_ptr<const Profile> &profile() const { return m_profile; }

private:
    void rebuild();
    void sortRows();
    const FunctionStat &stat(int row) const;
    StatRow cellsOf(const FunctionStat &stat) const;

    std::shared_ptr<const Profile> m_profile;
    ValueStyle m_style;
    std::shared_ptr<const SearchResult> m_search;
    std::vector<std::uint32_t> m_rows; // indices into the profile's table
    int m_sortColumn = Self;
    Qt::SortOrder m_order = Qt::DescendingOrder;
};

} // namespace flamewright
