#pragma once

#include "app/gui/facts_panel.h"
#include "app/gui/latest_job.h"

#include <string>

namespace flamewright {

class Document;
class TraceModel;
struct Services;

// The chosen span with its attributes, or the trace that is looked at.
class TraceInspector final : public FactsPanel {
    Q_OBJECT

public:
    TraceInspector(const Services &services, Document &document, TraceModel &traces,
                   QWidget *parent = nullptr);

    bool busy() const { return m_job.busy(); }

private:
    void follow();
    void showTrace();
    void showSpan(const std::string &attributes);

    Document &m_document;
    TraceModel &m_traces;
    LatestJob<std::string> m_job;
};

// Facts of a JSON object: nested values keep their path, "http.request.header.0".
void addJsonFacts(FactsPanel &panel, const std::string &json);

} // namespace flamewright
