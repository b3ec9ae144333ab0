#include "app/gui/compare_model.h"

#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <algorithm>
#include <utility>

namespace flamewright {
namespace {

constexpr std::size_t kKnown = 4; // answers that are kept

bool hasMeasure(const std::vector<CaptureInfo> &captures, const std::string &measure)
{
    return measure == "samples" ||
           std::any_of(captures.begin(), captures.end(), [&](const CaptureInfo &capture) {
               const auto &measures = capture.meta.measures;
               return std::any_of(measures.begin(), measures.end(),
                                  [&](const auto &one) { return one.name == measure; });
           });
}

} // namespace

CompareModel::CompareModel(const Services &services, Document &document, ScopeController &scope,
                           QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_job(services.jobs)
{
    m_due.setSingleShot(true);
    m_due.setInterval(0);
    connect(&m_due, &QTimer::timeout, this, &CompareModel::load);
    connect(&document, &Document::opened, this, [this] {
        m_known.clear();
        m_by = NormaliseBy::Automatic;
        m_confirmed = false;
    });
    connect(&document, &Document::capturesChanged, this, &CompareModel::followRoles);
    connect(&document, &Document::sessionChanged, this, &CompareModel::followRoles);
    connect(&scope, &ScopeController::scopeChanged, this, &CompareModel::ask);
}

CompareModel::~CompareModel() = default;

const std::vector<CaptureInfo> &CompareModel::side(CaptureRole role) const
{
    return role == CaptureRole::Baseline ? m_base : m_cand;
}

void CompareModel::followRoles()
{
    const auto idsOf = [](const std::vector<CaptureInfo> &captures) {
        std::vector<CaptureId> out;
        for (const auto &capture : captures)
            out.push_back(capture.id);
        return out;
    };
    const auto before = std::pair{idsOf(m_base), idsOf(m_cand)};
    m_base.clear();
    m_cand.clear();
    for (const auto &capture : m_document.captures()) {
        if (capture.state == CaptureState::Importing)
            continue;
        if (capture.desc.role == CaptureRole::Baseline)
            m_base.push_back(capture);
        else if (capture.desc.role == CaptureRole::Candidate)
            m_cand.push_back(capture);
    }
    const auto after = std::pair{idsOf(m_base), idsOf(m_cand)};
    // The other way round the same differences were confirmed already.
    if (before != after && before != std::pair{after.second, after.first})
        m_confirmed = false;
    Q_EMIT sidesChanged(); // names may be others, too
    ask();
}

CompareModel::Question CompareModel::questionNow() const
{
    Question out;
    if (!hasBoth() || !m_document.session())
        return out;
    const auto parts = [](const std::vector<CaptureInfo> &captures) {
        std::vector<Question::Part> all;
        for (const auto &capture : captures)
            all.push_back({capture.id, capture.desc.name, capture.chunks});
        return all;
    };
    out.session = m_document.session()->path().string();
    out.base = parts(m_base);
    out.cand = parts(m_cand);
    out.by = m_by;
    out.confirmed = m_confirmed;
    const auto &scope = m_scope.scope();
    if (hasMeasure(m_base, scope.measure) && hasMeasure(m_cand, scope.measure))
        out.scope.measure = scope.measure;
    out.scope.inlines = scope.inlines;
    out.scope.transforms = scope.transforms;
    return out;
}

void CompareModel::ask()
{
    if (questionNow() == m_question)
        return;
    m_due.start();
    Q_EMIT busyChanged();
}

CompareSide CompareModel::sideOf(const std::vector<CaptureInfo> &captures, const Question &question,
                                 const Session &session) const
{
    CompareSide out;
    out.name = captures.size() == 1 ? captures.front().desc.name
                                    : tr("%1 captures").arg(captures.size()).toStdString();
    for (const auto &capture : captures) {
        auto scope = question.scope;
        scope.captures = {capture.id};
        out.captures.push_back({&session, capture, std::move(scope)});
    }
    return out;
}

void CompareModel::load()
{
    const auto before = std::exchange(m_question, questionNow());
    m_cancelled = false;
    if (m_question == Question{}) {
        m_job.cancel();
        m_error.clear();
        adopt(nullptr);
        return;
    }
    const auto known = std::find_if(m_known.begin(), m_known.end(), [this](const Known &one) {
        return one.question == m_question;
    });
    if (known != m_known.end()) {
        m_job.cancel();
        m_error.clear();
        adopt(known->comparison);
        return;
    }
    // Figures of other sides must not stand below these names, not even for a moment.
    if (m_comparison && (before.base != m_question.base || before.cand != m_question.cand))
        adopt(nullptr);
    m_error.clear();
    const auto session = m_document.session();
    CompareOptions options;
    options.by = m_question.by;
    options.measure = m_question.scope.measure;
    options.confirmed = m_question.confirmed;
    m_job.start(
        "compare",
        [&workbench = m_services.workbench, session, options,
         base = sideOf(m_base, m_question, *session), cand = sideOf(m_cand, m_question, *session)](
            JobContext &job) -> Result<std::shared_ptr<const Comparison>> {
            FW_ASSIGN(auto made, compare(workbench, base, cand, options, job));
            return std::make_shared<const Comparison>(std::move(made));
        },
        [this](Result<std::shared_ptr<const Comparison>> result) {
            if (result.has_value()) {
                m_error.clear();
                auto made = freedIn(m_services.jobs, *std::move(result));
                m_known.push_front({m_question, made});
                if (m_known.size() > kKnown)
                    m_known.pop_back();
                adopt(std::move(made));
                return;
            }
            m_cancelled = result.error().code() == Errc::Cancelled;
            m_error = display(result.error().text());
            adopt(nullptr);
        });
    Q_EMIT busyChanged();
}

void CompareModel::adopt(std::shared_ptr<const Comparison> comparison)
{
    m_comparison = std::move(comparison);
    m_current = 0;
    Q_EMIT comparisonChanged();
    Q_EMIT busyChanged();
}

void CompareModel::normaliseBy(NormaliseBy by)
{
    m_by = by;
    ask();
}

void CompareModel::confirm(bool confirmed)
{
    m_confirmed = confirmed;
    ask();
}

void CompareModel::cancel()
{
    m_job.requestStop();
}

void CompareModel::askAgain()
{
    m_question = {};
    ask();
}

const ComparedSection *CompareModel::section(std::string_view kind) const
{
    if (!m_comparison)
        return nullptr;
    const ComparedSection *first = nullptr;
    const auto wanted = m_titles.find(kind);
    for (const auto &one : m_comparison->sections) {
        if (one.kind != kind)
            continue;
        if (wanted != m_titles.end() && one.title == wanted->second)
            return &one;
        first = first ? first : &one;
    }
    return first;
}

const ComparedSection *CompareModel::current() const
{
    if (!m_comparison || m_comparison->sections.empty())
        return nullptr;
    return &m_comparison->sections[std::min(m_current, m_comparison->sections.size() - 1)];
}

void CompareModel::lookAt(std::size_t section)
{
    if (!m_comparison || section >= m_comparison->sections.size())
        return;
    const auto &one = m_comparison->sections[section];
    m_current = section;
    m_titles[one.kind] = one.title;
    Q_EMIT sectionChanged();
}

void CompareModel::select(std::optional<Selected> what)
{
    if (what == m_selected)
        return;
    m_selected = std::move(what);
    Q_EMIT selectionChanged();
}

} // namespace flamewright
