#pragma once

#include "analysis/flame_tree_builder.h"
#include "capture/session/chunk_codec.h"
#include "capture/session/memory_store.h"
#include "capture/session/record_sink.h"

#include <QStringList>

#include <string>
#include <utility>
#include <vector>

namespace flamewright {

// A capture drawn as folded text: "main;parse;read 3", one stack a line. "f@m" is function f of
// module m; "~f" was inlined into the frame before it.
struct Drawn {
    Dimensions dimensions;
    StackWeights weights;
    std::vector<std::pair<std::vector<std::string>, std::int64_t>> stacks;

    explicit Drawn(const QStringList &lines)
    {
        MemoryStore store;
        RecordSink sink(store);
        const auto track = sink.track({.kind = TrackKind::Process, .name = "p"});
        const auto measure = sink.measure({"samples", Unit::Count});
        for (const auto &line : lines) {
            const auto cut = line.lastIndexOf(u' ');
            const auto value = line.mid(cut + 1).toLongLong();
            StackId stack, before;
            FrameId previous;
            std::vector<std::string> names;
            for (const auto &part : line.left(cut).split(u';')) {
                const bool inlined = part.startsWith(u'~');
                const auto name = part.mid(inlined ? 1 : 0).section(u'@', 0, 0).toStdString();
                const auto module = part.section(u'@', 1).toStdString();
                const auto moduleId = module.empty() ? ModuleId{} : sink.module({module});
                const auto frame = sink.frame({.function = name,
                                               .module = moduleId,
                                               .inlined = inlined,
                                               .outer = inlined ? previous : FrameId{}});
                if (!inlined)
                    before = stack;
                stack = sink.stack(before, frame);
                previous = frame;
                names.push_back(name + "@" + module);
            }
            sink.add({.track = track, .stack = stack, .measure = measure, .value = value});
            stacks.emplace_back(names, value);
        }
        if (!sink.finish().has_value())
            qFatal("the drawing could not be imported");
        DimensionsBuilder builder;
        for (const auto &chunk : store.chunks()) {
            if (!builder.add(chunk).has_value())
                qFatal("a chunk is damaged");
        }
        dimensions = *std::move(builder).finish(store.meta());
        weights.value.assign(dimensions.stacks.size(), 0);
        weights.samples.assign(dimensions.stacks.size(), 0);
        for (const auto &chunk : store.chunks()) {
            if (chunk.kind != ChunkKind::Samples)
                continue;
            const auto rows = *decodeSamples(chunk);
            for (std::size_t i = 0; i < rows.size(); ++i) {
                weights.value[rows.stack[i].raw] += rows.value[i];
                weights.samples[rows.stack[i].raw] += rows.count[i];
            }
        }
    }
    Profile profile() const
    {
        const ProfileInput input{&dimensions, weights};
        return buildProfile({&input, 1});
    }
};

// The profile as folded text, heaviest stacks first as the tree has them: "main;parse 3".
inline QStringList folded(const Profile &profile)
{
    QStringList out;
    const auto &tree = profile.tree;
    for (std::uint32_t node = 0; node < tree.size(); ++node) {
        if (tree.self[node] == 0)
            continue;
        QStringList names;
        for (auto at = node; at != 0; at = tree.parent[at])
            names.prepend(QString::fromStdString(profile.at(at).name));
        out << names.join(u';') + u' ' + QString::number(tree.self[node]);
    }
    return out;
}

} // namespace flamewright
