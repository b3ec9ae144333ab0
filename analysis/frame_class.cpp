#include "analysis/frame_class.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace flamewright {
namespace {

constexpr std::size_t kLooked = 1024;

bool isWord(char c)
{
    const auto u = static_cast<unsigned char>(c);
    return std::isalnum(u) != 0 || c == '_' || c == '$' || u >= 0x80;
}
bool isLower(char c)
{
    return std::islower(static_cast<unsigned char>(c)) != 0;
}
bool isUpper(char c)
{
    return std::isupper(static_cast<unsigned char>(c)) != 0;
}

// What precedes the name itself in C++ and Rust: "<&mut T as Trait>::f", "void f<T>()",
// "impl T for U". The first path that is followed by "::".
std::string_view firstScope(std::string_view name)
{
    for (std::size_t at = 0; at < name.size();) {
        if (!isWord(name[at])) {
            ++at;
            continue;
        }
        auto end = at;
        while (end < name.size() && isWord(name[end]))
            ++end;
        if (name.substr(end).starts_with("::"))
            return name.substr(at, end - at);
        // Arguments of a function in no namespace are not where it belongs.
        if (end < name.size() && name[end] == '(')
            return {};
        at = end;
    }
    return {};
}

// "com.example.shop.Cart.add", "com/example/shop/Cart.add", "Lcom/example/Cart;::add".
std::string_view javaPackage(std::string_view name)
{
    if (name.starts_with('L') && name.find(';') != std::string_view::npos)
        name = name.substr(1, name.find(';') - 1);
    std::size_t last = 0; // end of the last lower-case part
    for (std::size_t at = 0; at < name.size();) {
        if (!isLower(name[at]) && name[at] != '_')
            return last > 0 && isUpper(name[at]) ? name.substr(0, last) : std::string_view();
        auto end = at;
        while (end < name.size() && isWord(name[end]))
            ++end;
        if (end == name.size() || (name[end] != '.' && name[end] != '/'))
            return {};
        last = end;
        at = end + 1;
    }
    return {};
}

// "net/http.(*conn).serve", "github.com/a/b.F", "main.main": up to the dot after the last slash.
std::string_view goPackage(std::string_view name)
{
    const auto head = name.substr(0, name.find_first_of("([{ <"));
    const auto slash = head.rfind('/');
    const auto from = slash == std::string_view::npos ? 0 : slash + 1;
    const auto dot = name.find('.', from);
    if (dot == std::string_view::npos || dot == from || dot + 1 >= name.size())
        return {};
    const auto package = name.substr(0, dot);
    const bool plain = std::all_of(package.begin(), package.end(), [](char c) {
        return isWord(c) || c == '/' || c == '.' || c == '-' || c == '%';
    });
    if (!plain || !isLower(package[from]))
        return {};
    const auto next = name[dot + 1];
    return isWord(next) || next == '(' ? package : std::string_view();
}

bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

std::string_view packageOf(const FunctionInfo &function)
{
    const auto slash = function.module.rfind('/');
    const auto module =
        std::string_view(function.module).substr(slash == std::string::npos ? 0 : slash + 1);
    // Names of addresses, and of JavaScript: "shop+0x12", "LazyCompile:*f file.js:3".
    const auto name = std::string_view(function.name).substr(0, kLooked);
    if (function.unresolved || function.kind == FrameKind::Kernel)
        return module;
    if (const auto package = javaPackage(name); !package.empty())
        return package;
    if (holds(name, "::")) {
        if (const auto scope = firstScope(name); !scope.empty())
            return scope;
        return module;
    }
    if (const auto package = goPackage(name); !package.empty())
        return package;
    return module;
}

bool isGarbageCollection(std::string_view name)
{
    name = name.substr(0, kLooked);
    static constexpr std::array kStarts = {"runtime.gc",
                                           "runtime.bgsweep",
                                           "runtime.bgscavenge",
                                           "runtime.sweepone",
                                           "runtime.scanobject",
                                           "runtime.greyobject",
                                           "runtime.markroot",
                                           "runtime.(*gcWork)",
                                           "runtime.(*sweepLocked)",
                                           "GC_",
                                           "gc_collect",
                                           "rb_gc",
                                           "gc_mark",
                                           "gc_sweep",
                                           "ZMark",
                                           "ZRelocate",
                                           "ZDriver",
                                           "G1",
                                           "PSPromotion",
                                           "PSParallelCompact",
                                           "PSScavenge",
                                           "Shenandoah",
                                           "(garbage collector)",
                                           "GC "};
    static constexpr std::array kParts = {"Scavenger",
                                          "MarkCompact",
                                          "Mark-Compact",
                                          "MarkSweep",
                                          "Mark-Sweep",
                                          "ParallelScavenge",
                                          "GenCollectedHeap",
                                          "CollectGarbage",
                                          "GarbageCollect",
                                          "garbage_collect",
                                          "gc_heap::",
                                          "ConcurrentMarking",
                                          "IncrementalMarking",
                                          "v8.gc",
                                          "V8.GC",
                                          "v8 gc"};
    return std::any_of(kStarts.begin(), kStarts.end(),
                       [&](const char *start) { return name.starts_with(start); }) ||
           std::any_of(kParts.begin(), kParts.end(),
                       [&](const char *part) { return holds(name, part); });
}

} // namespace flamewright
