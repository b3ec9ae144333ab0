#pragma once

#include "app/gui/view_catalogue.h"
#include "app/gui/view_pane.h"

#include <QList>

#include <string>

class QHBoxLayout;
class QToolButton;
class QVBoxLayout;

namespace flamewright {

class CompareModel;
class EmptyHint;
class PlainLabel;
struct ComparedSection;

// What all views of a comparison have in common: a header with the pair that is looked at, and
// words over all of it while there is nothing to show, with a way out.
class ComparePane : public ViewPane {
    Q_OBJECT

public:
    // `kind`: of the pairs it shows; empty: any.
    ComparePane(const ViewContext &context, std::string kind, QWidget *parent);

    bool isSettled() const override;
    QString summary() const;
    // Why there is nothing, in words; empty: there is something.
    QString hintText() const;
    QToolButton *pairButton() const { return m_pair; }

protected:
    // The pair to show, null while there is none. Called whenever it may be another one.
    virtual void showSection(const ComparedSection *section) = 0;
    // This pair has what the view draws.
    virtual bool canShow(const ComparedSection &) const { return true; }
    virtual QString nothingText() const; // none of the pairs has

    // The pane's content, below the header. Call once.
    void setContent(QWidget *content);
    QHBoxLayout *controls() const { return m_controls; }
    void setSummary(const QString &text);
    const ViewContext &context() const { return m_context; }
    const ComparedSection *section() const { return m_section; }
    void follow(); // call at the end of the constructor
    void resizeEvent(QResizeEvent *event) override;

private:
    void choosePair();
    void explain();

    ViewContext m_context;
    std::string m_kind;
    QToolButton *m_pair;
    QHBoxLayout *m_controls;
    PlainLabel *m_summary = nullptr;
    QVBoxLayout *m_column;
    QWidget *m_header;
    EmptyHint *m_empty;
    const ComparedSection *m_section = nullptr; // of the model's comparison
};

} // namespace flamewright
