#include "app/gui/flame_pane.h"

#include "app/gui/chip_button.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/flame_chips.h"
#include "app/gui/icons.h"
#include "app/gui/open_source.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "views/qt/flame_widget.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

QString layoutName(FlameLayout layout)
{
    switch (layout) {
    case FlameLayout::Icicle: return FlamePane::tr("Icicle");
    case FlameLayout::Flame: return FlamePane::tr("Flame");
    case FlameLayout::Inverted: return FlamePane::tr("Inverted");
    case FlameLayout::LeftHeavy: return FlamePane::tr("Left-heavy");
    case FlameLayout::Chart: return FlamePane::tr("Along time");
    case FlameLayout::Sandwich: return FlamePane::tr("Sandwich");
    }
    return {};
}

QString layoutHint(FlameLayout layout)
{
    switch (layout) {
    case FlameLayout::Icicle: return FlamePane::tr("root on top, siblings by name");
    case FlameLayout::Flame: return FlamePane::tr("root at the bottom, siblings by name");
    case FlameLayout::Inverted: return FlamePane::tr("what ran on top, its callers below");
    case FlameLayout::LeftHeavy: return FlamePane::tr("heaviest sibling first");
    case FlameLayout::Chart: return FlamePane::tr("stacks by time, a lane for each thread");
    case FlameLayout::Sandwich: return FlamePane::tr("callers above, callees below");
    }
    return {};
}

QString schemeName(ColorScheme scheme)
{
    switch (scheme) {
    case ColorScheme::Name: return FlamePane::tr("Name");
    case ColorScheme::Module: return FlamePane::tr("Module");
    case ColorScheme::Package: return FlamePane::tr("Package");
    case ColorScheme::Kind: return FlamePane::tr("Kind");
    case ColorScheme::Self: return FlamePane::tr("Self time");
    }
    return {};
}

std::string settingOf(const Services &services, const char *key)
{
    return services.settings.string(QLatin1String(key)).toStdString();
}

constexpr const char *kLayoutKey = "view/flameLayout";
constexpr const char *kColorsKey = "view/flameColors";
constexpr const char *kReadableKey = "view/readableNames";

} // namespace

FlamePane::FlamePane(const Services &services, Document &document, ScopeController &scope,
                     ProfileModel &profile, QWidget *parent)
    : QWidget(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_profile(profile),
      m_drawing(services, document, scope, profile),
      m_flame(new FlameWidget(this))
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    m_flame->setObjectName(QStringLiteral("flame"));
    auto *inset = new QVBoxLayout;
    inset->setContentsMargins(12, 12, 12, 0);
    inset->addWidget(m_flame);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildHeader());
    column->addLayout(inset, 1);
    connectParts();
    applyTheme();
    setLayout(flameLayout(settingOf(services, kLayoutKey)).value_or(FlameLayout::Icicle));
    setColors(colorScheme(settingOf(services, kColorsKey)).value_or(ColorScheme::Name));
    setReadable(settingOf(services, kReadableKey) == "on");
    pictureMoved();
}

QWidget *FlamePane::buildHeader()
{
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    m_layout = pickerChip(QStringLiteral("layoutPicker"), header);
    m_scheme = pickerChip(QStringLiteral("colorPicker"), header);
    m_names = shortNamesChip(header);
    m_names->setObjectName(QStringLiteral("readableNames"));
    m_unzoom = unzoomChip(header);
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    row->addWidget(m_layout);
    row->addWidget(m_scheme);
    row->addWidget(m_names);
    row->addWidget(m_unzoom);
    row->addSpacing(6);
    row->addWidget(m_summary, 1);
    return header;
}

