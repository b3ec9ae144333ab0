#include "app/gui/load_table.h"

#include "app/gui/text.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QTableView>

#include <algorithm>
#include <utility>

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

class CopyFilter : public QObject {
public:
    CopyFilter(QTableView &view, std::function<std::function<QString()>()> rows)
        : QObject(&view),
          m_rows(std::move(rows))
    {
        view.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        const bool asked = event->type() == QEvent::ShortcutOverride;
        if ((!asked && event->type() != QEvent::KeyPress) ||
            !static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy))
            return QObject::eventFilter(watched, event);
        if (const auto work = asked ? std::function<QString()>() : m_rows())
            QGuiApplication::clipboard()->setText(work());
        event->accept();
        return true;
    }

private:
    std::function<std::function<QString()>()> m_rows;
};

} // namespace

void copyRowsOf(QTableView &view, std::function<std::function<QString()>()> rows)
{
    new CopyFilter(view, std::move(rows));
}

QVariant headerData(const HeaderText &text, int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return text.sorted ? QString(QChar(text.descending ? 0x2193 : 0x2191)) + QLatin1Char(' ') +
                                 text.title
                           : text.title;
    case Qt::AccessibleTextRole: return text.title;
    case Qt::ToolTipRole: return text.tip.isEmpty() ? QVariant() : plainToolTip(text.tip);
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (text.right ? Qt::AlignRight : Qt::AlignLeft));
    default: return {};
    }
}

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
    header->setSortIndicator(-1, Qt::DescendingOrder); // or the first column would be sorted by now
    view.setSortingEnabled(true);
}

void stretchColumn(QTableView &view, int column, int least)
{
    new Stretcher(view, column, least);
}

} // namespace flamewright
