#include "importers/formats.h"
#include "importers/io/text_source.h"
#include "importers/jmeter/jmeter_rows.h"
#include "importers/text/xml_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace flamewright {
namespace {

using namespace jmeter;

// Apache JMeter's results as XML, all versions: <testResults> with <httpSample> and <sample> (before
// 2.2 <sampleResult>), nested where a sample has parts.
// https://jmeter.apache.org/usermanual/listeners.html#xmlformat2.1
constexpr FormatInfo kFormat{"jmeter-xml", "JMeter results (XML)", "jtl;xml", "load test"};

constexpr std::string_view kSampleNames[] = {"httpSample", "sample", "sampleResult"};
constexpr std::size_t kMaxMessage = 4096;

bool isSample(std::string_view name)
{
    return std::find(std::begin(kSampleNames), std::end(kSampleNames), name) !=
           std::end(kSampleNames);
}

// A row's texts, kept until its end tag: expat's are gone after the start tag.
struct Texts {
    std::string timeStamp, elapsed, label, responseCode, responseMessage, threadName, success,
        bytes, sentBytes, latency, connect, sampleCount, allThreads, hostName;
};

struct OpenSample {
    Texts texts;
    std::string failureMessage;
    std::uint64_t offset = 0;
    RequestKind kind = RequestKind::Request;
    bool transaction = false, hasChildren = false, hasSuccess = false;
};

Row rowOf(const OpenSample &sample)
{
    const auto &t = sample.texts;
    return {.timeStamp = t.timeStamp,
            .elapsed = t.elapsed,
            .label = t.label,
            .responseCode = t.responseCode,
            .responseMessage = t.responseMessage,
            .threadName = t.threadName,
            .success = t.success,
            .failureMessage = sample.failureMessage,
            .bytes = t.bytes,
            .sentBytes = t.sentBytes,
            .latency = t.latency,
            .connect = t.connect,
            .sampleCount = t.sampleCount,
            .allThreads = t.allThreads,
            .hostName = t.hostName,
            .hasSuccess = sample.hasSuccess};
}

class XmlImport final : public XmlHandler {
public:
    explicit XmlImport(ImportRun run) : m_run(run), m_text(run.input), m_rows(run.sink) {}
    Result<> run();

    void begin(std::string_view name, const XmlAttributes &attributes,
               std::uint64_t offset) override;
    void end(std::string_view name, std::uint64_t offset) override;
    void text(std::string_view part) override;
    void damaged(std::uint64_t offset, std::string_view why) override;

private:
    void open(const XmlAttributes &attributes, std::uint64_t offset);
    void close();
    void closeAll();

