#include "app/gui/side_pane.h"

#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/document.h"
#include "app/gui/empty_hint.h"
#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/side_link.h"
#include "app/gui/side_title.h"
#include "app/gui/text.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QSplitter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kHeaderHeight = 40;
constexpr QLatin1String kView("view"), kLinked("linked"), kLooks("looks");

constexpr CaptureRole kSides[] = {CaptureRole::Baseline, CaptureRole::Candidate};

} // namespace

SidePane::SidePane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_base{std::make_unique<SideModels>(CaptureRole::Baseline, context)},
      m_cand{std::make_unique<SideModels>(CaptureRole::Candidate, context)},
      m_ties(new SideLink(context.document, context.scope, *m_base.models, *m_cand.models, this)),
      m_picker(pickerChip(QStringLiteral("sideView"), this)),
      m_link(textChip(tr("Linked"),
                      tr("Zoom, selection, times and looks of one side are those of the other"),
                      this)),
      m_split(new QSplitter(Qt::Horizontal, this)),
      m_hint(new EmptyHint(this))
{
    build();
    connect(m_picker, &QToolButton::clicked, this, &SidePane::chooseFrom);
    connect(m_link, &QToolButton::toggled, this, [this](bool on) {
        m_ties->setLinked(on);
        describe();
        Q_EMIT stateChanged();
    });
    connect(m_ties, &SideLink::looksChanged, this, &ViewPane::stateChanged);
    connect(m_hint, &EmptyHint::viewRequested, this, &ViewPane::viewRequested);
    for (const auto signal : {&CompareModel::sidesChanged, &CompareModel::comparisonChanged,
                              &CompareModel::sectionChanged})
        connect(&context.compare, signal, this, &SidePane::follow);
    m_link->setChecked(true);
    m_ties->followWindow();
    follow();
}

SidePane::~SidePane()
{
    dropPanes(); // they follow the models, which go before the widgets
}

void SidePane::build()
{
    setObjectName(QStringLiteral("pane"));
    setAttribute(Qt::WA_StyledBackground);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(kHeaderHeight);
    m_link->setCheckable(true);
    m_link->setObjectName(QStringLiteral("linkSides"));
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    row->addWidget(m_picker);
    row->addWidget(m_link);
    row->addStretch(1);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(5);
    for (const auto role : kSides) {
        auto &one = side(role);
        one.place = new QWidget(m_split);
        one.title = new SideTitle(role, one.place);
        auto *column = new QVBoxLayout(one.place);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addWidget(one.title);
        m_split->addWidget(one.place);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addWidget(m_split, 1);
}

void SidePane::follow()
{
    const auto &compare = m_context.compare;
    const auto kinds = viewsOfBothSides(compare);
    const auto named = [&](const QString &id) {
        return std::find_if(kinds.begin(), kinds.end(),
                            [&](const ViewKind &kind) { return kind.id == id; });
    };
    auto wanted = named(m_wanted);
    if (wanted == kinds.end())
        wanted = kinds.begin();
    m_hint->setVisible(kinds.empty());
    m_split->setVisible(!kinds.empty());
    m_hint->setGeometry(rect());
    m_hint->raise();
    if (kinds.empty()) {
        dropPanes();
        m_view.clear();
        if (compare.hasBoth())
            m_hint->say(tr("Nothing to show beside each other"),
                        tr("A and B have no captures of the same kind."));
        else
            m_hint->say(tr("Drop a capture on A and one on B"),
                        tr("Drag captures from the list on the left, or files, onto the two "
                           "places above."));
        describe();
        return;
    }
    if (wanted->id != m_view)
        makePanes(*wanted);
    for (const auto role : kSides) {
        auto &models = *side(role).models;
        auto captures = capturesAbout(*wanted->subject, role, compare);
        if (captures != models.scope.scope().captures) {
            models.scope.showCaptures(std::move(captures));
            m_ties->followWindow();
        }
        // Of all that is on a side what this view shows.
        std::vector<CaptureInfo> shown;
        for (const auto id : models.scope.scope().captures) {
            if (const auto *capture = m_context.document.find(id))
                shown.push_back(*capture);
        }
        side(role).title->setCaptures(shown);
    }
    describe();
}

void SidePane::dropPanes()
{
    for (const auto role : kSides) {
        delete side(role).pane;
        side(role).pane = nullptr;
    }
}

void SidePane::makePanes(const ViewKind &kind)
{
    dropPanes();
    m_view = kind.id;
    for (const auto role : kSides) {
        auto &one = side(role);
        one.pane = kind.make(one.models->context(m_context), one.place);
        one.place->layout()->addWidget(one.pane);
        connect(one.pane, &ViewPane::problem, this, &ViewPane::problem);
        if (!m_looks.isEmpty())
            one.pane->restore(m_looks);
    }
    m_looks = {};
    m_ties->tie(m_base.pane, m_cand.pane);
    setFocusProxy(m_base.pane);
    const auto half = std::max(1, m_split->width() / 2);
    m_split->setSizes({half, half});
}

void SidePane::chooseView(const QString &id)
{
    m_wanted = id;
    follow();
    Q_EMIT stateChanged();
}

void SidePane::chooseFrom()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (const auto &kind : viewsOfBothSides(m_context.compare)) {
        auto *action = menu->addAction(glyphIcon(kind.icon), kind.title);
        action->setCheckable(true);
        action->setChecked(kind.id == m_view);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, id = kind.id] { chooseView(id); });
    }
    menu->popup(m_picker->mapToGlobal(QPoint(0, m_picker->height() + 4)));
}

