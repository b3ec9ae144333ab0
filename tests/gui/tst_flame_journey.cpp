#include "app/gui/filter_chips.h"
#include "app/gui/filter_editor.h"
#include "app/gui/flame_tab.h"
#include "app/gui/heat_map_pane.h"
#include "app/gui/scope_bar.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"
#include "views/qt/flame_widget.h"
#include "views/qt/heat_map_widget.h"

#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

using namespace flamewright;

namespace {

bool ready(MainWindow *window)
{
    window->activateWindow(); // shortcuts need it in front
    return settled(window) && QTest::qWaitForWindowActive(window);
}

std::uint32_t nodeNamed(MainWindow &window, const std::string &name)
{
    const auto &profile = *window.profile().profile();
    for (std::uint32_t node = 1; node < profile.tree.size(); ++node) {
        if (profile.at(node).name == name)
            return node;
    }
    return kNoNode;
}

QPoint centreOf(MainWindow &window, const std::string &name)
{
    const auto *flame = window.flamePane()->flame();
    const auto box = flame->scene().rectOf(nodeNamed(window, name), flame->viewport());
    return QPoint(static_cast<int>(box.x + box.width / 2),
                  static_cast<int>(box.y + box.height / 2));
}

void select(MainWindow &window, const std::string &name)
{
    QTest::mouseClick(window.flamePane()->flame(), Qt::LeftButton, {}, centreOf(window, name));
}

std::int64_t total(MainWindow &window)
{
    return window.profile().profile()->total;
}

// Forty samples of 10 ms: one thread for two seconds, the other in the second of them only.
QByteArray timed()
{
    QByteArray out;
    const auto sample = [&](int thread, int atMs, const char *name) {
        out += "shop  100/" + QByteArray::number(100 + thread) + " [000]     " +
               QByteArray::number(1000 + atMs / 1000) + '.' +
               QByteArray::number(atMs % 1000).rightJustified(3, '0') +
               "000:   10000000 cpu-clock: \n\t 1010 " + name +
               "+0x10 (/usr/bin/shop)\n\t 1210 main+0x10 (/usr/bin/shop)\n\n";
    };
    for (int i = 0; i < 20; ++i)
        sample(1, i * 100, "early");
    for (int i = 0; i < 20; ++i)
        sample(2, 1000 + i * 50, "late");
    return out;
}

} // namespace

