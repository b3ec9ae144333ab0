#include "app/gui/view_export.h"

#include "app/gui/figures.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <cmath>
#include <memory>

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

Result<QImage> imageOf(const ViewPicture &picture, float scale)
{
    const auto width = std::ceil(picture.size.width * scale),
               height = std::ceil(picture.size.height * scale);
    if (!(width >= 1 && height >= 1 && width <= kMaxPictureSide && height <= kMaxPictureSide))
        return fail(Errc::Limit, "a picture has 1 to 32000 pixels on each side");
    QImage image(static_cast<int>(width), static_cast<int>(height),
                 QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return fail(Errc::Limit, "not enough memory for a picture of this size");
    image.setDevicePixelRatio(static_cast<double>(scale));
    image.fill(toQt(palette(picture.theme).surface0));
    QPainter painter(&image);
    paint(picture.list, painter);
    return image;
}

// One page of the size of the picture, 96 pixels an inch.
Result<> writePdf(const ViewPicture &picture, const QString &path)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(Errc::Io, "cannot write the file: " + file.errorString().toStdString());
    {
        QPdfWriter writer(&file);
        writer.setTitle(picture.name);
        const QSizeF inches(picture.size.width / 96.0, picture.size.height / 96.0);
        writer.setPageSize(QPageSize(inches, QPageSize::Inch));
        writer.setPageMargins({});
        writer.setResolution(1200);
        QPainter painter(&writer);
        painter.scale(1200 / 96.0, 1200 / 96.0);
        painter.fillRect(QRectF(0, 0, static_cast<double>(picture.size.width),
                                static_cast<double>(picture.size.height)),
                         toQt(palette(picture.theme).surface0));
        paint(picture.list, painter);
    }
    if (!file.commit())
        return fail(Errc::Io, "cannot write the file: " + file.errorString().toStdString());
    return {};
}

Result<> writePicture(const ViewPicture &picture, const QString &path, float scale)
{
    const auto ending = QFileInfo(path).suffix().toLower();
    if (ending == QLatin1String("svg"))
        return renderSvg(picture.list, picture.size, picture.theme, path.toStdString());
    if (ending == QLatin1String("png"))
        return renderPng(picture.list, picture.size, scale, picture.theme, path.toStdString());
    if (ending == QLatin1String("pdf"))
        return writePdf(picture, path);
    return fail(Errc::Usage, "the name must end in .svg, .png or .pdf");
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
      m_data(services.jobs)
{}

void ViewExport::ask(const ViewPane &pane, QWidget *window)
{
    auto picture = pane.picture();
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
            FW_TRY(writePicture(picture, path, scale));
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

void ViewExport::copyImage(const ViewPane &pane, float scale)
{
    auto picture = pane.picture();
    if (!picture) {
        Q_EMIT failed(tr("This view has no picture to copy yet."), {});
        return;
    }
    m_image.start(
        "copy image",
        [shared = std::make_shared<ViewPicture>(*std::move(picture)), scale](JobContext &) {
            return imageOf(*shared, scale);
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
