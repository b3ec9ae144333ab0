#include "app/gui/inspector.h"

#include "analysis/intervals.h"
#include "analysis/neighbours.h"
#include "app/gui/figures.h"
#include "app/gui/flame_menu.h"
#include "app/gui/plain_label.h"
#include "app/gui/share_list.h"
#include "app/gui/text.h"

#include <QClipboard>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <cmath>

namespace flamewright {
namespace {

QString kindName(FrameKind kind)
{
    switch (kind) {
    case FrameKind::Unknown: return {};
    case FrameKind::User: return Inspector::tr("user");
    case FrameKind::Kernel: return Inspector::tr("kernel");
    case FrameKind::Jit: return Inspector::tr("JIT");
    case FrameKind::Interpreter: return Inspector::tr("interpreter");
    case FrameKind::Guest: return Inspector::tr("guest");
    case FrameKind::Hypervisor: return Inspector::tr("hypervisor");
    case FrameKind::Marker: return Inspector::tr("marker");
    }
    return {};
}

QString separator()
{
    return QStringLiteral(" · ");
}

// Half the width of the 95 % interval as "± 0.6 pp". Empty when samples have different weights:
// then the share of samples is not the share of the measure, and its interval would be a lie.
struct IntervalText {
    QString brief, whole;
};
IntervalText intervalOf(std::int64_t part, std::int64_t all, std::int64_t samples, std::int64_t n)
{
    if (n <= 0 || all == 0)
        return {};
    if (std::abs(ratioOf(part, all) - ratioOf(samples, n)) > 0.0005)
        return {};
    const auto range = wilson(samples, n);
    const auto half = (range.high - range.low) / 2 * 100;
    const auto decimals = half >= 0.095 ? 1 : 2;
    const auto percent = [](double share) {
        return QString::number(share * 100, 'f', 2) + QStringLiteral(" %");
    };
    return {QStringLiteral("± ") + QString::number(half, 'f', decimals) + QStringLiteral(" pp"),
            Inspector::tr("95 % Wilson interval of the sampled share: %1 to %2, n = %3")
                .arg(percent(range.low), percent(range.high), grouped(n))};
}

QString samplesText(std::int64_t part, std::int64_t all)
{
    return Inspector::tr("%1 of %2 samples").arg(grouped(part), grouped(all));
}

QString functionName(const FunctionInfo &function)
{
    return function.name.empty() ? Inspector::tr("(unknown)") : display(function.name);
}

} // namespace

Inspector::Inspector(ProfileModel &profile, QWidget *parent)
    : QWidget(parent),
      m_profile(profile),
      m_body(new QWidget)
{
    setObjectName(QStringLiteral("inspector"));
    setAttribute(Qt::WA_StyledBackground);
    setAccessibleName(tr("Inspector"));
    const auto label = [this](TextStyle style, TextTone tone) {
        return new PlainLabel(style, tone, m_body);
    };
    m_name = label(TextStyle::Title, TextTone::Primary);
    m_name->setObjectName(QStringLiteral("inspectorName"));
    m_where = label(TextStyle::Caption, TextTone::Secondary);
    m_where->setElide(Qt::ElideMiddle);
    m_line = label(TextStyle::Caption, TextTone::Secondary);
    m_line->setElide(Qt::ElideMiddle);
    m_figure = label(TextStyle::Figure, TextTone::Primary);
    m_figure->setObjectName(QStringLiteral("inspectorShare"));
    m_figure->setElide(Qt::ElideNone);
    m_interval = label(TextStyle::Body, TextTone::Secondary);
    m_total = label(TextStyle::Body, TextTone::Secondary);
    m_total->setObjectName(QStringLiteral("inspectorTotal"));
    m_total->setWrapping(true);
    m_self = label(TextStyle::Body, TextTone::Secondary);
    m_self->setObjectName(QStringLiteral("inspectorSelf"));
    m_self->setWrapping(true);
    m_here = label(TextStyle::Caption, TextTone::Secondary);
    m_here->setWrapping(true);
    m_callersTitle = label(TextStyle::Section, TextTone::Primary);
    m_calleesTitle = label(TextStyle::Section, TextTone::Primary);
    m_callers = new ShareList(m_body);
    m_callers->setAccessibleName(tr("Callers"));
    m_callers->setObjectName(QStringLiteral("callers"));
    m_callees = new ShareList(m_body);
    m_callees->setAccessibleName(tr("Callees"));
    m_callees->setObjectName(QStringLiteral("callees"));

    auto *figures = new QHBoxLayout;
    figures->setSpacing(8);
    figures->addWidget(m_figure, 0, Qt::AlignBaseline);
    figures->addWidget(m_interval, 1, Qt::AlignBaseline);

    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(4);
    column->addWidget(m_name);
    column->addWidget(m_where);
    column->addWidget(m_line);
    column->addSpacing(8);
    column->addLayout(figures);
    column->addWidget(m_total);
    column->addWidget(m_self);
    column->addWidget(m_here);
    column->addSpacing(12);
    column->addWidget(m_callersTitle);
    column->addWidget(m_callers);
    column->addSpacing(12);
    column->addWidget(m_calleesTitle);
    column->addWidget(m_callees);
    column->addStretch(1);

    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_body);

