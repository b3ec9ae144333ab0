#include "app/gui/session_keeper.h"

#include "app/gui/document.h"
#include "app/gui/panels.h"
#include "app/gui/requests_model.h"
#include "app/gui/saved_scopes.h"
#include "app/gui/scope_controller.h"
#include "app/gui/settings.h"
#include "app/gui/view_area.h"
#include "app/gui/view_catalogue.h"
#include "app/scope_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QScopedValueRollback>

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr int kVersion = 1, kDelayMs = 500;

// Somebody's layout for profiles and those for load tests and benchmarks are three.
QString defaultKey(Subject subject)
{
    switch (subject) {
    case Subject::Profile: break;
    case Subject::LoadTest: return QStringLiteral("layout/load");
    case Subject::ToolFigures: return QStringLiteral("layout/figures");
    case Subject::Benchmarks: return QStringLiteral("layout/benchmarks");
    case Subject::Trace: return QStringLiteral("layout/trace");
    case Subject::Spans: return QStringLiteral("layout/spans");
    }
    return QStringLiteral("layout/default");
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

SessionKeeper::SessionKeeper(Document &document, ScopeController &scope, RequestsModel &load,
                             ViewArea &views, Panels &panels, SavedScopes &saved,
                             Settings &settings, QObject *parent)
    : QObject(parent),
      m_document(document),
      m_scope(scope),
      m_load(load),
      m_views(views),
      m_panels(panels),
      m_saved(saved),
      m_settings(settings)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kDelayMs);
    connect(&m_timer, &QTimer::timeout, this, &SessionKeeper::keepNow);
    connect(&scope, &ScopeController::scopeChanged, this, &SessionKeeper::later);
    connect(&load, &RequestsModel::choiceChanged, this, &SessionKeeper::later);
    connect(&views, &ViewArea::changed, this, &SessionKeeper::later);
    connect(&panels, &Panels::changed, this, &SessionKeeper::later);
    connect(&saved, &SavedScopes::changed, this, [this] {
        if (!m_restoring)
            m_document.keep(kScopesKey, m_saved.toJson().toStdString(), Document::Keep::Edit);
    });
}

void SessionKeeper::later()
{
    if (!m_restoring)
        m_timer.start();
}

QJsonObject SessionKeeper::windowState() const
{
    return {{QStringLiteral("version"), kVersion},
            {QStringLiteral("views"), m_views.state()},
            {QStringLiteral("panels"), m_panels.state()}};
}

void SessionKeeper::keepNow()
{
    m_timer.stop();
    if (m_document.captures().empty())
        return; // nothing is shown: nothing was set up
    auto state = windowState();
    m_settings.setBytes(defaultKey(m_subject), compact(state));
    state.insert(QStringLiteral("load"), m_load.state());
    const auto scope =
        QJsonDocument::fromJson(QByteArray::fromStdString(scopeToJson(m_scope.scope())));
    state.insert(QStringLiteral("scope"), scope.object());
    const auto json = compact(state);
    if (json == m_keptWindow)
        return;
    m_keptWindow = json;
    m_document.keep(kWindowKey, json.toStdString(), Document::Keep::Look);
}

bool SessionKeeper::restoreWindow(const QByteArray &json)
{
    const auto from = QJsonDocument::fromJson(json).object();
    if (from.value(QStringLiteral("version")).toInt() != kVersion) {
        qWarning("a saved layout is damaged or of a newer version and is not used");
        return false;
    }
    m_panels.restore(from.value(QStringLiteral("panels")).toArray());
    m_views.restore(from.value(QStringLiteral("views")).toObject());
    return true;
}

void SessionKeeper::restoreDefault()
{
    const QScopedValueRollback guard(m_restoring, true);
    if (const auto kept = m_settings.bytes(defaultKey(m_subject)); !kept.isEmpty())
        (void)restoreWindow(kept);
}

void SessionKeeper::restoreSession()
{
    const QScopedValueRollback guard(m_restoring, true);
    const auto window = QByteArray::fromStdString(m_document.kept(kWindowKey));
    m_keptWindow = window;
    m_pendingScope.clear();
    m_begun = false;
    m_hasOwn = !window.isEmpty() && restoreWindow(window);
    const auto left = QJsonDocument::fromJson(window).object();
    if (m_hasOwn)
        m_pendingScope = compact(left.value(QStringLiteral("scope")).toObject());
    m_load.restore(left.value(QStringLiteral("load")).toObject());
    m_saved.restore(QByteArray::fromStdString(m_document.kept(kScopesKey)));
}

bool SessionKeeper::begin(Subject subject)
{
    if (std::exchange(m_begun, true))
        return false;
    if (std::exchange(m_subject, subject) == subject || m_hasOwn)
        return true;
    const QScopedValueRollback guard(m_restoring, true);
    const auto kept = m_settings.bytes(defaultKey(subject));
    if (kept.isEmpty() || !restoreWindow(kept))
        m_views.reset();
    return true;
}

bool SessionKeeper::restoreScope()
{
    if (m_pendingScope.isEmpty())
        return false;
    auto scope = scopeFromJson(m_pendingScope.toStdString());
    m_pendingScope.clear();
    if (!scope.has_value()) {
        qWarning("the scope of this session is not used: %s", scope.error().text().c_str());
        return false;
    }
    const auto there = [this](CaptureId id) {
        const auto *capture = m_document.find(id);
        return capture && capture->state != CaptureState::Importing;
    };
    std::erase_if(scope->captures, [&](CaptureId id) { return !there(id); });
    std::erase_if(scope->tracks, [&](const TrackRef &track) { return !there(track.capture); });
    if (scope->captures.empty())
        return false;
    m_scope.restart(*std::move(scope));
    return true;
}

} // namespace flamewright
