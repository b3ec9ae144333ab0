#include "app/gui/status_line.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/document.h"
#include "app/gui/figures.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/requests_model.h"
#include "app/gui/scope_controller.h"
#include "app/gui/text.h"

#include <QHBoxLayout>

namespace flamewright {
namespace {

constexpr int kSaidMs = 5000;

// "999 Hz", "every 10,000,000", or nothing when the capture does not say.
QString rateOf(const CaptureInfo &capture)
{
    if (const auto rate = provenanceOf(capture, "sample_freq"); !rate.isEmpty()) {
        bool number = false;
        rate.toDouble(&number);
        return number ? rate + QStringLiteral(" Hz") : rate;
    }
    if (const auto period = provenanceOf(capture, "sample_period"); !period.isEmpty())
        return StatusLine::tr("every %1").arg(period);
    return {};
}

std::uint64_t lostOf(const CaptureInfo &capture)
{
    std::uint64_t lost = 0;
    for (const auto &note : capture.meta.notes) {
        if (note.code.find("lost") != std::string::npos)
            lost += note.count;
    }
    return lost;
}

} // namespace

StatusLine::StatusLine(const Document &document, const ScopeController &scope,
                       const ProfileModel &profile, const RequestsModel &load, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_scope(scope),
      m_profile(profile),
      m_load(load),
      m_left(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this)),
      m_right(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this))
{
    setObjectName(QStringLiteral("statusLine"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(25);
    m_right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 1, 16, 0);
    row->setSpacing(24);
    row->addWidget(m_left, 1);
    row->addWidget(m_right);
    m_saidUntil.setSingleShot(true);
    connect(&m_saidUntil, &QTimer::timeout, this, [this] {
        m_said.clear();
        refresh();
    });
    connect(&document, &Document::capturesChanged, this, &StatusLine::refresh);
    connect(&document, &Document::sessionChanged, this, &StatusLine::refresh);
    connect(&scope, &ScopeController::scopeChanged, this, &StatusLine::refresh);
    connect(&profile, &ProfileModel::profileChanged, this, &StatusLine::refresh);
    connect(&profile, &ProfileModel::busyChanged, this, &StatusLine::refresh);
    connect(&load, &RequestsModel::answerChanged, this, &StatusLine::refresh);
    connect(&load, &RequestsModel::busyChanged, this, &StatusLine::refresh);
    refresh();
}

void StatusLine::setRenderer(const QString &name)
{
    m_renderer = name;
    refresh();
}

void StatusLine::say(const QString &sentence)
{
    m_said = sentence;
    m_saidUntil.start(kSaidMs);
    refresh();
}

QString StatusLine::text() const
{
    return m_left->plain() + QLatin1Char('\n') + m_right->plain();
}

QStringList StatusLine::aboutProfile(const CaptureInfo &capture) const
{
    QStringList out;
    auto measured = m_profile.profile() ? display(m_profile.profile()->measure) : QString();
    if (const auto rate = rateOf(capture); !rate.isEmpty())
        measured += QLatin1Char(' ') + rate;
    if (!measured.isEmpty())
        out << measured;
    if (const auto lost = lostOf(capture); lost > 0)
        out << tr("%1 lost").arg(grouped(static_cast<std::int64_t>(lost)));
    else
        out << tr("0 lost");
    if (const auto share = m_profile.resolvedShare())
        out << tr("symbols %1")
                   .arg(shareText(static_cast<std::int64_t>(*share * 1e6 + 0.5), 1'000'000));
    return out;
}

QStringList StatusLine::aboutLoadTest(const CaptureInfo &capture) const
{
    const auto &answer = m_load.answer();
    if (!answer)
        return {capture.requests == 0 ? tr("figures as the tool computed them, no requests")
                                      : tr("load test")};
    const auto count = static_cast<std::int64_t>(answer->shown->size());
    const auto all = static_cast<std::int64_t>(answer->base->size());
    const auto failed = static_cast<std::int64_t>(answer->total.latency.failed.count);
    QStringList out{count == all
                        ? tr("%1 requests").arg(grouped(all))
                        : tr("%1 of %2 requests in scope").arg(grouped(count), grouped(all))};
    out << tr("%1 failed (%2)").arg(grouped(failed), shareText(failed, count));
    if (answer->report.durationNs)
        out << durationText(*answer->report.durationNs, m_load.valueStyle());
    return out;
}

QStringList StatusLine::aboutTrace(const CaptureInfo &capture) const
{
    QStringList out{tr("%1 slices").arg(grouped(static_cast<std::int64_t>(capture.slices)))};
    if (capture.counters > 0)
        out << tr("%1 counter values").arg(grouped(static_cast<std::int64_t>(capture.counters)));
    if (const auto length = capture.durationNs())
        out << durationText(*length, m_load.valueStyle());
    return out;
}

void StatusLine::refresh()
{
    const auto dot = QStringLiteral(" · ");
    const auto &captures = m_scope.scope().captures;
    const auto *capture = captures.empty() ? nullptr : m_document.find(captures.front());
    QStringList left;
    if (!m_said.isEmpty()) {
        left << m_said;
    } else if (!m_profile.error().isEmpty()) {
        left << m_profile.error();
    } else if (capture) {
        if (isBenchmarks(*capture))
            left << tr("medians with 95 % intervals, whatever the distribution");
        else
            left << (isLoadTest(*capture) ? aboutLoadTest(*capture)
                     : isTrace(*capture)  ? aboutTrace(*capture)
                                          : aboutProfile(*capture));
        if (m_profile.busy() || m_load.busy())
            left << tr("working…");
    } else {
        left << tr("No capture open");
    }
    m_left->setTone(m_profile.error().isEmpty() ? TextTone::Secondary : TextTone::Error);
    m_left->setPlain(left.join(dot));

    QStringList right;
    if (m_document.session()) {
        std::uint64_t input = 0;
        for (const auto &c : m_document.captures())
            input += c.desc.sourceBytes;
        auto size =
            tr("session %1").arg(byteCount(m_document.fileBytes(), m_document.valueStyle()));
        // A share of next to nothing says nothing.
        if (input > 0 && input < (1u << 20))
            size +=
                QLatin1Char(' ') + tr("(from %1)").arg(byteCount(input, m_document.valueStyle()));
        else if (input > 0)
            size += QLatin1Char(' ') +
                    tr("(%1 of %2)")
                        .arg(shareText(static_cast<std::int64_t>(m_document.fileBytes()),
                                       static_cast<std::int64_t>(input)),
                             byteCount(input, m_document.valueStyle()));
        right << size;
    }
    if (!m_renderer.isEmpty())
        right << m_renderer;
    m_right->setPlain(right.join(dot));
}

} // namespace flamewright
