#pragma once

#include "analysis/flame_tree.h"
#include "analysis/neighbours.h"
#include "capture/base/format_value.h"

#include <QWidget>

#include <memory>
#include <vector>

namespace flamewright {

// Callers or callees in the inspector: name, share and bar; a click chooses one. Drawn by hand:
// few rows, plain text, nothing to edit.
class ShareList : public QWidget {
    Q_OBJECT

public:
    explicit ShareList(QWidget *parent = nullptr);

    // Shares are of `base`. Shows the heaviest rows and says how many more there are.
    void show(std::shared_ptr<const Profile> profile, std::vector<Neighbour> rows,
              std::int64_t base, ValueStyle style);
    int rowCount() const;
    QString rowText(int row) const; // "parse 71.4 %", for tests and screen readers

    QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(flamewright::FunctionId function);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    int rowAt(QPoint at) const;
    void choose(int row);
    QString nameOf(int row) const;
    void announce();

    std::shared_ptr<const Profile> m_profile;
    std::vector<Neighbour> m_rows;
    std::int64_t m_base = 0;
    ValueStyle m_style;
    std::size_t m_more = 0;
    int m_hover = -1, m_current = -1;
};

} // namespace flamewright
