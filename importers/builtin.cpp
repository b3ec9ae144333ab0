#include "importers/formats.h"
#include "importers/registry.h"

namespace flamewright {

void addBuiltinImporters(ImporterRegistry &registry)
{
    registry.add(makePerfData());
    registry.add(makePprof());
    registry.add(makeGperftoolsCpu());
    registry.add(makeJmeterXml());
    registry.add(makeJmeterCsv());
    registry.add(makeK6Json());
    registry.add(makeK6Csv());
    registry.add(makeK6Summary());
    registry.add(makeGatlingLog());
    registry.add(makeGatlingBinary());
    registry.add(makeGatlingStats());
    registry.add(makePerfScript());
    registry.add(makeFoldedStacks());
}

} // namespace flamewright