void FlamePane::connectParts()
{
    m_flame->setMotion(m_services.settings.preferences().motion);
    connect(&m_services.settings, &Settings::preferencesChanged, m_flame,
            [this](const Preferences &preferences) { m_flame->setMotion(preferences.motion); });
    connect(m_layout, &QToolButton::clicked, this, &FlamePane::showLayouts);
    connect(m_scheme, &QToolButton::clicked, this, &FlamePane::showColors);
    connect(m_names, &QToolButton::toggled, this, &FlamePane::setReadable);
    connect(m_unzoom, &QToolButton::clicked, m_flame, &FlameWidget::resetZoom);
    connect(m_flame, &FlameWidget::layoutRequested, this, [this](FlameLayout layout) {
        if (layout == FlameLayout::Sandwich && m_profile.selection().function.raw != 0)
            m_drawing.setCentre(m_profile.selection().function);
        setLayout(layout);
    });
    connect(m_flame, &FlameWidget::transformRequested, this, &FlamePane::transform);
    connect(m_flame, &FlameWidget::menuRequested, this, &FlamePane::showMenu);
    connect(m_flame, &FlameWidget::nextThreadRequested, this, [this] { stepThread(1); });
    connect(m_flame, &FlameWidget::previousThreadRequested, this, [this] { stepThread(-1); });
    connect(m_flame, &FlameWidget::nodeSelected, this, [this](std::uint32_t node) {
        if (m_following)
            return;
        const QScopedValueRollback guard(m_following, true);
        if (m_drawing.sharesNodes())
            m_profile.selectNode(node == kNoNode ? 0 : node);
        else if (const auto function = functionOf(node); function.raw != 0)
            m_profile.selectFunction(function);
    });
    connect(m_flame, &FlameWidget::zoomChanged, this, [this](std::uint32_t node) {
        if (!m_following && m_drawing.sharesNodes())
            m_profile.setZoom(node);
        describe();
    });
    connect(&m_actions, &FlameMenuActions::transform, &m_scope, &ScopeController::addTransform);
    connect(&m_actions, &FlameMenuActions::zoom, m_flame, &FlameWidget::zoomTo);
    connect(&m_actions, &FlameMenuActions::search, this,
            [this](const QString &text) { m_scope.setSearch(text.toStdString()); });
    connect(&m_actions, &FlameMenuActions::sandwich, this,
            [this](std::uint32_t node) { showSandwich(functionOf(node)); });
    connect(&m_actions, &FlameMenuActions::openSource, this, &FlamePane::openSource);
    const auto copies = [this](auto signal, auto text) {
        connect(&m_actions, signal, this, [this, text](std::uint32_t node) {
            const auto *profile = m_flame->scene().profileOf(node);
            const auto index = m_flame->scene().indexOf(node);
            if (profile && index < profile->tree.size())
                QGuiApplication::clipboard()->setText(text(*profile, index));
        });
    };
    copies(&FlameMenuActions::copyName, [](const Profile &profile, std::uint32_t node) {
        const auto &name = profile.at(node).name;
        return name.empty() ? tr("(unknown)") : display(name);
    });
    copies(&FlameMenuActions::copyStack, &stackText);
    copies(&FlameMenuActions::copyFolded, &foldedText);
    connect(&m_drawing, &FlameDrawing::changed, this, &FlamePane::pictureMoved);
    connect(&m_profile, &ProfileModel::searchChanged, this, &FlamePane::searchMoved);
    connect(&m_profile, &ProfileModel::selectionChanged, this, &FlamePane::selectionMoved);
    connect(&m_profile, &ProfileModel::zoomChanged, this, [this] {
        if (m_drawing.sharesNodes() && m_flame->scene().focus() != m_profile.zoomNode()) {
            const QScopedValueRollback guard(m_following, true);
            m_flame->zoomTo(m_profile.zoomNode());
        }
        describe();
    });
    connect(&m_services.appearance, &Appearance::changed, this, &FlamePane::applyTheme);
}

void FlamePane::applyTheme()
{
    m_flame->setTheme(m_services.appearance.theme());
}

