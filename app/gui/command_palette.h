#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/palette_model.h"

#include <QFrame>
#include <QPointer>

#include <memory>
#include <vector>

class QLineEdit;
class QListView;

namespace flamewright {

class ActionRegistry;
class Document;
class PlainLabel;
class ProfileModel;
class ScopeController;
class Settings;
struct Services;

// Everything that can be done, found by typing. "@name" looks for functions of the profile shown,
// "#name" for threads; these are many, so they are looked through off the GUI thread.
class CommandPalette : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const Services &services, ActionRegistry &actions, const Document &document,
                   ScopeController &scope, ProfileModel &profile, QWidget *window);

    // With `typed` in the field already: "@" to look for a function.
    void open(const QString &typed = {});
    void dismiss();

    QLineEdit *field() const { return m_field; }
    QListView *list() const { return m_list; }
    const PaletteModel &model() const { return m_model; }
    bool busy() const { return m_search.busy(); }

Q_SIGNALS:
    void functionChosen(quint32 function);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::vector<PaletteItem> commands() const;
    void typed();
    void findFunctions(const QString &name);
    void findThreads(const QString &name);
    void showRows(std::vector<PaletteModel::Row> rows, const QString &none);
    void step(int by);
    void run(int row);
    void place();

    const Services &m_services;
    ActionRegistry &m_actions;
    const Document &m_document;
    ScopeController &m_scope;
    ProfileModel &m_profile;
    LatestJob<std::vector<PaletteModel::Row>> m_search;
    PaletteModel m_model;
    std::vector<PaletteItem> m_commands; // as they were when it opened
    QPointer<QWidget> m_before;          // had the keyboard
    QLineEdit *m_field;
    QListView *m_list;
    PlainLabel *m_hint;
};

} // namespace flamewright
