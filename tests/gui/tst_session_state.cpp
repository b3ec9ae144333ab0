#include "app/gui/action_registry.h"
#include "app/gui/flame_tab.h"
#include "app/gui/panels.h"
#include "app/gui/saved_scopes.h"
#include "app/gui/saved_scopes_panel.h"
#include "app/gui/view_area.h"
#include "capture/session/session.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"

#include <QAction>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QListView>
#include <QRegularExpression>
#include <QScopeGuard>

#include <random>

using namespace flamewright;

namespace {

void saveAs(MainWindow *window, const QString &path)
{
    // As the menu does, but for the dialog.
    QVERIFY(QMetaObject::invokeMethod(window->actions().action("file.saveAs"), "trigger"));
    auto *dialog = window->findChild<QFileDialog *>();
    QVERIFY(dialog);
    dialog->hide();
    Q_EMIT dialog->fileSelected(path);
    dialog->deleteLater();
    QVERIFY(QTest::qWaitFor(
        [window] { return !window->document().isWorking() && window->isSettled(); }, kGuiWait));
}

// A session with one capture, closed again.
QString madeSession(GuiFixture &gui, const QString &name)
{
    auto *window = gui.open({gui.drawn()});
    if (!settled(window))
        qFatal("the capture did not open");
    const auto path = gui.directory.filePath(name);
    saveAs(window, path);
    window->close();
    QTest::qWait(0);
    return path;
}

void put(const QString &session, const char *key, const std::string &json)
{
    auto opened = openSession(session.toStdString(), OpenMode::ReadWrite);
    QVERIFY(opened.has_value());
    QVERIFY((*opened)->save(key, json).has_value());
    QVERIFY((*opened)->close().has_value());
}

std::optional<std::string> taken(const QString &session, const char *key)
{
    auto opened = openSession(session.toStdString(), OpenMode::Read);
    return opened.has_value() ? (*opened)->saved(key).value() : std::nullopt;
}

} // namespace

