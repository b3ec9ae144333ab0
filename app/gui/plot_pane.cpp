#include "app/gui/plot_pane.h"

#include "analysis/load_rows.h"
#include "app/gui/capture_text_of.h"
#include "app/gui/chip_button.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/load_columns.h"
#include "app/gui/load_controls.h"
#include "app/gui/palette.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/services.h"
#include "app/gui/text.h"
#include "app/gui/view_sentences.h"
#include "app/gui/wheel_choice.h"
#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"
#include "views/qt/plot_widget.h"
#include "views/scene/heat_map_view.h"
#include "views/scene/plot_picture.h"

#include <QActionGroup>
#include <QMenu>
#include <QShowEvent>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWaitMs = 80;                                    // while somebody zooms
constexpr float kPictureWidth = 1200, kPictureFurniture = 120; // about
constexpr QLatin1String kScale("scale"), kSplit("split");

struct ScaleName {
    ScaleChoice scale;
    const char *name; // in sessions
    const char *title;
};
constexpr ScaleName kScales[] = {
    {ScaleChoice::Automatic, "automatic", QT_TRANSLATE_NOOP("PlotPane", "automatic")},
    {ScaleChoice::Linear, "linear", QT_TRANSLATE_NOOP("PlotPane", "linear")},
    {ScaleChoice::Logarithmic, "logarithmic", QT_TRANSLATE_NOOP("PlotPane", "logarithmic")},
};

} // namespace

PlotPane::PlotPane(PlotKind kind, const ViewContext &context, QWidget *parent)
    : ViewPane(parent),
      m_kind(std::move(kind)),
      m_context(context),
      m_controls(new LoadControls(context.load, this)),
      m_plot(new PlotWidget(this)),
      m_job(context.services.jobs)
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    setFocusProxy(m_plot);
    m_plot->setObjectName(m_kind.id);
    m_plot->setAccessibleName(m_kind.title);
    new WheelSwap(m_plot, context.services.settings);
    buildOptions();
    auto *inset = new QVBoxLayout;
    inset->setContentsMargins(12, 12, 12, 12);
    inset->addWidget(m_plot);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_controls);
    column->addLayout(inset, 1);

    m_due.setSingleShot(true);
    m_due.setInterval(kWaitMs);
    connect(&m_due, &QTimer::timeout, this, &PlotPane::load);
    connect(m_plot, &PlotWidget::rangesChanged, this, &PlotPane::brush);
    connect(m_plot, &PlotWidget::groupClicked, this, &PlotPane::chooseGroup);
    connect(m_plot, &PlotWidget::shownChanged, this, &PlotPane::countAnew);
    connect(&context.load, &RequestsModel::answerChanged, this, &PlotPane::load);
    connect(&context.load, &RequestsModel::emphasisChanged, this, &PlotPane::follow);
    connect(&context.scope, &ScopeController::scopeChanged, this, &PlotPane::follow);
    const auto theme = [this] { m_plot->setTheme(m_context.services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    load();
}

PlotPane::~PlotPane() = default;

void PlotPane::buildOptions()
{
    if (m_kind.splits) {
        m_split = textChip(tr("Split"), tr("A line for each group instead of one for all"), this);
        m_split->setObjectName(QStringLiteral("splitByGroup"));
        m_split->setAccessibleName(tr("A line for each group"));
        m_split->setCheckable(true);
        connect(m_split, &QToolButton::clicked, this, [this](bool on) {
            auto next = m_options;
            next.split = on;
            setOptions(next);
        });
        m_controls->addControl(m_split);
    }
    if (m_kind.scales) {
        m_scale = pickerChip(QStringLiteral("scalePicker"), this);
        connect(m_scale, &QToolButton::clicked, this, &PlotPane::showScales);
        m_controls->addControl(m_scale);
    }
    showOptions();
}

void PlotPane::showOptions()
{
    if (m_scale) {
        const auto *at = std::find_if(std::begin(kScales), std::end(kScales),
                                      [this](const auto &s) { return s.scale == m_options.scale; });
        const auto text = tr("Scale: %1").arg(tr(at->title));
        setPlainButtonText(m_scale, text, 160);
        m_scale->setAccessibleName(text);
    }
    if (m_split) {
        const auto &answer = m_context.load.answer();
        const bool several = answer && answer->base->groups.size() > 1;
        m_split->setEnabled(several);
        const bool split = several && question().isSplit();
        m_split->setChecked(split);
        if (m_split->property("active").toBool() != split) {
            m_split->setProperty("active", split);
            m_split->style()->unpolish(m_split);
            m_split->style()->polish(m_split);
        }
    }
}

void PlotPane::showScales()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    for (const auto &scale : kScales) {
        auto *action = menu->addAction(tr(scale.title));
        action->setCheckable(true);
        action->setChecked(scale.scale == m_options.scale);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, scale] {
            auto next = m_options;
            next.scale = scale.scale;
            setOptions(next);
        });
    }
    menu->popup(m_scale->mapToGlobal(QPoint(0, m_scale->height() + 4)));
}

