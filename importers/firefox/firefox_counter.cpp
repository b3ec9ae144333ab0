#include "importers/firefox/firefox_counter.h"

#include <algorithm>

namespace flamewright::firefox {
namespace {

constexpr std::size_t kRowsPerCheck = 4096;

} // namespace

void Counter::read(JsonPull &json)
{
    // In older files the samples are inside of a group, or of a list of groups.
    const auto group = [&] {
        while (json.nextMember()) {
            if (json.key() == "samples" && samples.rows() == 0)
                samples.read(json, {{"time", true}, {"timeDeltas", true}, {"count"}});
        }
    };
    while (json.nextMember()) {
        const auto key = json.key();
        if (key == "name") {
            name = json.text().value_or("");
        } else if (key == "category") {
            category = json.text().value_or("");
        } else if (key == "pid") {
            pid = json.integer().value_or(-1);
        } else if (key == "samples") {
            samples.read(json, {{"time", true}, {"timeDeltas", true}, {"count"}});
        } else if (key == "sample_groups" || key == "sampleGroups") {
            if (json.enterObject()) {
                group();
            } else if (json.enterArray()) {
                while (json.nextElement()) {
                    if (json.enterObject())
                        group();
                }
            }
        }
    }
}

Result<> Counter::write(std::int64_t shift, RecordSink &sink, JobContext &job) const
{
    if (samples.rows() == 0)
        return {};
    const bool memory = category == "Memory";
    auto shown = name.empty() ? std::string("counter") : name;
    if (memory)
        shown += " [bytes]";
    if (pid >= 0)
        shown += " of process " + std::to_string(pid);
    const auto track = sink.track({.kind = TrackKind::Counter, .name = shown});
    std::int64_t now = 0, sum = 0;
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        if (i % kRowsPerCheck == 0) {
            FW_TRY(job.checkpoint());
            FW_TRY(sink.status());
        }
        auto time = samples.at(kTime, i);
        if (const auto delta = samples.at(kTimeDelta, i); delta != kNull)
            time = now = saturatingAdd(now, delta);
        const auto count = samples.at(kCount, i);
        std::int64_t moved = 0;
        if (time == kNull || count == kNull || __builtin_add_overflow(time, shift, &moved) ||
            moved == kNull) {
            sink.note(Severity::DataLoss, "firefox_bad_counter", 0,
                      "a point of a counter has no time or no value");
            continue;
        }
        sum = memory ? saturatingAdd(sum, count) : count;
        sink.add(CounterPoint{Timestamp(Duration(moved)), track, static_cast<double>(sum)});
    }
    return {};
}

} // namespace flamewright::firefox
