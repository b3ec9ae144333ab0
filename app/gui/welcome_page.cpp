#include "app/gui/welcome_page.h"

#include "app/gui/icons.h"
#include "app/gui/plain_label.h"
#include "app/gui/settings.h"
#include "app/gui/text.h"
#include "importers/registry.h"

#include <QDir>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QSet>
#include <QStringList>
#include <QVBoxLayout>

#include <string_view>
#include <utility>

namespace flamewright {
namespace {

constexpr int kColumnWidth = 520, kTextWidth = 420, kRecentRows = 6;

// A recent file: name, folder; the whole row is the button.
class RecentRow : public QPushButton {
public:
    RecentRow(const QString &path, QWidget *parent) : QPushButton(parent)
    {
        const QFileInfo info(path);
        setProperty("link", true);
        setAccessibleName(display(path.toStdString()));
        setFixedHeight(28);
        setCursor(Qt::PointingHandCursor);
        auto *name = new PlainLabel(TextStyle::Body, TextTone::Accent, this);
        name->setPlain(display(info.fileName().toStdString()));
        auto *folder = new PlainLabel(TextStyle::Caption, TextTone::Secondary, this);
        folder->setElide(Qt::ElideMiddle);
        folder->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        folder->setPlain(display(QDir::toNativeSeparators(info.absolutePath()).toStdString()));
        for (auto *label : {name, folder})
            label->setAttribute(Qt::WA_TransparentForMouseEvents);
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(8, 0, 8, 0);
        row->setSpacing(16);
        row->addWidget(name, 1);
        row->addWidget(folder, 1);
    }
};

class Mark : public QWidget {
public:
    explicit Mark(QWidget *parent) : QWidget(parent) { setFixedSize(56, 56); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintAppMark(painter, QRectF(rect()));
    }
};

// "JMeter" of "JMeter results (CSV)": whose files they are, without which of them.
QString toolOf(std::string_view title)
{
    static const QSet<QString> kWhich{QStringLiteral("JSON"),
                                      QStringLiteral("CSV"),
                                      QStringLiteral("results"),
                                      QStringLiteral("report"),
                                      QStringLiteral("simulation.log"),
                                      QStringLiteral("stats.json"),
                                      QStringLiteral("log"),
                                      QStringLiteral("percentiles"),
                                      QStringLiteral("end-of-test"),
                                      QStringLiteral("raw.csv"),
                                      QStringLiteral("messages"),
                                      QStringLiteral("aggregates"),
                                      QStringLiteral("text"),
                                      QStringLiteral("profile"),
                                      QStringLiteral("phout"),
                                      QStringLiteral("-e"),
                                      QStringLiteral("-g"),
                                      QStringLiteral("-l")};
    QStringList kept;
    for (const auto &word : display(title).split(u' ')) {
        if (!kept.isEmpty() && kWhich.contains(word))
            break;
        kept << word;
    }
    return kept.join(QChar::Nbsp); // none torn apart
}

// "Profiles: Linux perf.data, pprof": a line for each kind, each tool once.
QString formatLines(const ImporterRegistry &importers)
{
    const std::pair<std::string_view, QString> kinds[] = {
        {"profile", WelcomePage::tr("Profiles: %1")},
        {"load test", WelcomePage::tr("Load tests: %1")},
        {"benchmarks", WelcomePage::tr("Benchmarks: %1")},
        {"trace", WelcomePage::tr("Traces: %1")}};
    QStringList lines;
    for (const auto &[kind, line] : kinds) {
        QStringList tools;
        for (const auto &importer : importers.all()) {
            if (importer->format().kind == kind)
                tools << toolOf(importer->format().title);
        }
        tools.removeDuplicates();
        if (!tools.isEmpty())
            lines << line.arg(tools.join(QStringLiteral(", ")));
    }
    return lines.join(u'\n');
}

} // namespace

WelcomePage::WelcomePage(const ImporterRegistry &importers, Settings &settings, bool demo,
                         QWidget *parent)
    : QWidget(parent),
      m_importers(importers),
      m_settings(settings)
{
    setObjectName(QStringLiteral("viewPane"));
    setAttribute(Qt::WA_StyledBackground);
    auto *target = new QFrame(this);
    target->setObjectName(QStringLiteral("dropTarget"));
    target->setFixedWidth(kColumnWidth);
    auto *title = new PlainLabel(TextStyle::Figure, TextTone::Primary, target);
    title->setPlain(tr("Drop a capture here"));
    title->setAlignment(Qt::AlignCenter);
    auto *formats = new PlainLabel(TextStyle::Body, TextTone::Secondary, target);
    formats->setWrapping(true);
    formats->setAlignment(Qt::AlignCenter);
    formats->setFixedWidth(kTextWidth);
    formats->setPlain(
        tr("%1\nPlain or compressed, and Flamewright sessions (.fws)").arg(formatLines(importers)));
    formats->setMinimumHeight(formats->heightForWidth(kTextWidth));
    auto *open = new QPushButton(tr("Open…"), target);
    open->setObjectName(QStringLiteral("welcomeOpen"));
    open->setProperty("primary", true);
    open->setMinimumWidth(120);
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(12);
    buttons->addStretch(1);
    buttons->addWidget(open);
    if (demo) {
        auto *tryIt = new QPushButton(tr("Open the demo captures"), target);
        tryIt->setObjectName(QStringLiteral("welcomeDemo"));
        connect(tryIt, &QPushButton::clicked, this, &WelcomePage::demoRequested);
        buttons->addWidget(tryIt);
    }
    buttons->addStretch(1);
    auto *inside = new QVBoxLayout(target);
    inside->setContentsMargins(32, 32, 32, 32);
    inside->setSpacing(12);
    inside->addWidget(new Mark(target), 0, Qt::AlignHCenter);
    inside->addSpacing(4);
    inside->addWidget(title);
    inside->addWidget(formats, 0, Qt::AlignHCenter);
    inside->addSpacing(8);
    inside->addLayout(buttons);

    m_recentPane = new QWidget(this);
    m_recentPane->setFixedWidth(kColumnWidth);
    m_recent = new QVBoxLayout(m_recentPane);
    m_recent->setContentsMargins(0, 24, 0, 0);
    m_recent->setSpacing(2);

    auto *column = new QVBoxLayout(this);
    column->addStretch(2);
    column->addWidget(target, 0, Qt::AlignHCenter);
    column->addWidget(m_recentPane, 0, Qt::AlignHCenter);
    column->addStretch(3);

    connect(&settings, &Settings::recentFilesChanged, this, &WelcomePage::fillRecent);
    fillRecent();
}

void WelcomePage::fillRecent()
{
    while (auto *item = m_recent->takeAt(0)) {
        if (auto *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    const auto files = m_settings.recentFiles();
    m_recentPane->setVisible(!files.isEmpty());
    if (files.isEmpty())
        return;
    auto *title = new PlainLabel(TextStyle::Section, TextTone::Primary, m_recentPane);
    title->setPlain(tr("Recent"));
    title->setContentsMargins(8, 0, 0, 4);
    m_recent->addWidget(title);
    for (const auto &path : files.mid(0, kRecentRows)) {
        auto *row = new RecentRow(path, m_recentPane);
        connect(row, &QPushButton::clicked, this, [this, path] { Q_EMIT fileChosen(path); });
        m_recent->addWidget(row);
    }
}

} // namespace flamewright
