#include "analysis/callers_tree.h"
#include "analysis/time_chart.h"
#include "analysis/transforms.h"
#include "tests/views/drawn_profile.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"
#include "views/qt/canvas.h"
#include "views/qt/flame_widget.h"
#include "views/scene/flame_picture.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QImage>
#include <QKeyEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

using namespace flamewright;

namespace {

const char *const kShop = "main;handleRequest;serialize;memcpy 60\n"
                          "main;handleRequest;checkout 20\n"
                          "main;call_once<p> 15\n"
                          "start_thread;poll_[k] 5\n";

void wheel(QWidget &on, QPointF at, int notches, Qt::KeyboardModifiers keys)
{
    QWheelEvent event(at, on.mapToGlobal(at), {}, {0, notches * 120}, Qt::NoButton, keys,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(&on, &event);
}

// As a keyboard does it: upper case is with Shift.
void type(QWidget &on, char letter, Qt::KeyboardModifiers more = {})
{
    const QChar c = QLatin1Char(letter);
    QTest::keyClick(&on, static_cast<Qt::Key>(c.toUpper().unicode()),
                    more | (c.isUpper() ? Qt::ShiftModifier : Qt::NoModifier));
}

} // namespace

class TestFlameWidget : public QObject {
    Q_OBJECT
    std::shared_ptr<const Profile> m_profile = drawn(kShop);
    std::unique_ptr<FlameWidget> m_widget;

