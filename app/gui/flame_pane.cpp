#include "app/gui/flame_pane.h"

#include "app/gui/figures.h"
#include "app/gui/icons.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "views/qt/flame_widget.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

QString layoutKey()
{
    return QStringLiteral("view/flameLayout");
}

QToolButton *segment(Glyph glyph, const QString &text, const char *side, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(glyphIcon(glyph));
    button->setIconSize({14, 14});
    setPlainButtonText(button, text, 200);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setCheckable(true);
    button->setProperty("segment", QLatin1String(side));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

FlamePane::FlamePane(const Services &services, ProfileModel &profile, QWidget *parent)
    : QWidget(parent),
      m_services(services),
      m_profile(profile),
      m_flame(new FlameWidget(this))
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    m_flame->setObjectName(QStringLiteral("flame"));
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    m_icicle = segment(Glyph::Icicle, tr("Icicle"), "left", header);
    m_flameLayout = segment(Glyph::Flame, tr("Flame"), "right", header);
    auto *group = new QButtonGroup(this);
    group->addButton(m_icicle);
    group->addButton(m_flameLayout);
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_unzoom = new QToolButton(header);
    m_unzoom->setProperty("chip", true);
    m_unzoom->setProperty("active", true);
    m_unzoom->setIcon(glyphIcon(Glyph::Close));
    m_unzoom->setIconSize({10, 10});
    m_unzoom->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_unzoom->setLayoutDirection(Qt::RightToLeft);
    m_unzoom->setFocusPolicy(Qt::TabFocus);
    m_unzoom->hide();

    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 16, 1);
    row->setSpacing(0);
    row->addWidget(m_icicle);
    row->addWidget(m_flameLayout);
    row->addSpacing(12);
    row->addWidget(m_unzoom);
    row->addSpacing(12);
    row->addWidget(m_summary, 1);

    auto *inset = new QVBoxLayout;
    inset->setContentsMargins(12, 12, 12, 0);
    inset->addWidget(m_flame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addLayout(inset, 1);

    connect(m_icicle, &QToolButton::clicked, this, [this] { setLayout(FlameLayout::Icicle); });
    connect(m_flameLayout, &QToolButton::clicked, this, [this] { setLayout(FlameLayout::Flame); });
    connect(m_unzoom, &QToolButton::clicked, m_flame, &FlameWidget::resetZoom);
    connect(m_flame, &FlameWidget::layoutRequested, this, [this](FlameLayout layout) {
        if (layout == FlameLayout::Icicle || layout == FlameLayout::Flame)
            setLayout(layout);
    });
    connect(m_flame, &FlameWidget::nodeSelected, this, [this](std::uint32_t node) {
        if (!m_following)
            m_profile.selectNode(node == kNoNode ? 0 : node);
    });
    connect(m_flame, &FlameWidget::zoomChanged, this, [this](std::uint32_t node) {
        if (!m_following)
            m_profile.setZoom(node);
        describe();
    });
    connect(&profile, &ProfileModel::profileChanged, this, &FlamePane::profileMoved);
    connect(&profile, &ProfileModel::searchChanged, this, &FlamePane::searchMoved);
    connect(&profile, &ProfileModel::selectionChanged, this, &FlamePane::selectionMoved);
    connect(&profile, &ProfileModel::zoomChanged, this, &FlamePane::describe);
    connect(&services.appearance, &Appearance::changed, this, &FlamePane::applyTheme);
    applyTheme();
    setLayout(services.settings.string(layoutKey()) == QLatin1String("flame")
                  ? FlameLayout::Flame
                  : FlameLayout::Icicle);
    profileMoved();
}

void FlamePane::applyTheme()
{
    m_flame->setTheme(m_services.appearance.dark() ? Theme::Dark : Theme::Light);
}

void FlamePane::setLayout(FlameLayout layout)
{
    m_icicle->setChecked(layout == FlameLayout::Icicle);
    m_flameLayout->setChecked(layout == FlameLayout::Flame);
    if (m_flame->view().layout() != layout)
        m_flame->setLayout(layout);
    m_services.settings.setString(layoutKey(), layout == FlameLayout::Flame
                                                   ? QStringLiteral("flame")
                                                   : QStringLiteral("icicle"));
}

FlameLayout FlamePane::layoutShown() const
{
    return m_flame->view().layout();
}

void FlamePane::profileMoved()
{
    const QScopedValueRollback guard(m_following, true);
    m_flame->setProfile(m_profile.profile());
    if (m_profile.zoomNode() != 0)
        m_flame->zoomTo(m_profile.zoomNode());
    describe();
}

void FlamePane::searchMoved()
{
    m_flame->setSearch(m_profile.search() ? *m_profile.search() : SearchResult{});
}

void FlamePane::selectionMoved()
{
    const QScopedValueRollback guard(m_following, true);
    const auto &selection = m_profile.selection();
    m_flame->selectFunction(selection.function);
    if (m_flame->view().selected() != (selection.node == 0 ? kNoNode : selection.node))
        m_flame->selectNode(selection.node == 0 ? kNoNode : selection.node);
}

void FlamePane::describe()
{
    const auto &profile = m_profile.profile();
    const auto zoom = m_profile.zoomNode();
    m_unzoom->setVisible(profile && zoom != 0);
    if (!profile) {
        m_summary->setPlain({});
        return;
    }
    const auto &tree = profile->tree;
    if (zoom != 0) {
        const auto &name = profile->at(zoom).name;
        setPlainButtonText(m_unzoom, name.empty() ? tr("(unknown)") : display(name), 200);
        m_unzoom->setAccessibleName(tr("Leave the zoom"));
    }
    QStringList parts;
    if (zoom != 0)
        parts << tr("view %1 of all").arg(shareText(tree.total[zoom], profile->total));
    parts << tr("%1 samples").arg(grouped(tree.totalSamples[zoom]));
    if (profile->unit != Unit::Count)
        parts << inUnit(tree.total[zoom], profile->unit);
    m_summary->setPlain(parts.join(QStringLiteral(" · ")));
}

QString FlamePane::summary() const
{
    return m_summary->plain();
}

} // namespace flamewright