void SidePane::describe()
{
    QString title;
    for (const auto &kind : viewCatalogue()) {
        if (kind.id == m_view)
            title = kind.title;
    }
    m_picker->setVisible(!title.isEmpty());
    m_link->setVisible(!title.isEmpty());
    setPlainButtonText(m_picker, tr("View: %1").arg(title), 220);
    m_picker->setAccessibleName(tr("View of both sides: %1").arg(title));
    if (m_link->property("active").toBool() != m_ties->isLinked()) {
        m_link->setProperty("active", m_ties->isLinked());
        m_link->style()->unpolish(m_link);
        m_link->style()->polish(m_link);
    }
}

ViewPane *SidePane::pane(CaptureRole role) const
{
    return side(role).pane;
}

SideModels &SidePane::models(CaptureRole role) const
{
    return *side(role).models;
}

QString SidePane::hintText() const
{
    return m_hint->isHidden() ? QString() : m_hint->text();
}

QJsonObject SidePane::state() const
{
    return {{kView, m_view.isEmpty() ? m_wanted : m_view},
            {kLinked, m_ties->isLinked()},
            {kLooks, m_base.pane ? m_base.pane->state() : m_looks}};
}

void SidePane::restore(const QJsonObject &state)
{
    m_wanted = state.value(kView).toString();
    m_looks = state.value(kLooks).toObject();
    m_link->setChecked(state.value(kLinked).toBool(true));
    if (m_wanted == m_view && m_base.pane) {
        m_base.pane->restore(m_looks);
        m_cand.pane->restore(m_looks);
    }
    follow();
}

std::string SidePane::sentence() const
{
    const auto *section = m_context.compare.current();
    return section && !section->sentences.empty() ? section->sentences.front() : std::string();
}

std::vector<ViewPicture> SidePane::sidePictures(Theme theme) const
{
    if (!m_base.pane)
        return {};
    auto base = m_base.pane->picture(theme), cand = m_cand.pane->picture(theme);
    if (!base || !cand)
        return {};
    return {std::move(*base), std::move(*cand)};
}

bool SidePane::isSettled() const
{
    return !m_base.models->busy() && !m_cand.models->busy() &&
           (!m_base.pane || (m_base.pane->isSettled() && m_cand.pane->isSettled()));
}

void SidePane::resizeEvent(QResizeEvent *event)
{
    m_hint->setGeometry(rect());
    ViewPane::resizeEvent(event);
}

} // namespace flamewright
