#include "app/gui/sentence_delegate.h"

#include "app/gui/palette.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QAbstractItemModel>
#include <QHeaderView>
#include <QPainter>
#include <QTableView>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kPadding = 8, kAround = 6;
constexpr int kMostRows = 500; // more are of one line each: nobody reads so many sentences
constexpr int kMostLines = 4;

} // namespace

SentenceDelegate::SentenceDelegate(QTableView &view, int column)
    : CellDelegate(&view),
      m_view(view),
      m_column(column)
{
    connect(view.horizontalHeader(), &QHeaderView::sectionResized, this, [this](int section) {
        if (section == m_column)
            fitRows();
    });
    connect(view.model(), &QAbstractItemModel::modelReset, this, &SentenceDelegate::fitRows,
            Qt::QueuedConnection);
}

void SentenceDelegate::fitRows()
{
    const auto *model = m_view.model();
    const QFontMetrics metrics(typeFont(TextStyle::Body));
    const int width = m_view.columnWidth(m_column) - 2 * kPadding;
    const int rows = std::min(model->rowCount(), kMostRows);
    for (int row = 0; row < rows && width > 0; ++row) {
        const auto text =
            cappedForLayout(model->index(row, m_column).data(Qt::DisplayRole).toString());
        const int height =
            metrics.boundingRect(QRect(0, 0, width, 10'000), Qt::TextWordWrap, text).height();
        m_view.setRowHeight(
            row, std::max(kRowHeight,
                          std::min(height, kMostLines * metrics.lineSpacing()) + 2 * kAround));
    }
}

void SentenceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    if (index.column() != m_column) {
        // Beside the first line of the sentence.
        CellDelegate::paint(painter, option, index);
        return;
    }
    const auto c = colorsOf(option.palette);
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, c.surface0);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, c.surface2);
    painter->setFont(typeFont(TextStyle::Body));
    painter->setPen(c.text1);
    const auto box = option.rect.adjusted(kPadding, kAround, -kPadding, -kAround);
    painter->setClipRect(box);
    painter->drawText(box, Qt::AlignVCenter | Qt::TextWordWrap,
                      cappedForLayout(index.data(Qt::DisplayRole).toString()));
    painter->restore();
}

} // namespace flamewright
