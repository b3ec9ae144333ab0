#include "app/gui/track_picker.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/gui/track_counts.h"
#include "app/gui/track_delegate.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

namespace flamewright {

TrackPicker::TrackPicker(const Services &services, Document &document, ScopeController &scope,
                         QWidget *parent)
    : QToolButton(parent),
      m_document(document),
      m_scope(scope),
      m_countJob(services.jobs),
      m_popup(new QFrame(this, Qt::Popup))
{
    setProperty("chip", true);
    setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setIcon(glyphIcon(Glyph::Down));
    setLayoutDirection(Qt::RightToLeft); // the arrow after the text
    setIconSize({12, 12});
    setFocusPolicy(Qt::TabFocus);
    setObjectName(QStringLiteral("trackPicker"));
    connect(this, &QToolButton::clicked, this, &TrackPicker::openPopup);

    m_popup->setObjectName(QStringLiteral("popup"));
    m_popup->setLayoutDirection(Qt::LeftToRight);
    m_filter = new QLineEdit(m_popup);
    m_filter->installEventFilter(this);
    m_list = new QListView(m_popup);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new TrackDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->installEventFilter(this);
    auto *all = new QPushButton(tr("Show all"), m_popup);
    all->setProperty("link", true);
    m_unit = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_popup);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(all);
    bottom->addStretch(1);
    bottom->addWidget(m_unit);
    auto *column = new QVBoxLayout(m_popup);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    column->addLayout(bottom);

    connect(m_filter, &QLineEdit::textChanged, &m_model, &TrackListModel::setFilter);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex &index) { m_model.toggle(index.row()); });
    connect(&m_model, &TrackListModel::checkedChanged, this,
            [this] { m_scope.setTracks(m_model.checked()); });
    connect(all, &QPushButton::clicked, this, [this] { m_scope.setTracks({}); });
    connect(&scope, &ScopeController::scopeChanged, this, &TrackPicker::follow);
    connect(&document, &Document::capturesChanged, this, &TrackPicker::follow);
    follow();
}

void TrackPicker::follow()
{
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    const bool has = capture && !isBenchmarks(*capture);
    setVisible(has);
    if (!has)
        return;
    if (capture->id != m_capture || capture->meta.tracks.size() != m_trackCount) {
        m_capture = capture->id;
        m_trackCount = capture->meta.tracks.size();
        m_model.setTracks(*capture, {});
        loadCounts(*capture);
    }
    const bool isLoad = isLoadTest(*capture);
    sayWhat(isLoad);
    m_model.setChecked(scope.tracks);
    setEnabled(m_trackCount > 1);
    QString text;
    if (scope.tracks.empty())
        text = isLoad              ? tr("all endpoints and workers")
               : isTrace(*capture) ? tr("all tracks")
                                   : tr("all threads");
    else if (scope.tracks.size() == 1)
        text = trackName(*capture, scope.tracks.front().track);
    else
        text = (isLoad              ? tr("%1 endpoints or workers")
                : isTrace(*capture) ? tr("%1 tracks")
                                    : tr("%1 threads or processes"))
                   .arg(scope.tracks.size());
    setPlainButtonText(this, text, 180);
    setAccessibleName(
        (isLoad ? tr("Endpoints and workers: %1") : tr("Processes and threads: %1")).arg(text));
    setProperty("active", !scope.tracks.empty());
    style()->unpolish(this);
    style()->polish(this);
}

void TrackPicker::sayWhat(bool isLoad)
{
    const auto filter =
        isLoad ? tr("Filter endpoints and workers") : tr("Filter processes and threads");
    m_filter->setPlaceholderText(filter);
    m_filter->setAccessibleName(filter);
    m_list->setAccessibleName(isLoad ? tr("Endpoints and workers") : tr("Processes and threads"));
    m_unit->setPlain(isLoad ? tr("requests") : tr("samples"));
}

void TrackPicker::loadCounts(const CaptureInfo &capture)
{
    const auto session = m_document.session();
    if (!session)
        return;
    m_countJob.start(
        "thread counts",
        [session, capture](JobContext &job) { return countSamplesByTrack(*session, capture, job); },
        [this, capture](Result<std::vector<std::int64_t>> counts) {
            // Without counts the list still works; it says nothing rather than something wrong.
            if (counts.has_value()) {
                m_model.setTracks(capture, *counts);
                m_model.setChecked(m_scope.scope().tracks);
            }
        });
}

void TrackPicker::openPopup()
{
    const auto rows = std::min(m_model.rowCount(), 14);
    m_popup->setFixedSize(340, 110 + std::max(rows, 3) * 26);
    m_popup->move(mapToGlobal(QPoint(0, height() + 4)));
    m_filter->clear();
    m_popup->show();
    m_filter->setFocus();
}

bool TrackPicker::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (watched == m_filter && key->key() == Qt::Key_Down) {
            m_list->setFocus();
            m_list->setCurrentIndex(m_model.index(0));
            return true;
        }
        if (watched == m_list && (key->key() == Qt::Key_Space || key->key() == Qt::Key_Return ||
                                  key->key() == Qt::Key_Enter)) {
            const auto row = m_list->currentIndex().row();
            m_model.toggle(row);
            return true;
        }
    }
    return QToolButton::eventFilter(watched, event);
}

} // namespace flamewright
