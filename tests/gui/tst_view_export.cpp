#include "app/gui/action_registry.h"
#include "app/gui/call_tree_pane.h"
#include "app/gui/message_bar.h"
#include "app/gui/status_line.h"
#include "app/gui/view_area.h"
#include "app/gui/view_export.h"
#include "tests/gui/gui_fixture.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QXmlStreamReader>

using namespace flamewright;

namespace {

// The kinds of the dialog, in its order.
enum Kind : int { Svg, Png, PngTwice, Pdf };

struct Opened {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit Opened(const QString &capture = {})
    {
        window = gui.open({capture.isEmpty() ? gui.drawn() : capture});
        if (!settled(window))
            qFatal("the session did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    QAction *action(const char *id) const { return window->actions().action(QLatin1String(id)); }
    // Runs an action and waits until its work is done.
    bool run(const char *id) const
    {
        action(id)->trigger();
        return QTest::qWaitFor([this] { return !window->exporter().busy(); }, kGuiWait);
    }
    // As a person: File > Export view, another kind, a name, Save.
    QString save(int kind, const QString &name)
    {
        action("file.exportView")->trigger();
        auto *dialog = window->findChild<QFileDialog *>();
        if (!dialog || !QTest::qWaitForWindowExposed(dialog))
            return QStringLiteral("no dialog");
        auto *kinds = dialog->findChild<QComboBox *>(QStringLiteral("fileTypeCombo"));
        for (int i = 0; i < kind; ++i)
            QTest::keyClick(kinds, Qt::Key_Down);
        auto *field = dialog->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"));
        proposed = field->text();
        field->setCompleter(nullptr); // its list would take Enter, or not, as files are found
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, gui.directory.filePath(name));
        // Now and then Qt's dialog does not take the first click while it still reads the folder;
        // a person clicks again.
        const QPointer<QAbstractButton> button =
            dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save);
        const auto gone = [this] { return !window->findChild<QFileDialog *>(); };
        for (int i = 0; i < 50 && !gone(); ++i) {
            if (button && button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton);
            if (QTest::qWaitFor(gone, 200))
                break;
        }
        if (!gone())
            return QStringLiteral("the dialog stays");
        return QTest::qWaitFor([this] { return !window->exporter().busy(); }, kGuiWait)
                   ? QString()
                   : QStringLiteral("not written in time");
    }
    QByteArray read(const QString &name) const
    {
        QFile file(gui.directory.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString proposed; // by the dialog, for the kind that was chosen
};

} // namespace

// What leaves the window: files of a view, its picture and its rows on the clipboard.
class TestViewExport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesSvgWithTextAndTitles()
    {
        Opened o;
        QCOMPARE(o.save(Svg, "view.svg"), QString());
        QCOMPARE(o.proposed, QString("flame-graph.svg"));
        QXmlStreamReader xml(o.read("view.svg"));
        QStringList texts;
        QStringList titles;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("title"))
                titles << xml.readElementText();
            else if (xml.isStartElement() && xml.name() == QLatin1String("text"))
                texts << xml.readElementText(QXmlStreamReader::IncludeChildElements);
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        for (const auto *name : {"main", "parse", "write", "read", "decode", "flush"}) {
            QVERIFY2(texts.contains(QLatin1String(name)), name);
            QVERIFY2(titles.filter(QLatin1String(name)).size() > 0, name);
        }
        QVERIFY2(titles.filter("30.0 % of all").size() == 1, qPrintable(titles.join('\n')));
        QTRY_VERIFY2(o.window->statusLine()->text().contains("view.svg"),
                     qPrintable(o.window->statusLine()->text()));
    }

    void framesLeadToTheirSourceAsChosen()
    {
        Opened o(QStringLiteral(FW_SOURCE_DIR "/tests/fixtures/pprof/go.cpu.pb"));
        const auto links = [&o](const QString &pattern, const QString &name) {
            auto preferences = o.gui.settings->preferences();
            preferences.linkPattern = pattern;
            o.gui.settings->setPreferences(preferences);
            QStringList out;
            if (!o.save(Svg, name).isEmpty())
                return out;
            QXmlStreamReader xml(o.read(name));
            while (!xml.atEnd()) {
                if (xml.readNext() == QXmlStreamReader::StartElement &&
                    xml.name() == QLatin1String("a"))
                    out << xml.attributes().value(QLatin1String("href")).toString();
            }
            return out;
        };
        const auto local = links({}, "local.svg");
        QVERIFY(local.size() > 1);
        const auto remote = links("https://git.example.org/{file}?line={line}", "remote.svg");
        QCOMPARE(remote.size(), local.size());
        for (qsizetype i = 0; i < local.size(); ++i) {
            QVERIFY2(local[i].startsWith("file:///"), qPrintable(local[i]));
            auto expected = local[i];
            expected.replace("file:///", "https://git.example.org/").replace("#L", "?line=");
            if (!expected.contains("?line="))
                expected += "?line=1";
            QCOMPARE(remote[i], expected);
        }
        QVERIFY(o.read("local.svg").contains("<text"));
        QVERIFY(links("none", "none.svg").isEmpty());
        // A settings file is edited by hand, too: what is no address leads nowhere.
        QVERIFY(links("javascript:alert(1)//{file}", "bad.svg").isEmpty());
        QVERIFY(o.read("bad.svg").contains("<text"));
    }

