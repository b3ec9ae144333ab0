#include "importers/otlp/otlp_run.h"

namespace flamewright {
namespace {

constexpr std::uint64_t kBytesPerCheck = 256u << 10;

} // namespace

OtlpRun::OtlpRun(ImportRun run)
    : m_run(run),
      m_writer(run.sink),
      m_metrics(run.sink, m_writer),
      m_json(m_writer, m_metrics)
{
    if (const auto size = run.input.sizeHint())
        run.job.setTotal(*size);
}

Result<> OtlpRun::read(std::uint64_t offset, std::uint64_t bytes, bool whole)
{
    ++m_messages;
    if (!whole)
        damaged("otlp_bad_message", offset, "a message is damaged; what of it could be read was");
    if (offset + bytes >= m_nextCheck) {
        m_nextCheck = offset + bytes + kBytesPerCheck;
        m_run.job.setDone(offset + bytes);
        FW_TRY(m_run.job.checkpoint());
        FW_TRY(m_run.sink.status());
    }
    return {};
}

void OtlpRun::damaged(std::string_view code, std::uint64_t offset, std::string_view detail)
{
    ++m_damaged;
    m_run.sink.note(Severity::DataLoss, code, offset, detail);
}

Result<> OtlpRun::finish(std::uint64_t otherSignals)
{
    m_writer.finish();
    const auto rows = m_run.sink.slicesAdded() + m_metrics.points();
    if (rows == 0 && otherSignals > 0)
        return fail(Errc::Unsupported,
                    "the file holds OTLP profiles, which are not read; traces, metrics and logs "
                    "are. Profiles are read as pprof");
    if (rows == 0 && (m_damaged > 0 || m_messages == 0))
        return fail(Errc::Corrupt, "nothing in the file can be read as OTLP");
    m_run.sink.note(Severity::DataLoss, "otlp_unknown_signal", 0,
                    "the file also has messages of a signal that is not read", otherSignals);
    FW_TRY(m_run.job.checkpoint());
    return m_run.sink.status();
}

} // namespace flamewright
