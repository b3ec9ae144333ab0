#include "app/scope_json.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>

#include <limits>
#include <optional>

namespace flamewright {
namespace {

constexpr int kVersion = 1;

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

QJsonValue fromText(const std::string &text)
{
    const auto bytes = QByteArray::fromStdString(text);
    const auto asText = QString::fromUtf8(bytes);
    if (asText.toUtf8() == bytes)
        return asText;
    return QJsonObject{{key("base64"), QString::fromLatin1(bytes.toBase64())}};
}

template <class Tag>
QJsonValue fromId(Id<Tag> id)
{
    return static_cast<qint64>(id.raw);
}

tl::unexpected<Error> bad(const char *what)
{
    return fail(Errc::Corrupt, std::string("a saved scope has an unusable \"") + what + "\"");
}

Result<std::string> text(const QJsonValue &value, const char *what)
{
    if (value.isUndefined())
        return std::string();
    if (value.isString())
        return value.toString().toStdString();
    const auto encoded = value.toObject().value(key("base64"));
    if (!encoded.isString())
        return bad(what);
    const auto decoded = QByteArray::fromBase64Encoding(encoded.toString().toLatin1(),
                                                        QByteArray::AbortOnBase64DecodingErrors);
    if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok)
        return bad(what);
    return decoded.decoded.toStdString();
}

// A whole number, not rounded: JSON integers keep 64 bits here.
std::optional<std::int64_t> integer(const QJsonValue &value)
{
    constexpr auto kNone = std::numeric_limits<qint64>::min();
    const auto first = value.toInteger(kNone), second = value.toInteger(kNone + 1);
    if (!value.isDouble() || first != second)
        return std::nullopt;
    return first;
}

template <class Tag>
Result<Id<Tag>> id(const QJsonValue &value, const char *what)
{
    const auto raw = integer(value);
    if (!raw || *raw < 0 || *raw > std::numeric_limits<std::uint32_t>::max())
        return bad(what);
    return Id<Tag>{static_cast<std::uint32_t>(*raw)};
}

Result<QJsonArray> array(const QJsonObject &from, const char *what)
{
    const auto value = from.value(key(what));
    if (!value.isUndefined() && !value.isArray())
        return bad(what);
    return value.toArray();
}

Result<TransformKind> kindNamed(const std::string &name)
{
    for (std::size_t i = 0; i < kTransformKinds; ++i) {
        const auto kind = static_cast<TransformKind>(i);
        if (nameOf(kind) == name)
            return kind;
    }
    return bad("kind");
}

Result<TimeRange> range(const QJsonObject &from)
{
    const auto begin = integer(from.value(key("begin"))), end = integer(from.value(key("end")));
    if (!begin || !end || *begin > *end)
        return bad("times");
    return TimeRange{Timestamp{Duration{*begin}}, Timestamp{Duration{*end}}};
}

} // namespace

std::string scopeToJson(const Scope &scope)
{
    // A field that is added to Scope stops this from compiling: it must be saved too.
    const auto &[captures, times, tracks, measure, search, inlines, transforms] = scope;
    QJsonArray captureList, timeList, trackList, transformList;
    for (const auto capture : captures)
        captureList.append(fromId(capture));
    for (const auto &time : times)
        timeList.append(
            QJsonObject{{key("begin"), static_cast<qint64>(time.begin.time_since_epoch().count())},
                        {key("end"), static_cast<qint64>(time.end.time_since_epoch().count())}});
    for (const auto &track : tracks)
        trackList.append(QJsonObject{{key("capture"), fromId(track.capture)},
                                     {key("track"), fromId(track.track)}});
    for (const auto &transform : transforms)
        transformList.append(
            QJsonObject{{key("kind"), fromText(std::string(nameOf(transform.kind)))},
                        {key("pattern"), fromText(transform.pattern)}});
    const QJsonObject out{{key("version"), kVersion},
                          {key("captures"), captureList},
                          {key("times"), timeList},
                          {key("tracks"), trackList},
                          {key("measure"), fromText(measure)},
                          {key("search"), fromText(search)},
                          {key("inlines"), inlines},
                          {key("transforms"), transformList}};
    return QJsonDocument(out).toJson(QJsonDocument::Compact).toStdString();
}

Result<Scope> scopeFromJson(std::string_view json)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(
        QByteArray(json.data(), static_cast<qsizetype>(json.size())), &error);
    if (!document.isObject())
        return fail(Errc::Corrupt,
                    "a saved scope is no JSON object: " + error.errorString().toStdString());
    const auto from = document.object();
    const auto version = integer(from.value(key("version")));
    if (!version || *version < 1)
        return bad("version");
    if (*version > kVersion)
        return fail(Errc::Version, "a saved scope was written by a newer Flamewright");
    Scope out;
    FW_ASSIGN(const auto captures, array(from, "captures"));
    for (const auto &value : captures) {
        FW_ASSIGN(const auto capture, id<CaptureTag>(value, "captures"));
        out.captures.push_back(capture);
    }
    FW_ASSIGN(const auto times, array(from, "times"));
    for (const auto &value : times) {
        FW_ASSIGN(const auto time, range(value.toObject()));
        out.times.push_back(time);
    }
    FW_ASSIGN(const auto tracks, array(from, "tracks"));
    for (const auto &value : tracks) {
        const auto o = value.toObject();
        TrackRef track;
        FW_ASSIGN(track.capture, id<CaptureTag>(o.value(key("capture")), "tracks"));
        FW_ASSIGN(track.track, id<TrackTag>(o.value(key("track")), "tracks"));
        out.tracks.push_back(track);
    }
    FW_ASSIGN(out.measure, text(from.value(key("measure")), "measure"));
    FW_ASSIGN(out.search, text(from.value(key("search")), "search"));
    const auto inlines = from.value(key("inlines"));
    if (!inlines.isUndefined() && !inlines.isBool())
        return bad("inlines");
    out.inlines = inlines.toBool(true);
    FW_ASSIGN(const auto transforms, array(from, "transforms"));
    for (const auto &value : transforms) {
        const auto o = value.toObject();
        Transform transform;
        FW_ASSIGN(const auto kind, text(o.value(key("kind")), "kind"));
        FW_ASSIGN(transform.kind, kindNamed(kind));
        FW_ASSIGN(transform.pattern, text(o.value(key("pattern")), "pattern"));
        out.transforms.push_back(std::move(transform));
    }
    return out;
}

} // namespace flamewright
