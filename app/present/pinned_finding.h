#pragma once

#include "capture/base/result.h"
#include "views/scene/display_list.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Where sessions keep findings.
inline constexpr char kPinnedFindingsKey[] = "findings";

// A picture of a view as it was when it was pinned, in both colours that a report needs.
struct PinnedPicture {
    DisplayList light, print;
    SizeF size;
    std::string caption;
};

// A sentence with its figures, and the state of the view that shows it.
struct PinnedFinding {
    std::string sentence; // as the person left it
    std::string written;  // as the program wrote it; empty: somebody's own words
    std::string note;     // of the person, optional; plain text, may have several lines
    std::string severity; // "info", "warning", "critical", "regressed", "improved"; may be empty
    std::int64_t pinnedAtNs = 0; // epoch
    // What restores the view: documents of whoever shows it, JSON.
    std::string view;      // id in the catalogue of views
    std::string viewState; // ViewPane::state()
    std::string scope;     // scopeToJson()
    std::string sides;     // captures of A and B; empty: nothing was compared
    std::optional<PinnedPicture> picture;
    // The same view with the eyes of A and of B, of equal size, for a presentation to blend; none or
    // two.
    std::vector<PinnedPicture> sidePictures;
};

// {"version": 1, "findings": [...]}. Texts that are not UTF-8 survive.
std::string findingsToJson(const std::vector<PinnedFinding> &findings);
// Sessions may come from strangers: sizes, counts and coordinates are checked. What cannot be read
// is left out and counted. Errc::Version, Errc::Corrupt as scopeFromJson().
struct ReadFindings {
    std::vector<PinnedFinding> findings;
    std::size_t leftOut = 0;
};
Result<ReadFindings> findingsFromJson(std::string_view json);
inline constexpr std::size_t kMaxFindings = 500, kMaxFindingsBytes = 64u << 20;
// Whether findingsFromJson() would take a picture as it is; what is larger is to be pinned without.
bool canBeKept(const PinnedPicture &picture);

} // namespace flamewright
