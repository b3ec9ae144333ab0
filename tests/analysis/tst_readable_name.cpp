#include "analysis/readable_name.h"

#include <QTest>

#include <random>
#include <string>

using namespace flamewright;

class TestReadableName : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Names as perf, pprof, async-profiler and V8 write them.
    void readsRealNames_data()
    {
        QTest::addColumn<QByteArray>("readable");
        const auto row = [](const char *name, const char *readable) {
            QTest::newRow(name) << QByteArray(readable);
        };
        // C++: std.
        row("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"
            "::basic_string(char const*)",
            "std::string::basic_string");
        row("std::__cxx11::basic_string<wchar_t, std::char_traits<wchar_t>, "
            "std::allocator<wchar_t> "
            ">::_M_create(unsigned long&, unsigned long)",
            "std::wstring::_M_create");
        row("std::vector<T, std::allocator<T>>::push_back(T&&)", "std::vector<T>::push_back");
        row("std::vector<std::__cxx11::basic_string<char, std::char_traits<char>, "
            "std::allocator<char> >, std::allocator<std::__cxx11::basic_string<char, "
            "std::char_traits<char>, std::allocator<char> > > >::reserve(unsigned long)",
            "std::vector<std::string>::reserve");
        row("std::map<int, std::__cxx11::basic_string<char, std::char_traits<char>, "
            "std::allocator<char> >, std::less<int>, std::allocator<std::pair<int const, "
            "std::__cxx11::basic_string<char> > > >::operator[](int const&)",
            "std::map<\u2026>::operator[]");
        row("std::unique_ptr<Foo, std::default_delete<Foo> >::~unique_ptr()",
            "std::unique_ptr<Foo>::~unique_ptr");
        row("std::function<void (int)>::operator()(int) const",
            "std::function<\u2026>::operator()");
        row("void std::__introsort_loop<__gnu_cxx::__normal_iterator<double*, "
            "std::vector<double, std::allocator<double> > >, long, "
            "__gnu_cxx::__ops::_Iter_less_iter>(long, long)",
            "std::__introsort_loop<\u2026>");
        row("std::chrono::_V2::steady_clock::now()", "std::chrono::steady_clock::now");
        row("std::__1::basic_ostream<char, std::__1::char_traits<char> >::flush()",
            "std::ostream::flush");
        row("std::__detail::_Map_base<int, std::pair<int const, int>, true>::operator[](int&&)",
            "std::__detail::_Map_base<\u2026>::operator[]");
        row("std::this_thread::__sleep_for(std::chrono::duration<long, std::ratio<1l, 1l> >, "
            "std::chrono::duration<long, std::ratio<1l, 1000000000l> >)",
            "std::this_thread::__sleep_for");
        row("std::__cxx11::to_string[abi:cxx11](int)", "std::to_string");
        row("std::hash<std::string>::operator()(std::string) const",
            "std::hash<std::string>::operator()");
        row("std::allocator<int>::allocate(unsigned long)", "std::allocator<int>::allocate");
        // Operators.
        row("bool operator< <int>(Foo<int> const&, Foo<int> const&)", "operator<<int>");
        row("std::ostream& std::operator<< <std::char_traits<char> >(std::basic_ostream<char, "
            "std::char_traits<char> >&, char const*)",
            "std::operator<<<\u2026>");
        row("Matrix::operator<(Matrix const&) const", "Matrix::operator<");
        row("operator<=>(Version, Version)", "operator<=>");
        row("operator>>(Stream&, Order&)", "operator>>");
        row("Handle<Order>::operator->() const", "Handle<Order>::operator->");
        row("Handle<Order>::operator->*(int) const", "Handle<Order>::operator->*");
        row("Compare::operator()(int, int) const", "Compare::operator()");
        row("Foo::operator unsigned long() const", "Foo::operator unsigned long");
        row("Foo::operator bool() const", "Foo::operator bool");
        row("operator new(unsigned long)", "operator new");
        row("operator delete[](void*)", "operator delete[]");
        row("operator\"\" _kg(long double)", "operator\"\" _kg");
        row("myoperator<int>(int)", "myoperator<int>");
        // Lambdas.
        row("main::{lambda(int)#1}::operator()(int) const", "main::{lambda#1}");
        row("node::LibuvStreamWrap::ReadStart()::{lambda(uv_stream_s*, long, uv_buf_t "
            "const*)#2}::_FUN(uv_stream_s*, long, uv_buf_t const*)",
            "node::LibuvStreamWrap::ReadStart::{lambda#2}::_FUN");
        row("main::$_0::operator()(int) const", "main::{lambda#1}");
        row("shop::price(int)::'lambda'(int)::operator()(int) const", "shop::price::{lambda#1}");
        row("shop::price(int)::'lambda0'(int)::operator()(int) const", "shop::price::{lambda#2}");
        row("main::<lambda(int)>::operator()(int) const", "main::{lambda}");
        row("auto shop::run()::{lambda(auto:1)#1}::operator()<int>(int) const",
            "shop::run::{lambda#1}<int>");
        // Namespaces, thunks, clones, return types.
        row("(anonymous namespace)::parse(std::string const&)", "parse");
        row("node::Buffer::(anonymous namespace)::SlowByteLengthUtf8", // as in the shop's capture
            "node::Buffer::SlowByteLengthUtf8");
        row("node::Buffer::(anonymous namespace)::StringSlice<(node::encoding)1>",
            "node::Buffer::StringSlice<\u2026>");
        row("price(Order const&) [clone .isra.0]", "price");
        row("price(Order const&) [clone .part.0] [clone .cold]", "price");
        row("do_execveat_common.isra.31", "do_execveat_common");
        row("foo.constprop.0.isra.0.cold", "foo");
        row("handler.llvm.123456789", "handler");
        row("non-virtual thunk to Foo::bar()", "non-virtual thunk to Foo::bar");
        row("vtable for Foo", "vtable for Foo");
        row("guard variable for f(int)::x", "guard variable for f::x");
        row("unsigned long hash_combine<int>(unsigned long, int const&)", "hash_combine<int>");
        row("decltype(auto) visit<int>(int)", "visit<int>");
        row("ada::parser::parse_url_impl<ada::url_aggregator, true>",
            "ada::parser::parse_url_impl<\u2026>");
        row("ada::parse<ada::url_aggregator>", "ada::parse<ada::url_aggregator>");
        row("v8::internal::Builtin_HandleApiCall(int, unsigned long*, v8::internal::Isolate*)",
            "v8::internal::Builtin_HandleApiCall");
        // Rust.
        row("tokio::runtime::park::CachedParkThread::block_on::{{closure}}::h0123456789abcdef",
            "tokio::runtime::park::CachedParkThread::block_on::{{closure}}");
        row("<alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop::hfedcba9876543210",
            "<Vec<\u2026> as Drop>::drop");
        row("<&mut T as core::fmt::Debug>::fmt", "<&mut T as Debug>::fmt");
        row("core::fmt::num::<impl core::fmt::Display for u32>::fmt",
            "core::fmt::num::<impl Display for u32>::fmt");
        row("core::iter::adapters::map::map_fold::<u32, u64>::{closure#0}",
            "core::iter::adapters::map::map_fold<\u2026>::{closure#0}");
        row("core::ops::function::FnOnce::call_once{{vtable.shim}}",
            "core::ops::function::FnOnce::call_once{{vtable.shim}}");
        // Java.
        row("com.example.shop.Cart.add", "Cart.add");
        row("com.example.shop.Cart.add(java.lang.String, int)", "Cart.add");
        row("com/example/shop/Cart.add", "Cart.add");
        row("Lcom/example/Cart;::add", "Cart::add");
        row("java.util.HashMap.<init>", "HashMap.<init>");
        row("java/util/concurrent/ThreadPoolExecutor$Worker.run", "ThreadPoolExecutor$Worker.run");
        row("com.example.Fridge.cold", "Fridge.cold");
        row("com.example.Shop$$Lambda$14/0x0000000800c8.apply",
            "Shop$$Lambda$14/0x0000000800c8.apply");
        // Go.
        row("net/http.(*conn).serve", "http.(*conn).serve");
        row("github.com/acme/shop/cart.(*Cart).Add", "cart.(*Cart).Add");
        row("encoding/json.Marshal", "json.Marshal");
        row("main.main.func1", "main.main.func1");
        row("main.Server.Handle", "main.Server.Handle");
        row("runtime.mallocgc", "runtime.mallocgc");
        row("type..eq.[2]interface {}", "type..eq.[2]interface {}");
        // Others keep theirs.
        row("LazyCompile:*total /app/cart.js:12:3", "LazyCompile:*total /app/cart.js:12:3");
        row("RegExp: ^(.*)(:[0-9]{1,5})", "RegExp: ^(.*)(:[0-9]{1,5})");
        row("(garbage collector)", "(garbage collector)");
        row("(anonymous)", "(anonymous)");
        row("<module>", "<module>");
        row("block (2 levels) in <main>", "block (2 levels) in <main>");
        row("entry_SYSCALL_64_after_hwframe", "entry_SYSCALL_64_after_hwframe");
        row("shop+0x1234", "shop+0x1234");
        row("[unknown]", "[unknown]");
        row("-[NSString length]", "-[NSString length]");
        // Broken ones stay what they are, or lose what does not end.
        row("f(int", "f");
        row("f<int", "f<int");
        row("a < b", "a < b");
        row("((((", "((((");
        row(">>>>)}", ">>>>)}");
        row("::", "::");
        row("()", "()");
        row("(anonymous namespace)::", "(anonymous namespace)::");
        row(" ", " ");
    }
    void readsRealNames()
    {
        QFETCH(QByteArray, readable);
        QCOMPARE(QByteArray::fromStdString(readableName(QTest::currentDataTag())), readable);
    }

    void nothingStaysNothing() { QCOMPARE(readableName(""), std::string()); }

    // Any bytes: no crash, not empty, not longer than a fold adds, and the same again.
    void anyBytesAreSafe()
    {
        std::mt19937 random(17);
        static constexpr std::string_view kPieces[] = {"<",
                                                       ">",
                                                       "(",
                                                       ")",
                                                       "{",
                                                       "}",
                                                       "[",
                                                       "]",
                                                       ",",
                                                       "::",
                                                       " ",
                                                       "operator",
                                                       "a",
                                                       "std::",
                                                       "allocator",
                                                       "basic_string",
                                                       "char",
                                                       "$_0",
                                                       "lambda",
                                                       "'lambda",
                                                       "'",
                                                       "#1",
                                                       "->",
                                                       "as",
                                                       " as ",
                                                       "impl ",
                                                       ".",
                                                       "/",
                                                       "A",
                                                       "const",
                                                       "&",
                                                       "[clone .x]",
                                                       ".isra.0",
                                                       "\x80",
                                                       "\xff",
                                                       "::h0123456789abcdef",
                                                       "(anonymous namespace)::",
                                                       "__cxx11",
                                                       "L",
                                                       ";::",
                                                       "[abi:x]",
                                                       "\""};
        for (int i = 0; i < 60'000; ++i) {
            std::string name;
            for (auto n = 1 + random() % 24; n > 0; --n)
                name += random() % 8 == 0 ? std::string(1, static_cast<char>(random() & 0xff))
                                          : std::string(kPieces[random() % std::size(kPieces)]);
            const auto readable = readableName(name);
            QVERIFY2(!readable.empty(), name.c_str());
            QVERIFY2(readable.size() <= 4 * name.size() + 16, name.c_str());
            QCOMPARE(readableName(name), readable);
        }
    }

    // A megabyte of what would hurt a reader that looks back or ahead again and again: a test that
    // is quadratic does not end here.
    void longNamesTakeNoLonger_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char *piece : {"<",
                                  ">",
                                  "(",
                                  ")",
                                  "{",
                                  "a<",
                                  "a<b,",
                                  "<a ",
                                  "<a as ",
                                  "a::",
                                  "a(",
                                  "{lambda(",
                                  "$_0::",
                                  "operator<",
                                  "a<b>",
                                  "::<T>",
                                  " [clone x]",
                                  ".isra.0",
                                  " ",
                                  "std::allocator<",
                                  "a<b,std::less<c>",
                                  "<a<b>",
                                  "f() const ",
                                  "(a<",
                                  "[abi:",
                                  "'lambda",
                                  "{a<b}"})
            QTest::newRow(piece) << QByteArray(piece);
    }
    void longNamesTakeNoLonger()
    {
        QFETCH(QByteArray, piece);
        std::string name;
        while (name.size() < 1 << 20)
            name += piece.toStdString();
        QVERIFY(!readableName(name).empty());
        QVERIFY(!readableName(name + "]").empty());
    }
};

QTEST_GUILESS_MAIN(TestReadableName)
#include "tst_readable_name.moc"
