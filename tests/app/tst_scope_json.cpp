#include "app/scope_json.h"

#include <QTest>

#include <limits>
#include <random>

using namespace flamewright;

namespace {

class Random {
public:
    explicit Random(std::uint32_t seed) : m_engine(seed) {}

    int below(int n) { return static_cast<int>(m_engine() % static_cast<std::uint64_t>(n)); }
    std::int64_t number()
    {
        switch (below(4)) {
        case 0: return std::numeric_limits<std::int64_t>::min();
        case 1: return std::numeric_limits<std::int64_t>::max();
        default: return static_cast<std::int64_t>(m_engine());
        }
    }
    std::uint32_t id() { return static_cast<std::uint32_t>(m_engine()); }
    // Bytes of any kind: captures are free to name functions as they like.
    std::string text()
    {
        static const std::vector<std::string> kParts{"malloc",
                                                     "/re.*gex/i",
                                                     "",
                                                     "\"quoted\\",
                                                     std::string("\0nul", 4),
                                                     "\xff\xfe",
                                                     "\xef\xbb\xbf"
                                                     "bom",
                                                     "\xd1\x84\xd0\xbb\xd0\xb0\xd0\xbc",
                                                     "\xed\xa0\x80",
                                                     "\n\t\x1b[0m",
                                                     "\xf0\x9f\x94\xa5"};
        std::string out;
        for (int n = below(4); n > 0; --n)
            out += kParts[static_cast<std::size_t>(below(static_cast<int>(kParts.size())))];
        return out;
    }
    Scope scope()
    {
        Scope out;
        for (int n = below(4); n > 0; --n)
            out.captures.push_back({id()});
        for (int n = below(4); n > 0; --n) {
            auto begin = number(), end = number();
            if (begin > end)
                std::swap(begin, end);
            out.times.push_back({Timestamp{Duration{begin}}, Timestamp{Duration{end}}});
        }
        for (int n = below(5); n > 0; --n)
            out.tracks.push_back({{id()}, {id()}});
        out.measure = text();
        out.search = text();
        out.inlines = below(2) == 0;
        for (int n = below(5); n > 0; --n)
            out.transforms.push_back(
                {static_cast<TransformKind>(below(static_cast<int>(kTransformKinds))), text()});
        return out;
    }

private:
    std::mt19937_64 m_engine;
};

Errc refused(std::string_view json)
{
    const auto result = scopeFromJson(json);
    return result.has_value() ? Errc::Internal : result.error().code();
}

} // namespace

class TestScopeJson : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void comesBackAsItWas()
    {
        QVERIFY(scopeFromJson(scopeToJson({})).value() == Scope{});
        for (std::uint32_t seed = 0; seed < 2000; ++seed) {
            const auto scope = Random(seed).scope();
            const auto json = scopeToJson(scope);
            const auto again = scopeFromJson(json);
            QVERIFY2(again.has_value(), json.c_str());
            QVERIFY2(*again == scope, json.c_str());
        }
    }

    void keepsEveryKindOfTransform()
    {
        for (std::size_t i = 0; i < kTransformKinds; ++i) {
            Scope scope;
            scope.transforms = {{static_cast<TransformKind>(i), "x"}};
            QVERIFY(scopeFromJson(scopeToJson(scope)).value() == scope);
        }
    }

    void readsWhatIsMissingAsTheDefault()
    {
        QVERIFY(scopeFromJson(R"({"version": 1, "later": 7})").value() == Scope{});
    }

    void refusesWhatANewerProgramWrote() { QCOMPARE(refused(R"({"version": 2})"), Errc::Version); }

    void refusesWhatIsImpossible()
    {
        for (const auto *json :
             {"", "[]", "{", "{}", R"({"version": "1"})", R"({"version": 1, "captures": 1})",
              R"({"version": 1, "captures": [-1]})", R"({"version": 1, "captures": [1.5]})",
              R"({"version": 1, "captures": [4294967296]})",
              R"({"version": 1, "times": [{"begin": 2, "end": 1}]})",
              R"({"version": 1, "times": [{"begin": 1e300, "end": 1}]})",
              R"({"version": 1, "tracks": [7]})", R"({"version": 1, "search": 5})",
              R"({"version": 1, "search": {"base64": "***"}})",
              R"({"version": 1, "inlines": "no"})",
              R"({"version": 1, "transforms": [{"kind": "explode", "pattern": ""}]})"})
            QVERIFY2(refused(json) == Errc::Corrupt, json);
    }

    // Whatever bytes: an answer or an error, no crash.
    void survivesDamage()
    {
        std::mt19937 random(5);
        const auto good = scopeToJson(Random(12).scope());
        for (int i = 0; i < 3000; ++i) {
            auto damaged = good;
            for (int n = 0; n < 3; ++n)
                damaged[random() % damaged.size()] = static_cast<char>(random());
            damaged.resize(random() % (damaged.size() + 1));
            const auto result = scopeFromJson(damaged);
            if (result.has_value())
                QVERIFY(scopeFromJson(scopeToJson(*result)).value() == *result);
        }
    }
};

QTEST_GUILESS_MAIN(TestScopeJson)
#include "tst_scope_json.moc"
