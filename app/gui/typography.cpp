#include "app/gui/typography.h"

#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QFontInfo>

namespace flamewright {
namespace {

constexpr int kCaptionPx = 11, kBodyPx = 13, kTitlePx = 15, kFigurePx = 22;

void addMissingFamily(const QString &family, const QString &folder, const QStringList &files)
{
    if (QFontDatabase::hasFamily(family))
        return;
    for (const auto &file : files)
        QFontDatabase::addApplicationFont(QDir(folder).filePath(file));
}

QString familyOr(const QString &family, QFontDatabase::SystemFont otherwise)
{
    return QFontDatabase::hasFamily(family) ? family
                                            : QFontDatabase::systemFont(otherwise).family();
}

QFont make(const QString &family, QFont::StyleHint hint, int px, QFont::Weight weight)
{
    QFont font(family);
    font.setStyleHint(hint);
    font.setPixelSize(px);
    font.setWeight(weight);
    // Glyph positions as designed at every scale; no rounding to whole pixels.
    font.setHintingPreference(QFont::PreferVerticalHinting);
    return font;
}

} // namespace

void setUpTypography()
{
    addMissingFamily(QStringLiteral("Inter"), QStringLiteral("/usr/share/fonts/opentype/inter"),
                     {QStringLiteral("Inter-Regular.otf"), QStringLiteral("Inter-SemiBold.otf")});
    addMissingFamily(
        QStringLiteral("JetBrains Mono"),
        QStringLiteral("/usr/share/fonts/truetype/jetbrains-mono"),
        {QStringLiteral("JetBrainsMono-Regular.ttf"), QStringLiteral("JetBrainsMono-Bold.ttf")});
    QApplication::setFont(typeFont(TextStyle::Body));
}

QFont typeFont(TextStyle style)
{
    // Asked for by every cell that is painted: looking families up each time is what costs.
    static const QString ui = familyOr(QStringLiteral("Inter"), QFontDatabase::GeneralFont);
    static const QString mono =
        familyOr(QStringLiteral("JetBrains Mono"), QFontDatabase::FixedFont);
    switch (style) {
    case TextStyle::Body: return make(ui, QFont::SansSerif, kBodyPx, QFont::Normal);
    case TextStyle::Strong: return make(ui, QFont::SansSerif, kBodyPx, QFont::DemiBold);
    case TextStyle::Title: return make(ui, QFont::SansSerif, kTitlePx, QFont::DemiBold);
    case TextStyle::Figure: return make(ui, QFont::SansSerif, kFigurePx, QFont::DemiBold);
    case TextStyle::Caption: return make(ui, QFont::SansSerif, kCaptionPx, QFont::Normal);
    case TextStyle::Section: return make(ui, QFont::SansSerif, 12, QFont::DemiBold);
    case TextStyle::Mono: return make(mono, QFont::Monospace, 12, QFont::Normal);
    }
    return make(ui, QFont::SansSerif, kBodyPx, QFont::Normal);
}

} // namespace flamewright
