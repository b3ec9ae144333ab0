#include "tests/views/drawn_heat_map.h"
#include "tests/views/drawn_profile.h"
#include "views/paint/paint_qt.h"
#include "views/paint/render.h"
#include "views/scene/flame_picture.h"
#include "views/scene/heat_map_picture.h"

#include <QFile>
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace flamewright;

namespace {

FlamePicture flame(Theme theme = Theme::Light)
{
    return flamePicture(drawn("main;handleRequest;serialize 40\nmain;h\u00f6ren 20\n"
                              "main;\u0441\u0431\u043e\u0440\u043a\u0430 20\n"),
                        {.title = "shop", .subtitle = "cpu-clock", .theme = theme, .width = 640},
                        QtTextMetrics());
}

QByteArray outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60000) || process.exitCode() != 0)
        return {};
    return process.readAllStandardOutput();
}

} // namespace

class TestRender : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    std::filesystem::path path(const char *name) const
    {
        return m_dir.filePath(QString::fromLatin1(name)).toStdString();
    }
    QString file(const char *name) const { return m_dir.filePath(QString::fromLatin1(name)); }

private Q_SLOTS:
    void initTestCase() { loadFonts(); }

    void extensionDecides()
    {
        QCOMPARE(pictureFormat("a/b.png").value(), PictureFormat::Png);
        QCOMPARE(pictureFormat("b.SVG").value(), PictureFormat::Svg);
        QCOMPARE(pictureFormat("b.svg.Pdf").value(), PictureFormat::Pdf);
        for (const auto *name : {"b", "b.jpg", "pdf", ".png", "b.pdf/"}) {
            const auto format = pictureFormat(name);
            QVERIFY2(!format, name);
            QVERIFY(format.error().message().find(".svg, .png or .pdf") != std::string::npos);
        }
        const auto p = flame();
        QVERIFY(!renderFile(p.list, p.size, Theme::Light, 1, path("x.bmp")));
        QVERIFY(!QFile::exists(file("x.bmp")));
        QVERIFY(renderFile(p.list, p.size, Theme::Light, 1, path("x.svg")));
        QVERIFY(renderFile(p.list, p.size, Theme::Light, 1, path("x.png")));
        QVERIFY(renderFile(p.list, p.size, Theme::Light, 1, path("x.pdf"), "shop"));
        const auto head = [&](const char *name) {
            QFile f(file(name));
            return f.open(QIODevice::ReadOnly) ? f.read(5) : QByteArray();
        };
        QCOMPARE(head("x.svg"), QByteArray("<svg "));
        QCOMPARE(head("x.png"), QByteArray("\x89PNG\r"));
        QCOMPARE(head("x.pdf"), QByteArray("%PDF-"));
    }

    void pngHasEveryScale_data()
    {
        QTest::addColumn<float>("scale");
        for (const float scale : {0.5f, 1.0f, 1.25f, 2.0f, 3.0f})
            QTest::addRow("%g", static_cast<double>(scale)) << scale;
    }
    void pngHasEveryScale()
    {
        QFETCH(float, scale);
        const auto p = flame(Theme::Dark);
        QVERIFY(renderFile(p.list, p.size, Theme::Dark, scale, path("s.png")));
        QImage image(file("s.png"));
        QCOMPARE(image.width(), static_cast<int>(std::ceil(p.size.width * scale)));
        QCOMPARE(image.height(), static_cast<int>(std::ceil(p.size.height * scale)));
        QCOMPARE(QColor(image.pixel(0, 0)), toQt(palette(Theme::Dark).surface0));
        image.setDevicePixelRatio(static_cast<double>(scale)); // not in the file
        const auto copied = renderImage(p.list, p.size, Theme::Dark, scale);
        QVERIFY(copied);
        QCOMPARE(copied->convertToFormat(QImage::Format_RGB32),
                 image.convertToFormat(QImage::Format_RGB32));
    }

    void pdfIsOnePageOfThePicturesSizeWithItsText()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
            QSKIP("pdftotext (poppler-utils) is not installed");
        const auto p = flame();
        QVERIFY(renderFile(p.list, p.size, Theme::Print, 1, path("f.pdf"), "shop <1>"));
        const auto text = QString::fromUtf8(
            outputOf(QStringLiteral("pdftotext"),
                     {QStringLiteral("-layout"), file("f.pdf"), QStringLiteral("-")}));
        for (const auto *name : {"handleRequest", "serialize", "h\u00f6ren",
                                 "\u0441\u0431\u043e\u0440\u043a\u0430", "cpu-clock", "80 samples"})
            QVERIFY2(text.contains(QString::fromUtf8(name)), qPrintable(name + text));
        const auto info = QString::fromUtf8(outputOf(QStringLiteral("pdfinfo"), {file("f.pdf")}));
        QVERIFY2(info.contains(QRegularExpression(QStringLiteral("Title: +shop <1>\n"))),
                 qPrintable(info));
        QVERIFY(info.contains(QRegularExpression(QStringLiteral("Pages: +1\n"))));
        // 640 pixels are 480 points.
        const auto height = static_cast<double>(p.size.height) * 0.75;
        const QRegularExpression size(QStringLiteral("Page size: +([0-9.]+) x ([0-9.]+) pts"));
        const auto found = size.match(info);
        QVERIFY2(found.hasMatch(), qPrintable(info));
        QCOMPARE(found.captured(1).toDouble(), 480.0);
        QVERIFY(std::abs(found.captured(2).toDouble() - height) <= 1);
        // Fonts are inside, so that it reads everywhere.
        const auto fonts = QString::fromUtf8(outputOf(QStringLiteral("pdffonts"), {file("f.pdf")}));
        const auto lines = fonts.split(u'\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.size() > 2, qPrintable(fonts));
        for (qsizetype i = 2; i < lines.size(); ++i)
            QVERIFY2(lines[i].contains(QRegularExpression(QStringLiteral(" yes (yes|no) +yes "))),
                     qPrintable(fonts));
    }

    // A link is an area of the page, as large as its frame; the texts stay what they are.
    void framesOfAPdfLeadToTheirSource()
    {
        FlamePictureOptions options{.title = "shop", .subtitle = "cpu-clock", .width = 640};
        options.links = SourceLinks::of("https://git/{file}#L{line}").value();
        const auto p = flamePicture(drawn("main;parse;) /URI (x 30\nmain;write_[k] 10\n"), options,
                                    QtTextMetrics());
        QVERIFY(renderFile(p.list, p.size, Theme::Print, 1, path("l.pdf")));
        QFile pdf(file("l.pdf"));
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        const auto bytes = pdf.readAll();
        QCOMPARE(bytes.count("/Subtype /Link"), 3);
        QVERIFY(bytes.contains("/URI (https://git/src/parse.c#L42)"));
        QVERIFY(bytes.contains("/URI (https://git/src/%29%20/URI%20%28x.c#L42)"));
        // Where parse's frame is, in points from the lower left; heights of letters are rounded.
        RectF area;
        for (const auto &c : p.list.commands()) {
            if (c.op == Op::BeginLink && p.list.textOf(c) == "https://git/src/parse.c#L42")
                area = c.rect;
        }
        QVERIFY(area.width > 100);
        static const QRegularExpression rect(QStringLiteral(
            "/Rect \\[([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+)\\]\\s*/Border \\[0 0 0\\]"
            "[^>]*/src/parse"));
        const auto found = rect.match(QString::fromLatin1(bytes));
        QVERIFY(found.hasMatch());
        const double expected[] = {
            static_cast<double>(area.x) * 0.75,
            static_cast<double>(p.size.height - area.bottom()) * 0.75,
            static_cast<double>(area.right()) * 0.75,
            static_cast<double>(p.size.height - area.y) * 0.75,
        };
        for (int i = 0; i < 4; ++i) {
            const auto value = found.captured(i + 1).toDouble();
            QVERIFY2(std::abs(value - expected[i]) <= 1.0,
                     qPrintable(found.captured(0) + QString::number(expected[i])));
        }
        // Not in pixels, and not for addresses that no painter may write.
        DisplayList list;
        list.beginLink({0, 0, 50, 10}, "javascript:alert(1)");
        list.endLink();
        QVERIFY(renderFile(list, {60, 20}, Theme::Print, 1, path("n.pdf")));
        QFile none(file("n.pdf"));
        QVERIFY(none.open(QIODevice::ReadOnly));
        QVERIFY(!none.readAll().contains("/Annot "));
    }

    // Inter would draw "0x1f" with a multiplication sign and "->" as an arrow: names are shown as
    // they are.
    void namesAreDrawnLetterByLetter()
    {
        const QtTextMetrics metrics;
        for (const std::string_view name : {"0x1f", "operator->", "2x3 => <= !="}) {
            DisplayList whole, letters;
            whole.text({4, 4}, name, {0x000000ff}, FontRole::Title);
            float x = 4;
            for (const auto &letter : name) {
                letters.text({x, 4}, {&letter, 1}, {0x000000ff}, FontRole::Title);
                x += metrics.advance(static_cast<unsigned char>(letter), FontRole::Title);
            }
            const auto a = renderImage(whole, {200, 30}, Theme::Light, 3).value();
            const auto b = renderImage(letters, {200, 30}, Theme::Light, 3).value();
            qint64 far = 0;
            for (int y = 0; y < a.height(); ++y) {
                for (int col = 0; col < a.width(); ++col)
                    far += std::abs(qGray(a.pixel(col, y)) - qGray(b.pixel(col, y))) > 96;
            }
            QVERIFY2(far < 12, qPrintable(QString::number(far)));
        }
    }

    void heatMapsAreFilesToo()
    {
        const auto p =
            heatMapPicture({randomHeatMap(1, 30), Unit::Nanoseconds, "cpu-clock"},
                           {.title = "shop", .width = 640, .height = 300}, QtTextMetrics());
        for (const auto *name : {"h.svg", "h.png", "h.pdf"}) {
            QVERIFY(renderFile(p.list, p.size, Theme::Light, 2, path(name)));
            QVERIFY(QFile(file(name)).size() > 4000);
        }
        QCOMPARE(QImage(file("h.png")).size(), QSize(1280, 600));
    }

    void refusesWhatIsTooLargeOrCannotBeWritten()
    {
        const auto p = flame();
        QVERIFY(!renderImage(p.list, {40000, 10}, Theme::Light, 1));
        QVERIFY(!renderImage(p.list, {20000, 10}, Theme::Light, 2));
        QVERIFY(!renderImage(p.list, {0, 10}, Theme::Light, 1));
        const auto wide = renderFile(p.list, {20000, 10}, Theme::Light, 1, path("w.pdf"));
        QVERIFY(!wide);
        QVERIFY(wide.error().message().find(".svg") != std::string::npos);
        for (const auto *name : {"none/x.pdf", "none/x.png", "none/x.svg"}) {
            const auto bad = renderFile(p.list, p.size, Theme::Light, 1, path(name));
            QVERIFY(!bad);
            QCOMPARE(bad.error().code(), Errc::Io);
        }
    }
};

QTEST_MAIN(TestRender)
#include "tst_render.moc"
