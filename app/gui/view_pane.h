#pragma once

#include "views/scene/display_list.h"
#include "views/scene/theme.h"

#include <QJsonObject>
#include <QString>
#include <QWidget>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace flamewright {

class EmptyHint;

// A view as a document of its own, for files and the clipboard.
struct ViewPicture {
    DisplayList list;
    SizeF size;
    Theme theme = Theme::Light; // it was made for
    QString name;               // proposed for the file, without an ending
};

// One tab: a view with what belongs to it. What it shows follows from the models it was given;
// what a person set up in it (layout, colours, sorting) is its state.
class ViewPane : public QWidget {
    Q_OBJECT

public:
    explicit ViewPane(QWidget *parent = nullptr);

    // Kept in the session and given back, also by other versions: unknown or missing keys must do
    // no harm.
    virtual QJsonObject state() const;
    virtual void restore(const QJsonObject &state);

    // Nothing when there is nothing to draw.
    virtual std::optional<ViewPicture> picture(Theme theme) const;
    // The same with the eyes of A, then of B, of equal size: what a presentation blends. Empty: the
    // view shows no two sides.
    virtual std::vector<ViewPicture> sidePictures(Theme theme) const;
    // What there is to say of what is shown or selected, with figures: the proposal for a finding
    // that is pinned here. Text of captures as it is. Empty: the person writes it.
    virtual std::string sentence() const;
    // How grave that is, as in PinnedFinding; empty: not judged.
    virtual QString severity() const;
    // Work that makes the rows as text (tab-separated, folded ...); it runs off the GUI thread, so
    // it owns what it reads. Empty when there are none.
    virtual std::function<QString()> data() const;

    // Everything asked for is shown.
    virtual bool isSettled() const { return true; }

    // Why it cannot show anything of these captures, over all of it; an empty title: it can.
    void cover(const QString &title, const QString &why, const QString &button,
               const QString &view);
    // Null: it is not covered.
    const EmptyHint *hint() const { return m_hint; }

Q_SIGNALS:
    void stateChanged(); // state() is another one now
    // The selected function should be looked at in the flame graph.
    void flameGraphRequested();
    // Something that was asked for here did not work; a sentence with a way out.
    void problem(const QString &sentence);
    // Another view would have something to show.
    void viewRequested(const QString &id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    EmptyHint *m_hint = nullptr;
};

} // namespace flamewright
