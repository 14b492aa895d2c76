#!/bin/sh
# Cotidal's archive script of this member. Written anew when it differs: change the configuration instead.
#
#   push PATH NAME               puts a file of the log into the archive; run by archive_command
#   fetch NAME PATH              brings one; run by restore_command
#   show NAME                    prints the history of a timeline
#   list SEGMENTS                says what is there, SEGMENTS to each 4 GiB
#   expire NAME MINUTES          removes what lies before that segment and is older
#
# Whatever fails ends with 1: more than 125, or a signal, would end a standby's recovery.
set -u
umask 077
LC_ALL=C
export LC_ALL
gate=@GATE@
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

@PLACE@
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

case ${1-}:$# in
  push:3 | push:4)
    path=$2
    name=$3
    named "$name" || complain "$name is no file of the log"
    [ -e "$gate/archiving" ] || complain "this server was not made primary by Cotidal, and archives nothing"
    push || complain "$name was not taken"
    ;;
  fetch:3)
    name=$2
    path=$3
    named "$name" || complain "$name is no file of the log"
    fetch || exit 1
    ;;
  show:2)
    name=$2
    case $name in *.history) named "$name" ;; *) false ;; esac || complain "$name is no history"
    folder_of_one=$(mktemp -d) || complain "there is no room for one file"
    trap 'rm -rf -- "$folder_of_one"' EXIT
    path=$folder_of_one/$name
    fetch || complain "$name is not in the archive"
    cat -- "$path"
    ;;
  list:2)
    segments=$2
    case $segments in '' | *[!0-9]*) complain "how many segments?" ;; esac
    found=$(names) || complain "the archive cannot be listed"
    printf '%s\n' "$found" | while IFS= read -r each; do named "${each%% *}" && printf '%s\n' "$each"; done | sort -u | ranges
    printf 'end\n'
    ;;
  expire:3)
    name=$2
    minutes=$3
    case ${#name}:$name in 24:*[!0-9A-F]*) complain "$name is no segment" ;; 24:*) ;; *) complain "$name is no segment" ;; esac
    case $minutes in '' | *[!0-9]*) complain "how old?" ;; esac
    expire || complain "not everything was removed"
    ;;
  *) complain "push PATH NAME, fetch NAME PATH, list SEGMENTS or expire NAME MINUTES" ;;
esac
