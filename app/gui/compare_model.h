#pragma once

#include "app/compare/compare.h"
#include "app/gui/latest_job.h"
#include "app/gui/services.h"
#include "app/gui/settings.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

class Document;
class ScopeController;

// What is compared in a window and what came of it: the captures that have a role are the sides.
// Measure and transforms of the scope hold for both of them; its times and threads are of one
// capture and hold for none. Worked out off the GUI thread; answers are kept for a while, so that
// swapping back and forth costs nothing.
class CompareModel : public QObject {
    Q_OBJECT

public:
    // A figure's name wherever it is shown: of a function, an endpoint, an operation.
    struct Selected {
        std::string kind; // of the section
        std::string name, detail;
        friend bool operator==(const Selected &, const Selected &) = default;
    };

    CompareModel(const Services &services, Document &document, ScopeController &scope,
                 QObject *parent = nullptr);
    ~CompareModel() override;

    // Captures of a role, in the order of the session.
    const std::vector<CaptureInfo> &side(CaptureRole role) const;
    bool hasBoth() const { return !m_base.empty() && !m_cand.empty(); }
    // Null: there is no answer (yet).
    const std::shared_ptr<const Comparison> &comparison() const { return m_comparison; }
    // Why there is none, as a sentence.
    const QString &error() const { return m_error; }
    bool isCancelled() const { return m_cancelled; }
    bool busy() const { return m_job.busy() || m_due.isActive(); }
    Progress progress() const { return m_job.progress(); }
    ValueStyle valueStyle() const { return m_services.settings.valueStyle(); }

    NormaliseBy normalisedBy() const { return m_by; }
    void normaliseBy(NormaliseBy by);
    // Somebody read what differs and wants verdicts nevertheless; of these sides.
    bool isConfirmed() const { return m_confirmed; }
    void confirm(bool confirmed);
    void cancel();
    void askAgain();

    // Of several pairs of one kind one is looked at; null: nothing of this kind was compared.
    const ComparedSection *section(std::string_view kind) const;
    // The pair that is looked at wherever any kind will do; null without an answer.
    const ComparedSection *current() const;
    void lookAt(std::size_t section);

    const std::optional<Selected> &selected() const { return m_selected; }
    void select(std::optional<Selected> what);

Q_SIGNALS:
    void sidesChanged();
    void comparisonChanged(); // or the error
    void sectionChanged();
    void selectionChanged();
    void busyChanged();

private:
    struct Question {
        std::string session;
        struct Part {
            CaptureId id;
            std::string name;
            std::uint64_t stored = 0; // another number after symbols were added
            friend bool operator==(const Part &, const Part &) = default;
        };
        std::vector<Part> base, cand;
        NormaliseBy by = NormaliseBy::Automatic;
        bool confirmed = false;
        Scope scope; // measure, inlines and transforms
        friend bool operator==(const Question &, const Question &) = default;
    };
    struct Known {
        Question question;
        std::shared_ptr<const Comparison> comparison;
    };
    Question questionNow() const;
    void followRoles();
    void ask();
    void load();
    void adopt(std::shared_ptr<const Comparison> comparison);
    CompareSide sideOf(const std::vector<CaptureInfo> &captures, const Question &question,
                       const Session &session) const;

    const Services &m_services;
    Document &m_document;
    ScopeController &m_scope;
    LatestJob<std::shared_ptr<const Comparison>> m_job;
    QTimer m_due; // several changes of one event become one question
    std::vector<CaptureInfo> m_base, m_cand;
    NormaliseBy m_by = NormaliseBy::Automatic;
    bool m_confirmed = false, m_cancelled = false;
    Question m_question; // of what is shown or on the way
    std::deque<Known> m_known;
    std::shared_ptr<const Comparison> m_comparison;
    QString m_error;
    std::size_t m_current = 0;
    std::map<std::string, std::string, std::less<>> m_titles; // by kind: the pair looked at
    std::optional<Selected> m_selected;
};

} // namespace flamewright
