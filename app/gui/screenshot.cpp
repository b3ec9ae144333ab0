#include "app/gui/screenshot.h"

#include "app/gui/action_registry.h"
#include "app/gui/command_palette.h"
#include "app/gui/main_window.h"
#include "app/gui/scope_bar.h"
#include "app/gui/track_picker.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"

#include <QAction>
#include <QCoreApplication>
#include <QPainter>
#include <QPixmap>

#include <cmath>

namespace flamewright {
namespace {

constexpr int kLookMs = 50, kStillMs = 600; // animations end within this

} // namespace

Screenshot::Screenshot(MainWindow &window, Options options, QObject *parent)
    : QObject(parent),
      m_window(window),
      m_options(std::move(options))
{
    connect(&m_timer, &QTimer::timeout, this, &Screenshot::look);
    m_timer.start(kLookMs);
    m_still.start();
}

void Screenshot::look()
{
    if (!m_window.isSettled()) {
        m_still.restart();
        return;
    }
    if (!m_prepared) {
        m_prepared = true;
        m_still.restart();
        prepare();
        return;
    }
    if (m_still.elapsed() > kStillMs)
        save();
}

void Screenshot::prepare()
{
    const auto run = [this](const QString &id) {
        if (auto *action = m_window.actions().action(id))
            action->trigger();
    };
    for (const auto &id : m_options.actions)
        run(id);
    auto *views = m_window.views();
    for (const auto &wanted : m_options.views) {
        if (wanted.startsWith(QLatin1Char('|')) || wanted.startsWith(QLatin1Char('_'))) {
            views->open(wanted.mid(1));
            views->split(wanted.startsWith(QLatin1Char('|')) ? Qt::Horizontal : Qt::Vertical);
        } else {
            views->show(wanted);
        }
    }
    if (!m_options.layout.isEmpty() && views->current())
        views->current()->restore({{QStringLiteral("layout"), m_options.layout}});
    if (const auto part = m_options.time.split(QStringLiteral("..")); part.size() == 2)
        showPart(part[0].toDouble(), part[1].toDouble());
    if (!m_options.search.isEmpty())
        m_window.scope().setSearch(m_options.search.toStdString());
    const auto &profile = m_window.profile().profile();
    for (std::uint32_t i = 1; profile && i < profile->functions.size(); ++i) {
        if (profile->functions[i].name == m_options.select.toStdString())
            m_window.profile().selectFunction(FunctionId{i});
    }
    if (m_options.popup == QLatin1String("threads"))
        m_window.scopeBar()->trackPicker()->openPopup();
    if (m_options.popup == QLatin1String("keys"))
        run(QStringLiteral("help.keys"));
    if (m_options.settings)
        run(QStringLiteral("file.settings"));
    if (m_options.palette)
        m_window.palette()->open(*m_options.palette);
}

void Screenshot::showPart(double from, double to)
{
    const auto &captures = m_window.document().captures();
    if (captures.empty() || !captures.front().span || !(from >= 0 && from < to && to <= 1))
        return;
    const auto span = *captures.front().span;
    const auto at = [&](double share) {
        const auto length = static_cast<double>((span.end - span.begin).count());
        return span.begin + Duration(std::llround(share * length));
    };
    m_window.scope().setTimes({{at(from), at(to)}});
}

void Screenshot::save()
{
    m_timer.stop();
    auto picture = m_window.grab();
    // Popups and dialogs are windows of their own: put where they are on the screen.
    QPainter painter(&picture);
    for (const auto *child : m_window.findChildren<QWidget *>()) {
        if (child->isWindow() && child->isVisible()) {
            auto *top = const_cast<QWidget *>(child);
            painter.drawPixmap(m_window.mapFromGlobal(top->mapToGlobal(QPoint())), top->grab());
        }
    }
    painter.end();
    QCoreApplication::exit(picture.save(m_options.file) ? 0 : 3);
}

} // namespace flamewright
