# Sourced by cot and check, with COT_ROOT and JAVA_HOME set. Builds the distribution in app/target/dist when it is
# missing or older than the sources, once even if several commands start together.

cot_dist=$COT_ROOT/app/target/dist
cot_build_log=$COT_ROOT/target/build.log
# Silent about its cache: what does not fit (other options in JDK_JAVA_OPTIONS) is not used, and that is all.
cot_jvm_all='--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xlog:aot*=off -Xlog:cds*=off'
cot_jvm_cli="$cot_jvm_all -XX:TieredStopAtLevel=1"
# Each carrier of virtual threads that has nothing to do is woken for nothing; the daemon makes more while it must.
cot_jvm_daemon="$cot_jvm_all -Xmx256m -Djdk.virtualThreadScheduler.parallelism=2"

cot_say() {
  printf 'cot: %s\n' "$1" >&2
}

# Folders count too: a deleted source changes nothing but its folder. Only those in src/main do, because the build
# itself creates target/ beside them.
cot_stale() {
  [ -f "$COT_ROOT/pom.xml" ] || return 1
  [ -f "$cot_dist/stamp" ] || return 0
  [ -n "$(find "$COT_ROOT/pom.xml" "$COT_ROOT"/*/pom.xml "$COT_ROOT"/*/*/pom.xml \
    "$COT_ROOT"/*/src/main "$COT_ROOT"/*/*/src/main -newer "$cot_dist/stamp" -print -quit 2>/dev/null)" ]
}

cot_build_failed() {
  cot_free=$(df -Pk "$COT_ROOT" | awk 'END { print $4 }')
  # a log that could not be written does not name the reason
  if grep -q 'No space left on device' "$cot_build_log" || [ "${cot_free:-1024}" -lt 1024 ]; then
    cot_say "the build failed because the disk is full: free some space and run the command again (log: $cot_build_log)"
  elif grep -qiE 'unknown ?host|connection refused|unreachable|no route to host|timed out|name resolution|could not resolve host|failed to fetch|wget: |curl: ' "$cot_build_log"; then
    cot_say "the build failed because Maven Central (https://repo.maven.apache.org) cannot be reached: connect this machine, or name your mirror or proxy in ~/.m2/settings.xml and, for Maven itself, in MVNW_REPOURL (log: $cot_build_log)"
  else
    grep '^\[ERROR\]' "$cot_build_log" | head -n 25 >&2 || tail -n 25 "$cot_build_log" >&2
    cot_say "the build failed (log: $cot_build_log)"
  fi
}

# The configuration of a rehearsal: a resource of each kind at addresses where nobody is, and only looked at.
cot_rehearsed() {
  cat <<END
listen: 127.0.0.1:0
store: sqlite:$1/cotidal.db
postgres:
  rehearsal:
    members:
      - {name: a, host: 127.0.0.1, port: 1, data: $1/a, bin: /usr/bin}
      - {name: b, host: 127.0.0.1, port: 2, data: $1/b, bin: /usr/bin}
    superuser: {password: {secret: "file:$1/password"}}
    replication: {password: {secret: "file:$1/password"}}
directory:
  rehearsal:
    suffix: dc=example,dc=org
    members: [{host: 127.0.0.1, port: 1}, {host: 127.0.0.1, port: 2}]
    access: {security: plain, password: {secret: "file:$1/password"}}
    replication: {password: {secret: "file:$1/password"}}
objects:
  rehearsal:
    folder: $1/objects
    accounts: [AUTH_rehearsal]
    realm: {name: rehearsal, key: {secret: "file:$1/password"}}
    sites:
      - {name: a, url: "http://127.0.0.1:1/v1", tempauth: {auth: "http://127.0.0.1:1/auth/v1.0", user: "a:a", key: {secret: "file:$1/password"}}}
      - {name: b, url: "http://127.0.0.1:2/v1", tempauth: {auth: "http://127.0.0.1:2/auth/v1.0", user: "b:b", key: {secret: "file:$1/password"}}}
END
}

# A daemon starts, looks at its resources in vain, answers a command and ends; both leave a record of what they loaded.
cot_rehearse() {
  (umask 077 && echo rehearsal >"$1/password")
  cot_rehearsed "$1" >"$1/cotidal.yaml"
  # shellcheck disable=SC2086
  env -i PATH="$PATH" timeout 120 "$JAVA_HOME/bin/java" -XX:AOTCacheOutput="$cot_dist/training-daemon.aot" $cot_jvm_daemon \
    -cp "$cot_dist/lib/*" io.cotidal.app.Main serve --config "$1/cotidal.yaml" >"$1/said" 2>&1 &
  cot_daemon=$!
  cot_url=
  while [ -z "$cot_url" ] && kill -0 "$cot_daemon" 2>/dev/null; do
    sleep 0.2
    cot_url=$(sed -n 's/.*event=listening url=\([^ ]*\).*/\1/p' "$1/said")
  done
  # shellcheck disable=SC2086
  env -i PATH="$PATH" COT_TOKEN_FILE="$1/admin.token" timeout 120 "$JAVA_HOME/bin/java" \
    -XX:AOTCacheOutput="$cot_dist/training-cot.aot" $cot_jvm_cli \
    -cp "$cot_dist/lib/*" io.cotidal.app.Main get ${cot_url:+--server "$cot_url"}
  kill "$cot_daemon"
  wait "$cot_daemon"
  cat "$1/said"
}

# Records what start-up loads, which makes every later start faster. Without it all works, only slower.
cot_train() {
  cot_rehearsal=$(mktemp -d) || return 0
  cot_rehearse "$cot_rehearsal" >"$COT_ROOT/target/aot.log" 2>&1 </dev/null 9>&-
  rm -rf "$cot_rehearsal"
  # a cache fits only the very JDK that wrote it
  printf '%s\n' "$JAVA_HOME" >"$cot_dist/cot.aot.jdk"
  for cot_record in cot daemon; do
    mv "$cot_dist/training-$cot_record.aot" "$cot_dist/$cot_record.aot" 2>/dev/null
  done
  rm -f "$cot_dist"/training*
}

cot_build() {
  if [ -d "$cot_dist/lib" ]; then
    cot_say 'the sources have changed: building Cotidal (about half a minute) …'
  else
    cot_say 'building Cotidal (first run, about a minute and 120 MB from Maven Central) …'
  fi
  : >"$COT_ROOT/target/build.start" || return 1
  # New files, never overwritten ones: a daemon may still run from the old, and keeps those that it has open.
  rm -rf "$cot_dist"
  if ! (cd "$COT_ROOT" && ./mvnw -B -ntp -T 2 -Dmaven.test.skip=true -pl app -am package) \
    >"$cot_build_log" 2>&1 </dev/null 9>&-; then
    cot_build_failed
    return 1
  fi
  cot_train
  # Dated by the start: what was edited meanwhile is built again next time.
  touch -r "$COT_ROOT/target/build.start" "$cot_dist/stamp"
}

cot_ensure_built() {
  cot_stale || return 0
  mkdir -p "$COT_ROOT/target" 2>/dev/null && : 2>/dev/null >>"$COT_ROOT/target/build.lock" || {
    cot_say "cannot build: $COT_ROOT/target cannot be written (read-only, not yours, or the disk is full)"
    return 1
  }
  exec 9>>"$COT_ROOT/target/build.lock"
  if ! flock -n 9; then
    cot_say 'another build is running; waiting for it …'
    flock 9
  fi
  cot_status=0
  if cot_stale; then
    cot_build || cot_status=1
  fi
  exec 9>&-
  return "$cot_status"
}
