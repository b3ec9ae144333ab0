#include "importers/bench/benchmark_writer.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/load/unit_text.h"
#include "importers/text/csv_reader.h"

#include <array>
#include <string>
#include <vector>

namespace flamewright {
namespace {

// hyperfine --export-csv: only what hyperfine computed, in seconds, one command a row; parameters of a
// scan as further columns. https://github.com/sharkdp/hyperfine: src/export/csv.rs
constexpr FormatInfo kFormat{"hyperfine-csv", "hyperfine CSV", "csv", "benchmarks"};

constexpr std::string_view kParameter = "parameter_";

struct Column {
    std::string_view name, metric, statistic;
};
constexpr std::array<Column, 7> kColumns{{{"mean", "time", "mean"},
                                          {"stddev", "time", "stddev"},
                                          {"median", "time", "median"}, // since 1.9
                                          {"user", "user", "mean"},
                                          {"system", "system", "mean"},
                                          {"min", "time", "min"},
                                          {"max", "time", "max"}}};

class Rows {
public:
    explicit Rows(ImportRun run) : m_run(run), m_out(run.sink) {}

    bool header(std::span<const std::string_view> fields)
    {
        m_header.assign(fields.begin(), fields.end());
        return !fields.empty() && fields[0] == "command";
    }

    void row(const CsvReader::Record &record)
    {
        const auto fields = record.fields;
        if (fields.size() != m_header.size()) {
            bad(record.offset);
            return;
        }
        BenchmarkLabels labels;
        for (std::size_t i = 1; i < fields.size(); ++i) {
            if (m_header[i].starts_with(kParameter))
                labels.set(std::string_view(m_header[i]).substr(kParameter.size()), fields[i]);
        }
        const auto json = labels.json();
        for (std::size_t i = 1; i < fields.size(); ++i) {
            for (const auto &column : kColumns) {
                // A single run has no deviation.
                if (m_header[i] != column.name || fields[i].empty())
                    continue;
                if (const auto value = parseDouble(fields[i]))
                    m_out.computed({.name = fields[0],
                                    .metric = column.metric,
                                    .unit = "s",
                                    .labels = json,
                                    .method = "hyperfine"},
                                   column.statistic, *value);
                else
                    bad(record.offset);
            }
        }
    }

    std::uint64_t given() const { return m_out.given(); }

private:
    void bad(std::uint64_t offset)
    {
        m_run.sink.note(Severity::DataLoss, "hyperfine_bad_row", offset,
                        "a row or a figure of it was not what its header says");
    }

    ImportRun m_run;
    BenchmarkWriter m_out;
    std::vector<std::string> m_header;
};

class HyperfineCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        return head.starts_with("command,mean,stddev,median,user,system,min,max") ||
                       head.starts_with("command,mean,stddev,user,system,min,max")
                   ? Match::Strong
                   : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        CsvReader csv(text, {});
        run.sink.provenance("tool", "hyperfine");
        Rows rows(run);
        bool first = true;
        for (;;) {
            FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto record, csv.next());
            if (!record)
                break;
            if (first && !rows.header(record->fields))
                return fail(Errc::Corrupt, "this is not hyperfine's CSV: its header is missing");
            const bool empty = record->fields.size() == 1 && record->fields[0].empty();
            if (!first && !empty)
                rows.row(*record);
            first = false;
        }
        if (rows.given() == 0)
            return fail(Errc::Corrupt, "there is no time of a command in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeHyperfineCsv()
{
    return std::make_unique<HyperfineCsv>();
}

} // namespace flamewright
