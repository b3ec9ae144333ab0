#include "app/gui/settings_dialog.h"

#include "app/gui/choice_box.h"
#include "app/gui/editor_command.h"
#include "app/gui/link_pattern.h"
#include "app/gui/plain_label.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "app/gui/tick_box.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QStyle>
#include <QTemporaryFile>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kFieldWidth = 216, kLabelWidth = 152, kListHeight = 88, kTestLine = 3;
constexpr QSize kComfortable(900, 600); // fits the smallest screens that are in use

} // namespace

SettingsDialog::SettingsDialog(Settings &settings, QWidget *parent)
    : QDialog(parent),
      m_settings(settings),
      m_before(settings.preferences())
{
    setWindowTitle(tr("Settings"));
    setObjectName(QStringLiteral("settings"));
    auto *page = new QWidget;
    page->setObjectName(QStringLiteral("pane"));
    page->setAttribute(Qt::WA_StyledBackground);
    // What is chosen from lists beside what is about files: all of it without scrolling.
    auto *left = new QVBoxLayout;
    addLook(left);
    addUnits(left);
    addStart(left);
    addDebuginfod(left);
    auto *right = new QVBoxLayout;
    addEditor(right);
    addSymbols(right);
    auto *columns = new QHBoxLayout(page);
    columns->setContentsMargins(24, 20, 24, 16);
    columns->setSpacing(40);
    for (auto *column : {left, right}) {
        column->setSpacing(8);
        column->addStretch(1);
        columns->addLayout(column, column == right ? 1 : 0);
    }
    // The fields on the left begin on one line, whatever section they are in; what is about files
    // is long and gets the whole width.
    for (auto *form : page->findChildren<QFormLayout *>()) {
        if (right->indexOf(form) >= 0) {
            form->setRowWrapPolicy(QFormLayout::WrapAllRows);
            continue;
        }
        for (int row = 0; row < form->rowCount(); ++row) {
            if (auto *label = form->itemAt(row, QFormLayout::LabelRole))
                label->widget()->setMinimumWidth(kLabelWidth);
        }
    }
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus); // follows the control that has the keyboard
    scroll->setWidget(page);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    auto *ok = buttons->button(QDialogButtonBox::Ok);
    ok->setProperty("primary", true);
    ok->style()->unpolish(ok); // the box has polished it already
    ok->style()->polish(ok);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SettingsDialog::reject);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(scroll, 1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(24, 12, 24, 16);
    foot->addWidget(buttons);
    outer->addLayout(foot);
    resize(kComfortable);
    showValues(m_before);
    m_theme->setFocus();
}

QFormLayout *SettingsDialog::section(QVBoxLayout *column, const QString &title)
{
    auto *head = new PlainLabel(TextStyle::Title, TextTone::Primary, this);
    head->setPlain(title);
    head->setContentsMargins(0, column->isEmpty() ? 0 : 16, 0, 4);
    column->addWidget(head);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addLayout(form);
    return form;
}

void SettingsDialog::addNote(QFormLayout *form, const QString &text)
{
    auto *note = new PlainLabel(TextStyle::Caption, TextTone::Secondary, this);
    note->setWrapping(true);
    note->setPlain(text);
    form->addRow(note);
}

QComboBox *SettingsDialog::choice(const char *name, const QString &label, const QStringList &texts)
{
    auto *box = new ChoiceBox(this);
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(label);
    box->addItems(texts);
    box->setFixedWidth(kFieldWidth);
    connect(box, &QComboBox::currentIndexChanged, this, &SettingsDialog::changed);
    return box;
}

void SettingsDialog::addLook(QVBoxLayout *column)
{
    auto *form = section(column, tr("Look and feel"));
    m_theme = choice("themeChoice", tr("Theme"), {tr("As the desktop"), tr("Light"), tr("Dark")});
    form->addRow(tr("&Theme"), m_theme);
    m_motion =
        choice("motionChoice", tr("Animations"), {tr("As the desktop"), tr("Never"), tr("Always")});
    form->addRow(tr("&Animations"), m_motion);
    m_wheel = choice("wheelChoice", tr("Mouse wheel in views"),
                     {tr("Scrolls, with Ctrl zooms"), tr("Zooms, with Ctrl scrolls")});
    form->addRow(tr("&Mouse wheel in views"), m_wheel);
}

void SettingsDialog::addUnits(QVBoxLayout *column)
{
    auto *form = section(column, tr("Units"));
    m_time = choice("timeChoice", tr("Times"),
                    {tr("As it fits"), tr("Nanoseconds (ns)"), tr("Microseconds (µs)"),
                     tr("Milliseconds (ms)"), tr("Seconds (s)")});
    form->addRow(tr("T&imes"), m_time);
    m_bytes = choice("byteChoice", tr("Sizes"),
                     {tr("Binary: 1 KiB is 1,024 B"), tr("Decimal: 1 kB is 1,000 B")});
    form->addRow(tr("Si&zes"), m_bytes);
}

