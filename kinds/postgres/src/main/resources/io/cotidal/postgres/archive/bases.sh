# --- base backups: folder/base/ID holds "data" and "cotidal.backup", which is written last ---

# What a base backup is called: when it began, for example 20261123T141530Z.
is_base() {
  case $1 in
    *[!0-9TZ]*) return 1 ;;
    ????????T??????Z) ;;
    *) return 1 ;;
  esac
}

# Lets one at a time work in the repository's base backups, and sweeps what one that was interrupted has left. The lock
# goes with whoever holds it, and with the programs that it runs.
locked() {
  [ -n "$folder" ] || complain "$title keeps no base backups"
  [ -d "$folder" ] || complain "$folder is not there"
  mkdir -p -- "$folder/base" || complain "$folder/base cannot be made"
  exec 8>"$folder/base/.lock"
  flock -n 8 || complain "another base backup is under way in $folder"
  rm -rf -- "$folder/base"/.new-* "$folder/base"/.old-*
}

# Every file against the checksums that were taken with it, and the log that it needs.
verified() {
  if [ ! -x "$bin/pg_verifybackup" ]; then
    return 2
  fi
  "$bin/pg_verifybackup" --quiet "$@" || return 1
}

one_line() {
  printf '%s\n' "$1" | head -n 1
}

base_backup() {
  id=$1
  is_base "$id" || complain "$id is no name of a base backup"
  which "$2"
  "$chosen"
  locked
  to=$folder/base/$id
  if [ -e "$to/cotidal.backup" ]; then
    cat -- "$to/cotidal.backup"
    return
  fi
  rm -rf -- "$to"
  fresh=$folder/base/.new-$id
  mkdir -- "$fresh" || complain "$fresh cannot be made"
  facts=$(elsewhere) || facts=$(taken) || exit 1
  word=no
  said=$(verified "$fresh/data" 2>&1)
  case $? in
    0) word=yes ;;
    2) ;;
    *) complain "the backup is not what the server sent: $(one_line "$said")" ;;
  esac
  printf '%s\n' "$facts $word" >"$fresh/cotidal.backup"
  sync -f -- "$fresh" && mv -T -- "$fresh" "$to" && sync -- "$folder/base" || complain "the disk did not take it"
  cat -- "$to/cotidal.backup"
}

# The same backup out of another repository of ours: the server is asked once.
elsewhere() {
  for one in $own; do
    [ "$one" != "$chosen" ] || continue
    from=$(
      "$one"
      printf %s "$folder"
    )
    if [ -n "$from" ] && [ -e "$from/base/$id/cotidal.backup" ]; then
      cp -a --reflink=auto -- "$from/base/$id/data" "$fresh/data" >&2 || return 1
      facts=$(cat -- "$from/base/$id/cotidal.backup") || return 1
      printf '%s' "${facts% *}"
      return 0
    fi
  done
  return 1
}

# Runs in a shell of its own: what it prints is the record, but for its last word.
taken() {
  [ -x "$bin/pg_basebackup" ] || complain "$bin has no pg_basebackup"
  [ -z "$(ls -A -- "$data/pg_tblspc" 2>/dev/null)" ] || complain "the server has tablespaces, which a base backup cannot place"
  rm -rf -- "$fresh/data"
  began=$(date +%s)
  PGPASSFILE=$gate/passfile PGGSSENCMODE=disable PGCONNECT_TIMEOUT=5 PGAPPNAME='cotidal backup' \
    "$bin/pg_basebackup" --pgdata="$fresh/data" --format=plain --wal-method=stream --checkpoint=fast --no-sync \
    --no-password --manifest-checksums=SHA256 --label="cotidal $id" --max-rate=@RATE@ \
    --host=@HOST@ --port=@PORT@ --username=@USER@ >&2 || exit 1
  ended=$(date +%s)
  label=$fresh/data/backup_label
  start=$(sed -n 's|^START WAL LOCATION: \([0-9A-F]*/[0-9A-F]*\) .*|\1|p' "$label")
  line=$(sed -n 's|^START TIMELINE: \([0-9]*\)$|\1|p' "$label")
  stop=$(sed -n 's|.*"End-LSN": "\([0-9A-F]*/[0-9A-F]*\)".*|\1|p' "$fresh/data/backup_manifest" | tail -n 1)
  told=$("$bin/pg_controldata" -D "$fresh/data") || complain "pg_controldata cannot read the backup"
  needs=$(told 'max_connections setting'):$(told 'max_worker_processes setting'):$(told 'max_wal_senders setting')
  needs=$needs:$(told 'max_prepared_xacts setting'):$(told 'max_locks_per_xact setting')
  bytes=$(du -sb -- "$fresh/data")
  version=$(cat -- "$fresh/data/PG_VERSION")
  [ -n "$start" ] && [ -n "$stop" ] && [ -n "$line" ] || complain "the backup does not say where it begins and ends"
  printf 'base %s %s %s %s %s %s %s %s %s %s %s' "$id" "$(told 'Database system identifier')" "$line" "$start" "$stop" \
    "$began" "$ended" "${bytes%%[!0-9]*}" "$(told 'Bytes per WAL segment')" "$version" "$needs"
}