    ImportRun m_run;
    TextSource m_text;
    RowWriter m_rows;
    std::vector<OpenSample> m_open;
    // Inside <assertionResult>: what it says, and the element whose text is wanted.
    enum class Wanted : std::uint8_t { Nothing, Failed, Message };
    Wanted m_wanted = Wanted::Nothing;
    bool m_inAssertion = false;
    std::string m_failed, m_message;
};

void XmlImport::open(const XmlAttributes &attributes, std::uint64_t offset)
{
    auto &sample = m_open.emplace_back();
    sample.offset = offset;
    const auto take = [&](std::string &into, std::string_view name, std::string_view older = {}) {
        auto value = attributes.find(name);
        if (!value && !older.empty())
            value = attributes.find(older);
        if (value)
            into = *value;
    };
    auto &t = sample.texts;
    take(t.timeStamp, "ts", "timeStamp");
    take(t.elapsed, "t", "time");
    take(t.label, "lb", "label");
    take(t.responseCode, "rc", "responseCode");
    if (t.responseCode.empty())
        take(t.responseCode, "rs");
    take(t.responseMessage, "rm", "responseMessage");
    take(t.threadName, "tn", "threadName");
    take(t.success, "s", "success");
    take(t.bytes, "by");
    take(t.sentBytes, "sby");
    take(t.latency, "lt");
    take(t.connect, "ct");
    take(t.sampleCount, "sc");
    take(t.allThreads, "na");
    take(t.hostName, "hn");
    sample.hasSuccess = !t.success.empty();
    std::int64_t samples = 0;
    sample.transaction = isTransaction(rowOf(sample), samples);
    if (m_open.size() > 1) {
        auto &parent = m_open[m_open.size() - 2];
        parent.hasChildren = true;
        // Below a transaction stand the requests themselves, below a request its parts.
        if (!parent.transaction || parent.kind == RequestKind::Part)
            sample.kind = RequestKind::Part;
        else
            sample.kind = sample.transaction ? RequestKind::Transaction : RequestKind::Request;
    }
}

void XmlImport::close()
{
    auto sample = std::move(m_open.back());
    m_open.pop_back();
    const auto row = rowOf(sample);
    if (sample.transaction && sample.hasChildren && sample.kind != RequestKind::Part)
        m_rows.add(row, RequestKind::Transaction, sample.offset);
    else if (m_open.empty())
        m_rows.add(row, sample.offset);
    else
        m_rows.add(row, sample.kind, sample.offset);
}

// Samples whose end tag is missing: all that counts stands in the start tag.
void XmlImport::closeAll()
{
    while (!m_open.empty())
        close();
    m_inAssertion = false;
    m_wanted = Wanted::Nothing;
}

void XmlImport::begin(std::string_view name, const XmlAttributes &attributes, std::uint64_t offset)
{
    m_wanted = Wanted::Nothing;
    if (isSample(name)) {
        open(attributes, offset);
        m_inAssertion = false;
    } else if (name == "assertionResult") {
        m_inAssertion = true;
        m_failed.clear();
        m_message.clear();
    } else if (m_inAssertion && (name == "failure" || name == "error")) {
        m_wanted = Wanted::Failed;
    } else if (m_inAssertion && name == "failureMessage") {
        m_wanted = Wanted::Message;
    }
}

void XmlImport::text(std::string_view part)
{
    if (m_wanted == Wanted::Nothing)
        return;
    auto &into = m_wanted == Wanted::Failed ? m_failed : m_message;
    if (into.size() < kMaxMessage)
        into += part.substr(0, kMaxMessage - into.size());
}

void XmlImport::end(std::string_view name, std::uint64_t)
{
    m_wanted = Wanted::Nothing;
    if (name == "assertionResult") {
        const bool failed = m_failed.find("true") != std::string::npos;
        if (m_inAssertion && failed && !m_open.empty() && m_open.back().failureMessage.empty())
            m_open.back().failureMessage = m_message;
        m_inAssertion = false;
    } else if (isSample(name) && !m_open.empty()) {
        close();
    }
}

void XmlImport::damaged(std::uint64_t offset, std::string_view why)
{
    m_run.sink.note(Severity::DataLoss, "jmeter_bad_xml", offset,
                    "the XML is damaged (" + std::string(why) +
                        "); the samples there are as their start tags say, and reading "
                        "went on with the next");
    closeAll();
}

Result<> XmlImport::run()
{
    if (const auto size = m_run.input.sizeHint())
        m_run.job.setTotal(*size);
    m_run.sink.provenance("tool", "JMeter");
    XmlReader reader(m_text, *this, kSampleNames);
    FW_ASSIGN(const auto outcome, reader.run(m_run.job));
    // JMeter writes the end when a test ends; a test that was killed has none.
    if (!outcome.ended) {
        m_run.sink.note(Severity::DataLoss, "jmeter_truncated", 0,
                        "the file has no end: JMeter was stopped, or the file was cut");
        closeAll();
    }
    FW_TRY(m_run.job.checkpoint());
    return m_run.sink.status();
}

class JmeterXml final : public Importer {
public:
    const FormatInfo &format() const override { return kFormat; }
    Match probe(const Probe &probe) const override
    {
        const auto head = textHead(probe);
        const auto text =
            std::string_view(head).substr(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
        if (!text.starts_with("<?xml") && !text.starts_with("<testResults") &&
            !text.starts_with("<!--"))
            return Match::No;
        return text.substr(0, 4096).find("<testResults") != std::string_view::npos ? Match::Strong
                                                                                   : Match::No;
    }
    Result<> run(ImportRun run) const override { return XmlImport(run).run(); }
};

} // namespace

std::unique_ptr<Importer> makeJmeterXml()
{
    return std::make_unique<JmeterXml>();
}

} // namespace flamewright
