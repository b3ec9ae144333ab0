#include "tests/app/sample_report.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <atomic>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace flamewright;
using namespace flamewright::testing;

namespace {

// Sees every request that a browser makes: its proxy. Answers with a script that says so.
class Canary {
public:
    Canary()
    {
        m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        m_up = m_socket >= 0 &&
               ::bind(m_socket, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
               ::listen(m_socket, 64) == 0 &&
               ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &size) == 0;
        m_port = ntohs(address.sin_port);
        m_thread = std::thread([this] { serve(); });
    }
    ~Canary()
    {
        m_stop = true;
        m_thread.join();
        ::close(m_socket);
    }
    Canary(const Canary &) = delete;
    Canary &operator=(const Canary &) = delete;

    bool isUp() const { return m_up; }
    int port() const { return m_port; }
    // First lines of the requests for what hostile names ask for, not for what the browser does on
    // its own.
    QStringList takeRequests()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_requests, {});
    }

private:
    void serve()
    {
        while (!m_stop) {
            pollfd waiting{.fd = m_socket, .events = POLLIN, .revents = 0};
            if (::poll(&waiting, 1, 50) <= 0)
                continue;
            const int peer = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0)
                continue;
            pollfd request{.fd = peer, .events = POLLIN, .revents = 0};
            char buffer[4096];
            if (::poll(&request, 1, 500) > 0) {
                const auto got = ::recv(peer, buffer, sizeof buffer, 0);
                const QByteArray text(buffer, static_cast<qsizetype>(std::max<ssize_t>(got, 0)));
                if (text.contains("fw-canary")) {
                    const std::lock_guard lock(m_mutex);
                    m_requests << QString::fromLatin1(text.left(text.indexOf('\r')));
                }
                const std::string answer =
                    "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nConnection: close\r\n"
                    "Access-Control-Allow-Origin: *\r\n\r\n"
                    "document.documentElement.dataset.ran='remote'";
                (void)::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
            }
            ::close(peer);
        }
    }

    int m_socket = -1, m_port = 0;
    bool m_up = false;
    std::atomic<bool> m_stop = false;
    std::mutex m_mutex;
    QStringList m_requests;
    std::thread m_thread;
};

// What a script that must not run does.
#define RAN "document.documentElement.dataset.ran=1"
#define CANARY "http://fw-canary.example/"

