#include "app/gui/scope_bar.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/chip_button.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/filter_chips.h"
#include "app/gui/icons.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/gui/track_picker.h"
#include "app/workbench.h"

#include <QAction>
#include <QActionGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr int kSearchWidth = 260;

QToolButton *iconButton(Glyph glyph, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(glyphIcon(glyph));
    button->setIconSize({16, 16});
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::TabFocus);
    setPlainToolTip(button, name);
    return button;
}

void repolish(QWidget *widget)
{
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

ScopeBar::ScopeBar(const Services &services, Document &document, ScopeController &scope,
                   ProfileModel &profile, RequestsModel &load, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_scope(scope),
      m_profile(profile),
      m_load(load)
{
    setObjectName(QStringLiteral("scopeBar"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(44);
    m_back = iconButton(Glyph::Back, tr("Back (Alt+Left)"), this);
    m_forward = iconButton(Glyph::Forward, tr("Forward (Alt+Right)"), this);
    m_capture = pickerChip(QStringLiteral("captureChip"), this);
    m_measure = pickerChip(QStringLiteral("measurePicker"), this);
    m_tracks = new TrackPicker(services, document, scope, this);
    m_filters = new FilterChips(document, scope, this);
    m_found = new PlainLabel(TextStyle::Body, TextTone::Search, this);
    m_found->setObjectName(QStringLiteral("searchFound"));
    m_found->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("searchField"));
    m_search->setPlaceholderText(tr("Search functions: text or /regex/"));
    m_search->setAccessibleName(tr("Search functions"));
    m_search->setFixedWidth(kSearchWidth);
    m_search->addAction(glyphIcon(Glyph::Search), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    const auto foundButton = [this](const QString &text, const QString &name, TransformKind kind) {
        auto *button = textChip(text, name, this);
        button->setAccessibleName(name);
        button->hide();
        connect(button, &QToolButton::clicked, this, [this, kind] { filterFound(kind); });
        return button;
    };
    m_keep = foundButton(tr("Keep"), tr("Keep only stacks with a match"), TransformKind::Keep);
    m_keep->setObjectName(QStringLiteral("keepFound"));
    m_drop = foundButton(tr("Drop"), tr("Drop stacks with a match"), TransformKind::Drop);
    m_drop->setObjectName(QStringLiteral("dropFound"));
    m_reset = iconButton(Glyph::Reset, tr("Reset the scope"), this);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_back);
    row->addWidget(m_forward);
    row->addSpacing(4);
    row->addWidget(m_capture);
    row->addWidget(m_measure);
    row->addWidget(m_tracks);
    row->addWidget(m_filters, 1);
    row->addWidget(m_reset);
    row->addWidget(m_found);
    row->addWidget(m_keep);
    row->addWidget(m_drop);
    row->addWidget(m_search);

    connect(m_back, &QToolButton::clicked, &scope, &ScopeController::back);
    connect(m_forward, &QToolButton::clicked, &scope, &ScopeController::forward);
    connect(m_reset, &QToolButton::clicked, &scope, &ScopeController::reset);
    connect(m_capture, &QToolButton::clicked, this, &ScopeBar::showCaptureMenu);
    connect(m_measure, &QToolButton::clicked, this, &ScopeBar::fillMeasures);
    connect(m_search, &QLineEdit::textChanged, &scope,
            [&scope](const QString &text) { scope.setSearch(text.toStdString()); });
    connect(m_search, &QLineEdit::editingFinished, &scope, &ScopeController::commitSearch);
    connect(&scope, &ScopeController::scopeChanged, this, &ScopeBar::follow);
    connect(&document, &Document::capturesChanged, this, &ScopeBar::follow);
    connect(&profile, &ProfileModel::searchChanged, this, &ScopeBar::followSearch);
    connect(&profile, &ProfileModel::profileChanged, this, &ScopeBar::follow);
    connect(&load, &RequestsModel::foundChanged, this, &ScopeBar::followSearch);
    connect(&load, &RequestsModel::answerChanged, this, &ScopeBar::follow);
    follow();
}

void ScopeBar::follow()
{
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    m_back->setEnabled(m_scope.canGoBack());
    m_forward->setEnabled(m_scope.canGoForward());
    m_reset->setVisible(capture && !m_scope.isReset());
    m_capture->setVisible(capture != nullptr);
    const bool isLoad = capture && isLoadTest(*capture);
    const bool isBenchmark = capture && isBenchmarks(*capture);
    m_measure->setVisible(capture && !isLoad && !isBenchmark && capture->samples > 0);
    const auto searched = isLoad                         ? tr("Search requests")
                          : isBenchmark                  ? tr("Search benchmarks")
                          : capture && isTrace(*capture) ? tr("Search slices")
                                                         : tr("Search functions");
    m_search->setAccessibleName(searched);
    m_search->setPlaceholderText(tr("%1: text or /regex/").arg(searched));
    m_search->setEnabled(capture != nullptr);
    if (capture) {
        auto name = captureName(*capture);
        if (capture->desc.role != CaptureRole::None)
            name = captureLetter(*capture) + QStringLiteral("  ") + name;
        setPlainButtonText(m_capture, name, 220);
        if (scope.captures.size() > 1) {
            name = tr("%1 captures").arg(scope.captures.size());
            setPlainButtonText(m_capture, name, 220);
        }
        m_capture->setAccessibleName(tr("Capture: %1").arg(name));
        auto measure = measureLabel(scope.measure);
        if (scope.measure.empty() && m_profile.profile())
            measure = display(m_profile.profile()->measure);
        if (const auto id = defaultMeasure(*capture); measure.isEmpty() && id.raw != 0)
            measure = display(capture->meta.measures[id.raw - 1].name);
        setPlainButtonText(m_measure, measure, 160);
        m_measure->setAccessibleName(tr("Measure: %1").arg(measure));
        m_measure->setProperty("active", !scope.measure.empty());
        repolish(m_measure);
    }
    const auto search = QString::fromStdString(scope.search);
    if (m_search->text() != search) {
        const QSignalBlocker quiet(m_search);
        m_search->setText(search);
    }
    followSearch();
}

void ScopeBar::followSearch()
{
    const bool isLoad = m_load.isAbout();
    const auto &error = isLoad ? m_load.searchError() : m_profile.searchError();
    const bool invalid = !error.isEmpty();
    if (m_search->property("invalid").toBool() != invalid) {
        m_search->setProperty("invalid", invalid);
        repolish(m_search);
    }
    QString text;
    if (invalid) {
        m_found->setTone(TextTone::Error);
        text = error;
    } else if (isLoad) {
        m_found->setTone(TextTone::Search);
        text = foundGroups();
    } else if (const auto &found = m_profile.search();
               found && m_profile.profile() && m_profile.profile()->samples > 0) {
        const auto &profile = *m_profile.profile();
        m_found->setTone(TextTone::Search);
        if (found->nodeCount == 0)
            text = tr("no match");
        else
            text =
                (found->nodeCount == 1
                     ? tr("%1 in 1 frame")
                     : tr("%1 in %2 frames").arg(QStringLiteral("%1"), grouped(found->nodeCount)))
                    .arg(shareText(found->total, profile.tree.total[m_profile.zoomNode()]));
        if (m_profile.zoomNode() != 0 && found->nodeCount > 0)
            text += tr(" of the view");
    }
    m_found->setPlain(text);
    const bool any = !invalid && !isLoad && m_profile.search() && m_profile.search()->nodeCount > 0;
    m_keep->setVisible(any);
    m_drop->setVisible(any);
}

QString ScopeBar::foundGroups() const
{
    const auto &found = m_load.found();
    if (found.empty())
        return {};
    const auto count = std::count(found.begin(), found.end(), 1);
    return count == 0 ? tr("no match")
                      : tr("%1 of %2 match").arg(grouped(count), grouped(std::ssize(found)));
}

void ScopeBar::filterFound(TransformKind kind)
{
    auto next = m_scope.scope();
    if (next.search.empty())
        return;
    next.transforms.push_back({kind, std::exchange(next.search, {})});
    m_scope.setScope(std::move(next));
}

QString ScopeBar::searchText() const
{
    return m_found->plain();
}

void ScopeBar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ScopeBar::fillMeasures()
{
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    if (!capture)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    const auto current = !scope.measure.empty() ? scope.measure
                         : m_profile.profile()  ? m_profile.profile()->measure
                                                : std::string();
    const auto add = [&](const std::string &measure, const QString &detail) {
        auto label = measureLabel(measure).replace(QLatin1Char('&'), QStringLiteral("&&"));
        if (!detail.isEmpty())
            label += QLatin1Char('\t') + detail;
        auto *action = menu->addAction(cappedForLayout(label));
        action->setCheckable(true);
        action->setChecked(measure == current);
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, measure] { m_scope.setMeasure(measure); });
    };
    bool hasSamples = false;
    for (const auto &measure : capture->meta.measures) {
        add(measure.name, inUnit(measure.total, measure.unit, m_profile.valueStyle()));
        hasSamples = hasSamples || measure.name == "samples";
    }
    if (!hasSamples)
        add("samples", grouped(sampleCount(*capture)));
    menu->popup(m_measure->mapToGlobal(QPoint(0, m_measure->height() + 4)));
}

void ScopeBar::showCaptureMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto &capture : m_document.captures()) {
        auto label = captureLetter(capture) + QStringLiteral("  ") + captureName(capture);
        auto *action =
            menu->addAction(cappedForLayout(label.replace(QLatin1Char('&'), QStringLiteral("&&"))));
        action->setCheckable(true);
        action->setChecked(m_scope.scope().captures == std::vector{capture.id});
        connect(action, &QAction::triggered, this,
                [this, id = capture.id] { m_scope.showCaptures({id}); });
    }
    std::vector<CaptureId> tests;
    for (const auto &capture : m_document.captures()) {
        if (capture.requests > 0 && capture.state != CaptureState::Importing)
            tests.push_back(capture.id);
    }
    if (tests.size() > 1) {
        menu->addSeparator();
        auto *all = menu->addAction(tr("All load tests together"));
        all->setCheckable(true);
        all->setChecked(m_scope.scope().captures == tests);
        connect(all, &QAction::triggered, this, [this, tests] {
            m_scope.showCaptures(tests);
            m_load.setBy(LatencyBy::Capture);
        });
    }
    menu->popup(m_capture->mapToGlobal(QPoint(0, m_capture->height() + 4)));
}

bool ScopeBar::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            m_scope.commitSearch();
            Q_EMIT matchRequested(key->modifiers() & Qt::ShiftModifier ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            if (m_search->text().isEmpty())
                parentWidget()->setFocus();
            m_search->clear();
            m_scope.commitSearch();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace flamewright
