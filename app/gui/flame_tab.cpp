#include "app/gui/flame_tab.h"

#include "app/gui/document.h"
#include "app/gui/flame_menu.h"
#include "app/gui/flame_pane.h"
#include "app/gui/link_pattern.h"
#include "app/gui/palette.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "app/gui/view_sentences.h"
#include "app/gui/wheel_choice.h"
#include "views/paint/paint_qt.h"
#include "views/qt/flame_widget.h"
#include "views/scene/flame_picture.h"

#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr float kPictureWidth = 1600;

constexpr QLatin1String kLayout("layout"), kColors("colors"), kReadable("shortNames");

QString text(std::string_view name)
{
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

} // namespace

FlameTab::FlameTab(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_pane(
          new FlamePane(context.services, context.document, context.scope, context.profile, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    setFocusProxy(m_pane->flame());
    new WheelSwap(m_pane->flame(), context.services.settings);
    connect(m_pane, &FlamePane::optionsChanged, this, &ViewPane::stateChanged);
    connect(m_pane, &FlamePane::problem, this, &ViewPane::problem);
}

std::string FlameTab::sentence() const
{
    const auto &profile = m_context.profile.profile();
    return profile ? profileSentence(*profile, m_context.profile.selection().function,
                                     m_context.profile.valueStyle())
                   : std::string();
}

QJsonObject FlameTab::state() const
{
    return {{kLayout, text(nameOf(m_pane->layoutShown()))},
            {kColors, text(nameOf(m_pane->colors()))},
            {kReadable, m_pane->readable()}};
}

void FlameTab::restore(const QJsonObject &state)
{
    if (const auto layout = flameLayout(state.value(kLayout).toString().toStdString()))
        m_pane->setLayout(*layout);
    if (const auto scheme = colorScheme(state.value(kColors).toString().toStdString()))
        m_pane->setColors(*scheme);
    if (const auto readable = state.value(kReadable); readable.isBool())
        m_pane->setReadable(readable.toBool());
}

std::optional<ViewPicture> FlameTab::picture(Theme theme) const
{
    const auto &drawn = m_pane->drawing().picture();
    if (!drawn || !drawn->flame)
        return std::nullopt;
    const auto &captures = m_context.scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_context.document.find(captures.front());
    const FlamePictureOptions options{
        .title = capture ? capture->desc.name : std::string(),
        .subtitle = drawn->base->measure,
        .layout = drawn->layout,
        .scheme = m_pane->colors(),
        .readable = m_pane->readable(),
        .callers = drawn->callers ? drawn->callers->profile : nullptr,
        .timeOriginNs = drawn->timeOriginNs,
        .theme = theme,
        .width = kPictureWidth,
        .links = linksOf(m_context.services.settings.preferences().linkPattern),
        .search = m_context.profile.search() ? *m_context.profile.search() : SearchResult{},
        .style = m_context.profile.valueStyle(),
    };
    const QtTextMetrics metrics;
    auto picture = flamePicture(drawn->flame->profile, options, metrics);
    return ViewPicture{std::move(picture.list), picture.size, options.theme,
                       QStringLiteral("flame-graph")};
}

bool FlameTab::isSettled() const
{
    return m_pane->isSettled();
}

std::function<QString()> FlameTab::data() const
{
    const auto &profile = m_context.profile.profile();
    if (!profile)
        return {};
    return [profile] { return foldedText(*profile, 0); };
}

} // namespace flamewright
