#!/bin/sh
# Cotidal's gate: the one program that its key may run on a member's machine. Installed by "cot member prepare" as a
# forced command. It reads what is asked from SSH_ORIGINAL_COMMAND and, line by line, from its input, by a grammar of
# its own. Nothing of that is ever run, expanded or used as a path: words are compared with those that stand here.
#
#   cotidal-gate 1 MEMBER watch                 looks only
#   cotidal-gate 1 MEMBER enter STAMP MILLIS    holds the gate, if the stamp is not older than the newest seen
#   cotidal-gate 1 MEMBER look STAMP MILLIS     the same, and asks nobody to make way
#   cotidal-gate 1 MEMBER send WHAT             is the far end of an rsync that reads the data, and nothing else
#   cotidal-gate 1 MEMBER meet STAMP            hands bytes on to and from the rsync that a stay under STAMP runs
#
# A request is "NUMBER VERB WORD…", its answer "NUMBER ok WORD…" or "NUMBER no REASON". A text is "=" and then letters,
# digits and ._/:=,@+%-, every other byte as \0 and three octal digits; a text in an answer is "x" and hexadecimal.
# Beside it, in members/MEMBER, stand the only folders that it touches: "data PATH" and "bin PATH".
#
# Needs a POSIX shell, flock and setsid of util-linux, and coreutils; rsync for copies by it.
set -uf
umask 077
IFS=' '
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH

die() {
  printf 'cotidal-gate: %s\n' "$1" >&2
  exit 64
}

# --- two pipes between a daemon and an rsync that fills this member ---

# Hands its input on to the first pipe and the second one on to its output. Whoever is at the other end of that has
# ended when it ends, and what would still be said to them is of no use.
join() {
  exec 3<&0
  cat <&3 >"$1" 2>/dev/null &
  cat <"$2"
  kill $! 2>/dev/null
}

# What rsync runs in place of a remote shell. The words that it adds say what it expects at the other end; what is run
# there is decided there.
relay() {
  join "$1/rsync-out" "$1/rsync-in"
}

# The daemon's end of the same pipes.
meet() {
  join "$1/rsync-in" "$1/rsync-out"
}

# Words come only from rsync and from a daemon of this machine: sshd gives none.
case $#:${1-} in
  0:) ;;
  2:meet | *:relay)
    "$1" "$2"
    exit 0
    ;;
  *) die "this program takes no words" ;;
esac

# A whole number of at most 18 digits, without zeros before it.
number() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ ${#1} -le 18 ]
}

stamp_parts() {
  case $1 in *.*.*.* | *[!0-9.]*) return 1 ;; *.*.*) ;; *) return 1 ;; esac
  epoch=${1%%.*}
  turn=${1##*.}
  operation=${1#*.}
  operation=${operation%.*}
  number "$epoch" && number "$operation" && number "$turn"
}

# Whether the first stamp is older than the second.
older() {
  stamp_parts "$2" || die "'$2' is no stamp"
  e2=$epoch o2=$operation t2=$turn
  stamp_parts "$1" || die "'$1' is no stamp"
  [ "$epoch" -lt "$e2" ] && return 0
  [ "$epoch" -gt "$e2" ] && return 1
  [ "$operation" -lt "$o2" ] && return 0
  [ "$operation" -gt "$o2" ] && return 1
  [ "$turn" -lt "$t2" ]
}

# The stamp in one of the gate's files; 0.0.0 if there is no such file, and the end if it holds something else.
remembered() {
  seen=0.0.0
  if [ -e "$gate/$1" ]; then
    IFS= read -r seen <"$gate/$1" || [ -n "$seen" ] || die "$gate/$1 is empty"
    stamp_parts "$seen" || die "$gate/$1 holds no stamp"
  fi
}

folder_ok() {
  case $1 in *[!A-Za-z0-9._/+-]* | *//* | */. | */./* | */.. | */../* | */) return 1 ;; /?*) ;; *) return 1 ;; esac
}

# Puts a text as it was sent into $text, for printf %b.
text() {
  case $1 in =*) ;; *) return 1 ;; esac
  text=${1#=}
  case $text in *[!A-Za-z0-9._/:=,@+%\\-]*) return 1 ;; esac
  left=$text
  while :; do
    case $left in
      *\\*)
        left=${left#*\\}
        case $left in 0000*) return 1 ;; 0[0-3][0-7][0-7]*) ;; *) return 1 ;; esac
        ;;
      *) return 0 ;;
    esac
  done
}

