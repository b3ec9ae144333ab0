#pragma once

#include "importers/importer.h"

#include <memory>

namespace flamewright {

std::unique_ptr<Importer> makeFoldedStacks();
std::unique_ptr<Importer> makeGatlingBinary(); // gatling/
std::unique_ptr<Importer> makeGatlingLog();
std::unique_ptr<Importer> makeGatlingStats();
std::unique_ptr<Importer> makeGperftoolsCpu();
std::unique_ptr<Importer> makeJmeterCsv(); // jmeter/
std::unique_ptr<Importer> makeJmeterXml();
std::unique_ptr<Importer> makeK6Csv(); // k6/
std::unique_ptr<Importer> makeK6Json();
std::unique_ptr<Importer> makeK6Summary();
std::unique_ptr<Importer> makePerfScript();
std::unique_ptr<Importer> makePprof();
std::unique_ptr<Importer> makePerfData(); // perf_data/

} // namespace flamewright
