#pragma once

#include "analysis/flame_tree.h"
#include "analysis/grouping.h"
#include "analysis/search.h"
#include "app/gui/stat_cells.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace flamewright {

// The ways to lay out the functions of a profile as a table.
enum class TableKind : unsigned char { Functions, TopDown, BottomUp, Modules, Files };
inline constexpr int kTableKinds = 5;

// What the rows of one such table are. Nothing is copied per row: a level is worked out when it
// is asked for. Row 0 is the invisible root; other numbers mean what the kind makes of them.
class CallTreeRows {
public:
    virtual ~CallTreeRows() = default;

    virtual bool hasBelow(std::uint32_t row) const = 0;
    virtual std::vector<std::uint32_t> below(std::uint32_t row) const = 0;
    virtual StatRow cells(std::uint32_t row) const = 0;
    // raw 0: the row is no function but a group of them.
    virtual FunctionId function(std::uint32_t row) const = 0;
    // How many rows there are below, all levels.
    virtual std::uint32_t countBelow(std::uint32_t row) const = 0;
    // Of those, how many match the search. 0 without one.
    virtual std::uint32_t matchesBelow(std::uint32_t row) const = 0;
};

// Functions, without levels. With a search only those that match.
std::shared_ptr<const CallTreeRows> flatRows(std::shared_ptr<const Profile> profile,
                                             std::shared_ptr<const SearchResult> search);
// The tree of `shown`: row numbers are its nodes. With a search, matches are marked.
std::shared_ptr<const CallTreeRows> treeRows(std::shared_ptr<const Profile> shown,
                                             std::shared_ptr<const SearchResult> search);
// The same for an inverted profile: the outermost rows are the functions that samples were taken
// in, with what they spent themselves; rows below are callers, which spent nothing of it.
std::shared_ptr<const CallTreeRows> callerRows(std::shared_ptr<const Profile> inverted,
                                               std::shared_ptr<const SearchResult> search);
// Groups, below each its functions. With a search, only functions that match and their groups;
// a group's figures stay those of the whole group.
std::shared_ptr<const CallTreeRows>
groupRows(std::shared_ptr<const Profile> profile,
          std::shared_ptr<const std::vector<FunctionGroup>> groups,
          std::shared_ptr<const SearchResult> search);

} // namespace flamewright
