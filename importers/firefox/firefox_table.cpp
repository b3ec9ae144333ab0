#include "importers/firefox/firefox_table.h"

#include <algorithm>
#include <map>

namespace flamewright::firefox {
namespace {

constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::size_t kMaxPlaces = 16; // of a row

} // namespace

void Strings::read(JsonPull &json)
{
    if (!json.enterArray())
        return;
    while (json.nextElement()) {
        m_text += json.text().value_or("");
        m_end.push_back(m_text.size());
    }
}

void Table::readColumn(JsonPull &json, const Column &column, Cells &cells)
{
    if (!json.enterArray())
        return; // null: a column without values
    std::size_t row = 0;
    while (json.nextElement()) {
        cells.push_back(json.scaled(column.time ? kNanosPerMilli : 1).value_or(kNull));
        ++row;
    }
    m_rows = std::max(m_rows, row);
}

// The schema may stand behind the rows: every number is read as a time, which whole numbers survive.
void Table::readRows(JsonPull &json, std::vector<Cells> &places, const Object &object)
{
    if (!json.enterArray())
        return;
    for (std::size_t row = 0; json.nextElement(); ++row) {
        m_rows = std::max(m_rows, row + 1);
        if (json.kind() == JsonPull::Kind::Object && object)
            object(json, row); // a column of objects
        if (!json.enterArray())
            continue;
        for (std::size_t place = 0; json.nextElement(); ++place) {
            if (json.kind() == JsonPull::Kind::Object && object) {
                object(json, row);
                continue;
            }
            const auto value = json.scaled(kNanosPerMilli);
            if (!value || place >= kMaxPlaces)
                continue;
            if (places.size() <= place)
                places.resize(place + 1);
            places[place].resize(row, kNull);
            places[place].push_back(*value);
        }
    }
}

void Table::read(JsonPull &json, std::initializer_list<Column> columns, const Object &object)
{
    m_cells.assign(columns.size(), {});
    if (!json.enterObject())
        return;
    std::map<std::string, std::size_t, std::less<>> schema;
    std::vector<Cells> places;
    while (json.nextMember()) {
        const auto key = json.key();
        if (key == "schema" && json.enterObject()) {
            while (json.nextMember()) {
                const std::string name(json.key());
                if (const auto place = json.integer(); place && *place >= 0)
                    schema[name] = static_cast<std::size_t>(*place);
            }
            continue;
        }
        if (key == "weightType") {
            m_weightType = json.text().value_or("");
            continue;
        }
        const auto *const column = std::find_if(columns.begin(), columns.end(),
                                                [&](const Column &one) { return one.name == key; });
        if (column != columns.end()) {
            auto &cells = m_cells[static_cast<std::size_t>(column - columns.begin())];
            if (cells.empty())
                readColumn(json, *column, cells);
        } else if (key == "data") {
            readRows(json, places, object);
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto &column = *(columns.begin() + i);
        const auto place = schema.find(column.name);
        if (place == schema.end() || place->second >= places.size())
            continue;
        m_cells[i] = std::move(places[place->second]);
        if (!column.time) {
            for (auto &cell : m_cells[i])
                cell = cell == kNull ? kNull : cell / kNanosPerMilli;
        }
    }
}

} // namespace flamewright::firefox