# Replaces a file as a whole and puts it on the disk: $1 the file, $2 its mode, $text what is in it. On a full disk the
# reserve is given up for it, so that a stamp is remembered there too and what must end can be ended.
durable() {
  replaced "$1" "$2" && return 0
  [ -e "$gate/reserve" ] && rm -f -- "$gate/reserve" && replaced "$1" "$2"
}

replaced() {
  fresh=$1.cotidal-new
  rm -f -- "$fresh" || return 1
  (set -C && printf %b "$text" >"$fresh") 2>/dev/null || return 1
  chmod "$2" -- "$fresh" && sync -- "$fresh" && mv -fT -- "$fresh" "$1" && sync -- "${1%/*}"
}

ok() {
  printf '%s ok%s\n' "$asked" "${*:+ $*}"
}

no() {
  printf '%s no %s\n' "$asked" "$*"
}

hex() {
  od -An -v -tx1 | tr -d ' \n'
}

# --- processes ---

# Reads state, session and start of a process; fails if it is gone. A zombie is.
born() {
  line=
  { IFS= read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  line=${line##*) }
  # shellcheck disable=SC2086
  set -- $line
  [ $# -ge 20 ] || return 1
  case $1 in Z | X) return 1 ;; esac
  session=$4
  start=${20}
}

# Whether a process is one of this server's: its program is postgres and it works in the data.
working() {
  [ "/proc/$1/cwd" -ef "$data" ] || return 1
  name=
  { IFS= read -r name <"/proc/$1/comm"; } 2>/dev/null
  [ "$name" = postgres ]
}

# The number in the server's lock file.
locker() {
  pid=
  [ -f "$data/postmaster.pid" ] && IFS= read -r pid <"$data/postmaster.pid"
  pid=${pid#-}
  number "${pid:-x}"
}

# All processes of the server as pid@start in $found, the main one first.
servers() {
  found=
  main=
  [ -d "$data" ] || return 0
  if locker && working "$pid" && born "$pid"; then
    main=$pid
    found=$pid@$start
  fi
  set +f
  set -- /proc/[1-9]*
  set -f
  for process; do
    pid=${process#/proc/}
    if [ "$pid" != "$main" ] && number "$pid" && working "$pid" && born "$pid"; then
      found="$found${found:+ }$pid@$start"
    fi
  done
}

settled() {
  sleeps=no
  while IFS= read -r line; do
    case $line in
      State:*[!A-Za-z]S*) sleeps=yes ;;
      SigPnd:*[13579bdf] | ShdPnd:*[13579bdf]) sleeps=no && break ;;
    esac
  done <"/proc/$1/status"
  [ $sleeps = yes ]
}

# --- looking ---

data_word() {
  if [ -e "$gate/incomplete" ]; then
    word=incomplete
  elif [ -e "$data/PG_VERSION" ] && [ -e "$data/global/pg_control" ]; then
    word=present
  elif [ ! -e "$data" ] || [ -z "$(ls -A -- "$data")" ]; then
    word=absent
  else
    word=incomplete
  fi
}

# What room there is, as " FREE/TOTAL" in bytes, for the data and for the log if it lies elsewhere, into $room.
measure() {
  room=
  if [ -d "$data/pg_wal" ]; then
    set -- "$data" "$data/pg_wal"
  elif [ -d "$data" ]; then
    set -- "$data"
  else
    set -- "${data%/*}"
  fi
  found=$(stat -f --printf='%i %a %b %S ' -- "$@" 2>/dev/null) || return 0
  # shellcheck disable=SC2086
  set -- $found
  [ $# -ge 4 ] && [ "$3" -gt 0 ] || return 0
  room=" $(($2 * $4))/$(($3 * $4))"
  if [ $# -eq 8 ] && [ "$1 $3" != "$5 $7" ] && [ "$7" -gt 0 ]; then
    room="$room $(($6 * $8))/$(($7 * $8))"
  fi
}

# With "brief" the control file is left out, which costs three processes. With "room" more words tell it.
sight() {
  servers
  data_word
  remembered stamp
  runs=gone && [ -n "$found" ] && runs=running
  signal=none && [ -e "$data/standby.signal" ] && signal=standby
  rewind=false && [ -x "$bin/pg_rewind" ] && rewind=true
  control=x
  if [ "$1" != brief ] && [ -e "$data/global/pg_control" ]; then
    control=x$(head -c 160 -- "$data/global/pg_control" | hex)
  fi
  room=
  if [ "$2" = room ]; then
    measure
  fi
  ok "$runs" "$seen" "$word" "$signal" "$rewind" "$control$room"
}

# --- files ---

# What may be read, and whether it may be written, by the one name that it has.
place() {
  writable=yes
  case $1 in
    data/standby.signal | data/recovery.signal | data/cotidal.conf | data/postgresql.conf) ;;
    data/postgresql.auto.conf | data/pg_hba.conf | data/backup_label) ;;
    data/postmaster.pid | data/promote | data/PG_VERSION | gate/archive) writable=no ;;
    gate/incomplete | gate/receipt | gate/paused | gate/passfile | gate/rewind-passfile) ;;
    gate/initdb-password | gate/roles.sql | gate/archiving | gate/settings) ;;
    *) return 1 ;;
  esac
  case $1 in data/*) file=$data/${1#data/} ;; *) file=$gate/${1#gate/} ;; esac
}

read_file() {
  if ! place "$1"; then
    no "no such file may be read"
  elif [ ! -e "$file" ]; then
    ok absent
  else
    bytes=$(head -c 262144 -- "$file" | hex) && ok "x$bytes" || no "$1 cannot be read"
  fi
}

write_file() {
  case $2 in 600 | 644) ;; *) no "mode is 600 or 644" && return ;; esac
  if ! place "$1" || [ $writable = no ]; then
    no "no such file may be written"
  elif ! text "$3"; then
    no "the text is not written as it must be"
  elif durable "$file" "$2"; then
    ok
  else
    no "$1 cannot be written"
  fi
}

remove_file() {
  if ! place "$1" || [ $writable = no ]; then
    no "no such file may be removed"
  elif [ ! -e "$file" ]; then
    ok
  elif rm -f -- "$file" && sync -- "${file%/*}"; then
    ok
  else
    no "$1 cannot be removed"
  fi
}

# The one script that the server's own settings name. It comes with its checksum.
put_archive() {
  put_script archive "$1" "$2"
}

# The one that counts what the log has beyond the primary's.
put_counter() {
  put_script losses "$1" "$2"
}

put_script() {
  script=$gate/$1
  shift
  case ${#1}:$1 in
    64:*[!0-9a-f]*) no "that is no checksum" && return ;;
    64:*) ;;
    *) no "that is no checksum" && return ;;
  esac
  if ! text "$2"; then
    no "the text is not written as it must be"
    return
  fi
  sum=$(printf %b "$text" | sha256sum)
  if [ "${sum%% *}" != "$1" ]; then
    no "the script did not come whole"
  elif durable "$script" 600; then
    ok
  else
    no "the script cannot be written"
  fi
}

# What lies beside what that script has kept: only where it has kept something.
put_summary() {
  case $1 in
    [0-9]*Z-[0-9]*) ;;
    *) no "that is no name of a folder" && return ;;
  esac
  case $1 in
    *[!0-9TZ-]*) no "that is no name of a folder" && return ;;
  esac
  if ! text "$2"; then
    no "the text is not written as it must be"
  elif [ ! -d "$data.lost/$1" ] || durable "$data.lost/$1/summary.json" 600; then
    ok
  else
    no "the summary cannot be written"
  fi
}

# A lock file whose number is another program's by now, or a zombie's, would keep the server from starting.
unlock() {
  servers
  if [ -z "$found" ] && locker && [ -e "/proc/$pid" ]; then
    name=
    { IFS= read -r name <"/proc/$pid/comm"; } 2>/dev/null
    if [ "$name" != postgres ] || ! born "$pid"; then
      rm -f -- "$data/postmaster.pid" && sync -- "$data"
    fi
  fi
  ok
}

make_data() {
  { mkdir -p -- "$data" && chmod 700 -- "$data"; } 2>/dev/null && ok || no "$data cannot be made"
}

# Only what an act has marked as being made anew.
empty_data() {
  servers
  if [ -n "$found" ]; then
    no "the server runs"
  elif [ ! -e "$gate/incomplete" ]; then
    no "the data is not marked as being made anew"
  elif [ ! -d "$data" ] || find "$data" -xdev -mindepth 1 -delete 2>/dev/null; then
    ok
  else
    no "$data cannot be emptied"
  fi
}

drop_slot() {
  case $1 in '' | *[!a-z0-9_]*) no "that is no slot" && return ;; esac
  servers
  if [ ${#1} -gt 63 ]; then
    no "that is no slot"
  elif [ -n "$found" ]; then
    no "the server runs"
  elif [ ! -d "$data/pg_replslot/$1" ] || rm -rf -- "$data/pg_replslot/$1"; then
    ok
  else
    no "the slot cannot be removed"
  fi
}

# --- the log ---

open_log() {
  log=$data.log
  size=0
  [ -e "$log" ] && size=$(stat -c %s -- "$log")
  if [ "$size" -gt 67108864 ]; then
    mv -fT -- "$log" "$log.1"
  fi
  if [ ! -e "$log" ]; then
    : >"$log"
    chmod 600 -- "$log"
    size=0
  fi
  ok "$size"
}

tail_log() {
  number "$1" || {
    no "from which byte?"
    return
  }
  if [ ! -e "$data.log" ]; then
    ok x
    return
  fi
  size=$(stat -c %s -- "$data.log")
  from=$1
  [ $((size - from)) -gt 65536 ] && from=$((size - 65536))
  ok "x$(tail -c +$((from + 1)) -- "$data.log" | head -c 65536 | hex)"
}

# --- programs ---

seconds() {
  fraction=00$(($1 % 1000))
  seconds=$(($1 / 1000)).${fraction#"${fraction%???}"}
}

# Runs a program in a session of its own, with nothing of ours but its input. Whoever enters after a gate that was
# killed finds it by the file "running". With yields=yes it is ended when somebody with a newer stamp waits.
run() {
  servers
  if [ -n "$found" ] && [ $beside = no ]; then
    no "the server runs"
    return
  fi
  seconds "$1"
  input=$2
  shift 2
  output=$gate/output
  setsid env -i PATH="$PATH" LC_ALL=C timeout -s KILL "$seconds" "$@" <"$input" >"$output" 2>&1 9>&- &
  child=$!
  if born "$child"; then
    began=$start
    text=$child@$began
    durable "$gate/running" 644
  fi
  while [ $yields = yes ] && born "$child"; do
    remembered wanted
    if older "$stamp" "$seen"; then
      members_of "$child" "$began"
      for process in $found; do
        kill -9 "$process" 2>/dev/null
      done
      wait "$child"
      rm -f -- "$gate/running" "$output"
      no "made way for an act under a newer stamp"
      return
    fi
    sleep 0.1
  done
  wait "$child"
  status=$?
  rm -f -- "$gate/running"
  printed=$(tail -c 16384 -- "$output" | hex)
  rm -f -- "$output"
  ok "$status" "x$printed"
}

# The text that was sent, as a value.
value() {
  text "$1" || return 1
  value=$(printf %b. "$text")
  value=${value%.}
}

run_program() {
  number "$2" || {
    no "within which time?"
    return
  }
  yields=no
  beside=no
  case $1 in
    initdb)
      if value "$3"; then
        run "$2" /dev/null "$bin/initdb" "--pgdata=$data" "--username=$value" "--pwfile=$gate/initdb-password" \
          --auth=scram-sha-256 --data-checksums --encoding=UTF8 --no-locale --no-sync
      else
        no "the text is not written as it must be"
      fi
      ;;
    single) run "$2" "$gate/roles.sql" "$bin/postgres" --single -D "$data" postgres ;;
    rewind)
      if value "$3"; then
        run "$2" /dev/null "$bin/pg_rewind" --no-sync "--target-pgdata=$data" "--source-server=$value"
      else
        no "the text is not written as it must be"
      fi
      ;;
    backup)
      if value "$3"; then
        yields=yes
        run "$2" /dev/null "$bin/pg_basebackup" "--pgdata=$data" --wal-method=stream --checkpoint=fast --no-sync \
          --no-password "--dbname=$value"
      else
        no "the text is not written as it must be"
      fi
      ;;
    slow-backup)
      if value "$3" && number "${value%% *}"; then
        yields=yes
        run "$2" /dev/null "$bin/pg_basebackup" "--pgdata=$data" --wal-method=stream --checkpoint=fast --no-sync \
          --no-password "--max-rate=${value%% *}" "--dbname=${value#* }"
      else
        no "the text is not written as it must be"
      fi
      ;;
    archive)
      if value "$3"; then
        run_archive "$2" "$value"
      else
        no "the text is not written as it must be"
      fi
      ;;
    tail)
      if value "$3"; then
        run_tail "$2" "$value"
      else
        no "the text is not written as it must be"
      fi
      ;;
    rsync-data | rsync-control | rsync-log) run_rsync "$2" "${1#rsync-}" ;;
    sync) run_sync "$2" ;;
    *) no "no such program" ;;
  esac
}

# The script that lies beside the data, asked in plain words.
run_archive() {
  case $2 in
    '' | *[!0-9A-Za-z.\ ]*) no "that is nothing to ask of it" ;;
    *)
      if [ -f "$gate/archive" ]; then
        yields=yes
        beside=yes
        # shellcheck disable=SC2086
        run "$1" /dev/null /bin/sh "$gate/archive" $2
      else
        no "there is no archive script"
      fi
      ;;
  esac
}

# The script that counts the log, asked in plain words; only while the server does not run.
run_tail() {
  case $2 in
    '' | *[!0-9A-Za-z.\ -]*) no "that is nothing to ask of it" ;;
    *)
      if [ -f "$gate/losses" ]; then
        yields=yes
        # shellcheck disable=SC2086
        run "$1" /dev/null /bin/sh "$gate/losses" "$data" "$bin" $2
      else
        no "there is no script that counts the log"
      fi
      ;;
  esac
}

# --- rsync ---

# Both ends must agree on these letters, so they are not taken from what the other end says. Every file is compared by
# its bytes, page by page: equal sizes and times do not make equal pages. What rsync 3.1 knows is all that is used.
sent='--server --sender -prIe.Lsfx --timeout=300 --inplace .'
taken='--recursive --perms --ignore-times --inplace --block-size=8192 --timeout=300 --blocking-io --no-protect-args'

rsync_there() {
  command -v rsync >/dev/null 2>&1
}

is_segment() {
  case $1 in *[!0-9A-F]*) return 1 ;; esac
  [ ${#1} -eq 24 ]
}

# The far end of an rsync: it reads what is named here and takes no other word.
send() {
  rsync_there || die "rsync is not installed on this machine"
  case $# in
    1)
      case $1 in
        ready) printf 'ready\n' && exit 0 ;;
        data) set -- "$data/" ;;
        control) set -- "$data/global/pg_control" ;;
        *) die "ready, data, control or log" ;;
      esac
      ;;
    3)
      [ "$1" = log ] && is_segment "$2" && is_segment "$3" || die "that is no part of the log"
      [ -f "$data/pg_wal/$2" ] && [ -f "$data/pg_wal/$3" ] || die "the log from $2 to $3 is not there"
      segments "$2" "$3"
      # shellcheck disable=SC2086
      set -- $found
      ;;
    *) die "ready, data, control or log" ;;
  esac
  # shellcheck disable=SC2086
  exec env -i PATH="$PATH" LC_ALL=C rsync $sent "$@"
}

# The files of the log from one segment to another, and the histories of timelines, into $found.
segments() {
  found=
  first=$1
  last=$2
  set +f
  set -- "$data/pg_wal"/*
  set -f
  for file; do
    name=${file##*/}
    case $name in
      *[!0-9A-F]*.history) continue ;;
      *.history) ;;
      *)
        is_segment "$name" || continue
        [ "$name" \< "$first" ] && continue
        [ "$name" \> "$last" ] && continue
        ;;
    esac
    found="$found $file"
  done
}

