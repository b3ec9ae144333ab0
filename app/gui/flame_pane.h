#pragma once

#include "app/gui/services.h"
#include "views/scene/flame_view.h"

#include <QWidget>

class QToolButton;

namespace flamewright {

class FlameWidget;
class PlainLabel;
class ProfileModel;

// The flame graph with its header: what is shown, icicle or flame, how much of it.
class FlamePane : public QWidget {
    Q_OBJECT

public:
    FlamePane(const Services &services, ProfileModel &profile, QWidget *parent = nullptr);

    FlameWidget *flame() const { return m_flame; }
    void setLayout(FlameLayout layout);
    FlameLayout layoutShown() const;
    // What the header says about the profile, for tests.
    QString summary() const;

private:
    void profileMoved();
    void searchMoved();
    void selectionMoved();
    void describe();
    void applyTheme();

    const Services &m_services;
    ProfileModel &m_profile;
    FlameWidget *m_flame;
    QToolButton *m_icicle, *m_flameLayout, *m_unzoom;
    PlainLabel *m_summary;
    bool m_following = false;
};

} // namespace flamewright