void FlamePane::setLayout(FlameLayout layout)
{
    setPlainButtonText(m_layout, layoutName(layout), 140);
    m_layout->setAccessibleName(tr("Layout: %1").arg(layoutName(layout)));
    setPlainToolTip(m_layout, layoutHint(layout));
    m_drawing.setLayout(layout);
    const auto name = nameOf(layout);
    m_services.settings.setString(
        QLatin1String(kLayoutKey),
        QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    Q_EMIT optionsChanged();
}

void FlamePane::setColors(ColorScheme scheme)
{
    m_colors = scheme;
    const auto text = tr("Colour: %1").arg(schemeName(scheme));
    setPlainButtonText(m_scheme, text, 180);
    m_scheme->setAccessibleName(text);
    m_flame->setColorScheme(scheme);
    const auto name = nameOf(scheme);
    m_services.settings.setString(
        QLatin1String(kColorsKey),
        QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
    Q_EMIT optionsChanged();
}

void FlamePane::setReadable(bool readable)
{
    m_readable = readable;
    m_names->setChecked(readable);
    m_flame->setReadable(readable);
    m_services.settings.setString(QLatin1String(kReadableKey),
                                  readable ? QStringLiteral("on") : QStringLiteral("off"));
    Q_EMIT optionsChanged();
}

void FlamePane::showSandwich(FunctionId function)
{
    m_drawing.setCentre(function);
    setLayout(FlameLayout::Sandwich);
}

FunctionId FlamePane::functionOf(std::uint32_t node) const
{
    const auto &base = m_profile.profile();
    const auto *profile = node == kNoNode ? nullptr : m_flame->scene().profileOf(node);
    if (!profile || !base || m_flame->scene().indexOf(node) >= profile->tree.size())
        return {};
    const auto function = profile->tree.function[m_flame->scene().indexOf(node)];
    // Lanes of a chart and the like are no functions of the capture.
    return function.raw < base->functions.size() ? function : FunctionId{};
}

const Profile *FlamePane::shown() const
{
    const auto &picture = m_drawing.picture();
    return picture && picture->flame ? picture->flame->profile.get() : nullptr;
}

void FlamePane::pictureMoved()
{
    const QScopedValueRollback guard(m_following, true);
    const auto &picture = m_drawing.picture();
    m_flame->setValueStyle(m_profile.valueStyle());
    if (!picture) {
        m_flame->setProfile(nullptr, m_drawing.layout());
    } else if (picture->layout == FlameLayout::Sandwich) {
        m_flame->setSandwich(picture->callers, picture->flame);
    } else {
        m_flame->setData(picture->flame);
        m_flame->setTimeOrigin(picture->timeOriginNs);
    }
    searchMoved();
    selectionMoved();
    if (m_drawing.sharesNodes() && m_profile.zoomNode() != 0)
        m_flame->zoomTo(m_profile.zoomNode());
    describe();
}

void FlamePane::searchMoved()
{
    m_flame->setSearch(m_profile.search() ? *m_profile.search() : SearchResult{});
}

void FlamePane::selectionMoved()
{
    const auto &selection = m_profile.selection();
    if (!m_following && m_drawing.layout() == FlameLayout::Sandwich &&
        selection.function.raw != 0) {
        m_drawing.setCentre(selection.function); // chosen elsewhere: its sandwich
        return;
    }
    const QScopedValueRollback guard(m_following, true);
    m_flame->selectFunction(selection.function);
    if (!m_drawing.sharesNodes())
        return;
    const auto node = selection.node == 0 ? kNoNode : selection.node;
    if (m_flame->scene().selected() != node)
        m_flame->selectNode(node);
}

void FlamePane::transform(TransformKind kind, std::uint32_t node)
{
    // The picture's own tree has the frame; a path means something in the call tree only.
    const auto *profile = m_flame->scene().profileOf(node);
    if (!profile || (kind == TransformKind::FocusSubtree && !m_drawing.sharesNodes()))
        return;
    if (auto wanted = transformFor(kind, *profile, m_flame->scene().indexOf(node)))
        m_scope.addTransform(*std::move(wanted));
}

void FlamePane::showMenu(std::uint32_t node, QPoint global)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const auto *profile = node == kNoNode ? nullptr : m_flame->scene().profileOf(node)) {
        m_actions.fill(menu, *profile, m_flame->scene().indexOf(node), node,
                       m_drawing.sharesNodes());
        menu->addSeparator();
    }
    menu->addAction(tr("Show everything\tHome"), m_flame, &FlameWidget::resetZoom);
    auto *clear =
        menu->addAction(tr("Remove all filters"), this, [this] { m_scope.setTransforms({}); });
    clear->setEnabled(!m_scope.scope().transforms.empty());
    menu->popup(global);
}

void FlamePane::openSource(std::uint32_t node)
{
    const auto *profile = m_flame->scene().profileOf(node);
    const auto index = m_flame->scene().indexOf(node);
    if (!profile || index >= profile->tree.size())
        return;
    const auto &function = profile->at(index);
    const auto wrong = flamewright::openSource(m_services.settings, function.file, function.line);
    if (!wrong.isEmpty())
        Q_EMIT problem(wrong);
}

