#pragma once

#include "importers/importer.h"

#include <memory>

namespace flamewright {

std::unique_ptr<Importer> makeFoldedStacks();
std::unique_ptr<Importer> makePprof();

} // namespace flamewright