void SettingsDialog::addEditor(QVBoxLayout *column)
{
    auto *form = section(column, tr("Source files"));
    m_editor = new QLineEdit(this);
    m_editor->setObjectName(QStringLiteral("editorCommand"));
    m_editor->setAccessibleName(tr("Editor command"));
    m_editor->setPlaceholderText(defaultEditorCommand());
    connect(m_editor, &QLineEdit::textChanged, this, [this] {
        m_editorAnswer->hide();
        changed();
    });
    auto *test = new QPushButton(tr("T&est"), this);
    test->setObjectName(QStringLiteral("editorTest"));
    test->setAccessibleName(tr("Test the editor command"));
    test->setAutoDefault(false);
    connect(test, &QPushButton::clicked, this, &SettingsDialog::testEditor);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_editor, 1);
    row->addWidget(test);
    form->addRow(tr("&Editor command"), row);
    if (auto *label = qobject_cast<QLabel *>(form->labelForField(row)))
        label->setBuddy(m_editor);
    m_editorAnswer = new PlainLabel(TextStyle::Caption, TextTone::Secondary, this);
    m_editorAnswer->setObjectName(QStringLiteral("editorAnswer"));
    m_editorAnswer->setWrapping(true);
    m_editorAnswer->hide();
    form->addRow(m_editorAnswer);
    addNote(form, tr("%f is the file, %l the line. Empty: $VISUAL, else what the desktop opens "
                     "the file with."));
    addLinks(form);
}

void SettingsDialog::addLinks(QFormLayout *form)
{
    m_links = new QLineEdit(this);
    m_links->setObjectName(QStringLiteral("linkPattern"));
    m_links->setAccessibleName(tr("Source links in exported pictures"));
    m_links->setPlaceholderText(QStringLiteral("https://host/{file}#L{line}"));
    connect(m_links, &QLineEdit::textChanged, this, [this] {
        followLinks();
        changed();
    });
    form->addRow(tr("Source lin&ks in exported SVG and PDF"), m_links);
    m_linkProblem = new PlainLabel(TextStyle::Caption, TextTone::Error, this);
    m_linkProblem->setObjectName(QStringLiteral("linkProblem"));
    m_linkProblem->setWrapping(true);
    m_linkProblem->hide();
    form->addRow(m_linkProblem);
    addNote(form, tr("http, https or file. Empty: the files on this machine; none: no links."));
}

QString SettingsDialog::linkProblem() const
{
    return linkPatternProblem(m_links->text().trimmed());
}

void SettingsDialog::followLinks()
{
    const auto problem = linkProblem();
    m_linkProblem->setPlain(problem);
    m_linkProblem->setVisible(!problem.isEmpty());
}

