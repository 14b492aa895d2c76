push() {
  backrest "--pg1-path=$data" archive-push "$path" >&2
}

fetch() {
  backrest "--pg1-path=$data" archive-get "$name" "$path" >&2
}

# "15-1/0000000100000000/000000010000000000000003-<checksum>.gz" becomes the segment's name.
names() {
  listed=$(backrest repo-ls --recurse "archive/$stanza") || return 1
  printf '%s\n' "$listed" | while IFS= read -r each; do
    each=${each##*/}
    each=${each%%-*}
    printf '%s\n' "${each%.gz}"
  done
}

# It knows its backups and what they need, and keeps that whatever is said here.
expire() {
  backrest expire >&2 && printf 'removed by pgbackrest\n'
}

