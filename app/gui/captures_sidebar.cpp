#include "app/gui/captures_sidebar.h"

#include "app/gui/align_dialog.h"
#include "app/gui/capture_delegate.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/details_panel.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/import_card.h"
#include "app/gui/import_queue.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/workbench.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kListRows = 8; // then it scrolls

} // namespace

CapturesSidebar::CapturesSidebar(const Services &services, Document &document,
                                 ScopeController &scope, ImportQueue &imports, QWidget *parent)
    : QWidget(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_imports(imports),
      m_model(document, services.workbench.importers()),
      m_add(new QPushButton(tr("Add…"), this)),
      m_list(new QListView(this)),
      m_details(new DetailsPanel(services.workbench.importers(), this)),
      m_cardPane(new QWidget(this))
{
    setObjectName(QStringLiteral("sidebar"));
    setAttribute(Qt::WA_StyledBackground);
    m_add->setProperty("link", true);
    m_add->setAccessibleName(tr("Add captures"));
    connect(m_add, &QPushButton::clicked, this, &CapturesSidebar::addRequested);

    m_cards = new QVBoxLayout(m_cardPane);
    m_cards->setContentsMargins(8, 0, 8, 8);
    m_cards->setSpacing(8);
    m_cardPane->hide();

    m_list->setObjectName(QStringLiteral("captureList"));
    m_list->setAccessibleName(tr("Captures"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new CaptureDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    // Several are runs of one thing: dragged onto a side of the comparison together.
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setDragDropMode(QAbstractItemView::DragOnly);
    m_list->setDefaultDropAction(Qt::CopyAction);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);

    auto *rule = new QFrame(this);
    rule->setObjectName(QStringLiteral("rule"));
    rule->setFixedHeight(1);
    auto *ruleRow = new QHBoxLayout;
    ruleRow->setContentsMargins(16, 12, 16, 12);
    ruleRow->addWidget(rule);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list);
    column->addWidget(m_cardPane);
    column->addLayout(ruleRow);
    column->addWidget(m_details, 1);

    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (m_following || !index.isValid())
                    return;
                // The list is in the middle of it: what is chosen comes after.
                const QScopedValueRollback guard(m_choosing, true);
                m_scope.showCaptures({m_model.idAt(index.row())});
            });
    connect(m_list, &QListView::customContextMenuRequested, this, &CapturesSidebar::openMenu);
    connect(&m_model, &CaptureListModel::renameRequested, &document, &Document::rename);
    connect(&m_model, &CaptureListModel::modelReset, this, &CapturesSidebar::showDetailsAgain);
    connect(&m_model, &CaptureListModel::dataChanged, this, &CapturesSidebar::showDetailsAgain);
    connect(&scope, &ScopeController::scopeChanged, this, &CapturesSidebar::follow);

    connect(
        &imports, &ImportQueue::queued, this, [this](ImportQueue::TaskId id, const QString &name) {
            auto *card = new ImportCard(name, m_cardPane);
            m_cards->addWidget(card);
            m_cardOf.insert(id, card);
            m_cardPane->show();
            connect(card, &ImportCard::cancelRequested, this, [this, id] { m_imports.cancel(id); });
        });
    connect(&imports, &ImportQueue::started, this, [this](ImportQueue::TaskId id) {
        if (auto *card = m_cardOf.value(id))
            card->setStarted();
    });
    connect(&imports, &ImportQueue::progressed, this,
            [this](ImportQueue::TaskId id, const ImportProgress &progress) {
                if (auto *card = m_cardOf.value(id))
                    card->setProgress(progress, m_document.valueStyle());
            });
    connect(&imports, &ImportQueue::ended, this, [this](ImportQueue::TaskId id) {
        if (auto *card = m_cardOf.take(id)) {
            card->hide();
            card->deleteLater();
        }
        m_cardPane->setVisible(!m_cardOf.isEmpty());
    });
    follow();
}

