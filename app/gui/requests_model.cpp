#include "app/gui/requests_model.h"

#include "analysis/search.h"
#include "analysis/url_pattern.h"
#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/load_answer.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace flamewright {
namespace {

constexpr QLatin1String kBy("by"), kTag("tag"), kPatterns("patterns"), kFailures("failures"),
    kSlo("sloNs");

constexpr std::array<std::pair<LatencyBy, const char *>, 6> kNames{
    {{LatencyBy::Endpoint, "endpoint"},
     {LatencyBy::Status, "status"},
     {LatencyBy::Phase, "phase"},
     {LatencyBy::Worker, "worker"},
     {LatencyBy::Capture, "capture"},
     {LatencyBy::Tag, "tag"}}};

// What an SLO may be: from a microsecond to a day.
constexpr double kLeastSlo = 1e3, kLargestSlo = 86'400e9;

} // namespace

QString nameOf(LatencyBy by)
{
    for (const auto &[value, name] : kNames) {
        if (value == by)
            return QString::fromLatin1(name);
    }
    return {};
}

RequestsModel::RequestsModel(const Services &services, Document &document, ScopeController &scope,
                             QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_job(services.jobs),
      m_remarkJob(services.jobs),
      m_blockJob(services.jobs)
{
    m_due.setSingleShot(true);
    m_due.setInterval(0);
    connect(&m_due, &QTimer::timeout, this, &RequestsModel::load);
    connect(&scope, &ScopeController::scopeChanged, this, &RequestsModel::ask);
    connect(&document, &Document::capturesChanged, this, [this] {
        if (m_answer ? sourceNow() != m_source : isAbout())
            ask();
    });
}

RequestsModel::~RequestsModel() = default;

bool RequestsModel::isAbout() const
{
    const auto &captures = m_scope.scope().captures;
    return std::any_of(captures.begin(), captures.end(), [this](CaptureId id) {
        const auto *capture = m_document.find(id);
        return capture && capture->requests > 0;
    });
}

void RequestsModel::setChoice(LoadChoice choice)
{
    if (choice == m_choice)
        return;
    m_choice = std::move(choice);
    Q_EMIT choiceChanged();
    ask();
}

void RequestsModel::setBy(LatencyBy by, std::string tag)
{
    auto next = m_choice;
    next.question.by = by;
    next.question.tag = by == LatencyBy::Tag ? std::move(tag) : std::string();
    setChoice(std::move(next));
}

void RequestsModel::setFailures(bool included)
{
    auto next = m_choice;
    next.failures = included;
    setChoice(std::move(next));
}

void RequestsModel::setSlo(std::optional<std::int64_t> ns)
{
    auto next = m_choice;
    next.sloNs = ns;
    setChoice(std::move(next));
}

std::optional<std::string> RequestsModel::groupName(const TrackRow &track) const
{
    const auto by = m_choice.question.by;
    if (by == LatencyBy::Endpoint && track.kind == TrackKind::Endpoint)
        return m_choice.question.patterns ? urlPattern(track.name) : track.name;
    if (by == LatencyBy::Worker && track.kind == TrackKind::Thread)
        return track.name;
    return std::nullopt;
}

std::optional<std::string> RequestsModel::groupName(const TrackRef &ref) const
{
    const auto *capture = m_document.find(ref.capture);
    if (!capture || ref.track.raw == 0 || ref.track.raw > capture->meta.tracks.size())
        return std::nullopt;
    return groupName(capture->meta.tracks[ref.track.raw - 1]);
}

bool RequestsModel::canChoose() const
{
    const auto by = m_choice.question.by;
    return by == LatencyBy::Endpoint || by == LatencyBy::Worker;
}

void RequestsModel::setEmphasis(std::optional<std::uint32_t> group)
{
    if (group == m_emphasis)
        return;
    m_emphasis = group;
    Q_EMIT emphasisChanged();
}

RequestsModel::Source RequestsModel::sourceNow() const
{
    Source out{m_scope.scope(), m_choice.question, {}};
    out.scope.times.clear();
    out.scope.search.clear();
    out.scope.measure.clear();
    out.scope.transforms.clear();
    // All groups are there to choose from; those of the scope are picked out of them.
    std::erase_if(out.scope.tracks,
                  [this](const TrackRef &track) { return groupName(track).has_value(); });
    for (const auto id : out.scope.captures) {
        if (const auto *capture = m_document.find(id))
            out.captures.push_back({id, capture->desc.name, capture->chunks});
    }
    return out;
}

void RequestsModel::ask()
{
    m_due.start();
    Q_EMIT busyChanged();
}

void RequestsModel::load()
{
    const auto session = m_document.session();
    if (!session || !isAbout()) {
        m_job.cancel();
        m_source = {};
        m_error.clear();
        adopt(nullptr);
        search();
        Q_EMIT answerChanged();
        Q_EMIT busyChanged();
        return;
    }
    const auto source = sourceNow();
    const bool known = m_answer && source == m_source;
    m_source = source;
    LoadAnswerQuestion question{m_choice, m_scope.scope().times, {}};
    for (const auto &track : m_scope.scope().tracks) {
        if (auto name = groupName(track))
            question.chosen.push_back(*std::move(name));
    }
    m_job.start(
        "load test",
        [&jobs = m_services.jobs, session, source, question, before = known ? m_answer : nullptr](
            JobContext &job) -> Result<std::shared_ptr<const LoadAnswer>> {
            if (before)
                return loadAnswer(before->base, question, before.get(), job);
            FW_ASSIGN(const auto reader, session->reader());
            FW_ASSIGN(auto rows, loadRows(*reader, source.scope, source.question, job));
            FW_ASSIGN(auto tags, loadTags(*reader, source.scope, job));
            auto base = freedIn(jobs, std::make_shared<const LoadRows>(std::move(rows)));
            FW_ASSIGN(const auto answer, loadAnswer(base, question, nullptr, job));
            auto out = std::make_shared<LoadAnswer>(*answer);
            out->tags = std::move(tags);
            return std::shared_ptr<const LoadAnswer>(std::move(out));
        },
        [this](Result<std::shared_ptr<const LoadAnswer>> result) {
            if (result.has_value()) {
                m_error.clear();
                adopt(freedIn(m_services.jobs, *std::move(result)));
            } else {
                m_source = {};
                adopt(nullptr);
                m_error = display(result.error().text());
            }
            search();
            Q_EMIT answerChanged();
            Q_EMIT busyChanged();
        });
    Q_EMIT busyChanged();
}

void RequestsModel::adopt(std::shared_ptr<const LoadAnswer> answer)
{
    // A group's number means the same over the same rows only.
    const bool other = !answer || !m_answer || answer->base != m_answer->base;
    if (other)
        setEmphasis({});
    m_answer = std::move(answer);
    if (other)
        find();
    drawBlocks();
}

void RequestsModel::drawBlocks()
{
    m_blockJob.cancel();
    m_blocks.reset();
    if (!m_answer)
        return;
    m_blockJob.start(
        "intervals",
        [rows = m_answer->shown, failures = m_answer->choice.failures](
            JobContext &) -> Result<std::optional<BlockIntervals>> {
            // Several captures begin together here, but did not run together.
            if (rows->captures.size() > 1)
                return std::optional<BlockIntervals>();
            if (failures)
                return blockIntervals(rows->begin, rows->latency);
            std::vector<std::int64_t> begin, latency;
            for (std::size_t row = 0; row < rows->size(); ++row) {
                if (rows->failed[row] != 0)
                    continue;
                begin.push_back(rows->begin[row]);
                latency.push_back(rows->latency[row]);
            }
            return blockIntervals(begin, latency);
        },
        [this](Result<std::optional<BlockIntervals>> result) {
            if (result.has_value())
                m_blocks = *std::move(result);
            Q_EMIT blocksChanged();
            Q_EMIT busyChanged();
        });
}

RequestsModel::Remarks RequestsModel::remarksOn(const LoadRows &rows)
{
    Remarks out;
    const bool several = rows.captures.size() > 1;
    for (std::size_t i = 0; i < rows.captures.size(); ++i) {
        const auto capture = static_cast<std::uint8_t>(i);
        const auto study = studyCapture(rows, capture);
        const auto found = findingsOf(rows, capture, study, several);
        out.findings.insert(out.findings.end(), found.begin(), found.end());
        if (several || !study.model.omission || study.model.gaps.betweenNs <= 0)
            continue;
        std::vector<std::int64_t> successes;
        for (std::size_t row = 0; row < rows.size(); ++row) {
            if (rows.failed[row] == 0)
                successes.push_back(rows.latency[row]);
        }
        out.whatIf = correctOmission(successes, study.model.gaps.betweenNs);
    }
    std::stable_partition(out.findings.begin(), out.findings.end(), [](const LoadFinding &finding) {
        return finding.severity == LoadFinding::Severity::Warning;
    });
    return out;
}

void RequestsModel::find()
{
    m_remarkJob.cancel();
    m_remarks = {};
    Q_EMIT findingsChanged();
    if (!m_answer)
        return;
    m_remarkJob.start(
        "findings",
        [rows = m_answer->base](JobContext &) -> Result<Remarks> { return remarksOn(*rows); },
        [this](Result<Remarks> result) {
            if (result.has_value())
                m_remarks = *std::move(result);
            Q_EMIT findingsChanged();
            Q_EMIT busyChanged();
        });
}

void RequestsModel::search()
{
    const auto &pattern = m_scope.scope().search;
    m_found.clear();
    m_searchError.clear();
    if (m_answer && !pattern.empty()) {
        auto found = matchNames(m_answer->base->groups, pattern);
        if (found.has_value())
            m_found = *std::move(found);
        else
            m_searchError = display(found.error().message());
    }
    Q_EMIT foundChanged();
}

void RequestsModel::chooseGroups(const std::vector<std::uint32_t> &groups)
{
    if (!m_answer || !canChoose())
        return;
    if (auto tracks = tracksOf(groups); tracks != m_scope.scope().tracks)
        m_scope.setTracks(std::move(tracks));
}

std::vector<TrackRef> RequestsModel::tracksOf(const std::vector<std::uint32_t> &groups) const
{
    std::unordered_set<std::string> names;
    for (const auto group : groups) {
        if (m_answer && group < m_answer->base->groups.size())
            names.insert(m_answer->base->groups[group]);
    }
    std::vector<TrackRef> tracks;
    for (const auto &track : m_scope.scope().tracks) {
        if (!groupName(track))
            tracks.push_back(track);
    }
    for (const auto id : m_scope.scope().captures) {
        const auto *capture = names.empty() ? nullptr : m_document.find(id);
        for (std::uint32_t i = 0; capture && i < capture->meta.tracks.size(); ++i) {
            if (const auto name = groupName(capture->meta.tracks[i]); name && names.contains(*name))
                tracks.push_back({id, TrackId{i + 1}});
        }
    }
    return tracks;
}

QJsonObject RequestsModel::state() const
{
    QJsonObject out{{kBy, nameOf(m_choice.question.by)},
                    {kPatterns, m_choice.question.patterns},
                    {kFailures, m_choice.failures}};
    if (m_choice.question.by == LatencyBy::Tag)
        out.insert(kTag, display(m_choice.question.tag));
    if (m_choice.sloNs)
        out.insert(kSlo, static_cast<double>(*m_choice.sloNs));
    return out;
}

void RequestsModel::restore(const QJsonObject &state)
{
    LoadChoice choice;
    const auto by = state.value(kBy).toString();
    for (const auto &[value, name] : kNames) {
        if (by == QLatin1String(name))
            choice.question.by = value;
    }
    choice.question.tag = state.value(kTag).toString().toStdString();
    if (choice.question.by != LatencyBy::Tag)
        choice.question.tag.clear();
    else if (choice.question.tag.empty())
        choice.question.by = LatencyBy::Endpoint;
    choice.question.patterns = state.value(kPatterns).toBool();
    choice.failures = state.value(kFailures).toBool();
    const auto slo = state.value(kSlo).toDouble();
    if (slo >= kLeastSlo && slo <= kLargestSlo)
        choice.sloNs = static_cast<std::int64_t>(slo);
    setChoice(std::move(choice));
}

} // namespace flamewright
