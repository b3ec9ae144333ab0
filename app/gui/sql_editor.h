#pragma once

#include "app/gui/qscintilla.h"
#include "app/gui/sql_text.h"

#include <string>
#include <vector>

namespace flamewright {

class Appearance;

// Where SQL is typed: highlighting, completion, and where an error is. Ctrl+Enter runs; Tab moves
// the focus on, so that the keyboard is not caught in here.
class SqlEditor : public QsciScintilla {
    Q_OBJECT

public:
    explicit SqlEditor(const Appearance &appearance, QWidget *parent = nullptr);

    std::string sql() const { return text().toStdString(); }
    // Replaces everything; can be undone.
    void setSql(const QString &sql);
    // The same for a statement that was run before: Up and Down go on from it.
    void setFromHistory(const QString &sql);
    bool isBlank() const { return sqlTokens(sql()).empty(); }
    // What Ctrl+Enter runs, as byte offsets of sql(): the selection, or the statement at the caret.
    TextSpan statement() const;
    // Underlines bytes of sql() and marks the line; the caret goes there.
    void showError(TextSpan span);
    void clearError();
    int errorLine() const { return m_errorLine; } // counted from 0; -1: none
    void complete();
    bool completing() const;
    // While something runs, Esc stops it.
    void setRunning(bool running) { m_running = running; }

Q_SIGNALS:
    void runRequested();
    void stopRequested();
    // Up (-1) and Down (+1) in an empty editor, or in text that came from there unchanged.
    void historyRequested(int step);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void applyTheme();
    void charAdded(int character);

    const Appearance &m_appearance;
    QsciLexerSQL *m_lexer;
    std::vector<SqlTable> m_tables = sessionTables();
    QString m_fromHistory;
    int m_errorLine = -1;
    bool m_running = false;
};

} // namespace flamewright
