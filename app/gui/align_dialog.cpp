#include "app/gui/align_dialog.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/choice_box.h"
#include "app/gui/document.h"
#include "app/gui/duration_text.h"
#include "app/gui/figures.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kFieldWidth = 280, kWaitMs = 250;

// "-200 ms", "+3s": a time with a sign, or zero.
std::optional<std::int64_t> signedDuration(const QString &text)
{
    auto rest = text.trimmed();
    const bool back = rest.startsWith(u'-') || rest.startsWith(QChar(0x2212));
    if (back || rest.startsWith(u'+'))
        rest = rest.mid(1).trimmed();
    const auto ns = parseDurationText(rest);
    return ns && back ? std::optional(-*ns) : ns;
}

QString movedText(std::int64_t ns, ValueStyle style)
{
    const auto size = durationText(ns < 0 ? -std::max(ns, -INT64_MAX) : ns, style);
    return ns < 0 ? AlignDialog::tr("%1 earlier").arg(size) : AlignDialog::tr("%1 later").arg(size);
}

} // namespace

AlignDialog::AlignDialog(const Services &services, Document &document, CaptureId moved,
                         QWidget *parent)
    : QDialog(parent),
      m_services(services),
      m_document(document),
      m_moved(moved),
      m_reference(new ChoiceBox(this)),
      m_way(new ChoiceBox(this)),
      m_event(new QLineEdit(this)),
      m_offset(new QLineEdit(this)),
      m_result(new PlainLabel(TextStyle::Body, TextTone::Secondary, this)),
      m_job(services.jobs)
{
    const auto *capture = document.find(moved);
    setWindowTitle(tr("Align clocks"));
    setObjectName(QStringLiteral("alignClocks"));
    auto *what = new PlainLabel(TextStyle::Title, TextTone::Primary, this);
    what->setPlain(capture ? tr("Move %1").arg(captureName(*capture)) : QString());
    for (const auto &other : document.captures()) {
        if (other.id == moved || other.state == CaptureState::Importing)
            continue;
        m_others.push_back(other.id);
        m_reference->addItem(captureName(other));
    }
    m_way->addItems({tr("Calls between them"), tr("Something that happened in both"),
                     tr("A time given by hand")});
    m_event->setPlaceholderText(tr("Name of a slice, span or event"));
    m_offset->setPlaceholderText(tr("-200 ms, 1.5 s"));
    m_result->setWrapping(true);
    m_result->setMinimumHeight(3 * m_result->fontMetrics().lineSpacing());
    for (QWidget *field : {static_cast<QWidget *>(m_reference), static_cast<QWidget *>(m_way),
                           static_cast<QWidget *>(m_event), static_cast<QWidget *>(m_offset)})
        field->setMinimumWidth(kFieldWidth);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Beside"), m_reference);
    form->addRow(tr("By"), m_way);
    form->addRow(tr("Called"), m_event);
    form->addRow(tr("Moved by"), m_offset);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_move = buttons->addButton(tr("Move"), QDialogButtonBox::AcceptRole);
    m_move->setProperty("primary", true);
    m_move->style()->unpolish(m_move);
    m_move->style()->polish(m_move);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_move, &QPushButton::clicked, this, &AlignDialog::move);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(12);
    column->addWidget(what);
    column->addLayout(form);
    column->addWidget(m_result);
    column->addStretch(1);
    column->addWidget(buttons);
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &AlignDialog::look);
    connect(m_reference, &QComboBox::currentIndexChanged, this, &AlignDialog::ask);
    connect(m_way, &QComboBox::currentIndexChanged, this, &AlignDialog::ask);
    connect(m_event, &QLineEdit::textChanged, this, &AlignDialog::ask);
    connect(m_offset, &QLineEdit::textChanged, this, &AlignDialog::ask);
    ask();
}

