#pragma once

#include "importers/registry.h"
#include "importers/symbols/symbolizer.h"

#include <functional>
#include <memory>

namespace flamewright {

// What a worker program can do; the real one has the built-in formats, those of tests have more.
struct WorkerParts {
    std::function<void(ImporterRegistry &)> addImporters;
    std::function<std::unique_ptr<Symbolizer>(const SymbolSearch &)> makeSymbolizer;
};

// main() of an import-worker: takes one request from descriptor 4, closes the sandbox, and imports
// descriptor 0 or answers symbol queries, writing to descriptor 3. With `--selftest-escape` it
// tries to break out instead and says what happened.
int workerMain(int argc, char **argv, const WorkerParts &parts);

// selftest.cpp: one line for each attempt; 0 when every one failed and ordinary work did not.
int selftestEscape();

} // namespace flamewright
