#pragma once

#include "importers/importer.h"

#include <memory>

namespace flamewright {

std::unique_ptr<Importer> makeFoldedStacks();

} // namespace flamewright