void PlotPane::setOptions(const PlotOptions &options)
{
    if (options == m_options)
        return;
    m_options = options;
    showOptions();
    load();
    Q_EMIT stateChanged();
}

PlotQuestion PlotPane::question() const
{
    PlotQuestion out{m_context.load.answer(), m_options, {}, 0, 0, m_context.load.valueStyle()};
    const auto viewport = m_plot->viewport();
    const auto plot = m_plot->view().plotArea(viewport);
    out.pixelsWide =
        std::max(100., static_cast<double>(plot.width > 0 ? plot.width : viewport.size.width));
    out.pixelsHigh =
        std::max(100., static_cast<double>(plot.height > 0 ? plot.height : viewport.size.height));
    if (const auto all = m_plot->view().timeSpan(); all && m_plot->isZoomed()) {
        const auto length = static_cast<double>(all->endNs - all->beginNs);
        const auto at = [&](double share) {
            return all->beginNs + static_cast<std::int64_t>(share * length);
        };
        out.shown = LoadSpan{at(viewport.begin), at(viewport.end)};
    }
    return out;
}

void PlotPane::countAnew()
{
    if (m_kind.alongTime && m_context.load.answer())
        m_due.start();
}

void PlotPane::load()
{
    m_due.stop();
    showOptions();
    m_stale = !isVisible();
    if (m_stale) {
        m_job.cancel();
        return;
    }
    auto asked = question();
    if (!asked.answer) {
        m_job.cancel();
        m_drawn.reset();
        describe();
        return;
    }
    m_job.start(
        m_kind.id.toStdString(),
        [asked, make = m_kind.make](
            JobContext &job) -> Result<std::shared_ptr<std::unique_ptr<PlotView>>> {
            FW_TRY(job.checkpoint());
            return std::make_shared<std::unique_ptr<PlotView>>(make(asked));
        },
        [this, answer = asked.answer](Result<std::shared_ptr<std::unique_ptr<PlotView>>> result) {
            if (!result.has_value()) {
                m_controls->setSummary(display(result.error().text()));
                return;
            }
            m_plot->setView(std::move(**result));
            m_drawn = answer;
            follow();
            describe();
        });
}

void PlotPane::showEvent(QShowEvent *event)
{
    ViewPane::showEvent(event);
    if (m_stale)
        load();
}

void PlotPane::follow()
{
    if (!m_drawn)
        return;
    m_plot->setRanges(onAxis(*m_drawn->base, m_context.scope.scope().times));
    const auto &group = m_context.load.emphasis();
    m_plot->setEmphasis(group ? lineOf(*group) : std::nullopt);
}

void PlotPane::brush(const std::vector<LoadSpan> &ranges)
{
    if (!m_drawn)
        return;
    std::vector<TimeRange> times;
    for (const auto &range : ranges) {
        const auto clocks = onClocks(*m_drawn->base, range.beginNs, range.endNs);
        times.insert(times.end(), clocks.begin(), clocks.end());
    }
    m_context.scope.setTimes(withoutOverlaps(std::move(times)));
}

// Lines are named as they are shown.
std::optional<std::uint32_t> PlotPane::lineOf(std::uint32_t group) const
{
    if (!m_drawn || group >= m_drawn->base->groups.size())
        return std::nullopt;
    const auto names = m_plot->view().groupNames();
    const auto wanted = CaptureText(m_drawn->base->groups[group]).toDisplay();
    const auto at = std::find(names.begin(), names.end(), wanted);
    if (at == names.end())
        return std::nullopt;
    return static_cast<std::uint32_t>(at - names.begin());
}

