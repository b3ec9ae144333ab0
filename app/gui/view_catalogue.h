#pragma once

#include "app/gui/icons.h"

#include <QString>

#include <functional>
#include <vector>

class QWidget;

namespace flamewright {

class Document;
class ProfileModel;
class ScopeController;
class ViewPane;
struct Services;

// What a view may follow. Outlives every view.
struct ViewContext {
    const Services &services;
    Document &document;
    ScopeController &scope;
    ProfileModel &profile;
};

// A kind of view that can be opened as a tab, as often as somebody likes.
struct ViewKind {
    QString id; // stands in sessions: never changed
    QString title;
    Glyph icon;
    std::function<ViewPane *(const ViewContext &context, QWidget *parent)> make;
};

// All of them, one line each, in the order of the menu. The first is what a new window shows.
std::vector<ViewKind> viewCatalogue();

} // namespace flamewright
