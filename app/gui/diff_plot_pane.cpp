#include "app/gui/diff_plot_pane.h"

#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/compare_text.h"
#include "app/gui/document.h"
#include "app/gui/palette.h"
#include "app/gui/side_models.h"
#include "app/gui/text.h"
#include "app/gui/wheel_choice.h"
#include "app/present/compare_picture.h"
#include "views/paint/paint_qt.h"
#include "views/qt/plot_widget.h"
#include "views/scene/plot_picture.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QShowEvent>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWaitMs = 80;
constexpr float kPictureWidth = 1200;
constexpr QLatin1String kChoice("choice"), kScale("scale"), kRelative("relative");

struct ScaleName {
    ScaleChoice scale;
    const char *name; // in sessions
    const char *title;
};
constexpr ScaleName kScales[] = {
    {ScaleChoice::Automatic, "automatic", QT_TRANSLATE_NOOP("DiffPlotPane", "automatic")},
    {ScaleChoice::Linear, "linear", QT_TRANSLATE_NOOP("DiffPlotPane", "linear")},
    {ScaleChoice::Logarithmic, "logarithmic", QT_TRANSLATE_NOOP("DiffPlotPane", "logarithmic")},
};

QMenu *popupMenu(QWidget *parent)
{
    auto *menu = new QMenu(parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    return menu;
}

void addChoice(QMenu *menu, QActionGroup *group, const QString &text, bool checked,
               const std::function<void()> &run)
{
    auto label = text;
    auto *action =
        menu->addAction(cappedForLayout(label.replace(QLatin1Char('&'), QStringLiteral("&&"))));
    action->setCheckable(true);
    action->setChecked(checked);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, menu, run);
}

void popupBelow(QMenu *menu, const QWidget *anchor)
{
    menu->popup(anchor->mapToGlobal(QPoint(0, anchor->height() + 4)));
}

} // namespace

