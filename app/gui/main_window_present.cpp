#include "app/gui/action_registry.h"
#include "app/gui/main_window.h"
#include "app/gui/message_bar.h"
#include "app/gui/panels.h"
#include "app/gui/pinned_findings.h"
#include "app/gui/pinned_panel.h"
#include "app/gui/presentation.h"
#include "app/gui/report_export.h"
#include "app/gui/saved_scopes_panel.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"
#include "app/scope_json.h"
#include "views/qt/reduced_motion.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QJsonDocument>
#include <QPushButton>
#include <QScreen>
#include <QUrl>

// What is found becomes a list of findings, a presentation, a report.
namespace flamewright {
namespace {

// A view as it looks now, for screens and for paper. nullopt: it has no picture, or one that is
// larger than a session keeps.
std::optional<PinnedPicture> pictureOf(const ViewPane &pane)
{
    auto light = pane.picture(Theme::Light);
    auto print = pane.picture(Theme::Print);
    if (!light || !print)
        return std::nullopt;
    PinnedPicture out{std::move(light->list), std::move(print->list), light->size,
                      light->name.toStdString()};
    if (!canBeKept(out))
        return std::nullopt;
    return out;
}

std::vector<PinnedPicture> sidePicturesOf(const ViewPane &pane)
{
    auto light = pane.sidePictures(Theme::Light), print = pane.sidePictures(Theme::Print);
    if (light.size() != 2 || print.size() != 2)
        return {};
    std::vector<PinnedPicture> out;
    for (std::size_t i = 0; i < 2; ++i)
        out.push_back({std::move(light[i].list), std::move(print[i].list), light[i].size,
                       light[i].name.toStdString()});
    if (!canBeKept(out[0]) || !canBeKept(out[1]))
        return {};
    return out;
}

} // namespace

void MainWindow::pinView()
{
    const auto *pane = m_views->current();
    if (pane == nullptr)
        return;
    PinnedFinding finding;
    finding.written = pane->sentence();
    finding.sentence = finding.written;
    if (finding.sentence.empty())
        finding.sentence =
            tr("%1: %2").arg(currentViewTitle(), scopeInWords(m_scope.scope())).toStdString();
    finding.severity = pane->severity().toStdString();
    finding.pinnedAtNs = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    finding.view = m_views->currentKind().toStdString();
    finding.viewState = QJsonDocument(pane->state()).toJson(QJsonDocument::Compact).toStdString();
    finding.scope = scopeToJson(m_scope.scope());
    finding.picture = pictureOf(*pane);
    finding.sidePictures = sidePicturesOf(*pane);
    const auto at = m_pinned->add(std::move(finding));
    if (auto *panel = m_panels->panel(QStringLiteral("pinned")))
        panel->setWanted(true);
    m_pinnedPanel->edit(at);
}

QString MainWindow::currentViewTitle() const
{
    const auto id = m_views->currentKind();
    for (const auto &kind : m_views->kinds()) {
        if (kind.id == id)
            return kind.title;
    }
    return {};
}

void MainWindow::restoreFinding(std::size_t at)
{
    if (at >= m_pinned->size())
        return;
    const auto &finding = m_pinned->all()[at];
    auto scope = scopeFromJson(finding.scope);
    if (scope.has_value()) {
        const auto asked = scope->captures.size();
        std::erase_if(scope->captures, [&](CaptureId id) { return !m_document.find(id); });
        std::erase_if(scope->tracks,
                      [&](const TrackRef &track) { return !m_document.find(track.capture); });
        if (scope->captures.empty() && asked > 0) {
            showMessage(MessageKind::Warning,
                        tr("The captures that this finding is about are no longer in the session. "
                           "Its sentence and picture stay in reports."));
            return;
        }
        if (*scope != m_scope.scope())
            m_scope.setScope(*std::move(scope));
    }
    auto *pane = m_views->show(QString::fromStdString(finding.view));
    if (pane == nullptr) {
        showMessage(MessageKind::Warning, tr("This program has no such view as the finding's."));
        return;
    }
    pane->restore(QJsonDocument::fromJson(QByteArray::fromStdString(finding.viewState)).object());
}

void MainWindow::present(int from)
{
    if (m_pinned->size() == 0)
        return;
    auto *show =
        new Presentation(m_pinned->all(), static_cast<std::size_t>(std::max(from, 0)),
                         reducedMotion(*this, m_services.settings.preferences().motion), this);
    show->setAttribute(Qt::WA_DeleteOnClose);
    connect(show, &Presentation::ended, this, [this](std::size_t at) {
        m_pinnedPanel->list()->setCurrentIndex(
            m_pinnedPanel->list()->model()->index(static_cast<int>(at), 0));
    });
    // Without a window manager nobody makes it as large as the screen.
    show->setGeometry(screen()->geometry());
    show->showFullScreen();
    show->setFocus();
}

void MainWindow::askReport()
{
    m_report->ask({.comparison = m_compare.comparison(),
                   .captures = m_document.captures(),
                   .findings = m_pinned->all(),
                   .name = m_document.title()},
                  this);
}

void MainWindow::addPresentActions()
{
    auto &a = *m_actions;
    a.beginMenu(tr("F&indings"));
    a.add(
        {.id = QStringLiteral("findings.pin"),
         .text = tr("&Pin what this view shows"),
         .keys = {QKeySequence(tr("P"))},
         .run = [this] { pinView(); },
         .whyNot = [this] { return m_views->current() ? needsCapture() : tr("No view is open."); },
         .words = tr("finding note keep screenshot")});
    const auto needsFinding = [this] {
        return m_pinned->size() > 0 ? QString() : tr("Nothing was pinned yet: press P in a view.");
    };
    a.beginSection();
    a.add({.id = QStringLiteral("findings.present"),
           .text = tr("P&resent"),
           .keys = {QKeySequence(tr("F5"))},
           .run = [this] { present(m_pinnedPanel->current()); },
           .whyNot = needsFinding,
           .words = tr("presentation full screen slides")});
    a.add({.id = QStringLiteral("findings.report"),
           .text = tr("&Report…"),
           .keys = {QKeySequence(tr("Ctrl+Shift+R"))},
           .run = [this] { askReport(); },
           .whyNot = [this] { return needsCapture(); },
           .words = tr("export html pdf markdown")});
    a.add({.id = QStringLiteral("findings.undoRemove"),
           .text = tr("&Undo remove"),
           .run = [this] { m_pinned->undoRemove(); },
           .whyNot =
               [this] {
                   return m_pinned->canUndoRemove() ? QString() : tr("No finding was removed.");
               }});
}

void MainWindow::connectPinned()
{
    connect(m_pinnedPanel, &PinnedPanel::pinRequested, this, &MainWindow::pinView);
    connect(m_pinnedPanel, &PinnedPanel::presentRequested, this, &MainWindow::present);
    connect(m_pinnedPanel, &PinnedPanel::reportRequested, this, &MainWindow::askReport);
    connect(m_report, &ReportExport::failed, this,
            [this](const QString &summary, const QString &details) {
                showMessage(MessageKind::Error, summary, details);
            });
    connect(m_report, &ReportExport::written, this, [this](const QString &path) {
        auto *bar = showMessage(MessageKind::Info, tr("The report was written."),
                                display(path.toStdString()));
        connect(bar->addAction(tr("Open")), &QPushButton::clicked, this,
                [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    });
    connect(m_pinnedPanel, &PinnedPanel::restoreRequested, this, &MainWindow::restoreFinding);
    connect(m_pinned, &PinnedFindings::changed, m_actions, &ActionRegistry::refresh);
    connect(m_pinned, &PinnedFindings::restored, m_actions, &ActionRegistry::refresh);
    connect(m_pinned, &PinnedFindings::problem, this,
            [this](const QString &sentence) { showMessage(MessageKind::Warning, sentence); });
}

} // namespace flamewright
