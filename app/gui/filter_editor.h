#pragma once

#include "analysis/transforms.h"

#include <QFrame>
#include <QString>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace flamewright {

class PlainLabel;

// What a transform does, in the words of the window: "hide", "keep only stacks with".
QString transformVerb(TransformKind kind);
// What a chip says: "hide libuv", "focus main". The pattern of an exact function is its name.
QString transformText(const Transform &transform);

// The small form below a chip: kind, pattern, what is wrong with it. Closes with Esc.
class FilterEditor : public QFrame {
    Q_OBJECT

public:
    explicit FilterEditor(const Transform &transform, bool isNew, QWidget *parent = nullptr);

    QComboBox *kindPicker() const { return m_kind; }
    QLineEdit *patternField() const { return m_field; }
    void showBelow(QWidget *anchor);

Q_SIGNALS:
    void accepted(const flamewright::Transform &transform);

private:
    void check();
    void accept();
    TransformKind kind() const;

    QComboBox *m_kind;
    QLineEdit *m_field;
    PlainLabel *m_hint;
    QPushButton *m_apply;
};

} // namespace flamewright
