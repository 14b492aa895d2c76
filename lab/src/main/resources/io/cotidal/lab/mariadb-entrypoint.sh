#!/bin/sh
# Honours MYSQL_ROOT_PASSWORD, MYSQL_USER, MYSQL_PASSWORD and MYSQL_DATABASE on an empty data folder, and none of them
# on another one.
set -eu
case "${1:--}" in
  -*) set -- mariadbd "$@" ;;
esac
data=/var/lib/mysql
for argument in "$@"; do
  case "$argument" in
    --datadir=*) data=${argument#--datadir=} ;;
  esac
done
if [ ! -d "$data/mysql" ]; then
  if [ -z "${MYSQL_ROOT_PASSWORD:-}" ]; then
    echo 'entrypoint: MYSQL_ROOT_PASSWORD is missing' >&2
    exit 1
  fi
  {
    echo 'CREATE DATABASE IF NOT EXISTS mysql;'
    echo 'USE mysql;'
    echo 'SET @auth_root_socket=NULL;'
    cat /usr/share/mysql/mysql_system_tables.sql /usr/share/mysql/mysql_performance_tables.sql \
      /usr/share/mysql/mysql_system_tables_data.sql
  } | mariadbd --no-defaults --bootstrap --datadir="$data" --tmpdir=/tmp
  {
    printf "ALTER USER root@localhost IDENTIFIED BY '%s';\n" "$MYSQL_ROOT_PASSWORD"
    printf "CREATE USER root@'%%' IDENTIFIED BY '%s';\n" "$MYSQL_ROOT_PASSWORD"
    echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
    [ -z "${MYSQL_DATABASE:-}" ] || printf 'CREATE DATABASE `%s`;\n' "$MYSQL_DATABASE"
    if [ -n "${MYSQL_USER:-}" ]; then
      printf "CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\n" "$MYSQL_USER" "${MYSQL_PASSWORD:-}"
      [ -z "${MYSQL_DATABASE:-}" ] || printf "GRANT ALL ON \`%s\`.* TO '%s'@'%%';\n" "$MYSQL_DATABASE" "$MYSQL_USER"
    fi
  } >/tmp/init.sql
  set -- "$@" --init-file=/tmp/init.sql
fi
exec "$@"