const std::vector<std::string> &hostileNames()
{
    static const std::vector<std::string> names = {
        "<script>" RAN "</script>",
        "\"><img src=" CANARY "img onerror=\"" RAN "\">",
        "'><img src=" CANARY "img2 onerror='" RAN "'>",
        "x\" onmouseover=\"" RAN "\" autofocus tabindex=1 onfocus=\"" RAN "\" y=\"",
        "</style><style>body{background:url(" CANARY "css)}</style>",
        "}body{background:url(" CANARY "css2)}.x{",
        "</title></svg><script src=" CANARY "src.js></script>",
        "<svg onload=" RAN "><image href=" CANARY "svg.png /></svg>",
        "<svg><script href=\"" CANARY "svg.js\"/><use href=\"" CANARY "use.svg#x\"/></svg>",
        "]]><script>" RAN "</script><!--",
        "--></script></textarea></noscript><script>" RAN "</script>",
        "<iframe srcdoc=\"<script>parent." RAN "</script>\"></iframe><iframe src=" CANARY
        "frame></iframe>",
        "<link rel=stylesheet href=" CANARY "link.css><link rel=prefetch href=" CANARY "fetch>",
        "<object data=" CANARY "object></object><embed src=" CANARY "embed>",
        "<video poster=" CANARY "poster><source src=" CANARY "video></video><audio src=" CANARY
        "audio autoplay></audio>",
        "<base href=" CANARY "><form action=" CANARY "form><input autofocus onfocus=" RAN ">",
        "<style>@import '" CANARY "import.css';</style>",
        "<details open ontoggle=" RAN "><math><mtext></mtext></math></details>",
        "javascript:" RAN,
        "&lt;script&gt;" RAN "&lt;/script&gt; &#60;script&#62;",
        "+ADw-script+AD4-" RAN "+ADw-/script+AD4-",
        "\xc0\xbcscript\xc0\xbe" RAN "\xc0\xbc/script\xc0\xbe",
        std::string("<scr\0ipt>" RAN "</script>", 50),
        "left \u202e<tpircs>\u2066\u200b right",
        "one\n<script>" RAN "</script>\r\nthree",
        std::string(100'000, '<') + "<script>" RAN "</script>",
        "[click](javascript:" RAN ") ![x](" CANARY "md.png) @everyone | `code` <" CANARY "auto>",
    };
    return names;
}

// Every hostile name wherever a name may stand.
Report hostileReport(const std::vector<std::string> &names)
{
    Report all;
    for (const auto &name : names) {
        auto one = sampleReport(name);
        all.title += name.substr(0, 120);
        all.subtitle += name.substr(0, 120);
        all.madeAt = one.madeAt;
        all.a = {.name = all.title, .date = name.substr(0, 60)};
        all.b = all.a;
        const auto append = [](auto &to, auto &from) {
            to.insert(to.end(), from.begin(), from.end());
        };
        one.sections.resize(1);
        one.facts.emplace_back(name, name);
        one.provenance.emplace_back(name, name);
        one.keyFigures.push_back({name, name, name, name, name, name});
        one.remarks.push_back({.what = name, .base = name, .cand = name, .sentence = name});
        one.findings.push_back(
            {.sentence = name, .note = name + "\n" + name, .severity = name, .view = name});
        auto &table = one.sections.front().tables.front();
        table.title = table.note = name;
        table.columns.front() = name;
        table.rows.resize(1);
        table.rows.front().push_back({name, name});
        one.sections.front().figures.front().caption = name;
        auto &link = one.findings.front().picture->light;
        link.beginLink({0, 0, 100, 100}, name);
        link.fillRect({0, 0, 100, 100}, {255});
        link.endLink();
        append(all.facts, one.facts);
        append(all.keyFigures, one.keyFigures);
        append(all.headlines, one.headlines);
        append(all.remarks, one.remarks);
        append(all.findings, one.findings);
        append(all.sections, one.sections);
        append(all.provenance, one.provenance);
        append(all.methods, one.methods);
    }
    return all;
}

// A listener before everything else, so that it sees what the policy of the page refuses. It says
// what there was in attributes of the root.
QString withListener(QString html)
{
    return html.replace(
        "<head>\n", "<head>\n<script>var v=[];"
                    "document.addEventListener('securitypolicyviolation',function(e){"
                    "v.push(e.violatedDirective+' '+e.blockedURI);"
                    "document.documentElement.dataset.refused=v.join(' ');});"
                    "addEventListener('load',function(){document.documentElement.dataset.loaded=1;"
                    "document.querySelectorAll('*').forEach(function(e){"
                    "e.dispatchEvent(new MouseEvent('mouseover'));});});</script>\n");
}

QString unescaped(QString html)
{
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
}

QString withoutPolicy(QString html)
{
    return html.remove(QRegularExpression("<meta http-equiv=\"Content-Security-Policy\"[^>]*>"));
}

} // namespace

class TestHostileReport : public QObject {
    Q_OBJECT

    struct Seen {
        QString root; // attributes of the root: "loaded", "ran", "refused"
        QStringList requests;
    };
    QString m_browser;
    Canary m_canary;

