#include "app/gui/diff_flame_pane.h"

#include "app/compare/change_text.h"
#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/compare_text.h"
#include "app/gui/diff_legend.h"
#include "app/gui/figures.h"
#include "app/gui/flame_chips.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/icons.h"
#include "app/gui/palette.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "app/gui/wheel_choice.h"
#include "app/present/compare_picture.h"
#include "views/paint/paint_qt.h"
#include "views/qt/flame_widget.h"
#include "views/scene/diff_flame_picture.h"

#include <QActionGroup>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QScopedValueRollback>
#include <QShowEvent>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr float kPictureWidth = 1600;
constexpr QLatin1String kLayout("layout"), kWidth("width"), kColor("color"), kNames("shortNames");

QString widthName(DiffWidth width)
{
    switch (width) {
    case DiffWidth::Larger: return DiffFlamePane::tr("the larger side");
    case DiffWidth::Base: return DiffFlamePane::tr("A");
    case DiffWidth::Cand: return DiffFlamePane::tr("B");
    }
    return {};
}

QString colorName(DiffColor color)
{
    return color == DiffColor::Self ? DiffFlamePane::tr("change of self")
                                    : DiffFlamePane::tr("change of total");
}

QString layoutName(FlameLayout layout)
{
    switch (layout) {
    case FlameLayout::Flame: return DiffFlamePane::tr("Flame");
    case FlameLayout::LeftHeavy: return DiffFlamePane::tr("Left-heavy");
    default: return DiffFlamePane::tr("Icicle");
    }
}

QString text(std::string_view name)
{
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

// Of every stack its own value on both sides, as measured: "a;b;c 120 80".
QString foldedOf(const ProfileDiff &diff)
{
    QString out;
    std::vector<std::uint32_t> path;
    for (std::uint32_t node = 1; node < diff.tree.size(); ++node) {
        const auto before = diff.tree.base.self[node], after = diff.tree.cand.self[node];
        if (before == 0 && after == 0)
            continue;
        path.clear();
        for (auto at = node; at != 0; at = diff.tree.parent[at])
            path.push_back(at);
        QStringList names;
        for (auto at = path.rbegin(); at != path.rend(); ++at) {
            auto name = display(diff.functions[diff.tree.function[*at]].name);
            names << name.replace(QLatin1Char(';'), QLatin1Char(':'));
        }
        out += names.join(QLatin1Char(';')) + QStringLiteral(" %1 %2\n").arg(before).arg(after);
    }
    return out;
}

} // namespace

DiffFlamePane::DiffFlamePane(const ViewContext &context, QWidget *parent)
    : ComparePane(context, "profile", parent),
      m_flame(new FlameWidget(this)),
      m_legend(new DiffLegend(this)),
      m_job(context.services.jobs),
      m_searchJob(context.services.jobs)
{
    m_flame->setObjectName(QStringLiteral("diffFlame"));
    m_flame->setAccessibleName(tr("Flame graph of the difference"));
    buildControls();
    auto *content = new QWidget(this);
    content->setObjectName(QStringLiteral("viewPane"));
    content->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 8);
    column->setSpacing(8);
    column->addWidget(m_flame, 1);
    column->addWidget(m_legend);
    setContent(content);
    setFocusProxy(m_flame);
    new WheelSwap(m_flame, context.services.settings);
    connectFlame();
    applyTheme();
    follow();
}

DiffFlamePane::~DiffFlamePane() = default;

