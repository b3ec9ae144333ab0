#include "app/gui/command_palette.h"

#include "app/gui/action_registry.h"
#include "app/gui/document.h"
#include "app/gui/palette_delegate.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"

#include <QAction>
#include <QApplication>
#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidth = 640, kRowsShown = 12, kRowHeight = 32, kRecent = 12;
constexpr std::size_t kMostRows = 200;

QString recentKey()
{
    return QStringLiteral("palette/recent");
}

std::vector<PaletteModel::Row> functionRows(const Profile &profile, const QString &name,
                                            JobContext &job)
{
    std::vector<PaletteItem> items;
    items.reserve(profile.table.size());
    for (const auto &row : profile.table) {
        const auto &function = profile.functions[row.function.raw];
        // What it does comes later: items are made by the thousand, few are shown.
        items.push_back({.id = QString::number(row.function.raw),
                         .text = display(function.name),
                         .detail = displayBaseName(function.module)});
        if (job.cancelled())
            return {};
    }
    return rankItems(items, name, {}, kMostRows);
}

} // namespace

CommandPalette::CommandPalette(const Services &services, ActionRegistry &actions,
                               const Document &document, ScopeController &scope,
                               ProfileModel &profile, QWidget *window)
    : QFrame(window),
      m_services(services),
      m_actions(actions),
      m_document(document),
      m_scope(scope),
      m_profile(profile),
      m_search(services.jobs),
      m_field(new QLineEdit(this)),
      m_list(new QListView(this)),
      m_hint(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("popup"));
    setAccessibleName(tr("Command palette"));
    m_field->setObjectName(QStringLiteral("paletteField"));
    m_field->setPlaceholderText(tr("Type a command, @function or #thread"));
    m_field->setAccessibleName(tr("Command, @function or #thread"));
    m_field->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("paletteList"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setFocusPolicy(Qt::NoFocus); // the keyboard stays in the field
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_hint->setContentsMargins(8, 0, 8, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    column->setSpacing(8);
    column->addWidget(m_field);
    column->addWidget(m_list);
    column->addWidget(m_hint);
    auto *shadow = new QGraphicsDropShadowEffect(this);
    shadow->setBlurRadius(24);
    shadow->setOffset(0, 6);
    shadow->setColor(QColor(0, 0, 0, 70));
    setGraphicsEffect(shadow);
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::typed);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex &i) { run(i.row()); });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        if (isVisible() && now && now != this && !isAncestorOf(now))
            hide();
    });
    hide();
}

void CommandPalette::open(const QString &typedAlready)
{
    m_actions.refresh();
    m_commands = commands();
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_field->setText(typedAlready);
    typed();
    place();
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
    m_field->end(false);
}

