#include "app/gui/trace_inspector.h"

#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/text.h"
#include "app/gui/trace_columns.h"
#include "app/gui/trace_model.h"
#include "capture/session/shown_tables.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <deque>

namespace flamewright {
namespace {

constexpr int kMostFacts = 200;

QString scalarText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Bool: return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Double:
        return QString::fromUtf8(QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact))
            .chopped(1)
            .mid(1);
    case QJsonValue::String: return display(value.toString().toStdString());
    default: return QStringLiteral("null");
    }
}

// Times of hostile captures may be further apart than a length can be.
std::int64_t lengthBetween(std::int64_t begin, std::int64_t end)
{
    std::int64_t out = 0;
    return __builtin_sub_overflow(end, begin, &out) ? INT64_MAX : out;
}

QString idText(std::uint64_t id)
{
    return QStringLiteral("%1").arg(id, 16, 16, QLatin1Char('0'));
}

} // namespace

void addJsonFacts(FactsPanel &panel, const std::string &json)
{
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isObject()) {
        if (!json.empty())
            panel.addSentence(display(json));
        return;
    }
    int left = kMostFacts, hidden = 0;
    std::deque<std::pair<QString, QJsonValue>> queue; // in the order of the text
    const auto put = [&](const QString &path, const QJsonValue &value) {
        if (left > 0) {
            panel.addFact(display(path.toStdString()), scalarText(value));
            --left;
        } else {
            ++hidden;
        }
    };
    const auto object = document.object();
    for (auto it = object.begin(); it != object.end(); ++it)
        queue.emplace_back(it.key(), it.value());
    while (!queue.empty()) {
        const auto [path, value] = queue.front();
        queue.pop_front();
        if (value.isObject()) {
            const auto inner = value.toObject();
            std::deque<std::pair<QString, QJsonValue>> members;
            for (auto it = inner.begin(); it != inner.end(); ++it)
                members.emplace_back(path + QLatin1Char('.') + it.key(), it.value());
            queue.insert(queue.begin(), members.begin(), members.end());
        } else if (value.isArray()) {
            const auto inner = value.toArray();
            std::deque<std::pair<QString, QJsonValue>> members;
            for (qsizetype i = 0; i < inner.size(); ++i)
                members.emplace_back(path + QLatin1Char('.') + QString::number(i), inner[i]);
            queue.insert(queue.begin(), members.begin(), members.end());
        } else {
            put(path, value);
        }
    }
    if (hidden > 0)
        panel.addSentence(FactsPanel::tr("%1 more").arg(grouped(hidden)));
}

TraceInspector::TraceInspector(const Services &services, Document &document, TraceModel &traces,
                               QWidget *parent)
    : FactsPanel(parent),
      m_document(document),
      m_traces(traces),
      m_job(services.jobs)
{
    setAccessibleName(tr("Inspector"));
    connect(&traces, &TraceModel::choiceChanged, this, &TraceInspector::follow);
    follow();
}

void TraceInspector::follow()
{
    m_job.cancel();
    const auto &study = m_traces.study();
    if (!study || !m_traces.trace()) {
        begin();
        addSentence(tr("No trace chosen"));
        end();
        return;
    }
    if (!m_traces.span()) {
        showTrace();
        return;
    }
    showSpan({});
    const auto args = study->rows().args[*m_traces.span()];
    const auto session = m_document.session();
    if (args.raw == 0 || !session)
        return;
    m_job.start(
        "attributes",
        [session, capture = study->spans.captures[study->spans.capture[*m_traces.span()]],
         args](JobContext &job) -> Result<std::string> {
            FW_ASSIGN(const auto reader, session->reader());
            return argumentsOf(*reader, capture, args, job);
        },
        [this](Result<std::string> answer) {
            showSpan(answer.has_value() ? *answer : answer.error().text());
        });
}

