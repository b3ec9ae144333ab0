#pragma once

#include "app/gui/icons.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

class QWidget;

namespace flamewright {

class CompareModel;
class Document;
class RequestsModel;
class ProfileModel;
class ScopeController;
class TraceModel;
class ViewPane;
struct Services;

// What a view may follow. Outlives every view.
struct ViewContext {
    const Services &services;
    Document &document;
    ScopeController &scope;
    ProfileModel &profile;
    RequestsModel &load;
    TraceModel &traces;
    CompareModel &compare;
};

// What captures are about, which decides what views have to show.
enum class Subject : unsigned char {
    Profile,
    LoadTest,    // with requests
    ToolFigures, // a load test of which there is only what its tool summed up
    Benchmarks,
    Trace, // slices: what ran when
    Spans  // of distributed traces, which are slices, too
};

// A kind of view that can be opened as a tab, as often as somebody likes.
struct ViewKind {
    QString id; // stands in sessions: never changed
    QString title;
    Glyph icon;
    std::optional<Subject> subject; // of captures that it shows; nullopt: of all
    std::function<ViewPane *(const ViewContext &context, QWidget *parent)> make;
};

// All of them, one line each, in the order of the menu. The first of a subject is what is offered
// to who looks at its captures with another view.
std::vector<ViewKind> viewCatalogue();
// The views of a new window, as ViewArea::state().
QJsonObject viewsFor(Subject subject);
// Those that show a comparison with pairs of these kinds (ComparedSection::kind), the best first.
QStringList viewsComparing(const QStringList &kinds);

} // namespace flamewright