void DiffFlamePane::buildControls()
{
    m_layoutButton = pickerChip(QStringLiteral("diffLayout"), this);
    m_widthButton = pickerChip(QStringLiteral("diffWidth"), this);
    m_colorButton = pickerChip(QStringLiteral("diffColor"), this);
    m_names = shortNamesChip(this);
    m_unzoom = unzoomChip(this);
    for (auto *button : {m_layoutButton, m_widthButton, m_colorButton, m_names, m_unzoom})
        controls()->addWidget(button);
    // One of a few values, the present one checked.
    const auto choices = [this](QToolButton *button, const auto &all, auto nameOfOne, auto now,
                                auto set) {
        connect(button, &QToolButton::clicked, this, [=, this] {
            auto *menu = new QMenu(this);
            menu->setAttribute(Qt::WA_DeleteOnClose);
            auto *group = new QActionGroup(menu);
            for (const auto one : all) {
                auto *action = menu->addAction(nameOfOne(one));
                action->setCheckable(true);
                action->setChecked(one == now());
                group->addAction(action);
                connect(action, &QAction::triggered, this, [set, one] { set(one); });
            }
            menu->popup(button->mapToGlobal(QPoint(0, button->height() + 4)));
        });
    };
    choices(
        m_layoutButton, std::array{FlameLayout::Icicle, FlameLayout::Flame, FlameLayout::LeftHeavy},
        [](FlameLayout one) { return layoutName(one); }, [this] { return m_layout; },
        [this](FlameLayout one) { setLayout(one); });
    choices(
        m_widthButton, kDiffWidths,
        [](DiffWidth one) { return tr("Width of a frame: %1").arg(widthName(one)); },
        [this] { return m_width; }, [this](DiffWidth one) { setWidthBy(one); });
    choices(
        m_colorButton, kDiffColors,
        [](DiffColor one) { return tr("Colour: %1").arg(colorName(one)); },
        [this] { return m_color; }, [this](DiffColor one) { setColorBy(one); });
    connect(m_names, &QToolButton::toggled, this, &DiffFlamePane::setReadable);
    connect(m_unzoom, &QToolButton::clicked, m_flame, &FlameWidget::resetZoom);
}

void DiffFlamePane::connectFlame()
{
    const auto &services = context().services;
    m_flame->setMotion(services.settings.preferences().motion);
    connect(&services.settings, &Settings::preferencesChanged, m_flame,
            [this](const Preferences &preferences) { m_flame->setMotion(preferences.motion); });
    connect(m_flame, &FlameWidget::layoutRequested, this, &DiffFlamePane::setLayout);
    connect(m_flame, &FlameWidget::nodeSelected, this, &DiffFlamePane::selected);
    connect(m_flame, &FlameWidget::zoomChanged, this, &DiffFlamePane::describe);
    connect(m_flame, &FlameWidget::menuRequested, this, &DiffFlamePane::showMenu);
    connect(m_flame, &FlameWidget::transformRequested, this,
            [this](TransformKind kind, std::uint32_t node) {
                const auto *profile = unionProfile();
                if (!profile)
                    return;
                if (auto wanted = transformFor(kind, *profile, node))
                    context().scope.addTransform(*std::move(wanted));
            });
    connect(&m_actions, &FlameMenuActions::transform, &context().scope,
            &ScopeController::addTransform);
    connect(&m_actions, &FlameMenuActions::zoom, m_flame, &FlameWidget::zoomTo);
    connect(&m_actions, &FlameMenuActions::search, this,
            [this](const QString &what) { context().scope.setSearch(what.toStdString()); });
    connect(&m_actions, &FlameMenuActions::copyName, this, [this](std::uint32_t node) {
        if (const auto *profile = unionProfile())
            QGuiApplication::clipboard()->setText(display(profile->at(node).name));
    });
    connect(&m_actions, &FlameMenuActions::copyStack, this, [this](std::uint32_t node) {
        if (const auto *profile = unionProfile())
            QGuiApplication::clipboard()->setText(stackText(*profile, node));
    });
    connect(&context().scope, &ScopeController::scopeChanged, this, &DiffFlamePane::runSearch);
    connect(&context().compare, &CompareModel::selectionChanged, this,
            &DiffFlamePane::followSelection);
    connect(&services.appearance, &Appearance::changed, this, &DiffFlamePane::applyTheme);
}

bool DiffFlamePane::canShow(const ComparedSection &section) const
{
    return section.profile != nullptr;
}

QString DiffFlamePane::nothingText() const
{
    return tr("There is no profile on both sides. This view is about samples of what programs "
              "ran.");
}

void DiffFlamePane::showSection(const ComparedSection *section)
{
    for (auto *button : {m_layoutButton, m_widthButton, m_colorButton, m_names})
        button->setVisible(section != nullptr);
    m_wanted = section ? section->profile : nullptr;
    m_flame->setValueStyle(context().compare.valueStyle());
    if (m_wanted == m_drawn && m_wanted)
        return;
    make();
}

void DiffFlamePane::showEvent(QShowEvent *event)
{
    ComparePane::showEvent(event);
    if (m_wanted != m_drawn)
        make();
}

