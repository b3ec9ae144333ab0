#include "app/gui/trace_model.h"

#include "app/gui/document.h"
#include "app/gui/freed_elsewhere.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <algorithm>
#include <utility>

namespace flamewright {

TraceModel::TraceModel(const Services &services, Document &document, ScopeController &scope,
                       QObject *parent)
    : QObject(parent),
      m_services(services),
      m_document(document),
      m_scope(scope),
      m_job(services.jobs)
{
    m_due.setSingleShot(true);
    m_due.setInterval(0);
    connect(&m_due, &QTimer::timeout, this, &TraceModel::load);
    connect(&scope, &ScopeController::scopeChanged, this, &TraceModel::ask);
    connect(&document, &Document::capturesChanged, this, &TraceModel::ask);
    connect(&document, &Document::opened, this, [this] {
        m_source = {};
        ask();
    });
}

TraceModel::~TraceModel() = default;

TraceModel::Source TraceModel::sourceNow() const
{
    const auto &scope = m_scope.scope();
    Source out{.captures = {}, .times = scope.times, .tracks = scope.tracks};
    for (const auto id : scope.captures) {
        const auto *capture = m_document.find(id);
        if (capture && capture->slices > 0)
            out.captures.push_back({id, capture->chunks, capture->meta.wallOffsetNs});
    }
    return out;
}

void TraceModel::ask()
{
    if (sourceNow() == m_source && (m_study || m_job.busy() || m_source.captures.empty()))
        return;
    m_due.start();
}

void TraceModel::load()
{
    const auto source = sourceNow();
    const bool other = source.captures != m_source.captures;
    m_source = source;
    m_error.clear();
    const auto session = m_document.session();
    if (source.captures.empty() || !session) {
        m_job.cancel();
        adopt(nullptr);
        return;
    }
    if (other)
        adopt(nullptr);
    Scope question{.captures = {}, .times = source.times, .tracks = source.tracks};
    for (const auto &part : source.captures)
        question.captures.push_back(part.id);
    m_job.start(
        "traces",
        [session, question](JobContext &job) -> Result<std::shared_ptr<const TraceAnswer>> {
            FW_ASSIGN(const auto reader, session->reader());
            FW_ASSIGN(auto study, traceAnswer(*reader, question, job));
            return std::make_shared<const TraceAnswer>(std::move(study));
        },
        [this](Result<std::shared_ptr<const TraceAnswer>> answer) {
            if (!answer.has_value()) {
                m_error = display(answer.error().text());
                adopt(nullptr);
            } else {
                adopt(*std::move(answer));
            }
            Q_EMIT busyChanged();
        });
    Q_EMIT busyChanged();
}

void TraceModel::adopt(std::shared_ptr<const TraceAnswer> study)
{
    // What is chosen is found again by its name: another time range has other rows.
    std::string trace;
    if (m_study && study && m_trace)
        trace = m_study->rows().traces[m_study->traces[*m_trace].trace];
    auto old = std::exchange(m_study, std::move(study));
    m_trace.reset();
    m_span.reset();
    m_operation.reset(); // a number of the old study
    if (!trace.empty()) {
        const auto at = std::find_if(
            m_study->traces.begin(), m_study->traces.end(),
            [&](const TraceSummary &t) { return m_study->rows().traces[t.trace] == trace; });
        if (at != m_study->traces.end())
            m_trace = static_cast<std::uint32_t>(at - m_study->traces.begin());
    }
    if (m_study && !m_trace && !m_study->traces.empty())
        m_trace = 0; // the slowest: what one looks for
    if (old)
        freeIn(m_services.jobs, std::move(old));
    Q_EMIT studyChanged();
    Q_EMIT choiceChanged();
}

void TraceModel::chooseTrace(std::optional<std::uint32_t> trace)
{
    if (trace && (!m_study || *trace >= m_study->traces.size()))
        return;
    if (trace == m_trace && !m_span)
        return;
    m_trace = trace;
    m_span.reset();
    Q_EMIT choiceChanged();
}

void TraceModel::chooseSpan(std::optional<std::uint32_t> row)
{
    if (row && (!m_study || *row >= m_study->rows().size()))
        return;
    if (row == m_span)
        return;
    m_span = row;
    if (row) {
        const auto trace = m_study->rows().trace[*row];
        const auto at = std::find_if(m_study->traces.begin(), m_study->traces.end(),
                                     [&](const TraceSummary &t) { return t.trace == trace; });
        if (at != m_study->traces.end())
            m_trace = static_cast<std::uint32_t>(at - m_study->traces.begin());
    }
    Q_EMIT choiceChanged();
}

void TraceModel::chooseOperation(std::optional<OperationKey> operation)
{
    if (operation == m_operation)
        return;
    m_operation = operation;
    Q_EMIT choiceChanged();
}

} // namespace flamewright
