#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/otlp/otlp_run.h"
#include "importers/text/json_elements.h"
#include "importers/text/json_lines.h"

namespace flamewright {
namespace {

// OTLP as JSON: one message a line, as the OpenTelemetry Collector's file exporter writes it, or one
// document, as most tools do; also what Grafana Tempo answers, which is OTLP in another envelope.
constexpr FormatInfo kFormat{"otlp-json", "OpenTelemetry OTLP JSON", "json;jsonl;ndjson", "trace"};

constexpr std::size_t kHeadBytes = 1u << 20;
constexpr std::size_t kMaxLine = JsonElements::kMaxPiece;

bool isResourceArray(std::string_view key, unsigned depth)
{
    OtlpSignal signal{};
    // {"resourceSpans":[...]}, {"trace":{"resourceSpans":[...]}}
    return depth >= 1 && depth <= 2 && OtlpJsonReader::signalOf(key, signal);
}

// Whether the first line is a whole object, so that the file can be read line by line, which is
// faster.
bool beginsWithWholeLine(std::string_view head)
{
    const auto end = head.find('\n');
    if (end == head.npos)
        return false;
    MemorySource source(head.substr(0, end));
    JsonElements elements(source, [](std::string_view, unsigned) { return false; });
    const auto piece = elements.next();
    return piece.has_value() && *piece && (*piece)->state == JsonElements::State::Whole;
}

class OtlpJsonFile {
public:
    explicit OtlpJsonFile(ImportRun run)
        : m_text(run.input),
          m_head(m_text),
          m_otlp(run)
    {}
    Result<> run();

private:
    Result<> lines();
    Result<> elements();

    TextSource m_text;
    HeadSource m_head;
    OtlpRun m_otlp;
};

Result<> OtlpJsonFile::lines()
{
    JsonLines lines(m_head, kMaxLine);
    for (;;) {
        FW_ASSIGN(const auto line, lines.next());
        if (!line)
            return {};
        if (line->state == JsonLines::State::TooLong) {
            m_otlp.damaged("otlp_long_line", line->offset, "a line is too long to be read");
            continue;
        }
        if (line->text.find_first_not_of(" \t\r") == std::string_view::npos)
            continue;
        const bool whole = m_otlp.json().document(line->text, line->offset);
        if (!whole && line->state == JsonLines::State::Cut) {
            m_otlp.damaged("otlp_cut_off", line->offset, "the file ends within a line");
            continue;
        }
        FW_TRY(m_otlp.read(line->offset, line->text.size(), whole));
    }
}

Result<> OtlpJsonFile::elements()
{
    JsonElements elements(m_head, isResourceArray);
    for (;;) {
        FW_ASSIGN(const auto piece, elements.next());
        if (!piece)
            return {};
        switch (piece->state) {
        case JsonElements::State::Whole: break;
        case JsonElements::State::TooLong:
            m_otlp.damaged("otlp_long_message", piece->offset,
                           "the rows of one resource are too long to be read");
            continue;
        case JsonElements::State::Cut:
            m_otlp.damaged("otlp_cut_off", piece->offset, "the file ends within a message");
            continue;
        case JsonElements::State::Junk:
            m_otlp.damaged("otlp_no_json", piece->offset, "something in the file is no JSON");
            continue;
        }
        OtlpSignal signal{};
        const bool whole = OtlpJsonReader::signalOf(piece->key, signal)
                               ? m_otlp.json().element(signal, piece->text, piece->offset)
                               : m_otlp.json().document(piece->text, piece->offset);
        FW_TRY(m_otlp.read(piece->offset, piece->text.size(), whole));
    }
}

Result<> OtlpJsonFile::run()
{
    FW_ASSIGN(const auto head, m_head.peek(kHeadBytes));
    FW_TRY(beginsWithWholeLine(head) ? lines() : elements());
    return m_otlp.finish(m_otlp.json().profiles());
}

class OtlpJson final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }

    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto begin = head.find_first_not_of(" \t\r\n");
        if (begin == head.npos || head[begin] != '{')
            return Match::No;
        for (const auto *key : {"\"resourceSpans\"", "\"resourceMetrics\"", "\"resourceLogs\"",
                                "\"resourceProfiles\""}) {
            if (head.find(key) != head.npos)
                return Match::Strong;
        }
        const bool scopes = head.find("\"scopeSpans\"") != head.npos ||
                            head.find("\"instrumentationLibrarySpans\"") != head.npos;
        return scopes && head.find("\"batches\"") != head.npos ? Match::Strong : Match::No;
    }

    Result<> run(ImportRun run) const override { return OtlpJsonFile(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeOtlpJson()
{
    return std::make_unique<OtlpJson>();
}

} // namespace flamewright
