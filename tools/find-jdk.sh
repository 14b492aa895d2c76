# Sourced by cot and check. Sets JAVA_HOME to a JDK of at least release 25, or says how to get one.
# Reads each JDK's `release` file: starting a JVM only to ask for its version costs 50 ms and more.

cot_jdk_wanted=25

cot_jdk_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  cot_jdk_version=
  while IFS='=' read -r cot_key cot_value; do
    [ "$cot_key" = JAVA_VERSION ] || continue
    cot_jdk_version=${cot_value#\"}
    break
  done <"$1/release"
  cot_jdk_version=${cot_jdk_version%%[!0-9]*}
  [ -n "$cot_jdk_version" ] && [ "$cot_jdk_version" -ge "$cot_jdk_wanted" ]
}

cot_jdk_use() {
  JAVA_HOME=$1
  export JAVA_HOME
}

cot_find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && cot_jdk_fits "$JAVA_HOME"; then
    cot_jdk_use "$JAVA_HOME"
    return 0
  fi
  for cot_dir in /usr/lib/jvm/* /opt/*jdk* /usr/java/* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
    if cot_jdk_fits "$cot_dir"; then
      cot_jdk_use "$cot_dir"
      return 0
    fi
  done
  if cot_java=$(command -v java); then
    # /usr/bin/java is a chain of links into the JDK that it belongs to
    cot_java=$(readlink -f "$cot_java")
    cot_dir=${cot_java%/bin/java}
    if cot_jdk_fits "$cot_dir"; then
      cot_jdk_use "$cot_dir"
      return 0
    fi
  fi
  cat >&2 <<END
cot: no JDK $cot_jdk_wanted or newer found (looked at JAVA_HOME, /usr/lib/jvm, /opt, /usr/java, ~/.sdkman and the PATH).
Install Eclipse Temurin $cot_jdk_wanted: on Debian and Ubuntu add the repository https://packages.adoptium.net/artifactory/deb and run
  apt-get install temurin-$cot_jdk_wanted-jdk
or unpack the tar archive from https://adoptium.net and set JAVA_HOME to its folder.
END
  return 1
}
