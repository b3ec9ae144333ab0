#include "app/gui/diff_table_pane.h"

#include "app/compare/change_text.h"
#include "app/gui/chip_button.h"
#include "app/gui/compare_model.h"
#include "app/gui/compare_text.h"
#include "app/gui/diff_delegate.h"
#include "app/gui/figures.h"
#include "app/gui/icons.h"
#include "app/gui/load_table.h"
#include "app/gui/plain_label.h"
#include "app/gui/profile_model.h"
#include "app/gui/text.h"
#include "app/present/compare_picture.h"
#include "views/paint/paint_qt.h"

#include <QActionGroup>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QStyle>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace flamewright {
namespace {

constexpr int kWidths[] = {240, 108, 92, 92, 84, 140, 148, 124, 84};
constexpr int kLeastName = 160, kFieldWidth = 180;
constexpr std::size_t kSentences = 3;
constexpr QLatin1String kEvidence("evidence"), kFigure("figure");

} // namespace

DiffTablePane::DiffTablePane(const ViewContext &context, QWidget *parent)
    : ComparePane(context, {}, parent),
      m_view(new QTableView(this)),
      m_headlines(new QWidget(this)),
      m_lines(new QVBoxLayout(m_headlines)),
      m_field(new QLineEdit(this)),
      m_figure(pickerChip(QStringLiteral("figurePicker"), this)),
      m_evidence(textChip(tr("Only with evidence"),
                          tr("Leaves out what may be chance: only rows that regressed or improved"),
                          this))
{
    m_evidence->setObjectName(QStringLiteral("onlyEvidence"));
    m_evidence->setCheckable(true);
    m_field->setObjectName(QStringLiteral("changesFilter"));
    m_field->setPlaceholderText(tr("Filter names"));
    m_field->setAccessibleName(tr("Filter names"));
    m_field->setFixedWidth(kFieldWidth);
    m_field->setClearButtonEnabled(true);
    controls()->addWidget(m_figure);
    controls()->addWidget(m_evidence);
    controls()->addWidget(m_field);

    m_view->setObjectName(QStringLiteral("changesTable"));
    m_view->setAccessibleName(tr("Changes from A to B"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new DiffDelegate([this](int row) { return itemAt(row); }, m_view));
    setUpLoadTable(*m_view, DiffDelegate::kRowHeight);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    copyRowsOf(*m_view, [this] { return data(); });
    m_lines->setContentsMargins(16, 12, 16, 12);
    m_lines->setSpacing(4);
    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_headlines);
    column->addWidget(m_view, 1);
    setContent(content);
    setFocusProxy(m_view);

    connect(m_field, &QLineEdit::textChanged, this, [this](const QString &text) {
        auto next = m_filter;
        next.text = text.trimmed();
        setFilter(std::move(next));
    });
    connect(m_evidence, &QToolButton::clicked, this, [this](bool on) {
        auto next = m_filter;
        next.onlyEvidence = on;
        setFilter(std::move(next));
    });
    connect(m_figure, &QToolButton::clicked, this, &DiffTablePane::chooseFigure);
    const auto clicked = [this](const QModelIndex &index) { choose(index.row()); };
    connect(m_view, &QTableView::clicked, this, clicked);
    connect(m_view, &QTableView::activated, this, clicked);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &DiffTablePane::followSelection);
    connect(&context.compare, &CompareModel::selectionChanged, this,
            &DiffTablePane::followSelection);
    follow();
}

void DiffTablePane::showSection(const ComparedSection *section)
{
    m_figure->setVisible(section != nullptr);
    m_evidence->setVisible(section != nullptr);
    m_field->setVisible(section != nullptr);
    if (!section) {
        m_rows.reset();
        m_model.setRows(0, {});
        setSummary({});
        return;
    }
    const auto figures = figuresOf(*section);
    if (std::find(figures.begin(), figures.end(), m_filter.figure) == figures.end())
        m_filter.figure.clear();
    sayHeadlines(*section);
    fill();
}

void DiffTablePane::fill()
{
    if (!section())
        return;
    m_rows = diffRows(context().compare.comparison(), *section(), m_filter,
                      context().compare.valueStyle());
    const bool first = m_model.columnCount() == 0;
    m_model.setRows(m_rows->items.size(), diffColumns(m_rows));
    if (first) {
        for (int column = 0; column < m_model.columnCount(); ++column)
            m_view->setColumnWidth(column, kWidths[column]);
        stretchColumn(*m_view, DiffName, kLeastName);
    }
    const bool runs =
        std::any_of(section()->items.begin(), section()->items.end(), [](const ComparedItem &item) {
            return item.baseRuns.size() + item.candRuns.size() > 2;
        });
    m_view->setColumnHidden(DiffRuns, !runs);
    describe();
}

