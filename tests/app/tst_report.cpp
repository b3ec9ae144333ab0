#include "app/present/markdown_text.h"
#include "app/present/report.h"
#include "tests/app/sample_report.h"
#include "tests/support/import_contract.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

const std::filesystem::path kGoldens = FW_SOURCE_DIR "/tests/golden/report";

QString between(const QString &text, const QString &from, const QString &to)
{
    const auto begin = text.indexOf(from) + from.size();
    return text.mid(begin, text.indexOf(to, begin) - begin);
}

QString hashOf(const QString &text)
{
    return "'sha256-" +
           QString::fromLatin1(
               QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toBase64()) +
           "'";
}

} // namespace

class TestReport : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void htmlIsAsItWas()
    {
        QCOMPARE(compareGolden(kGoldens / "sample.html", toHtml(sampleReport())), std::string());
    }

    void markdownIsAsItWas()
    {
        QCOMPARE(compareGolden(kGoldens / "sample.md", toMarkdown(sampleReport())), std::string());
    }

    void textsAreNoMarkdown_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        const auto row = [](const char *name, const char *text, const char *shown) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(shown);
        };
        row("plain", "std::map::find", "std::map::find");
        row("emphasis", "*a* __b__ `c`", "\\*a\\* \\_\\_b\\_\\_ \\`c\\`");
        row("a cell", "a|b", "a\\|b");
        row("a link", "[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))");
        row("a picture", "![x](http://e.org/x.png)", "!\\[x\\](http\\://e.org/x.png)");
        row("an address", "https://e.org www.e.org", "https\\://e.org www\\.e.org");
        row("HTML", "<img src=x>&amp;", "&lt;img src=x&gt;&amp;amp;");
        row("somebody", "@octocat a@b.org", "@&#8203;octocat a@&#8203;b.org");
        row("an issue", "#12", "\\#&#8203;12");
        row("a heading", "# x", "\\# x");
        row("a list", "- x", "\\- x");
        row("a numbered list", "12. x", "12\\. x");
        row("a negative number", "-74.5 %", "-74.5 %");
        row("a line", "---", "\\---");
        row("code", "    x", "x");
        row("lines", "a\n# b", "a\u240a\\# b");
        row("the other way", "a\u202eb", "a\u27e6U+202E\u27e7b");
    }
    void textsAreNoMarkdown()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(markdownText(text.toStdString(), 4096)), shown);
    }

    void policyNamesTheHashesOfStyleAndScript()
    {
        const auto html = QString::fromStdString(toHtml(sampleReport()));
        const auto policy = between(html, "Content-Security-Policy\" content=\"", "\">");
        QVERIFY(policy.startsWith("default-src 'none'; "));
        QVERIFY(!policy.contains("unsafe"));
        QVERIFY(policy.contains("style-src " + hashOf(between(html, "<style>", "</style>"))));
        QVERIFY(policy.contains("script-src " + hashOf(between(html, "<script>", "</script>"))));
        QCOMPARE(html.count("<style"), 1);
        QCOMPARE(html.count("<script"), 1);
        // Nothing that the policy would refuse, and nothing from elsewhere.
        static const QRegularExpression refused(
            " style=| on[a-z]+=|https?:|src=|<link|url\\((?!#)");
        QCOMPARE(refused.match(html).captured(), QString());
    }

    void figuresAreThereOnceForAllMedia()
    {
        Report report;
        report.sections = {{.title = "s", .figures = {sampleFigure("only_once_")}}};
        report.sections[0].figures[0].caption.clear();
        const auto html = QString::fromStdString(toHtml(report));
        // Six frames with a title and a label each, and the heading of the picture.
        QCOMPARE(html.count("only_once_"), 13);
        QVERIFY(html.contains("@media print{.f"));
        QVERIFY(html.contains("prefers-color-scheme:dark){.f"));

        // A picture that print has otherwise is there twice, each for its medium.
        report.sections[0].figures[0].print.fillRect({0, 0, 1, 1}, {255});
        QCOMPARE(QString::fromStdString(toHtml(report)).count("only_once_"), 26);
    }

    void fiftyFiguresWeighTheirSumAndAHundredKilobytes()
    {
        // 200 KB each, as SVG files of the same pictures would be at least.
        Report report = sampleReport();
        report.findings.clear();
        report.sections.clear();
        std::size_t sum = 0;
        for (int i = 0; i < 50; ++i) {
            ReportFigure figure{.title = "Figure " + std::to_string(i), .size = {1000, 800}};
            const std::pair<DisplayList *, Theme> media[] = {{&figure.light, Theme::Light},
                                                             {&figure.print, Theme::Print},
                                                             {&figure.dark, Theme::Dark}};
            for (const auto &[list, theme] : media) {
                const auto &colors = palette(theme).flame.user;
                for (int frame = 0; frame < 820; ++frame) {
                    const auto name = "function_" + std::to_string(frame * 7919 + i);
                    const RectF at{static_cast<float>(frame % 20) * 50,
                                   static_cast<float>(frame / 20) * 19, 49, 19};
                    list->beginItem(ItemRole::Frame, name + "\n0.31 % of 18,204 samples");
                    list->fillRect(at, colors[static_cast<std::size_t>(frame) % 12], 2);
                    list->text({at.x + 4, at.y + 3}, name, palette(theme).text1, FontRole::Label,
                               41);
                    list->endItem();
                }
            }
            Report alone;
            alone.sections = {{.title = "", .figures = {figure}}};
            report.sections.push_back({.title = figure.title, .figures = {figure}});
            const auto html = toHtml(alone);
            const auto begin = html.find("<svg"), end = html.find("</svg>") + 6;
            sum += end - begin;
        }
        const auto html = toHtml(report);
        QVERIFY2(sum > 50 * 200'000, std::to_string(sum).c_str());
        QVERIFY2(html.size() <= sum + 100'000,
                 (std::to_string(html.size()) + " of " + std::to_string(sum)).c_str());
        if (qEnvironmentVariableIsSet("FW_REPORT_OUT")) // to be opened and looked at
            QVERIFY(writeFile(qEnvironmentVariable("FW_REPORT_OUT"), html));
    }

    // Markup is balanced: an XML reader goes through all of it once void elements are closed.
    void htmlIsWellFormed()
    {
        auto html = QString::fromStdString(toHtml(sampleReport()));
        html.replace(QRegularExpression("<(meta|br)([^>]*)>"), "<\\1\\2/>");
        QXmlStreamReader reader(html);
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString() + " at line " +
                                                QString::number(reader.lineNumber())));
    }

    void pdfHasPagesTextsAndAnOutline()
    {
        QTemporaryDir dir;
        auto report = sampleReport();
        auto &rows = report.sections[0].tables[0].rows;
        while (rows.size() < 120) // on three pages
            rows.push_back(rows[rows.size() % 12]);
        const auto path = dir.filePath("report.pdf");
        const auto written = writePdf(report, path.toStdString());
        QVERIFY2(written.has_value(), written.has_value() ? "" : written.error().text().c_str());
        if (qEnvironmentVariableIsSet("FW_REPORT_PDF"))
            QFile::copy(path, qEnvironmentVariable("FW_REPORT_PDF"));

        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll();
        const auto pages = bytes.count("/Type /Page\n");
        QVERIFY(pages >= 5);
        QVERIFY(bytes.contains("/Type /Outlines"));
        QCOMPARE(bytes.count("/Subtype /Link"), 7); // every line of the table of contents
        QVERIFY(bytes.contains("/FontFile"));       // fonts are inside

        if (QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("pdftotext is not installed");
        QProcess tool;
        tool.start("pdftotext", {"-layout", path, "-"});
        QVERIFY(tool.waitForFinished());
        QCOMPARE(tool.readAllStandardError(), QByteArray()); // damage is said there
        const auto texts = QString::fromUtf8(tool.readAllStandardOutput()).split('\f');
        QCOMPARE(texts.size() - 1, pages);
        QVERIFY(texts[0].contains("Checkout before and after the fix"));
        QVERIFY(texts[0].contains("850 ms"));
        for (int i = 0; i < pages; ++i) {
            const QRegularExpression number(QString("\\b%1 ?/ ?%2\\b").arg(i + 1).arg(pages));
            QVERIFY2(texts[i].contains(number), qPrintable(texts[i]));
        }
        // The table of contents names the page on which the heading is.
        static const QRegularExpression line("How figures were computed +(\\d+)\n");
        const auto found = line.match(texts.join(""));
        QVERIFY(found.hasMatch());
        QVERIFY(texts[found.captured(1).toInt() - 1].contains("Percentiles are exact"));
        // Each page of the table has its heads.
        int heads = 0, withRows = 0;
        for (const auto &text : texts) {
            heads += text.contains("Endpoint ") && text.contains("Verdict");
            withRows += text.contains("24,310 and 24,502") && text.contains("-76..-71 %");
        }
        QVERIFY(heads >= 3);
        QVERIFY(heads >= withRows - 1); // the first page has key figures with as much
    }

    void emptyReportIsAReport()
    {
        const auto html = toHtml({.title = "Nothing"});
        QVERIFY(html.find("<h1>Nothing</h1>") != std::string::npos);
        QVERIFY(html.find("<script") == std::string::npos);
    }

private:
    static bool writeFile(const QString &name, const std::string &text)
    {
        QFile file(name);
        return file.open(QIODevice::WriteOnly) &&
               file.write(text.data(), static_cast<qint64>(text.size())) ==
                   static_cast<qint64>(text.size());
    }
};

QTEST_MAIN(TestReport)
#include "tst_report.moc"
