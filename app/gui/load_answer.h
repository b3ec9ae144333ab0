#pragma once

#include "app/gui/requests_model.h"
#include "capture/base/job.h"
#include "capture/base/result.h"

#include <span>

namespace flamewright {

// How an answer of the load model comes about; runs off the GUI thread.
struct LoadAnswerQuestion {
    LoadChoice choice;
    std::vector<TimeRange> times;
    std::vector<std::string> chosen; // groups that the scope names; empty: all
};

// `before`: an answer over the same base, whose trend and tags are taken over; may be null.
Result<std::shared_ptr<const LoadAnswer>> loadAnswer(std::shared_ptr<const LoadRows> base,
                                                     const LoadAnswerQuestion &question,
                                                     const LoadAnswer *before, JobContext &job);

} // namespace flamewright
