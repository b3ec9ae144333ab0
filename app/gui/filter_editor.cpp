#include "app/gui/filter_editor.h"

#include "app/gui/choice_box.h"
#include "app/gui/plain_label.h"
#include "app/gui/text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

namespace flamewright {
namespace {

QString hintFor(TransformKind kind)
{
    switch (kind) {
    case TransformKind::Focus:
        return FilterEditor::tr("Stacks begin at this function; stacks without it are left out.");
    case TransformKind::FocusSubtree:
        return FilterEditor::tr("Only what is below this path of functions, from the root down: "
                                "=main;=parse.");
    case TransformKind::Keep:
        return FilterEditor::tr("Stacks without such a function are left out.");
    case TransformKind::Drop: return FilterEditor::tr("Stacks with such a function are left out.");
    case TransformKind::Hide:
        return FilterEditor::tr("The function goes; its samples count for its caller.");
    case TransformKind::CollapseModule:
        return FilterEditor::tr("Frames of the module that follow one another become one.");
    case TransformKind::CollapseRecursion:
        return FilterEditor::tr("From the outermost to the innermost call of a function becomes "
                                "one frame. Empty: of every function.");
    case TransformKind::CollapseDirectRecursion:
        return FilterEditor::tr("Calls of a function by itself become one frame. Empty: of every "
                                "function.");
    case TransformKind::CollapseSubtree:
        return FilterEditor::tr("What the function calls counts as its own.");
    case TransformKind::KeepModules:
        return FilterEditor::tr("Only my code: frames of other modules are hidden, their samples "
                                "count for their callers.");
    case TransformKind::ShowFrom:
        return FilterEditor::tr("Stacks begin at the first such function; stacks without one are "
                                "left out.");
    }
    return {};
}

} // namespace

QString transformVerb(TransformKind kind)
{
    switch (kind) {
    case TransformKind::Focus: return FilterEditor::tr("focus");
    case TransformKind::FocusSubtree: return FilterEditor::tr("focus subtree");
    case TransformKind::Keep: return FilterEditor::tr("keep only");
    case TransformKind::Drop: return FilterEditor::tr("drop");
    case TransformKind::Hide: return FilterEditor::tr("hide");
    case TransformKind::CollapseModule: return FilterEditor::tr("collapse module");
    case TransformKind::CollapseRecursion: return FilterEditor::tr("collapse recursion");
    case TransformKind::CollapseDirectRecursion:
        return FilterEditor::tr("collapse direct recursion");
    case TransformKind::CollapseSubtree: return FilterEditor::tr("collapse subtree");
    case TransformKind::KeepModules: return FilterEditor::tr("keep modules");
    case TransformKind::ShowFrom: return FilterEditor::tr("show from");
    }
    return {};
}

QString transformText(const Transform &transform)
{
    auto pattern = transform.pattern;
    if (transform.kind == TransformKind::FocusSubtree) {
        // Of a path its end says most.
        if (const auto last = pattern.rfind(';'); last != std::string::npos)
            pattern.erase(0, last + 1);
    }
    if (pattern.starts_with('=')) {
        pattern.erase(0, 1);
        if (const auto module = pattern.rfind(" @"); module != std::string::npos)
            pattern.erase(module);
        if (transform.kind == TransformKind::CollapseModule ||
            transform.kind == TransformKind::KeepModules)
            return transformVerb(transform.kind) + QLatin1Char(' ') + displayBaseName(pattern);
        if (pattern.empty())
            pattern = "(unknown)";
    }
    const auto verb = transformVerb(transform.kind);
    return pattern.empty() ? verb : verb + QLatin1Char(' ') + display(pattern);
}

FilterEditor::FilterEditor(const Transform &transform, bool isNew, QWidget *parent)
    : QFrame(parent, Qt::Popup),
      m_kind(new ChoiceBox(this)),
      m_field(new QLineEdit(this)),
      m_hint(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this)),
      m_apply(new QPushButton(isNew ? tr("Add filter") : tr("Apply"), this))
{
    setObjectName(QStringLiteral("filterEditor"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Filter"));
    m_kind->setAccessibleName(tr("What the filter does"));
    for (std::size_t i = 0; i < kTransformKinds; ++i)
        m_kind->addItem(transformVerb(static_cast<TransformKind>(i)));
    m_kind->setCurrentIndex(static_cast<int>(transform.kind));
    m_kind->setMaxVisibleItems(static_cast<int>(kTransformKinds));
    m_field->setText(QString::fromStdString(transform.pattern));
    m_field->setAccessibleName(tr("Pattern"));
    m_field->setPlaceholderText(tr("text, /regex/i or =exact name"));
    m_field->setMinimumWidth(280);
    m_hint->setWrapping(true);
    m_hint->setMinimumHeight(fontMetrics().height() * 2);
    m_apply->setDefault(true);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(12, 12, 12, 12);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->addWidget(m_kind, 0, 0);
    grid->addWidget(m_field, 0, 1);
    grid->addWidget(m_apply, 0, 2);
    grid->addWidget(m_hint, 1, 0, 1, 3);

    connect(m_kind, &QComboBox::currentIndexChanged, this, &FilterEditor::check);
    connect(m_field, &QLineEdit::textChanged, this, &FilterEditor::check);
    connect(m_field, &QLineEdit::returnPressed, this, &FilterEditor::accept);
    connect(m_apply, &QPushButton::clicked, this, &FilterEditor::accept);
    check();
}

TransformKind FilterEditor::kind() const
{
    return static_cast<TransformKind>(std::max(m_kind->currentIndex(), 0));
}

void FilterEditor::check()
{
    const Transform transform{kind(), m_field->text().toStdString()};
    const auto valid = parseTransform(toText(transform)).has_value();
    const auto wrong = valid ? checkPattern(transform) : Result<>();
    m_apply->setEnabled(valid && wrong.has_value());
    m_hint->setTone(wrong.has_value() ? TextTone::Secondary : TextTone::Error);
    m_hint->setPlain(wrong.has_value() ? hintFor(transform.kind)
                                       : display(wrong.error().message()));
}

void FilterEditor::accept()
{
    if (!m_apply->isEnabled())
        return;
    const Transform transform{kind(), m_field->text().toStdString()};
    Q_EMIT accepted(transform);
    close();
}

void FilterEditor::showBelow(QWidget *anchor)
{
    adjustSize();
    move(anchor->mapToGlobal(QPoint(0, anchor->height() + 4)));
    show();
    m_field->setFocus(Qt::PopupFocusReason);
    m_field->selectAll();
}

} // namespace flamewright