void FlamePane::stepThread(int step)
{
    const auto &scope = m_scope.scope();
    const auto *capture =
        scope.captures.empty() ? nullptr : m_document.find(scope.captures.front());
    if (!capture)
        return;
    // Threads, and tracks without any, in the order of the capture; "all" is before the first.
    std::vector<TrackId> threads;
    const auto &tracks = capture->meta.tracks;
    for (std::uint32_t i = 1; i <= tracks.size(); ++i) {
        if (tracks[i - 1].kind == TrackKind::Thread)
            threads.push_back(TrackId{i});
    }
    if (threads.empty())
        return;
    std::ptrdiff_t at = -1;
    if (scope.tracks.size() == 1) {
        const auto it = std::find(threads.begin(), threads.end(), scope.tracks.front().track);
        if (it != threads.end())
            at = it - threads.begin();
    }
    const auto count = static_cast<std::ptrdiff_t>(threads.size()) + 1;
    const auto next = (at + 1 + step + count) % count - 1;
    if (next < 0)
        m_scope.setTracks({});
    else
        m_scope.setTracks({TrackRef{capture->id, threads[static_cast<std::size_t>(next)]}});
}

void FlamePane::selectMatch(int step)
{
    const auto &found = m_profile.search();
    if (!found || found->nodeCount == 0)
        return;
    const auto size = static_cast<std::uint32_t>(found->nodes.size());
    auto node = m_profile.selection().node;
    for (std::uint32_t i = 0; i < size; ++i) {
        node = step > 0 ? (node + 1) % size : (node + size - 1) % size;
        if (found->nodes[node] != 0) {
            m_profile.selectNode(node);
            return;
        }
    }
}

void FlamePane::showLayouts()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (std::size_t i = 0; i < kFlameLayouts.size(); ++i) {
        const auto layout = kFlameLayouts[i];
        auto *action = menu->addAction(
            tr("%1 – %2\t%3").arg(layoutName(layout), layoutHint(layout)).arg(i + 1));
        action->setCheckable(true);
        action->setChecked(layout == m_drawing.layout());
        group->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, layout] { Q_EMIT m_flame->layoutRequested(layout); });
    }
    menu->popup(m_layout->mapToGlobal(QPoint(0, m_layout->height() + 4)));
}

void FlamePane::showColors()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (const auto scheme : kColorSchemes) {
        auto *action = menu->addAction(schemeName(scheme));
        action->setCheckable(true);
        action->setChecked(scheme == m_colors);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, scheme] { setColors(scheme); });
    }
    menu->popup(m_scheme->mapToGlobal(QPoint(0, m_scheme->height() + 4)));
}

void FlamePane::describe()
{
    const auto &picture = m_drawing.picture();
    const auto &scene = m_flame->scene();
    const auto zoom = scene.focus();
    const auto *profile = zoom == 0 ? shown() : scene.profileOf(zoom);
    m_unzoom->setVisible(profile && zoom != 0);
    if (!profile || !picture) {
        m_summary->setPlain(m_drawing.error());
        return;
    }
    const auto &tree = profile->tree;
    const auto at = zoom == 0 ? 0 : std::min<std::size_t>(scene.indexOf(zoom), tree.size() - 1);
    if (zoom != 0) {
        const auto &name = profile->functions[tree.function[at].raw].name;
        setPlainButtonText(m_unzoom, name.empty() ? tr("(unknown)") : display(name), 200);
        m_unzoom->setAccessibleName(tr("Leave the zoom"));
    }
    QStringList parts;
    if (zoom != 0)
        parts << tr("view %1 of all").arg(shareText(tree.total[at], profile->total));
    if (picture->layout == FlameLayout::Sandwich)
        parts << tr("%1 of all").arg(shareText(tree.total[0], picture->base->total));
    parts << tr("%1 samples").arg(grouped(tree.totalSamples[at]));
    if (profile->unit != Unit::Count)
        parts << inUnit(tree.total[at], profile->unit, m_profile.valueStyle());
    if (picture->leftOut > 0)
        parts
            << tr("%1 samples not drawn").arg(grouped(static_cast<std::int64_t>(picture->leftOut)));
    if (picture->untimed > 0)
        parts << tr("%1 without a time").arg(grouped(static_cast<std::int64_t>(picture->untimed)));
    m_summary->setPlain(parts.join(QStringLiteral(" · ")));
}

QString FlamePane::summary() const
{
    return m_summary->plain();
}

} // namespace flamewright
