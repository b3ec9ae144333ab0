#pragma once

#include "app/track_source.h"
#include "capture/base/format_value.h"

#include <QWidget>

#include <optional>
#include <vector>

class QGridLayout;
class QPushButton;

namespace flamewright {

class PlainLabel;

// All that is known of one slice: times, self time, flags, what it is in, its arguments.
class SliceInspector : public QWidget {
    Q_OBJECT

public:
    explicit SliceInspector(QWidget *parent = nullptr);

    // `set`: where it is. Without details: a sentence.
    void show(const TraceSet *set, const std::optional<SliceDetails> &details, ValueStyle style);
    void say(const QString &sentence);
    QString text() const; // line by line

Q_SIGNALS:
    void parentRequested(const flamewright::SlicePlace &place);

private:
    void clear();
    void row(const QString &label, const QString &value, bool wide = false);
    void addArguments(const std::string &json);

    QGridLayout *m_grid;
    PlainLabel *m_name, *m_where;
    QPushButton *m_parent;
    std::optional<SlicePlace> m_within;
    std::vector<QWidget *> m_cells;
    QStringList m_lines;
    int m_rows = 0;
};

} // namespace flamewright
