#include "app/gui/import_card.h"

#include "app/gui/figures.h"
#include "app/gui/plain_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace flamewright {
namespace {

constexpr int kSteps = 1000;

} // namespace

ImportCard::ImportCard(const QString &name, QWidget *parent)
    : QFrame(parent),
      m_name(new PlainLabel(TextStyle::Strong, TextTone::Primary, this)),
      m_detail(new PlainLabel(TextStyle::Caption, TextTone::Secondary, this)),
      m_bar(new QProgressBar(this)),
      m_cancel(new QPushButton(tr("Cancel"), this))
{
    setObjectName(QStringLiteral("card"));
    m_name->setPlain(name);
    m_name->setElide(Qt::ElideMiddle);
    m_detail->setPlain(tr("waiting"));
    m_bar->setTextVisible(false);
    m_bar->setRange(0, kSteps);
    m_bar->setValue(0);
    m_bar->setAccessibleName(tr("Import of %1").arg(name));
    m_cancel->setProperty("link", true);
    m_cancel->setObjectName(QStringLiteral("cancelImport"));
    m_cancel->setAccessibleName(tr("Cancel the import of %1").arg(name));
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_detail->setPlain(tr("stopping"));
        Q_EMIT cancelRequested();
    });

    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_name, 1);
    top->addWidget(m_cancel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 4, 6, 10);
    column->setSpacing(4);
    column->addLayout(top);
    auto *bottom = new QVBoxLayout;
    bottom->setContentsMargins(0, 0, 6, 0);
    bottom->setSpacing(6);
    bottom->addWidget(m_bar);
    bottom->addWidget(m_detail);
    column->addLayout(bottom);
}

void ImportCard::setStarted()
{
    m_detail->setPlain(tr("starting"));
    m_bar->setRange(0, 0);
}

void ImportCard::setProgress(const ImportProgress &progress, ValueStyle style)
{
    if (!m_cancel->isEnabled())
        return;
    QStringList parts;
    if (progress.total > 0) {
        m_bar->setRange(0, kSteps);
        m_bar->setValue(static_cast<int>(static_cast<double>(progress.done) /
                                         static_cast<double>(progress.total) * kSteps));
        parts << tr("%1 of %2")
                     .arg(byteCount(progress.done, style), byteCount(progress.total, style));
    } else if (progress.done > 0) {
        parts << byteCount(progress.done, style);
    }
    if (progress.bytesPerSecond > 0)
        parts << tr("%1/s").arg(
            byteCount(static_cast<std::uint64_t>(progress.bytesPerSecond), style));
    if (progress.leftNs)
        parts << tr("%1 left").arg(durationText(*progress.leftNs, style));
    if (!parts.isEmpty())
        m_detail->setPlain(parts.join(QStringLiteral(" · ")));
}

} // namespace flamewright