void DiffFlamePane::make()
{
    if (!m_wanted) {
        m_job.cancel();
        m_drawn.reset();
        m_data.reset();
        m_flame->setDiff(nullptr, m_color);
        m_legend->showOf(nullptr, Theme::Light);
        describe();
        return;
    }
    if (!isVisible())
        return; // made when somebody looks
    m_job.start(
        "difference",
        [diff = m_wanted, by = m_width,
         layout = m_layout](JobContext &job) -> Result<std::shared_ptr<const DiffFlameData>> {
            FW_TRY(job.checkpoint());
            return std::make_shared<const DiffFlameData>(diff, by, layout);
        },
        [this, diff = m_wanted](Result<std::shared_ptr<const DiffFlameData>> made) {
            if (!made.has_value())
                return setSummary(display(made.error().text()));
            m_drawn = diff;
            m_found.reset();
            const QScopedValueRollback guard(m_following, true);
            m_data = freedIn(context().services.jobs, *std::move(made));
            m_flame->setDiff(m_data, m_color);
            m_flame->setReadable(m_readable);
            describe();
            runSearch();
            followSelection();
        });
}

const Profile *DiffFlamePane::unionProfile() const
{
    return m_drawn && m_flame->diff() ? m_flame->diff()->profile() : nullptr;
}

void DiffFlamePane::applyTheme()
{
    m_flame->setTheme(context().services.appearance.theme());
    describe();
}

void DiffFlamePane::describe()
{
    setPlainButtonText(m_layoutButton, layoutName(m_layout), 140);
    m_layoutButton->setAccessibleName(tr("Layout: %1").arg(layoutName(m_layout)));
    const auto width =
        tr("Width: %1").arg(m_width == DiffWidth::Larger ? tr("larger") : widthName(m_width));
    setPlainButtonText(m_widthButton, width, 180);
    m_widthButton->setAccessibleName(width);
    const auto color = tr("Colour: %1").arg(m_color == DiffColor::Self ? tr("self") : tr("total"));
    setPlainButtonText(m_colorButton, color, 180);
    m_colorButton->setAccessibleName(color);
    const auto *profile = unionProfile();
    m_legend->showOf(profile ? m_flame->diff() : nullptr, context().services.appearance.theme());
    const auto zoom = profile ? m_flame->scene().focus() : 0;
    m_unzoom->setVisible(zoom != 0);
    if (!profile) {
        setSummary({});
        return;
    }
    if (zoom != 0) {
        const auto &name = profile->at(zoom).name;
        setPlainButtonText(m_unzoom, name.empty() ? tr("(unknown)") : display(name), 160);
        m_unzoom->setAccessibleName(tr("Leave the zoom"));
    }
    auto summary = QString::fromStdString(m_flame->diff()->summary());
    if (m_found)
        summary =
            (m_found->nodeCount == 0 ? tr("no match")
                                     : tr("%1 frames match").arg(grouped(m_found->nodeCount))) +
            QStringLiteral(" · ") + summary;
    setSummary(summary);
}

void DiffFlamePane::runSearch()
{
    const auto pattern = context().scope.scope().search;
    if (pattern.empty() || !unionProfile()) {
        m_searchJob.cancel();
        if (m_found)
            m_flame->setSearch({});
        m_found.reset();
        describe();
        return;
    }
    // The view shares the profile with the job, whatever is shown by then.
    m_searchJob.start(
        "search difference",
        [profile = m_data->flame()->profile, pattern](JobContext &) {
            return searchProfile(*profile, pattern);
        },
        [this](Result<SearchResult> result) {
            if (!result.has_value())
                return; // the scope bar says what is wrong with it
            m_found = *std::move(result);
            m_flame->setSearch(*m_found);
            describe();
        });
}

void DiffFlamePane::selected(std::uint32_t node)
{
    const auto *profile = unionProfile();
    if (m_following || !profile)
        return;
    const QScopedValueRollback guard(m_following, true);
    if (node == kNoNode || node == 0) {
        context().compare.select({});
        m_flame->selectFunction({});
        return;
    }
    const auto &function = profile->at(node);
    m_flame->selectFunction(profile->tree.function[node]);
    context().compare.select(CompareModel::Selected{"profile", function.name, function.module});
}

void DiffFlamePane::followSelection()
{
    const auto *profile = unionProfile();
    const auto &wanted = context().compare.selected();
    if (m_following || !profile)
        return;
    const QScopedValueRollback guard(m_following, true);
    std::uint32_t best = kNoNode;
    if (wanted && wanted->kind == "profile") {
        for (std::uint32_t node = 1; node < profile->tree.size(); ++node) {
            const auto &function = profile->at(node);
            if (function.name == wanted->name && function.module == wanted->detail &&
                (best == kNoNode || profile->tree.total[node] > profile->tree.total[best]))
                best = node;
        }
    }
    m_flame->selectFunction(best == kNoNode ? FunctionId{} : profile->tree.function[best]);
    m_flame->selectNode(best);
}

