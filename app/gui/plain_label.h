#pragma once

#include <QLabel>
#include <QString>

namespace flamewright {

// How a text looks: size, weight and colour come from the theme by this name.
enum class TextStyle : unsigned char { Body, Strong, Title, Figure, Caption, Section, Mono };
enum class TextTone : unsigned char { Primary, Secondary, Muted, Accent, Ok, Warn, Error, Search };

// The only label of the window: plain text always, so that nothing a capture says is taken for
// markup. A one-line label that does not fit ends in an ellipsis and says the rest in a tooltip;
// a wrapping one grows.
class PlainLabel : public QLabel {
    Q_OBJECT

public:
    explicit PlainLabel(TextStyle style = TextStyle::Body, TextTone tone = TextTone::Primary,
                        QWidget *parent = nullptr);

    // Text for people, or captured text that went through display().
    void setPlain(const QString &text);
    const QString &plain() const { return m_text; }
    void setTone(TextTone tone);
    void setElide(Qt::TextElideMode mode);
    // Sentences: wraps and grows instead of ending in an ellipsis.
    void setWrapping(bool on);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_text;
    Qt::TextElideMode m_elide = Qt::ElideRight;
    TextStyle m_style;
    bool m_wrapping = false;
};

} // namespace flamewright
