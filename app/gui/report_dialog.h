#pragma once

#include "app/present/report.h"

#include <QDialog>
#include <QString>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace flamewright {

class PlainLabel;
struct ReportContents;

// Title, template and kind of file of a report, and in words what will be in it.
class ReportDialog final : public QDialog {
    Q_OBJECT

public:
    explicit ReportDialog(const ReportContents &contents, QWidget *parent = nullptr);

    QString title() const;
    ReportTemplate kind() const;
    QString ending() const;   // "html", "pdf" or "md"
    QString typeText() const; // "HTML, one file"
    QLineEdit *titleField() const { return m_title; }
    QComboBox *templatePicker() const { return m_template; }
    QComboBox *typePicker() const { return m_type; }
    QPushButton *saveButton() const { return m_save; }

private:
    QLineEdit *m_title;
    QComboBox *m_template, *m_type;
    PlainLabel *m_contents;
    QPushButton *m_save;
};

} // namespace flamewright
