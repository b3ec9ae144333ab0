#include "importers/io/layer.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <cstdio>

namespace flamewright {
namespace {

constexpr std::size_t kReadBytes = 128u << 10;
constexpr std::size_t kNamesShown = 4;

bool isArchive(LayerKind kind)
{
    return kind == LayerKind::Zip || kind == LayerKind::Tar;
}

const char *kindName(LayerKind kind)
{
    switch (kind) {
    case LayerKind::Xz: return "xz";
    case LayerKind::Bzip2: return "bzip2";
    case LayerKind::Zip: return "zip";
    case LayerKind::Tar: return "tar";
    case LayerKind::Gzip: return "gzip";
    case LayerKind::Zstd: return "zstd";
    case LayerKind::None: break;
    }
    return "";
}

// What archivers of other systems add on their own.
bool isClutter(std::string_view name)
{
    const auto base = name.substr(name.rfind('/') + 1);
    return name.starts_with("__MACOSX/") || base.starts_with("._") || base == ".DS_Store";
}

class ArchiveLayer final : public Layer {
public:
    ArchiveLayer(LayerKind kind, std::unique_ptr<HeadReader> below, LayerNotes &notes)
        : m_kind(kind),
          m_below(std::move(below)),
          m_notes(notes),
          m_archive(nullptr, &archive_read_free),
          m_buffer(kReadBytes)
    {}

    Result<> start()
    {
        m_notes.name = kindName(m_kind);
        if (isArchive(m_kind) && m_below->seekable() != nullptr) {
            // Looking through all headers first is cheap where skipping is.
            FW_TRY(open());
            std::vector<std::string> names;
            for (;;) {
                FW_ASSIGN(auto name, nextFile());
                if (!name)
                    break;
                names.push_back(*std::move(name));
                if (names.size() > kNamesShown)
                    break;
            }
            if (names.size() > 1)
                return fail(severalMembers(names));
            FW_TRY(m_below->seek(0));
        }
        FW_TRY(open());
        FW_ASSIGN(const auto name, nextFile());
        if (!name)
            return fail(Errc::Unsupported, m_notes.name + " archive without a file in it");
        if (isArchive(m_kind)) {
            m_notes.memberName = *name;
            m_notes.name += " member " + *name;
        }
        return {};
    }

    Result<std::size_t> read(std::span<std::byte> into) override
    {
        for (int tries = 0; !m_end && tries < 16; ++tries) {
            const auto got = archive_read_data(m_archive.get(), into.data(), into.size());
            if (got > 0)
                return static_cast<std::size_t>(got);
            if (got == 0) {
                m_end = true;
                FW_TRY(checkNothingFollows());
            } else if (got != ARCHIVE_RETRY) {
                return fail(broken());
            }
        }
        return std::size_t{0};
    }

private:
    Result<> open()
    {
        m_archive.reset(archive_read_new());
        auto *a = m_archive.get();
        if (a == nullptr)
            return fail(Errc::Limit, "not enough memory");
        switch (m_kind) {
        case LayerKind::Xz: archive_read_support_filter_xz(a); break;
        case LayerKind::Bzip2: archive_read_support_filter_bzip2(a); break;
        case LayerKind::Zip: archive_read_support_format_zip(a); break;
        case LayerKind::Tar: archive_read_support_format_tar(a); break;
        case LayerKind::Gzip:
        case LayerKind::Zstd:
        case LayerKind::None: break;
        }
        if (!isArchive(m_kind))
            archive_read_support_format_raw(a);
        archive_read_set_callback_data(a, this);
        archive_read_set_read_callback(a, &ArchiveLayer::onRead);
        if (m_below->seekable() != nullptr) {
            archive_read_set_seek_callback(a, &ArchiveLayer::onSeek);
            archive_read_set_skip_callback(a, &ArchiveLayer::onSkip);
        }
        if (archive_read_open1(a) < ARCHIVE_WARN)
            return fail(broken());
        return {};
    }

