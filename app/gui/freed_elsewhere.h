#pragma once

#include "capture/base/job.h"

#include <memory>
#include <utility>

namespace flamewright {

// Frees a value in the runner: a hundred thousand rows or a tree of a million nodes take longer to
// free than a frame may. `value` is the last owner, or nearly so; without memory for a job it is
// freed here.
template <class T>
void freeIn(JobRunner &runner, std::shared_ptr<T> value) noexcept
{
    struct Freed {};
    try {
        runner.submit("free", [value = std::move(value)](JobContext &) -> Result<Freed> {
            return Freed{}; // with the job goes the value
        });
    } catch (const std::bad_alloc &) {
        return;
    }
}

// The same value, which the runner frees whoever lets go of it last. The runner outlives them all.
template <class T>
std::shared_ptr<T> freedIn(JobRunner &runner, std::shared_ptr<T> value)
{
    auto *shown = value.get();
    if (!shown)
        return value;
    return std::shared_ptr<T>(shown, [&runner, value = std::move(value)](T *) mutable {
        freeIn(runner, std::move(value));
    });
}

} // namespace flamewright
