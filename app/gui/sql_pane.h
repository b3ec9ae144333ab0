#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/sql_result_model.h"
#include "app/gui/view_pane.h"

#include <QElapsedTimer>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <memory>

class QMenu;
class QPushButton;
class QSplitter;
class QTableView;
class QToolButton;

namespace flamewright {

class Document;
class PlainLabel;
class SqlEditor;

// SQL over the session: an editor, the answer as a table, ready queries, what was asked before.
// Statements run off the GUI thread and can be stopped; they can only read.
class SqlPane : public ViewPane {
    Q_OBJECT

public:
    // Of the height, as long as nobody chose another: statements are short, answers long.
    static constexpr double kEditorShare = 0.3;

    SqlPane(const Services &services, Document &document, QWidget *parent = nullptr);
    ~SqlPane() override;

    SqlEditor *editor() const { return m_editor; }
    QTableView *table() const { return m_table; }
    QSplitter *splitter() const { return m_split; }
    SqlResultModel &model() { return m_model; }
    bool busy() const { return m_query.busy() || m_export.busy(); }
    QString summary() const; // the line below the answer, for tests
    QString message() const; // the error in words, for tests
    const QStringList &history() const { return m_history; }
    // Puts a ready query into the editor and runs it.
    void runReady(const QString &id);
    void exportCsv(const QString &file);

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::function<QString()> data() const override;

public Q_SLOTS:
    void run();
    void stop();
    void copy();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    QWidget *buildHeader();
    QWidget *buildAnswer();
    void fillReadyMenu();
    void fillHistoryMenu();
    void sessionMoved();
    void begun();
    void ended();
    void answered(Result<SqlAnswer> result, const std::string &sql, std::size_t offset);
    void showError(const Error &error, const std::string &sql, std::size_t offset);
    void remember(const QString &sql);
    void walkHistory(int step);
    void chooseExportFile();
    void sizeColumns();
    void keepSelectionWhole();
    void describe();
    QWidget *buildEmpty(QWidget *parent);
    void describeEmpty();
    void shareRoom();

    const Services &m_services;
    Document &m_document;
    SqlResultModel m_model;
    LatestJob<SqlAnswer> m_query;
    LatestJob<std::uint64_t> m_export;
    LatestJob<QString> m_copy;
    std::string m_answeredSql; // what m_model shows, to write all of its rows
    QStringList m_history;     // newest last
    qsizetype m_historyAt = 0;
    QElapsedTimer m_since;
    QTimer m_tick;
    QString m_note; // about the last export

    SqlEditor *m_editor;
    QSplitter *m_split;
    QTableView *m_table;
    QPushButton *m_run;
    QToolButton *m_stop, *m_ready, *m_past, *m_csv, *m_copyButton;
    PlainLabel *m_summary, *m_message;
    QWidget *m_emptyPage; // in place of the table when there is nothing in it
    PlainLabel *m_emptyTitle, *m_empty;
    QWidget *m_suggestions;
    double m_editorShare = kEditorShare; // of the height
    QWidget *m_messageBox;
};

} // namespace flamewright
