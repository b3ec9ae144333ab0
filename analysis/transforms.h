#pragma once

#include "analysis/flame_tree.h"
#include "capture/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// What is done to every stack of a profile before it is summed up. The examples show the stack
// main;parse;alloc;malloc after it.
enum class TransformKind : std::uint8_t {
    Focus,                   // parse: parse;alloc;malloc, stacks without it are left out
    FocusSubtree,            // main;parse: only below this path, re-rooted: parse;alloc;malloc
    Keep,                    // malloc: unchanged, stacks without it are left out
    Drop,                    // malloc: left out, all others unchanged
    Hide,                    // alloc: main;parse;malloc, its own samples are its caller's
    CollapseModule,          // libc: runs of its frames become one frame named after the module
    CollapseRecursion,       // parse: from its outermost to its innermost call one frame
    CollapseDirectRecursion, // parse: calls of itself right after itself become one frame
    CollapseSubtree,         // alloc: main;parse;alloc, what it calls counts as its own
    KeepModules,             // app: frames of other modules are hidden
    ShowFrom                 // /a/: callers of the outermost match are left out, stacks without too
};
inline constexpr std::size_t kTransformKinds = 11;

// A plain value, part of the scope. The pattern is one of search.h over functions, or modules
// where a module is meant; for FocusSubtree a path of names as pathPattern() writes it. An empty
// pattern means every function for the two that collapse recursion.
struct Transform {
    TransformKind kind = TransformKind::Focus;
    std::string pattern;
    friend bool operator==(const Transform &, const Transform &) = default;
};

// "focus", "collapse-module", ...: the name on the command line and in saved scopes.
std::string_view nameOf(TransformKind kind);
// "hide:/malloc/", what parseTransform() reads. Errc::Usage names what is possible.
std::string toText(const Transform &transform);
Result<Transform> parseTransform(std::string_view text);

// Errc::Usage when the pattern is no valid expression; says nothing about what it will find.
Result<> checkPattern(const Transform &transform);

// The functions from the root to a node, exact and escaped: "=main @app;=parse @app".
std::string pathPattern(const Profile &profile, std::uint32_t node);

// Applies one after the other; the later see what the earlier left. Totals change only where
// stacks are left out (Focus, FocusSubtree, Keep, Drop, ShowFrom). Linear in the tree for each.
// `nodeOf`: for each node of `profile`, where its own samples went; kNoNode: they were left out.
// Errc::Usage: a pattern is not valid. A pattern that matches nothing is no error.
Result<Profile> applyTransforms(const Profile &profile, std::span<const Transform> transforms,
                                std::vector<std::uint32_t> *nodeOf = nullptr);

} // namespace flamewright
