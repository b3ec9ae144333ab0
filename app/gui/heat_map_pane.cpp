#include "app/gui/heat_map_pane.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "app/gui/wheel_choice.h"
#include "app/workbench.h"
#include "views/paint/paint_qt.h"
#include "views/qt/heat_map_widget.h"
#include "views/scene/heat_map_picture.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace flamewright {
namespace {

// What the heat map depends on: it shows all of the time, and search changes no sample.
Scope withoutTimes(Scope scope)
{
    scope.times.clear();
    scope.search.clear();
    return scope;
}

} // namespace

HeatMapPane::HeatMapPane(const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_context(context),
      m_heat(new HeatMapWidget(this)),
      m_job(context.services.jobs)
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    setFocusProxy(m_heat);
    m_heat->setObjectName(QStringLiteral("heatMap"));
    new WheelSwap(m_heat, context.services.settings);
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(40);
    m_hint = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_hint->setObjectName(QStringLiteral("heatHint"));
    sayHow(context.services.settings.preferences().wheel);
    connect(&context.services.settings, &Settings::preferencesChanged, this,
            [this](const Preferences &preferences) { sayHow(preferences.wheel); });
    m_summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    m_summary->setObjectName(QStringLiteral("heatSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 12, 1);
    row->addWidget(m_hint, 2);
    row->addWidget(m_summary, 1);
    auto *inset = new QVBoxLayout;
    inset->setContentsMargins(12, 12, 12, 12);
    inset->addWidget(m_heat);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    column->addLayout(inset, 1);

    connect(m_heat, &HeatMapWidget::rangesChanged, &context.scope, &ScopeController::setTimes);
    connect(&context.scope, &ScopeController::scopeChanged, this, &HeatMapPane::follow);
    connect(&context.document, &Document::capturesChanged, this, [this] {
        m_loaded.reset();
        follow();
    });
    const auto theme = [this] { m_heat->setTheme(m_context.services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    follow();
}

void HeatMapPane::sayHow(WheelChoice wheel)
{
    m_hint->setPlain(wheel == WheelChoice::Zooms
                         ? tr("Drag chooses a time, Shift adds one, Esc clears, the wheel zooms")
                         : tr("Drag chooses a time, Shift adds one, Esc clears, Ctrl+wheel zooms"));
}

void HeatMapPane::follow()
{
    const auto &scope = m_context.scope.scope();
    m_heat->setRanges(scope.times);
    if (m_loaded != withoutTimes(scope))
        load();
    else
        describe();
}

void HeatMapPane::load()
{
    m_loaded = withoutTimes(m_context.scope.scope());
    const auto session = m_context.document.session();
    if (!session || m_loaded->captures.empty()) {
        m_job.cancel();
        m_map.reset();
        m_heat->setMap({});
        describe();
        return;
    }
    m_job.start(
        "heat map",
        [&workbench = m_context.services.workbench, session, scope = *m_loaded](JobContext &job) {
            return workbench.heatMap(*session, scope, job);
        },
        [this](Result<HeatMap> result) {
            if (result.has_value()) {
                m_map = std::make_shared<const HeatMap>(*std::move(result));
                m_heat->setMap(dataOf());
                m_heat->setRanges(m_context.scope.scope().times);
                describe();
            } else {
                m_map.reset();
                m_heat->setMap({});
                m_summary->setPlain(display(result.error().text()));
            }
        });
}

HeatMapData HeatMapPane::dataOf() const
{
    return {m_map, m_map->unit, m_map->measure, m_context.profile.valueStyle()};
}

void HeatMapPane::describe()
{
    if (!m_map) {
        m_summary->setPlain({});
        return;
    }
    const auto &times = m_context.scope.scope().times;
    if (times.empty()) {
        m_summary->setPlain(
            tr("all of the time · %1")
                .arg(inUnit(m_map->total, m_map->unit, m_context.profile.valueStyle())));
        return;
    }
    std::int64_t length = 0;
    for (const auto &range : times) {
        std::int64_t one = 0;
        if (__builtin_sub_overflow(range.end.time_since_epoch().count(),
                                   range.begin.time_since_epoch().count(), &one))
            one = INT64_MAX;
        length = saturatingAdd(length, one);
    }
    m_summary->setPlain(
        times.size() == 1
            ? tr("%1 chosen").arg(durationText(length, m_context.profile.valueStyle()))
            : tr("%1 in %2 ranges")
                  .arg(durationText(length, m_context.profile.valueStyle()))
                  .arg(times.size()));
}

QString HeatMapPane::summary() const
{
    return m_summary->plain();
}

std::optional<ViewPicture> HeatMapPane::picture(Theme theme) const
{
    if (!m_map)
        return std::nullopt;
    const auto &captures = m_context.scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_context.document.find(captures.front());
    const HeatMapPictureOptions options{
        .title = capture ? capture->desc.name : std::string(),
        .subtitle = m_map->measure + " by time",
        .theme = theme,
        .begin = m_heat->viewport().begin,
        .end = m_heat->viewport().end,
        .ranges = m_context.scope.scope().times,
    };
    const QtTextMetrics metrics;
    auto picture = heatMapPicture(dataOf(), options, metrics);
    return ViewPicture{std::move(picture.list), picture.size, options.theme,
                       QStringLiteral("heat-map")};
}

std::function<QString()> HeatMapPane::data() const
{
    if (!m_map)
        return {};
    return [map = m_map] {
        auto out = QStringLiteral("begin_ns\tend_ns\tvalue\tsamples\n");
        for (std::uint32_t column = 0; column < map->columns; ++column) {
            for (std::uint32_t row = 0; row < map->rows; ++row) {
                const auto cell = std::size_t{column} * map->rows + row;
                if (map->samples[cell] == 0)
                    continue;
                const auto range = map->rangeOf(column, row);
                out += QStringLiteral("%1\t%2\t%3\t%4\n")
                           .arg(range.begin.time_since_epoch().count())
                           .arg(range.end.time_since_epoch().count())
                           .arg(map->value[cell])
                           .arg(map->samples[cell]);
            }
        }
        return out;
    };
}

} // namespace flamewright
