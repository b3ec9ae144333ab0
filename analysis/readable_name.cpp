#include "analysis/readable_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <vector>

namespace flamewright {
namespace {

constexpr std::string_view kFolded = "<\u2026>";
constexpr std::size_t kShortArgument = 24;

bool isWord(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return std::isalnum(u) != 0 || c == '_' || c == '$' || u >= 0x80;
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f');
}
bool isLower(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}
bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

template <std::size_t N>
bool isOneOf(std::string_view text, const std::array<std::string_view, N> &all)
{
    return std::find(all.begin(), all.end(), text) != all.end();
}

// One ".isra.0" less.
std::string_view withoutNumbered(std::string_view name)
{
    static constexpr std::array<std::string_view, 6> kSuffixes = {"isra",     "constprop", "part",
                                                                  "lto_priv", "llvm",      "cold"};
    auto end = name.size();
    while (end > 0 && isDigit(name[end - 1]))
        --end;
    if (end == name.size() || end < 2 || name[end - 1] != '.')
        return name;
    const auto dot = name.substr(0, end - 1).rfind('.');
    const bool is = dot != std::string_view::npos && dot > 0 &&
                    isOneOf(name.substr(dot + 1, end - dot - 2), kSuffixes);
    return is ? name.substr(0, dot) : name;
}

// Copies made by the optimiser: "f(int) [clone .isra.0]", "f.constprop.0", "f.cold".
std::string_view withoutClones(std::string_view name)
{
    for (auto at = name.rfind(" [clone ");
         at != std::string_view::npos && at > 0 && name.ends_with(']'); at = name.rfind(" [clone "))
        name = name.substr(0, at);
    if (const auto at = name.rfind(" (."); at != std::string_view::npos && name.ends_with(')'))
        name = name.substr(0, at);
    // A method of that name has a class before it.
    constexpr std::string_view kCold = ".cold";
    if (name.size() > kCold.size() && name.ends_with(kCold)) {
        const auto rest = name.substr(0, name.size() - kCold.size());
        if (rest.find('.') == std::string_view::npos || withoutNumbered(rest) != rest)
            name = rest;
    }
    for (auto rest = withoutNumbered(name); rest != name; rest = withoutNumbered(name))
        name = rest;
    return name;
}

// "::h0123456789abcdef" at the end.
std::string_view withoutRustHash(std::string_view name)
{
    constexpr std::size_t kHash = 19;
    if (name.size() <= kHash)
        return name;
    const auto hash = name.substr(name.size() - kHash);
    const bool is = hash.starts_with("::h") && std::all_of(hash.begin() + 3, hash.end(), isHex);
    return is ? name.substr(0, name.size() - kHash) : name;
}

// Reads C++ and Rust names from left to right. Brackets that are open are on a stack; what they
// hold is written like the rest and taken back when they close.
class Reader {
public:
    explicit Reader(std::string_view text) : m_text(text) {}
    std::string read();

private:
    enum class Bracket : std::uint8_t {
        Template,  // f<int>
        Qualified, // <T as Trait>, <impl T for U>, <init>, <module>
        Round,     // (*conn), (garbage collector), and in arguments
        Curly      // {lambda(int)#1}, {{closure}}
    };
    struct Open {
        Bracket bracket;
        std::size_t start;    // of the bracket in m_out
        std::size_t argument; // Template: where the argument being read starts
        std::size_t firstEnd = 0;
        std::uint32_t arguments = 0; // read before, without those that say nothing
        bool plain = true;           // nothing but names in it
        bool as = false;             // Qualified: T as Trait
    };

    bool ahead(std::string_view text) const { return m_text.substr(m_at).starts_with(text); }
    bool in(Bracket bracket) const { return !m_open.empty() && m_open.back().bracket == bracket; }
    bool endsWithOperator() const;
    void open(Bracket bracket);
    void word();
    void scope();
    bool operatorSymbol();
    bool dropped();
    void angle();
    void round();
    void skipParameters();
    void closeAngle();
    void closeRound();
    void closeCurly();
    void endArgument(Open &open);
    bool foldedString(std::string_view first);
    void space();
    void startPath();
    void cutReturnType();

