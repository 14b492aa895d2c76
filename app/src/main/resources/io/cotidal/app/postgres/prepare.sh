# Prepares a member's machine for Cotidal's gate. Sent by "cot member prepare" to an ordinary login, with the values that
# it uses above, and the gate's program in a function. With mode=look nothing is changed. Each line that it prints begins
# with keep, make, replace or fail.
set -uf
umask 022
LC_ALL=C
export LC_ALL

fail() {
  printf 'fail %s\n' "$1"
  exit 1
}

own() {
  [ "$(id -u)" != 0 ] || chown "$account:" "$@"
}

# Puts what comes on the input into $1 with mode $2, as a whole.
put() {
  cat >"$1.cotidal-new" && chmod "$2" "$1.cotidal-new" && own "$1.cotidal-new" && mv -f "$1.cotidal-new" "$1" ||
    fail "$1 cannot be written"
}

folder() {
  if [ -d "$1" ]; then
    printf 'keep folder %s\n' "$1"
  else
    printf 'make folder %s\n' "$1"
    if [ $mode = make ]; then
      mkdir -p "$1" && chmod "$2" "$1" && own "$1" || fail "$1 cannot be made"
    fi
  fi
}

# A file that holds what the function $3 prints.
file() {
  if [ -f "$1" ] && $3 | cmp -s - "$1"; then
    printf 'keep file %s\n' "$1"
    return
  fi
  [ -e "$1" ] && printf 'replace file %s\n' "$1" || printf 'make file %s\n' "$1"
  if [ $mode = make ]; then
    $3 | put "$1" "$2"
  fi
}

member() {
  printf 'data %s\nbin %s\n' "$data" "$bin"
}

entry=$(getent passwd "$account") || fail "there is no account $account"
home=$(printf %s "$entry" | cut -d: -f6)
case $(printf %s "$entry" | cut -d: -f7) in
  */nologin | */false) fail "the account $account has no shell, by which sshd would run the gate" ;;
esac
[ "$(id -un)" = "$account" ] || [ "$(id -u)" = 0 ] || fail "log in as $account or as root, not as $(id -un)"
[ "$account" != root ] || fail "PostgreSQL does not run as root: name another account in ssh.user"
case $home in *[!A-Za-z0-9._/+-]* | '' | /) fail "the home folder of $account, '$home', is not one for a gate" ;; esac
[ -d "$home" ] || fail "the account $account has no home folder $home"
for tool in flock setsid timeout od find stat env head tail sync; do
  command -v $tool >/dev/null || fail "$tool is missing: install util-linux, coreutils and findutils"
done
[ -x "$bin/postgres" ] || fail "$bin/postgres is missing or cannot be run: install PostgreSQL, or correct bin"

directory=${directory:-$home/.cotidal-gate}
list=${list:-$home/.ssh/authorized_keys}
folder "${data%/*}" 755
if [ -d "${data%/*}" ] && [ "$(stat -c %U "${data%/*}")" != "$account" ]; then
  fail "the folder ${data%/*} belongs to $(stat -c %U "${data%/*}"), not to $account, who makes the gate's files in it"
fi
folder "$directory" 755
folder "$directory/members" 755
file "$directory/cotidal-gate" 755 gate
file "$directory/members/$name" 644 member

line="restrict,command=\"$directory/cotidal-gate\" $key cotidal"
folder "${list%/*}" 700
if [ -f "$list" ] && grep -qxF -e "$line" "$list"; then
  printf 'keep line %s: %s\n' "$list" "$line"
else
  if [ -f "$list" ] && grep -qF -e "$key" "$list"; then
    printf 'replace line %s: %s\n' "$list" "$line"
  else
    printf 'make line %s: %s\n' "$list" "$line"
  fi
  if [ $mode = make ]; then
    { [ ! -f "$list" ] || grep -vF -e "$key" "$list"; printf '%s\n' "$line"; } | put "$list" 600
  fi
fi
printf 'end\n'
