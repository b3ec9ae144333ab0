#pragma once

#include "analysis/compare/comparison.h"
#include "analysis/compare/load_diff.h"

#include <string>
#include <vector>

// A comparison of load tests as rows of a table, sentences and explanations.
namespace flamewright {

// For each endpoint p50 to p99.99 (where there are enough requests), mean, throughput and error
// share. Endpoints whose change weighs most come first: by the time that it adds to, or takes from,
// the mean of all requests.
std::vector<ComparedItem> loadItems(const LoadDiff &diff);

// What changed, the weightiest first; of what did not, one sentence. Never empty.
struct LoadSentences {
    std::vector<std::string> sentences;
    double weight = 0; // of the first: how large the change is, relative; 0: nothing was called
};
LoadSentences loadSentences(const LoadDiff &diff);

// Of the mean of all requests by endpoint and mix; of the share that is slower than the baseline's
// p99 by endpoint.
std::vector<Explanation> loadExplanations(const LoadDiff &diff);

// What was not compared.
std::vector<std::string> loadNotes(const LoadDiff &diff);

} // namespace flamewright
