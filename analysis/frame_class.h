#pragma once

#include "analysis/flame_tree.h"

#include <string_view>

// What a function's name says about where it belongs.
namespace flamewright {

// The package of a function, part of its name or module: C++ namespace or class ("std"), Rust crate
// ("tokio"), Java package ("com.example.shop"), Go package ("net/http"); where the name has none,
// the file name of its module. Looks at the first kilobyte of a name.
std::string_view packageOf(const FunctionInfo &function);

// Names of the collectors of V8, the JVM, Go, Python, Ruby, .NET and Boehm.
bool isGarbageCollection(std::string_view name);

} // namespace flamewright
