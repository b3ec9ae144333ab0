#pragma once

#include "app/cli/verb.h"

// One function per verb, each in verb_<name>.cpp.
namespace flamewright {

Verb::Work declareImport(CLI::App &command);
Verb::Work declareFormats(CLI::App &command);
Verb::Work declareInfo(CLI::App &command);
Verb::Work declareBenchmarks(CLI::App &command);
Verb::Work declareLatency(CLI::App &command);
Verb::Work declareQuery(CLI::App &command);
Verb::Work declareFunctions(CLI::App &command);
Verb::Work declareSpans(CLI::App &command);
Verb::Work declareFindings(CLI::App &command);
Verb::Work declareReport(CLI::App &command);
Verb::Work declareRender(CLI::App &command);
Verb::Work declareExport(CLI::App &command);
Verb::Work declareCheck(CLI::App &command);
Verb::Work declareDiff(CLI::App &command);
Verb::Work declareAlign(CLI::App &command);

} // namespace flamewright
