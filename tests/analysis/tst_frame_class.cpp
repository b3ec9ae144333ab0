#include "analysis/frame_class.h"

#include <QTest>

#include <random>

using namespace flamewright;

class TestFrameClass : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsThePackage_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("package");
        const auto row = [](const char *name, const char *package) {
            QTest::newRow(name) << QByteArray(name) << QByteArray(package);
        };
        row("std::vector<int, std::allocator<int> >::push_back(int&&)", "std");
        row("boost::asio::io_context::run()", "boost");
        row("void std::__introsort_loop<long*, long>(long*, long*, long)", "std");
        row("(anonymous namespace)::parse(std::string)", "shop");
        row("parse(std::string)", "shop");
        row("main", "shop");
        row("tokio::runtime::park::CachedParkThread::block_on::h0123456789abcdef", "tokio");
        row("<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc");
        row("com.example.shop.Cart.add", "com.example.shop");
        row("com/example/shop/Cart.add", "com/example/shop");
        row("Lcom/example/Cart;::add", "com/example");
        row("java.util.HashMap$Node.<init>", "java.util");
        row("net/http.(*conn).serve", "net/http");
        row("github.com/acme/shop/cart.Add", "github.com/acme/shop/cart");
        row("main.main", "main");
        row("runtime.mallocgc", "runtime");
        row("LazyCompile:*total /app/cart.js:12:3", "shop");
        row("Cart.add", "shop");
        row("", "shop");
        row("::", "shop");
        row(".", "shop");
        row("a.", "shop");
    }
    void findsThePackage()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, package);
        const FunctionInfo function{.name = name.toStdString(), .module = "/usr/bin/shop"};
        QCOMPARE(QByteArray::fromStdString(std::string(packageOf(function))), package);
    }

    void kernelAndUnknownCodeIsTheModules()
    {
        QCOMPARE(
            packageOf({.name = "a::b", .module = "[kernel.kallsyms]", .kind = FrameKind::Kernel}),
            std::string_view("[kernel.kallsyms]"));
        QCOMPARE(packageOf({.name = "lib.so+0x10", .module = "/lib/lib.so", .unresolved = true}),
                 std::string_view("lib.so"));
    }

    void knowsCollectors_data()
    {
        QTest::addColumn<bool>("collects");
        for (const char *name :
             {"v8::internal::ScavengerCollector::CollectGarbage()",
              "v8::internal::Scavenger::Process(v8::JobDelegate*)",
              "v8::internal::MarkCompactCollector::MarkLiveObjects()", "runtime.gcBgMarkWorker",
              "runtime.scanobject", "G1ParScanThreadState::trim_queue()",
              "MarkSweep::mark_object(oop)", "PSPromotionManager::drain_stacks_depth(bool)",
              "ZMark::drain()", "GC_mark_from", "gc_collect_main", "rb_gc_mark_children",
              "WKS::gc_heap::mark_object_simple(unsigned char**)", "(garbage collector)"})
            QTest::newRow(name) << true;
        for (const char *name : {"main", "runtime.mallocgc", "gcc_main", "Graph::G1(int)",
                                 "shop::collect", "sweep_line", "GCD", "zmark"})
            QTest::newRow(name) << false;
    }
    void knowsCollectors()
    {
        QFETCH(bool, collects);
        QCOMPARE(isGarbageCollection(QTest::currentDataTag()), collects);
    }

    void anyBytesGiveAPartOfTheText()
    {
        std::mt19937 random(11);
        static constexpr std::string_view kAlphabet = "aZ_0.:/<>(){};$ L\x80\xff";
        for (int i = 0; i < 20'000; ++i) {
            FunctionInfo f{.module = "m"};
            for (auto n = random() % 40; n > 0; --n)
                f.name += kAlphabet[random() % kAlphabet.size()];
            const auto package = packageOf(f);
            QVERIFY(!package.empty());
            QVERIFY(package == "m" || f.name.find(package) != std::string::npos);
        }
        const FunctionInfo longName{.name = std::string(1 << 20, ':'), .module = "m"};
        QCOMPARE(packageOf(longName), std::string_view("m"));
    }
};

QTEST_GUILESS_MAIN(TestFrameClass)
#include "tst_frame_class.moc"
