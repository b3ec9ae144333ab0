#pragma once

#include "capture/base/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What an SQL editor has to know about its text, without being a parser: tokens, statements,
// where an error is, what could be typed next. Offsets are bytes.
namespace flamewright {

struct TextSpan {
    std::size_t begin = 0, end = 0;
    friend bool operator==(const TextSpan &, const TextSpan &) = default;
};

enum class SqlToken : unsigned char { Word, Number, String, Quoted, Symbol };
struct SqlTokenSpan {
    SqlToken kind = SqlToken::Symbol;
    TextSpan span;
};
// Without white space and comments. What is not closed runs to the end.
std::vector<SqlTokenSpan> sqlTokens(std::string_view text);

// The statement in or just before which `offset` is, without its semicolon and without space or
// comments around it. Empty when there is none.
TextSpan sqlStatementAt(std::string_view text, std::size_t offset);

// Where in `statement` an error of SessionReader::sql() is: by its offset, or by the word that it
// names. nullopt: it says nothing about a place.
std::optional<TextSpan> sqlErrorSpan(std::string_view statement, const Error &error);

// A table and its columns, as typed.
struct SqlTable {
    std::string name;
    std::vector<std::string> columns;
};
// All tables of a session: those of FORMAT.md and the virtual ones.
std::vector<SqlTable> sessionTables();

struct SqlCompletion {
    std::size_t prefix = 0;         // bytes before the caret that the words replace
    std::vector<std::string> words; // sorted without regard to case
};
// What could stand at `caret`: after "x." the columns of x (a table, or what stands for one in
// this statement), else tables, columns, functions and keywords that begin alike.
SqlCompletion sqlCompletion(std::string_view text, std::size_t caret,
                            const std::vector<SqlTable> &tables);

// The way out of an error, as a sentence; empty when there is nothing to add.
std::string sqlAdvice(std::string_view statement, const Error &error,
                      const std::vector<SqlTable> &tables);

} // namespace flamewright
