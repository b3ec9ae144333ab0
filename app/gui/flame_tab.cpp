#include "app/gui/flame_tab.h"

#include "app/gui/document.h"
#include "app/gui/flame_pane.h"
#include "app/gui/palette.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/gui/wheel_choice.h"
#include "views/paint/paint_qt.h"
#include "views/qt/flame_widget.h"
#include "views/scene/flame_picture.h"

#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr float kPictureWidth = 1600;

QString layoutKey()
{
    return QStringLiteral("layout");
}

// The rows of a profile as `folded` files write them, the whole tree.
QString folded(const Profile &profile)
{
    const auto &tree = profile.tree;
    QStringList path;
    QString out;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        while (path.size() >= static_cast<qsizetype>(tree.depth[node]) && !path.isEmpty())
            path.removeLast();
        const auto &name = profile.at(node).name;
        // ';' separates frames in this format.
        path.append((name.empty() ? QStringLiteral("(unknown)") : display(name))
                        .replace(QLatin1Char(';'), QLatin1Char(':')));
        if (tree.self[node] != 0)
            out += path.join(QLatin1Char(';')) + QLatin1Char(' ') +
                   QString::number(tree.self[node]) + QLatin1Char('\n');
    }
    return out;
}

} // namespace

FlameTab::FlameTab(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_pane(new FlamePane(context.services, context.profile, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    setFocusProxy(m_pane->flame());
    new WheelSwap(m_pane->flame(), context.services.settings);
    connect(m_pane->flame(), &FlameWidget::layoutRequested, this, &ViewPane::stateChanged);
}

QJsonObject FlameTab::state() const
{
    const auto name = nameOf(m_pane->layoutShown());
    return {{layoutKey(), QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()))}};
}

void FlameTab::restore(const QJsonObject &state)
{
    if (const auto layout = flameLayout(state.value(layoutKey()).toString().toStdString()))
        m_pane->setLayout(*layout);
}

std::optional<ViewPicture> FlameTab::picture() const
{
    const auto &profile = m_context.profile.profile();
    if (!profile)
        return std::nullopt;
    const auto &captures = m_context.scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_context.document.find(captures.front());
    const FlamePictureOptions options{
        .title = capture ? capture->desc.name : std::string(),
        .subtitle = profile->measure,
        .layout = m_pane->layoutShown(),
        .theme = m_context.services.appearance.dark() ? Theme::Dark : Theme::Light,
        .width = kPictureWidth,
        .search = m_context.profile.search() ? *m_context.profile.search() : SearchResult{},
    };
    const QtTextMetrics metrics;
    auto picture = flamePicture(profile, options, metrics);
    return ViewPicture{std::move(picture.list), picture.size, options.theme,
                       QStringLiteral("flame-graph")};
}

std::function<QString()> FlameTab::data() const
{
    const auto &profile = m_context.profile.profile();
    if (!profile)
        return {};
    return [profile] { return folded(*profile); };
}

} // namespace flamewright
