#include "views/qt/motion_portal.h"
#include "views/qt/reduced_motion.h"

#include <QApplication>
#include <QFile>
#include <QProxyStyle>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

using namespace flamewright;

namespace {

// A desktop's style that animates or not.
class DesktopStyle final : public QProxyStyle {
public:
    int animate = 1, duration = 200;
    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        if (hint == SH_Widget_Animate)
            return animate;
        if (hint == SH_Widget_Animation_Duration)
            return duration;
        return QProxyStyle::styleHint(hint, option, widget, data);
    }
};

} // namespace

class TestReducedMotion : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    QString file(const char *name, const char *content) const
    {
        const auto path = m_dir.filePath(QLatin1String(name));
        QFile out(path);
        if (out.open(QIODevice::WriteOnly))
            out.write(content);
        return path;
    }

private Q_SLOTS:
    void initTestCase()
    {
        // No desktop but this one.
        qputenv("XDG_CONFIG_HOME", m_dir.path().toLocal8Bit());
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", m_dir.path().toLocal8Bit());
    }
    void init() { qunsetenv("FLAMEWRIGHT_REDUCED_MOTION"); }

    void readsGtksSettings()
    {
        QVERIFY(gtkAnimates(file("a", "[Settings]\ngtk-enable-animations=0\n")) == false);
        QVERIFY(gtkAnimates(file("b", "[Settings]\ngtk-enable-animations = False\n")) == false);
        QVERIFY(gtkAnimates(file("c", "[Settings]\ngtk-enable-animations=true\n")) == true);
        QVERIFY(!gtkAnimates(file("d", "[Settings]\ngtk-theme-name=Adwaita\n")));
        QVERIFY(!gtkAnimates(file("e", "[Settings]\ngtk-enable-animations=perhaps\n")));
        QVERIFY(!gtkAnimates(m_dir.filePath(QStringLiteral("none"))));
    }

    void readsKdesFactor()
    {
        QVERIFY(kdeAnimates(file("f", "[KDE]\nAnimationDurationFactor=0\n")) == false);
        QVERIFY(kdeAnimates(file("g", "[KDE]\nAnimationDurationFactor=0.5\n")) == true);
        QVERIFY(!kdeAnimates(file("h", "[KDE]\nSingleClick=false\n")));
        QVERIFY(!kdeAnimates(file("i", "[KDE]\nAnimationDurationFactor=fast\n")));
    }

    void followsThePortal()
    {
        MotionPortal portal;
        QVERIFY(!portal.animates());
        portal.take(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("color-scheme"),
                    1u);
        QVERIFY(!portal.animates());
        portal.take(QStringLiteral("org.gnome.desktop.interface"),
                    QStringLiteral("enable-animations"), false);
        QVERIFY(portal.animates() == false);
        portal.take(QStringLiteral("org.gnome.desktop.interface"),
                    QStringLiteral("enable-animations"), true);
        QVERIFY(portal.animates() == true);
        portal.take(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("reduced-motion"),
                    1u);
        QVERIFY(portal.animates() == false);
        portal.take(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("reduced-motion"),
                    0u);
        QVERIFY(portal.animates() == true);
    }

    void environmentDecidesThenTheStyleThenThePortal()
    {
        DesktopStyle style;
        QWidget widget;
        widget.setStyle(&style);
        QVERIFY(!reducedMotion(widget)); // nobody says anything: things move
        style.duration = 0;
        QVERIFY(reducedMotion(widget));
        style.duration = 200;
        style.animate = 0;
        QVERIFY(reducedMotion(widget));
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "0");
        QVERIFY(!reducedMotion(widget));
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "1");
        style.animate = 1;
        QVERIFY(reducedMotion(widget));
        qunsetenv("FLAMEWRIGHT_REDUCED_MOTION");
        QVERIFY(!reducedMotion(widget));
        auto &portal = MotionPortal::of(*qApp);
        portal.take(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("reduced-motion"),
                    1u);
        QVERIFY(reducedMotion(widget));
        portal.take(QStringLiteral("org.freedesktop.appearance"), QStringLiteral("reduced-motion"),
                    0u);
        QVERIFY(!reducedMotion(widget));
    }

    void aChoiceDecidesBeforeAllOthers()
    {
        DesktopStyle style;
        style.animate = 0;
        QWidget widget;
        widget.setStyle(&style);
        QVERIFY(reducedMotion(widget, MotionChoice::System));
        QVERIFY(!reducedMotion(widget, MotionChoice::Full));
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "1");
        QVERIFY(!reducedMotion(widget, MotionChoice::Full));
        qputenv("FLAMEWRIGHT_REDUCED_MOTION", "0");
        QVERIFY(reducedMotion(widget, MotionChoice::Reduced));
        QVERIFY(!reducedMotion(widget, MotionChoice::System));
    }
};

QTEST_MAIN(TestReducedMotion)
#include "tst_reduced_motion.moc"
