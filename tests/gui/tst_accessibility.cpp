#include "app/gui/action_registry.h"
#include "app/gui/command_palette.h"
#include "app/gui/message_bar.h"
#include "app/gui/panels.h"
#include "app/gui/settings_dialog.h"
#include "app/gui/shortcuts_dialog.h"
#include "app/gui/view_area.h"
#include "app/gui/view_pane.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QAction>
#include <QButtonGroup>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QTest>

using namespace flamewright;

namespace {

constexpr int kWait = 20000;

bool isControl(const QWidget *widget)
{
    // Of several that exclude each other, Tab goes to the one that is chosen; arrows to the others.
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    if (button && button->group() && button->group()->exclusive() && !button->isChecked())
        return false;
    return (widget->focusPolicy() & Qt::TabFocus) && widget->isEnabled();
}

// A control, and what a screen reader would say of it.
QString described(const QWidget *widget)
{
    return QStringLiteral("%1 \"%2\" in %3")
        .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
             widget->parentWidget() ? widget->parentWidget()->objectName() : QString());
}

QStringList nameless(QWidget *root)
{
    QStringList out;
    auto all = root->findChildren<QWidget *>();
    all << root;
    for (auto *widget : all) {
        if (!isControl(widget) || !widget->isVisibleTo(root))
            continue;
        auto *interface = QAccessible::queryAccessibleInterface(widget);
        if (!interface || interface->text(QAccessible::Name).trimmed().isEmpty())
            out << described(widget);
    }
    return out;
}

} // namespace

// Everything can be reached and named without seeing it.
class TestAccessibility : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesEveryControlOfAnEmptyWindow()
    {
        GuiFixture gui;
        gui.settings->addRecentFile(gui.drawn());
        auto *window = gui.open();
        QCOMPARE(nameless(window), QStringList());
    }

    void namesEveryControlOfEveryView()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        for (auto *panel : window->panels()->all())
            panel->setWanted(true);
        for (const auto &kind : window->views()->kinds()) {
            auto *pane = window->views()->open(kind.id);
            QVERIFY2(pane, qPrintable(kind.id));
            QTest::qWait(1);
            QVERIFY2(nameless(window).isEmpty(),
                     qPrintable(kind.id + ": " + nameless(window).join("\n")));
            QVERIFY2(!kind.title.isEmpty(), qPrintable(kind.id));
        }
    }

    void namesEveryControlOfTheDialogs()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->palette()->open();
        QCOMPARE(nameless(window->palette()), QStringList());
        window->palette()->dismiss();
        SettingsDialog settings(*gui.settings, window);
        settings.show();
        QCOMPARE(nameless(&settings), QStringList());
        ShortcutsDialog keys(window->actions(), WheelChoice::Scrolls, window);
        keys.show();
        QCOMPARE(nameless(&keys), QStringList());
    }

    void everySettingHasALabelThatLeadsToIt()
    {
        GuiFixture gui;
        SettingsDialog settings(*gui.settings);
        QSet<const QWidget *> buddies;
        for (const auto *label : settings.findChildren<QLabel *>()) {
            if (label->buddy())
                buddies.insert(label->buddy());
        }
        for (const auto *name : {"themeChoice", "motionChoice", "wheelChoice", "timeChoice",
                                 "byteChoice", "linkPattern", "editorCommand", "symbolPaths"})
            QVERIFY2(buddies.contains(settings.findChild<QWidget *>(name)), name);
    }

    // Tab goes round and passes every control, in every part of the window.
    void tabReachesEveryControl()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        QSet<QWidget *> expected, reached;
        for (auto *widget : window->findChildren<QWidget *>()) {
            if (isControl(widget) && widget->isVisible() && widget->window() == window &&
                !widget->focusProxy())
                expected.insert(widget);
        }
        QVERIFY(expected.size() > 8);
        window->flamePane()->flame()->setFocus();
        for (int i = 0; i < 200; ++i) {
            auto *focus = QApplication::focusWidget();
            QVERIFY(focus);
            if (reached.contains(focus) && focus == window->flamePane()->flame())
                break;
            reached.insert(focus);
            QTest::keyClick(focus, Qt::Key_Tab);
        }
        QStringList missed;
        for (auto *widget : expected) {
            if (!reached.contains(widget))
                missed << described(widget);
        }
        QVERIFY2(missed.isEmpty(), qPrintable(missed.join("\n")));
    }

    // Without a mouse: search, choose from the table, split, another view, save the scope.
    void aSessionByKeyboardOnly()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), kWait);
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        const auto key = [](Qt::Key which, Qt::KeyboardModifiers modifiers = {}) {
            QTest::keyClick(QApplication::focusWidget(), which, modifiers);
        };
        window->flamePane()->flame()->setFocus();
        key(Qt::Key_Slash);
        QTest::keyClicks(QApplication::focusWidget(), "read");
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled() && window->profile().search(), kWait);
        QCOMPARE(window->profile().search()->nodeCount, std::uint32_t{1});
        key(Qt::Key_Escape); // clears it
        QVERIFY(window->scope().scope().search.empty());
        key(Qt::Key_P, Qt::ControlModifier); // go to a function
        QTest::keyClicks(QApplication::focusWidget(), "flush");
        QTRY_COMPARE(window->palette()->model().rowCount(), 1);
        key(Qt::Key_Return);
        QTRY_VERIFY(window->profile().selection().node != 0);
        QCOMPARE(window->profile().profile()->at(window->profile().selection().node).name,
                 std::string("flush"));
        key(Qt::Key_Backslash, Qt::ControlModifier);
        QCOMPARE(window->views()->groups().size(), 2);
        key(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClicks(QApplication::focusWidget(), "open view functions");
        key(Qt::Key_Return);
        QCOMPARE(window->views()->currentKind(), QString("functions"));
        key(Qt::Key_W, Qt::ControlModifier);
        key(Qt::Key_W, Qt::ControlModifier);
        QCOMPARE(window->views()->groups().size(), 1);
    }

    // What is dropped here can be read; the demo is offered where it is.
    void anEmptyWindowSaysWhatItReads()
    {
        GuiFixture gui;
        auto *window = gui.open();
        QString all;
        for (const auto *label : window->findChildren<QLabel *>())
            all += label->text().replace(QChar::Nbsp, u' ') + QLatin1Char('\n');
        // Whose files they are, each once: "JMeter" for two formats.
        for (const auto &importer : gui.importers.all()) {
            const auto title = std::string(importer->format().title);
            const auto tool = QString::fromStdString(title.substr(0, title.find(' ')));
            QVERIFY2(all.contains(tool), title.c_str());
        }
        QCOMPARE(all.count("JMeter"), 1);
        for (const auto *kind : {"Profiles: ", "Load tests: ", "Benchmarks: "})
            QVERIFY(all.contains(QLatin1String(kind)));
        QVERIFY(all.contains(".fws"));
        auto *demo = window->findChild<QPushButton *>("welcomeDemo");
        if (!demo)
            QSKIP("the demo captures are not beside this build");
        QVERIFY(demo->isVisible());
        QTest::mouseClick(demo, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(window->profile().profile() && window->isSettled(), 60000);
        QVERIFY(window->document().captures().size() >= 2);
        QVERIFY2(window->messages().isEmpty(),
                 window->messages().isEmpty() ? ""
                                              : qPrintable(window->messages().front()->details()));
    }
};

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
