#pragma once

#include <QAbstractListModel>
#include <QList>
#include <QString>

#include <functional>
#include <vector>

namespace flamewright {

// One line of the command palette.
struct PaletteItem {
    QString id; // for recently used; empty: not remembered
    QString text;
    QString detail = {}; // where it is in the menus, module of a function
    QString keys = {};
    QString reason = {}; // why it cannot be done now; empty: it can
    QString words = {};  // found by these too
    std::function<void()> run = {};
};

// The lines that answer what was typed, best first.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { DetailRole = Qt::UserRole, KeysRole, ReasonRole, MatchRole };
    struct Row {
        PaletteItem item;
        QList<int> at; // matched characters of the text
    };

    using QAbstractListModel::QAbstractListModel;

    void setRows(std::vector<Row> rows);
    const PaletteItem *itemAt(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<Row> m_rows;
};

// The best `limit` of `items` for what was typed; of equals, and when nothing was typed, those in
// `recent` first (newest first), then in the order given.
std::vector<PaletteModel::Row> rankItems(const std::vector<PaletteItem> &items,
                                         const QString &typed, const QStringList &recent,
                                         std::size_t limit);

} // namespace flamewright