    m_placeholder = new PlainLabel(TextStyle::Body, TextTone::Muted, this);
    m_placeholder->setWrapping(true);
    m_placeholder->setAlignment(Qt::AlignCenter);

    m_buttons = new QWidget(this);
    auto *titled = new QVBoxLayout(m_buttons);
    titled->setContentsMargins(16, 8, 16, 12);
    titled->setSpacing(4);
    auto *copy = new PlainLabel(TextStyle::Body, TextTone::Secondary, m_buttons);
    copy->setElide(Qt::ElideNone);
    copy->setPlain(tr("Copy"));
    titled->addWidget(copy);
    auto *buttons = new QHBoxLayout; // below the word: in a narrow window it left them no room
    buttons->setSpacing(6);
    titled->addLayout(buttons);
    const auto button = [&](const QString &text, const QString &name, void (Inspector::*slot)()) {
        auto *push = new QPushButton(text, m_buttons);
        push->setAccessibleName(name);
        setPlainToolTip(push, name);
        connect(push, &QPushButton::clicked, this, slot);
        push->setProperty("narrow", true);
        buttons->addWidget(push);
    };
    button(tr("Name"), tr("Copy the function's name"), &Inspector::copyName);
    button(tr("Stack"), tr("Copy the stack, innermost frame first"), &Inspector::copyStack);
    button(tr("Folded"), tr("Copy everything below as folded stacks"), &Inspector::copyFolded);
    buttons->addStretch(1);

    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(m_placeholder, 1);
    outer->addWidget(scroll, 1);
    outer->addWidget(m_buttons);

    connect(&profile, &ProfileModel::selectionChanged, this, &Inspector::refresh);
    connect(&profile, &ProfileModel::profileChanged, this, &Inspector::refresh);
    connect(m_callers, &ShareList::chosen, &profile, &ProfileModel::selectFunction);
    connect(m_callees, &ShareList::chosen, &profile, &ProfileModel::selectFunction);
    refresh();
}

void Inspector::refresh()
{
    const bool any = m_profile.profile() && m_profile.profile()->samples > 0;
    m_placeholder->setVisible(!any);
    m_placeholder->setPlain(m_profile.profile() ? tr("No samples in this scope.") : QString());
    m_body->parentWidget()->parentWidget()->setVisible(any);
    m_buttons->setVisible(any && m_profile.selection().node != 0);
    if (!any)
        return;
    if (m_profile.selection().node == 0)
        showRoot();
    else
        showFunction(m_profile.selection());
}

void Inspector::showRoot()
{
    const auto &profile = m_profile.profile();
    m_name->setPlain(tr("Everything in scope"));
    m_where->setPlain(tr("measure: %1").arg(display(profile->measure)));
    m_line->hide();
    m_figure->setPlain(inUnit(profile->total, profile->unit, m_profile.valueStyle()));
    m_interval->setPlain({});
    setPlainToolTip(m_interval, {});
    m_total->setPlain(tr("%1 samples").arg(grouped(profile->samples)));
    m_self->setPlain(tr("%1 functions in %2 frames")
                         .arg(grouped(static_cast<std::int64_t>(profile->table.size())),
                              grouped(static_cast<std::int64_t>(profile->tree.size()) - 1)));
    m_here->hide();

    std::vector<Neighbour> hottest;
    for (const auto &row : profile->table) {
        if (hottest.size() == 8 || row.self <= 0)
            break;
        hottest.push_back({row.function, row.self, row.selfSamples});
    }
    m_callersTitle->setPlain(tr("Most self time"));
    if (profile->unit != Unit::Nanoseconds)
        m_callersTitle->setPlain(tr("Largest self"));
    m_callers->show(profile, std::move(hottest), profile->total, m_profile.valueStyle());
    std::vector<Neighbour> first;
    const auto &tree = profile->tree;
    for (std::uint32_t node = 1; node < tree.size(); node = tree.subtreeEnd[node])
        first.push_back({tree.function[node], tree.total[node], tree.totalSamples[node]});
    m_calleesTitle->setPlain(tr("Stacks begin with"));
    m_callees->show(profile, std::move(first), profile->total, m_profile.valueStyle());
}

