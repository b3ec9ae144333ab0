#include "app/gui/load_controls.h"

#include "app/gui/chip_button.h"
#include "app/gui/duration_text.h"
#include "app/gui/figures.h"
#include "app/gui/load_columns.h"
#include "app/gui/plain_label.h"
#include "app/gui/requests_model.h"
#include "app/gui/text.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>
#include <QToolButton>

namespace flamewright {
namespace {

constexpr int kHeight = 40, kSloWidth = 104, kNameWidth = 160;

void setFlag(QWidget *widget, const char *name, bool on)
{
    if (widget->property(name).toBool() == on)
        return;
    widget->setProperty(name, on);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

} // namespace

LoadControls::LoadControls(RequestsModel &load, QWidget *parent)
    : QWidget(parent),
      m_load(load),
      m_by(pickerChip(QStringLiteral("groupBy"), this)),
      m_failures(textChip(tr("Failures"),
                          tr("Count the latencies of failed requests too. Fast failures make p50 "
                             "look better than it is."),
                          this)),
      m_slo(new QLineEdit(this)),
      m_summary(new PlainLabel(TextStyle::Body, TextTone::Secondary, this)),
      m_own(new QHBoxLayout)
{
    setObjectName(QStringLiteral("viewHeader"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(kHeight);
    m_failures->setObjectName(QStringLiteral("failures"));
    m_failures->setAccessibleName(tr("Failures included"));
    m_failures->setCheckable(true);
    m_slo->setObjectName(QStringLiteral("slo"));
    m_slo->setPlaceholderText(tr("SLO 300 ms"));
    m_slo->setAccessibleName(tr("SLO: the time nobody should wait longer than"));
    setPlainToolTip(m_slo, tr("The time that nobody should wait longer than, as 300 ms or 1.5 s. "
                              "Plots draw it; the inspector says how many requests met it."));
    m_slo->setFixedWidth(kSloWidth);
    m_slo->installEventFilter(this);
    m_summary->setObjectName(QStringLiteral("viewSummary"));
    m_summary->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_own->setSpacing(6);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(6);
    row->addWidget(m_by);
    row->addWidget(m_failures);
    row->addWidget(m_slo);
    row->addLayout(m_own);
    row->addSpacing(6);
    row->addWidget(m_summary, 1);
    connect(m_by, &QToolButton::clicked, this, &LoadControls::fillMenu);
    connect(m_failures, &QToolButton::toggled, &load, &RequestsModel::setFailures);
    connect(m_slo, &QLineEdit::editingFinished, this, &LoadControls::takeSlo);
    connect(m_slo, &QLineEdit::textEdited, this, [this](const QString &text) {
        setFlag(m_slo, "invalid", !text.trimmed().isEmpty() && !parseDurationText(text));
    });
    connect(&load, &RequestsModel::choiceChanged, this, &LoadControls::follow);
    connect(&load, &RequestsModel::answerChanged, this, &LoadControls::follow);
    follow();
}

void LoadControls::addControl(QWidget *control)
{
    control->setParent(this);
    m_own->addWidget(control);
}

void LoadControls::setSummary(const QString &text)
{
    m_summary->setPlain(text);
}

QString LoadControls::summary() const
{
    return m_summary->plain();
}

void LoadControls::hideFailures()
{
    m_failures->hide();
}

void LoadControls::hideSlo()
{
    m_slo->hide();
}

void LoadControls::follow()
{
    const auto &choice = m_load.choice();
    auto name = groupingTitle(choice.question.by, choice.question.tag);
    if (choice.question.by == LatencyBy::Endpoint && choice.question.patterns)
        name = tr("URL pattern");
    const auto text = tr("By %1").arg(name.toLower());
    setPlainButtonText(m_by, choice.question.by == LatencyBy::Tag ? tr("By %1").arg(name) : text,
                       kNameWidth);
    m_by->setAccessibleName(tr("Requests grouped by %1").arg(name));
    m_failures->setChecked(choice.failures);
    setFlag(m_failures, "active", choice.failures);
    if (!m_slo->hasFocus())
        m_slo->setText(choice.sloNs ? durationText(*choice.sloNs, {}) : QString());
    setFlag(m_slo, "invalid", false);
}

void LoadControls::fillMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    const auto &question = m_load.choice().question;
    const auto add = [&](const QString &text, bool on, auto run) {
        auto *action = menu->addAction(
            cappedForLayout(QString(text).replace(QLatin1Char('&'), QStringLiteral("&&"))));
        action->setCheckable(true);
        action->setChecked(on);
        group->addAction(action);
        connect(action, &QAction::triggered, this, run);
    };
    const auto groupBy = [this](LatencyBy by, bool patterns, const std::string &tag = {}) {
        return [this, by, patterns, tag] {
            auto choice = m_load.choice();
            choice.question.by = by;
            choice.question.patterns = patterns;
            choice.question.tag = tag;
            m_load.setChoice(std::move(choice));
        };
    };
    const bool byEndpoint = question.by == LatencyBy::Endpoint;
    add(tr("Endpoint"), byEndpoint && !question.patterns, groupBy(LatencyBy::Endpoint, false));
    add(tr("URL pattern, without ids"), byEndpoint && question.patterns,
        groupBy(LatencyBy::Endpoint, true));
    for (const auto by :
         {LatencyBy::Status, LatencyBy::Phase, LatencyBy::Worker, LatencyBy::Capture})
        add(groupingTitle(by), question.by == by, groupBy(by, false));
    if (const auto &answer = m_load.answer(); answer && !answer->tags.empty()) {
        menu->addSeparator();
        for (const auto &tag : answer->tags)
            add(tr("Tag %1").arg(display(tag)),
                question.by == LatencyBy::Tag && question.tag == tag,
                groupBy(LatencyBy::Tag, false, tag));
    }
    menu->popup(m_by->mapToGlobal(QPoint(0, m_by->height() + 4)));
}

void LoadControls::takeSlo()
{
    const auto text = m_slo->text().trimmed();
    const auto ns = parseDurationText(text);
    if (text.isEmpty() || ns)
        m_load.setSlo(ns);
}

bool LoadControls::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_slo && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
        const auto &slo = m_load.choice().sloNs;
        m_slo->setText(slo ? durationText(*slo, {}) : QString());
        setFlag(m_slo, "invalid", false);
        parentWidget()->setFocus();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace flamewright
