#include "views/paint/render.h"

#include "views/paint/paint_qt.h"
#include "views/paint/paint_svg.h"

#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSaveFile>

#include <cmath>

namespace flamewright {
namespace {

QString fileName(const std::filesystem::path &path)
{
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

tl::unexpected<Error> cannotWrite(const std::filesystem::path &path, const QString &why)
{
    return fail(Errc::Io, "cannot write " + path.string() + ": " + why.toStdString());
}

} // namespace

Result<> renderPng(const DisplayList &list, SizeF size, float scale, Theme theme,
                   const std::filesystem::path &path)
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

} // namespace flamewright
