#include "views/paint/render.h"

#include "capture/base/capture_text.h"
#include "views/paint/paint_qt.h"
#include "views/paint/paint_svg.h"

#include <QFile>
#include <QImage>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <algorithm>
#include <cmath>

namespace flamewright {
namespace {

constexpr double kPixelsPerInch = 96, kPointsPerInch = 72;

QString fileName(const std::filesystem::path &path)
{
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

tl::unexpected<Error> cannotWrite(const std::filesystem::path &path, const QString &why)
{
    return fail(Errc::Io, "cannot write " + path.string() + ": " + why.toStdString());
}

} // namespace

Result<PictureFormat> pictureFormat(const std::filesystem::path &path)
{
    auto extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (extension == ".png")
        return PictureFormat::Png;
    if (extension == ".svg")
        return PictureFormat::Svg;
    if (extension == ".pdf")
        return PictureFormat::Pdf;
    return fail(Errc::Usage,
                "the picture is an .svg, .png or .pdf file, not '" + path.string() + "'");
}

Result<> renderFile(const DisplayList &list, SizeF size, Theme theme, float scale,
                    const std::filesystem::path &path, std::string_view title)
{
    FW_ASSIGN(const auto format, pictureFormat(path));
    switch (format) {
    case PictureFormat::Png: return renderPng(list, size, scale, theme, path);
    case PictureFormat::Svg: return renderSvg(list, size, theme, path);
    case PictureFormat::Pdf: return renderPdf(list, size, theme, path, title);
    }
    return {};
}

Result<QImage> renderImage(const DisplayList &list, SizeF size, Theme theme, float scale)
{
    const auto width = std::ceil(size.width * scale), height = std::ceil(size.height * scale);
    if (!(width >= 1 && height >= 1 && width <= kMaxPictureSide && height <= kMaxPictureSide))
        return fail(Errc::Limit, "a picture has 1 to 32000 pixels on each side");
    QImage image(static_cast<int>(width), static_cast<int>(height),
                 QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return fail(Errc::Limit, "not enough memory for a picture of this size");
    image.setDevicePixelRatio(static_cast<double>(scale));
    image.fill(toQt(palette(theme).surface0));
    QPainter painter(&image);
    paint(list, painter);
    painter.end();
    return image;
}

Result<> renderPng(const DisplayList &list, SizeF size, float scale, Theme theme,
                   const std::filesystem::path &path)
{
    FW_ASSIGN(const auto image, renderImage(list, size, theme, scale));
    QSaveFile file(fileName(path));
    if (!file.open(QIODevice::WriteOnly) || !image.save(&file, "PNG") || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

Result<> renderSvg(const DisplayList &list, SizeF size, Theme theme,
                   const std::filesystem::path &path)
{
    const auto text = toSvg(list, size, theme);
    QSaveFile file(fileName(path));
    if (!file.open(QIODevice::WriteOnly) ||
        file.write(text.data(), static_cast<qint64>(text.size())) !=
            static_cast<qint64>(text.size()) ||
        !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

Result<> renderPdf(const DisplayList &list, SizeF size, Theme theme,
                   const std::filesystem::path &path, std::string_view title)
{
    if (!(size.width >= 1 && size.height >= 1 && size.width <= kMaxPdfSide &&
          size.height <= kMaxPdfSide))
        return fail(Errc::Limit, "a page has 1 to 19200 pixels on each side; make the picture "
                                 "smaller, or an .svg");
    QSaveFile file(fileName(path));
    if (!file.open(QIODevice::WriteOnly))
        return cannotWrite(path, file.errorString());
    {
        QPdfWriter writer(&file);
        const auto shown = CaptureText(title).toDisplay();
        writer.setTitle(QString::fromUtf8(shown.data(), static_cast<qsizetype>(shown.size())));
        writer.setCreator(QStringLiteral("Flamewright"));
        writer.setResolution(static_cast<int>(kPixelsPerInch));
        const QSizeF points(static_cast<double>(size.width) * kPointsPerInch / kPixelsPerInch,
                            static_cast<double>(size.height) * kPointsPerInch / kPixelsPerInch);
        // A wide page is portrait as far as Qt knows: the size is that of the picture as it is.
        const QPageSize page(points, QPageSize::Point, QString(), QPageSize::ExactMatch);
        if (!writer.setPageLayout(
                QPageLayout(page, QPageLayout::Portrait, QMarginsF(), QPageLayout::Point)))
            return fail(Errc::Limit, "a page of this size cannot be made");
        QPainter painter;
        if (!painter.begin(&writer))
            return cannotWrite(path, file.errorString());
        painter.fillRect(
            QRectF(0, 0, static_cast<double>(size.width), static_cast<double>(size.height)),
            toQt(palette(theme).surface0));
        paint(list, painter);
        painter.end();
    }
    if (file.error() != QFileDevice::NoError || !file.commit())
        return cannotWrite(path, file.errorString());
    return {};
}

} // namespace flamewright