const CaptureInfo *AlignDialog::reference() const
{
    const auto at = m_reference->currentIndex();
    return at < 0 ? nullptr : m_document.find(m_others[static_cast<std::size_t>(at)]);
}

QString AlignDialog::result() const
{
    return m_result->plain();
}

void AlignDialog::ask()
{
    const auto way = m_way->currentIndex();
    m_event->setEnabled(way == ByEvent);
    m_offset->setEnabled(way == ByHand);
    m_reference->setEnabled(way != ByHand);
    m_wallOffset.reset();
    m_move->setEnabled(false);
    m_job.cancel();
    const bool types = way == ByEvent;
    m_due.start(types ? kWaitMs : 0);
}

void AlignDialog::look()
{
    const auto *moved = m_document.find(m_moved);
    const auto session = m_document.session();
    if (!moved || !session)
        return;
    if (m_way->currentIndex() == ByHand) {
        const auto by = signedDuration(m_offset->text());
        if (!by) {
            m_result->setPlain(m_offset->text().isEmpty()
                                   ? tr("How much later it is to be; with a minus: earlier.")
                                   : tr("This is no time. Write 200 ms, -1.5 s."));
            return;
        }
        m_wallOffset = saturatingAdd(moved->meta.wallOffsetNs.value_or(0), *by);
        m_result->setPlain(tr("Moves %1.").arg(movedText(*by, m_document.valueStyle())));
        m_move->setEnabled(true);
        return;
    }
    const auto *other = reference();
    if (!other) {
        m_result->setPlain(tr("There is no other capture in this session."));
        return;
    }
    const bool byEvent = m_way->currentIndex() == ByEvent;
    const auto name = m_event->text().toStdString();
    if (byEvent && name.empty()) {
        m_result->setPlain(tr("The first slice, span or event of this name is at the same time "
                              "in both."));
        return;
    }
    m_result->setPlain(tr("Looking…"));
    m_job.start(
        "align clocks",
        [session, here = other->id, there = m_moved, byEvent,
         name](JobContext &job) -> Result<ClockOffset> {
            FW_ASSIGN(const auto reader, session->reader());
            return byEvent ? offsetByEvent(*reader, here, there, name, job)
                           : offsetByCalls(*reader, here, there, job);
        },
        [this](Result<ClockOffset> offset) { answer(offset); });
}

void AlignDialog::answer(const Result<ClockOffset> &offset)
{
    const auto *moved = m_document.find(m_moved);
    const auto *other = reference();
    if (!moved || !other)
        return;
    if (!offset.has_value()) {
        m_result->setPlain(display(offset.error().text()));
        return;
    }
    const auto style = m_document.valueStyle();
    m_wallOffset = saturatingAdd(other->meta.wallOffsetNs.value_or(0), offset->ns);
    std::int64_t by = 0;
    if (__builtin_sub_overflow(*m_wallOffset, moved->meta.wallOffsetNs.value_or(0), &by))
        by = *m_wallOffset < 0 ? -INT64_MAX : INT64_MAX;
    auto text = tr("Moves %1.").arg(movedText(by, style));
    if (offset->calls > 0)
        text += QLatin1Char(' ') +
                tr("Then %1 of %2 calls between them lie within who waits for them; the truth is "
                   "within %3.")
                    .arg(grouped(static_cast<std::int64_t>(offset->agreeing)),
                         grouped(static_cast<std::int64_t>(offset->calls)),
                         durationText(offset->uncertaintyNs, style));
    m_result->setPlain(text);
    m_move->setEnabled(true);
}

void AlignDialog::move()
{
    if (!m_wallOffset)
        return;
    const auto *other = reference();
    // A reference without a wall clock: its own clock stands for it.
    if (m_way->currentIndex() != ByHand && other && !other->meta.wallOffsetNs)
        m_document.setWallOffset(other->id, 0);
    m_document.setWallOffset(m_moved, *m_wallOffset);
    accept();
}

} // namespace flamewright
