# Shared by the scripts beside it; sourced, never run. Sets ROOT, the folder of the project.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
TARGET=$ROOT/jobs/target

# What Spark needs of JDK 17 and later: the same text as spark.jvm.options in jobs/pom.xml, read from there.
spark_jvm_options() {
    sed -n 's|.*<spark.jvm.options>\(.*\)</spark.jvm.options>.*|\1|p' "$ROOT/jobs/pom.xml"
}

# The JVM of a program that plans much and loops little: room for classes and code from the start, and what of it is
# compiled to the end (spark.jvm.hot, read from there too).
jvm_options() {
    # Large pages where the system gives them to who asks: tables of groups are read at random.
    if grep -qE '\[(madvise|always)\]' /sys/kernel/mm/transparent_hugepage/enabled 2>/dev/null; then
        printf '%s ' -XX:+UseTransparentHugePages
    fi
    printf '%s ' -XX:+UseParallelGC -XX:MetaspaceSize=256m -XX:ReservedCodeCacheSize=1g -Duser.timezone=UTC -Dfile.encoding=UTF-8
    sed -n 's|.*<spark.jvm.hot>\(.*\)</spark.jvm.hot>.*|\1|p' "$ROOT/jobs/pom.xml"
}

say() {
    printf '%s\n' "$*" >&2
}

# Ends with exit code 4 (environment) and one sentence.
give_up() {
    say "$*"
    exit 4
}

java_major() {
    "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p'
}

is_supported_java() {
    [ -x "$1" ] && case $(java_major "$1") in 17 | 21) true ;; *) false ;; esac
}

# Sets JAVA_HOME to a JDK 17 or 21: the caller's JAVA_HOME, else the java on the PATH, else one where systems keep them.
find_java() {
    local candidate home
    if [ -n "${JAVA_HOME:-}" ] && is_supported_java "$JAVA_HOME/bin/java"; then
        export JAVA_HOME
        return
    fi
    candidate=$(command -v java || true)
    if [ -n "$candidate" ] && is_supported_java "$candidate"; then
        home=$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
        export JAVA_HOME=$home
        return
    fi
    for home in /usr/lib/jvm/*17* /usr/lib/jvm/*21* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_supported_java "$home/bin/java"; then
            export JAVA_HOME=$home
            return
        fi
    done
    give_up "Clientele needs a JDK 17 or 21 and found none: install one (Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME."
}

need_compiler() {
    [ -x "$JAVA_HOME/bin/javac" ] ||
        give_up "The Java at $JAVA_HOME has no compiler: install a JDK 17 or 21, not a JRE (Debian: apt-get install openjdk-17-jdk-headless)."
}

# Maven, without the network where that is enough: everything may be in the local repository already.
maven() {
    need_compiler
    (cd "$ROOT" && ./mvnw -B "$@")
}

# Whether a stamp is missing or older than anything under the paths.
is_stale() {
    local stamp=$1
    shift
    [ ! -f "$stamp" ] || [ -n "$(find "$@" -newer "$stamp" -print -quit)" ]
}

# Builds the program's jars and classpath if the sources changed since they were built.
build() {
    local stamp=$TARGET/built.stamp
    # The class path names files of the local repository, which may have been cleared since.
    if ! is_stale "$stamp" "$ROOT/pom.xml" "$ROOT/jobs/pom.xml" "$ROOT/jobs/src/main" &&
        [ -f "$TARGET/clientele.jar" ] && is_class_path_whole "$TARGET/classpath.txt"; then
        return
    fi
    package "$stamp" -Dmaven.test.skip=true
    prepare_start
}

# Loads once what every command loads, and lets the JVM keep it (class data sharing): each start is some five seconds
# shorter. An archive that does not fit the Java or the jars is left aside by the JVM, a missing one too.
prepare_start() {
    local folder=$TARGET/start
    if [ -n "${SPARK_HOME:-}" ]; then
        return
    fi
    rm -rf "$folder" "$TARGET/classes.jsa"
    say "preparing fast starts (once after a build)..."
    mkdir -p "$folder"
    CLIENTELE_MASTER='local[2]' CLIENTELE_MEMORY=1g CLIENTELE_JAVA_OPTIONS="-XX:ArchiveClassesAtExit=$TARGET/classes.jsa -Xlog:disable" "$ROOT/scripts/clientele" run \
        --conf "$ROOT/conf" --input "$ROOT/data-samples" --warehouse "$folder/warehouse" --jobs load_crm_customers \
        >"$folder/log" 2>&1 || say "That did not work; starts take longer. What it said is in jobs/target/start/log."
    rm -rf "$folder/warehouse"
}

# Builds the test classes too.
build_tests() {
    local stamp=$TARGET/built-tests.stamp
    if ! is_stale "$stamp" "$ROOT/pom.xml" "$ROOT/jobs/pom.xml" "$ROOT/jobs/src" &&
        [ -f "$TARGET/clientele.jar" ] && is_class_path_whole "$TARGET/test-classpath.txt"; then
        return
    fi
    package "$stamp" -DskipTests
}

package() {
    local stamp=$1
    shift
    mkdir -p "$TARGET"
    if [ -d "${HOME:-/}/.m2/repository/org/apache/spark" ]; then
        say "building..."
    else
        say "building (first time: downloads about 400 MB)..."
    fi
    # Taken before the build, so that a file saved during it is newer.
    touch "$stamp.new"
    if ! maven -q "$@" package >"$TARGET/build.log" 2>&1; then
        rm -f "$stamp.new"
        sed -n '/^\[WARNING\]/d; /Failed to execute goal/{p;q;}; p' "$TARGET/build.log" | head -40 >&2
        if grep -qE 'Could not (resolve|transfer|find artifact)|curl: |wget: ' "$TARGET/build.log"; then
            give_up "The build could not download what it needs; all that it said is in jobs/target/build.log."
        fi
        say "The build failed; all that it said is in jobs/target/build.log."
        exit 70
    fi
    mv "$stamp.new" "$stamp"
}

is_class_path_whole() {
    local jar jars
    [ -s "$1" ] || return 1
    IFS=: read -r -a jars <"$1" || true
    for jar in "${jars[@]}"; do
        [ -f "$jar" ] || return 1
    done
}
