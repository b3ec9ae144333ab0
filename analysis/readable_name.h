#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// A function's name for people, who know what allocators are: what is shown, never what is
// searched, merged or exported.
//
//   template arguments    folded to <…>, unless one short one is left: std::map<…>, std::vector<int>
//   std::                 without inline namespaces, allocators and other defaults; std::string
//   parameters, return    dropped, with (anonymous namespace)::, ABI tags and [clone .isra.0]
//   lambdas               {lambda#1}, without the operator() that every lambda has
//   Rust                  without the hash; <Vec<…> as Drop>::drop
//   Java                  Cart.add for com.example.shop.Cart.add
//   Go                    http.(*conn).serve for net/http.(*conn).serve
//
// Linear in the text, whatever its brackets say. Not empty unless the name is.
std::string readableName(std::string_view name);

} // namespace flamewright
