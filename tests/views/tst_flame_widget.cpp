#include "tests/views/drawn_profile.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"
#include "views/qt/canvas.h"
#include "views/qt/flame_widget.h"
#include "views/scene/flame_picture.h"

#include <QApplication>
#include <QImage>
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
