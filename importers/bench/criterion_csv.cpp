#include "importers/bench/criterion.h"
#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/load/unit_text.h"
#include "importers/text/csv_reader.h"

#include <map>
#include <optional>
#include <string>

namespace flamewright {
namespace {

// raw.csv of criterion.rs: a sample a row, the sum over some iterations. Until 0.2 nanoseconds; since then
// with throughput and unit. https://bheisler.github.io/criterion.rs/book/user_guide/csv_output.html
constexpr FormatInfo kFormat{"criterion-csv", "criterion.rs raw.csv", "csv", "benchmarks"};

constexpr std::string_view kOldHeader = "group,function,value,sample_time_nanos,iteration_count";
constexpr std::string_view kHeader = "group,function,value,throughput_num,throughput_type,"
                                     "sample_measured_value,unit,iteration_count";
constexpr std::size_t kOldColumns = 5, kColumns = 8;

class Rows {
public:
    Rows(ImportRun run, bool old) : m_run(run), m_out(run.sink), m_old(old) {}

    void row(const CsvReader::Record &record)
    {
        const auto f = record.fields;
        if (f.size() != (m_old ? kOldColumns : kColumns)) {
            bad(record.offset);
            return;
        }
        std::string name(f[0]);
        for (const auto part : {f[1], f[2]}) {
            if (!part.empty())
                name += (name.empty() ? "" : "/") + std::string(part);
        }
        const auto total = parseDouble(f[m_old ? 3 : 5]);
        const auto iterations = parseDouble(f[m_old ? 4 : 7]);
        BenchmarkLabels labels;
        if (!m_old && !f[3].empty())
            labels.set("throughput", std::string(f[3]) + " " + std::string(f[4]));
        const auto json = labels.json();
        const BenchmarkSubject subject{
            .name = name, .unit = m_old ? std::string_view("ns") : f[6], .labels = json};
        if (!total || !iterations || !addSample(m_out, subject, m_seen[name], *total, *iterations))
            bad(record.offset);
        else
            ++m_seen[name];
    }
    std::uint64_t given() const { return m_out.given(); }

private:
    void bad(std::uint64_t offset)
    {
        m_run.sink.note(Severity::DataLoss, "criterion_bad_row", offset,
                        "a row is no sample with its iterations");
    }

    ImportRun m_run;
    BenchmarkWriter m_out;
    bool m_old;
    std::map<std::string, std::uint32_t> m_seen; // samples by name
};

class CriterionCsv final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        return head.starts_with(kOldHeader) || head.starts_with(kHeader) ? Match::Strong
                                                                         : Match::No;
    }
    Result<> run(ImportRun run) const override
    {
        TextSource text(run.input);
        CsvReader csv(text, {});
        FW_ASSIGN(const auto head, csv.peek(kHeader.size()));
        const bool old = head.starts_with(kOldHeader);
        if (!old && !head.starts_with(kHeader))
            return fail(Errc::Corrupt, "this is no raw.csv of criterion: its header is missing");
        run.sink.provenance("tool", "criterion.rs");
        Rows rows(run, old);
        for (bool header = true;; header = false) {
            FW_TRY(run.job.checkpoint());
            FW_ASSIGN(const auto record, csv.next());
            if (!record)
                break;
            const bool empty = record->fields.size() == 1 && record->fields[0].empty();
            if (!header && !empty)
                rows.row(*record);
        }
        if (rows.given() == 0)
            return fail(Errc::Corrupt, "there is no sample in it");
        return run.sink.status();
    }
};

} // namespace

std::unique_ptr<Importer> makeCriterionCsv()
{
    return std::make_unique<CriterionCsv>();
}

} // namespace flamewright
