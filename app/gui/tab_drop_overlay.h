#pragma once

#include <QPoint>
#include <QRect>
#include <QString>
#include <QWidget>

namespace flamewright {

// Over the views while a tab is dragged: the tab's title at the pointer, and where it would go.
class TabDropOverlay : public QWidget {
    Q_OBJECT

public:
    explicit TabDropOverlay(QWidget *area);
    // An empty mark: it can go nowhere here.
    void showFor(const QString &title, QPoint pointer, const QRect &mark);
    QRect mark() const { return m_mark; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_title;
    QPoint m_pointer;
    QRect m_mark;
};

} // namespace flamewright
