#include "analysis/url_pattern.h"

#include <QTest>

#include <set>
#include <string>

using namespace flamewright;

class TestUrlPattern : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTellsThingsApartIsTakenOut_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("pattern");
        const auto row = [](const char *name, const char *pattern) {
            QTest::newRow(name) << QByteArray(name) << QByteArray(pattern);
        };
        row("GET /users/17", "GET /users/{n}");
        row("/users/17/orders/9f8e7d6c", "/users/{n}/orders/{id}");
        row("/o/123e4567-e89b-12d3-a456-426614174000/pay", "/o/{id}/pay");
        row("/item-12/part_7", "/item-{n}/part_{n}");
        row("https://shop.example:8080/p/42?ref=7&lang=de#top",
            "https://shop.example:8080/p/{n}?ref={}&lang={}");
        row("/s/aB3dE5fG7hJ9kL1m", "/s/{id}");
        row("/reports/2024-01-31", "/reports/{n}-{n}-{n}");
        row("/a//b/", "/a//b/");
        row("/search?q=red=blue;page=2", "/search?q={};page={}");
    }
    void whatTellsThingsApartIsTakenOut()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, pattern);
        QCOMPARE(QByteArray::fromStdString(urlPattern(name.toStdString())), pattern);
    }
    void namesThatPeopleChoseStay_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *name :
             {"", "Checkout 2", "01 Login", "GET /api/v2/products", "/facade/decade/added",
              "http://10.0.0.1:8080", "/internationalization", "SELECT 1", "/V10/x"})
            QTest::newRow(name) << QByteArray(name);
    }
    void namesThatPeopleChoseStay()
    {
        QFETCH(QByteArray, name);
        QCOMPARE(QByteArray::fromStdString(urlPattern(name.toStdString())), name);
    }
    void aPatternIsItsOwnPattern()
    {
        for (const char *name : {"/users/17/orders/9f8e7d6c", "/a?x=1&y=2", "/item-12"}) {
            const auto once = urlPattern(name);
            QCOMPARE(urlPattern(once), once);
        }
    }
    void aHundredThousandEndpointsAreOne()
    {
        std::set<std::string> patterns;
        for (int i = 0; i < 100'000; ++i)
            patterns.insert(urlPattern("GET /users/" + std::to_string(i) + "/cart"));
        QCOMPARE(patterns, std::set<std::string>{"GET /users/{n}/cart"});
    }
};

QTEST_APPLESS_MAIN(TestUrlPattern)
#include "tst_url_pattern.moc"
