#pragma once

#include "analysis/flame_tree_builder.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Profiles drawn as text: one stack a line, "main;parse;read 3", root first. A frame may end in a
// mark: "_[k]" kernel, "_[j]" JIT, "_[i]" inlined, "_[u]" no symbol.
namespace flamewright {

class DrawnProfile {
public:
    void add(std::string_view stack, std::int64_t value, std::int64_t samples)
    {
        StackId at;
        while (!stack.empty()) {
            const auto semicolon = std::min(stack.find(';'), stack.size());
            at = child(at, frame(stack.substr(0, semicolon)));
            stack.remove_prefix(std::min(semicolon + 1, stack.size()));
        }
        addTo(at, value, samples);
    }
    void addTo(StackId stack, std::int64_t value, std::int64_t samples)
    {
        m_value.resize(m_caller.size());
        m_samples.resize(m_caller.size());
        m_value[stack.raw] += value;
        m_samples[stack.raw] += samples;
    }
    // A child of `caller` (0: the root) named `name`; for trees too large to draw.
    StackId child(StackId caller, FrameId of)
    {
        const auto [it, fresh] = m_children.try_emplace({caller.raw, of.raw}, StackId{});
        if (fresh) {
            it->second = StackId{static_cast<std::uint32_t>(m_caller.size())};
            m_caller.push_back(caller);
            m_frame.push_back(of);
        }
        return it->second;
    }
    FrameId frame(std::string_view name)
    {
        const auto [it, fresh] = m_frames.try_emplace(std::string(name), FrameId{});
        if (fresh) {
            it->second = FrameId{static_cast<std::uint32_t>(m_names.size())};
            m_names.emplace_back(name);
        }
        return it->second;
    }
    std::shared_ptr<const Profile> build(Unit unit = Unit::Count, std::string measure = "samples")
    {
        Dimensions d;
        StringColumns text;
        d.modules = {{.name = "[kernel.kallsyms]"}, {.name = "/usr/bin/shop"}};
        DrawnProfile::addFrame(d, text, "");
        for (std::size_t i = 1; i < m_names.size(); ++i)
            addFrame(d, text, m_names[i]);
        d.strings.append(text);
        d.stacks.caller = m_caller;
        d.stacks.frame = m_frame;
        m_value.resize(m_caller.size());
        m_samples.resize(m_caller.size());
        const ProfileInput input{&d, {m_value, m_samples}};
        auto profile = std::make_shared<Profile>(buildProfile({&input, 1}));
        profile->unit = unit;
        profile->measure = std::move(measure);
        return profile;
    }

private:
    static StringId string(StringColumns &text, std::string_view value)
    {
        text.text.append(value);
        text.end.push_back(static_cast<std::uint32_t>(text.text.size()));
        return StringId{static_cast<std::uint32_t>(text.end.size())};
    }
    static void addFrame(Dimensions &d, StringColumns &text, std::string_view name)
    {
        const auto mark = name.ends_with(']') && name.size() > 4 ? name[name.size() - 2] : ' ';
        if (mark != ' ')
            name.remove_suffix(4);
        auto &f = d.frames;
        f.function.push_back(string(text, name));
        f.file.push_back(mark == ' ' ? string(text, "src/" + std::string(name) + ".c")
                                     : StringId{});
        f.module.push_back(mark == 'k' ? ModuleId{1} : ModuleId{2});
        f.line.push_back(mark == ' ' ? 42 : 0);
        f.kind.push_back(mark == 'k'   ? FrameKind::Kernel
                         : mark == 'j' ? FrameKind::Jit
                                       : FrameKind::User);
        f.source.push_back(mark == 'u' ? SymbolSource::None : SymbolSource::Capture);
        f.flags.push_back(mark == 'i' ? kFrameInlined : 0);
        f.address.push_back(0);
        f.outer.emplace_back();
    }

    std::vector<StackId> m_caller{StackId{}};
    std::vector<FrameId> m_frame{FrameId{}};
    std::vector<std::string> m_names{""};
    std::map<std::pair<std::uint32_t, std::uint32_t>, StackId> m_children;
    std::map<std::string, FrameId> m_frames;
    std::vector<std::int64_t> m_value, m_samples;
};

// "main;parse 3" a line.
inline std::shared_ptr<const Profile> drawn(const std::string &text, Unit unit = Unit::Count,
                                            std::int64_t valuePerSample = 1)
{
    DrawnProfile out;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.rfind(' ');
        if (space == std::string::npos)
            continue;
        std::int64_t count = 0;
        std::from_chars(line.data() + space + 1, line.data() + line.size(), count);
        out.add(std::string_view(line).substr(0, space), count * valuePerSample, count);
    }
    return out.build(unit, unit == Unit::Nanoseconds ? "cpu-clock" : "samples");
}

} // namespace flamewright
