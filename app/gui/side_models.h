#pragma once

#include "app/gui/profile_model.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/trace_model.h"
#include "app/gui/view_catalogue.h"
#include "capture/session/session.h"

#include <vector>

namespace flamewright {

class CompareModel;

// All that views of one side follow when both sides are looked at beside each other: a scope of its
// own, and the answers to it.
struct SideModels {
    SideModels(CaptureRole of, const ViewContext &window);

    ViewContext context(const ViewContext &window);
    bool busy() const { return profile.busy() || load.busy() || traces.busy(); }

    CaptureRole role;
    ScopeController scope;
    ProfileModel profile;
    RequestsModel load;
    TraceModel traces;
};

// Captures of a side that a view of this subject shows: where several pairs were compared those of
// the pair that is looked at.
std::vector<CaptureId> capturesAbout(Subject subject, CaptureRole role,
                                     const CompareModel &compare);
// Views of one side that both sides have captures for, as the catalogue lists them.
std::vector<ViewKind> viewsOfBothSides(const CompareModel &compare);

} // namespace flamewright
