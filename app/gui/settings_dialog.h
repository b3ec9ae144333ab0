#pragma once

#include "app/gui/preferences.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace flamewright {

class PlainLabel;

// What a person can choose. Every choice works at once; Cancel takes all of them back.
class SettingsDialog : public QDialog {
    Q_OBJECT

public:
    explicit SettingsDialog(Settings &settings, QWidget *parent = nullptr);

public Q_SLOTS:
    void accept() override; // not while something in it cannot be used
    void reject() override;

private:
    QFormLayout *section(QVBoxLayout *column, const QString &title);
    void addNote(QFormLayout *form, const QString &text);
    QComboBox *choice(const char *name, const QString &label, const QStringList &texts);
    void addLook(QVBoxLayout *column);
    void addUnits(QVBoxLayout *column);
    void addEditor(QVBoxLayout *column);
    void addLinks(QFormLayout *form);
    void addSymbols(QVBoxLayout *column);
    void addDebuginfod(QVBoxLayout *column);
    void addStart(QVBoxLayout *column);
    void showValues(const Preferences &preferences);
    Preferences chosen() const;
    void changed();
    void followSymbols();
    void moveSymbolPath(int by);
    void askForSymbolPath();
    void testEditor();
    QString linkProblem() const;
    void followLinks();

    Settings &m_settings;
    const Preferences m_before;
    bool m_showing = false;
    QComboBox *m_theme = nullptr, *m_motion = nullptr, *m_wheel = nullptr;
    QComboBox *m_time = nullptr, *m_bytes = nullptr;
    QLineEdit *m_editor = nullptr;
    PlainLabel *m_editorAnswer = nullptr;
    QLineEdit *m_links = nullptr;
    PlainLabel *m_linkProblem = nullptr;
    QListWidget *m_symbols = nullptr;
    QPushButton *m_remove = nullptr, *m_up = nullptr, *m_down = nullptr;
    QCheckBox *m_restore = nullptr;
};

} // namespace flamewright
