# Never over a file that is there: two servers may be of another mind about the same name. Of parts of a segment the
# first one stays, and that is well: whoever was promoted later has all of it in a segment of a timeline of its own.
push() {
  to=$folder/$name
  if [ ! -e "$to" ]; then
    fresh=$folder/.$name.$$
    cp -- "$path" "$fresh" && sync -- "$fresh" && ln -- "$fresh" "$to" 2>/dev/null
    rm -f -- "$fresh"
  fi
  sync -- "$folder"
  case $name in
    *.partial) [ -e "$to" ] ;;
    *) cmp -s -- "$path" "$to" ;;
  esac
}

there() {
  [ -e "$folder/$name" ]
}

fetch() {
  [ -e "$folder/$name" ] && cp -- "$folder/$name" "$path"
}

# With the age of each backup's label, in minutes.
names() {
  cd -- "$folder" || return 1
  now=$(date +%s)
  for each in *; do
    case $each in
      *.backup) printf '%s %s\n' "$each" $(((now - $(stat -c %Y -- "$each")) / 60)) ;;
      *) printf '%s\n' "$each" ;;
    esac
  done
}

# Histories stay: they are small, and without them nobody finds the way from one timeline to the next.
expire() {
  cd -- "$folder" || return 1
  find . -maxdepth 1 -type f -name '.*.*' ! -name . -mmin +60 -delete
  limit=${name#????????}
  count=0
  find . -maxdepth 1 -type f -name '[0-9A-F]*' -mmin +"$minutes" | {
    while IFS= read -r each; do
      each=${each#./}
      named "$each" || continue
      case $each in *.history) continue ;; esac
      at=${each#????????}
      at=${at%%.*}
      if [ "$at" \< "$limit" ]; then
        rm -f -- "$each" || exit 1
        count=$((count + 1))
      fi
    done
    printf 'removed %s\n' $count
  }
}