# Lets go whoever still waits at one end of the pipes, and removes them. Who came too late for a pipe that it wanted to
# write to has left a file in its place.
unpipe() {
  for pipe in rsync-in rsync-out; do
    if [ -p "$gate/$pipe" ]; then
      : <>"$gate/$pipe"
    fi
    rm -f -- "$gate/$pipe"
  done
}

make_pipes() {
  if ! rsync_there; then
    no "rsync is not installed on this machine"
  elif ! folder_ok "$home/${0##*/}"; then
    no "rsync cannot be given the path of this program"
  else
    unpipe
    for try in 1 2 3; do
      mkfifo -m 600 -- "$gate/rsync-in" "$gate/rsync-out" 2>/dev/null && ok && return
      unpipe
    done
    no "the pipes cannot be made"
  fi
}

# Fills the data, or a part of it, from whoever is met at the pipes; only while it is marked as being made anew.
run_rsync() {
  if [ ! -e "$gate/incomplete" ]; then
    no "the data is not marked as being made anew"
    return
  fi
  yields=yes
  shell="--rsh=/bin/sh $home/${0##*/} relay $gate"
  # shellcheck disable=SC2086
  case $2 in
    data)
      run "$1" /dev/null rsync $taken --delete-before --delete-excluded '--exclude=/pg_wal/*' '--exclude=/pg_replslot/*' \
        '--exclude=/pg_dynshmem/*' '--exclude=/pg_notify/*' '--exclude=/pg_serial/*' '--exclude=/pg_snapshots/*' \
        '--exclude=/pg_stat_tmp/*' '--exclude=/pg_subtrans/*' --exclude=/postmaster.pid --exclude=/postmaster.opts \
        --exclude=/backup_label --exclude=/backup_label.old --exclude=/tablespace_map --exclude=/tablespace_map.old \
        --exclude=/backup_manifest --exclude=/standby.signal --exclude=/recovery.signal --exclude=/promote \
        --exclude=/postgresql.auto.conf.tmp --exclude=/current_logfiles --exclude=/current_logfiles.tmp \
        --exclude=/cotidal.conf --exclude=/global/pg_control '--exclude=pgsql_tmp*' '--exclude=pg_internal.init*' \
        '--exclude=*.cotidal-new' "$shell" source:data/ "$data/"
      ;;
    control) run "$1" /dev/null rsync $taken "$shell" source:data/ "$data/global/" ;;
    log) run "$1" /dev/null rsync $taken "$shell" source:data/ "$data/pg_wal/" ;;
  esac
  unpipe
}