void Inspector::showFunction(const ProfileModel::Selection &selection)
{
    const auto &profile = m_profile.profile();
    const auto &tree = profile->tree;
    const auto &function = profile->functions[selection.function.raw];
    m_name->setPlain(functionName(function));

    QStringList where;
    if (!function.module.empty())
        where << display(function.module);
    if (const auto kind = kindName(function.kind); !kind.isEmpty())
        where << kind;
    if (tree.inlined[selection.node])
        where << tr("inlined here");
    m_where->setPlain(where.isEmpty() ? tr("module unknown") : where.join(separator()));
    m_line->setVisible(!function.file.empty());
    m_line->setPlain(function.line > 0 ? display(function.file) + QLatin1Char(':') +
                                             QString::number(function.line)
                                       : display(function.file));

    FunctionStat stat;
    for (const auto &row : profile->table) {
        if (row.function == selection.function)
            stat = row;
    }
    m_figure->setPlain(shareText(stat.total, profile->total));
    const auto total = intervalOf(stat.total, profile->total, stat.totalSamples, profile->samples);
    m_interval->setPlain(total.brief.isEmpty() ? tr("of %1").arg(display(profile->measure))
                                               : total.brief + QLatin1Char(' ') +
                                                     tr("of %1").arg(display(profile->measure)));
    setPlainToolTip(m_interval, total.whole);
    QStringList totals{samplesText(stat.totalSamples, profile->samples)};
    if (profile->unit != Unit::Count || stat.total != stat.totalSamples)
        totals << inUnit(stat.total, profile->unit, m_profile.valueStyle());
    m_total->setPlain(totals.join(separator()));
    const auto self = intervalOf(stat.self, profile->total, stat.selfSamples, profile->samples);
    QStringList selfs{tr("self %1").arg(shareText(stat.self, profile->total)) +
                      (self.brief.isEmpty() ? QString() : QLatin1Char(' ') + self.brief)};
    // The narrow panel has room for one figure more; the rest is in the tooltip.
    const auto selfSamples = samplesText(stat.selfSamples, profile->samples);
    selfs << (profile->unit == Unit::Count
                  ? tr("%1 samples").arg(grouped(stat.selfSamples))
                  : inUnit(stat.self, profile->unit, m_profile.valueStyle()));
    m_self->setPlain(selfs.join(separator()));
    setPlainToolTip(m_self, self.whole.isEmpty() ? selfSamples
                                                 : selfSamples + QLatin1Char('\n') + self.whole);

    // The frame that was clicked, when it is not all there is of the function.
    const auto node = selection.node;
    m_here->setVisible(tree.total[node] != stat.total);
    const auto parent = tree.parent[node];
    auto here = tr("this frame: %1 of all").arg(shareText(tree.total[node], profile->total));
    if (parent != 0)
        here += separator() +
                tr("%1 of its caller").arg(shareText(tree.total[node], tree.total[parent]));
    m_here->setPlain(here);

    auto neighbours = neighboursOf(*profile, selection.function);
    m_callersTitle->setPlain(tr("Callers"));
    m_callers->show(profile, std::move(neighbours.callers), stat.total, m_profile.valueStyle());
    m_calleesTitle->setPlain(tr("Callees"));
    m_callees->show(profile, std::move(neighbours.callees), stat.total, m_profile.valueStyle());
}

QString Inspector::text() const
{
    QStringList lines;
    for (const auto *line :
         {m_name, m_where, m_line, m_figure, m_interval, m_total, m_self, m_here})
        lines << line->plain();
    lines << m_callersTitle->plain();
    for (int i = 0; i < m_callers->rowCount(); ++i)
        lines << m_callers->rowText(i);
    lines << m_calleesTitle->plain();
    for (int i = 0; i < m_callees->rowCount(); ++i)
        lines << m_callees->rowText(i);
    return lines.join(QLatin1Char('\n'));
}

void Inspector::copyName()
{
    if (!m_profile.profile() || m_profile.selection().node == 0)
        return;
    QGuiApplication::clipboard()->setText(
        functionName(m_profile.profile()->functions[m_profile.selection().function.raw]));
}

void Inspector::copyStack()
{
    if (!m_profile.profile())
        return;
    QGuiApplication::clipboard()->setText(
        stackText(*m_profile.profile(), m_profile.selection().node));
}

void Inspector::copyFolded()
{
    if (!m_profile.profile() || m_profile.selection().node == 0)
        return;
    QGuiApplication::clipboard()->setText(
        foldedText(*m_profile.profile(), m_profile.selection().node));
}

} // namespace flamewright
