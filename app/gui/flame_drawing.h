#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "views/scene/flame_options.h"
#include "views/scene/flame_view.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace flamewright {

class Document;
class ProfileModel;
class ScopeController;

// What one flame graph draws: the profile of the current scope in one layout, made off the GUI
// thread. Functions have the ids of ProfileModel's profile in every layout; nodes only where
// sharesNodes() says so.
class FlameDrawing : public QObject {
    Q_OBJECT

public:
    struct Picture {
        FlameLayout layout = FlameLayout::Icicle;
        std::shared_ptr<const Profile> base;      // what it was made of
        std::shared_ptr<const FlameData> flame;   // of a sandwich: the callees
        std::shared_ptr<const FlameData> callers; // of a sandwich only
        FunctionId function;                      // whose sandwich it is
        std::int64_t timeOriginNs = 0;            // of a chart
        std::uint64_t leftOut = 0, untimed = 0;   // samples that a chart does not show
    };

    FlameDrawing(const Services &services, Document &document, ScopeController &scope,
                 ProfileModel &profile, QObject *parent = nullptr);

    FlameLayout layout() const { return m_layout; }
    void setLayout(FlameLayout layout);
    // The function in the middle of a sandwich; raw 0: mostInteresting().
    void setCentre(FunctionId function);

    // Nothing until the first profile; then that of the layout asked for last.
    const std::optional<Picture> &picture() const { return m_picture; }
    // Whether nodes of the picture are those of ProfileModel's profile.
    bool sharesNodes() const;
    bool busy() const { return m_job.busy(); }
    const QString &error() const { return m_error; }

Q_SIGNALS:
    void changed();

private:
    void make();
    FunctionId centreOf(const Profile &profile) const;

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    ProfileModel &m_profile;
    FlameLayout m_layout = FlameLayout::Icicle;
    FunctionId m_centre;
    std::optional<Picture> m_picture;
    QString m_error;
    LatestJob<Picture> m_job;
};

} // namespace flamewright
