#pragma once

#include "analysis/compare/comparison.h"
#include "app/gui/latest_job.h"
#include "app/present/build_report.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

class QWidget;

namespace flamewright {

struct Services;

// What a report is made of: a comparison, or captures alone, and the pinned findings.
struct ReportContents {
    std::shared_ptr<const Comparison> comparison; // null: nothing is compared
    std::vector<CaptureInfo> captures;
    std::vector<PinnedFinding> findings;
    QString name; // proposed for the file and the title
};

// A report as HTML, PDF or Markdown, by the ending of the file's name. Making and writing it are a
// job.
class ReportExport : public QObject {
    Q_OBJECT

public:
    explicit ReportExport(const Services &services, QObject *parent = nullptr);

    // Asks for title, template and file.
    void ask(ReportContents contents, QWidget *window);
    void write(ReportContents contents, const QString &title, ReportTemplate kind,
               const QString &path);
    bool busy() const { return m_job.busy(); }

Q_SIGNALS:
    void written(const QString &path);
    void failed(const QString &summary, const QString &details);

private:
    const Services &m_services;
    LatestJob<bool> m_job;
};

} // namespace flamewright
