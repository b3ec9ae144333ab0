#pragma once

#include "importers/importer.h"

#include <memory>

namespace flamewright {

std::unique_ptr<Importer> makeAbGnuplot();
std::unique_ptr<Importer> makeAbPercentiles();
std::unique_ptr<Importer> makeArtillery();
std::unique_ptr<Importer> makeAutocannon();
std::unique_ptr<Importer> makeCallgrind();   // callgrind/
std::unique_ptr<Importer> makeCargoBench();  // bench/
std::unique_ptr<Importer> makeChromeTrace(); // trace/
std::unique_ptr<Importer> makeCpuProfile();  // v8/
std::unique_ptr<Importer> makeCriterionCsv();
std::unique_ptr<Importer> makeCriterionJson();
std::unique_ptr<Importer> makeCriterionMessages();
std::unique_ptr<Importer> makeFirefox(); // firefox/
std::unique_ptr<Importer> makeFoldedStacks();
std::unique_ptr<Importer> makeFortio();
std::unique_ptr<Importer> makeFtraceText();    // trace/
std::unique_ptr<Importer> makeGatlingBinary(); // gatling/
std::unique_ptr<Importer> makeGatlingLog();
std::unique_ptr<Importer> makeGatlingStats();
std::unique_ptr<Importer> makeGoBench(); // bench/
std::unique_ptr<Importer> makeGoogleBenchmark();
std::unique_ptr<Importer> makeGperftoolsCpu();
std::unique_ptr<Importer> makeHdrLog();      // hdr/
std::unique_ptr<Importer> makeHeapProfile(); // v8/
std::unique_ptr<Importer> makeHeyCsv();
std::unique_ptr<Importer> makeHgrm();
std::unique_ptr<Importer> makeHyperfineCsv(); // bench/
std::unique_ptr<Importer> makeHyperfineJson();
std::unique_ptr<Importer> makeJmh();
std::unique_ptr<Importer> makeJaeger();    // spans/
std::unique_ptr<Importer> makeJmeterCsv(); // jmeter/
std::unique_ptr<Importer> makeJmeterXml();
std::unique_ptr<Importer> makeK6Csv(); // k6/
std::unique_ptr<Importer> makeK6Json();
std::unique_ptr<Importer> makeK6Summary();
std::unique_ptr<Importer> makeLocustCsv(); // locust/
std::unique_ptr<Importer> makeLocustJson();
std::unique_ptr<Importer> makeOha();
std::unique_ptr<Importer> makeOtlpJson(); // otlp/
std::unique_ptr<Importer> makeOtlpProto();
std::unique_ptr<Importer> makePerfData(); // perf_data/
std::unique_ptr<Importer> makePerfScript();
std::unique_ptr<Importer> makePerfettoTrace(); // trace/
std::unique_ptr<Importer> makePgbenchAggregate();
std::unique_ptr<Importer> makePgbenchLog();
std::unique_ptr<Importer> makePhout();
std::unique_ptr<Importer> makePprof();
std::unique_ptr<Importer> makePytestBenchmark(); // bench/
std::unique_ptr<Importer> makeSiege();           // siege/
std::unique_ptr<Importer> makeSiegeLog();
std::unique_ptr<Importer> makeSpeedscope(); // speedscope/
std::unique_ptr<Importer> makeVegetaCsv();  // vegeta/
std::unique_ptr<Importer> makeVegetaGob();
std::unique_ptr<Importer> makeVegetaJson();
std::unique_ptr<Importer> makeVegetaReport();
std::unique_ptr<Importer> makeWrk();
std::unique_ptr<Importer> makeZipkin(); // spans/

} // namespace flamewright
