#include "app/gui/load_table.h"

#include <QEvent>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace flamewright {
namespace {

// Follows the size of a table.
class Stretcher : public QObject {
public:
    Stretcher(QTableView &view, int column, int least)
        : QObject(&view),
          m_view(view),
          m_column(column),
          m_least(least)
    {
        view.viewport()->installEventFilter(this);
        connect(view.horizontalHeader(), &QHeaderView::sectionResized, this, [this](int section) {
            if (section != m_column && !m_stretching)
                stretch();
            else if (!m_stretching)
                m_byHand = true;
        });
        stretch();
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Resize)
            stretch();
        return QObject::eventFilter(watched, event);
    }

private:
    void stretch()
    {
        if (m_byHand)
            return;
        m_stretching = true;
        const auto *header = m_view.horizontalHeader();
        const auto others = header->length() - header->sectionSize(m_column);
        m_view.setColumnWidth(m_column, std::max(m_least, m_view.viewport()->width() - others));
        m_stretching = false;
    }

    QTableView &m_view;
    int m_column, m_least;
    bool m_byHand = false, m_stretching = false;
};

} // namespace

void setUpLoadTable(QTableView &view, int rowHeight)
{
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.setShowGrid(false);
    view.setWordWrap(false);
    view.setTabKeyNavigation(false);
    view.setMouseTracking(true);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.verticalHeader()->hide();
    view.verticalHeader()->setDefaultSectionSize(rowHeight);
    view.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto *header = view.horizontalHeader();
    header->setHighlightSections(false);
    header->setMinimumSectionSize(48);
    header->setSectionResizeMode(QHeaderView::Interactive);
    view.setSortingEnabled(true);
}

void stretchColumn(QTableView &view, int column, int least)
{
    new Stretcher(view, column, least);
}

} // namespace flamewright
