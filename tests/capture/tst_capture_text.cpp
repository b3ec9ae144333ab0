#include "capture/base/capture_text.h"
#include "capture/base/utf8.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <random>

using namespace flamewright;

namespace {

#ifdef FW_SANITIZED // about ten times slower
constexpr int kStrings = 20'000;
#else
constexpr int kStrings = 200'000;
#endif

QString qt(const std::string &text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

// Random bytes with a taste for what hurts: escapes, bidi controls, markup, broken UTF-8.
std::string hostile(std::mt19937 &random)
{
    static const std::vector<std::string> kParts{
        "\x1b[7m", "\u202e",     "\u200b",     "<b>",  "&amp;", "\"",       "'",
        "=1+1",    "\x7f",       "\u0085",     "\xff", "\xc3",  "\xe2\x82", "a",
        "\u00e9",  "\u4e2d",     "\n",         "\r",   "\t",    "\u0301",   "\u2028",
        "\ufeff",  "\U0001f600", "\U000e0041", "-",    ","};
    std::string out;
    const auto parts = random() % 12;
    for (unsigned i = 0; i < parts; ++i)
        out += kParts[random() % kParts.size()];
    if (random() % 4 == 0)
        out += static_cast<char>(random());
    return out;
}

// FW_STRINGS=1000000 asks for more than the suite has time for.
int randomStrings()
{
    bool ok = false;
    const int asked = qEnvironmentVariableIntValue("FW_STRINGS", &ok);
    return ok && asked > 0 ? asked : kStrings;
}

bool hasDangerous(const std::string &text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto step = decodeUtf8(text, i);
        if (!step.valid || isControl(step.code) || isInvisibleFormat(step.code))
            return true;
        i += step.size;
    }
    return false;
}

} // namespace

class TestCaptureText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsOrdinaryNames()
    {
        for (const auto *name : {"std::vector<int>::push_back(int const&)", "Zo\u00eb",
                                 "\u4e2d\u6587", "<T as Trait>::f", "LazyCompile:*f /a/b.js:1"}) {
            QCOMPARE(CaptureText(name).toDisplay(), std::string(name));
            QCOMPARE(CaptureText(name).toTerminal(), std::string(name));
        }
    }
    void showsControlsInsteadOfObeyingThem()
    {
        QCOMPARE(CaptureText("a\x1b[7mb").toDisplay(), std::string("a\u241b[7mb"));
        QCOMPARE(CaptureText("a\x1b[7mb").toTerminal(), std::string("a^[[7mb"));
        QCOMPARE(CaptureText("x\u202ey").toDisplay(), std::string("x\u27e6U+202E\u27e7y"));
        QCOMPARE(CaptureText("a\xff").toDisplay(), std::string("a\\xFF"));
    }
    void limitsCombiningMarksAndLength()
    {
        std::string zalgo = "a";
        for (int i = 0; i < 1000; ++i)
            zalgo += "\u0301";
        QCOMPARE(qt(CaptureText(zalgo).toDisplay()).size(), 5);
        const auto cut = CaptureText(std::string(1 << 20, 'x')).toDisplay(100);
        QCOMPARE(qt(cut).size(), 101);
        QVERIFY(qt(cut).endsWith(QChar(0x2026)));
    }
    void escapesMarkup()
    {
        QCOMPARE(CaptureText("call_once<p>&\"'").toHtml(),
                 std::string("call_once&lt;p&gt;&amp;&quot;&#39;"));
    }
    void quotesCsvAndDefusesFormulas()
    {
        QCOMPARE(CaptureText("a,b\"c").toCsv(), std::string("\"a,b\"\"c\""));
        QCOMPARE(CaptureText("=cmd()").toCsv(), std::string("'=cmd()"));
        QCOMPARE(CaptureText("\uff1dx").toCsv(), std::string("'\uff1dx"));
        QCOMPARE(CaptureText("@x,y").toCsv(), std::string("\"'@x,y\""));
        QCOMPARE(CaptureText("plain").toCsv(), std::string("plain"));
    }
    void makesSafeFileNames()
    {
        QCOMPARE(CaptureText("../../etc/passwd").toFileName(), std::string("etc_passwd"));
        QCOMPARE(CaptureText("-rf").toFileName(), std::string("rf"));
        QCOMPARE(CaptureText("\u202e").toFileName(), std::string("unnamed"));
        QVERIFY(CaptureText(std::string(5000, 'a')).toFileName().size() <= 120);
    }
    void writesJsonThatParsesToTheSameText()
    {
        const std::string text = "a\"\\\n\t<script>&\u2028 \u4e2d";
        const auto json = CaptureText(text).toJson();
        QVERIFY(json.find('<') == std::string::npos && json.find('&') == std::string::npos);
        const auto parsed = QJsonDocument::fromJson(QByteArray::fromStdString("[" + json + "]"));
        QCOMPARE(parsed.array().at(0).toString(), qt(text));
    }
    void neverLetsDangerousCharactersThrough()
    {
        const int strings = randomStrings();
        std::mt19937 random(1);
        for (int i = 0; i < strings; ++i) {
            const auto text = hostile(random);
            const CaptureText capture(text);
            QVERIFY2(!hasDangerous(capture.toDisplay()), text.c_str());
            QVERIFY2(!hasDangerous(capture.toTerminal()), text.c_str());
            QVERIFY2(!hasDangerous(capture.toJson()), text.c_str());
        }
        qInfo("%d random strings", strings);
    }
};

QTEST_GUILESS_MAIN(TestCaptureText)
#include "tst_capture_text.moc"
