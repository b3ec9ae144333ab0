#include "app/gui/service_map_pane.h"

#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/pane_parts.h"
#include "app/gui/plain_label.h"
#include "app/gui/services.h"
#include "app/gui/trace_model.h"
#include "app/gui/tsv.h"
#include "views/paint/paint_qt.h"
#include "views/qt/scene_widget.h"
#include "views/scene/service_map_view.h"

#include <algorithm>

namespace flamewright {
namespace {

QString mapAsText(const ServiceMap &map)
{
    auto out = QStringLiteral("from\tto\tcalls\terrors\tp50_ns\tp95_ns\n");
    for (const auto &edge : map.edges) {
        const QStringList cells{
            tsvCell(map.nodes[edge.from].name), tsvCell(map.nodes[edge.to].name),
            QString::number(edge.calls),        QString::number(edge.errors),
            QString::number(edge.p50),          QString::number(edge.p95)};
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace

ServiceMapPane::ServiceMapPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_map(new SceneWidget(this)),
      m_summary(nullptr),
      m_none(emptyLabel(this))
{
    auto *header = paneHeader(this, m_summary);
    m_map->setObjectName(QStringLiteral("serviceMap"));
    m_map->setAccessibleName(tr("Service map"));
    fillPane(this, header, {m_map, m_none});
    setFocusProxy(m_map);
    connect(&context.traces, &TraceModel::studyChanged, this, &ServiceMapPane::follow);
    connect(&context.traces, &TraceModel::busyChanged, this, &ServiceMapPane::follow);
    const auto theme = [this] { m_map->setTheme(m_context.services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    follow();
}

ServiceMapPane::~ServiceMapPane() = default;

bool ServiceMapPane::isSettled() const
{
    return !m_context.traces.busy();
}

void ServiceMapPane::follow()
{
    const auto &study = m_context.traces.study();
    const bool any = study && !study->map.nodes.empty();
    m_map->setVisible(any);
    m_none->setVisible(!any);
    m_none->setPlain(noTracesText(m_context.traces));
    if (!any) {
        m_scene = nullptr;
        m_map->setScene(nullptr, {}, true);
        m_summary->setPlain({});
        return;
    }
    const auto &map = study->map;
    m_scene = std::make_shared<ServiceMapView>(std::shared_ptr<const ServiceMap>(study, &map),
                                               ServiceColors(study->rows().services));
    m_map->setScene(
        m_scene, [scene = m_scene](float) { return scene->contentSize().height; }, false);
    std::uint64_t calls = 0;
    for (const auto &edge : map.edges)
        calls += edge.calls;
    auto text = tr("%1 calls between %2 services and what they use")
                    .arg(grouped(static_cast<std::int64_t>(calls)), grouped(std::ssize(map.nodes)));
    if (map.unnamedCalls > 0)
        text += tr(", %1 to nobody that is named")
                    .arg(grouped(static_cast<std::int64_t>(map.unnamedCalls)));
    m_summary->setPlain(text);
}

std::optional<ViewPicture> ServiceMapPane::picture(Theme theme) const
{
    const auto &study = m_context.traces.study();
    if (!study || study->map.nodes.empty())
        return std::nullopt;
    auto made = serviceMapPicture(
        std::shared_ptr<const ServiceMap>(study, &study->map),
        ServiceColors(study->rows().services),
        {.title = tr("Service map").toStdString(), .theme = theme, .width = 1200}, QtTextMetrics());
    return ViewPicture{std::move(made.list), made.size, theme, tr("service map")};
}

std::function<QString()> ServiceMapPane::data() const
{
    const auto &study = m_context.traces.study();
    if (!study || study->map.edges.empty())
        return {};
    return [study] { return mapAsText(study->map); };
}

} // namespace flamewright
