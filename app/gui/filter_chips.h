#pragma once

#include <QWidget>

#include <cstddef>
#include <functional>
#include <vector>

class QHBoxLayout;
class QToolButton;

namespace flamewright {

class Document;
class ScopeController;
struct Transform;

// The filters of the current scope as chips, in the order in which they are done: chosen times,
// then transforms. A chip is edited by a click and removed by its cross or Del; what has no room
// is behind a "+2 more" chip. "+ Filter" adds one.
class FilterChips : public QWidget {
    Q_OBJECT

public:
    FilterChips(Document &document, ScopeController &scope, QWidget *parent = nullptr);

    // Texts of all chips, in order, those without room included.
    QStringList texts() const;
    // The part of a chip that edits, and its cross; for tests.
    QToolButton *chip(std::size_t index) const;
    QToolButton *cross(std::size_t index) const;
    QToolButton *addButton() const { return m_add; }

    QSize minimumSizeHint() const override;

public Q_SLOTS:
    // Opens the form for a new filter.
    void addFilter();

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    struct Chip {
        QString text;
        std::function<void(QWidget *)> edit; // empty: nothing to edit
        std::function<void()> remove;
        QWidget *box = nullptr;
        QToolButton *label = nullptr, *cross = nullptr;
    };

    void follow();
    void makeBox(Chip &chip);
    void arrange();
    void showMore();
    void editTransform(std::size_t index, QWidget *anchor);

    Document &m_document;
    ScopeController &m_scope;
    QHBoxLayout *m_row;
    QToolButton *m_more, *m_add;
    std::vector<Chip> m_chips;
};

} // namespace flamewright