void CommandPalette::dismiss()
{
    if (!isVisible())
        return;
    hide();
    m_search.cancel();
    if (m_before)
        m_before->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place()
{
    const auto *window = parentWidget();
    const auto width = std::min(kWidth, window->width() - 32);
    const auto rows = std::clamp(m_model.rowCount(), 1, kRowsShown);
    m_list->setFixedHeight(std::min(rows * kRowHeight, std::max(96, window->height() - 200)));
    resize(width, sizeHint().height());
    adjustSize();
    setFixedWidth(width);
    move((window->width() - width) / 2, 56);
}

std::vector<PaletteItem> CommandPalette::commands() const
{
    std::vector<PaletteItem> out;
    for (const auto &entry : m_actions.entries())
        out.push_back({.id = entry.spec.id,
                       .text = entry.title(),
                       .detail = entry.topic(),
                       .keys = entry.action->shortcut().toString(QKeySequence::NativeText),
                       .reason = entry.reason,
                       .words = entry.spec.words + QLatin1Char(' ') + entry.topic(),
                       .run = [action = QPointer(entry.action)] {
                           if (action)
                               action->trigger();
                       }});
    for (const auto &choices : m_actions.choices()) {
        for (auto &choice : choices.list())
            out.push_back({.id = choices.id + QLatin1Char('/') + choice.id,
                           .text = choices.phrase.arg(choice.text),
                           .detail = withoutMnemonic(choices.menu)
                                         .replace(QLatin1Char('/'), QStringLiteral(" \u203a ")),
                           .run = std::move(choice.run)});
    }
    return out;
}

void CommandPalette::typed()
{
    const auto text = m_field->text();
    if (text.startsWith(QLatin1Char('@'))) {
        findFunctions(text.mid(1));
        return;
    }
    if (text.startsWith(QLatin1Char('#'))) {
        findThreads(text.mid(1));
        return;
    }
    m_search.cancel();
    const auto recent = m_services.settings.string(recentKey()).split(QLatin1Char('\n'));
    showRows(rankItems(m_commands, text, recent, kMostRows),
             tr("No command is called so. Try @%1 for functions.").arg(text));
}

void CommandPalette::findFunctions(const QString &name)
{
    const auto &profile = m_profile.profile();
    if (!profile) {
        showRows({}, tr("There is no profile to look for functions in."));
        return;
    }
    m_search.start(
        "find function",
        [profile, name](JobContext &job) -> Result<std::vector<PaletteModel::Row>> {
            return functionRows(*profile, name, job);
        },
        [this](Result<std::vector<PaletteModel::Row>> rows) {
            if (!rows.has_value())
                return;
            for (auto &row : *rows) {
                row.item.run = [this, id = row.item.id.toUInt()] { Q_EMIT functionChosen(id); };
                row.item.id.clear(); // functions are not remembered
            }
            showRows(*std::move(rows), tr("No function of this profile is called so."));
        });
}

void CommandPalette::findThreads(const QString &name)
{
    const auto &captures = m_scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_document.find(captures.front());
    if (!capture) {
        showRows({}, tr("There is no capture to look for threads in."));
        return;
    }
    m_search.start(
        "find thread",
        [tracks = capture->meta.tracks, name](JobContext &) {
            std::vector<PaletteItem> items;
            for (std::size_t i = 0; i < tracks.size(); ++i) {
                const auto &track = tracks[i];
                const auto process = track.kind == TrackKind::Process;
                items.push_back({.id = QString::number(i + 1),
                                 .text = display(track.name),
                                 .detail = (process ? tr("process %1") : tr("thread %1"))
                                               .arg(process ? track.pid : track.tid)});
            }
            return Result<std::vector<PaletteModel::Row>>(rankItems(items, name, {}, kMostRows));
        },
        [this, id = capture->id](Result<std::vector<PaletteModel::Row>> rows) {
            if (!rows.has_value())
                return;
            for (auto &row : *rows) {
                row.item.run = [this, id, track = TrackId{row.item.id.toUInt()}] {
                    m_scope.setTracks({{id, track}});
                };
                row.item.id.clear();
            }
            showRows(*std::move(rows), tr("No process or thread of this capture is called so."));
        });
}

void CommandPalette::showRows(std::vector<PaletteModel::Row> rows, const QString &none)
{
    const bool more = rows.size() == kMostRows;
    m_hint->setPlain(rows.empty() ? none
                     : more       ? tr("The first %1. Type more to find others.").arg(kMostRows)
                                  : tr("↑ ↓ choose · Enter runs · Esc closes"));
    m_model.setRows(std::move(rows));
    m_list->setVisible(m_model.rowCount() > 0);
    if (m_model.rowCount() > 0)
        m_list->setCurrentIndex(m_model.index(0));
    place();
}

void CommandPalette::step(int by)
{
    const auto count = m_model.rowCount();
    if (count == 0)
        return;
    const auto now = m_list->currentIndex().row();
    const auto next = std::abs(by) == 1 ? ((now + by) % count + count) % count
                                        : std::clamp(now + by, 0, count - 1);
    m_list->setCurrentIndex(m_model.index(next));
}

void CommandPalette::run(int row)
{
    const auto *item = m_model.itemAt(row);
    if (!item || !item->run || !item->reason.isEmpty())
        return; // its reason is on the line
    if (!item->id.isEmpty()) {
        auto recent =
            m_services.settings.string(recentKey()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        recent.removeAll(item->id);
        recent.prepend(item->id);
        m_services.settings.setString(recentKey(), recent.mid(0, kRecent).join(QLatin1Char('\n')));
    }
    // A copy: running may open the palette again, or close the window.
    const auto work = item->run;
    dismiss();
    work();
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {
        const auto key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            event->accept(); // not the window's
            return true;
        }
    }
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Escape: dismiss(); return true;
        case Qt::Key_Up: step(-1); return true;
        case Qt::Key_Down: step(1); return true;
        case Qt::Key_PageUp: step(1 - kRowsShown); return true;
        case Qt::Key_PageDown: step(kRowsShown - 1); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: run(m_list->currentIndex().row()); return true;
        case Qt::Key_Tab:
        case Qt::Key_Backtab: return true; // there is one control
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace flamewright
