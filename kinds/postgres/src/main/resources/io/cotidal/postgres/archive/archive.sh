#!/bin/sh
# Cotidal's archive script of this member. Written anew when it differs: change the configuration instead.
#
#   push PATH NAME               puts a file of the log into every repository; run by archive_command
#   fetch NAME PATH [OF]         brings one from the first that has it; run by restore_command
#   show NAME [OF]               prints the history of a timeline
#   list SEGMENTS [OF]           says what is there, SEGMENTS to each 4 GiB
#   expire NAME MINUTES          removes what lies before that segment and is older
#   backup ID OF                 takes a base backup of this member's server, and proves it
#   bases [OF]                   says which base backups are there, whole ones only
#   prune KEEP OF                removes base backups but the newest KEEP
#   lay ID                       puts a base backup of "source" into this member's data
#   apart                        fails if an own repository is one of "source"
#   age NAME [OF]                prints when that segment was archived, in seconds since 1970
#   points FIRST LAST [OF]       prints the restore points between two segments
#
# OF is 1 or 2 for a repository of this cluster's, "source" for those that it is restored from, all own ones if left out.
#
# Whatever fails ends with 1: more than 125, or a signal, would end a standby's recovery.
set -u
umask 077
LC_ALL=C
export LC_ALL
gate=@GATE@
data=@DATA@
bin=@BIN@
own=@OWN@
source=@SOURCE@
path=
name=

complain() {
  printf 'cotidal archive: %s\n' "$1" >&2
  exit 1
}

# Runs a program, and not for ever.
limited() {
  timeout -k 5 @LIMIT@ "$@"
}

# A file of PostgreSQL's: a segment, perhaps a part of one, a label of a backup, a history of a timeline.
named() {
  case $1 in
    *[!0-9A-Za-z.]* | .* | *..*) return 1 ;;
    ????????.history | ????????????????????????) ;;
    ????????????????????????.partial | ????????????????????????.????????.backup) ;;
    *) return 1 ;;
  esac
  case ${1%%.*} in *[!0-9A-F]*) return 1 ;; esac
}

# What a repository can do beside its four functions; one that keeps base backups says otherwise.
plain() {
  folder=
  there() { return 0; }
}

@PLACE@
# The repositories that a word stands for.
which() {
  case $1 in
    '') chosen=$own ;;
    source) chosen=$source ;;
    1 | 2) chosen=own_$1 ;;
    *) complain "$1 is no repository" ;;
  esac
  case " $own $source " in *" ${chosen%% *} "*) ;; *) complain "there is no such repository" ;; esac
  [ -n "$chosen" ] || complain "there is no such repository"
}

# Every repository gets the segment, side by side: one that is dead or slow keeps no other from having it.
push_all() {
  takers=
  for one in $own; do
    (
      "$one"
      push
    ) &
    takers="$takers $one:$!"
  done
  refused=
  for taker in $takers; do
    wait "${taker#*:}" || refused="$refused ${taker%:*}"
  done
  [ -n "$refused" ] || return 0
  titles=
  for one in $own; do
    case " $refused " in
      *" $one "*)
        "$one"
        titles="$titles${titles:+ and }$title"
        ;;
      *) (
        "$one"
        ahead
      ) ;;
    esac
  done
  complain "$name was not taken by $titles"
}

# The server asks again for the same segment until all have it. Whoever can gets those that are full meanwhile.
ahead() {
  count=0
  for ready in pg_wal/archive_status/*.ready; do
    name=${ready##*/}
    name=${name%.ready}
    path=pg_wal/$name
    if [ $count -lt 32 ] && [ -e "$path" ] && named "$name" && ! there; then
      push
      count=$((count + 1))
    fi
  done
}

# Where there is another repository a segment that is cut short is as good as none: that one may have it whole.
whole() {
  case $chosen:$name in *.*) return 0 ;; *' '*:*) ;; *) return 0 ;; esac
  size=$(stat -c %s -- "$path") && [ "$size" -gt 0 ] && [ $((size % 1048576)) -eq 0 ]
}

fetch_any() {
  for one in $chosen; do
    "$one"
    (fetch) && whole && return 0
    rm -f -- "$path"
  done
  return 1
}

# Names, sorted, become "range FIRST LAST", "history NAME" and "backup NAME".
ranges() {
  first=
  last=
  line=
  number=0
  while IFS= read -r each; do
    case $each in
      *.history) printf 'history %s\n' "$each" ;;
      *.backup*) printf 'backup %s\n' "$each" ;;
      *.partial) ;;
      *)
        timeline=${each%????????????????}
        rest=${each#????????}
        at=$((0x${rest%????????} * segments + 0x${rest#????????}))
        if [ "$timeline" != "$line" ] || [ $at -ne $((number + 1)) ]; then
          [ -z "$first" ] || printf 'range %s %s\n' "$first" "$last"
          first=$each
        fi
        last=$each
        line=$timeline
        number=$at
        ;;
    esac
  done
  [ -z "$first" ] || printf 'range %s %s\n' "$first" "$last"
}

@BASES@
case ${1-}:$# in
  push:3 | push:4)
    path=$2
    name=$3
    named "$name" || complain "$name is no file of the log"
    [ -e "$gate/archiving" ] || complain "this server was not made primary by Cotidal, and archives nothing"
    which ''
    push_all
    ;;
  fetch:3 | fetch:4)
    name=$2
    path=$3
    named "$name" || complain "$name is no file of the log"
    which "${4-}"
    fetch_any || exit 1
    ;;
  show:2 | show:3)
    name=$2
    which "${3-}"
    case $name in *.history) named "$name" ;; *) false ;; esac || complain "$name is no history"
    folder_of_one=$(mktemp -d) || complain "there is no room for one file"
    trap 'rm -rf -- "$folder_of_one"' EXIT
    path=$folder_of_one/$name
    fetch_any || complain "$name is not in the archive"
    cat -- "$path"
    ;;
  list:2 | list:3)
    segments=$2
    case $segments in '' | *[!0-9]*) complain "how many segments?" ;; esac
    which "${3-}"
    found=
    listed=no
    for one in $chosen; do
      "$one"
      if more=$(names); then
        listed=yes
        found="$found
$more"
      elif [ "${3-}" != source ]; then
        # What may be removed is decided by this list: it must be all of it.
        complain "the archive cannot be listed: $title"
      fi
    done
    [ $listed = yes ] || complain "the archive cannot be listed"
    printf '%s\n' "$found" | while IFS= read -r each; do named "${each%% *}" && printf '%s\n' "$each"; done | sort -u | ranges
    printf 'end\n'
    ;;
  expire:3)
    name=$2
    minutes=$3
    case ${#name}:$name in 24:*[!0-9A-F]*) complain "$name is no segment" ;; 24:*) ;; *) complain "$name is no segment" ;; esac
    case $minutes in '' | *[!0-9]*) complain "how old?" ;; esac
    which ''
    for one in $chosen; do
      (
        "$one"
        expire
      ) || complain "not everything was removed"
    done
    ;;
  backup:3 | bases:1 | bases:2 | prune:3 | lay:2 | apart:1 | age:2 | age:3 | points:3 | points:4)
    what=$1
    shift
    "base_$what" "$@"
    ;;
  *) complain "push PATH NAME, fetch NAME PATH, list SEGMENTS or expire NAME MINUTES" ;;
esac
