#include "app/gui/diff_trace_pane.h"

#include "analysis/compare/trace_diff.h"
#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/services.h"
#include "app/gui/text.h"
#include "app/gui/tsv.h"
#include "views/paint/paint_qt.h"
#include "views/qt/scene_widget.h"
#include "views/scene/trace_diff_view.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr QLatin1String kRoot("root");

std::string nameOf(const RootChange &root)
{
    return root.service.empty() ? root.name : root.service + " " + root.name;
}

QString figure(const std::optional<double> &value)
{
    return value ? QString::number(*value, 'g', 17) : QString();
}

QString rowsOf(const RootChange &root)
{
    auto out = QStringLiteral("service\toperation\tcalls_a\tcalls_b\tcritical_path_a_ns\t"
                              "critical_path_b_ns\tself_a_ns\tself_b_ns\n");
    for (const auto &call : root.calls) {
        const QStringList cells{tsvCell(call.service),
                                tsvCell(call.name),
                                figure(call.calls.base),
                                figure(call.calls.cand),
                                figure(call.onCriticalPath.base),
                                figure(call.onCriticalPath.cand),
                                figure(call.time.base),
                                figure(call.time.cand)};
        out += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    }
    return out;
}

} // namespace

DiffTracePane::DiffTracePane(const ViewContext &context, QWidget *parent)
    : ComparePane(context, "traces", parent),
      m_widget(new SceneWidget(this)),
      m_root(pickerChip(QStringLiteral("rootPicker"), this))
{
    m_widget->setObjectName(QStringLiteral("traceDiff"));
    m_widget->setAccessibleName(tr("What traces spend their time with, before and after"));
    controls()->addWidget(m_root);
    auto *content = new QWidget(this);
    content->setObjectName(QStringLiteral("viewPane"));
    content->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(m_widget);
    setContent(content);
    setFocusProxy(m_widget);
    connect(m_root, &QToolButton::clicked, this, &DiffTracePane::chooseRoot);
    connect(m_widget, &SceneWidget::clicked, this, [this](quint64 key) {
        if (!section() || key == 0)
            return;
        const auto &calls = section()->traces->roots[rootShown()].calls;
        if (key <= calls.size())
            this->context().compare.select(
                CompareModel::Selected{"traces", calls[key - 1].name, calls[key - 1].service});
    });
    const auto theme = [this] { m_widget->setTheme(this->context().services.appearance.theme()); };
    connect(&context.services.appearance, &Appearance::changed, this, theme);
    theme();
    follow();
}

DiffTracePane::~DiffTracePane() = default;

bool DiffTracePane::canShow(const ComparedSection &section) const
{
    return section.traces && !section.traces->roots.empty();
}

QString DiffTracePane::nothingText() const
{
    return tr("There are no distributed traces on both sides. This view is about what requests "
              "spend their time with.");
}

std::size_t DiffTracePane::rootShown() const
{
    const auto &roots = section()->traces->roots;
    const auto at = std::find_if(roots.begin(), roots.end(), [this](const RootChange &root) {
        return nameOf(root) == m_wanted;
    });
    return at == roots.end() ? 0 : static_cast<std::size_t>(at - roots.begin());
}

void DiffTracePane::showSection(const ComparedSection *section)
{
    m_root->setVisible(section != nullptr);
    if (!section) {
        m_view.reset();
        m_widget->setScene(nullptr, {}, true);
        setSummary({});
        return;
    }
    const auto &root = section->traces->roots[rootShown()];
    setPlainButtonText(m_root, display(nameOf(root)), 260);
    m_root->setAccessibleName(tr("Traces of %1").arg(display(nameOf(root))));
    m_view = std::make_shared<TraceDiffView>(section->traces, rootShown());
    m_widget->setScene(
        m_view, [view = m_view](float) { return view->contentHeight(); }, false);
    setSummary(tr("%1 and %2 traces")
                   .arg(grouped(static_cast<std::int64_t>(root.mean.baseCount)),
                        grouped(static_cast<std::int64_t>(root.mean.candCount))));
}

void DiffTracePane::chooseRoot()
{
    if (!section())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    const auto &roots = section()->traces->roots;
    for (std::size_t i = 0; i < roots.size(); ++i) {
        auto text = display(nameOf(roots[i])).replace(QLatin1Char('&'), QStringLiteral("&&"));
        auto *action = menu->addAction(cappedForLayout(text));
        action->setCheckable(true);
        action->setChecked(i == rootShown());
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, name = nameOf(roots[i])] {
            m_wanted = name;
            showSection(section());
            Q_EMIT stateChanged();
        });
    }
    menu->popup(m_root->mapToGlobal(QPoint(0, m_root->height() + 4)));
}

QJsonObject DiffTracePane::state() const
{
    return {{kRoot, QString::fromStdString(m_wanted)}};
}

void DiffTracePane::restore(const QJsonObject &state)
{
    m_wanted = state.value(kRoot).toString().toStdString();
    showSection(section());
}

std::optional<ViewPicture> DiffTracePane::picture(Theme theme) const
{
    if (!section())
        return std::nullopt;
    const auto &root = section()->traces->roots[rootShown()];
    auto made = traceDiffPicture(section()->traces, rootShown(),
                                 {.title = nameOf(root),
                                  .subtitle = summary().toStdString(),
                                  .theme = theme,
                                  .annotated = true},
                                 QtTextMetrics());
    return ViewPicture{std::move(made.list), made.size, theme, QStringLiteral("traces-compared")};
}

std::string DiffTracePane::sentence() const
{
    return section() && !section()->sentences.empty() ? section()->sentences.front()
                                                      : std::string();
}

std::function<QString()> DiffTracePane::data() const
{
    if (!section())
        return {};
    return [diff = section()->traces, root = rootShown()] { return rowsOf(diff->roots[root]); };
}

} // namespace flamewright