void DiffTablePane::describe()
{
    const auto text = m_filter.figure.empty() ? tr("All figures") : figureTitle(m_filter.figure);
    setPlainButtonText(m_figure, text, 140);
    m_figure->setAccessibleName(tr("Figures: %1").arg(text));
    m_evidence->setChecked(m_filter.onlyEvidence);
    if (m_evidence->property("active").toBool() != m_filter.onlyEvidence) {
        m_evidence->setProperty("active", m_filter.onlyEvidence);
        m_evidence->style()->unpolish(m_evidence);
        m_evidence->style()->polish(m_evidence);
    }
    const auto &items = section()->items;
    const auto with = [&](Verdict verdict) {
        return std::count_if(items.begin(), items.end(), [verdict](const ComparedItem &item) {
            return item.change.verdict == verdict;
        });
    };
    setSummary(tr("%1 regressed · %2 improved · %3 compared")
                   .arg(grouped(with(Verdict::Regressed)), grouped(with(Verdict::Improved)),
                        grouped(std::ssize(items))));
}

void DiffTablePane::sayHeadlines(const ComparedSection &section)
{
    while (auto *item = m_lines->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    const auto count = std::min(kSentences, section.sentences.size());
    for (std::size_t i = 0; i < count; ++i) {
        auto *line = new PlainLabel(i == 0 ? TextStyle::Strong : TextStyle::Body,
                                    i == 0 ? TextTone::Primary : TextTone::Secondary, m_headlines);
        line->setWrapping(true);
        line->setPlain(display(section.sentences[i]));
        m_lines->addWidget(line);
    }
    m_headlines->setVisible(count > 0);
}

QStringList DiffTablePane::sentences() const
{
    QStringList out;
    for (const auto *line : m_headlines->findChildren<PlainLabel *>()) {
        if (!line->isHidden())
            out << line->plain();
    }
    return out;
}

const ComparedItem *DiffTablePane::itemAt(int row) const
{
    if (!m_rows || row < 0 || row >= m_model.rowCount())
        return nullptr;
    return &m_rows->at(m_model.rowAt(row));
}

const ComparedItem *DiffTablePane::selectedItem() const
{
    return m_view->selectionModel()->hasSelection() ? itemAt(m_view->currentIndex().row())
                                                    : nullptr;
}

std::optional<ViewPicture> DiffTablePane::picture(Theme theme) const
{
    const auto &comparison = context().compare.comparison();
    if (!section() || !comparison)
        return std::nullopt;
    // Its captures are not read again.
    const CompareSide nothing;
    JobContext job;
    auto made = comparePicture(*comparison, {nothing, nothing, job},
                               {.view = "changes", .theme = theme, .section = section()->title},
                               QtTextMetrics());
    if (!made.has_value())
        return std::nullopt;
    return ViewPicture{std::move(made->list), made->size, theme, QStringLiteral("changes")};
}

// Of the chosen row, else what is to be said of the pair first.
std::string DiffTablePane::sentence() const
{
    if (const auto *item = selectedItem())
        return itemSentence(*item);
    return section() && !section()->sentences.empty() ? section()->sentences.front()
                                                      : std::string();
}

QString DiffTablePane::severity() const
{
    const auto *item = selectedItem();
    if (item == nullptr ||
        (item->change.verdict != Verdict::Improved && item->change.verdict != Verdict::Regressed))
        return {};
    const auto name = nameOf(item->change.verdict);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

void DiffTablePane::setFilter(DiffFilter filter)
{
    if (filter == m_filter)
        return;
    m_filter = std::move(filter);
    fill();
    Q_EMIT stateChanged();
}

void DiffTablePane::chooseFigure()
{
    if (!section())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *group = new QActionGroup(menu);
    auto figures = figuresOf(*section());
    figures.insert(figures.begin(), std::string());
    for (const auto &figure : figures) {
        auto *action = menu->addAction(figure.empty() ? tr("All figures") : figureTitle(figure));
        action->setCheckable(true);
        action->setChecked(figure == m_filter.figure);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, figure] {
            auto next = m_filter;
            next.figure = figure;
            setFilter(std::move(next));
        });
    }
    menu->popup(m_figure->mapToGlobal(QPoint(0, m_figure->height() + 4)));
}

void DiffTablePane::choose(int row)
{
    const auto *item = itemAt(row);
    if (!item)
        return;
    context().compare.select(CompareModel::Selected{section()->kind, item->name, item->detail});
}

void DiffTablePane::followSelection()
{
    const auto &wanted = context().compare.selected();
    const auto is = [&](const ComparedItem *item) {
        return item && wanted && wanted->kind == section()->kind && item->name == wanted->name &&
               item->detail == wanted->detail;
    };
    if (is(itemAt(m_view->currentIndex().row())) && m_view->selectionModel()->hasSelection())
        return;
    for (int row = 0; wanted && row < m_model.rowCount(); ++row) {
        if (is(itemAt(row))) {
            m_view->selectRow(row);
            return;
        }
    }
    m_view->selectionModel()->clear();
}

QJsonObject DiffTablePane::state() const
{
    return {{kEvidence, m_filter.onlyEvidence}, {kFigure, QString::fromStdString(m_filter.figure)}};
}

void DiffTablePane::restore(const QJsonObject &state)
{
    auto next = m_filter;
    next.onlyEvidence = state.value(kEvidence).toBool();
    next.figure = state.value(kFigure).toString().toStdString();
    setFilter(std::move(next));
}

} // namespace flamewright
