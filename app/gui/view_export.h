#pragma once

#include "app/gui/latest_job.h"
#include "app/gui/view_pane.h"

#include <QImage>
#include <QObject>
#include <QString>

#include <functional>

namespace flamewright {

struct Services;

// A view as a file or on the clipboard. Drawing and writing are jobs.
class ViewExport : public QObject {
    Q_OBJECT

public:
    explicit ViewExport(const Services &services, QObject *parent = nullptr);

    // Asks for a name: SVG, PNG in one or two pixels for each, PDF.
    void ask(const ViewPane &pane, QWidget *window);
    // The same for the rows of a view: text with tabs, or CSV.
    void askData(const ViewPane &pane, QWidget *window);
    void writeData(std::function<QString()> rows, const QString &path);
    // `scale` counts for PNG.
    void write(const ViewPicture &picture, const QString &path, float scale);
    void copyImage(const ViewPane &pane, float scale);
    void copyData(const ViewPane &pane);
    bool busy() const { return m_file.busy() || m_image.busy() || m_data.busy() || m_rows.busy(); }

Q_SIGNALS:
    void written(const QString &path);
    void copied(const QString &what); // a sentence
    void failed(const QString &summary, const QString &details);

private:
    const Services &m_services;
    LatestJob<bool> m_file;
    LatestJob<QImage> m_image;
    LatestJob<QString> m_data;
    LatestJob<bool> m_rows;
};

// Tab-separated lines as CSV (RFC 4180): quoted where it is needed.
QString csvOf(const QString &tabSeparated);

} // namespace flamewright
