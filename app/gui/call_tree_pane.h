#pragma once

#include "app/gui/call_tree_model.h"
#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/view_pane.h"

#include <QTimer>

#include <array>
#include <functional>
#include <memory>
#include <vector>

class QToolButton;

namespace flamewright {

class CallTreeView;
class PlainLabel;
class ProfileModel;

// The tables of a profile: functions, who calls whom from the top or from the bottom, modules,
// files. One tree view; a switch says what its rows are.
class CallTreePane : public ViewPane {
    Q_OBJECT

public:
    CallTreePane(const Services &services, ProfileModel &profile, QWidget *parent = nullptr);
    ~CallTreePane() override;

    void setKind(TableKind kind);
    TableKind kind() const { return m_kind; }
    CallTreeView *view() const { return m_view; }
    CallTreeModel &model() { return m_model; }
    bool busy() const { return m_job.busy(); }
    // What the line below the table says, for tests.
    QString summary() const;

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    // The rows as shown, tab-separated.
    std::function<QString()> data() const override;

public Q_SLOTS:
    void expandAll();
    void expandHottestPath();
    // The next row that matches the search (-1: the one before), closed ones opened; around.
    void selectMatch(int step);
    void copyRows();
    // The functions from the row to the outermost call, one a line.
    void copyStack();

Q_SIGNALS:
    // Enter: the selected function should be looked at in the flame graph.
    void showRequested();

private:
    // What is worked out off the GUI thread, once per profile.
    struct Built {
        std::shared_ptr<const Profile> inverted;
        std::shared_ptr<const std::vector<FunctionGroup>> modules, files;
    };
    void build();
    void profileMoved();
    void searchMoved();
    void selectionMoved();
    void rowChosen();
    void showRows();
    void describe();
    QString foundText() const;
    void openMenu(const QPoint &at);
    std::shared_ptr<const CallTreeRows> rowsNow() const;
    std::vector<FunctionId> stackOf(const QModelIndex &index) const;

    const Services &m_services;
    ProfileModel &m_profile;
    CallTreeModel m_model;
    LatestJob<Built> m_job;
    Built m_built;
    std::shared_ptr<const Profile> m_shown; // the profile that m_built belongs to
    TableKind m_kind = TableKind::TopDown;
    CallTreeView *m_view;
    std::array<QToolButton *, kTableKinds> m_kinds{};
    QToolButton *m_hottest, *m_all;
    PlainLabel *m_summary, *m_base, *m_empty;
    QTimer m_openedOrClosed; // many rows may be at once
    QString m_note;          // about the last thing done, until the rows change
    bool m_following = false;
};

} // namespace flamewright
