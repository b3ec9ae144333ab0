#pragma once

#include <string>
#include <string_view>

namespace flamewright {

// An endpoint's name with what tells one thing from another taken out of its path, so that
// "GET /users/17/orders/9f8e7d6c" and all its like are one: "GET /users/{n}/orders/{id}".
//   {n}   digits, also beside letters: "item-12" is "item-{n}", but "v2" stays
//   {id}  UUIDs, hexadecimal numbers of 8 digits or more, long words with digits among letters
//   {}    the values of a query, whose names stay
// What stands before the path (method, scheme, host, port) stays. A guess by the look of the
// words: it is offered, never done unasked.
std::string urlPattern(std::string_view name);

} // namespace flamewright
