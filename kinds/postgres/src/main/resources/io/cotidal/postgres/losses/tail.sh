#!/bin/sh
# Cotidal's count of what an old primary's log has beyond the point at which its successor left it. Runs on the member's
# own machine, beside a stopped server, before its data is rewound or copied over. It changes nothing in the data.
#
#   tail.sh DATA BIN look                                     which timelines its log has
#   tail.sh DATA BIN keep ID BYTES FOLDERS SECONDS SEGMENT OWN TIMELINE.FROM.TO…
#                                                             counts what lies there, and keeps it in DATA.lost/ID
#
# BYTES of log are kept at most, and so many FOLDERS. SECONDS is how long each of reading and keeping may take. SEGMENT
# is the size of a segment, OWN the relation of heartbeats as SPACE.DATABASE.FILE, or 0. A position is a decimal number of
# bytes; TO is 0 for the log's end. Answers are lines of words; what a line of pg_waldump says is compared and counted, and
# never run.
#
# Needs a POSIX shell, awk and coreutils.
set -uf
umask 077
LC_ALL=C
TZ=UTC
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL TZ PATH

die() {
  printf 'cotidal: %s\n' "$1" >&2
  exit 1
}

number() {
  case $1 in '' | *[!0-9]* | 0?*) return 1 ;; esac
  [ ${#1} -le 18 ]
}

data=$1
bin=$2
asked=$3
shift 3
log=$data/pg_wal
lost=$data.lost
spare=67108864
before=4
largest=100

# --- which timelines there are ---

look() {
  newest=0
  set +f
  for file in "$log"/*; do
    name=${file##*/}
    case $name in *[!0-9A-F]*) continue ;; esac
    [ ${#name} -eq 24 ] || continue
    line=$((0x${name%????????????????}))
    [ "$line" -gt "$newest" ] && newest=$line
  done
  set -f
  [ "$newest" -gt 0 ] || die "there is no segment of the log in $log"
  history=$log/$(printf %08X "$newest").history
  if [ "$newest" -gt 1 ]; then
    [ -f "$history" ] || die "the history of timeline $newest is not in $log"
    # The newest lines are those that count, and an answer is no longer than this.
    tail -n 200 -- "$history" | awk '$1 ~ /^[0-9]+$/ && $2 ~ /^[0-9A-Fa-f]+\/[0-9A-Fa-f]+$/ { print "left", $1, $2 }'
  fi
  printf 'newest %s\n' "$newest"
}

# --- counting ---

segment() {
  printf '%08X%08X%08X' "$1" $(($2 / each)) $(($2 % each))
}

position() {
  printf '%X/%08X' $(($1 >> 32)) $(($1 & 0xffffffff))
}

# What pg_waldump says of each span, with lines between that nobody who wrote into the log can have foreseen.
listing() {
  first=yes
  until=$(($(date +%s) + seconds))
  for span; do
    timeline=${span%%.*}
    to=${span##*.}
    from=${span#*.}
    from=${from%.*}
    start=$from
    number=$((from / size))
    if [ $first = yes ]; then
      # What was begun before and committed after is lost as well: its rows are looked for a little way back.
      back=0
      while [ $back -lt $before ] && [ -f "$log/$(segment "$timeline" $((number - back)))" ]; do
        [ $((number - back)) -gt 0 ] || break
        start=$(((number - back) * size))
        back=$((back + 1))
      done
    fi
    printf '%s span %s %s\n' "$mark" "$first" "$(position "$from")"
    if [ -f "$log/$(segment "$timeline" "$number")" ]; then
      set -- -p "$log" -t "$timeline" -s "$(position "$start")"
      [ "$to" = 0 ] || set -- "$@" -e "$(position "$to")"
      left=$((until - $(date +%s)))
      status=137
      if [ $left -gt 0 ]; then
        timeout -s KILL $left "$bin/pg_waldump" "$@" 2>&1
        status=$?
      fi
      printf '%s ended %s\n' "$mark" $status
    else
      printf '%s gone %s\n' "$mark" "$(segment "$timeline" "$number")"
    fi
    first=no
  done
}

# Sums it up. Rows are counted where they were written and belong to their transaction; with its commit they count, with
# its end in any other way they do not.
# shellcheck disable=SC2016
sums='
function hex(text,  i, value) {
  value = 0
  for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
  return value
}
function lsn(text,  slash) {
  slash = index(text, "/")
  return hex(substr(text, 1, slash - 1)) * 4294967296 + hex(substr(text, slash + 1))
}
function older(one, other) { return (one - other + 4294967296) % 4294967296 > 2147483648 }
function add(what, much) {
  if (!((xid, what) in rows)) {
    touched[xid] = touched[xid] " " what
    rows[xid, what] = 0
  }
  rows[xid, what] += much
}
function forget(who,  i, n, part) {
  n = split(touched[who], part, " ")
  for (i = 1; i <= n; i++) delete rows[who, part[i]]
  delete touched[who]
  delete prepared[who]
}
function file(path,  part, n) {
  n = split(path, part, "/")
  if (part[n] !~ /^[0-9]+$/) return ""
  if (part[1] == "base" && n == 3) return "1663/" part[2] "/" part[3]
  if (part[1] == "global" && n == 2) return "1664/0/" part[2]
  if (part[1] == "pg_tblspc" && n == 5) return part[2] "/" part[4] "/" part[5]
  return ""
}
function last(text, name,  at, found) {
  found = ""
  while ((at = index(text, name)) > 0) { found = substr(text, at + length(name)); text = found }
  return found
}
function list(text, name,  rest) {
  rest = last(text, name)
  sub(/;.*/, "", rest)
  return rest
}
function ends(word, text,  subs, n, i, at, top, part, when) {
  sub(/^[A-Z_]+ /, "", text)
  top = xid
  if (text ~ /^[0-9]+: /) { top = text + 0; sub(/^[0-9]+: /, "", text) }
  subs = list(text, "; subxacts:")
  if (word == "PREPARE") {
    parts[top] = top " " subs
    n = split(parts[top], part, " ")
    for (i = 1; i <= n; i++) prepared[part[i]] = 1
    return
  }
  if (counting && word ~ /^COMMIT/) commit(top, subs, text)
  else if (counting && (top in touched)) undone++
  n = split(subs, part, " ")
  for (i = 1; i <= n; i++) forget(part[i])
  forget(top)
}
function commit(top, subs, text,  who, n, m, i, j, each, part, what, users, inner, ours, when, told, sum) {
  when = substr(text, 1, 26)
  if (began == "") began = when
  finished = when
  n = split(top " " subs, who, " ")
  for (i = 1; i <= n; i++) {
    m = split(touched[who[i]], part, " ")
    for (j = 1; j <= m; j++) {
      sum[part[j]] += rows[who[i], part[j]]
    }
  }
  m = split(list(text, "; rels:"), part, " ")
  for (j = 1; j <= m; j++) {
    what = file(part[j])
    if (what != "" && !(what in made)) sum["t:" what] += 1
  }
  users = inner = ours = 0
  told = ""
  for (what in sum) {
    split(what, part, ":")
    split(part[2], each, "/")
    if (part[2] == own) { ours++; continue }
    if (each[3] < 16384) { inner++; continue }
    users++
    seen[part[2]] = 1
    total[what] += sum[what]
    told = told " " part[2] ":" part[1] sum[what]
  }
  if (!users && ours && !inner) { beats++; return }
  if (users) transactions++
  else catalogs++
  if (n > 1 && users) subtransactions += n - 1
  if (!sure || older(top, surely)) uncertain++
  write(top, users ? "committed" : "committed, system catalogs only", when, n - 1, told)
}
function pending(top,  who, i, j, n, m, part, what, told) {
  n = split(parts[top], who, " ")
  told = ""
  for (i = 1; i <= n; i++) {
    m = split(touched[who[i]], part, " ")
    for (j = 1; j <= m; j++) {
      split(part[j], what, ":")
      told = told " " what[2] ":" what[1] rows[who[i], part[j]]
    }
  }
  return told
}
function write(top, state, when, subs, told,  line) {
  if (listing == "") return
  line = top "\t" state "\t" when "\t" subs "\t" substr(told, 2) "\n"
  room -= length(line)
  if (room < 0) { unlisted++; return }
  printf "%s", line > listing
}
BEGIN {
  FS = ", tx: +|, lsn: |, prev |, desc: |, blkref #0: rel "
  mark = ENVIRON["mark"]; own = ENVIRON["own"]; listing = ENVIRON["listing"]; room = ENVIRON["room"] + 0
  state = "none"
  if (listing != "") {
    printf "transaction\tstate\tcommitted (UTC)\tsubtransactions\t" > listing
    printf "space/database/file:inserted, updated, deleted, truncated\n" > listing
  }
}
index($0, mark) == 1 {
  split($0, word, " ")
  if (word[2] == "span") { fork = lsn(word[4]); counting = word[3] == "no"; follows = "" }
  if (word[2] == "gone") { state = "gone"; why = "the segment " word[3] " is not there any more" }
  if (word[2] == "ended" && state !~ /gone|late/) state = word[3] == 137 ? "late" : "read"
  next
}
/^pg_waldump: / { why = $0; next }
substr($0, 1, 6) != "rmgr: " { next }
# What comes after a text of somebody else may be a part of that text.
follows != "" && index($0, "prev " follows ",") == 0 { strange++; next }
{
  follows = ""
  strange = 0
  end = $0
  kind = substr($0, 7, 6)
}
kind == "Logica" || kind == "XLOG  " { follows = $3; next }
kind == "Heap  " || kind == "Heap2 " {
  xid = $2
  op = $5
  sub(/[ +].*/, "", op)
  what = $6
  sub(/[ ,].*/, "", what)
  if (op == "INSERT") add("i:" what, 1)
  else if (op == "UPDATE" || op == "HOT_UPDATE") add("u:" what, 1)
  else if (op == "MULTI_INSERT") {
    much = $5
    sub(/^[^ ]+ (ntuples: )?/, "", much)
    add("i:" what, much + 0)
  } else if (op == "DELETE") {
    # One that only takes back what ON CONFLICT had written was never there.
    if ($5 ~ /flags:? 0x.[89A-F]/) add("i:" what, -1)
    else add("d:" what, 1)
  }
  next
}
kind == "Transa" {
  xid = $2
  if (!counting && lsn($3) >= fork) counting = 1
  op = $5
  sub(/ .*/, "", op)
  if (op ~ /^(COMMIT|ABORT|PREPARE)/) ends(op, $5)
  if (op == "PREPARE") { follows = $3; if (counting) fresh[xid] = 1 }
  next
}
kind == "Standb" && !sure && $5 ~ /^RUNNING_XACTS / {
  surely = $5
  sub(/.*nextXid /, "", surely)
  surely += 0
  sure = 1
  next
}
kind == "Storag" && $5 ~ /^CREATE / {
  if (!counting && lsn($3) >= fork) counting = 1
  if (counting) {
    what = $5
    sub(/^CREATE /, "", what)
    what = file(what)
    if (what != "") made[what] = 1
  }
}
kind == "Databa" && $5 ~ /^CREATE/ {
  if (!counting && lsn($3) >= fork) counting = 1
  if (counting && match($5, / to [0-9]+\/[0-9]+| dir [0-9]+\/[0-9]+$|create dir [0-9]+\/[0-9]+/)) {
    what = substr($5, RSTART, RLENGTH)
    sub(/.*[^0-9\/]/, "", what)
    split(what, word, "/")
    # Written as SPACE/DATABASE, and before PostgreSQL 15 the other way round: both are remembered.
    base[word[1]] = base[word[2]] = 1
  }
}
END {
  for (who in touched) if (!(who in prepared)) open++
  for (who in fresh) if (who in prepared) {
    waiting++
    write(who, "prepared", "", 0, pending(who))
  }
  n = split(end, part, /, tx: +|, lsn: |, prev /)
  printf "state %s\n", strange ? "strange" : state
  if (n > 2) {
    printf "last %s\n", part[3]
    # Where it ends: its length, to the next eight, and a header for each page that it crosses.
    size = part[1]
    sub(/.*\//, "", size)
    size += 0
    size += lsn(part[3]) + 8 + 24 * int(size / 8168 + 2) + 40
    printf "reached %s\nextent %.0f\n", (size >= fork ? "yes" : "no"), size
  }
  gsub(/[^ -~]/, "?", why)
  if (why != "") printf "why %s\n", substr(why, 1, 300)
  printf "transactions %d\nsubtransactions %d\nsystem %d\nheartbeats %d\n", transactions, subtransactions, catalogs, beats
  printf "prepared %d\nrolled-back %d\nunfinished %d\n", waiting, undone, open
  printf "uncertain %d\nunlisted %d\n", uncertain, unlisted
  if (began != "") printf "first %s\nfinal %s\n", began, finished
  for (what in seen) {
    split(what, part, "/")
    fresh_file = (what in made) || (part[2] in base)
    i = total["i:" what] + 0; u = total["u:" what] + 0; d = total["d:" what] + 0; t = total["t:" what] + 0
    printf "relation %s %d %d %d %d %s %d\n", what, i, u, d, t, fresh_file ? "new" : "old", i + u + d + t
  }
}
'

# Whether the log goes on after where it could be read to: the next segment begins with its own address.
goes_on() {
  timeline=${last_span%%.*}
  number=$((end / size + 1))
  file=$log/$(segment "$timeline" "$number")
  [ -f "$file" ] || return 0
  address=$(od -An -tu8 -j8 -N8 -- "$file" | tr -d ' ')
  if [ "$address" = $((number * size)) ]; then
    printf 'beyond %s\n' "$(segment "$timeline" "$number")"
  fi
}

# --- keeping ---

# Bytes that are free beside a tenth of the disk, into $free.
measure() {
  # shellcheck disable=SC2046
  set -- $(stat -f --printf='%a %b %S' -- "$lost" 2>/dev/null)
  [ $# -eq 3 ] || die "nobody can tell how much room there is at $lost"
  free=$((($1 - $2 / 10) * $3))
}

# Copies, never links: a rewind writes into the files that it finds.
copy_segments() {
  names=
  count=0
  for span; do
    timeline=${span%%.*}
    to=${span##*.}
    from=${span#*.}
    number=$((${from%.*} / size))
    [ "$to" != 0 ] || to=$end
    while [ $((number * size)) -lt "$to" ] && [ -f "$log/$(segment "$timeline" $number)" ]; do
      names="$names $(segment "$timeline" $number)"
      count=$((count + 1))
      number=$((number + 1))
    done
  done
  bytes=$((count * size))
  if [ "$bytes" -gt "$most" ]; then
    printf 'segments %s %s more than is to be kept\n' "$count" "$bytes"
  elif [ $((free - 2 * bytes)) -lt $spare ]; then
    printf 'segments %s %s too little room is left on the disk\n' "$count" "$bytes"
  elif copies; then
    printf 'segments %s %s kept\n' "$count" "$bytes"
  else
    printf 'segments %s %s they could not be copied in time\n' "$count" "$bytes"
  fi
}

copies() {
  mkdir -- "$new/pg_wal" || return 1
  until=$(($(date +%s) + seconds))
  for name in $names; do
    left=$((until - $(date +%s)))
    if [ $left -le 0 ] || ! timeout -s KILL $left cp --reflink=auto -- "$log/$name" "$new/pg_wal/$name" 2>/dev/null; then
      rm -rf -- "$new/pg_wal"
      return 1
    fi
  done
  [ ! -f "$log/$(printf %08X "$timeline").history" ] || cp -- "$log/$(printf %08X "$timeline").history" "$new/pg_wal/"
}

# The oldest go when there are more than so many.
prune() {
  set +f
  set -- "$lost"/[0-9]*Z-*
  set -f
  while [ $# -gt "$folders" ]; do
    [ "$1" = "$lost/$id" ] || rm -rf -- "$1"
    shift
  done
}

value() {
  printf '%s\n' "$counts" | sed -n "s/^$1 //p"
}

keep() {
  [ $# -ge 7 ] || die "keep ID BYTES FOLDERS SECONDS SEGMENT OWN SPAN…"
  id=$1 most=$2 folders=$3 seconds=$4 size=$5
  own=$(printf %s "$6" | tr . /)
  shift 6
  case $id in [0-9]*Z-*) ;; *) die "that is no name of a folder" ;; esac
  case $id in *[!0-9TZ-]*) die "that is no name of a folder" ;; esac
  number "$most" && number "$folders" && number "$seconds" && number "$size" || die "these are no numbers"
  each=$((4294967296 / size))
  for span; do
    case $span in *.*.*.* | *[!0-9.]*) die "that is no span" ;; *.*.*) ;; *) die "that is no span" ;; esac
  done
  if [ -f "$lost/$id/counts" ]; then
    cat -- "$lost/$id/counts"
    return
  fi
  [ -x "$bin/pg_waldump" ] || die "there is no pg_waldump in $bin"
  [ -d "$lost" ] || mkdir -- "$lost" || die "$lost cannot be made"
  chmod 700 -- "$lost" || die "$lost is somebody else's"
  set +f
  rm -rf -- "$lost"/*.new "$lost/$id"
  set -f
  measure
  new=$lost/$id.new
  listing=
  room=$((free - spare))
  [ "$room" -le $((most + spare)) ] || room=$((most + spare))
  if [ "$room" -gt 0 ] && mkdir -- "$new"; then
    listing=$new/transactions.tsv
  fi
  mark=cotidal-$$-$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
  export mark own listing room
  all=$(listing "$@" | awk "$sums") || die "what pg_waldump says could not be summed up"
  counts=$(printf '%s\n' "$all" | grep -v '^relation ')
  end=$(value extent)
  end=${end:-0}
  for last_span; do :; done
  told=$(
    printf '%s\n' "$counts"
    printf 'relations %s\n' "$(printf '%s\n' "$all" | grep -c '^relation ')"
    goes_on
    printf '%s\n' "$all" | grep '^relation ' | sort -k8,8nr -k2,2 | head -n $largest
  )
  some=$(($(value transactions) + $(value system) + $(value prepared)))
  sound=$(printf '%s\n' "$told" | grep -c -e '^state read$' -e '^reached yes$')
  beyond=$(printf '%s\n' "$told" | grep -c '^beyond ')
  if [ "$some" -eq 0 ] && [ "$sound" -eq 2 ] && [ "$beyond" -eq 0 ]; then
    rm -rf -- "$new"
    rmdir -- "$lost" 2>/dev/null
    printf '%s\ndone\n' "$told"
    return
  fi
  if [ -z "$listing" ]; then
    printf '%s\nfolder none too little room is left on the disk\ndone\n' "$told"
    return
  fi
  {
    printf '%s\n' "$told"
    copy_segments "$@"
    printf 'folder %s\ndone\n' "$lost/$id"
  } >"$new/counts" || die "$new cannot be written"
  # On the disk before anything of the log is overwritten.
  timeout -s KILL "$seconds" sync -f -- "$new/counts" && mv -T -- "$new" "$lost/$id" && sync -- "$lost" ||
    die "the disk did not take what was to be kept"
  prune
  cat -- "$lost/$id/counts"
}

case $asked in
  look) look ;;
  keep) keep "$@" ;;
  *) die "look or keep" ;;
esac
