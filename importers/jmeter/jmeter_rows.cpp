#include "importers/jmeter/jmeter_rows.h"

#include "importers/text/date_text.h"
#include "importers/text/number_text.h"

#include <algorithm>

namespace flamewright::jmeter {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
// "Number of samples in transaction : 3, number of failing samples : 0"; TransactionController.java
constexpr std::string_view kTransaction = "Number of samples in transaction : ";
constexpr std::size_t kMaxEngines = 256;

bool isWord(std::string_view text, std::string_view lowerCase)
{
    return text.size() == lowerCase.size() &&
           std::equal(text.begin(), text.end(), lowerCase.begin(),
                      [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

bool isTransaction(const Row &row, std::int64_t &samples)
{
    if (!row.responseMessage.starts_with(kTransaction))
        return false;
    const auto rest = row.responseMessage.substr(kTransaction.size());
    samples = parseInteger(rest.substr(0, rest.find(','))).value_or(0);
    return true;
}

std::optional<std::int64_t> RowWriter::beginOf(std::string_view text, std::uint64_t offset)
{
    if (text.empty())
        return std::nullopt;
    if (const auto millis = parseInteger(text)) {
        const auto ns = nanosFrom(*millis, kNanosPerMilli);
        if (ns)
            return ns->count();
    } else if (const auto date = parseDate(text)) {
        if (!date->hasZone)
            m_sink.note(Severity::Notice, "jmeter_local_time", offset,
                        "times are written without a time zone and were taken as UTC");
        return date->epochNs;
    }
    m_sink.note(Severity::DataLoss, "jmeter_bad_time", offset,
                "a row begins at a time that cannot be read: " + std::string(text.substr(0, 40)));
    return std::nullopt;
}

std::optional<RowWriter::Time> RowWriter::timeOf(const Row &row, std::uint64_t offset)
{
    const auto latency = parseScaled(row.elapsed, kNanosPerMilli);
    if (!latency) {
        m_sink.note(Severity::DataLoss, "jmeter_bad_row", offset,
                    "a row without an elapsed time was left out: " +
                        std::string(row.label.substr(0, 80)));
        return std::nullopt;
    }
    return Time{beginOf(row.timeStamp, offset), Duration{*latency}};
}

std::uint64_t RowWriter::bytesOf(std::string_view text, std::uint64_t offset)
{
    if (text.empty())
        return 0;
    const auto bytes = parseUnsigned(text);
    if (!bytes)
        m_sink.note(Severity::Notice, "jmeter_bad_number", offset,
                    "a number of bytes that is none: " + std::string(text.substr(0, 40)));
    return bytes.value_or(0);
}

Duration RowWriter::durationOf(std::string_view text, std::uint64_t offset)
{
    if (text.empty())
        return kUnknownDuration;
    const auto ns = parseScaled(text, kNanosPerMilli);
    if (!ns || *ns < 0) {
        m_sink.note(Severity::Notice, "jmeter_bad_number", offset,
                    "a number of milliseconds that is none: " + std::string(text.substr(0, 40)));
        return kUnknownDuration;
    }
    return Duration{*ns};
}

bool RowWriter::succeeded(const Row &row, std::uint64_t offset)
{
    if (isWord(row.success, "true"))
        return true;
    if (isWord(row.success, "false"))
        return false;
    m_sink.note(Severity::Notice, row.hasSuccess ? "jmeter_bad_success" : "jmeter_no_success",
                offset, "rows do not say whether they succeeded; those with a code below 400 did");
    const auto code = parseUnsigned(row.responseCode);
    return row.responseCode.empty() || (code && *code < 400);
}

// A transaction that is the parent of its samples is all that CSV files have of them; otherwise the
// samples are there too, written before. Then most of those that it speaks of began within it.
RequestKind RowWriter::kindOf(const Row &row, const Time &time, TrackId worker,
                              std::uint64_t offset)
{
    if (worker.raw >= m_recentOf.size())
        m_recentOf.resize(std::max<std::size_t>(worker.raw + 1, m_recentOf.size() * 2));
    auto &index = m_recentOf[worker.raw];
    if (index == 0) {
        m_recent.emplace_back();
        index = static_cast<std::uint32_t>(m_recent.size());
    }
    auto &recent = m_recent[index - 1];
    const auto begin = time.beginNs.value_or(0);
    std::int64_t samples = 0;
    if (isTransaction(row, samples)) {
        if (samples <= 0)
            return RequestKind::Transaction; // of nothing: there is no request
        const auto known = std::min<std::size_t>(recent.count, kRemembered);
        const auto within = std::count_if(
            recent.begins.begin(), recent.begins.begin() + static_cast<std::ptrdiff_t>(known),
            [&](std::int64_t b) { return b >= begin; });
        const auto expected = std::min<std::int64_t>(samples, kRemembered);
        if (time.beginNs && within > 0 && within * 2 >= expected)
            return RequestKind::Transaction;
        m_sink.note(Severity::Info, "jmeter_lone_transaction", offset,
                    "transactions whose samples are not in the file count as requests");
    }
    recent.begins[recent.count++ % kRemembered] = begin;
    return RequestKind::Request;
}

// The only sign of how many users there were: written when it changes, at the end of the sample.
void RowWriter::threads(const Row &row, const Time &time)
{
    const auto count = parseInteger(row.allThreads);
    if (!count || *count < 0 || !time.beginNs)
        return;
    auto engine = std::find_if(m_threads.begin(), m_threads.end(),
                               [&](const Threads &t) { return t.host == row.hostName; });
    if (engine == m_threads.end()) {
        if (m_threads.size() >= kMaxEngines)
            return;
        const auto host = std::string(row.hostName);
        const auto track =
            m_sink.track({.kind = TrackKind::Counter,
                          .name = host.empty() ? "active threads" : "active threads of " + host});
        engine = m_threads.insert(m_threads.end(), {host, track, -1});
    }
    if (engine->last == *count)
        return;
    engine->last = *count;
    const auto end = saturatingAdd(*time.beginNs, std::max<std::int64_t>(time.latency.count(), 0));
    m_sink.add(CounterPoint{m_requests.at(end), engine->track, static_cast<double>(*count)});
}

void RowWriter::write(const Row &row, const Time &time, RequestKind kind, TrackId worker,
                      std::uint64_t offset)
{
    const auto length = std::max<std::int64_t>(time.latency.count(), 0);
    if (time.beginNs && m_runs.isNewRun(*time.beginNs, saturatingAdd(*time.beginNs, length))) {
        m_sink.note(Severity::Notice, "load_runs_appended", offset,
                    "the file holds several runs, one after the other; each is a phase of its own");
    }
    if (const auto samples = parseInteger(row.sampleCount); samples && *samples > 1)
        m_sink.note(Severity::Notice, "jmeter_batch", offset,
                    "rows stand for several samples and have the sum of their times");
    const bool ok = succeeded(row, offset);
    const auto firstByte = durationOf(row.latency, offset);
    RequestRow out{.beginEpochNs = time.beginNs,
                   .latency = time.latency,
                   .endpoint = row.label,
                   .worker = row.threadName,
                   .workerTrack = worker,
                   .phase = m_runs.phase(),
                   .status = row.responseCode,
                   .ok = ok,
                   .bytesIn = bytesOf(row.bytes, offset),
                   .bytesOut = bytesOf(row.sentBytes, offset),
                   .kind = kind,
                   .connect = durationOf(row.connect, offset),
                   // JMeter writes 0 when it did not see the first byte.
                   .firstByte = firstByte == Duration{0} ? kUnknownDuration : firstByte,
                   .labels = row.labels};
    if (!ok)
        out.error = row.failureMessage.empty() ? row.responseMessage : row.failureMessage;
    m_requests.add(out, offset);
    threads(row, time);
}

void RowWriter::add(const Row &row, std::uint64_t offset)
{
    const auto time = timeOf(row, offset);
    if (!time)
        return;
    const auto worker = m_requests.worker(row.threadName, offset);
    write(row, *time, kindOf(row, *time, worker, offset), worker, offset);
}

void RowWriter::add(const Row &row, RequestKind kind, std::uint64_t offset)
{
    if (const auto time = timeOf(row, offset))
        write(row, *time, kind, {}, offset);
}

} // namespace flamewright::jmeter
