#include "views/scene/source_links.h"

#include <QTest>

using namespace flamewright;

namespace {

std::string addressOf(const SourceLinks &links, std::string file, std::uint32_t line = 41)
{
    FunctionInfo function;
    function.file = std::move(file);
    function.line = line;
    return links.addressOf(function);
}

} // namespace

class TestSourceLinks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filesAreAddressesOfTheMachine()
    {
        const auto links = SourceLinks::toFiles();
        QCOMPARE(addressOf(links, "/src/shop/cart.cpp"),
                 std::string("file:///src/shop/cart.cpp#L41"));
        QCOMPARE(addressOf(links, "/src/cart.cpp", 0), std::string("file:///src/cart.cpp"));
        QCOMPARE(addressOf(links, "/a b/c++/\u00e9#1?.cpp"),
                 std::string("file:///a%20b/c%2B%2B/%C3%A9%231%3F.cpp#L41"));
        // As scripts are named.
        QCOMPARE(addressOf(links, "file:///app/server.js"),
                 std::string("file:///app/server.js#L41"));
        // No place on this machine.
        for (const auto *file : {"", "cart.cpp", "node:internal/fs", "../x.c", "/", "//", "/.."})
            QCOMPARE(addressOf(links, file), std::string());
        QCOMPARE(addressOf(SourceLinks(), "/src/cart.cpp"), std::string());
    }

    void patternsHaveFileAndLine()
    {
        const auto links = SourceLinks::of("https://host/blob/main/{file}#L{line}").value();
        QCOMPARE(addressOf(links, "src/cart.cpp"),
                 std::string("https://host/blob/main/src/cart.cpp#L41"));
        QCOMPARE(addressOf(links, "/src/cart.cpp", 0),
                 std::string("https://host/blob/main/src/cart.cpp"));
        QCOMPARE(addressOf(links, "C:\\src\\cart.cpp"),
                 std::string("https://host/blob/main/C%3A/src/cart.cpp#L41"));
        const auto query = SourceLinks::of("http://host/?f={file}&l={line}").value();
        QCOMPARE(addressOf(query, "a&l=9#x", 0), std::string("http://host/?f=a%26l%3D9%23x&l=1"));
    }

    // Scheme, host and path of the pattern hold, whatever a path holds.
    void hostilePathsStayBelowThePattern()
    {
        const auto links = SourceLinks::of("https://host/repo/{file}").value();
        QCOMPARE(addressOf(links, "../../logout"), std::string("https://host/repo/logout"));
        QCOMPARE(addressOf(links, "a/../../b/./c"), std::string("https://host/repo/b/c"));
        QCOMPARE(addressOf(links, "..\\..\\x"), std::string("https://host/repo/x"));
        QCOMPARE(addressOf(links, "javascript:alert(1)//"),
                 std::string("https://host/repo/javascript%3Aalert%281%29"));
        QCOMPARE(addressOf(links, "\"><script>'\\\n"),
                 std::string("https://host/repo/%22%3E%3Cscript%3E%27/%0A"));
        QCOMPARE(addressOf(links, "{file}{line}"),
                 std::string("https://host/repo/%7Bfile%7D%7Bline%7D"));
        QCOMPARE(addressOf(links, "%2e%2e/x"), std::string("https://host/repo/%252e%252e/x"));
        QCOMPARE(addressOf(links, std::string(100'000, 'a')), std::string()); // no address
        for (int c = 0; c < 256; ++c) {
            const auto address = addressOf(links, std::string("a") + static_cast<char>(c));
            QVERIFY(isSafeAddress(address));
            QVERIFY(address.starts_with("https://host/repo/a"));
        }
    }

    void patternsThatAreNoneAreRefused()
    {
        for (const auto *pattern :
             {"", "host/{file}", "javascript:{file}", "javascript://x/{file}", "data:,{file}",
              "https://{file}", "https://{file}/x", "https:///{file}", "https://host{file}/x",
              "https://host#{file}/", "file://host/{file}", "ftp://host/{file}", "https://host/",
              "https://host/{line}", "https://host/ {file}", "https://host/\"{file}",
              "https://host/{file}{other}", "https://host/({file})"}) {
            const auto links = SourceLinks::of(pattern);
            QVERIFY2(!links, pattern);
            QCOMPARE(links.error().code(), Errc::Usage);
        }
        QVERIFY(SourceLinks::of("file:///mnt/src/{file}"));
        QVERIFY(SourceLinks::of("https://user@host:8080/a/{file}?line={line}"));
    }

    void onlyAddressesAreSafe()
    {
        QVERIFY(isSafeAddress("https://host/a%20b?x=1&y#L2"));
        for (const auto *address : {"", "HTTPS://host/", "javascript:1", " https://host/",
                                    "https://host/<", "https://host/\n", "https://host/)"})
            QVERIFY2(!isSafeAddress(address), address);
    }
};

QTEST_APPLESS_MAIN(TestSourceLinks)
#include "tst_source_links.moc"
