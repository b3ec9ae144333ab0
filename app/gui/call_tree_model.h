#pragma once

#include "app/gui/call_tree_rows.h"
#include "capture/base/format_value.h"

#include <QAbstractItemModel>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace flamewright {

// Deeper levels are not listed; their number is said in the row above. Rows are indented by
// level, so that nobody could read them anyway, and Qt's views walk levels recursively.
inline constexpr int kMaxTreeLevels = 512;

// A table of functions with levels. A level exists only once it was asked for (fetchMore()), so
// that a million nodes cost nothing until somebody opens them. Sorting permutes what is there.
class CallTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    using QAbstractItemModel::QAbstractItemModel;

    // `profile` is what shares are of. Null: nothing.
    void setRows(TableKind kind, std::shared_ptr<const Profile> profile,
                 std::shared_ptr<const CallTreeRows> rows, ValueStyle style = {});
    TableKind kind() const { return m_kind; }
    const std::shared_ptr<const CallTreeRows> &rows() const { return m_rows; }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

    // The number that CallTreeRows knows the row by; 0: no row.
    std::uint32_t rowAt(const QModelIndex &index) const;
    FunctionId functionAt(const QModelIndex &index) const;
    StatRow cellsAt(const QModelIndex &index) const;
    int levelOf(const QModelIndex &index) const; // 0: outermost
    // The row at the end of a path of row numbers, as far down as it goes. Fetches the levels.
    QModelIndex find(std::span<const std::uint32_t> path);
    // The outermost row of a function, or the heaviest one in a group; invalid: not there.
    QModelIndex find(FunctionId function);
    // The row below with the largest total; invalid: there is none.
    QModelIndex heaviestBelow(const QModelIndex &index);
    // How many rows exist by now, for tests.
    std::size_t fetchedRows() const { return m_items.size() - 1; }

    QString nameTitle() const;
    // Title line and rows, tab-separated.
    QString toTsv(const QModelIndexList &rows) const;

private:
    // What an index points to. Items of a level are one run of m_items and of m_order, where
    // they stand as sorted.
    struct Item {
        std::uint32_t row = 0; // of CallTreeRows
        std::uint32_t parent = 0;
        std::uint32_t place = 0; // within its level, as sorted
        std::uint32_t first = 0, count = 0;
        std::uint16_t level = 0; // 0: the root
        bool fetched = false;
    };
    std::uint32_t itemOf(const QModelIndex &index) const;
    QModelIndex indexOf(std::uint32_t item, int column = 0) const;
    bool mayHaveChildren(std::uint32_t item) const;
    void fetch(std::uint32_t item);
    void sortLevel(const Item &parent);
    bool levelIsCut(const Item &item) const;
    QString explanation(int column) const;

    TableKind m_kind = TableKind::Functions;
    std::shared_ptr<const Profile> m_profile;
    std::shared_ptr<const CallTreeRows> m_rows;
    ValueStyle m_style;
    std::vector<Item> m_items{Item{}};
    std::vector<std::uint32_t> m_order{0};
    int m_sortColumn = StatTotal;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
};

} // namespace flamewright
