#pragma once

#include "app/gui/call_tree_model.h"

#include <QTreeView>

#include <map>
#include <string>

namespace flamewright {

// "Expand all" opens at most this many rows, the heaviest first.
inline constexpr int kMostExpanded = 5'000;

// The tree of a CallTreeModel: chevrons and indentation of the theme, keys, and expanding many
// levels at once within a bound.
class CallTreeView : public QTreeView {
    Q_OBJECT

public:
    explicit CallTreeView(CallTreeModel &model, QWidget *parent = nullptr);

    // All levels below a row (an invalid index: of everything). False: the bound was reached and
    // lighter rows stay closed.
    bool expandBelow(const QModelIndex &index);
    // From a row (an invalid index: from the heaviest) always to the heaviest row below. Selects
    // and returns the last one.
    QModelIndex expandHottestPath(const QModelIndex &index);
    // Opens what is above and selects; an invalid index selects nothing.
    void reveal(const QModelIndex &index);

    // How many rows that match the search are not inside closed ones.
    std::uint32_t openMatches() const;

    // Which rows are open, by name, so that the rows of another profile can be opened alike.
    struct Opened {
        std::map<std::string, Opened> below;
    };
    Opened opened() const;
    void reopen(const Opened &opened);

Q_SIGNALS:
    // Enter, or a double-click on a row without levels below.
    void shown(const QModelIndex &index);
    void hottestPathRequested();
    void expandAllRequested();
    void copyRequested();

protected:
    void drawBranches(QPainter *, const QRect &, const QModelIndex &) const override {}
    void drawRow(QPainter *painter, const QStyleOptionViewItem &option,
                 const QModelIndex &index) const override;
    void keyPressEvent(QKeyEvent *event) override;
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void openAll(const std::vector<QModelIndex> &rows);
    void fitIndentation();
    int levelLeft(const QModelIndex &index) const; // of its chevron's room
    void drawChevron(QPainter &painter, const QRect &row, const QModelIndex &index) const;
    bool toggleAt(QPoint at);

    CallTreeModel &m_model;
    int m_deepest = 0; // level of the deepest row that was opened
};

} // namespace flamewright