    void writesPngInOneOrTwoPixelsForEach()
    {
        Opened o;
        QCOMPARE(o.save(Png, "one.png"), QString());
        QCOMPARE(o.proposed, QString("flame-graph.png"));
        QCOMPARE(o.save(PngTwice, "two.png"), QString());
        const QImage one(o.gui.directory.filePath("one.png"));
        const QImage two(o.gui.directory.filePath("two.png"));
        QVERIFY(one.width() > 400 && one.height() > 100);
        QCOMPARE(two.size(), one.size() * 2);
        // Frames were painted, not only the ground.
        QSet<QRgb> colors;
        for (int y = 0; y < one.height(); y += 3) {
            for (int x = 0; x < one.width(); x += 3)
                colors.insert(one.pixel(x, y));
        }
        QVERIFY2(colors.size() > 8, qPrintable(QString::number(colors.size())));
    }

    void writesPdfOfOnePage()
    {
        Opened o;
        QCOMPARE(o.save(Pdf, "view.pdf"), QString());
        QCOMPARE(o.proposed, QString("flame-graph.pdf"));
        const auto pdf = o.read("view.pdf");
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY(pdf.trimmed().endsWith("%%EOF"));
        QCOMPARE(pdf.count("/Type /Page\n"), 1);
        QVERIFY(pdf.contains("/FontFile")); // text stays text, with its font
    }

    void saysWhatCouldNotBeWritten()
    {
        Opened o;
        QVERIFY(QDir(o.gui.directory.path()).mkdir("view.svg")); // in the way
        o.window->exporter().write(*o.window->views()->current()->picture(Theme::Light),
                                   o.gui.directory.filePath("view.svg"), 1);
        QTRY_COMPARE_WITH_TIMEOUT(o.window->messages().size(), 1, kGuiWait);
        QVERIFY(!o.window->messages()[0]->details().isEmpty());
    }

    void copiesThePicture()
    {
        Opened o;
        QGuiApplication::clipboard()->clear();
        QVERIFY(o.run("edit.copyImage"));
        const auto image = QGuiApplication::clipboard()->image();
        QVERIFY(image.width() > 400 && image.height() > 100);
        QVERIFY2(o.window->statusLine()->text().contains("Copied a picture"),
                 qPrintable(o.window->statusLine()->text()));
        // The same picture as in the file.
        QCOMPARE(o.save(Png, "one.png"), QString());
        const QImage file(o.gui.directory.filePath("one.png"));
        QCOMPARE(image.size(), file.size() * o.window->devicePixelRatio());
    }

    void copiesTheRowsOfEachView()
    {
        Opened o;
        auto *clipboard = QGuiApplication::clipboard();
        QVERIFY(o.run("edit.copyData")); // a flame graph: folded stacks
        auto lines = clipboard->text().split('\n', Qt::SkipEmptyParts);
        lines.sort();
        QCOMPARE(lines, (QStringList{"main;parse;decode 20", "main;parse;read 30", "main;write 40",
                                     "main;write;flush 10"}));
        QVERIFY(o.window->statusLine()->text().contains("Copied 4 lines"));

        o.action("view.open.tables")->trigger();
        auto *tables = o.window->views()->find<CallTreePane>();
        QVERIFY(tables);
        tables->setKind(TableKind::Functions);
        QTRY_VERIFY_WITH_TIMEOUT(o.window->isSettled() && tables->model().rowCount() == 6,
                                 kGuiWait);
        QVERIFY(o.run("edit.copyData"));
        lines = clipboard->text().split('\n', Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines[0].startsWith("Function\tModule\tSelf (count)"));
        QVERIFY(lines.contains("write\t\t40\t40.0000\t50\t50.0000\t50"));
        // Tables are no pictures: said, not written.
        o.action("edit.copyImage")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(o.window->messages().size(), 1, kGuiWait);
    }

    void exportsWhatIsShownNow()
    {
        Opened o;
        // The search and the layout of the view belong to its picture.
        o.window->actions().action("flame.inverted")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(o.window->isSettled(), kGuiWait);
        QCOMPARE(o.save(Svg, "inverted.svg"), QString());
        o.window->actions().action("flame.icicle")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(o.window->isSettled(), kGuiWait);
        QCOMPARE(o.save(Svg, "icicle.svg"), QString());
        QVERIFY(!o.read("inverted.svg").isEmpty());
        QVERIFY(o.read("inverted.svg") != o.read("icicle.svg"));
    }
};

QTEST_MAIN(TestViewExport)
#include "tst_view_export.moc"
