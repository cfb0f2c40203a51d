# Read by ./gate, ./check and ./bench: finding a JDK, and building what is missing or has changed.
#
# Written for bash 3.2 and later. What runs at every start of ./gate forks as little as possible: the JDK's version is
# read from its `release` file, and one `find` looks for changed sources.
#
# The caller sets `root` (the folder of the checkout, absolute) and `me` (its own name, for messages).

java_needed=25

say() {
    printf '%s: %s\n' "$me" "$*" >&2
}

die() {
    say "$*"
    exit 70 # docs/cli.md: our own failure
}

# Java divides its lists of folders at colons, and there is no way to write one in a name.
if [[ $root == *:* ]]; then
    say "Java can't be started from a folder with a colon in its name; please rename or move $root"
    exit 69 # docs/cli.md: something that is needed isn't there
fi

# Sets java_home and jdk (a word for the JDK's version) if the folder $1 is a JDK that is new enough.
try_jdk() {
    local line key value feature='' runtime='' implementor=''
    [[ -n $1 && -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 1
    while IFS= read -r line || [[ -n $line ]]; do
        key=${line%%=*}
        value=${line#*=}
        value=${value//\"/}
        case $key in
            JAVA_VERSION) feature=${value%%[.+-]*} ;;
            JAVA_RUNTIME_VERSION) runtime=$value ;;
            IMPLEMENTOR) implementor=$value ;;
        esac
    done <"$1/release"
    [[ $feature =~ ^[0-9]+$ ]] && ((feature >= java_needed)) || return 1
    java_home=$1
    jdk="$implementor $runtime"
}

# JAVA_HOME, then PATH, then where JDKs are usually installed. A JDK that is too old is passed over.
find_jdk() {
    local candidate
    try_jdk "${JAVA_HOME:-}" && return
    if candidate=$(command -v java); then
        if [[ -L $candidate ]]; then
            candidate=$(readlink -f "$candidate")
        fi
        try_jdk "${candidate%/bin/java}" && return
    fi
    local places=(/usr/lib/jvm /usr/lib64/jvm /opt /opt/java /usr/local "${HOME:-}/.sdkman/candidates/java" "${HOME:-}/.jdks"
        /Library/Java/JavaVirtualMachines /opt/homebrew/opt)
    if [[ -n ${GATE_JDK_PLACES:-} ]]; then
        IFS=: read -r -a places <<<"$GATE_JDK_PLACES"
    fi
    local place
    for place in "${places[@]}"; do
        for candidate in "$place"/*; do
            try_jdk "$candidate" && return
            try_jdk "$candidate/Contents/Home" && return
            try_jdk "$candidate/libexec/openjdk.jdk/Contents/Home" && return
        done
    done
    say "no JDK $java_needed or newer found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman and others)."
    say "Install one, for instance Temurin from https://adoptium.net/temurin/releases/?version=$java_needed ,"
    say "  Debian 13: apt install openjdk-$java_needed-jdk   macOS: brew install openjdk@$java_needed   SDKMAN: sdk install java $java_needed-tem"
    say "and, if it is in an unusual place, set JAVA_HOME to its folder."
    exit 69 # docs/cli.md: something that is needed isn't there
}

# Sets dist to the newest finished build of kind $1 (a folder under target/).
current_build() {
    local id=''
    dist=
    if [[ -r $root/target/$1/current ]]; then
        IFS= read -r id <"$root/target/$1/current" || true
    fi
    [[ -z $id || ! -d $root/target/$1/$id/lib ]] || dist=$root/target/$1/$id
}

# Whether $dist is a build of the sources as they are. The other arguments are files and folders under the root.
up_to_date() {
    local path paths=()
    [[ -n $dist ]] || return 1
    for path; do
        paths+=("$root/$path")
    done
    [[ -z $(find "${paths[@]}" -newer "$dist/built" 2>&1) ]]
}

# Waits until no other start builds, and keeps others waiting until `unlock` or until this process and Maven have ended.
lock() {
    local owner
    mkdir -p "$root/target/$1" 2>/dev/null || die "can't build: $root/target is not writable"
    if command -v flock >/dev/null; then
        exec 9>"$root/target/$1/lock"
        flock -n 9 || {
            say "another start is building already: waiting for it"
            flock 9
        }
        return
    fi
    # macOS has no flock: a folder can be made only once.
    local waiting=
    until mkdir "$root/target/$1/lock.d" 2>/dev/null; do
        owner=
        read -r owner 2>/dev/null <"$root/target/$1/lock.d/pid" || true
        if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
            rm -rf "$root/target/$1/lock.d" # its owner was killed
            continue
        fi
        [[ -n $waiting ]] || say "another start is building already: waiting for it"
        waiting=yes
        sleep 0.2
    done
    echo $$ >"$root/target/$1/lock.d/pid"
}

unlock() {
    if command -v flock >/dev/null; then
        exec 9>&-
    else
        rm -rf "$root/target/$1/lock.d"
    fi
}

# Copies Maven's output into the file $1 and shows what a waiting person wants to know of it.
follow() {
    local line downloads=0
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$1"
        case $line in
            *'Downloaded from '*)
                downloads=$((downloads + 1))
                if ((downloads % 50 == 0)); then
                    say "  $downloads files downloaded"
                fi
                ;;
            '[INFO] Building '*\[*/*\]) say "  ${line#'[INFO] Building '}" ;;
        esac
    done
}