// A person with a flame graph: keys, menus, chips and brushes of the real window.
class TestFlameJourney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filtersAreBuiltByKeysAndUndone()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        auto *flame = window->flamePane()->flame();
        flame->setFocus();
        select(*window, "flush");
        QTest::keyClick(flame, Qt::Key_D); // drop stacks with it: 10 of 100
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 90);
        select(*window, "parse");
        QTest::keyClick(flame, Qt::Key_H); // hide it: nothing is lost
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 90);
        QCOMPARE(nodeNamed(*window, "parse"), kNoNode);
        select(*window, "read");
        QTest::keyClick(flame, Qt::Key_F); // focus it: 30
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 30);
        auto *chips = window->scopeBar()->filters();
        QCOMPARE(chips->texts(), QStringList({"drop flush", "hide parse", "focus read"}));

        QTest::keyClick(window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 90);
        QTest::keyClick(window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(ready(window));
        QVERIFY(nodeNamed(*window, "parse") != kNoNode);
        QTest::keyClick(window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 100);
        QVERIFY(chips->texts().isEmpty());
        QTest::keyClick(window, Qt::Key_Right, Qt::AltModifier);
        QVERIFY(ready(window));
        QCOMPARE(chips->texts(), QStringList({"drop flush"}));
    }

    void chipsAreEditedAndRemovedInAnyOrder()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        window->scope().setTransforms(
            {{TransformKind::Drop, "=flush"}, {TransformKind::Hide, "=parse"}});
        QVERIFY(ready(window));
        auto *chips = window->scopeBar()->filters();
        QCOMPARE(chips->texts(), QStringList({"drop flush", "hide parse"}));
        QTest::mouseClick(chips->chip(0), Qt::LeftButton);
        auto *editor = chips->findChild<FilterEditor *>();
        QVERIFY(editor && QTest::qWaitForWindowExposed(editor));
        editor->patternField()->setText("/(/");
        QTest::keyClick(editor->patternField(), Qt::Key_Return); // refused: not an expression
        QCOMPARE(chips->texts().value(0), QString("drop flush"));
        editor->patternField()->setText("/^read$/");
        QTest::keyClick(editor->patternField(), Qt::Key_Return);
        QVERIFY(ready(window));
        QCOMPARE(chips->texts(), QStringList({"drop /^read$/", "hide parse"}));
        QCOMPARE(total(*window), 70);
        QTest::mouseClick(chips->cross(0), Qt::LeftButton);
        QVERIFY(ready(window));
        QCOMPARE(chips->texts(), QStringList({"hide parse"}));
        QCOMPARE(total(*window), 100);
        chips->chip(0)->setFocus();
        QTest::keyClick(chips->chip(0), Qt::Key_Delete);
        QVERIFY(ready(window));
        QVERIFY(chips->texts().isEmpty());
        // A new one, from the button.
        QTest::mouseClick(chips->addButton(), Qt::LeftButton);
        auto *fresh = chips->findChild<FilterEditor *>();
        QVERIFY(fresh && QTest::qWaitForWindowExposed(fresh));
        fresh->kindPicker()->setCurrentIndex(static_cast<int>(TransformKind::Keep));
        fresh->patternField()->setText("decode");
        QTest::keyClick(fresh->patternField(), Qt::Key_Return);
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 20);
    }

    void manyChipsThatDoNotFitAreCounted()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        std::vector<Transform> many;
        for (int i = 0; i < 12; ++i)
            many.push_back({TransformKind::Drop, "=nothing of this name " + std::to_string(i)});
        window->scope().setTransforms(many);
        QVERIFY(ready(window));
        auto *chips = window->scopeBar()->filters();
        const auto *more = chips->findChild<QToolButton *>("moreFilters");
        QVERIFY(more->isVisible());
        qsizetype shown = 0;
        for (std::size_t i = 0; i < 12; ++i)
            shown += chips->chip(i)->isVisible();
        QVERIFY(more->text().contains(QString::number(12 - shown)));
        QCOMPARE(total(*window), 100);
    }

    void searchIsKeptDroppedAndWalked()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        auto *field = window->scopeBar()->searchField();
        field->setFocus();
        QTest::keyClicks(field, "/^(read|flush)$/");
        QVERIFY(ready(window));
        QVERIFY(window->scopeBar()->searchText().contains("40.0 %"));
        QTest::keyClick(field, Qt::Key_Return);
        const auto first = window->profile().selection().node;
        QTest::keyClick(field, Qt::Key_Return);
        const auto second = window->profile().selection().node;
        QVERIFY(first != second);
        QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(window->profile().selection().node, first);
        QTest::mouseClick(window->findChild<QToolButton *>("keepFound"), Qt::LeftButton);
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 40);
        QVERIFY(field->text().isEmpty());
        QCOMPARE(window->scopeBar()->filters()->texts(),
                 QStringList({"keep only /^(read|flush)$/"}));
    }

    void numberKeysChangeTheLayout()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.write("timed.txt", timed())});
        QVERIFY(ready(window));
        auto *pane = window->flamePane();
        pane->flame()->setFocus();
        for (std::size_t i = 0; i < kFlameLayouts.size(); ++i) {
            QTest::keyClick(pane->flame(), static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(i)));
            QVERIFY(ready(window));
            QCOMPARE(pane->layoutShown(), kFlameLayouts[i]);
            QCOMPARE(pane->drawing().picture()->layout, kFlameLayouts[i]);
            QCOMPARE(pane->flame()->layout(), kFlameLayouts[i]);
            QVERIFY(!pane->flame()->scene().isEmpty());
        }
        // early and late have 20 each of main's 40; the sandwich is of one of them.
        QVERIFY(pane->summary().contains("50.0 % of all"));
    }

    void theSandwichFollowsWhatIsChosenElsewhere()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        auto *pane = window->flamePane();
        pane->setLayout(FlameLayout::Sandwich);
        QVERIFY(ready(window));
        const auto &profile = *window->profile().profile();
        const auto read = profile.tree.function[nodeNamed(*window, "read")];
        window->profile().selectFunction(read);
        QVERIFY(ready(window));
        QCOMPARE(pane->drawing().picture()->function, read);
        QVERIFY(pane->summary().contains("30.0 % of all"));
    }

    void brushingTheHeatMapSetsTheTimeOfEverything()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.write("timed.txt", timed())});
        QVERIFY(ready(window));
        QCOMPARE(window->profile().profile()->samples, 40);
        auto *heat = qobject_cast<HeatMapPane *>(window->views()->open("heatmap"));
        QVERIFY(heat);
        QVERIFY(ready(window));
        auto *map = heat->heatMap();
        QTRY_VERIFY(map->view().map());
        QCOMPARE(map->view().map()->total, 400'000'000);
        // Two seconds in columns of 20 ms. From the first cell of the second second to the last one of
        // all: the late twenty and ten early.
        const auto columns = map->view().map()->columns, rows = map->view().map()->rows;
        QCOMPARE(map->view().map()->columnNs, 20'000'000);
        const auto layout = map->view().layout(map->viewport());
        const auto point = [&](std::uint32_t column, std::uint32_t row) {
            const auto box = layout.boxOf(column, row);
            return QPoint(static_cast<int>(box.rect.x + box.rect.width / 2),
                          static_cast<int>(box.rect.y + box.rect.height / 2));
        };
        QTest::mousePress(map, Qt::LeftButton, {}, point(50, 0));
        QTest::mouseMove(map, point(70, 20));
        QTest::mouseMove(map, point(columns - 1, rows - 1));
        QTest::mouseRelease(map, Qt::LeftButton, {}, point(columns - 1, rows - 1));
        QVERIFY(ready(window));
        QCOMPARE(window->scope().scope().times.size(), std::size_t{1});
        QCOMPARE(window->profile().profile()->samples, 30);
        QCOMPARE(window->scopeBar()->filters()->texts().size(), 1);
        QVERIFY(window->scopeBar()->filters()->texts()[0].startsWith("1 s"));
        QCOMPARE(heat->summary(), QStringLiteral("960 ms chosen"));
        // Looked at closely and as a whole again: nothing else changes by that.
        map->setFocus();
        QTest::keyClick(map, Qt::Key_Plus);
        QVERIFY(map->viewport().end - map->viewport().begin < 1);
        QTest::keyClick(map, Qt::Key_Home);
        QCOMPARE(map->viewport().end - map->viewport().begin, 1.0);
        QCOMPARE(map->ranges().size(), std::size_t{1});
        // A filter is as high as the pickers beside it.
        const auto *picker = window->findChild<QWidget *>("measurePicker");
        const auto chips = window->scopeBar()->filters()->findChildren<QWidget *>();
        const auto chip = std::find_if(chips.begin(), chips.end(), [](const QWidget *widget) {
            return widget->property("chipBox").toBool() && widget->isVisible();
        });
        QVERIFY(picker && chip != chips.end());
        QVERIFY2(std::abs((*chip)->height() - picker->height()) <= 4,
                 qPrintable(QString::number((*chip)->height())));
        // Back and forward, as a browser.
        QTest::keyClick(window, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(ready(window));
        QCOMPARE(window->profile().profile()->samples, 40);
        QVERIFY(map->ranges().empty());
        QTest::keyClick(window, Qt::Key_Right, Qt::AltModifier);
        QVERIFY(ready(window));
        QCOMPARE(window->profile().profile()->samples, 30);
        QCOMPARE(map->ranges().size(), std::size_t{1});
        map->setFocus();
        QTest::keyClick(map, Qt::Key_Escape);
        QVERIFY(ready(window));
        QCOMPARE(window->profile().profile()->samples, 40);
    }

    void threadsAreWalkedWithNAndP()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.write("timed.txt", timed())});
        QVERIFY(ready(window));
        auto *flame = window->flamePane()->flame();
        flame->setFocus();
        QTest::keyClick(flame, Qt::Key_N);
        QVERIFY(ready(window));
        QCOMPARE(window->profile().profile()->samples, 20);
        const auto first = window->scope().scope().tracks;
        QTest::keyClick(flame, Qt::Key_N);
        QVERIFY(ready(window));
        QVERIFY(window->scope().scope().tracks != first);
        QTest::keyClick(flame, Qt::Key_P);
        QVERIFY(ready(window));
        QVERIFY(window->scope().scope().tracks == first);
        QTest::keyClick(flame, Qt::Key_P);
        QVERIFY(ready(window));
        QVERIFY(window->scope().scope().tracks.empty());
    }

    void theMenuOfAFrameMakesFilters()
    {
        GuiFixture gui;
        auto *window = gui.open({gui.drawn()});
        QVERIFY(ready(window));
        auto *flame = window->flamePane()->flame();
        QContextMenuEvent event(QContextMenuEvent::Mouse, centreOf(*window, "decode"),
                                flame->mapToGlobal(centreOf(*window, "decode")));
        QApplication::sendEvent(flame, &event);
        auto *menu = window->flamePane()->findChild<QMenu *>();
        QVERIFY(menu && QTest::qWaitForWindowExposed(menu));
        QAction *keep = nullptr;
        for (auto *action : menu->actions()) {
            if (action->text().startsWith("Keep only stacks"))
                keep = action;
        }
        QVERIFY(keep);
        keep->trigger();
        menu->close();
        QVERIFY(ready(window));
        QCOMPARE(total(*window), 20);
    }
};

QTEST_MAIN(TestFlameJourney)
#include "tst_flame_journey.moc"
