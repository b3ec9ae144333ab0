#pragma once

#include "analysis/flame_tree.h"

#include <cstddef>
#include <memory>

namespace flamewright {

// How many frames may be walked up; beyond that all stacks are cut at one level, and end in a
// frame named kMoreCallers. Bounds time and memory for stacks that are deep and many.
inline constexpr std::size_t kCallerSteps = 48u << 20;
inline constexpr const char *kMoreCallers = "[more callers]";

// The bottom-up tree: below the root the functions that samples were taken in, below each its
// callers. Totals are samples that ended in the frames above; self is where the stack begins.
// Table and total are those of `profile`: what a function costs does not depend on the view.
Profile invertedProfile(const Profile &profile, std::size_t maxSteps = kCallerSteps);

// Who calls a function, as a tree: the function, its callers, theirs. Recursion counts once:
// callers are those of the outermost calls. With the root's total = the function's.
Profile callersProfile(const Profile &profile, FunctionId function,
                       std::size_t maxSteps = kCallerSteps);

// A function between those who call it and what it calls. Both know what `profile` was, as
// Profile::whole.
struct Sandwich {
    std::shared_ptr<const Profile> callers; // callersProfile()
    std::shared_ptr<const Profile> callees; // stacks from the function on
};
Sandwich sandwichOf(const Profile &profile, FunctionId function);
// Whose sandwich is worth looking at when nobody said: the function with the largest total that is
// not on all stacks and that somebody calls, where there is one. Raw 0: there is no function.
FunctionId mostInteresting(const Profile &profile);

} // namespace flamewright
