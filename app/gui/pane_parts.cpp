#include "app/gui/pane_parts.h"

#include "app/gui/plain_label.h"
#include "app/gui/trace_model.h"
#include "app/gui/view_pane.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kHeaderHeight = 40;

QString tr(const char *text)
{
    return QCoreApplication::translate("Traces", text);
}

} // namespace

QWidget *paneHeader(ViewPane *pane, PlainLabel *&summary, QHBoxLayout **controls)
{
    auto *header = new QWidget(pane);
    header->setObjectName(QStringLiteral("viewHeader"));
    header->setAttribute(Qt::WA_StyledBackground);
    header->setFixedHeight(kHeaderHeight);
    summary = new PlainLabel(TextStyle::Body, TextTone::Secondary, header);
    summary->setObjectName(QStringLiteral("viewSummary"));
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    if (controls) {
        *controls = new QHBoxLayout;
        (*controls)->setSpacing(8);
        row->addLayout(*controls);
    }
    row->addWidget(summary, 1);
    return header;
}

PlainLabel *emptyLabel(QWidget *parent)
{
    auto *label = new PlainLabel(TextStyle::Body, TextTone::Secondary, parent);
    label->setAlignment(Qt::AlignCenter);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    return label;
}

void fillPane(ViewPane *pane, QWidget *header, const QList<QWidget *> &parts)
{
    pane->setObjectName(QStringLiteral("pane"));
    pane->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header);
    for (auto *part : parts)
        column->addWidget(part, 1);
}

QString noTracesText(const TraceModel &traces)
{
    if (!traces.error().isEmpty())
        return traces.error();
    if (traces.busy() || !traces.study())
        return tr("Reading traces…");
    return tr("There are no spans of distributed traces here. Slices of threads are in the "
              "timeline.");
}

} // namespace flamewright