void DiffFlamePane::showMenu(std::uint32_t node, QPoint global)
{
    const auto *profile = unionProfile();
    if (!profile)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (node != kNoNode) {
        m_actions.fill(menu, *profile, node, node, true);
        menu->addSeparator();
    }
    menu->addAction(tr("Show everything\tHome"), m_flame, &FlameWidget::resetZoom);
    menu->popup(global);
}

void DiffFlamePane::setWidthBy(DiffWidth width)
{
    m_width = width;
    m_flame->setDiffWidth(width);
    describe();
    Q_EMIT stateChanged();
}

void DiffFlamePane::setColorBy(DiffColor color)
{
    m_color = color;
    m_flame->setDiffColor(color);
    describe();
    Q_EMIT stateChanged();
}

void DiffFlamePane::setLayout(FlameLayout layout)
{
    if (layout != FlameLayout::Icicle && layout != FlameLayout::Flame &&
        layout != FlameLayout::LeftHeavy)
        return;
    m_layout = layout;
    m_flame->setLayout(layout);
    describe();
    Q_EMIT stateChanged();
}

void DiffFlamePane::setReadable(bool readable)
{
    m_readable = readable;
    m_names->setChecked(readable);
    m_flame->setReadable(readable);
    Q_EMIT stateChanged();
}

QJsonObject DiffFlamePane::state() const
{
    return {{kLayout, text(nameOf(m_layout))},
            {kWidth, text(nameOf(m_width))},
            {kColor, text(nameOf(m_color))},
            {kNames, m_readable}};
}

void DiffFlamePane::restore(const QJsonObject &state)
{
    if (const auto layout = flameLayout(state.value(kLayout).toString().toStdString()))
        setLayout(*layout);
    if (const auto width = diffWidth(state.value(kWidth).toString().toStdString()))
        setWidthBy(*width);
    if (const auto color = diffColor(state.value(kColor).toString().toStdString()))
        setColorBy(*color);
    if (const auto readable = state.value(kNames); readable.isBool())
        setReadable(readable.toBool());
}

ViewPicture DiffFlamePane::draw(Theme theme, DiffWidth by, float height) const
{
    const auto &comparison = *context().compare.comparison();
    const DiffFlamePictureOptions options{
        .title = section()->title,
        .subtitle = m_flame->diff()->summary(),
        .sides = pictureSides(comparison),
        .layout = m_layout,
        .by = by,
        .color = m_color,
        .readable = m_readable,
        .theme = theme,
        .width = kPictureWidth,
        .height = height,
        .links = {},
        .search = m_found.value_or(SearchResult{}),
        .style = context().compare.valueStyle(),
    };
    auto made = diffFlamePicture(m_drawn, options, QtTextMetrics());
    return {std::move(made.list), made.size, theme, QStringLiteral("flame-graph-compared")};
}

std::optional<ViewPicture> DiffFlamePane::picture(Theme theme) const
{
    if (!unionProfile() || !section())
        return std::nullopt;
    return draw(theme, m_width, 0);
}

// The same frames as wide as A has them, then as B has them.
std::vector<ViewPicture> DiffFlamePane::sidePictures(Theme theme) const
{
    if (!unionProfile() || !section())
        return {};
    auto base = draw(theme, DiffWidth::Base, 0);
    auto cand = draw(theme, DiffWidth::Cand, base.size.height);
    return {std::move(base), std::move(cand)};
}

// Of the chosen function what is known of it, else what is to be said first.
std::string DiffFlamePane::sentence() const
{
    const auto *pair = section();
    if (!pair)
        return {};
    if (const auto &chosen = context().compare.selected()) {
        for (const auto &item : pair->items) {
            if (item.name == chosen->name && item.detail == chosen->detail)
                return itemSentence(item);
        }
    }
    return pair->sentences.empty() ? std::string() : pair->sentences.front();
}

std::function<QString()> DiffFlamePane::data() const
{
    if (!m_drawn)
        return {};
    return [diff = m_drawn] { return foldedOf(*diff); };
}

bool DiffFlamePane::isSettled() const
{
    return ComparePane::isSettled() && !m_job.busy() && !m_searchJob.busy();
}

} // namespace flamewright