void PlotPane::chooseGroup(std::uint32_t line)
{
    if (!m_drawn)
        return;
    for (std::uint32_t group = 0; group < m_drawn->base->groups.size(); ++group) {
        if (lineOf(group) != line)
            continue;
        if (m_context.load.canChoose())
            m_context.load.chooseGroups({group});
        else
            m_context.load.setEmphasis(m_context.load.emphasis() == group ? std::nullopt
                                                                          : std::optional(group));
        return;
    }
}

void PlotPane::describe()
{
    if (!m_drawn) {
        m_controls->setSummary(m_context.load.error());
        return;
    }
    const auto &total = m_drawn->total;
    const auto count = static_cast<std::int64_t>(total.latency.count());
    QStringList parts{count == 1 ? tr("1 request") : tr("%1 requests").arg(grouped(count))};
    if (total.ratePerSecond)
        parts << rateText(total.ratePerSecond);
    m_controls->setSummary(parts.join(QStringLiteral(" · ")));
}

std::string PlotPane::sentence() const
{
    const auto &answer = m_context.load.answer();
    return answer ? loadSentence(*answer, m_context.document.valueStyle()) : std::string();
}

QJsonObject PlotPane::state() const
{
    QJsonObject out;
    for (const auto &scale : kScales) {
        if (m_kind.scales && scale.scale == m_options.scale)
            out.insert(kScale, QString::fromLatin1(scale.name));
    }
    if (m_options.split)
        out.insert(kSplit, *m_options.split);
    return out;
}

void PlotPane::restore(const QJsonObject &state)
{
    auto next = m_options;
    for (const auto &scale : kScales) {
        if (state.value(kScale).toString() == QLatin1String(scale.name))
            next.scale = scale.scale;
    }
    if (const auto split = state.value(kSplit); split.isBool())
        next.split = split.toBool();
    setOptions(next);
}

std::optional<ViewPicture> PlotPane::picture(Theme theme) const
{
    if (!m_drawn)
        return std::nullopt;
    auto asked = question();
    asked.answer = m_drawn;
    asked.pixelsWide = static_cast<double>(kPictureWidth - kPictureFurniture);
    asked.pixelsHigh = static_cast<double>(m_kind.pictureHeight - kPictureFurniture);
    const auto view = m_kind.make(asked);
    view->setAnnotated(true);
    view->setRanges(m_plot->view().ranges());
    view->setEmphasis(m_plot->view().emphasis());
    const auto &captures = m_drawn->base->captures;
    auto title = m_kind.title + QStringLiteral(" · ") +
                 (captures.size() == 1 ? display(captures.front().name)
                                       : tr("%1 captures").arg(grouped(std::ssize(captures))));
    const LoadCells cells{*m_drawn, m_drawn->total, true, m_context.load.valueStyle()};
    auto subtitle = tr("%1 requests · %2 failed")
                        .arg(cells.text(LoadColumn::Count), cells.text(LoadColumn::Errors));
    if (m_drawn->total.ratePerSecond)
        subtitle += QStringLiteral(" · ") + cells.text(LoadColumn::Rate);
    if (!m_context.scope.scope().times.empty() && !m_kind.alongTime)
        subtitle += tr(" · part of the time");
    const PlotPictureOptions options{
        .title = title.toStdString(),
        .subtitle = subtitle.toStdString(),
        .theme = theme,
        .width = kPictureWidth,
        .height = m_kind.pictureHeight,
        .begin = m_plot->viewport().begin,
        .end = m_plot->viewport().end,
    };
    const QtTextMetrics metrics;
    auto made = plotPicture(*view, options, metrics);
    return ViewPicture{std::move(made.list), made.size, options.theme, m_kind.fileName};
}

std::function<QString()> PlotPane::data() const
{
    if (!m_drawn)
        return {};
    auto asked = question();
    asked.answer = m_drawn;
    return [asked, rows = m_kind.data] { return rows(asked); };
}

bool PlotPane::isSettled() const
{
    return !m_due.isActive() && !m_job.busy() && !m_context.load.busy();
}

} // namespace flamewright