# Builds the Maven module $2 and what it needs. Without the network first: where everything was downloaded before, a
# build works offline.
maven_build() {
    local log=$root/target/$1/build.log
    : >"$log"
    if (cd "$root" && JAVA_HOME=$java_home ./mvnw -B -Dfast -pl "$2" -am -o package 2>&1) | follow "$log"; then
        return
    fi
    if grep -qE 'offline mode|Failed to fetch|cannot be downloaded|wget|curl' "$log"; then
        say "  some of it isn't on this machine yet: downloading"
        : >"$log"
        if (cd "$root" && JAVA_HOME=$java_home ./mvnw -B -Dfast -pl "$2" -am package 2>&1) | follow "$log"; then
            return
        fi
    fi
    grep -E '^\[ERROR\]|^Error|curl|wget' "$log" | head -n 30 >&2
    die "the build failed; all of its output is in $log"
}

# Adds the Maven module $2 and its libraries to the newest build of kind $1, as its folder $3.
add() {
    local target=$root/$2/target/fast
    say "  building $3, which few programs need"
    maven_build "$1" "$2"
    rm -rf "$dist/$3.new"
    mkdir -p "$dist/$3.new"
    cp "$target"/*.jar "$target"/lib/*.jar "$dist/$3.new/"
    mv "$dist/$3.new" "$dist/$3"
}

# Makes a new build of kind $1 from the Maven module $2 and points `current` to it. Each build has a folder of its own:
# programs that are running keep their jars.
build() {
    local id begun=$SECONDS old
    if [[ -z $dist ]]; then
        say "building for the first time: about 10 s, a minute more where Maven itself has to be downloaded (45 MB)"
    else
        say "building what has changed (about 5 s)"
    fi
    say "  with $jdk in $java_home"
    id=$(date +%Y%m%d-%H%M%S)-$$
    mkdir -p "$root/target/$1/$id/lib"
    touch "$root/target/$1/$id/built" # before Maven reads the sources: what changes from here on is newer
    maven_build "$1" "$2"
    cp "$root/$2"/target/fast/*.jar "$root/$2"/target/fast/lib/*.jar "$root/target/$1/$id/lib/"
    printf '%s\n' "$id" >"$root/target/$1/current.new"
    for old in "$root/target/$1"/*/; do
        # The one in use until now stays: another start may be on its way into it.
        [[ $old == "$root/target/$1/$id/" || $old == "$dist/" ]] || rm -rf "$old"
    done
    mv -f "$root/target/$1/current.new" "$root/target/$1/current"
    dist=$root/target/$1/$id
    say "  built in $((SECONDS - begun)) s"
}
