#include "app/gui/sql_text.h"

#include "capture/session/schema.h"
#include "capture/session/shown_tables.h"

#include <algorithm>
#include <cctype>

namespace flamewright {
namespace {

bool isWordByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

// The end of what begins at `at` and ends with `close`, which doubled stands for itself.
std::size_t closed(std::string_view text, std::size_t at, char close)
{
    for (auto i = at + 1; i < text.size(); ++i) {
        if (text[i] != close)
            continue;
        if (i + 1 < text.size() && text[i + 1] == close && close != ']')
            ++i;
        else
            return i + 1;
    }
    return text.size();
}

SqlTokenSpan tokenAt(std::string_view text, std::size_t at)
{
    const char c = text[at];
    if (c == '\'')
        return {SqlToken::String, {at, closed(text, at, '\'')}};
    if (c == '"' || c == '`')
        return {SqlToken::Quoted, {at, closed(text, at, c)}};
    if (c == '[')
        return {SqlToken::Quoted, {at, closed(text, at, ']')}};
    if (!isWordByte(c))
        return {SqlToken::Symbol, {at, at + 1}};
    const bool number = std::isdigit(static_cast<unsigned char>(c)) != 0;
    auto end = at;
    while (end < text.size() && (isWordByte(text[end]) || (number && text[end] == '.')))
        ++end;
    return {number ? SqlToken::Number : SqlToken::Word, {at, end}};
}

std::string_view of(std::string_view text, TextSpan span)
{
    return text.substr(span.begin, span.end - span.begin);
}

} // namespace

std::vector<SqlTokenSpan> sqlTokens(std::string_view text)
{
    std::vector<SqlTokenSpan> out;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at).starts_with("--")) {
            at = std::min(text.find('\n', at), text.size());
        } else if (text.substr(at).starts_with("/*")) {
            const auto end = text.find("*/", at + 2);
            at = end == std::string_view::npos ? text.size() : end + 2;
        } else if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
            ++at;
        } else {
            out.push_back(tokenAt(text, at));
            at = out.back().span.end;
        }
    }
    return out;
}

TextSpan sqlStatementAt(std::string_view text, std::size_t offset)
{
    TextSpan statement, last;
    bool open = false;
    for (const auto &token : sqlTokens(text)) {
        if (token.kind == SqlToken::Symbol && text[token.span.begin] == ';') {
            // The caret behind a semicolon on its line still means that statement.
            const auto lineEnd = std::min(text.find('\n', token.span.end), text.size());
            if (open && offset <= lineEnd)
                return statement;
            if (open)
                last = statement;
            open = false;
            continue;
        }
        if (!open) {
            // The caret in the space before this one, nearer to the one before.
            if (last.end > last.begin && offset < token.span.begin &&
                text.substr(offset, token.span.begin - offset).find('\n') !=
                    std::string_view::npos &&
                text.substr(last.end, offset - last.end).find('\n') == std::string_view::npos)
                return last;
            statement = token.span;
            open = true;
        }
        statement.end = token.span.end;
    }
    return open ? statement : last;
}

std::optional<TextSpan> sqlErrorSpan(std::string_view statement, const Error &error)
{
    const auto tokens = sqlTokens(statement);
    if (error.offset() && *error.offset() < statement.size()) {
        const auto at = static_cast<std::size_t>(*error.offset());
        for (const auto &token : tokens) {
            if (token.span.begin <= at && at < token.span.end)
                return token.span;
        }
        return TextSpan{at, at + 1};
    }
    // 'near "x": syntax error', 'no such table: x'.
    const std::string_view message = error.message();
    auto name = std::string_view();
    if (message.starts_with("near \"")) {
        const auto end = message.find('"', 6);
        name = message.substr(6, end == std::string_view::npos ? 0 : end - 6);
    } else if (message == "incomplete input" && !statement.empty()) {
        return tokens.empty() ? TextSpan{0, statement.size()} : tokens.back().span;
    } else if (const auto colon = message.rfind(": ");
               message.starts_with("no such ") && colon != std::string_view::npos) {
        name = message.substr(colon + 2);
        if (const auto dot = name.rfind('.'); dot != std::string_view::npos)
            name = name.substr(dot + 1);
    }
    if (name.empty())
        return std::nullopt;
    for (const auto &token : tokens) {
        if (of(statement, token.span) == name)
            return token.span;
    }
    return std::nullopt;
}

std::vector<SqlTable> sessionTables()
{
    std::vector<SqlTable> out;
    for (const auto &shown : shownTables()) {
        SqlTable table{std::string(shown.name), {}};
        for (const auto &column : shown.columns)
            table.columns.emplace_back(column.name);
        out.push_back(std::move(table));
    }
    for (const auto &item : schemaOf(kSchemaVersion)) {
        if (item.type != "table")
            continue;
        SqlTable table{std::string(item.name), {}};
        // "CREATE TABLE name(column TYPE ..., PRIMARY KEY(...))": a column begins after ( or ,.
        const auto tokens = sqlTokens(item.sql);
        int depth = 0;
        for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
            const auto token = of(item.sql, tokens[i].span);
            const auto next = of(item.sql, tokens[i + 1].span);
            depth += token == "(" ? 1 : token == ")" ? -1 : 0;
            if (depth == 1 && (token == "(" || token == ",") && next != "PRIMARY")
                table.columns.emplace_back(next);
        }
        out.push_back(std::move(table));
    }
    return out;
}

} // namespace flamewright
