#include "importers/formats.h"
#include "importers/hdr/percentile_rows.h"
#include "importers/io/text_source.h"
#include "importers/load/request_rows.h"

namespace flamewright {
namespace {

// A percentile distribution as HdrHistogram prints it (.hgrm), also `vegeta report -type=hdrplot`.
// https://hdrhistogram.github.io/HdrHistogram/plotFiles.html
constexpr FormatInfo kFormat{"hdr-percentiles", "HdrHistogram percentiles", "hgrm;txt",
                             "load test"};

constexpr double kNanosPerMilli = 1e6;

class Hgrm final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        bool found = false;
        forEachHeadLine(probe, [&](std::string_view line) {
            const bool blank = line.find_first_not_of(" \t") == line.npos;
            found = !blank && PercentileRows::isHeader(line);
            return blank;
        });
        return found ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        LineReader lines(text);
        SummaryWriter out(run.sink);
        std::optional<PercentileRows> table;
        for (;;) {
            FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto line, lines.next());
            if (!line)
                break;
            if (!table) {
                if (!PercentileRows::isHeader(*line))
                    continue;
                const auto unit = PercentileRows::nanosPerUnit(*line);
                if (!unit)
                    run.sink.note(Severity::Notice, "hdr_unit", lines.lineOffset(),
                                  "the file does not say its unit; milliseconds were assumed");
                table.emplace(out, SummarySubject{.method = "HdrHistogram"},
                              unit.value_or(kNanosPerMilli));
            } else if (!table->line(*line)) {
                run.sink.note(Severity::DataLoss, "hdr_bad_row", lines.lineOffset(),
                              line->substr(0, 80));
            }
        }
        FW_TRY(run.job.checkpoint());
        if (out.written() == 0)
            return fail(Errc::Corrupt, "there is no percentile in this file");
        if (!table->finished())
            run.sink.note(Severity::Notice, "hdr_no_footer", lines.lineOffset(),
                          "the table has no last line: the file may be cut off");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeHgrm()
{
    return std::make_unique<Hgrm>();
}

} // namespace flamewright