// What a session keeps of the window it was looked at in.
class TestSessionState : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesBackAsItWasLeft()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn(), gui.drawn("second.folded")});
        QVERIFY(settled(window));
        const auto path = gui.directory.filePath("left.fws");
        saveAs(window, path);
        // Set it up: the second capture, a search, tabs, a split, a panel on the other side.
        window->scope().showCaptures({window->document().captures()[1].id});
        window->scope().setSearch("parse");
        window->scope().commitSearch();
        auto *views = window->views();
        views->open("functions");
        views->open("flame");
        views->split(Qt::Vertical);
        qobject_cast<FlameTab *>(views->current())->flamePane()->setLayout(FlameLayout::Flame);
        window->panels()->panel("inspector")->setWanted(false);
        Q_EMIT window->panels()->panel("captures")->moveRequested(Qt::RightDockWidgetArea);
        window->savedScopes().add("parsing", window->scope().scope());
        const auto scope = window->scope().scope();
        const auto layout = views->state();
        QCOMPARE(views->groups().size(), 2);
        QVERIFY(settled(window));
        QVERIFY(window->close());

        // Another user of this program, who never changed anything.
        gui.settings->setBytes("layout/default", {});
        auto *again = gui.open({path});
        QVERIFY(settled(again));
        QVERIFY(again->scope().scope() == scope);
        QVERIFY(!again->scope().canGoBack());
        QCOMPARE(again->profile().search()->nodeCount, std::uint32_t{1});
        auto now = again->views()->state();
        QCOMPARE(now.value("active"), layout.value("active"));
        QCOMPARE(again->views()->groups().size(), 2);
        QCOMPARE(again->views()->groups()[0]->tabs().size(), 2);
        QCOMPARE(again->views()->currentKind(), QString("flame"));
        QCOMPARE(qobject_cast<FlameTab *>(again->views()->current())->flamePane()->layoutShown(),
                 FlameLayout::Flame);
        QCOMPARE(
            qobject_cast<FlameTab *>(again->views()->panes().front())->flamePane()->layoutShown(),
            FlameLayout::Icicle);
        QVERIFY(!again->panels()->panel("inspector")->wanted());
        QTRY_VERIFY(again->panels()->panel("captures")->mapTo(again, QPoint()).x() > 600);
        QCOMPARE(again->savedScopes().all().size(), std::size_t{1});
        QCOMPARE(again->savedScopes().all()[0].name, QString("parsing"));
        QVERIFY(again->savedScopes().all()[0].scope == scope);
        QVERIFY(again->messages().isEmpty());
    }

    void remembersTheLayoutForNewSessions()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(settled(window));
        window->panels()->panel("functions")->setWanted(false);
        window->views()->split(Qt::Horizontal);
        QVERIFY(window->close());
        auto *other = gui.open({gui.drawn("other.folded")});
        QVERIFY(settled(other));
        QVERIFY(!other->panels()->panel("functions")->isVisible());
        QCOMPARE(other->views()->groups().size(), 2);
        // The scope of the other one is its own.
        QCOMPARE(other->scope().scope().captures.size(), std::size_t{1});
    }

    void lookingIsNotEditing()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(settled(window));
        window->views()->split(Qt::Horizontal);
        QTest::qWait(800); // it is kept by then
        QVERIFY(settled(window));
        QVERIFY(!window->document().hasUnsavedEdits());
        window->savedScopes().add("mine", window->scope().scope());
        QVERIFY(window->document().hasUnsavedEdits());
    }

    void ignoresLayoutsItCannotUse_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no JSON") << QByteArray("{\"version\": 1, ");
        QTest::newRow("nothing") << QByteArray("");
        QTest::newRow("an array") << QByteArray("[1, 2]");
        QTest::newRow("newer") << QByteArray(R"({"version": 2, "views": 7})");
        QTest::newRow("no views") << QByteArray(R"({"version": 1})");
        QTest::newRow("unknown views") << QByteArray(
            R"({"version": 1, "views": {"root": {"tabs": [{"view": "crystal-ball"}]}}})");
        QTest::newRow("odd types") << QByteArray(
            R"({"version": 1, "views": {"root": {"parts": [1, "x", {"tabs": 5}], "sizes": "y"}},
                "panels": [1, {"id": 5}, {"id": "captures", "area": "above", "size": -4,
                "floating": ["a", 1e99, 0, -1], "tabbed": "captures"}],
                "scope": {"version": 1, "captures": ["x"]}})");
        QByteArray deep = R"({"tabs": [{"view": "flame"}]})";
        for (int i = 0; i < 60; ++i)
            deep = "{\"split\": \"down\", \"parts\": [" + deep + "]}";
        QTest::newRow("deep") << "{\"version\": 1, \"views\": {\"root\": " + deep + "}}";
        QByteArray many;
        for (int i = 0; i < 2000; ++i)
            many += R"({"tabs": [{"view": "functions"}, {"view": "functions"}]},)";
        QTest::newRow("many") << "{\"version\": 1, \"views\": {\"root\": {\"parts\": [" +
                                     many.chopped(1) + "]}}}";
        QTest::newRow("scope of captures that are gone") << QByteArray(
            R"({"version": 1, "scope": {"version": 1, "captures": [77]},
                "views": {"root": {"tabs": [{"view": "flame"}], "current": 99}, "active": -3}})");
    }
    void ignoresLayoutsItCannotUse()
    {
        QFETCH(QByteArray, json);
        GuiFixture gui;
        const auto path = madeSession(gui, "odd.fws");
        put(path, kWindowKey, json.toStdString());
        put(path, kScopesKey, json.toStdString());
        auto *window = gui.open({path});
        QVERIFY(settled(window));
        QCOMPARE(window->profile().profile()->total, std::int64_t{100});
        QVERIFY(window->views()->groups().size() >= 1);
        QVERIFY(window->views()->groups().size() <= 12);
        QVERIFY(window->views()->panes().size() <= 48);
        QVERIFY(window->views()->current());
        QVERIFY(window->savedScopes().all().empty());
        QVERIFY(window->sidebar());
    }

    void writesNothingIntoReadOnlySessions()
    {
        GuiFixture gui;
        const auto path = madeSession(gui, "theirs.fws");
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll();
        file.close();
        // Another installation did not make it: it may look, not write.
        const auto state = qgetenv("XDG_STATE_HOME");
        qputenv("XDG_STATE_HOME", gui.directory.filePath("another").toUtf8());
        const auto restore = qScopeGuard([&] { qputenv("XDG_STATE_HOME", state); });
        auto *window = gui.open({path});
        QVERIFY(settled(window));
        QVERIFY(window->document().session()->readOnly());
        window->views()->split(Qt::Horizontal);
        window->scope().setSearch("read");
        window->savedScopes().add("mine", window->scope().scope());
        QVERIFY(settled(window));
        QCOMPARE(window->views()->groups().size(), 2); // it works all the same
        QVERIFY(window->close());
        QTest::qWait(0);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), bytes);
    }

    void savesACopyAndGoesOn()
    {
        GuiFixture gui;
        const auto path = madeSession(gui, "one.fws");
        auto *window = gui.open({path});
        QVERIFY(settled(window));
        window->savedScopes().add("kept", window->scope().scope());
        const auto copy = gui.directory.filePath("two.fws");
        window->actions().action("file.saveCopy")->trigger();
        auto *dialog = window->findChild<QFileDialog *>();
        QVERIFY(dialog);
        dialog->hide();
        Q_EMIT dialog->fileSelected(copy);
        QTRY_VERIFY_WITH_TIMEOUT(
            QFile::exists(copy) && window->document().session() && window->isSettled(), kGuiWait);
        QCOMPARE(QString::fromStdString(window->document().session()->path().string()), path);
        QVERIFY(window->document().session());
        const auto scopes = taken(copy, kScopesKey);
        QVERIFY(scopes && scopes->find("kept") != std::string::npos);
        // The one that is open can still be written.
        window->document().rename(window->document().captures().front().id, "renamed");
        QTRY_COMPARE_WITH_TIMEOUT(window->document().captures().front().desc.name,
                                  std::string("renamed"), kGuiWait);
    }

    void savesAppliesRenamesOverwritesAndDeletesScopes()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(settled(window));
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        window->scope().setSearch("parse");
        window->scope().commitSearch();
        const auto parsing = window->scope().scope();
        QTest::keyClick(window, Qt::Key_D, Qt::ControlModifier);
        auto *list = window->savedScopesPanel()->list();
        QTRY_VERIFY(list->isVisible());
        // The proposed name can be typed over at once.
        auto *editor = list->findChild<QLineEdit *>();
        QTRY_VERIFY((editor = list->findChild<QLineEdit *>()));
        editor->selectAll();
        QTest::keyClicks(editor, "Parsing");
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(window->savedScopes().all()[0].name, QString("Parsing"));
        window->scope().setSearch({});
        window->scope().commitSearch();
        // Enter on the row: there again; one step back undoes it.
        list->setCurrentIndex(list->model()->index(0, 0));
        list->setFocus();
        QTest::keyClick(list, Qt::Key_Return);
        QVERIFY(window->scope().scope() == parsing);
        window->scope().back();
        QVERIFY(window->scope().scope().search.empty());
        // Two are never called the same, and an empty name is none.
        window->savedScopes().add("Parsing", window->scope().scope());
        QCOMPARE(window->savedScopes().all()[1].name, QString("Parsing 2"));
        QVERIFY(!window->savedScopes().rename(1, "Parsing"));
        QVERIFY(!window->savedScopes().rename(1, "  "));
        QVERIFY(window->savedScopes().rename(1, "All"));
        window->savedScopes().overwrite(1, parsing);
        QVERIFY(window->savedScopes().all()[1].scope == parsing);
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(window->savedScopes().all().size(), std::size_t{1});
        QCOMPARE(window->savedScopes().all()[0].name, QString("All"));
    }

    // Split, move and close at random: state() describes it, restore() makes the same of it.
    void anyArrangementComesBack()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(settled(window));
        auto *views = window->views();
        std::mt19937 random(7);
        for (int i = 0; i < 150; ++i) {
            switch (random() % 7) {
            case 0: views->split(Qt::Horizontal); break;
            case 1: views->split(Qt::Vertical); break;
            case 2: views->open("functions"); break;
            case 3: views->open("flame"); break;
            case 4: views->closeCurrent(); break;
            case 5: views->moveToNextGroup(); break;
            case 6:
                views->activate(views->groups()[static_cast<qsizetype>(
                    random() % static_cast<unsigned>(views->groups().size()))]);
                break;
            }
            QVERIFY(views->groups().contains(views->activeGroup()));
            if (i % 10 != 0 || views->panes().isEmpty())
                continue;
            const auto shape = [](const QJsonObject &state) {
                // Sizes in pixels depend on the moment.
                auto text = QJsonDocument(state).toJson(QJsonDocument::Compact);
                return QString(text).remove(QRegularExpression("\"sizes\":\\[[^\\]]*\\],?"));
            };
            const auto state = views->state();
            views->reset();
            QVERIFY(views->restore(state));
            QCOMPARE(shape(views->state()), shape(state));
        }
    }
};

QTEST_MAIN(TestSessionState)
#include "tst_session_state.moc"
