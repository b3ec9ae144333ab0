#pragma once

#include "app/gui/captures_sidebar.h"
#include "app/gui/compare_bar.h"
#include "app/gui/diff_table_pane.h"
#include "app/gui/side_slot.h"
#include "app/gui/view_area.h"
#include "tests/gui/gui_fixture.h"

#include <QListView>
#include <QTimer>
#include <QWindow>

#include <functional>
#include <string>

namespace flamewright {

// Two profiles whose numbers are easy to check by hand, of 10,000 and 8,700 samples:
//   main: parse (read 3000 -> 3000, decode 2000 -> 500), write 4000 -> 4000, flush 1000 -> 1000,
//   and cache, which only the second has: 200.
inline QByteArray before()
{
    return "main;parse;read 3000\nmain;parse;decode 2000\nmain;write 4000\nmain;write;flush 1000\n";
}
inline QByteArray after()
{
    return "main;parse;read 3000\nmain;parse;decode 500\nmain;write 4000\nmain;write;flush 1000\n"
           "main;cache 200\n";
}

// A window with captures of these names, and a hand with a mouse.
struct CompareBench {
    GuiFixture gui;
    MainWindow *window = nullptr;

    explicit CompareBench(const QStringList &names = {"shop-before.folded", "shop-after.folded"})
    {
        QStringList paths;
        for (const auto &name : names)
            paths << gui.write(name, name.contains("before") ? before() : after());
        window = gui.open(paths);
        const auto all = static_cast<std::size_t>(names.size());
        if (!QTest::qWaitFor(
                [&] { return window->document().captures().size() == all && window->isSettled(); },
                kGuiWait))
            qFatal("the captures did not come");
        window->activateWindow();
        if (!QTest::qWaitForWindowActive(window))
            qFatal("the window is not active");
    }
    QListView *list() const { return window->sidebar()->list(); }
    SideSlot *slot(CaptureRole role) const { return window->compareBar()->slot(role); }
    QPoint inWindow(const QWidget *widget, QPoint at) const { return widget->mapTo(window, at); }
    QPoint rowAt(int row) const
    {
        const auto box = list()->visualRect(list()->model()->index(row, 0));
        return inWindow(list()->viewport(), box.center());
    }
    // A hand with a mouse: the row is taken, moved over the window and let go over the target. The
    // drag has an event loop of its own, so that the hand moves from within.
    void drag(int row, const QWidget *target, Qt::KeyboardModifiers keys = {}) const
    {
        auto *screen = window->windowHandle();
        const auto from = rowAt(row), to = inWindow(target, target->rect().center());
        bool done = false;
        // Every step is a timer of its own: the one that begins the drag returns after its end.
        std::function<void(int)> move = [&](int step) {
            if (step <= 8)
                QTimer::singleShot(15, window, [&move, step] { move(step + 1); });
            if (step <= 6)
                QTest::mouseMove(screen, from + (to - from) * step / 6);
            else if (step == 7)
                QTest::mouseRelease(screen, Qt::LeftButton, {}, to);
            else if (step == 9)
                done = true;
        };
        QTest::mousePress(screen, Qt::LeftButton, keys, from);
        move(1);
        QTRY_VERIFY(done);
    }
    bool compared() const
    {
        return QTest::qWaitFor(
            [this] { return window->comparing().comparison() && window->isSettled(); }, kGuiWait);
    }
    void setSides() const
    {
        drag(0, slot(CaptureRole::Baseline));
        if (!QTest::qWaitFor([this] { return slot(CaptureRole::Baseline)->isFilled(); }))
            qFatal("nothing came onto A");
        drag(1, slot(CaptureRole::Candidate));
        if (!compared())
            qFatal("nothing was compared");
    }
    DiffTablePane *table() const { return window->views()->find<DiffTablePane>(); }
    const ComparedItem *item(const std::string &name, const std::string &figure) const
    {
        for (int row = 0; row < table()->model().rowCount(); ++row) {
            const auto *one = table()->itemAt(row);
            if (one->name == name && one->figure == figure)
                return one;
        }
        return nullptr;
    }
    CaptureRole role(int capture) const
    {
        return window->document().captures().at(static_cast<std::size_t>(capture)).desc.role;
    }
};

} // namespace flamewright
