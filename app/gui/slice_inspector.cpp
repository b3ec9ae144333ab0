#include "app/gui/slice_inspector.h"

#include "app/gui/figures.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"
#include "views/scene/heat_map_view.h"
#include "views/scene/tracks_view.h"

#include <QGridLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kMostArguments = 200;

QString valueText(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String: return value.toString();
    case QJsonValue::Bool: return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
    case QJsonValue::Double: return value.toVariant().toString();
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object:
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    default: return QStringLiteral("null");
    }
}

} // namespace

SliceInspector::SliceInspector(QWidget *parent)
    : QWidget(parent),
      m_name(new PlainLabel(TextStyle::Title, TextTone::Primary, this)),
      m_where(new PlainLabel(TextStyle::Body, TextTone::Secondary, this)),
      m_parent(new QPushButton(tr("Go to parent"), this))
{
    auto *body = new QWidget;
    body->setObjectName(QStringLiteral("pane"));
    body->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(16, 10, 16, 10);
    column->setSpacing(4);
    auto *top = new QHBoxLayout;
    top->addWidget(m_name, 1);
    top->addWidget(m_parent);
    column->addLayout(top);
    column->addWidget(m_where);
    m_grid = new QGridLayout;
    m_grid->setContentsMargins(0, 6, 0, 0);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(3, 2);
    column->addLayout(m_grid);
    column->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(body);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    m_parent->setObjectName(QStringLiteral("goToParent"));
    m_parent->hide();
    connect(m_parent, &QPushButton::clicked, this, [this] {
        if (m_within)
            Q_EMIT parentRequested(*m_within);
    });
    say(tr("Click a slice to see all that is known of it."));
}

void SliceInspector::clear()
{
    for (auto *cell : m_cells) {
        m_grid->removeWidget(cell);
        cell->deleteLater();
    }
    m_cells.clear();
    m_lines.clear();
    m_rows = 0;
    m_within.reset();
    m_parent->hide();
}

void SliceInspector::say(const QString &sentence)
{
    clear();
    m_name->setPlain({});
    m_name->hide();
    m_where->setPlain(sentence);
    m_lines << sentence;
}

void SliceInspector::row(const QString &label, const QString &value, bool wide)
{
    auto *name = new PlainLabel(TextStyle::Body, TextTone::Secondary, this);
    name->setPlain(label);
    auto *text = new PlainLabel(wide ? TextStyle::Mono : TextStyle::Body, TextTone::Primary, this);
    text->setPlain(value);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const auto left = wide ? 2 : 0;
    // Figures left, arguments right.
    int at = 0;
    while (m_grid->itemAtPosition(at, left))
        ++at;
    m_grid->addWidget(name, at, left);
    m_grid->addWidget(text, at, left + 1);
    m_cells.push_back(name);
    m_cells.push_back(text);
    m_lines << label + QStringLiteral(": ") + value;
}

void SliceInspector::addArguments(const std::string &json)
{
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    int shown = 0;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (++shown > kMostArguments) {
            row(tr("and"), tr("%1 more").arg(grouped(object.size() - kMostArguments)), true);
            break;
        }
        row(display(it.key().toStdString()), display(valueText(it.value()).toStdString()), true);
    }
}

void SliceInspector::show(const TraceSet *set, const std::optional<SliceDetails> &details,
                          ValueStyle style)
{
    const auto *capture = set && details ? set->find(details->place.capture) : nullptr;
    if (!capture)
        return say(tr("Click a slice to see all that is known of it."));
    clear();
    const auto &place = details->place;
    m_name->show();
    m_name->setPlain(display(place.name));
    m_lines << display(place.name);
    const auto node = set->nodeOf({place.capture, place.track});
    auto where = QString::fromUtf8(sliceKindText(details->kind).data());
    if (node) {
        where = QString::fromStdString(set->nodes[*node].name) + QStringLiteral(" \u00b7 ") + where;
        const auto parent = set->nodes[*node].parent;
        if (parent != UINT32_MAX)
            where = QString::fromStdString(set->nodes[parent].name) + QStringLiteral(" \u00b7 ") +
                    where;
    }
    m_where->setPlain(where);
    m_lines << where;
    const bool moment = classOf(details->kind) == SliceClass::Moment;
    if (!moment)
        row(tr("Duration"), durationText(place.length, style));
    if (details->self && !moment)
        row(tr("Self"), tr("%1 (%2)").arg(durationText(*details->self, style),
                                          shareText(*details->self, place.length)));
    std::int64_t since = 0;
    if (!__builtin_sub_overflow(capture->onAxis(place.begin), set->begin, &since))
        row(tr("Begins at"), QString::fromStdString(axisTime(since, 1)));
    if (details->children > 0)
        row(tr("Children"), grouped(static_cast<std::int64_t>(details->children)));
    if (details->within)
        row(tr("Parent"), display(details->within->name));
    if (details->flags & kSliceError)
        row(tr("Status"), tr("failed"));
    if (details->flags & kSliceNoEnd)
        row(tr("End"), tr("not in the file"));
    if (details->flags & kSliceNoBegin)
        row(tr("Begin"), tr("not in the file"));
    if (!details->trace.empty())
        row(tr("Trace"), display(details->trace));
    if (details->span != 0)
        row(tr("Span"), QString::number(details->span, 16));
    if (details->parent != 0)
        row(tr("Parent span"), QString::number(details->parent, 16));
    addArguments(details->args);
    m_within = details->within;
    m_parent->setVisible(m_within.has_value());
}

QString SliceInspector::text() const
{
    return m_lines.join(QLatin1Char('\n'));
}

} // namespace flamewright
