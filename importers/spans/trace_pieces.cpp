#include "importers/spans/trace_pieces.h"

#include <limits>

namespace flamewright {
namespace {

constexpr std::uint64_t kBytesPerCheck = 256u << 10;
constexpr std::uint64_t kNanosPerMicro = 1000;

} // namespace

TracePieces::TracePieces(ImportRun run, JsonElements::Wanted wanted)
    : m_run(run),
      m_text(run.input),
      m_elements(m_text, wanted)
{
    if (const auto size = run.input.sizeHint())
        run.job.setTotal(*size);
}

Result<> TracePieces::each(const std::function<bool(const JsonElements::Piece &)> &read)
{
    std::uint64_t nextCheck = 0;
    const auto damaged = [&](const char *code, std::uint64_t offset, const char *detail) {
        ++m_damaged;
        m_run.sink.note(Severity::DataLoss, code, offset, detail);
    };
    for (;;) {
        FW_ASSIGN(const auto piece, m_elements.next());
        if (!piece)
            return {};
        switch (piece->state) {
        case JsonElements::State::Whole:
            if (read(*piece))
                ++m_sound;
            else
                damaged("trace_bad_json", piece->offset,
                        "a piece of the file is damaged; what of it could be read was");
            break;
        case JsonElements::State::TooLong:
            damaged("trace_too_long", piece->offset, "a piece of the file is too long to be read");
            break;
        case JsonElements::State::Cut:
            damaged("trace_cut_off", piece->offset,
                    "the file ends too early; what comes before was read");
            break;
        case JsonElements::State::Junk:
            damaged("trace_no_json", piece->offset, "something in the file is no JSON");
            break;
        }
        if (piece->offset >= nextCheck) {
            nextCheck = piece->offset + kBytesPerCheck;
            m_run.job.setDone(piece->offset);
            FW_TRY(m_run.job.checkpoint());
            FW_TRY(m_run.sink.status());
        }
    }
}

Result<> TracePieces::finish(std::string_view tool)
{
    if (m_run.sink.slicesAdded() == 0 && m_damaged > 0 && m_sound == 0)
        return fail(Errc::Corrupt,
                    "nothing in the file can be read as JSON of " + std::string(tool));
    FW_TRY(m_run.job.checkpoint());
    return m_run.sink.status();
}

std::uint64_t nanosOfMicros(std::uint64_t micros)
{
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    return micros > kMax / kNanosPerMicro ? kMax : micros * kNanosPerMicro;
}

std::int64_t signedNanosOfMicros(std::int64_t micros)
{
    const auto nanos = nanosFrom(micros, static_cast<std::int64_t>(kNanosPerMicro));
    return nanos        ? nanos->count()
           : micros < 0 ? std::numeric_limits<std::int64_t>::min()
                        : std::numeric_limits<std::int64_t>::max();
}

std::uint64_t endAfter(std::uint64_t begin, std::int64_t nanoseconds)
{
    if (nanoseconds < 0)
        return begin > 0 ? begin - 1 : 0;
    const auto length = static_cast<std::uint64_t>(nanoseconds);
    return begin > UINT64_MAX - length ? UINT64_MAX : begin + length;
}

} // namespace flamewright
