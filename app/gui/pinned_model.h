#pragma once

#include "app/gui/view_catalogue.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

#include <map>
#include <vector>

class QListView;

namespace flamewright {

class PinnedFindings;
struct PinnedFinding;

// Pinned findings as rows: the sentence, and below it which view shows it and when it was pinned.
class PinnedModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role : int {
        SeverityRole = Qt::UserRole, // as in PinnedFinding
        CaptionRole,
        EditedRole // not as the program wrote it
    };

    PinnedModel(PinnedFindings &findings, const std::vector<ViewKind> &views,
                QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    QString captionOf(const PinnedFinding &finding) const;
    void follow();

    PinnedFindings &m_findings;
    std::map<QString, QString> m_titles; // of views, by id
    int m_rows = 0;
};

// A number, the wrapped sentence with its severity as a coloured edge, the caption. Edited in place,
// on several lines.
class PinnedDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit PinnedDelegate(QListView &view);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model,
                      const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;

protected:
    bool eventFilter(QObject *editor, QEvent *event) override;

private:
    int textWidth() const;

    QListView &m_view;
};

} // namespace flamewright
