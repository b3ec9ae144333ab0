#include "app/gui/details_panel.h"

#include "app/gui/capture_text_of.h"
#include "app/gui/figures.h"
#include "app/gui/palette.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QDateTime>
#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

// Keys that importers agree on, in the order in which they matter; others follow as they are.
struct KnownKey {
    const char *key;
    const char *title;
};
constexpr KnownKey kKnown[] = {
    {"command_line", QT_TRANSLATE_NOOP("DetailsPanel", "Command")},
    {"host", QT_TRANSLATE_NOOP("DetailsPanel", "Host")},
    {"hostname", QT_TRANSLATE_NOOP("DetailsPanel", "Host")},
    {"kernel", QT_TRANSLATE_NOOP("DetailsPanel", "Kernel")},
    {"cpu", QT_TRANSLATE_NOOP("DetailsPanel", "CPU")},
    {"arch", QT_TRANSLATE_NOOP("DetailsPanel", "Architecture")},
    {"tool", QT_TRANSLATE_NOOP("DetailsPanel", "Tool")},
    {"sample_freq", QT_TRANSLATE_NOOP("DetailsPanel", "Sampling rate")},
    {"sample_period", QT_TRANSLATE_NOOP("DetailsPanel", "Sampling period")},
    {"events", QT_TRANSLATE_NOOP("DetailsPanel", "Events")},
    {"event_names", QT_TRANSLATE_NOOP("DetailsPanel", "Events")},
    {"cpu_count", QT_TRANSLATE_NOOP("DetailsPanel", "CPUs")},
    {"cpu_id", QT_TRANSLATE_NOOP("DetailsPanel", "CPU id")},
    {"memory", QT_TRANSLATE_NOOP("DetailsPanel", "Memory")},
    {"clock", QT_TRANSLATE_NOOP("DetailsPanel", "Clock")},
    {"symbols", QT_TRANSLATE_NOOP("DetailsPanel", "Symbols")},
    {"period_type", QT_TRANSLATE_NOOP("DetailsPanel", "Period of")},
    {"period", QT_TRANSLATE_NOOP("DetailsPanel", "Period")},
    {"input_layers", QT_TRANSLATE_NOOP("DetailsPanel", "Compression")},
    {"lost_events", QT_TRANSLATE_NOOP("DetailsPanel", "Lost events")},
};

// Numbers get the unit that their key means.
QString factText(const std::string &key, const std::string &value, ValueStyle style)
{
    bool number = false;
    const auto whole = QString::fromStdString(value).toULongLong(&number);
    if (number && key == "memory")
        return byteCount(whole, style);
    if (number && key == "sample_freq")
        return DetailsPanel::tr("%1 Hz").arg(whole);
    return display(value);
}

TextTone toneOf(Severity severity)
{
    switch (severity) {
    case Severity::Info: return TextTone::Secondary;
    case Severity::Notice: return TextTone::Accent;
    case Severity::DataLoss: return TextTone::Warn;
    case Severity::Error: return TextTone::Error;
    }
    return TextTone::Secondary;
}

} // namespace

DetailsPanel::DetailsPanel(const ImporterRegistry &importers, QWidget *parent)
    : QWidget(parent),
      m_importers(importers),
      m_scroll(new QScrollArea(this))
{
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(tr("About this capture"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_scroll);
    show(nullptr);
}

void DetailsPanel::show(const CaptureInfo *capture, ValueStyle style)
{
    m_body = new QWidget;
    m_notes = nullptr;
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(16, 4, 16, 12);
    m_column->setSpacing(6);
    if (capture) {
        addSection(tr("About this capture"));
        addFact(tr("Format"), formatTitle(m_importers, *capture));
        if (capture->desc.sourceBytes > 0)
            addFact(tr("Input"), byteCount(capture->desc.sourceBytes, style));
        if (capture->storedBytes > 0)
            addFact(tr("Stored as"), byteCount(capture->storedBytes, style));
        if (const auto start = capture->startedAtNs())
            addFact(tr("Started"), QDateTime::fromMSecsSinceEpoch(*start / 1'000'000)
                                       .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")));
        if (const auto length = capture->durationNs(); length && *length > 0)
            addFact(tr("Length"), durationText(*length, style));
        auto left = capture->meta.provenance;
        for (const auto &known : kKnown) {
            const auto at = std::find_if(left.begin(), left.end(),
                                         [&](const auto &p) { return p.first == known.key; });
            if (at == left.end())
                continue;
            addFact(tr(known.title), factText(at->first, at->second, style));
            left.erase(at);
        }
        for (const auto &[key, value] : left)
            addFact(display(key).replace(QLatin1Char('_'), QLatin1Char(' ')), display(value));

        m_column->addSpacing(8);
        addSection(tr("Notes"));
        m_notes = m_column->itemAt(m_column->count() - 1)->widget();
        auto notes = capture->meta.notes;
        std::stable_sort(notes.begin(), notes.end(),
                         [](const auto &a, const auto &b) { return a.severity > b.severity; });
        for (const auto &note : notes)
            addNote(note);
        if (notes.empty()) {
            auto *none = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_body);
            none->setPlain(tr("Nothing was skipped or guessed."));
            none->setWrapping(true);
            m_column->addWidget(none);
        }
    }
    m_column->addStretch(1);
    m_scroll->setWidget(m_body); // deletes the one before
}

void DetailsPanel::addSection(const QString &title)
{
    auto *label = new PlainLabel(TextStyle::Section, TextTone::Primary, m_body);
    label->setPlain(title);
    m_column->addWidget(label);
}

void DetailsPanel::addFact(const QString &name, const QString &value)
{
    auto *key = new PlainLabel(TextStyle::Caption, TextTone::Secondary, m_body);
    key->setPlain(name);
    key->setFixedWidth(84);
    auto *text = new PlainLabel(TextStyle::Caption, TextTone::Primary, m_body);
    text->setPlain(value);
    text->setTextInteractionFlags(Qt::NoTextInteraction);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(key);
    row->addWidget(text, 1);
    m_column->addLayout(row);
}

void DetailsPanel::addNote(const ImportNote &note)
{
    auto *head = new PlainLabel(TextStyle::Caption, toneOf(note.severity), m_body);
    auto title = severityName(note.severity);
    if (note.count > 1)
        title += QStringLiteral(" · ") + tr("%1 times")
                                             .arg(grouped(static_cast<std::int64_t>(
                                                 std::min<std::uint64_t>(note.count, INT64_MAX))));
    if (note.firstOffset > 0)
        title +=
            QStringLiteral(" · ") + tr("first at byte %1")
                                        .arg(grouped(static_cast<std::int64_t>(
                                            std::min<std::uint64_t>(note.firstOffset, INT64_MAX))));
    head->setPlain(title);
    auto *sentence = new PlainLabel(TextStyle::Caption, TextTone::Primary, m_body);
    sentence->setWrapping(true);
    sentence->setPlain(note.detail.empty() ? display(note.code) : display(note.detail));
    setPlainToolTip(sentence, display(note.code));
    m_column->addWidget(head);
    m_column->addWidget(sentence);
    m_column->addSpacing(4);
}

void DetailsPanel::revealNotes()
{
    if (m_notes)
        m_scroll->ensureWidgetVisible(m_body, 0, 0);
    if (m_notes)
        m_scroll->ensureVisible(0, m_notes->y() + m_scroll->viewport()->height() - 24, 0, 0);
}

QString DetailsPanel::text() const
{
    QStringList lines;
    for (const auto *label : m_body->findChildren<PlainLabel *>())
        lines << label->plain();
    return lines.join(QLatin1Char('\n'));
}

} // namespace flamewright