    // The next regular file's name; nullopt at the end.
    Result<std::optional<std::string>> nextFile()
    {
        for (;;) {
            archive_entry *entry = nullptr;
            const auto code = archive_read_next_header(m_archive.get(), &entry);
            if (code == ARCHIVE_EOF)
                return std::optional<std::string>();
            if (code < ARCHIVE_WARN)
                return fail(broken());
            if (!isArchive(m_kind))
                return std::optional(std::string());
            const auto *name = archive_entry_pathname_utf8(entry);
            if (name == nullptr)
                name = archive_entry_pathname(entry);
            const std::string text =
                name == nullptr ? "(unnamed)" : std::string(name).substr(0, 1024);
            if (archive_entry_filetype(entry) != AE_IFREG || isClutter(text))
                continue;
            if (archive_entry_is_encrypted(entry))
                return fail(Error(Errc::Unsupported, "the archive is encrypted").in(text));
            return std::optional(text);
        }
    }

    Result<> checkNothingFollows()
    {
        if (!isArchive(m_kind))
            return {};
        auto next = nextFile();
        if (!next.has_value()) {
            m_notes.add("input_trailing_bytes", m_below->position(),
                        "what follows the file in the archive cannot be read");
            return {};
        }
        if (*next)
            return fail(severalMembers({m_notes.memberName, **next}));
        return {};
    }

    Error severalMembers(const std::vector<std::string> &names) const
    {
        std::string list;
        for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
            list += (i == 0 ? "" : ", ") + names[i];
        if (names.size() > kNamesShown || m_below->seekable() == nullptr)
            list += " ...";
        return Error(Errc::Unsupported,
                     "the archive holds several files (" + list + "); unpack the one you mean");
    }

    Error broken()
    {
        if (m_error)
            return *m_error; // the layer below failed, which says more than libarchive does
        const auto *text = archive_error_string(m_archive.get());
        return Error(Errc::Corrupt, std::string("the ") + kindName(m_kind) +
                                        " input is damaged or cut off" +
                                        (text == nullptr ? "" : std::string(": ") + text))
            .at(m_below->position());
    }

    static la_ssize_t onRead(archive *a, void *self, const void **data)
    {
        auto &layer = *static_cast<ArchiveLayer *>(self);
        auto got = layer.m_below->read(layer.m_buffer);
        if (!got.has_value()) {
            layer.m_error = std::move(got).error();
            archive_set_error(a, EIO, "input");
            return ARCHIVE_FATAL;
        }
        *data = layer.m_buffer.data();
        return static_cast<la_ssize_t>(*got);
    }

    static la_int64_t onSkip(archive *, void *self, la_int64_t request)
    {
        auto &layer = *static_cast<ArchiveLayer *>(self);
        auto *raw = layer.m_below->seekable();
        const auto at = layer.m_below->position();
        if (raw == nullptr || request <= 0 || at >= *raw->size())
            return 0;
        const auto step = std::min(static_cast<std::uint64_t>(request), *raw->size() - at);
        return layer.m_below->seek(at + step).has_value() ? static_cast<la_int64_t>(step) : 0;
    }

    static la_int64_t onSeek(archive *, void *self, la_int64_t offset, int whence)
    {
        auto &layer = *static_cast<ArchiveLayer *>(self);
        auto *raw = layer.m_below->seekable();
        if (raw == nullptr)
            return ARCHIVE_FATAL;
        la_int64_t base = 0;
        if (whence == SEEK_CUR)
            base = static_cast<la_int64_t>(layer.m_below->position());
        else if (whence == SEEK_END)
            base = static_cast<la_int64_t>(*raw->size());
        la_int64_t target = 0;
        if (__builtin_add_overflow(base, offset, &target) || target < 0 ||
            !layer.m_below->seek(static_cast<std::uint64_t>(target)).has_value())
            return ARCHIVE_FATAL;
        return target;
    }

    LayerKind m_kind;
    std::unique_ptr<HeadReader> m_below;
    LayerNotes &m_notes;
    std::unique_ptr<archive, int (*)(archive *)> m_archive;
    std::vector<std::byte> m_buffer;
    std::optional<Error> m_error;
    bool m_end = false;
};

} // namespace

Result<std::unique_ptr<Layer>> makeArchiveLayer(LayerKind kind, std::unique_ptr<HeadReader> below,
                                                LayerNotes &notes)
{
    auto layer = std::make_unique<ArchiveLayer>(kind, std::move(below), notes);
    FW_TRY(layer->start());
    return layer;
}

} // namespace flamewright
