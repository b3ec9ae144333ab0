#include "importers/formats.h"
#include "importers/registry.h"

namespace flamewright {

void addBuiltinImporters(ImporterRegistry &registry)
{
    registry.add(makePerfData());
    registry.add(makePprof());
    registry.add(makeGperftoolsCpu());
    registry.add(makeCpuProfile());
    registry.add(makeHeapProfile());
    registry.add(makeSpeedscope());
    registry.add(makeCallgrind());
    registry.add(makeFirefox());
    registry.add(makeJmeterXml());
    registry.add(makeJmeterCsv());
    registry.add(makeK6Json());
    registry.add(makeK6Csv());
    registry.add(makeK6Summary());
    registry.add(makeGatlingLog());
    registry.add(makeGatlingBinary());
    registry.add(makeGatlingStats());
    registry.add(makeGoogleBenchmark());
    registry.add(makeHyperfineJson());
    registry.add(makeHyperfineCsv());
    registry.add(makeJmh());
    registry.add(makePytestBenchmark());
    registry.add(makeCriterionCsv());
    registry.add(makeCriterionJson());
    registry.add(makeCriterionMessages());
    registry.add(makeGoBench());
    registry.add(makeCargoBench());
    registry.add(makeChromeTrace());
    registry.add(makeOtlpJson());
    registry.add(makeOtlpProto());
    registry.add(makeJaeger());
    registry.add(makeZipkin());
    registry.add(makePerfScript());
    registry.add(makeFtraceText());
    registry.add(makePerfettoTrace());
    registry.add(makeVegetaGob());
    registry.add(makeVegetaJson());
    registry.add(makeVegetaCsv());
    registry.add(makeVegetaReport());
    registry.add(makeHdrLog());
    registry.add(makeHgrm());
    registry.add(makeLocustCsv());
    registry.add(makeLocustJson());
    registry.add(makeWrk());
    registry.add(makeAutocannon());
    registry.add(makeOha());
    registry.add(makeFortio());
    registry.add(makeSiege());
    registry.add(makeSiegeLog());
    registry.add(makeArtillery());
    registry.add(makeAbPercentiles());
    registry.add(makePgbenchAggregate());
    registry.add(makeHeyCsv());
    registry.add(makeAbGnuplot());
    registry.add(makePhout());
    registry.add(makePgbenchLog());
    registry.add(makeFoldedStacks());
}

} // namespace flamewright