    Seen open(const QString &html)
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("report.html"));
        if (!file.open(QIODevice::WriteOnly) || file.write(html.toUtf8()) < 0)
            return {};
        file.close();
        m_canary.takeRequests();
        QProcess browser;
        browser.setProcessChannelMode(QProcess::SeparateChannels);
        browser.setStandardErrorFile(QProcess::nullDevice());
        browser.start(m_browser,
                      {"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                       "--disable-background-networking", "--disable-component-update",
                       "--disable-default-apps", "--disable-sync",
                       "--user-data-dir=" + dir.filePath("profile"),
                       "--proxy-server=127.0.0.1:" + QString::number(m_canary.port()),
                       "--virtual-time-budget=3000", "--dump-dom", "file://" + file.fileName()});
        if (!browser.waitForFinished(240'000)) {
            browser.kill();
            browser.waitForFinished();
            return {};
        }
        const auto dom = QString::fromUtf8(browser.readAllStandardOutput());
        const auto begin = dom.indexOf("<html");
        return {dom.mid(begin, dom.indexOf('>', begin) - begin), m_canary.takeRequests()};
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_canary.isUp());
        m_browser = QStandardPaths::findExecutable("chromium");
        if (m_browser.isEmpty())
            QSKIP("chromium is not installed");
    }

    void hostileNamesDoNothing()
    {
        auto names = hostileNames();
        names.push_back("<meta http-equiv=refresh content=\"0;url=" CANARY "refresh\">");
        const auto seen = open(withListener(QString::fromStdString(toHtml(hostileReport(names)))));
        QVERIFY2(seen.root.contains("data-loaded=\"1\""), qPrintable(seen.root));
        QVERIFY2(!seen.root.contains("data-ran"), qPrintable(seen.root));
        QVERIFY2(!seen.root.contains("data-refused"), qPrintable(seen.root.left(2000)));
        QCOMPARE(seen.requests, QStringList());
    }

    // What is above can fail: the same page without escapes is stopped by its policy ...
    void policyStopsWhatEscapesWouldMiss()
    {
        const auto html = QString::fromStdString(toHtml(hostileReport(hostileNames())));
        const auto seen = open(withListener(unescaped(html)));
        QVERIFY2(seen.root.contains("data-loaded=\"1\""), qPrintable(seen.root.left(2000)));
        QVERIFY2(seen.root.contains("data-refused=\"") && seen.root.contains("script-src"),
                 qPrintable(seen.root.left(2000)));
        QVERIFY2(!seen.root.contains("data-ran"), qPrintable(seen.root.left(2000)));
        QCOMPARE(seen.requests, QStringList());
    }

    // ... and without that, too, scripts run and requests leave.
    void withoutEscapesAndPolicyScriptsRun()
    {
        const auto html = QString::fromStdString(toHtml(hostileReport(hostileNames())));
        const auto seen = open(withListener(withoutPolicy(unescaped(html))));
        QVERIFY2(seen.root.contains("data-ran"), qPrintable(seen.root.left(2000)));
        QVERIFY(!seen.requests.isEmpty());
    }

    // Without a browser: nothing of a hostile name is an element, an attribute or a style.
    void hostileNamesAreTextOnly()
    {
        const auto html = QString::fromStdString(toHtml(hostileReport(hostileNames())));
        static const QRegularExpression element("<([a-zA-Z][a-zA-Z0-9]*)");
        static const QStringList known{
            "html",   "head",       "meta",  "title", "style", "body",  "main",     "header",
            "p",      "span",       "b",     "h1",    "div",   "small", "dl",       "dt",
            "dd",     "i",          "h2",    "ol",    "li",    "nav",   "a",        "br",
            "figure", "figcaption", "h3",    "svg",   "text",  "line",  "clipPath", "rect",
            "g",      "polyline",   "table", "thead", "tr",    "th",    "tbody",    "td",
            "ul",     "footer",     "script"};
        for (const auto &m : element.globalMatch(html))
            QVERIFY2(known.contains(m.captured(1)), qPrintable(m.captured()));
        QCOMPARE(html.count("<script"), 1);
        static const QRegularExpression link("href=\"(?!#[sp]\\d+b?\")");
        QCOMPARE(link.match(html).captured(), QString());
        QVERIFY(!html.contains(QChar(0x202e)));
        QVERIFY(!html.contains(QChar(0)));
        // 100,000 bytes of a name are cut wherever they are.
        QVERIFY(html.size() < 27 * 400'000);
    }
};

QTEST_GUILESS_MAIN(TestHostileReport)
#include "tst_hostile_report.moc"
