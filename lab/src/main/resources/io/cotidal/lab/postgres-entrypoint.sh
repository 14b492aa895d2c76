#!/bin/sh
# Honours POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and PGDATA on an empty data folder, and only the last of them
# on another one.
set -eu
case "${1:--}" in
  -*) set -- postgres "$@" ;;
esac
: "${PGDATA:=/var/lib/postgresql/data}"
export PGDATA
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -z "${POSTGRES_PASSWORD:-}" ]; then
    echo 'entrypoint: POSTGRES_PASSWORD is missing' >&2
    exit 1
  fi
  user=${POSTGRES_USER:-postgres}
  printf '%s\n' "$POSTGRES_PASSWORD" >/tmp/password
  initdb --no-sync --locale=C --encoding=UTF8 --auth=scram-sha-256 --username="$user" --pwfile=/tmp/password
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  [ "${POSTGRES_DB:-$user}" = postgres ] ||
    printf 'CREATE DATABASE "%s";\n' "${POSTGRES_DB:-$user}" | postgres --single -D "$PGDATA" postgres
fi
exec "$@"
