#include "app/gui/report_dialog.h"

#include "app/gui/choice_box.h"
#include "app/gui/figures.h"
#include "app/gui/plain_label.h"
#include "app/gui/report_export.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kFieldWidth = 320, kLongestTitle = 200;

QString contentsInWords(const ReportContents &contents)
{
    const auto findings = std::ssize(contents.findings);
    const auto pinned =
        findings == 0 ? ReportDialog::tr("No findings are pinned.")
        : findings == 1
            ? ReportDialog::tr("1 pinned finding with its picture.")
            : ReportDialog::tr("%1 pinned findings with their pictures.").arg(grouped(findings));
    if (!contents.comparison)
        return pinned + QLatin1Char(' ') +
               ReportDialog::tr("Nothing is compared: choose A and B first for what changed.");
    const auto pairs = std::ssize(contents.comparison->sections);
    return pinned + QLatin1Char(' ') +
           (pairs == 1 ? ReportDialog::tr("The comparison of A with B.")
                       : ReportDialog::tr("The comparison of A with B: %1 pairs of captures.")
                             .arg(grouped(pairs)));
}

} // namespace

ReportDialog::ReportDialog(const ReportContents &contents, QWidget *parent)
    : QDialog(parent),
      m_title(new QLineEdit(this)),
      m_template(new ChoiceBox(this)),
      m_type(new ChoiceBox(this)),
      m_contents(new PlainLabel(TextStyle::Body, TextTone::Secondary, this)),
      m_save(nullptr)
{
    setObjectName(QStringLiteral("reportDialog"));
    setWindowTitle(tr("Report"));
    auto *what = new PlainLabel(TextStyle::Title, TextTone::Primary, this);
    what->setPlain(tr("A report for others"));
    m_title->setMaxLength(kLongestTitle);
    m_title->setPlaceholderText(tr("What was compared"));
    m_title->setAccessibleName(tr("Title"));
    m_template->addItems({tr("Full, with tables, methods and provenance"), tr("One page")});
    m_template->setAccessibleName(tr("Template"));
    m_type->addItem(tr("HTML, one file"), QStringLiteral("html"));
    m_type->addItem(tr("PDF"), QStringLiteral("pdf"));
    m_type->addItem(tr("Markdown for a pull request"), QStringLiteral("md"));
    m_type->setAccessibleName(tr("File type"));
    for (QWidget *field : {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_template),
                           static_cast<QWidget *>(m_type)})
        field->setMinimumWidth(kFieldWidth);
    m_contents->setWrapping(true);
    m_contents->setPlain(contentsInWords(contents));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->addRow(tr("Title"), m_title);
    form->addRow(tr("Template"), m_template);
    form->addRow(tr("File"), m_type);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_save = buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 20, 24, 16);
    column->setSpacing(12);
    column->addWidget(what);
    column->addWidget(m_contents);
    column->addLayout(form);
    column->addStretch(1);
    column->addWidget(buttons);
}

QString ReportDialog::title() const
{
    return m_title->text().simplified();
}

ReportTemplate ReportDialog::kind() const
{
    return m_template->currentIndex() == 1 ? ReportTemplate::Summary : ReportTemplate::Full;
}

QString ReportDialog::ending() const
{
    return m_type->currentData().toString();
}

QString ReportDialog::typeText() const
{
    return m_type->currentText();
}

} // namespace flamewright