# One value of pg_controldata.
told() {
  printf '%s\n' "$told" | sed -n "s|^$1: *||p"
}

# One line each, and last the word by which its repository is asked.
base_bases() {
  which "${1-}"
  count=0
  for one in $chosen; do
    "$one"
    [ -n "$folder" ] || continue
    for each in "$folder/base"/*/cotidal.backup; do
      [ -f "$each" ] || continue
      line=$(cat -- "$each") || complain "$each cannot be read"
      printf '%s %s\n' "$line" "$one"
      count=$((count + 1))
    done
  done
  # Who reads this must know whether all of it came.
  printf 'bases %s\n' $count
}

base_prune() {
  keep=$1
  case $keep in '' | *[!0-9]* | 0) complain "how many stay?" ;; esac
  which "$2"
  "$chosen"
  locked
  kept=0
  gone=0
  for each in $(ls -r -- "$folder/base"); do
    is_base "$each" || continue
    if [ -e "$folder/base/$each/cotidal.backup" ] && [ $kept -lt "$keep" ]; then
      kept=$((kept + 1))
    else
      mv -T -- "$folder/base/$each" "$folder/base/.old-$each" && rm -rf -- "$folder/base/.old-$each" ||
        complain "$each cannot be removed"
      gone=$((gone + 1))
    fi
  done
  sync -- "$folder/base"
  printf 'removed %s\n' $gone
}

# From the first repository in which it is what it was when it was taken.
base_lay() {
  id=$1
  is_base "$id" || complain "$id is no name of a base backup"
  [ -e "$gate/incomplete" ] || complain "the data is not marked as being made anew"
  which source
  why="is in none of the repositories"
  for one in $chosen; do
    "$one"
    [ -n "$folder" ] && [ -e "$folder/base/$id/cotidal.backup" ] || continue
    find "$data" -mindepth 1 -delete
    word=no
    if said=$(cp -a --reflink=auto -- "$folder/base/$id/data/." "$data/" 2>&1); then
      said=$(verified --no-parse-wal "$data" 2>&1)
      case $? in 0) word=yes ;; 2) word=unknown ;; esac
    fi
    if [ $word != no ]; then
      rm -f -- "$data/backup_manifest"
      printf 'laid %s %s %s\n' "$(du -sb -- "$data" | tr -dc '0-9\n\t' | cut -f1)" "$word" "$title"
      return
    fi
    why="is damaged in $title: $(one_line "$said")"
  done
  complain "the base backup $id $why"
}

# What is archived here must never get where the other cluster's log is.
base_apart() {
  for one in $own; do
    mine=$(
      "$one"
      printf %s "$folder"
    )
    for other in $source; do
      theirs=$(
        "$other"
        printf %s "$folder"
      )
      if [ -n "$mine" ] && [ -n "$theirs" ] && [ "$mine" -ef "$theirs" ]; then
        complain "$mine is what it is to be restored from: name another folder to archive into"
      fi
    done
  done
  printf 'apart\n'
}

base_age() {
  which "${2-}"
  for one in $chosen; do
    "$one"
    if [ -n "$folder" ] && [ -e "$folder/$1" ]; then
      stat -c %Y -- "$folder/$1" && return
    fi
  done
  complain "nobody knows when $1 was archived"
}

base_points() {
  [ -x "$bin/pg_waldump" ] || complain "$bin has no pg_waldump, which finds restore points"
  named "$1" && named "$2" || complain "between which segments?"
  which "${3-}"
  for one in $chosen; do
    "$one"
    [ -z "$folder" ] || "$bin/pg_waldump" --path="$folder" --rmgr=XLOG "$1" "$2" 2>/dev/null |
      sed -n 's|.*lsn: \([0-9A-F]*/[0-9A-F]*\),.*desc: RESTORE_POINT \(.*\)$|point \1 \2|p'
  done | sort -u
  printf 'end\n'
}
