#!/bin/sh
# headers_alone.sh SOURCE_DIR BUILD_DIR CXX: headers of ours compile by themselves. A header that its own
# source includes before all else has been compiled like that already (behind a precompiled header of the
# standard library where that is used); FW_ALL_HEADERS=1 tries those, too, which takes minutes.
source=$1 build=$2 cxx=$3
cd "$source" || exit 2
flags="-std=c++20 -fsyntax-only -Wall -Wextra -I. -I$build/generated -DQT_NO_KEYWORDS -fPIC"
flags="$flags $(pkg-config --cflags Qt6Widgets Qt6OpenGLWidgets imgui sqlite3 libdw 2>/dev/null)"
for module in QtCore QtGui QtWidgets QtOpenGL QtOpenGLWidgets; do
    for root in /usr/include/*/qt6 /usr/include/qt6; do
        [ -d "$root/$module" ] && flags="$flags -isystem $root -isystem $root/$module"
    done
done
list=$(find capture importers analysis views app -name '*.h' | sort | while read -r header; do
    source_of=${header%.h}.cpp
    if [ -z "$FW_ALL_HEADERS" ] && [ -f "$source_of" ] &&
        [ "$(grep -m1 '^#include' "$source_of")" = "#include \"$header\"" ]; then
        continue
    fi
    echo "$header"
done)
count=$(printf '%s\n' "$list" | wc -l)
[ "$count" -gt 40 ] || { echo "only $count headers found"; exit 1; }
if printf '%s\n' "$list" | xargs -P "$(nproc)" -I{} sh -c \
    'printf "#include \"%s\"\n" "$3" | $1 $2 -x c++ - || { echo "$3 does not compile alone"; exit 1; }' \
    sh "$cxx" "$flags" {}; then
    echo "$count headers compile alone"
else
    exit 1
fi
