#include "app/gui/profile_model.h"

#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"
#include "app/workbench.h"

#include <algorithm>

namespace flamewright {
namespace {

// The same question but for the search, which needs no new profile.
bool sameFacts(Scope a, const Scope &b)
{
    a.search = b.search;
    return a == b;
}

std::optional<double> shareWithNames(const Profile &profile)
{
    if (profile.samples <= 0)
        return std::nullopt;
    std::int64_t named = 0;
    for (const auto &row : profile.table) {
        if (!profile.functions[row.function.raw].unresolved)
            named = saturatingAdd(named, row.selfSamples);
    }
    return static_cast<double>(named) / static_cast<double>(profile.samples);
}

// Where `path` (functions from the root) is in another profile: as deep as it goes.
std::uint32_t nodeAlike(const Profile &from, std::uint32_t node, const Profile &to)
{
    std::vector<std::uint32_t> path;
    for (auto n = node; n != 0; n = from.tree.parent[n])
        path.push_back(n);
    std::uint32_t at = 0;
    for (auto step = path.rbegin(); step != path.rend(); ++step) {
        const auto &wanted = from.at(*step);
        std::uint32_t found = 0;
        for (auto child = at + 1; child < to.tree.subtreeEnd[at];
             child = to.tree.subtreeEnd[child]) {
            if (to.at(child).name == wanted.name && to.at(child).module == wanted.module) {
                found = child;
                break;
            }
        }
        if (found == 0)
            return 0;
        at = found;
    }
    return at;
}

} // namespace

ProfileModel::ProfileModel(const Services &services, Document &document, ScopeController &scope,
                           QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_profileJob(services.jobs),
      m_searchJob(services.jobs)
{
    m_due.setSingleShot(true);
    m_due.setInterval(0);
    connect(&m_due, &QTimer::timeout, this, &ProfileModel::loadProfile);
    connect(&scope, &ScopeController::scopeChanged, this, &ProfileModel::scopeMoved);
}

ProfileModel::~ProfileModel() = default;

void ProfileModel::scopeMoved(const Scope &scope)
{
    if (m_profile && !m_due.isActive() && !m_profileJob.busy() && sameFacts(m_loaded, scope)) {
        m_loaded.search = scope.search;
        runSearch();
        return;
    }
    m_due.start();
    Q_EMIT busyChanged();
}

void ProfileModel::loadProfile()
{
    const auto session = m_document.session();
    m_loaded = m_scope.scope();
    if (!session || m_loaded.captures.empty()) {
        clear();
        return;
    }
    m_profileJob.start(
        "profile",
        [&workbench = m_services.workbench, session, scope = m_loaded](JobContext &job) {
            return workbench.profile(*session, scope, job);
        },
        [this](Result<std::shared_ptr<const Profile>> result) {
            if (result.has_value()) {
                m_error.clear();
                adopt(freedIn(m_services.jobs, *std::move(result)));
            } else {
                clear();
                m_error = display(result.error().text());
                Q_EMIT profileChanged();
            }
            Q_EMIT busyChanged();
        });
    Q_EMIT busyChanged();
}

void ProfileModel::clear()
{
    m_profileJob.cancel();
    m_searchJob.cancel();
    m_profile.reset();
    m_search.reset();
    m_searchError.clear();
    m_error.clear();
    m_selection = {};
    m_zoom = 0;
    m_resolved.reset();
    Q_EMIT profileChanged();
    Q_EMIT searchChanged();
    Q_EMIT selectionChanged();
    Q_EMIT busyChanged();
}

void ProfileModel::adopt(std::shared_ptr<const Profile> profile)
{
    // What was chosen stays chosen where the new answer has it too.
    Selection kept;
    std::uint32_t zoom = 0;
    if (m_profile) {
        kept.node = nodeAlike(*m_profile, m_selection.node, *profile);
        kept.function = profile->tree.function[kept.node];
        zoom = nodeAlike(*m_profile, m_zoom, *profile);
    }
    m_profile = std::move(profile);
    m_resolved = shareWithNames(*m_profile);
    m_search.reset();
    m_selection = kept;
    m_zoom = zoom;
    Q_EMIT profileChanged();
    Q_EMIT zoomChanged();
    Q_EMIT selectionChanged();
    runSearch();
}

void ProfileModel::runSearch()
{
    const auto pattern = m_scope.scope().search;
    if (pattern.empty() || !m_profile) {
        m_searchJob.cancel();
        m_search.reset();
        m_searchError.clear();
        Q_EMIT searchChanged();
        Q_EMIT busyChanged();
        return;
    }
    m_searchJob.start(
        "search",
        [profile = m_profile, pattern, zoom = m_zoom](JobContext &) {
            return searchProfile(*profile, pattern, zoom);
        },
        [this](Result<SearchResult> result) {
            if (result.has_value()) {
                m_search = std::make_shared<const SearchResult>(*std::move(result));
                m_searchError.clear();
            } else {
                m_search.reset();
                m_searchError = display(result.error().message());
            }
            Q_EMIT searchChanged();
            Q_EMIT busyChanged();
        });
}

void ProfileModel::selectNode(std::uint32_t node)
{
    if (!m_profile || node >= m_profile->tree.size())
        return;
    const Selection next{node, m_profile->tree.function[node]};
    if (next == m_selection)
        return;
    m_selection = next;
    Q_EMIT selectionChanged();
}

void ProfileModel::selectFunction(FunctionId function)
{
    if (!m_profile || function == m_selection.function)
        return;
    const auto &tree = m_profile->tree;
    std::uint32_t best = 0;
    for (std::uint32_t node = 1; node < tree.size(); ++node) {
        if (tree.function[node] == function && (best == 0 || tree.total[node] > tree.total[best]))
            best = node;
    }
    m_selection = {best, best == 0 ? FunctionId{} : function};
    Q_EMIT selectionChanged();
}

void ProfileModel::setZoom(std::uint32_t node)
{
    if (!m_profile || node >= m_profile->tree.size() || node == m_zoom)
        return;
    m_zoom = node;
    Q_EMIT zoomChanged();
    if (!m_scope.scope().search.empty())
        runSearch();
}

} // namespace flamewright
