#include "app/gui/link_pattern.h"

#include "app/gui/text.h"

namespace flamewright {
namespace {

Result<SourceLinks> parsed(const QString &pattern)
{
    if (pattern.isEmpty())
        return SourceLinks::toFiles();
    if (pattern == QLatin1String("none"))
        return SourceLinks();
    return SourceLinks::of(pattern.toStdString());
}

} // namespace

QString linkPatternProblem(const QString &pattern)
{
    const auto links = parsed(pattern);
    return links.has_value() ? QString() : display(links.error().text());
}

SourceLinks linksOf(const QString &pattern)
{
    auto links = parsed(pattern);
    return links.has_value() ? *std::move(links) : SourceLinks();
}

} // namespace flamewright