    std::string_view m_text;
    std::size_t m_at = 0;
    std::string m_out;
    std::vector<Open> m_open;
    std::size_t m_round = 0, m_curly = 0;          // how many of m_open
    std::size_t m_nameStart = 0;                   // after the last space outside of brackets
    std::size_t m_operatorEnd = SIZE_MAX;          // where m_out ended after an operator's symbol
    std::size_t m_lambdaEnd = SIZE_MAX;            // and after a lambda
    bool m_parameters = false, m_operator = false; // seen outside of brackets
    bool m_whole = false;                          // nothing before the name is a type
};

std::string Reader::read()
{
    m_out.reserve(m_text.size());
    while (m_at < m_text.size()) {
        if (operatorSymbol() || dropped())
            continue;
        const auto c = m_text[m_at];
        if (isWord(c)) {
            word();
            continue;
        }
        if (ahead("::")) {
            scope();
            continue;
        }
        if (ahead("->")) { // closes nothing
            m_out += "->";
            m_at += 2;
            continue;
        }
        switch (c) {
        case '<': angle(); break;
        case '>': closeAngle(); break;
        case '(': round(); break;
        case ')': closeRound(); break;
        case '{': open(Bracket::Curly); break;
        case '}': closeCurly(); break;
        case ' ': space(); break;
        case ',':
            if (in(Bracket::Template))
                endArgument(m_open.back());
            [[fallthrough]];
        default: m_out += c; ++m_at;
        }
        if (c == ',' && in(Bracket::Template))
            m_open.back().argument = m_out.size();
    }
    cutReturnType();
    return std::move(m_out);
}

bool Reader::endsWithOperator() const
{
    constexpr std::string_view kOperator = "operator";
    return m_out.ends_with(kOperator) && (m_out.size() == kOperator.size() ||
                                          !isWord(m_out[m_out.size() - kOperator.size() - 1]));
}

void Reader::open(Bracket bracket)
{
    if (!m_open.empty())
        m_open.back().plain = m_open.back().plain && bracket == Bracket::Template;
    m_open.push_back({.bracket = bracket, .start = m_out.size(), .argument = m_out.size() + 1});
    m_round += bracket == Bracket::Round;
    m_curly += bracket == Bracket::Curly;
    m_out += m_text[m_at++];
}

// A name; left out when it is an inline namespace of std.
void Reader::word()
{
    auto end = m_at;
    while (end < m_text.size() && isWord(m_text[end]))
        ++end;
    const auto name = m_text.substr(m_at, end - m_at);
    m_at = end;
    static constexpr std::array<std::string_view, 4> kInline = {"__cxx11", "__1", "__ndk1", "_V2"};
    if (ahead("::") && m_out.ends_with("::") && isOneOf(name, kInline)) {
        m_at += 2;
        return;
    }
    int number = 0;
    const auto digits = name.substr(std::min<std::size_t>(name.size(), 2));
    if (name.starts_with("$_") && !digits.empty() && digits.size() < 7 &&
        std::all_of(digits.begin(), digits.end(), isDigit)) { // clang counts lambdas from 0
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        m_out += "{lambda#" + std::to_string(number + 1) + "}";
        m_lambdaEnd = m_out.size();
        return;
    }
    m_out += name;
    m_operator = m_operator || (m_open.empty() && name == "operator");
}

void Reader::scope()
{
    m_at += 2;
    constexpr std::string_view kCall = "operator()";
    if (m_out.size() == m_lambdaEnd && ahead(kCall)) {
        m_at += kCall.size();
        return;
    }
    if (in(Bracket::Qualified)) { // only the last part of a path
        const auto start = m_open.back().argument;
        if (start < m_out.size()) {
            m_out.resize(start);
            return;
        }
    }
    m_out += "::";
}

// After "operator", whatever looks like a bracket is none.
bool Reader::operatorSymbol()
{
    if (isWord(m_text[m_at]) || m_text[m_at] == ' ' || !endsWithOperator())
        return false;
    static constexpr std::array<std::string_view, 40> kSymbols = {
        "<=>", "<<=", ">>=", "->*", "()", "[]", "->", "<<", ">>", "<=", ">=", "==",  "!=", "&&",
        "||",  "++",  "--",  "+=",  "-=", "*=", "/=", "%=", "^=", "&=", "|=", "<",   ">",  "+",
        "-",   "*",   "/",   "%",   "^",  "&",  "|",  "~",  "!",  "=",  ",",  "\"\""};
    for (const auto symbol : kSymbols) {
        if (!ahead(symbol))
            continue;
        m_out += symbol;
        m_at += symbol.size();
        m_operatorEnd = m_out.size();
        if (ahead(" <")) // arguments of operator< and operator<<
            ++m_at;
        return true;
    }
    return false;
}

// What is left out wherever it stands.
bool Reader::dropped()
{
    static constexpr std::array<std::string_view, 3> kAnonymous = {
        "(anonymous namespace)::", "{anonymous}::", "`anonymous namespace'::"};
    for (const auto anonymous : kAnonymous) {
        if (ahead(anonymous)) {
            m_at += anonymous.size();
            return true;
        }
    }
    constexpr std::size_t kLongestTag = 64;
    if (ahead("[abi:")) {
        const auto end = m_text.substr(m_at, kLongestTag).find(']');
        if (end != std::string_view::npos) {
            m_at += end + 1;
            return true;
        }
    }
    constexpr std::string_view kLambda = "'lambda";
    if (ahead(kLambda)) { // clang: 'lambda', 'lambda0', 'lambda1'
        const auto rest = m_text.substr(m_at + kLambda.size(), 8);
        const auto end = rest.find('\'');
        if (end == std::string_view::npos ||
            !std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(end), isDigit))
            return false;
        int number = -1;
        std::from_chars(rest.data(), rest.data() + end, number);
        m_out += "{lambda#" + std::to_string(number + 2) + "}";
        m_at += kLambda.size() + end + 1;
        m_lambdaEnd = m_out.size();
        return true;
    }
    return false;
}

void Reader::angle()
{
    const auto before = m_out.empty() ? ' ' : m_out.back();
    const bool arguments =
        isWord(before) || before == '}' || before == ']' || m_out.size() == m_operatorEnd;
    open(arguments ? Bracket::Template : Bracket::Qualified);
}

void Reader::round()
{
    const auto before = m_out.empty() ? ' ' : m_out.back();
    const bool follows = isWord(before) || before == '>' || before == ']' || before == '}' ||
                         m_out.size() == m_operatorEnd;
    if (!follows || in(Bracket::Template) || in(Bracket::Round))
        return open(Bracket::Round);
    m_parameters = m_parameters || m_open.empty();
    skipParameters();
}

void Reader::skipParameters()
{
    std::size_t depth = 0;
    for (; m_at < m_text.size(); ++m_at) {
        depth += m_text[m_at] == '(';
        depth -= m_text[m_at] == ')';
        if (depth == 0)
            break;
    }
    m_at = std::min(m_at + 1, m_text.size());
    static constexpr std::array<std::string_view, 5> kAfter = {" const", " volatile", " noexcept",
                                                               " &&", " &"};
    for (bool more = true; more;) {
        more = false;
        for (const auto word : kAfter) {
            const auto end = m_at + word.size();
            if (ahead(word) && (end >= m_text.size() || !isWord(m_text[end]))) {
                m_at = end;
                more = true;
            }
        }
    }
}

// Leaves out what every use of a template repeats.
void Reader::endArgument(Open &open)
{
    auto start = open.argument;
    while (start < m_out.size() && m_out[start] == ' ')
        ++start;
    const auto argument = std::string_view(m_out).substr(start);
    static constexpr std::array<std::string_view, 8> kDefaults = {
        "std::allocator<",      "std::char_traits<",
        "std::default_delete<", "std::less<",
        "std::hash<",           "std::equal_to<",
        "alloc::alloc::Global", "std::pmr::polymorphic_allocator<"};
    const bool isDefault =
        open.arguments > 0 && std::any_of(kDefaults.begin(), kDefaults.end(),
                                          [&](auto name) { return argument.starts_with(name); });
    if (isDefault)
        return m_out.resize(open.argument - 1); // with the comma before it
    if (open.arguments == 0)
        open.firstEnd = m_out.size();
    ++open.arguments;
}

// std::basic_string<char, …> is std::string, std::basic_ostream<char> is std::ostream.
bool Reader::foldedString(std::string_view first)
{
    constexpr std::string_view kBasic = "std::basic_";
    constexpr std::size_t kLongest = 40;
    if (first != "char" && first != "wchar_t")
        return false;
    const auto from = m_out.size() > kLongest ? m_out.size() - kLongest : 0;
    const auto basic = m_out.find(kBasic, from);
    if (basic == std::string::npos)
        return false;
    const auto name = m_out.substr(basic + kBasic.size());
    if (name.empty() || !std::all_of(name.begin(), name.end(), isWord))
        return false;
    m_out.resize(basic);
    m_out.append(first == "char" ? "std::" : "std::w").append(name);
    return true;
}

void Reader::closeAngle()
{
    ++m_at;
    if (!in(Bracket::Template) && !in(Bracket::Qualified)) {
        m_out += '>';
        return;
    }
    auto open = m_open.back();
    if (open.bracket == Bracket::Qualified) {
        m_open.pop_back();
        const auto content = std::string_view(m_out).substr(open.start + 1);
        const bool afterScope = std::string_view(m_out).substr(0, open.start).ends_with("::");
        if (content == "lambda") { // GCC: <lambda(int)>
            m_out.resize(open.start);
            m_out += "{lambda}";
            m_lambdaEnd = m_out.size();
        } else if (afterScope && !open.as && !content.starts_with("impl ")) { // f::<T>
            m_out.resize(open.start - 2);
            m_out += kFolded;
        } else {
            m_out += '>';
        }
        return;
    }
    endArgument(open);
    const auto first =
        m_out.substr(open.start + 1, std::min(open.firstEnd - open.start - 1, kShortArgument + 1));
    const bool one = open.arguments == 1 && open.plain && first.size() <= kShortArgument &&
                     first.find('<') == std::string::npos;
    m_open.pop_back();
    m_out.resize(open.start);
    if (foldedString(first))
        return;
    if (one && !first.empty())
        m_out.append("<").append(first).append(">");
    else
        m_out += kFolded;
}

void Reader::closeRound()
{
    m_out += m_text[m_at++];
    if (m_round == 0)
        return;
    while (!in(Bracket::Round)) { // a "less than" among them
        m_curly -= in(Bracket::Curly);
        m_open.pop_back();
    }
    m_open.pop_back();
    --m_round;
}

void Reader::closeCurly()
{
    m_out += m_text[m_at++];
    if (m_curly == 0)
        return;
    while (!in(Bracket::Curly)) {
        m_round -= in(Bracket::Round);
        m_open.pop_back();
    }
    const auto content = std::string_view(m_out).substr(m_open.back().start);
    if (content.starts_with("{lambda"))
        m_lambdaEnd = m_out.size();
    m_open.pop_back();
    --m_curly;
}

void Reader::space()
{
    m_out += m_text[m_at++];
    if (m_open.empty()) {
        // Names of conversion operators have spaces; "thunk to", "vtable for" say what it is.
        const bool says = m_out.ends_with(" to ") || m_out.ends_with(" for ");
        m_whole = m_whole || says;
        m_nameStart = m_whole ? 0 : m_operator ? m_nameStart : m_out.size();
        return;
    }
    auto &open = m_open.back();
    open.as = open.as || m_out.ends_with(" as ");
    startPath();
}

// In "<&T as Trait>": where the next path starts.
void Reader::startPath()
{
    if (in(Bracket::Qualified))
        m_open.back().argument = m_out.size();
}

// Only signatures have one: "void f<int>(int)".
void Reader::cutReturnType()
{
    if (m_parameters && m_nameStart < m_out.size())
        m_out.erase(0, m_nameStart);
}

// "com.example.shop.Cart.add" -> "Cart.add", "com/example/Cart.add" -> "Cart.add".
std::string_view withoutJavaPackage(std::string_view name)
{
    std::size_t parts = 0;
    char separator = 0;
    for (std::size_t at = 0; at < name.size();) {
        if (isUpper(name[at]))
            return parts > (separator == '.' ? 1u : 0u) ? name.substr(at) : name;
        if (!isLower(name[at]))
            return name;
        auto end = at;
        while (end < name.size() && isWord(name[end]))
            ++end;
        if (end == name.size() || (name[end] != '.' && name[end] != '/') ||
            (parts > 0 && name[end] != separator))
            return name;
        separator = name[end];
        ++parts;
        at = end + 1;
    }
    return name;
}

// "net/http.(*conn).serve" -> "http.(*conn).serve"
std::string_view withoutGoPath(std::string_view name)
{
    const auto head = name.substr(0, name.find_first_of("([{<* :,"));
    const auto slash = head.rfind('/');
    if (slash == std::string_view::npos || slash + 1 >= name.size() || !isLower(name[0]))
        return name;
    const bool path = std::all_of(head.begin(), head.end(), [](char c) {
        return isWord(c) || c == '/' || c == '.' || c == '-' || c == '%' || c == '~';
    });
    return path && head.find('.', slash) != std::string_view::npos ? name.substr(slash + 1) : name;
}

// "Lcom/example/Cart;::add", as HotSpot writes its perf maps.
std::string withoutDescriptor(std::string_view name)
{
    const auto end = name.find(";::");
    if (!name.starts_with('L') || end == std::string_view::npos)
        return std::string(name);
    const auto slash = name.substr(0, end).rfind('/');
    const auto start = slash == std::string_view::npos ? 1 : slash + 1;
    return std::string(name.substr(start, end - start)).append(name.substr(end + 1));
}

} // namespace

std::string readableName(std::string_view name)
{
    if (name.starts_with("RegExp: ")) // V8: what follows is no code
        return std::string(name);
    const auto plain = withoutDescriptor(withoutRustHash(withoutClones(name)));
    const auto read = Reader(plain).read();
    const auto java = withoutJavaPackage(read);
    std::string out(java.size() == read.size() ? withoutGoPath(read) : java);
    if (out.find_first_not_of(' ') == std::string::npos)
        return std::string(name);
    return out;
}

} // namespace flamewright
