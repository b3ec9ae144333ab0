#include "importers/formats.h"
#include "importers/registry.h"

namespace flamewright {

void addBuiltinImporters(ImporterRegistry &registry)
{
    registry.add(makePprof());
    registry.add(makeGperftoolsCpu());
    registry.add(makePerfScript());
    registry.add(makeFoldedStacks());
    registry.add(makePerfData());
}

} // namespace flamewright