run_sync() {
  seconds "$1"
  if timeout -s KILL "$seconds" sync -f "$data" 2>/dev/null; then
    ok 0 x
  else
    no "the disk did not take what was written, or not in time"
  fi
}

start() {
  servers
  if [ -n "$found" ]; then
    no "the server runs"
  elif [ ! -e "$data/standby.signal" ] || [ -e "$gate/incomplete" ]; then
    no "a server is started demoted, and from whole data"
  else
    setsid env -i PATH="$PATH" LC_ALL=C "$bin/postgres" -D "$data" </dev/null >>"$data.log" 2>&1 9>&- &
    pid=$!
    start=0
    born "$pid"
    ok "$pid@$start"
  fi
}

# Who of $met has not ended yet, in $found: the sockets of one that ends are closed after its folder is free.
lingering() {
  for process in $met; do
    if born "${process%@*}" && [ "$start" = "${process#*@}" ]; then
      found=$process
    fi
  done
}

# Kills them all, stopped ones too, the main one first so that it starts nobody anew; answers who is left.
kill_all() {
  tries=0
  met=
  servers
  while [ -n "$found" ] && [ $tries -lt 50 ]; do
    for process in $found; do
      kill -9 "${process%@*}" 2>/dev/null
    done
    met="$met $found"
    [ $tries -eq 0 ] || sleep 0.01
    tries=$((tries + 1))
    servers
    [ -n "$found" ] || lingering
  done
  # shellcheck disable=SC2086
  ok $found
}

