#include "app/benchmark_report.h"

#include "capture/base/format_value.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/references.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace flamewright {

Result<BenchmarkTotals> benchmarkTotals(SessionReader &reader, const CaptureInfo &capture,
                                        JobContext &job)
{
    BenchmarkTotals out;
    FW_TRY(reader.scan(
        capture.id, ChunkKind::Benchmarks, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_ASSIGN(const auto rows, decodeBenchmarks(chunk));
            const auto measured = static_cast<std::uint64_t>(
                std::count(rows.statistic.begin(), rows.statistic.end(), StringId{}));
            out.measured += measured;
            out.computed += rows.size() - measured;
            return {};
        }));
    return out;
}

namespace {

template <class Builder>
Result<> addTo(Builder &builder, SessionReader &reader, const CaptureInfo &capture, CaptureId as,
               JobContext &job)
{
    FW_ASSIGN(const auto dimensions, loadDimensions(reader, capture.id, job));
    return reader.scan(
        capture.id, ChunkKind::Benchmarks, {}, job, [&](const Chunk &chunk) -> Result<> {
            FW_ASSIGN(const auto rows, decodeBenchmarks(chunk));
            if (!refersWithin(rows, dimensions->strings.size() - 1))
                return fail(Errc::Corrupt, "a benchmark value refers to a text that is not there");
            builder.add(as, rows, dimensions->strings);
            return {};
        });
}

} // namespace

Result<BenchmarkReport> benchmarkReport(SessionReader &reader,
                                        std::span<const CaptureInfo> captures, JobContext &job)
{
    BenchmarkReportBuilder builder;
    for (const auto &capture : captures)
        FW_TRY(addTo(builder, reader, capture, capture.id, job));
    return builder.finish();
}

Result<> addBenchmarkRuns(SessionReader &reader, const CaptureInfo &capture, CaptureId as,
                          BenchmarkRunsBuilder &builder, JobContext &job)
{
    return addTo(builder, reader, capture, as, job);
}

std::map<std::string, std::string> benchmarkLabels(const BenchmarkGroup &group)
{
    return benchmarkLabels(group.labels);
}

std::map<std::string, std::string> benchmarkLabels(const std::string &json)
{
    std::map<std::string, std::string> out;
    const auto object =
        QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size())))
            .object();
    for (auto it = object.begin(); it != object.end(); ++it)
        out.emplace(it.key().toStdString(), it.value().toVariant().toString().toStdString());
    return out;
}

std::string labelsJson(const std::map<std::string, std::string> &labels)
{
    if (labels.empty())
        return {};
    QJsonObject object;
    for (const auto &[key, value] : labels)
        object[QString::fromStdString(key)] = QString::fromStdString(value);
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

std::map<std::string, std::string> commonLabels(std::span<const BenchmarkGroup> groups)
{
    if (groups.empty())
        return {};
    auto common = benchmarkLabels(groups.front());
    for (const auto &group : groups.subspan(1)) {
        if (common.empty())
            break;
        const auto labels = benchmarkLabels(group);
        std::erase_if(common, [&](const auto &one) {
            const auto found = labels.find(one.first);
            return found == labels.end() || found->second != one.second;
        });
    }
    return common;
}

std::string labelText(const std::map<std::string, std::string> &labels, std::string_view separator)
{
    std::string out;
    for (const auto &[key, value] : labels) {
        if (!out.empty())
            out += separator;
        out += key + "=" + value;
    }
    return out;
}

std::string benchmarkTitle(const BenchmarkGroup &group,
                           const std::map<std::string, std::string> &common)
{
    auto labels = benchmarkLabels(group);
    std::erase_if(labels, [&](const auto &one) { return common.contains(one.first); });
    const auto own = labelText(labels);
    return group.name + (own.empty() ? "" : " [" + own + "]");
}

std::string toolText(const BenchmarkGroup &group, std::string_view method)
{
    std::string out;
    std::int64_t buckets = 0;
    const auto separate = [&] { return out.empty() ? "" : ", "; };
    for (const auto &one : group.tool) {
        if (one.method != method)
            continue;
        if (one.statistic == "bucket") {
            ++buckets;
            continue;
        }
        const auto unit = benchmarkUnit(one.unit);
        out += separate() + one.statistic + " " + formatBenchmark(one.value * unit.factor, unit);
    }
    if (buckets > 0)
        out += separate() + formatCount(buckets) + " buckets of histograms";
    return out;
}

std::vector<std::string> toolMethods(const BenchmarkGroup &group)
{
    std::vector<std::string> out;
    for (const auto &one : group.tool) {
        if (std::find(out.begin(), out.end(), one.method) == out.end())
            out.push_back(one.method);
    }
    return out;
}

} // namespace flamewright
