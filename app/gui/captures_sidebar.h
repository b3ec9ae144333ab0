#pragma once

#include "app/gui/capture_list_model.h"
#include "app/gui/services.h"

#include <QHash>
#include <QWidget>

#include <optional>
#include <vector>

class QListView;
class QPushButton;
class QVBoxLayout;

namespace flamewright {

class DetailsPanel;
class Document;
class ImportCard;
class ImportQueue;
class ScopeController;

// Left: running imports, the captures of the session, and what is known about the current one.
class CapturesSidebar : public QWidget {
    Q_OBJECT

public:
    CapturesSidebar(const Services &services, Document &document, ScopeController &scope,
                    ImportQueue &imports, QWidget *parent = nullptr);

    QListView *list() const { return m_list; }
    DetailsPanel *details() const { return m_details; }
    // In the order of the session.
    std::vector<CaptureId> selected() const;
    // Belongs into the title bar of the panel.
    QWidget *addButton() const;

public Q_SLOTS:
    void renameCurrent();
    void showNotes();

Q_SIGNALS:
    void addRequested();

private:
    void follow();
    void showDetailsAgain();
    void fitList();
    void openMenu(const QPoint &at);
    void confirmRemoval(CaptureId id);
    std::vector<CaptureId> chosenOr(CaptureId id) const;

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    ImportQueue &m_imports;
    CaptureListModel m_model;
    QPushButton *m_add;
    QListView *m_list;
    DetailsPanel *m_details;
    QWidget *m_cardPane;
    QVBoxLayout *m_cards;
    QHash<quint64, ImportCard *> m_cardOf;
    std::optional<CaptureId> m_detailsOf; // whose details are shown
    bool m_following = false, m_choosing = false;
};

} // namespace flamewright
