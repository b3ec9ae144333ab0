#include "app/gui/saved_scopes.h"

#include "app/scope_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMost = 500;
constexpr qsizetype kLongestName = 200;

QString tidy(const QString &name)
{
    return name.simplified().left(kLongestName);
}

} // namespace

bool SavedScopes::has(const QString &name) const
{
    return std::any_of(m_all.begin(), m_all.end(),
                       [&](const Saved &saved) { return saved.name == name; });
}

QString SavedScopes::add(const QString &wanted, const Scope &scope)
{
    const auto base = tidy(wanted).isEmpty() ? tr("Scope") : tidy(wanted);
    auto name = base;
    for (int n = 2; has(name); ++n)
        name = QStringLiteral("%1 %2").arg(base).arg(n);
    if (m_all.size() == kMost)
        m_all.erase(m_all.begin());
    m_all.push_back({name, scope});
    Q_EMIT changed();
    return name;
}

void SavedScopes::overwrite(std::size_t at, const Scope &scope)
{
    if (at >= m_all.size() || m_all[at].scope == scope)
        return;
    m_all[at].scope = scope;
    Q_EMIT changed();
}

bool SavedScopes::rename(std::size_t at, const QString &wanted)
{
    const auto name = tidy(wanted);
    if (at >= m_all.size() || name.isEmpty())
        return false;
    if (name == m_all[at].name)
        return true;
    if (has(name))
        return false;
    m_all[at].name = name;
    Q_EMIT changed();
    return true;
}

void SavedScopes::remove(std::size_t at)
{
    if (at >= m_all.size())
        return;
    m_all.erase(m_all.begin() + static_cast<std::ptrdiff_t>(at));
    Q_EMIT changed();
}

QByteArray SavedScopes::toJson() const
{
    QJsonArray list;
    for (const auto &saved : m_all) {
        const auto scope =
            QJsonDocument::fromJson(QByteArray::fromStdString(scopeToJson(saved.scope)));
        list.append(QJsonObject{{QStringLiteral("name"), saved.name},
                                {QStringLiteral("scope"), scope.object()}});
    }
    return QJsonDocument(
               QJsonObject{{QStringLiteral("version"), kVersion}, {QStringLiteral("scopes"), list}})
        .toJson(QJsonDocument::Compact);
}

void SavedScopes::restore(const QByteArray &json)
{
    m_all.clear();
    const auto from = QJsonDocument::fromJson(json).object();
    if (!json.isEmpty() && from.value(QStringLiteral("version")).toInt() != kVersion)
        qWarning("the saved scopes of this session are of another version and are not shown");
    else
        for (const auto &value : from.value(QStringLiteral("scopes")).toArray()) {
            const auto o = value.toObject();
            const auto name = tidy(o.value(QStringLiteral("name")).toString());
            const auto text = QJsonDocument(o.value(QStringLiteral("scope")).toObject())
                                  .toJson(QJsonDocument::Compact);
            auto scope = scopeFromJson(text.toStdString());
            if (name.isEmpty() || has(name) || !scope.has_value() || m_all.size() == kMost) {
                qWarning("a saved scope of this session cannot be read and is left out");
                continue;
            }
            m_all.push_back({name, *std::move(scope)});
        }
    Q_EMIT restored();
}

} // namespace flamewright