interrupt() {
  if locker && working "$pid" && born "$pid"; then
    kill -2 "$pid" 2>/dev/null
  fi
  ok
}

alive() {
  case $1 in *@*) ;; *) no "write pid@start" && return ;; esac
  if ! number "${1%@*}" || ! number "${1#*@}"; then
    no "write pid@start"
  elif born "${1%@*}" && [ "$start" = "${1#*@}" ]; then
    ok yes
  else
    ok no
  fi
}

settled_word() {
  if [ "$1" = main ]; then
    if ! locker || ! working "$pid"; then
      ok gone
      return
    fi
    set -- "$pid"
  fi
  if ! number "$1"; then
    no "whose?"
  elif ! born "$1"; then
    ok gone
  elif settled "$1" 2>/dev/null; then
    ok yes
  else
    ok no
  fi
}

# --- the door ---

ask() {
  remembered wanted
  if older "$seen" "$stamp"; then
    printf %s "$stamp" >"$gate/wanted.$$" && mv -fT -- "$gate/wanted.$$" "$gate/wanted"
  fi
}

# Ends an older stay of this program that nobody speaks to any more: its connection may be cut in the middle.
evict() {
  [ -f "$gate/holder" ] || return 0
  holder=
  holding=
  read -r holder holding <"$gate/holder"
  if number "${holder%@*}" && older "$holding" "$stamp" && born "${holder%@*}" && [ "$start" = "${holder#*@}" ]; then
    kill -9 "${holder%@*}" 2>/dev/null
  fi
}

