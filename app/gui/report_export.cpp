#include "app/gui/report_export.h"

#include "app/gui/report_dialog.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>

#include <utility>

namespace flamewright {
namespace {

QString folderKey()
{
    return QStringLiteral("files/reports");
}

Result<> writeText(const std::string &text, const QString &path)
{
    // Whole, or as it was before.
    QSaveFile file(path);
    const auto size = static_cast<qint64>(text.size());
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), size) != size || !file.commit())
        return fail(Errc::Io, file.errorString().toStdString());
    return {};
}

Report reportOf(const ReportContents &contents, const ReportRequest &request)
{
    if (contents.comparison)
        return buildReport(*contents.comparison, contents.findings, request, QtTextMetrics());
    return buildReport(contents.captures, contents.findings, {}, request);
}

} // namespace

ReportExport::ReportExport(const Services &services, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_job(services.jobs)
{}

void ReportExport::ask(ReportContents contents, QWidget *window)
{
    auto *dialog = new ReportDialog(contents, window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, window, shared = std::make_shared<ReportContents>(std::move(contents))] {
                const auto ending = dialog->ending();
                auto *files = new QFileDialog(window, tr("Save report"));
                files->setAttribute(Qt::WA_DeleteOnClose);
                files->setAcceptMode(QFileDialog::AcceptSave);
                files->setDefaultSuffix(ending);
                files->setNameFilters(
                    {dialog->typeText() + QStringLiteral(" (*.") + ending + QLatin1Char(')')});
                if (const auto folder = m_services.settings.string(folderKey()); !folder.isEmpty())
                    files->setDirectory(folder);
                files->selectFile(QString::fromStdString(CaptureText(shared->name.toStdString()).toFileName()) +
                                  QStringLiteral("-report.") + ending);
                connect(files, &QFileDialog::fileSelected, this,
                        [this, shared, title = dialog->title(),
                         kind = dialog->kind()](const QString &path) {
                            m_services.settings.setString(folderKey(),
                                                          QFileInfo(path).absolutePath());
                            write(*shared, title, kind, path);
                        });
                files->open();
            });
    dialog->open();
}

void ReportExport::write(ReportContents contents, const QString &title, ReportTemplate kind,
                         const QString &path)
{
    const ReportRequest request{.kind = kind,
                                .title = title.toStdString(),
                                .madeAt =
                                    reportTime(QDateTime::currentMSecsSinceEpoch() * 1'000'000)};
    m_job.start(
        "write report",
        [contents = std::move(contents), request, path](JobContext &job) -> Result<bool> {
            const auto report = reportOf(contents, request);
            FW_TRY(job.checkpoint());
            const auto ending = QFileInfo(path).suffix().toLower();
            if (ending == QLatin1String("pdf"))
                FW_TRY(writePdf(report, path.toStdString()));
            else
                FW_TRY(writeText(
                    ending == QLatin1String("md") ? toMarkdown(report) : toHtml(report), path));
            return true;
        },
        [this, path](Result<bool> result) {
            if (result.has_value())
                Q_EMIT written(path);
            else
                Q_EMIT failed(tr("The report could not be written."),
                              display(result.error().text()));
        });
}

} // namespace flamewright
