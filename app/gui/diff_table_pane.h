#pragma once

#include "app/gui/compare_pane.h"
#include "app/gui/diff_rows.h"

class QLineEdit;
class QTableView;
class QToolButton;
class QVBoxLayout;

namespace flamewright {

// Everything that was compared as a table, what is most telling first, below the sentences that say
// it. A row that is chosen is chosen in the other views, too.
class DiffTablePane final : public ComparePane {
    Q_OBJECT

public:
    DiffTablePane(const ViewContext &context, QWidget *parent);

    QTableView *view() const { return m_view; }
    const RowsModel &model() const { return m_model; }
    QLineEdit *filterField() const { return m_field; }
    QToolButton *evidenceButton() const { return m_evidence; }
    QStringList sentences() const;
    // As shown; null: none.
    const ComparedItem *itemAt(int row) const;

    QJsonObject state() const override;
    void restore(const QJsonObject &state) override;
    std::function<QString()> data() const override { return m_model.asText(); }
    // The changes of the pair as dots on one axis.
    std::optional<ViewPicture> picture(Theme theme) const override;
    std::string sentence() const override;
    QString severity() const override;

protected:
    void showSection(const ComparedSection *section) override;

private:
    void fill();
    const ComparedItem *selectedItem() const;
    void setFilter(DiffFilter filter);
    void sayHeadlines(const ComparedSection &section);
    void chooseFigure();
    void choose(int row);
    void followSelection();
    void describe();

    RowsModel m_model;
    std::shared_ptr<const DiffRows> m_rows;
    DiffFilter m_filter;
    QTableView *m_view;
    QWidget *m_headlines;
    QVBoxLayout *m_lines;
    QLineEdit *m_field;
    QToolButton *m_figure, *m_evidence;
};

} // namespace flamewright