DiffPlotPane::DiffPlotPane(DiffPlotKind kind, const ViewContext &context, QWidget *parent)
    : ComparePane(context, kind.of, parent),
      m_kind(std::move(kind)),
      m_plot(new PlotWidget(this)),
      m_job(context.services.jobs)
{
    m_plot->setObjectName(m_kind.id);
    m_plot->setAccessibleName(m_kind.title);
    new WheelSwap(m_plot, context.services.settings);
    buildControls();
    auto *content = new QWidget(this);
    content->setObjectName(QStringLiteral("viewPane"));
    content->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(m_plot);
    setContent(content);
    setFocusProxy(m_plot);
    m_due.setSingleShot(true);
    m_due.setInterval(kWaitMs);
    connect(&m_due, &QTimer::timeout, this, &DiffPlotPane::load);
    connect(m_plot, &PlotWidget::shownChanged, this, [this] {
        if (section())
            m_due.start();
    });
    const auto theme = [this] { m_plot->setTheme(this->context().services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    connect(&context.compare, &CompareModel::selectionChanged, this,
            &DiffPlotPane::followSelection);
    theme();
    follow();
}

DiffPlotPane::~DiffPlotPane() = default;

void DiffPlotPane::buildControls()
{
    if (m_kind.choices) {
        m_choice = pickerChip(QStringLiteral("plotChoice"), this);
        controls()->addWidget(m_choice);
        connect(m_choice, &QToolButton::clicked, this, [this] {
            auto *menu = popupMenu(this);
            auto *group = new QActionGroup(menu);
            for (const auto &one : choices())
                addChoice(menu, group, one.title, one.id == m_options.choice, [this, id = one.id] {
                    auto next = m_options;
                    next.choice = id;
                    setOptions(next);
                });
            popupBelow(menu, m_choice);
        });
    }
    if (m_kind.relates) {
        m_relative = textChip(tr("In percent"),
                              tr("The difference below as a share of A instead of a time"), this);
        m_relative->setCheckable(true);
        controls()->addWidget(m_relative);
        connect(m_relative, &QToolButton::clicked, this, [this](bool on) {
            auto next = m_options;
            next.relative = on;
            setOptions(next);
        });
    }
    if (m_kind.scales) {
        m_scale = pickerChip(QStringLiteral("plotScale"), this);
        controls()->addWidget(m_scale);
        connect(m_scale, &QToolButton::clicked, this, [this] {
            auto *menu = popupMenu(this);
            auto *group = new QActionGroup(menu);
            for (const auto &scale : kScales)
                addChoice(menu, group, tr(scale.title), scale.scale == m_options.scale,
                          [this, scale] {
                              auto next = m_options;
                              next.scale = scale.scale;
                              setOptions(next);
                          });
            popupBelow(menu, m_scale);
        });
    }
}

std::vector<DiffPlotChoice> DiffPlotPane::choices() const
{
    return section() && m_kind.choices ? m_kind.choices(*section()) : std::vector<DiffPlotChoice>();
}

void DiffPlotPane::describe()
{
    const auto all = choices();
    if (m_choice) {
        auto at = std::find_if(all.begin(), all.end(), [this](const DiffPlotChoice &one) {
            return one.id == m_options.choice;
        });
        if (at == all.end())
            at = all.begin();
        m_choice->setVisible(all.size() > 1);
        if (at != all.end()) {
            setPlainButtonText(m_choice, at->title, 240);
            m_choice->setAccessibleName(at->title);
        }
    }
    if (m_relative) {
        m_relative->setVisible(section() != nullptr);
        m_relative->setChecked(m_options.relative);
        m_relative->setProperty("active", m_options.relative);
        m_relative->style()->unpolish(m_relative);
        m_relative->style()->polish(m_relative);
    }
    if (m_scale) {
        m_scale->setVisible(section() != nullptr);
        const auto *at = std::find_if(std::begin(kScales), std::end(kScales),
                                      [this](const auto &s) { return s.scale == m_options.scale; });
        const auto text = tr("Scale: %1").arg(tr(at->title));
        setPlainButtonText(m_scale, text, 160);
        m_scale->setAccessibleName(text);
    }
    if (section())
        setSummary(wordsOf(section()->normalisation));
    else
        setSummary({});
}

void DiffPlotPane::showSection(const ComparedSection *)
{
    describe();
    load();
}

void DiffPlotPane::setOptions(const DiffPlotOptions &options)
{
    if (options == m_options)
        return;
    m_options = options;
    describe();
    load();
    Q_EMIT stateChanged();
}

DiffPlotQuestion DiffPlotPane::question() const
{
    const auto &compare = context().compare;
    DiffPlotQuestion out;
    out.comparison = compare.comparison();
    out.section = section();
    out.options = m_options;
    out.session = context().document.session();
    out.base = capturesAbout(Subject::LoadTest, CaptureRole::Baseline, compare);
    out.cand = capturesAbout(Subject::LoadTest, CaptureRole::Candidate, compare);
    out.pixelsWide = std::max(200, m_plot->width());
    out.style = compare.valueStyle();
    return out;
}

void DiffPlotPane::load()
{
    m_due.stop();
    m_stale = !isVisible();
    if (m_stale || !section()) {
        m_job.cancel();
        m_any = m_any && section();
        return;
    }
    m_job.start(
        m_kind.id.toStdString(),
        [asked = question(), make = m_kind.make](
            JobContext &job) -> Result<std::shared_ptr<std::unique_ptr<PlotView>>> {
            FW_TRY(job.checkpoint());
            FW_ASSIGN(auto made, make(asked, job));
            return std::make_shared<std::unique_ptr<PlotView>>(std::move(made));
        },
        [this](Result<std::shared_ptr<std::unique_ptr<PlotView>>> result) {
            if (!result.has_value())
                return setSummary(display(result.error().text()));
            m_any = true;
            m_plot->setView(std::move(**result));
        });
}

void DiffPlotPane::showEvent(QShowEvent *event)
{
    ComparePane::showEvent(event);
    if (m_stale)
        load();
}

// An endpoint that is chosen elsewhere is looked at here.
void DiffPlotPane::followSelection()
{
    const auto &wanted = context().compare.selected();
    if (!wanted || !section() || wanted->kind != section()->kind)
        return;
    for (const auto &one : choices()) {
        if (one.id == wanted->name) {
            auto next = m_options;
            next.choice = one.id;
            setOptions(next);
        }
    }
}

QJsonObject DiffPlotPane::state() const
{
    QJsonObject out;
    if (m_kind.choices)
        out.insert(kChoice, QString::fromStdString(m_options.choice));
    if (m_kind.relates)
        out.insert(kRelative, m_options.relative);
    for (const auto &scale : kScales) {
        if (m_kind.scales && scale.scale == m_options.scale)
            out.insert(kScale, QString::fromLatin1(scale.name));
    }
    return out;
}

void DiffPlotPane::restore(const QJsonObject &state)
{
    auto next = m_options;
    next.choice = state.value(kChoice).toString().toStdString();
    next.relative = state.value(kRelative).toBool();
    for (const auto &scale : kScales) {
        if (state.value(kScale).toString() == QLatin1String(scale.name))
            next.scale = scale.scale;
    }
    setOptions(next);
}

std::optional<ViewPicture> DiffPlotPane::picture(Theme theme) const
{
    if (!m_any || !section())
        return std::nullopt;
    const auto asked = question();
    JobContext job;
    const auto view = m_kind.make(asked, job);
    if (!view.has_value())
        return std::nullopt;
    (*view)->setAnnotated(true);
    const auto title = m_kind.title + QStringLiteral(" · ") + display(section()->title);
    const PlotPictureOptions options{
        .title = title.toStdString(),
        .subtitle = wordsOf(section()->normalisation).toStdString(),
        .sides = pictureSides(*asked.comparison),
        .theme = theme,
        .width = kPictureWidth,
        .height = m_kind.pictureHeight,
    };
    auto made = plotPicture(**view, options, QtTextMetrics());
    return ViewPicture{std::move(made.list), made.size, options.theme, m_kind.fileName};
}

std::string DiffPlotPane::sentence() const
{
    if (!section())
        return {};
    return section()->sentences.empty() ? m_plot->view().summary() : section()->sentences.front();
}

bool DiffPlotPane::isSettled() const
{
    return ComparePane::isSettled() && !m_due.isActive() && !m_job.busy();
}

} // namespace flamewright
