#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace flamewright {

// Load tests, traces and profiles call one thing by different names.

// Which of the operations is the endpoint of a load test; nullopt: none, or more than one.
//
//   GET http://shop:8080/product/17?x=1   GET /product/:id
//   /checkout                             POST /checkout
//   product                               GET /product/:id
//
// Without a method any will do; what stands for a part of a path (:id, {id}, [id], <id>, numbers)
// is any part.
std::optional<std::size_t> operationOf(std::string_view endpoint,
                                       std::span<const std::string> operations);

// The words of a name, in lower case: "shop::doubleSerialize" is shop, double, serialize.
std::vector<std::string> wordsOfName(std::string_view name);
// Whether all words of `operation`, which are not few and short, are in the function's name one
// after the other: "serialize" and "doubleSerialize".
bool isNamedLike(std::string_view function, std::string_view operation);

} // namespace flamewright