# Waits for a program that a stay before this one has left behind, and past half of the time kills it.
await_left_over() {
  [ -f "$gate/running" ] || return 0
  leader=
  IFS= read -r leader <"$gate/running" || [ -n "$leader" ] || leader=0@0
  if ! number "${leader%@*}" || ! number "${leader#*@}"; then
    die "$gate/running names no process"
  fi
  rounds=$((millis / 40 + 1))
  patience=$((rounds / 2))
  while [ $rounds -gt 0 ]; do
    members_of "${leader%@*}" "${leader#*@}"
    [ -n "$found" ] || break
    if [ $rounds -le $patience ]; then
      for process in $found; do
        kill -9 "$process" 2>/dev/null
      done
    fi
    sleep 0.02
    rounds=$((rounds - 1))
  done
  members_of "${leader%@*}" "${leader#*@}"
  if [ -n "$found" ]; then
    printf '0 busy\n'
    exit 0
  fi
  rm -f -- "$gate/running"
}

# The processes of a session, by its leader and when that was born.
members_of() {
  found=
  leads=$1
  since=$2
  set +f
  set -- /proc/[1-9]*
  set -f
  for process; do
    pid=${process#/proc/}
    if number "$pid" && born "$pid" && [ "$session" = "$leads" ] && [ "$start" -ge "$since" ]; then
      found="$found${found:+ }$pid"
    fi
  done
}

refuse_older() {
  remembered stamp
  if older "$stamp" "$seen"; then
    printf '0 refused %s\n' "$seen"
    exit 0
  fi
}

enter() {
  if [ ! -d "$gate" ]; then
    { mkdir -p -- "$gate" && chmod 755 -- "$gate" && sync -- "${gate%/*}"; } || die "$gate cannot be made"
  fi
  refuse_older
  exec 9>"$gate/lock"
  if ! flock -n 9; then
    [ "$mode" = look ] || ask
    seconds $((millis / 2 + 1))
    if ! flock -w "$seconds" 9; then
      evict
      if ! flock -w "$seconds" 9; then
        printf '0 busy\n'
        exit 0
      fi
    fi
  fi
  born "$$"
  printf '%s@%s %s\n' "$$" "$start" "$stamp" >"$gate/holder"
  await_left_over
  refuse_older
  before=$seen
  if [ ! -e "$gate/reserve" ]; then
    head -c 65536 /dev/zero 2>/dev/null >"$gate/reserve" || rm -f -- "$gate/reserve"
  fi
  if older "$before" "$stamp"; then
    text=$stamp
    durable "$gate/stamp" 644 || die "$gate/stamp cannot be written"
  fi
  printf '0 entered %s\n' "$before"
}

# Only for the stay that is on: nobody is let in here, so nothing is remembered.
meet_holder() {
  holder=
  holding=
  [ -f "$gate/holder" ] && read -r holder holding <"$gate/holder"
  if ! number "${holder%@*}" || [ "$holding" != "$1" ] || ! born "${holder%@*}" || [ "$start" != "${holder#*@}" ]; then
    die "no stay under $1 is on"
  fi
  [ -p "$gate/rsync-in" ] && [ -p "$gate/rsync-out" ] || die "the stay under $1 waits for nobody"
  meet "$gate"
  exit 0
}

inside() {
  case $verb in
    wanted) remembered wanted && ok "$seen" ;;
    read) read_file "$a" ;;
    write) write_file "$a" "$b" "$c" ;;
    archive) put_archive "$a" "$b" ;;
    counter) put_counter "$a" "$b" ;;
    summary) put_summary "$a" "$b" ;;
    remove) remove_file "$a" ;;
    unlock) unlock ;;
    holds) holds=no && [ -e "$data" ] && [ -n "$(ls -A -- "$data")" ] && holds=yes; ok $holds ;;
    make) make_data ;;
    empty) empty_data ;;
    slot) drop_slot "$a" ;;
    pipes) make_pipes ;;
    log) open_log ;;
    tail) tail_log "$a" ;;
    run) run_program "$a" "$b" "$c" ;;
    start) start ;;
    kill) kill_all ;;
    interrupt) interrupt ;;
    processes)
      servers
      # shellcheck disable=SC2086
      ok ${main:-0} $found
      ;;
    alive) alive "$a" ;;
    settled) settled_word "$a" ;;
    *) no "no such verb" ;;
  esac
}

