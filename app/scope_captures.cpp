#include "app/scope_captures.h"

#include <algorithm>

namespace flamewright {
namespace {

// Reading all captures of a session costs more than reading one that often.
constexpr std::size_t kFew = 8;

Result<std::vector<CaptureInfo>> named(SessionReader &reader, const Scope &scope)
{
    auto ids = scope.captures;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.empty() || ids.size() > kFew) {
        FW_ASSIGN(auto all, reader.captures());
        if (!ids.empty())
            std::erase_if(all, [&](const CaptureInfo &one) {
                return !std::binary_search(ids.begin(), ids.end(), one.id);
            });
        return all;
    }
    std::vector<CaptureInfo> out;
    for (const auto id : ids) {
        auto one = reader.capture(id);
        if (one.has_value())
            out.push_back(*std::move(one));
        else if (one.error().code() != Errc::NotFound)
            return fail(std::move(one).error());
    }
    return out;
}

} // namespace

Result<std::vector<CaptureInfo>>
capturesOf(SessionReader &reader, const Scope &scope,
           const std::function<bool(const CaptureInfo &capture)> &suits)
{
    FW_ASSIGN(auto out, named(reader, scope));
    std::erase_if(out, [&](const CaptureInfo &one) { return !suits(one); });
    return out;
}

Result<std::vector<CaptureInfo>> capturesOf(SessionReader &reader, const Scope &scope,
                                            std::uint64_t CaptureInfo::*facts)
{
    return capturesOf(reader, scope, [&](const CaptureInfo &one) { return one.*facts > 0; });
}

} // namespace flamewright
