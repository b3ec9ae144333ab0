#include "app/gui/capture_list_model.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/side_slot.h"
#include "app/gui/text.h"

#include <QMimeData>

#include <algorithm>

namespace flamewright {

CaptureListModel::CaptureListModel(const Document &document, const ImporterRegistry &importers,
                                   QObject *parent)
    : QAbstractListModel(parent),
      m_document(document),
      m_importers(importers)
{
    connect(&document, &Document::capturesChanged, this, &CaptureListModel::reload);
    connect(&document, &Document::sessionChanged, this, &CaptureListModel::reload);
    m_rows = m_document.captures();
}

void CaptureListModel::reload()
{
    auto rows = m_document.captures();
    // Where only what is known of them is new, what is chosen or just being dragged stays so.
    const auto same = [](const CaptureInfo &a, const CaptureInfo &b) { return a.id == b.id; };
    if (!rows.empty() && std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(), same)) {
        m_rows = std::move(rows);
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int CaptureListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant CaptureListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto &capture = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole: return captureName(capture);
    case Qt::ToolTipRole:
        return plainToolTip(captureName(capture) + QLatin1Char('\n') +
                            captureSummary(m_importers, capture, m_document.valueStyle()) +
                            QLatin1Char('\n') + display(capture.desc.sourcePath));
    case Qt::AccessibleTextRole: {
        QStringList parts{captureName(capture),
                          captureSummary(m_importers, capture, m_document.valueStyle()),
                          roleName(capture.desc.role)};
        if (const auto notes = noteworthy(capture); notes > 0)
            parts << (notes == 1 ? tr("1 note") : tr("%1 notes").arg(notes));
        return parts.join(QStringLiteral(", "));
    }
    case SummaryRole: return captureSummary(m_importers, capture, m_document.valueStyle());
    case LetterRole: return captureLetter(capture);
    case CaptureRoleRole: return static_cast<int>(capture.desc.role);
    case NotesRole: return static_cast<int>(noteworthy(capture));
    case IdRole: return capture.id.raw;
    default: return {};
    }
}

Qt::ItemFlags CaptureListModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable |
                                 Qt::ItemIsDragEnabled
                           : Qt::NoItemFlags;
}

QStringList CaptureListModel::mimeTypes() const
{
    return {QLatin1String(kCapturesMime)};
}

QMimeData *CaptureListModel::mimeData(const QModelIndexList &indexes) const
{
    auto rows = indexes;
    std::sort(rows.begin(), rows.end());
    QByteArrayList ids;
    for (const auto &index : rows)
        ids << QByteArray::number(idAt(index.row()).raw);
    auto *data = new QMimeData;
    data->setData(QLatin1String(kCapturesMime), ids.join(' '));
    return data;
}

bool CaptureListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const auto name = value.toString().trimmed();
    if (!index.isValid() || role != Qt::EditRole || name.isEmpty() ||
        name == data(index, Qt::EditRole).toString())
        return false;
    m_rows[static_cast<std::size_t>(index.row())].desc.name = name.toStdString();
    Q_EMIT dataChanged(index, index);
    Q_EMIT renameRequested(idAt(index.row()), name);
    return true;
}

CaptureId CaptureListModel::idAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    return m_rows[static_cast<std::size_t>(row)].id;
}

int CaptureListModel::rowOf(CaptureId id) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (idAt(row) == id)
            return row;
    }
    return -1;
}

} // namespace flamewright
