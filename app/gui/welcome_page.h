#pragma once

#include <QWidget>

class QVBoxLayout;

namespace flamewright {

class ImporterRegistry;
class Settings;

// What an empty window shows: what can be dropped here, recent files, a button.
class WelcomePage : public QWidget {
    Q_OBJECT

public:
    // `demo`: there are captures to try the program with.
    WelcomePage(const ImporterRegistry &importers, Settings &settings, bool demo,
                QWidget *parent = nullptr);

Q_SIGNALS:
    void openRequested();
    void fileChosen(const QString &path);
    void demoRequested();

private:
    void fillRecent();

    const ImporterRegistry &m_importers;
    Settings &m_settings;
    QWidget *m_recentPane;
    QVBoxLayout *m_recent;
};

} // namespace flamewright
