#include "app/gui/drop_overlay.h"
#include "app/gui/main_window.h"
#include "app/gui/message_bar.h"
#include "app/gui/session_keeper.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"

#include <QCloseEvent>
#include <QFileDialog>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

// Files and windows: saving, closing, dropping.
namespace flamewright {
namespace {

QStringList localFiles(const QMimeData *data)
{
    QStringList out;
    for (const auto &url : data->urls()) {
        if (url.isLocalFile())
            out << url.toLocalFile();
    }
    return out;
}

QFileDialog *askForSessionName(QWidget *window, const QString &title)
{
    auto *dialog =
        new QFileDialog(window, title, {}, MainWindow::tr("Flamewright sessions (*.fws)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("fws"));
    return dialog;
}

} // namespace

bool MainWindow::mayBeSaved()
{
    if (!m_document.session())
        return false;
    if (!m_imports.isEmpty()) {
        showMessage(MessageKind::Warning,
                    tr("The session can be saved when the running imports have ended."));
        return false;
    }
    m_keeper->keepNow(); // with layout and scope
    return true;
}

void MainWindow::saveAs()
{
    if (!mayBeSaved())
        return;
    auto *dialog = askForSessionName(this, tr("Save session as"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &path) { m_document.saveAs(path.toStdString()); });
    connect(dialog, &QFileDialog::rejected, this, [this] { m_closeAfterSave = false; });
    dialog->open();
}

void MainWindow::saveCopy()
{
    if (!mayBeSaved())
        return;
    auto *dialog = askForSessionName(this, tr("Save a copy"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &path) { m_document.saveCopy(path.toStdString()); });
    dialog->open();
}

bool MainWindow::mayClose()
{
    if (!m_document.hasUnsavedEdits())
        return true;
    QMessageBox box(QMessageBox::Question, tr("Flamewright"), {}, QMessageBox::NoButton, this);
    setPlainMessage(&box, tr("Save this session before closing?"),
                    tr("Names and roles that you gave are lost otherwise. The files it was made "
                       "from are not touched."));
    auto *save = box.addButton(tr("Save as…"), QMessageBox::AcceptRole);
    auto *discard = box.addButton(tr("Do not save"), QMessageBox::DestructiveRole);
    box.addButton(QMessageBox::Cancel);
    box.exec();
    if (box.clickedButton() == save) {
        m_closeAfterSave = true;
        saveAs();
        return false;
    }
    return box.clickedButton() == discard;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayClose()) {
        event->ignore();
        return;
    }
    m_imports.cancelAll();
    storeSizes();
    m_keeper->keepNow();
    (void)m_document.flush(); // what takes longer is written after the window
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    m_overlay->showFor(static_cast<int>(files.size()));
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *)
{
    m_overlay->hide();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    m_overlay->hide();
    const auto files = localFiles(event->mimeData());
    if (files.isEmpty())
        return;
    event->acceptProposedAction();
    Q_EMIT filesChosen(files);
}

void MainWindow::restoreSizes()
{
    resize(1280, 800);
    if (const auto state = m_services.settings.bytes(QStringLiteral("layout/window"));
        !state.isEmpty())
        restoreGeometry(state);
}

void MainWindow::storeSizes()
{
    m_services.settings.setBytes(QStringLiteral("layout/window"), saveGeometry());
}

} // namespace flamewright
