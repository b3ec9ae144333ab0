#pragma once

#include "analysis/flame_tree.h"
#include "analysis/scope.h"
#include "analysis/search.h"
#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace flamewright {

class Document;
class ScopeController;

// The answer to the current scope: profile, search result and what is selected in it. What flame
// graph, function table, inspector and status line show. Computed off the GUI thread; only the
// newest question is answered.
class ProfileModel : public QObject {
    Q_OBJECT

public:
    // Node 0, the root, stands for "nothing chosen: everything".
    struct Selection {
        std::uint32_t node = 0;
        FunctionId function;
        friend bool operator==(const Selection &, const Selection &) = default;
    };

    ProfileModel(const Services &services, Document &document, ScopeController &scope,
                 QObject *parent = nullptr);
    ~ProfileModel() override;

    // Null until the first answer.
    const std::shared_ptr<const Profile> &profile() const { return m_profile; }
    const std::shared_ptr<const SearchResult> &search() const { return m_search; }
    // The scope that profile() answers, but for the search.
    const Scope &loadedScope() const { return m_loaded; }
    const QString &searchError() const { return m_searchError; }
    const QString &error() const { return m_error; }
    // How its values are written; after another choice profileChanged() comes.
    ValueStyle valueStyle() const { return m_services.settings.valueStyle(); }
    const Selection &selection() const { return m_selection; }
    std::uint32_t zoomNode() const { return m_zoom; }
    bool busy() const { return m_profileJob.busy() || m_searchJob.busy() || m_due.isActive(); }
    // Share of samples whose innermost function has a name; nullopt without samples.
    std::optional<double> resolvedShare() const { return m_resolved; }

    void selectNode(std::uint32_t node);
    // The function's heaviest node stands for it.
    void selectFunction(FunctionId function);
    // The node that fills the width of the flame graph. Not part of the scope: numbers keep
    // their base; only the search's sums follow.
    void setZoom(std::uint32_t node);

Q_SIGNALS:
    void profileChanged();
    void searchChanged();
    void selectionChanged();
    void zoomChanged();
    void busyChanged();

private:
    void scopeMoved(const Scope &scope);
    void loadProfile();
    void runSearch();
    void adopt(std::shared_ptr<const Profile> profile);
    void clear();

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    LatestJob<std::shared_ptr<const Profile>> m_profileJob;
    LatestJob<SearchResult> m_searchJob;
    QTimer m_due; // several changes of one event become one question
    Scope m_loaded;
    std::shared_ptr<const Profile> m_profile;
    std::shared_ptr<const SearchResult> m_search;
    QString m_searchError, m_error;
    Selection m_selection;
    std::uint32_t m_zoom = 0;
    std::optional<double> m_resolved;
};

} // namespace flamewright