void CapturesSidebar::follow()
{
    const QScopedValueRollback guard(m_following, true);
    const auto &captures = m_scope.scope().captures;
    const auto id = captures.empty() ? CaptureId{} : captures.front();
    fitList();
    const auto row = m_model.rowOf(id);
    // Others may be chosen with it: they stay chosen.
    const bool there = row >= 0 && row == m_list->currentIndex().row() &&
                       (m_choosing || m_list->selectionModel()->isSelected(m_model.index(row)));
    if (row < 0)
        m_list->selectionModel()->clear();
    else if (!there)
        m_list->setCurrentIndex(m_model.index(row));
    // Every letter of a search is another scope; the capture is the same.
    if (m_detailsOf != id) {
        m_detailsOf = id;
        m_details->show(m_document.find(id), m_document.valueStyle());
    }
}

// What is known about a capture may have changed.
void CapturesSidebar::showDetailsAgain()
{
    m_detailsOf.reset();
    follow();
}

void CapturesSidebar::fitList()
{
    const auto rows = std::clamp(m_model.rowCount(), 0, kListRows);
    m_list->setFixedHeight(rows * 48);
}

QWidget *CapturesSidebar::addButton() const
{
    return m_add;
}

void CapturesSidebar::renameCurrent()
{
    if (m_list->currentIndex().isValid())
        m_list->edit(m_list->currentIndex());
}

void CapturesSidebar::showNotes()
{
    m_details->revealNotes();
}

void CapturesSidebar::openMenu(const QPoint &at)
{
    const auto index = m_list->indexAt(at);
    const auto id = m_model.idAt(index.row());
    const auto *capture = m_document.find(id);
    if (!capture)
        return;
    const bool writable = m_document.session() && !m_document.session()->readOnly();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *rename = menu->addAction(tr("Rename"));
    rename->setEnabled(writable);
    connect(rename, &QAction::triggered, this, [this, index] { m_list->edit(index); });
    menu->addSeparator();
    const auto chosen = chosenOr(id);
    struct Use {
        CaptureRole role;
        QString text;
    };
    for (const auto &use : {Use{CaptureRole::Baseline, tr("Use as A (baseline)")},
                            Use{CaptureRole::Candidate, tr("Use as B (candidate)")},
                            Use{CaptureRole::None, tr("Neither A nor B")}}) {
        auto *action = menu->addAction(use.text);
        action->setCheckable(true);
        action->setChecked(chosen.size() == 1 && capture->desc.role == use.role);
        connect(action, &QAction::triggered, this, [this, chosen, role = use.role] {
            Document::Roles roles;
            for (const auto one : chosen)
                roles.emplace_back(one, role);
            m_document.setRoles(roles);
        });
    }
    menu->addSeparator();
    auto *align = menu->addAction(tr("Align clock…"));
    align->setEnabled(writable && capture->span);
    connect(align, &QAction::triggered, this, [this, id] {
        auto *dialog = new AlignDialog(m_services, m_document, id, window());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    auto *notes = menu->addAction(tr("Show notes"));
    connect(notes, &QAction::triggered, this, [this, id] {
        m_scope.showCaptures({id});
        showNotes();
    });
    menu->addSeparator();
    auto *remove = menu->addAction(tr("Remove…"));
    remove->setEnabled(writable);
    connect(remove, &QAction::triggered, this, [this, id] { confirmRemoval(id); });
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

// The chosen captures when this is one of them, else this one alone.
std::vector<CaptureId> CapturesSidebar::chosenOr(CaptureId id) const
{
    const auto chosen = selected();
    return std::find(chosen.begin(), chosen.end(), id) == chosen.end() ? std::vector{id} : chosen;
}

std::vector<CaptureId> CapturesSidebar::selected() const
{
    std::vector<CaptureId> out;
    for (const auto &index : m_list->selectionModel()->selectedIndexes())
        out.push_back(m_model.idAt(index.row()));
    std::sort(out.begin(), out.end());
    return out;
}

void CapturesSidebar::confirmRemoval(CaptureId id)
{
    const auto *capture = m_document.find(id);
    if (!capture)
        return;
    auto *box =
        new QMessageBox(QMessageBox::Warning, tr("Remove capture"), {}, QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    setPlainMessage(box, tr("Remove %1 from the session?").arg(captureName(*capture)),
                    tr("Its %1 samples, symbols and notes are deleted from the session. This "
                       "cannot be undone. The file it came from is not touched.")
                        .arg(grouped(sampleCount(*capture))));
    auto *remove = box->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    connect(remove, &QPushButton::clicked, this, [this, id] { m_document.remove(id); });
    box->open();
}

} // namespace flamewright
