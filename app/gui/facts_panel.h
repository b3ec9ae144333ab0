#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace flamewright {

// A column of what is known about one thing: a title, facts with names, sections, sentences. All text
// is plain and can be read by screen readers; begin() throws the old away.
class FactsPanel : public QWidget {
    Q_OBJECT

public:
    explicit FactsPanel(QWidget *parent = nullptr);

    void begin();
    void addTitle(const QString &text, const QString &subtitle = {});
    void addSection(const QString &title);
    // The value below its name where it is long.
    void addFact(const QString &name, const QString &value, bool error = false);
    void addSentence(const QString &sentence);
    void end();

    QString text() const { return m_lines.join(QLatin1Char('\n')); }

private:
    QScrollArea *m_scroll;
    QWidget *m_body = nullptr;
    QVBoxLayout *m_column = nullptr;
    QStringList m_lines;
};

} // namespace flamewright
