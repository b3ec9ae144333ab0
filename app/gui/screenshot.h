#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <optional>

namespace flamewright {

class MainWindow;

// For documentation and tests: waits until the window shows all it was asked for, saves a picture
// of it and ends the program with 0; with 3 when the picture cannot be written.
class Screenshot : public QObject {
    Q_OBJECT

public:
    struct Options {
        QString file;
        QString search;      // typed into the search field first
        QString select;      // function to select
        QString popup;       // "threads": with the picker open; "keys": with the list of keys
        QStringList actions; // to run first: "load.together"
        QStringList views;   // tabs to open; "|ID" in a split to the right, "_ID" in one below
        QString layout;      // layout of the view in front: "flame"
        std::optional<QString> palette; // with the palette open and this typed
        bool settings = false;
        QString time; // "0.2..0.3": only this part of the first capture's length
    };
    Screenshot(MainWindow &window, Options options, QObject *parent = nullptr);

private:
    void look();
    void prepare();
    void showPart(double from, double to);
    void save();

    MainWindow &m_window;
    Options m_options;
    QTimer m_timer;
    QElapsedTimer m_still;
    bool m_prepared = false;
};

} // namespace flamewright
