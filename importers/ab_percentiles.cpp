#include "importers/formats.h"
#include "importers/load/request_rows.h"
#include "importers/load/summary_writer.h"
#include "importers/load/unit_text.h"

namespace flamewright {
namespace {

// ab -e: a percentile a row, 0 to 100, in milliseconds.
// https://httpd.apache.org/docs/2.4/programs/ab.html
constexpr FormatInfo kFormat{"ab-percentiles", "ab -e", "csv", "load test"};

constexpr std::string_view kHeader = "Percentage served,Time in ms";

class AbPercentiles final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        return textHead(probe).starts_with(kHeader) ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        RequestRows rows(run, "ab", {.separator = ',', .quote = 0});
        FW_ASSIGN(const auto head, rows.head());
        if (!head.starts_with(kHeader))
            return fail(Errc::Corrupt, "this is not the output of ab -e: its header is missing");
        run.sink.provenance("tool", "ab");
        SummaryWriter out(run.sink);
        bool header = true;
        FW_TRY(rows.forEach([&](RequestRows::Fields f, std::uint64_t) {
            if (std::exchange(header, false))
                return true;
            const auto percent = f.size() == 2 ? parseDouble(f[0]) : std::nullopt;
            const auto millis = percent ? parseDouble(f[1]) : std::nullopt;
            if (!millis || *percent < 0 || *percent > 100)
                return false;
            out.quantile({.method = "ab, nearest rank"}, *percent / 100, *millis * 1e6);
            return true;
        }));
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeAbPercentiles()
{
    return std::make_unique<AbPercentiles>();
}

} // namespace flamewright
