#pragma once

#include <QAbstractListModel>
#include <QWidget>

class QListView;
class QPushButton;

namespace flamewright {

class PlainLabel;
class SavedScopes;
class ScopeController;

// The saved scopes as rows: name, and in the tooltip what it is about.
class SavedScopesModel : public QAbstractListModel {
    Q_OBJECT

public:
    explicit SavedScopesModel(SavedScopes &scopes, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void follow();

    SavedScopes &m_scopes;
    int m_rows = 0;
};

// The panel: save the current scope, apply, rename, overwrite and delete saved ones.
class SavedScopesPanel : public QWidget {
    Q_OBJECT

public:
    SavedScopesPanel(SavedScopes &scopes, ScopeController &scope, QWidget *parent = nullptr);

    QListView *list() const { return m_list; }
    // Belongs into the title bar of the panel.
    QWidget *saveButton() const;

public Q_SLOTS:
    // Under a proposed name, which can be typed over at once.
    void saveCurrent();
    void apply(int row);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow();
    void openMenu(const QPoint &at);
    QString proposedName() const;

    SavedScopes &m_scopes;
    ScopeController &m_scope;
    SavedScopesModel m_model;
    QListView *m_list;
    QPushButton *m_save;
    PlainLabel *m_hint;
};

// "searches /alloc/i · 2 times · 3 threads": what a scope narrows down to.
QString scopeInWords(const struct Scope &scope);

} // namespace flamewright
