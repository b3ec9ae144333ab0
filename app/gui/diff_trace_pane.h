#pragma once

#include "app/gui/compare_pane.h"

#include <memory>

namespace flamewright {

class SceneWidget;
class TraceDiffView;

// What traces of one operation spend their time with, A's and B's: a row for each operation on their
// critical paths. A click chooses the operation in the other views.
class DiffTracePane final : public ComparePane {
    Q_OBJECT

public:
    DiffTracePane(const ViewContext &context, QWidget *parent);
    ~DiffTracePane() override;

    SceneWidget *scene() const { return m_widget; }
    QToolButton *rootButton() const { return m_root; }

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::string sentence() const override;
    std::function<QString()> data() const override;

protected:
    bool canShow(const ComparedSection &section) const override;
    QString nothingText() const override;
    void showSection(const ComparedSection *section) override;

private:
    void chooseRoot();
    std::size_t rootShown() const;

    SceneWidget *m_widget;
    QToolButton *m_root;
    std::string m_wanted; // the root operation; empty: the one with most time
    std::shared_ptr<TraceDiffView> m_view;
};

} // namespace flamewright
