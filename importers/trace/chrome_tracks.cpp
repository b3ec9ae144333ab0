#include "importers/trace/chrome_tracks.h"

#include "importers/text/number_text.h"
#include "importers/trace/json_scan.h"
#include "importers/trace/trace_builder.h"

namespace flamewright {

void ChromeTracks::find(std::string_view pid, std::string_view tid)
{
    m_last = add(pid, tid);
    m_lastPid = pid;
    m_lastTid = tid;
}

ChromeThread ChromeTracks::add(std::string_view pid, std::string_view tid)
{
    const auto fresh = static_cast<std::uint32_t>(m_threads.size());
    const auto number = m_threadIndex.findOrAddKey(bijectiveMix(traceKey({pid, tid})), fresh);
    if (number != fresh)
        return m_threads[number];
    m_threads.emplace_back(); // here, because asking for the process adds one too
    ChromeThread out;
    const auto processId = parseInteger(pid);
    if (tid.empty()) {
        const auto name = processId ? "process " + std::string(pid)
                                    : json_scan::unescaped(pid.empty() ? "process" : pid);
        out.process =
            m_sink.track({.kind = TrackKind::Process, .name = name, .pid = processId.value_or(-1)});
        out.thread = out.process;
    } else {
        out.process = add(pid, {}).process;
        const auto threadId = parseInteger(tid);
        const auto name = threadId ? "thread " + std::string(tid) : json_scan::unescaped(tid);
        out.thread = m_sink.track({.kind = TrackKind::Thread,
                                   .name = name,
                                   .pid = threadId ? processId.value_or(-1) : -1,
                                   .tid = threadId.value_or(-1),
                                   .parent = out.process});
    }
    return m_threads[number] = out;
}

TrackId ChromeTracks::async(TrackId process, std::string_view category)
{
    const auto fresh = static_cast<std::uint32_t>(m_others.size());
    const auto key = hashMix(traceKey({category}), process.raw);
    const auto number = m_otherIndex.findOrAddKey(bijectiveMix(key), fresh);
    if (number == fresh) {
        const auto name = json_scan::unescaped(category.empty() ? "async" : category);
        m_others.push_back(
            m_sink.track({.kind = TrackKind::Async, .name = name, .parent = process}));
    }
    return m_others[number];
}

TrackId ChromeTracks::counter(TrackId process, std::string_view name, std::string_view id,
                              std::string_view series)
{
    const auto fresh = static_cast<std::uint32_t>(m_others.size());
    const auto key = hashMix(traceKey({name, id, series}), process.raw);
    const auto number = m_otherIndex.findOrAddKey(bijectiveMix(key), fresh);
    if (number == fresh) {
        auto shown = json_scan::unescaped(name);
        if (!id.empty())
            shown += '[' + json_scan::unescaped(id) + ']';
        if (series != "value" && !series.empty())
            shown += (shown.empty() ? "" : " ") + json_scan::unescaped(series);
        m_others.push_back(
            m_sink.track({.kind = TrackKind::Counter, .name = shown, .parent = process}));
    }
    return m_others[number];
}

} // namespace flamewright
