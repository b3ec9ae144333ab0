#include "app/gui/pinned_model.h"

#include "app/gui/palette.h"
#include "app/gui/pinned_findings.h"
#include "app/gui/text.h"
#include "app/gui/typography.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QListView>
#include <QLocale>
#include <QPainter>
#include <QPlainTextEdit>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kPadding = 10, kEdge = 3, kNumber = 22, kGap = 2, kMostLines = 8;

QColor severityColor(const Colors &c, const QString &severity)
{
    if (severity == QLatin1String("improved"))
        return c.ok;
    if (severity == QLatin1String("regressed") || severity == QLatin1String("critical"))
        return c.error;
    return severity == QLatin1String("warning") ? c.warn : c.border;
}

int sentenceHeight(const QString &text, int width)
{
    const QFontMetrics metrics(typeFont(TextStyle::Body));
    const auto box = metrics.boundingRect(QRect(0, 0, std::max(width, 40), 10'000),
                                          Qt::TextWordWrap, cappedForLayout(text));
    return std::min(box.height(), kMostLines * metrics.lineSpacing());
}

} // namespace

PinnedModel::PinnedModel(PinnedFindings &findings, const std::vector<ViewKind> &views,
                         QObject *parent)
    : QAbstractListModel(parent),
      m_findings(findings)
{
    for (const auto &kind : views)
        m_titles.emplace(kind.id, kind.title);
    connect(&findings, &PinnedFindings::changed, this, &PinnedModel::follow);
    connect(&findings, &PinnedFindings::restored, this, &PinnedModel::follow);
    follow();
}

void PinnedModel::follow()
{
    const auto rows = static_cast<int>(m_findings.size());
    if (rows > 0 && rows == m_rows) {
        // An editor that is open stays.
        Q_EMIT dataChanged(index(0), index(rows - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

int PinnedModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

QString PinnedModel::captionOf(const PinnedFinding &finding) const
{
    const auto title = m_titles.find(QString::fromStdString(finding.view));
    QStringList parts;
    if (title != m_titles.end())
        parts << title->second;
    if (finding.pinnedAtNs > 0)
        parts << QLocale().toString(QDateTime::fromMSecsSinceEpoch(finding.pinnedAtNs / 1'000'000),
                                    QLocale::ShortFormat);
    if (!finding.written.empty() && finding.sentence != finding.written)
        parts << tr("edited");
    return parts.join(QStringLiteral(" · "));
}

QVariant PinnedModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows)
        return {};
    const auto &finding = m_findings.all()[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return display(finding.sentence);
    case Qt::EditRole: return QString::fromStdString(finding.sentence);
    case Qt::ToolTipRole: return plainToolTip(display(finding.sentence));
    case Qt::AccessibleTextRole:
        return tr("Finding %1: %2").arg(index.row() + 1).arg(display(finding.sentence));
    case SeverityRole: return QString::fromStdString(finding.severity);
    case CaptionRole: return captionOf(finding);
    case EditedRole: return !finding.written.empty() && finding.sentence != finding.written;
    default: return {};
    }
}

bool PinnedModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !index.isValid())
        return false;
    m_findings.setSentence(static_cast<std::size_t>(index.row()), value.toString());
    return true;
}

Qt::ItemFlags PinnedModel::flags(const QModelIndex &index) const
{
    return QAbstractListModel::flags(index) | Qt::ItemIsEditable;
}

PinnedDelegate::PinnedDelegate(QListView &view) : QStyledItemDelegate(&view), m_view(view) {}

int PinnedDelegate::textWidth() const
{
    return m_view.viewport()->width() - 2 * kPadding - kEdge - kNumber;
}

QSize PinnedDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const QFontMetrics caption(typeFont(TextStyle::Caption));
    const auto height = sentenceHeight(index.data(Qt::DisplayRole).toString(), textWidth());
    return {m_view.viewport()->width(), height + kGap + caption.lineSpacing() + 2 * kPadding};
}

void PinnedDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    const auto c = colorsOf(option.palette);
    const auto &box = option.rect;
    painter->save();
    painter->setClipRect(box);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(box, c.surface0);
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(box, c.surface2);
    painter->fillRect(QRect(box.left(), box.top() + 4, kEdge, box.height() - 8),
                      severityColor(c, index.data(PinnedModel::SeverityRole).toString()));
    const auto inner = box.adjusted(kEdge + kPadding, kPadding, -kPadding, -kPadding);
    painter->setFont(typeFont(TextStyle::Strong));
    painter->setPen(c.text3);
    painter->drawText(QRect(inner.left(), inner.top(), kNumber, inner.height()),
                      Qt::AlignLeft | Qt::AlignTop, QString::number(index.row() + 1));
    const auto text = index.data(Qt::DisplayRole).toString();
    const auto words = inner.adjusted(kNumber, 0, 0, 0);
    const int height = sentenceHeight(text, words.width());
    painter->setFont(typeFont(TextStyle::Body));
    painter->setPen(c.text1);
    painter->drawText(QRect(words.left(), words.top(), words.width(), height), Qt::TextWordWrap,
                      cappedForLayout(text));
    painter->setFont(typeFont(TextStyle::Caption));
    painter->setPen(c.text3);
    const QFontMetrics caption(painter->font());
    painter->drawText(
        QRect(words.left(), words.top() + height + kGap, words.width(), caption.lineSpacing()),
        Qt::AlignLeft | Qt::AlignVCenter,
        elided(caption, index.data(PinnedModel::CaptionRole).toString(), Qt::ElideRight,
               words.width()));
    painter->setPen(c.grid);
    painter->drawLine(box.bottomLeft(), box.bottomRight());
    painter->restore();
}

QWidget *PinnedDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &,
                                      const QModelIndex &) const
{
    auto *editor = new QPlainTextEdit(parent);
    editor->setObjectName(QStringLiteral("pinnedEditor"));
    editor->setAccessibleName(tr("Sentence of the finding"));
    editor->setTabChangesFocus(true);
    editor->setFont(typeFont(TextStyle::Body));
    return editor;
}

void PinnedDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    auto *box = static_cast<QPlainTextEdit *>(editor);
    box->setPlainText(index.data(Qt::EditRole).toString());
    box->selectAll();
}

void PinnedDelegate::setModelData(QWidget *editor, QAbstractItemModel *model,
                                  const QModelIndex &index) const
{
    model->setData(index, static_cast<QPlainTextEdit *>(editor)->toPlainText(), Qt::EditRole);
}

void PinnedDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                          const QModelIndex &) const
{
    auto box = option.rect.adjusted(kEdge + 2, 2, -2, -2);
    box.setHeight(std::max(box.height(), 96));
    editor->setGeometry(box);
}

bool PinnedDelegate::eventFilter(QObject *editor, QEvent *event)
{
    // A sentence has no lines of its own: Enter is done.
    if (event->type() == QEvent::KeyPress) {
        const auto key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            Q_EMIT commitData(static_cast<QWidget *>(editor));
            Q_EMIT closeEditor(static_cast<QWidget *>(editor));
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(editor, event);
}

} // namespace flamewright
