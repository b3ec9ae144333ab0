# Sourced by ./run and ./test: installs what is missing and builds.

# Debian 12 packages. The first list builds and runs the program, the second is for the tests.
fw_run_packages="g++ cmake ninja-build pkg-config ccache
    qt6-base-dev libqt6opengl6-dev libgl-dev libopengl-dev libgl1-mesa-dri qt6-qpa-plugins
    libqscintilla2-qt6-dev
    libimgui-dev libfreetype-dev fonts-inter fonts-jetbrains-mono
    libsqlite3-dev libcapnp-dev capnproto libzstd-dev libxxhash-dev libexpected-dev
    libprotozero-dev libre2-dev libarchive-dev zlib1g-dev libelf-dev libdw-dev libiberty-dev libseccomp-dev libexpat1-dev
    libsimdjson-dev libcli11-dev libfast-float-dev libtomlplusplus-dev"
fw_test_packages="xvfb xauth sqlite3 python3 gzip zstd xz-utils bzip2 zip binutils strace patch
    librsvg2-bin poppler-utils fonts-droid-fallback chromium"

# fw_install TOP run|test: nothing when the same list was installed before.
fw_install() {
    local packages=$fw_run_packages missing="" package
    [ "$2" = test ] && packages="$packages $fw_test_packages"
    # shellcheck disable=SC2086
    local list
    list=$(printf '%s\n' $packages | sort -u)
    for package in $(comm -13 <(fw_installed) <(printf '%s\n' "$list")); do
        missing="$missing $package"
    done
    [ -z "$missing" ] && return 0
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        echo "Installing Debian packages that Flamewright is built with (sudo apt-get install):$missing" >&2
        root=(sudo)
    else
        echo "Installing Debian packages that Flamewright is built with:$missing" >&2
    fi
    if ! command -v apt-get >/dev/null; then
        echo "This is not Debian: install the equivalents of these packages yourself:$missing" >&2
        return 1
    fi
    "${root[@]}" apt-get update -qq >&2
    # shellcheck disable=SC2086
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >&2
}

# Names of installed packages, sorted, without the architecture.
fw_installed() {
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u
}

# fw_build TOP PRESET [TARGETS...]: configures once, then only what changed. Silent when nothing did.
fw_build() {
    local top=$1 preset=$2
    shift 2
    (
        cd "$top"
        [ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" >&2
        cmake --build --preset "$preset" ${1:+--target "$@"} >&2
    )
}