void TraceInspector::showTrace()
{
    const auto &study = *m_traces.study();
    const auto &trace = study.traces[*m_traces.trace()];
    const auto style = m_traces.valueStyle();
    begin();
    const auto root = trace.root;
    addTitle(root == kNoRow ? tr("Trace") : display(study.rows().names[study.rows().name[root]]),
             root == kNoRow ? QString()
                            : display(study.rows().services[study.rows().service[root]]));
    addFact(tr("Duration"), durationText(trace.length, style));
    addFact(tr("Begin"), sinceStart(study, trace.begin));
    addFact(tr("Spans"), grouped(trace.spans));
    addFact(tr("Services"), grouped(trace.services));
    addFact(tr("Errors"), grouped(trace.errors), trace.errors > 0);
    addFact(tr("Trace"), display(study.rows().traces[trace.trace]));
    if (!trace.isWhole)
        addSentence(tr("Some spans name parents that are not in the capture: the trace may have "
                       "been cut or sampled."));
    if (root != kNoRow) {
        CriticalPaths paths(study.rows(), study.forest);
        std::vector<CriticalSegment> segments;
        paths.add(root, segments);
        std::vector<std::int64_t> ns(study.index.size());
        std::int64_t all = 0;
        for (const auto &segment : segments) {
            ns[study.index.of[segment.row]] += segment.length();
            all += segment.length();
        }
        std::vector<std::uint32_t> order;
        for (std::uint32_t i = 0; i < ns.size(); ++i) {
            if (ns[i] > 0)
                order.push_back(i);
        }
        std::sort(order.begin(), order.end(),
                  [&](auto a, auto b) { return ns[a] != ns[b] ? ns[a] > ns[b] : a < b; });
        constexpr std::size_t kMost = 8;
        addSection(tr("Critical path"));
        for (std::size_t i = 0; i < std::min(order.size(), kMost); ++i)
            addFact(display(study.rows().names[study.index.keys[order[i]].name]),
                    durationText(ns[order[i]], style) + QStringLiteral(" · ") +
                        shareText(ns[order[i]], all));
        if (order.size() > kMost)
            addSentence(tr("%1 more operations")
                            .arg(grouped(std::ssize(order) - static_cast<std::ptrdiff_t>(kMost))));
    }
    end();
}

void TraceInspector::showSpan(const std::string &attributes)
{
    const auto &study = *m_traces.study();
    const auto &rows = study.rows();
    const auto row = *m_traces.span();
    const auto style = m_traces.valueStyle();
    const auto &trace = study.traces[*m_traces.trace()];
    begin();
    addTitle(display(rows.names[rows.name[row]]), display(rows.services[rows.service[row]]));
    addFact(tr("Duration"), durationText(rows.length[row], style) + QStringLiteral(" · ") +
                                shareText(rows.length[row], trace.length));
    addFact(tr("Self"), durationText(study.forest.self[row], style) + QStringLiteral(" · ") +
                            shareText(study.forest.self[row], rows.length[row]));
    addFact(tr("Begin"),
            tr("%1 into the trace")
                .arg(durationText(lengthBetween(trace.begin, rows.begin[row]), style)));
    const auto kind = nameOf(rows.kind[row]);
    addFact(tr("Kind"), QString::fromLatin1(kind.data(), static_cast<qsizetype>(kind.size())));
    if (rows.failed(row))
        addFact(tr("Status"), tr("failed"), true);
    if ((rows.flags[row] & kSliceNoEnd) != 0)
        addSentence(tr("Its end is not in the capture."));
    addFact(tr("Children"), grouped(std::ssize(study.forest.childrenOf(row))));
    addFact(tr("Span"), idText(rows.span[row]));
    if (rows.parent[row] != 0)
        addFact(tr("Parent"),
                idText(rows.parent[row]) +
                    (study.forest.parent[row] == kNoRow ? tr(", not in the capture") : QString()));
    if (!attributes.empty()) {
        addSection(tr("Attributes"));
        addJsonFacts(*this, attributes);
    }
    end();
}

} // namespace flamewright
