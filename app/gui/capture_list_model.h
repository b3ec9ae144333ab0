#pragma once

#include "capture/session/session.h"

#include <QAbstractListModel>

#include <vector>

namespace flamewright {

class Document;
class ImporterRegistry;

// The captures of the document as rows of the sidebar.
class CaptureListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { SummaryRole = Qt::UserRole, LetterRole, CaptureRoleRole, NotesRole, IdRole };

    CaptureListModel(const Document &document, const ImporterRegistry &importers,
                     QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

    // What is dragged onto a side of the comparison.
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;

    CaptureId idAt(int row) const;
    int rowOf(CaptureId id) const; // -1: not there

Q_SIGNALS:
    void renameRequested(flamewright::CaptureId id, const QString &name);

private:
    void reload();

    const Document &m_document;
    const ImporterRegistry &m_importers;
    std::vector<CaptureInfo> m_rows;
};

} // namespace flamewright
