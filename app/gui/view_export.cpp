#include "app/gui/view_export.h"

#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "views/paint/render.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QSaveFile>

#include <memory>
#include <utility>

namespace flamewright {
namespace {

struct FileKind {
    const char *filter;
    const char *ending;
    float scale;
};
constexpr FileKind kKinds[] = {
    {QT_TRANSLATE_NOOP("ViewExport", "SVG, text stays text (*.svg)"), "svg", 1},
    {QT_TRANSLATE_NOOP("ViewExport", "PNG (*.png)"), "png", 1},
    {QT_TRANSLATE_NOOP("ViewExport", "PNG, twice as fine (*.png)"), "png", 2},
    {QT_TRANSLATE_NOOP("ViewExport", "PDF (*.pdf)"), "pdf", 1},
};

const FileKind &kindOf(const QString &filter)
{
    for (const auto &kind : kKinds) {
        if (filter == ViewExport::tr(kind.filter))
            return kind;
    }
    return kKinds[0];
}

QString folderKey()
{
    return QStringLiteral("files/pictures");
}

} // namespace

ViewExport::ViewExport(const Services &services, QObject *parent)
    : QObject(parent),
      m_services(services),
      m_file(services.jobs),
      m_image(services.jobs),
      m_data(services.jobs),
      m_rows(services.jobs)
{}

void ViewExport::ask(const ViewPane &pane, QWidget *window)
{
    auto picture = pane.picture(m_services.appearance.theme());
    if (!picture) {
        Q_EMIT failed(tr("This view has no picture to export yet."), {});
        return;
    }
    auto *dialog = new QFileDialog(window, tr("Export view"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    QStringList filters;
    for (const auto &kind : kKinds)
        filters << tr(kind.filter);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(QString::fromLatin1(kKinds[0].ending));
    if (const auto folder = m_services.settings.string(folderKey()); !folder.isEmpty())
        dialog->setDirectory(folder);
    dialog->selectFile(picture->name + QStringLiteral(".svg"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        const auto ending = QString::fromLatin1(kindOf(filter).ending);
        dialog->setDefaultSuffix(ending);
        // The name that is there already follows.
        if (const auto files = dialog->selectedFiles(); !files.isEmpty())
            dialog->selectFile(QFileInfo(files.front()).completeBaseName() + QLatin1Char('.') +
                               ending);
    });
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, dialog,
             shared = std::make_shared<ViewPicture>(*std::move(picture))](const QString &path) {
                m_services.settings.setString(folderKey(), QFileInfo(path).absolutePath());
                write(*shared, path, kindOf(dialog->selectedNameFilter()).scale);
            });
    dialog->open();
}

void ViewExport::write(const ViewPicture &picture, const QString &path, float scale)
{
    m_file.start(
        "export view",
        [picture, path, scale](JobContext &) -> Result<bool> {
            FW_TRY(renderFile(picture.list, picture.size, picture.theme, scale, path.toStdString(),
                              picture.name.toStdString()));
            return true;
        },
        [this, path](Result<bool> result) {
            if (result.has_value())
                Q_EMIT written(path);
            else
                Q_EMIT failed(tr("The view could not be exported."),
                              display(result.error().text()));
        });
}

void ViewExport::askData(const ViewPane &pane, QWidget *window)
{
    auto rows = pane.data();
    if (!rows) {
        Q_EMIT failed(tr("This view has no rows to export yet."), {});
        return;
    }
    auto *dialog = new QFileDialog(window, tr("Export data"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    const auto csv = tr("CSV (*.csv)");
    dialog->setNameFilters({tr("Text with tabs (*.tsv)"), csv});
    dialog->setDefaultSuffix(QStringLiteral("tsv"));
    if (const auto folder = m_services.settings.string(folderKey()); !folder.isEmpty())
        dialog->setDirectory(folder);
    dialog->selectFile(tr("data") + QStringLiteral(".tsv"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, csv](const QString &filter) {
        const auto ending = filter == csv ? QStringLiteral("csv") : QStringLiteral("tsv");
        dialog->setDefaultSuffix(ending);
        if (const auto files = dialog->selectedFiles(); !files.isEmpty())
            dialog->selectFile(QFileInfo(files.front()).completeBaseName() + QLatin1Char('.') +
                               ending);
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, rows](const QString &path) {
        m_services.settings.setString(folderKey(), QFileInfo(path).absolutePath());
        writeData(rows, path);
    });
    dialog->open();
}

void ViewExport::writeData(std::function<QString()> rows, const QString &path)
{
    m_rows.start(
        "export data",
        [rows = std::move(rows), path](JobContext &) -> Result<bool> {
            const bool csv = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
            const auto bytes = (csv ? csvOf(rows()) : rows()).toUtf8();
            // Whole, or as it was before.
            QSaveFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() ||
                !file.commit())
                return fail(Errc::Io, file.errorString().toStdString());
            return true;
        },
        [this, path](Result<bool> result) {
            if (result.has_value())
                Q_EMIT written(path);
            else
                Q_EMIT failed(tr("The data could not be exported."),
                              display(result.error().text()));
        });
}

QString csvOf(const QString &tabSeparated)
{
    QString out;
    out.reserve(tabSeparated.size());
    for (const auto &line :
         QStringView(tabSeparated).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        bool first = true;
        for (const auto &cell : line.split(QLatin1Char('\t'))) {
            if (!std::exchange(first, false))
                out += QLatin1Char(',');
            if (cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')))
                out += QLatin1Char('"') +
                       cell.toString().replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
                       QLatin1Char('"');
            else
                out += cell;
        }
        out += QStringLiteral("\r\n");
    }
    return out;
}

void ViewExport::copyImage(const ViewPane &pane, float scale)
{
    auto picture = pane.picture(m_services.appearance.theme());
    if (!picture) {
        Q_EMIT failed(tr("This view has no picture to copy yet."), {});
        return;
    }
    m_image.start(
        "copy image",
        [shared = std::make_shared<ViewPicture>(*std::move(picture)), scale](JobContext &) {
            return renderImage(shared->list, shared->size, shared->theme, scale);
        },
        [this](Result<QImage> image) {
            if (!image.has_value()) {
                Q_EMIT failed(tr("The picture could not be copied."),
                              display(image.error().text()));
                return;
            }
            QGuiApplication::clipboard()->setImage(*image);
            Q_EMIT copied(tr("Copied a picture of %1 × %2 pixels.")
                              .arg(grouped(image->width()), grouped(image->height())));
        });
}

void ViewExport::copyData(const ViewPane &pane)
{
    auto work = pane.data();
    if (!work) {
        Q_EMIT failed(tr("This view has no rows to copy yet."), {});
        return;
    }
    m_data.start(
        "copy data", [work = std::move(work)](JobContext &) { return Result<QString>(work()); },
        [this](Result<QString> text) {
            if (!text.has_value()) {
                Q_EMIT failed(tr("The data could not be copied."), display(text.error().text()));
                return;
            }
            QGuiApplication::clipboard()->setText(*text);
            Q_EMIT copied(tr("Copied %1 lines.").arg(grouped(text->count(QLatin1Char('\n')))));
        });
}

} // namespace flamewright