void SettingsDialog::addSymbols(QVBoxLayout *column)
{
    auto *form = section(column, tr("Symbols"));
    m_symbols = new QListWidget(this);
    m_symbols->setObjectName(QStringLiteral("symbolPaths"));
    m_symbols->setAccessibleName(tr("Folders with symbols, in the order they are looked into"));
    m_symbols->setProperty("framed", true);
    m_symbols->setFixedHeight(kListHeight);
    m_symbols->setTextElideMode(Qt::ElideMiddle);
    const auto button = [this](const char *name, const QString &text, const QString &accessible) {
        auto *made = new QPushButton(text, this);
        made->setObjectName(QString::fromLatin1(name));
        made->setAccessibleName(accessible);
        made->setAutoDefault(false);
        return made;
    };
    auto *add = button("symbolAdd", tr("A&dd…"), tr("Add a folder with symbols"));
    m_remove = button("symbolRemove", tr("&Remove"), tr("Remove the folder"));
    m_up = button("symbolUp", tr("&Up"), tr("Look into this folder earlier"));
    m_down = button("symbolDown", tr("Do&wn"), tr("Look into this folder later"));
    connect(add, &QPushButton::clicked, this, &SettingsDialog::askForSymbolPath);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        delete m_symbols->takeItem(m_symbols->currentRow());
        followSymbols();
        changed();
    });
    connect(m_up, &QPushButton::clicked, this, [this] { moveSymbolPath(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { moveSymbolPath(1); });
    connect(m_symbols, &QListWidget::currentRowChanged, this, &SettingsDialog::followSymbols);
    auto *buttons = new QVBoxLayout;
    buttons->setSpacing(4);
    auto *all = new QHBoxLayout;
    all->setSpacing(8);
    all->addWidget(m_symbols, 1);
    auto *grid = new QGridLayout;
    grid->setSpacing(4);
    grid->addWidget(add, 0, 0);
    grid->addWidget(m_remove, 0, 1);
    grid->addWidget(m_up, 1, 0);
    grid->addWidget(m_down, 1, 1);
    grid->setRowStretch(2, 1);
    buttons->addLayout(grid);
    all->addLayout(buttons);
    form->addRow(tr("&Folders"), all);
    if (auto *label = qobject_cast<QLabel *>(form->labelForField(all)))
        label->setBuddy(m_symbols);
    addNote(form, tr("Looked into first, from top to bottom, when a capture is imported; then the "
                     "program's own path, /usr/lib/debug and ~/.debug."));
}

void SettingsDialog::addDebuginfod(QVBoxLayout *column)
{
    auto *form = section(column, tr("Symbols from the network (debuginfod)"));
    auto *use = new TickBox(tr("Ask debuginfod servers"), this);
    use->setObjectName(QStringLiteral("debuginfod"));
    use->setAccessibleName(tr("Ask debuginfod servers: off, not available in this version"));
    use->setEnabled(false);
    form->addRow(use);
    addNote(form, tr("Off, and not available in this version: Flamewright makes no network "
                     "connections. A version that can will ask only the hosts that you allow "
                     "here, and send them the build ids of the programs in a capture, nothing "
                     "else."));
}

void SettingsDialog::addStart(QVBoxLayout *column)
{
    auto *form = section(column, tr("Start"));
    m_restore = new TickBox(tr("Open the &last session when Flamewright starts"), this);
    m_restore->setObjectName(QStringLiteral("restoreSession"));
    m_restore->setAccessibleName(tr("Open the last session when Flamewright starts"));
    connect(m_restore, &QCheckBox::toggled, this, &SettingsDialog::changed);
    form->addRow(m_restore);
}

void SettingsDialog::showValues(const Preferences &p)
{
    const QScopedValueRollback guard(m_showing, true);
    m_theme->setCurrentIndex(static_cast<int>(p.theme));
    m_motion->setCurrentIndex(static_cast<int>(p.motion));
    m_wheel->setCurrentIndex(static_cast<int>(p.wheel));
    m_time->setCurrentIndex(static_cast<int>(p.values.time));
    m_bytes->setCurrentIndex(static_cast<int>(p.values.bytes));
    const QSignalBlocker quiet(m_editor);
    m_editor->setText(p.editor);
    m_links->setText(p.linkPattern);
    m_symbols->clear();
    for (const auto &path : p.symbolPaths) {
        auto *item = new QListWidgetItem(display(path.toStdString()), m_symbols);
        item->setData(Qt::UserRole, path);
    }
    m_restore->setChecked(p.restoreSession);
    followSymbols();
}

Preferences SettingsDialog::chosen() const
{
    auto out = m_settings.preferences();
    out.theme = static_cast<ThemeChoice>(m_theme->currentIndex());
    out.motion = static_cast<MotionChoice>(m_motion->currentIndex());
    out.wheel = static_cast<WheelChoice>(m_wheel->currentIndex());
    out.values = {static_cast<TimeStyle>(m_time->currentIndex()),
                  static_cast<ByteStyle>(m_bytes->currentIndex())};
    out.editor = m_editor->text().trimmed();
    // Half an address while somebody types is no choice: what was there before stays.
    if (linkProblem().isEmpty())
        out.linkPattern = m_links->text().trimmed();
    out.symbolPaths.clear();
    for (int row = 0; row < m_symbols->count(); ++row)
        out.symbolPaths << m_symbols->item(row)->data(Qt::UserRole).toString();
    out.restoreSession = m_restore->isChecked();
    return out;
}

void SettingsDialog::changed()
{
    if (!m_showing && m_restore)
        m_settings.setPreferences(chosen());
}

void SettingsDialog::accept()
{
    if (linkProblem().isEmpty())
        return QDialog::accept();
    m_links->setFocus();
    m_links->selectAll();
}

void SettingsDialog::reject()
{
    m_settings.setPreferences(m_before);
    QDialog::reject();
}

void SettingsDialog::followSymbols()
{
    const auto row = m_symbols->currentRow();
    m_remove->setEnabled(row >= 0);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < m_symbols->count());
}

void SettingsDialog::moveSymbolPath(int by)
{
    const auto row = m_symbols->currentRow();
    auto *item = m_symbols->takeItem(row);
    m_symbols->insertItem(row + by, item);
    m_symbols->setCurrentRow(row + by);
    changed();
}

void SettingsDialog::askForSymbolPath()
{
    auto *dialog = new QFileDialog(this, tr("Folder with symbols"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        auto *item = new QListWidgetItem(display(path.toStdString()), m_symbols);
        item->setData(Qt::UserRole, path);
        m_symbols->setCurrentItem(item);
        changed();
    });
    dialog->open();
}

// Opens a small file at its third line, so that it can be seen whether the line is found.
void SettingsDialog::testEditor()
{
    auto *file =
        new QTemporaryFile(QDir::temp().filePath(QStringLiteral("flamewright-XXXXXX.txt")), this);
    if (file->open()) {
        file->write("Flamewright opened this file to test your editor.\n\n"
                    "The cursor should be on this line, the third one.\n");
        file->close();
    }
    const auto problem = openInEditor(m_editor->text(), file->fileName(), kTestLine);
    m_editorAnswer->show();
    m_editorAnswer->setTone(problem.isEmpty() ? TextTone::Ok : TextTone::Error);
    m_editorAnswer->setPlain(
        problem.isEmpty() ? tr("Started. It should show line %1.").arg(kTestLine) : problem);
}

} // namespace flamewright
