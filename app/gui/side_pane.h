#pragma once

#include "app/gui/side_models.h"
#include "app/gui/view_pane.h"

#include <QJsonObject>

#include <memory>

class QSplitter;
class QToolButton;

namespace flamewright {

class EmptyHint;
class SideLink;
class SideTitle;

// A and B beside each other in any view of one capture, tied together: zoom, search, filters,
// selection, looks.
class SidePane final : public ViewPane {
    Q_OBJECT

public:
    SidePane(const ViewContext &context, QWidget *parent);
    ~SidePane() override;

    // Of ViewKind::id; nothing happens when the sides have no captures for it.
    void chooseView(const QString &id);
    QString viewShown() const { return m_view; }
    ViewPane *pane(CaptureRole role) const;
    SideModels &models(CaptureRole role) const;
    QToolButton *linkButton() const { return m_link; }
    QString hintText() const; // empty: both sides are shown

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::string sentence() const override;
    std::vector<ViewPicture> sidePictures(Theme theme) const override;
    bool isSettled() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Side {
        std::unique_ptr<SideModels> models;
        SideTitle *title = nullptr;
        QWidget *place = nullptr; // title above, view below
        ViewPane *pane = nullptr;
    };
    Side &side(CaptureRole role) { return role == CaptureRole::Baseline ? m_base : m_cand; }
    const Side &side(CaptureRole role) const
    {
        return role == CaptureRole::Baseline ? m_base : m_cand;
    }
    void build();
    void follow();
    void makePanes(const ViewKind &kind);
    void dropPanes();
    void chooseFrom();
    void describe();

    ViewContext m_context;
    Side m_base, m_cand;
    SideLink *m_ties;
    QToolButton *m_picker, *m_link;
    QSplitter *m_split;
    EmptyHint *m_hint;
    QString m_view;      // shown
    QString m_wanted;    // chosen or restored; shown as soon as there are captures for it
    QJsonObject m_looks; // of both, restored
};

} // namespace flamewright
