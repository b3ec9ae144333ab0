#pragma once

#include "app/gui/flame_drawing.h"
#include "app/gui/flame_menu.h"
#include "app/gui/services.h"
#include "views/scene/flame_options.h"

#include <QWidget>

class QToolButton;

namespace flamewright {

class FlameWidget;
class PlainLabel;
class ProfileModel;

// The flame graph with its header: layout, colours, names, what is shown and how much of it.
class FlamePane : public QWidget {
    Q_OBJECT

public:
    FlamePane(const Services &services, Document &document, ScopeController &scope,
              ProfileModel &profile, QWidget *parent = nullptr);

    FlameWidget *flame() const { return m_flame; }
    const FlameDrawing &drawing() const { return m_drawing; }
    void setLayout(FlameLayout layout);
    FlameLayout layoutShown() const { return m_drawing.layout(); }
    void setColors(ColorScheme scheme);
    ColorScheme colors() const { return m_colors; }
    void setReadable(bool readable);
    bool readable() const { return m_readable; }
    // The sandwich of a function.
    void showSandwich(FunctionId function);
    // Moves the selection to the next (1) or previous (-1) frame that the search found.
    void selectMatch(int step);
    // Everything asked for is drawn.
    bool isSettled() const { return !m_drawing.busy(); }
    // What the header says about the profile, for tests.
    QString summary() const;

Q_SIGNALS:
    // Of what the user chose here: to be kept with the layout of the window.
    void optionsChanged();
    void problem(const QString &sentence);

private:
    QWidget *buildHeader();
    void connectParts();
    void pictureMoved();
    void searchMoved();
    void selectionMoved();
    void describe();
    void applyTheme();
    void transform(TransformKind kind, std::uint32_t node);
    void showMenu(std::uint32_t node, QPoint global);
    void zoomTo(std::uint32_t node);
    void openSource(std::uint32_t node);
    void stepThread(int step);
    void showLayouts();
    void showColors();
    const Profile *shown() const;
    FunctionId functionOf(std::uint32_t node) const; // raw 0: none of the capture

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    ProfileModel &m_profile;
    FlameDrawing m_drawing;
    FlameMenuActions m_actions;
    FlameWidget *m_flame;
    QToolButton *m_layout, *m_scheme, *m_names, *m_unzoom;
    PlainLabel *m_summary;
    ColorScheme m_colors = ColorScheme::Name;
    bool m_readable = false;
    bool m_following = false; // the selection moves because of the model, not of the user
};

} // namespace flamewright
