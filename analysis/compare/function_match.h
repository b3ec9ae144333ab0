#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamewright {

// A module without what differs between two builds or machines: directories, versions, ids of
// processes, " (deleted)".
//
//   /usr/lib/libstdc++.so.6.0.30   libstdc++.so      /tmp/perf-4711.map   perf.map
//   /opt/shop/shop-1.4.2.jar       shop.jar          [kernel.kallsyms]    [kernel.kallsyms]
std::string moduleKey(std::string_view module);

// A function's name as it is compared. Code that V8 compiles while it runs is called with the mark
// of its tier, its path and its line ("JS:*emit node:events:471:44"): these are dropped, but for
// the file ("JS:emit events"). Other names stay as they are.
std::string functionKey(const FunctionInfo &function);

// What nobody could name is one function for each module: addresses mean nothing in another build.
inline constexpr std::string_view kUnresolvedFunction = "[no symbol]";

// How functions of the baseline are called in the candidate: the first rule whose expression (ECMAScript)
// is the whole of "function", or of "function @module" where the rule has " @", puts its text in the
// place of it, $1 and so on included.
class RenameRules {
public:
    // Errc::Usage: not a valid expression.
    static Result<RenameRules> of(const std::vector<std::pair<std::string, std::string>> &rules);
    RenameRules();
    ~RenameRules();
    RenameRules(RenameRules &&) noexcept;
    RenameRules &operator=(RenameRules &&) noexcept;
    // Whether one of the rules was applied.
    bool apply(std::string &function, std::string &module) const;

private:
    struct Rule;
    std::vector<Rule> m_rules;
};

} // namespace flamewright