serve() {
  while read -r asked verb a b c more; do
    number "${asked:-x}" || die "a request begins with its number"
    if [ -n "$more" ]; then
      no "too many words"
    elif [ "$verb" = sight ]; then
      sight "$a" "$b"
    elif [ "$mode" = watch ]; then
      no "only looks are answered here"
    else
      inside
    fi
  done
}

# --- who is asked for, and what ---

case ${SSH_ORIGINAL_COMMAND-} in *[!a-zA-Z0-9._@\ -]*) die "that is not for this gate" ;; esac
# shellcheck disable=SC2086
set -- ${SSH_ORIGINAL_COMMAND-}
[ $# -ge 4 ] && [ "$1" = cotidal-gate ] || die "this key runs Cotidal's gate and nothing else"
[ "$2" = 1 ] || die "this gate speaks protocol 1, not $2: run cot member prepare again"
member=$3
mode=$4
case $member in .* | *..* | *[!a-z0-9._@-]*) die "that is no member" ;; esac
[ ${#member} -le 130 ] || die "that is no member"
home=$(cd -- "${0%/*}" && pwd -P) || die "cannot find its own folder"
[ -f "$home/members/$member" ] || die "the member $member is not prepared here: run cot member prepare"
data=
bin=
while read -r key path; do
  case $key in data) data=$path ;; bin) bin=$path ;; esac
done <"$home/members/$member"
folder_ok "$data" && folder_ok "$bin" || die "$home/members/$member does not name data and bin"
gate=$data.gate
cd / || exit 1
asked=0

case $mode:$# in
  watch:4) printf '0 watching\n' ;;
  enter:6 | look:6)
    stamp=$5
    millis=$6
    stamp_parts "$stamp" || die "'$stamp' is no stamp"
    number "$millis" && [ "$millis" -le 86400000 ] || die "that is no time"
    enter
    ;;
  send:5) send "$5" ;;
  send:7) send "$5" "$6" "$7" ;;
  meet:5) meet_holder "$5" ;;
  *) die "watch, enter, look, send or meet" ;;
esac
serve
if [ "$mode" = enter ]; then
  unpipe
fi
