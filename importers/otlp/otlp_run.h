#pragma once

#include "importers/importer.h"
#include "importers/otlp/otlp_json.h"
#include "importers/otlp/otlp_metrics.h"
#include "importers/otlp/otlp_writer.h"

#include <cstdint>
#include <string_view>

namespace flamewright {

// What the importers of OTLP's spellings share: progress, damage, and what a file turns out to hold.
class OtlpRun {
public:
    explicit OtlpRun(ImportRun run);

    OtlpWriter &writer() { return m_writer; }
    OtlpMetrics &metrics() { return m_metrics; }
    OtlpJsonReader &json() { return m_json; }

    // After each message that was read; `whole`: without damage.
    Result<> read(std::uint64_t offset, std::uint64_t bytes, bool whole);
    void damaged(std::string_view code, std::uint64_t offset, std::string_view detail);
    // Once. `otherSignals`: messages of signals that are not read.
    Result<> finish(std::uint64_t otherSignals);

private:
    ImportRun m_run;
    OtlpWriter m_writer;
    OtlpMetrics m_metrics;
    OtlpJsonReader m_json;
    std::uint64_t m_messages = 0;
    std::uint64_t m_damaged = 0;
    std::uint64_t m_nextCheck = 0;
};

} // namespace flamewright