    std::uint32_t node(std::string_view name) const
    {
        for (std::uint32_t i = 0; i < m_profile->tree.size(); ++i) {
            if (m_profile->at(i).name == name)
                return i;
        }
        return kNoNode;
    }
    QPoint on(std::string_view name) const
    {
        const auto r = m_widget->view().rectOf(node(name), m_widget->viewport());
        return QPoint(static_cast<int>(r.x + r.width / 2), static_cast<int>(r.y + 9));
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "1");
        loadFonts();
    }
    void init()
    {
        m_widget = std::make_unique<FlameWidget>();
        m_widget->resize(1000, 200);
        m_widget->setProfile(m_profile);
        m_widget->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_widget.get()));
    }
    void cleanup() { m_widget.reset(); }

    void offscreenGetsThePainter() { QCOMPARE(canvasChoice().kind, CanvasKind::Painter); }

    void clickSelectsAndTells()
    {
        QSignalSpy selected(m_widget.get(), &FlameWidget::nodeSelected);
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, on("checkout"));
        QCOMPARE(selected.size(), 1);
        QCOMPARE(selected[0][0].toUInt(), node("checkout"));
        QVERIFY(m_widget->accessibleDescription().contains(QLatin1String("checkout")));
        QVERIFY(m_widget->accessibleDescription().contains(QLatin1String("20.0 %")));
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, QPoint(500, 190));
        QCOMPARE(selected.size(), 2);
        QCOMPARE(selected[1][0].toUInt(), kNoNode);
    }

    void hoverShowsPlainText()
    {
        QTest::mouseMove(m_widget.get(), on("call_once<p>"));
        QTRY_VERIFY(!m_widget->tooltipText().isEmpty());
        QVERIFY(m_widget->tooltipText().startsWith(QLatin1String("call_once<p>\n")));
        QVERIFY(m_widget->tooltipText().contains(QLatin1String("15 of 100 samples")));
        QTest::mouseMove(m_widget.get(), QPoint(500, 195));
        QTRY_VERIFY(m_widget->tooltipText().isEmpty());
    }

    void doubleClickZoomsAndBackspaceGoesOut()
    {
        QSignalSpy zoomed(m_widget.get(), &FlameWidget::zoomChanged);
        QTest::mouseDClick(m_widget.get(), Qt::LeftButton, {}, on("serialize"));
        QCOMPARE(m_widget->view().focus(), node("serialize"));
        auto shown = m_widget->viewport();
        QVERIFY(std::abs(shown.end - shown.begin - 0.6) < 1e-9);
        QTest::keyClick(m_widget.get(), Qt::Key_Backspace);
        QCOMPARE(m_widget->view().focus(), node("handleRequest"));
        QTest::keyClick(m_widget.get(), Qt::Key_Escape);
        QCOMPARE(m_widget->view().focus(), 0u);
        shown = m_widget->viewport();
        QCOMPARE(shown.end - shown.begin, 1.0);
        QCOMPARE(zoomed.size(), 3);
    }

    void ctrlWheelKeepsThePointInPlace()
    {
        const QPointF at(on("call_once<p>"));
        const auto share = [&] {
            const auto v = m_widget->viewport();
            return v.begin + at.x() / m_widget->width() * (v.end - v.begin);
        };
        const auto before = share();
        wheel(*m_widget, at, 5, Qt::ControlModifier);
        const auto v = m_widget->viewport();
        QVERIFY(v.end - v.begin < 0.4);
        QVERIFY(std::abs(share() - before) < 1e-9);
        wheel(*m_widget, at, -50, Qt::ControlModifier);
        QCOMPARE(m_widget->viewport().begin, 0.0);
        QCOMPARE(m_widget->viewport().end, 1.0);
    }

    void plusAndMinusZoomAroundTheSelection()
    {
        const auto span = [&] { return m_widget->viewport().end - m_widget->viewport().begin; };
        m_widget->selectNode(node("serialize"));
        const auto middle = [&] {
            const auto r = m_widget->view().rectOf(node("serialize"), m_widget->viewport());
            return r.x + r.width / 2;
        };
        const auto before = middle();
        QTest::keyClick(m_widget.get(), Qt::Key_Plus, Qt::ShiftModifier);
        QVERIFY(std::abs(span() - 0.5) < 1e-9);
        QVERIFY(std::abs(middle() - before) < 2);
        QTest::keyClick(m_widget.get(), Qt::Key_Equal);
        QVERIFY(std::abs(span() - 0.25) < 1e-9);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(m_widget.get(), Qt::Key_Minus);
        QCOMPARE(span(), 1.0);
        m_widget->selectNode(kNoNode);
        QTest::keyClick(m_widget.get(), Qt::Key_Plus);
        QCOMPARE(m_widget->viewport().begin, 0.25);
        QCOMPARE(m_widget->viewport().end, 0.75);
    }

    void zoomingOutBeyondTheFrameWidensTheFocus()
    {
        m_widget->zoomTo(node("memcpy"));
        wheel(*m_widget, QPointF(999, 10), -2, Qt::ControlModifier);
        QVERIFY(m_widget->view().focus() < node("memcpy"));
    }

    void wheelScrollsRowsOnly()
    {
        m_widget->resize(1000, 60);
        wheel(*m_widget, {500, 30}, -1, {});
        QVERIFY(m_widget->viewport().scrollY > 0);
        QCOMPARE(m_widget->viewport().begin, 0.0);
        wheel(*m_widget, {500, 30}, 9, {});
        QCOMPARE(m_widget->viewport().scrollY, 0.0f);
    }

    void arrowsWalkTheTree()
    {
        const auto key = [&](Qt::Key k) {
            QTest::keyClick(m_widget.get(), k);
            return m_widget->view().selected();
        };
        QCOMPARE(key(Qt::Key_Down), 0u);
        QCOMPARE(key(Qt::Key_Down), node("main"));
        QCOMPARE(key(Qt::Key_Right), node("start_thread"));
        QCOMPARE(key(Qt::Key_Left), node("main"));
        QCOMPARE(key(Qt::Key_Down), node("handleRequest"));
        QCOMPARE(key(Qt::Key_Return), node("handleRequest"));
        QCOMPARE(m_widget->view().focus(), node("handleRequest"));
        QCOMPARE(key(Qt::Key_Up), node("main"));
        // Turned round, up is away from the root.
        m_widget->setLayout(FlameLayout::Flame);
        QCOMPARE(key(Qt::Key_Up), node("handleRequest"));
    }

    void lettersAskForATransformOfTheSelection_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("kind");
        const auto row = [](const char *key, TransformKind kind) {
            QTest::newRow(key) << QString::fromLatin1(key) << static_cast<int>(kind);
        };
        row("f", TransformKind::Focus);
        row("F", TransformKind::FocusSubtree);
        row("h", TransformKind::Hide);
        row("m", TransformKind::Hide);
        row("d", TransformKind::Drop);
        row("k", TransformKind::Keep);
        row("c", TransformKind::CollapseSubtree);
        row("C", TransformKind::CollapseModule);
        row("r", TransformKind::CollapseRecursion);
        row("R", TransformKind::CollapseDirectRecursion);
        row("S", TransformKind::ShowFrom);
        row("M", TransformKind::KeepModules);
    }
    void lettersAskForATransformOfTheSelection()
    {
        QFETCH(QString, key);
        QFETCH(int, kind);
        QSignalSpy asked(m_widget.get(), &FlameWidget::transformRequested);
        type(*m_widget, key[0].toLatin1());
        QCOMPARE(asked.size(), 0); // of nothing
        m_widget->selectNode(0);
        type(*m_widget, key[0].toLatin1());
        QCOMPARE(asked.size(), 0); // nor of everything
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, on("checkout"));
        type(*m_widget, key[0].toLatin1());
        QCOMPARE(asked.size(), 1);
        QCOMPARE(static_cast<int>(asked[0][0].value<TransformKind>()), kind);
        QCOMPARE(asked[0][1].toUInt(), node("checkout"));
        type(*m_widget, key[0].toLatin1(), Qt::ControlModifier);
        QCOMPARE(asked.size(), 1); // the window's
    }

    void nAndPAskForThreads()
    {
        QSignalSpy next(m_widget.get(), &FlameWidget::nextThreadRequested);
        QSignalSpy previous(m_widget.get(), &FlameWidget::previousThreadRequested);
        for (const char letter : {'n', 'n', 'p', 'N'})
            type(*m_widget, letter);
        QCOMPARE(next.size(), 2);
        QCOMPARE(previous.size(), 1);
    }

    void windowShortcutsDoNotTakeOurKeys()
    {
        const auto taken = [&](int key, Qt::KeyboardModifiers modifiers) {
            QKeyEvent event(QEvent::ShortcutOverride, key, modifiers);
            event.ignore();
            QApplication::sendEvent(m_widget.get(), &event);
            return event.isAccepted();
        };
        QVERIFY(taken(Qt::Key_3, {}) && taken(Qt::Key_N, {}) && taken(Qt::Key_PageDown, {}));
        QVERIFY(!taken(Qt::Key_F, {})); // nothing is selected: the window may have it
        m_widget->selectNode(node("main"));
        QVERIFY(taken(Qt::Key_F, {}) && taken(Qt::Key_C, Qt::ShiftModifier));
        QVERIFY(!taken(Qt::Key_F, Qt::ControlModifier) && !taken(Qt::Key_Q, {}));
    }

    void rightClickAndMenuKeyAskForTheMenu()
    {
        QSignalSpy menu(m_widget.get(), &FlameWidget::menuRequested);
        const auto click = [&](QPoint at) {
            QContextMenuEvent event(QContextMenuEvent::Mouse, at, m_widget->mapToGlobal(at));
            QApplication::sendEvent(m_widget.get(), &event);
        };
        click(on("checkout"));
        QCOMPARE(menu.size(), 1);
        QCOMPARE(menu[0][0].toUInt(), node("checkout"));
        QCOMPARE(menu[0][1].toPoint(), m_widget->mapToGlobal(on("checkout")));
        QCOMPARE(m_widget->view().selected(), node("checkout"));
        click(QPoint(500, 190));
        QCOMPARE(menu[1][0].toUInt(), kNoNode);
        QContextMenuEvent key(QContextMenuEvent::Keyboard, QPoint(), QPoint());
        QApplication::sendEvent(m_widget.get(), &key);
        QCOMPARE(menu[2][0].toUInt(), node("checkout"));
        const auto r = m_widget->view().rectOf(node("checkout"), m_widget->viewport());
        const auto at = m_widget->mapFromGlobal(menu[2][1].toPoint());
        QVERIFY(r.contains({static_cast<float>(at.x()), static_cast<float>(at.y())}));
    }

    void ctrlClickAndMiddleClickAreFree()
    {
        QSignalSpy selected(m_widget.get(), &FlameWidget::nodeSelected);
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, Qt::ControlModifier, on("checkout"));
        QTest::mouseClick(m_widget.get(), Qt::MiddleButton, {}, on("checkout"));
        QCOMPARE(selected.size(), 0);
    }

    void barAndPageKeysMoveRows()
    {
        auto *bar = m_widget->findChild<QScrollBar *>();
        QVERIFY(bar && !bar->isVisible());
        QVERIFY(!bar->accessibleName().isEmpty());
        m_widget->resize(1000, 60); // 5 rows of 19 in 60
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->maximum(), 5 * 19 - 60);
        QCOMPARE(m_widget->viewport().size.width, 1000.0f - static_cast<float>(bar->width()));
        QTest::keyClick(m_widget.get(), Qt::Key_PageDown);
        QCOMPARE(m_widget->viewport().scrollY, 22.0f); // the window less two rows
        QCOMPARE(bar->value(), 22);
        QTest::keyClick(m_widget.get(), Qt::Key_PageUp);
        QCOMPARE(m_widget->viewport().scrollY, 0.0f);
        bar->setValue(19);
        QCOMPARE(m_widget->viewport().scrollY, 19.0f);
        // Turned round, the root is at the bottom and so is the bar.
        m_widget->setLayout(FlameLayout::Flame);
        QTest::keyClick(m_widget.get(), Qt::Key_PageDown);
        QCOMPARE(m_widget->viewport().scrollY, 0.0f);
        QCOMPARE(bar->value(), bar->maximum());
        QTest::keyClick(m_widget.get(), Qt::Key_PageUp);
        QCOMPARE(m_widget->viewport().scrollY, 22.0f);
        QCOMPARE(bar->value(), bar->maximum() - 22);
        m_widget->resize(1000, 200);
        QVERIFY(!bar->isVisible());
        QCOMPARE(m_widget->viewport().size.width, 1000.0f);
    }

    void sandwichIsDrivenLikeTheRest()
    {
        FunctionId serialize;
        for (std::uint32_t i = 1; i < m_profile->functions.size(); ++i) {
            if (m_profile->functions[i].name == "serialize")
                serialize = FunctionId{i};
        }
        const Transform focus{TransformKind::Focus, "=serialize"};
        const auto data = [](Profile profile) {
            return std::make_shared<const FlameData>(
                std::make_shared<const Profile>(std::move(profile)), FlameLayout::Sandwich);
        };
        m_widget->setSandwich(data(callersProfile(*m_profile, serialize)),
                              data(applyTransforms(*m_profile, {&focus, 1}).value()));
        QCOMPARE(m_widget->layout(), FlameLayout::Sandwich);
        QSignalSpy functions(m_widget.get(), &FlameWidget::functionSelected);
        const auto nameAfter = [&](Qt::Key key) {
            QTest::keyClick(m_widget.get(), key);
            const auto &scene = m_widget->scene();
            return scene.profileOf(scene.selected())->at(scene.indexOf(scene.selected())).name;
        };
        QCOMPARE(nameAfter(Qt::Key_Down), std::string("serialize"));
        QCOMPARE(functions.last()[0].value<FunctionId>(), serialize);
        QCOMPARE(nameAfter(Qt::Key_Down), std::string("memcpy"));
        QCOMPARE(nameAfter(Qt::Key_Up), std::string("serialize"));
        QCOMPARE(nameAfter(Qt::Key_Up), std::string("handleRequest"));
        QCOMPARE(nameAfter(Qt::Key_Up), std::string("main"));
        QTest::keyClick(m_widget.get(), Qt::Key_Return);
        QVERIFY(SandwichView::isCaller(m_widget->scene().focus()));
        QTest::keyClick(m_widget.get(), Qt::Key_Backspace);
        QTest::keyClick(m_widget.get(), Qt::Key_Backspace);
        QCOMPARE(m_widget->scene().focus(), 0u);
        QVERIFY(m_widget->accessibleDescription().startsWith(QLatin1String("main\n")));
        // With the mouse: three rows of callers and the function, callee below.
        const auto r = m_widget->scene().rectOf(0, m_widget->viewport());
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {},
                          QPoint(100, static_cast<int>(r.y) + 19 + 9));
        QCOMPARE(functions.last()[0].value<FunctionId>().raw,
                 m_profile->tree.function[node("memcpy")].raw);
        // In little room the function stays in sight while rows move.
        m_widget->resize(1000, 80);
        for (const int notches : {-3, 9}) {
            wheel(*m_widget, {500, 30}, notches, {});
            const auto at = m_widget->scene().rectOf(0, m_widget->viewport()).y;
            QVERIFY(at >= 0 && at + 19 <= 80);
        }
        m_widget->setLayout(FlameLayout::Icicle);
        QCOMPARE(m_widget->view().profile(), m_profile.get());
        QCOMPARE(m_widget->layout(), FlameLayout::Icicle);
    }

    void chartIsWalkedByKeys()
    {
        SampleSeries series{.lanes = {"a 1", "b 2"}, .endNs = 1000, .periodNs = 100};
        for (const std::int64_t at : {0, 100, 700})
            series.samples.push_back({at, 0, node("checkout")});
        series.samples.push_back({300, 1, node("memcpy")});
        const auto chart = std::make_shared<const Profile>(chartProfile(*m_profile, series));
        m_widget->setProfile(chart, FlameLayout::Chart);
        const auto nameAfter = [&](Qt::Key key) {
            QTest::keyClick(m_widget.get(), key);
            return chart->at(m_widget->view().selected()).name;
        };
        nameAfter(Qt::Key_Down); // everything
        QCOMPARE(nameAfter(Qt::Key_Down), std::string("a 1"));
        QCOMPARE(nameAfter(Qt::Key_Down), std::string("main"));
        const auto first = m_widget->view().selected();
        QCOMPARE(nameAfter(Qt::Key_Right), std::string("main")); // the next run, after a gap
        QVERIFY(m_widget->view().selected() != first);
        QTest::keyClick(m_widget.get(), Qt::Key_Return);
        const auto shown = m_widget->viewport();
        QVERIFY(std::abs(shown.begin - 0.7) < 1e-9 && std::abs(shown.end - 0.8) < 1e-9);
        QTest::keyClick(m_widget.get(), Qt::Key_Home);
        QCOMPARE(nameAfter(Qt::Key_Up), std::string("a 1"));
        QCOMPARE(nameAfter(Qt::Key_Right), std::string("b 2"));
    }

    void schemeAndNamesStayWithTheWidget()
    {
        m_widget->setColorScheme(ColorScheme::Module);
        m_widget->setReadable(true);
        m_widget->setProfile(drawn("std::vector<int, std::allocator<int> >::at(unsigned long) 3"));
        QCOMPARE(m_widget->view().coloring().scheme(), ColorScheme::Module);
        DisplayList list;
        m_widget->view().paint(m_widget->viewport(), Theme::Light, FixedMetrics(), list);
        QVERIFY(dump(list).find("\"std::vector<int>::at\"") != std::string::npos);
        const auto tip = m_widget->view().tooltip({.node = 1}); // the whole name
        QCOMPARE(tip.title,
                 std::string("std::vector<int, std::allocator<int> >::at(unsigned long)"));
    }

    void digitsAskForALayout()
    {
        QSignalSpy asked(m_widget.get(), &FlameWidget::layoutRequested);
        for (int key = Qt::Key_1; key <= Qt::Key_7; ++key)
            QTest::keyClick(m_widget.get(), static_cast<Qt::Key>(key));
        QCOMPARE(asked.size(), 6);
        for (int i = 0; i < 6; ++i)
            QCOMPARE(static_cast<int>(asked[i][0].value<FlameLayout>()), i);
        QCOMPARE(m_widget->layout(), FlameLayout::Icicle); // not the widget's to decide
    }

    void dragPansWithoutSelecting()
    {
        m_widget->zoomTo(node("checkout"));
        QSignalSpy selected(m_widget.get(), &FlameWidget::nodeSelected);
        const auto before = m_widget->viewport().begin;
        QTest::mousePress(m_widget.get(), Qt::LeftButton, {}, QPoint(300, 30));
        QTest::mouseMove(m_widget.get(), QPoint(420, 30));
        QTest::mouseMove(m_widget.get(), QPoint(500, 30));
        QTest::mouseRelease(m_widget.get(), Qt::LeftButton, {}, QPoint(500, 30));
        QVERIFY(m_widget->viewport().begin < before);
        QCOMPARE(selected.size(), 0);
    }

    void newProfileForgetsTheOldOne()
    {
        m_widget->selectNode(node("memcpy"));
        m_widget->zoomTo(node("memcpy"));
        m_widget->setProfile(drawn("a 1"));
        QCOMPARE(m_widget->view().focus(), 0u);
        QCOMPARE(m_widget->view().selected(), kNoNode);
        m_widget->setProfile(nullptr);
        QTest::keyClick(m_widget.get(), Qt::Key_Down);
        QTest::mouseClick(m_widget.get(), Qt::LeftButton, {}, QPoint(5, 5));
        QVERIFY(!m_widget->grab().isNull());
    }

    void rendersPngAtScale()
    {
        QTemporaryDir dir;
        const QtTextMetrics metrics;
        const auto picture = flamePicture(m_profile, {.title = "shop", .width = 400}, metrics);
        const auto path = dir.filePath(QStringLiteral("a.png")).toStdString();
        QVERIFY(renderPng(picture.list, picture.size, 2, Theme::Light, path).has_value());
        const QImage image(QString::fromStdString(path));
        QCOMPARE(image.width(), 800);
        QCOMPARE(image.height(), static_cast<int>(picture.size.height * 2));
        QSet<QRgb> colors;
        for (int x = 0; x < image.width(); ++x)
            colors.insert(image.pixel(x, (52 + 4) * 2));
        QVERIFY(colors.contains(toQt(palette(Theme::Light).flame.merged).rgb()));
        const auto svg = dir.filePath(QStringLiteral("a.svg")).toStdString();
        QVERIFY(renderSvg(picture.list, picture.size, Theme::Light, svg).has_value());
        // Errors are sentences, and nothing half-written stays.
        const auto nowhere = dir.filePath(QStringLiteral("none/a.png")).toStdString();
        const auto failed = renderPng(picture.list, picture.size, 1, Theme::Light, nowhere);
        QVERIFY(!failed.has_value());
        QCOMPARE(failed.error().code(), Errc::Io);
        QCOMPARE(renderPng(picture.list, {1e6f, 10}, 1, Theme::Light, path).error().code(),
                 Errc::Limit);
    }

    // What QtTextMetrics says, QPainter draws: a label that fits is not longer in pixels.
    void metricsBoundWhatIsDrawn()
    {
        const QtTextMetrics metrics;
        for (const std::string text :
             {"handleRequest", "AVATo WAY fi", "\u0441\u0431\u043e\u0440"}) {
            const auto drawnWidth = QFontMetricsF(qtFont(FontRole::Label))
                                        .horizontalAdvance(QString::fromStdString(text));
            QVERIFY(std::abs(drawnWidth -
                             static_cast<double>(metrics.width(text, FontRole::Label))) < 1.0);
        }
    }
};

QTEST_MAIN(TestFlameWidget)
#include "tst_flame_widget.moc"
