#pragma once

#include <QList>
#include <QString>

class QHBoxLayout;
class QWidget;

namespace flamewright {

class PlainLabel;
class TraceModel;
class ViewPane;

// What panes of traces are put together from: a header with a line of text and room for controls
// left of it, then widgets one above the other of which the last says why there is nothing.
QWidget *paneHeader(ViewPane *pane, PlainLabel *&summary, QHBoxLayout **controls = nullptr);
PlainLabel *emptyLabel(QWidget *parent);
void fillPane(ViewPane *pane, QWidget *header, const QList<QWidget *> &parts);

// Why there are no traces to show: still working, an error, or a capture without spans.
QString noTracesText(const TraceModel &traces);

} // namespace flamewright
