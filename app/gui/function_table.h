#pragma once

#include "app/gui/function_table_model.h"

#include <QWidget>

class QTableView;

namespace flamewright {

class PlainLabel;
class ProfileModel;
class Settings;

// The linked function table under the flame graph.
class FunctionTable : public QWidget {
    Q_OBJECT

public:
    FunctionTable(ProfileModel &profile, Settings &settings, QWidget *parent = nullptr);
    ~FunctionTable() override;

    QTableView *view() const { return m_view; }
    FunctionTableModel &model() { return m_model; }
    // How many there are, for a title bar: no longer above the table then.
    QWidget *takeCount();

Q_SIGNALS:
    // Enter or double-click: show the function in the flame graph.
    void activated(flamewright::FunctionId function);

private:
    void profileMoved();
    void searchMoved();
    void selectionMoved();
    void rowChosen();
    void describe();

    ProfileModel &m_profile;
    Settings &m_settings;
    FunctionTableModel m_model;
    QTableView *m_view;
    PlainLabel *m_count;
    QWidget *m_head = nullptr;
    bool m_following = false;
};

} // namespace flamewright
