#!/usr/bin/python3
"""Copies a member's files with rsync, between pg_backup_start and pg_backup_stop.

For the hook clone. Parameters: sql-user and sql-passfile, who may start a backup at the source and
a password file for it on this machine; psql and rsync, their paths, if they are not in PATH. For
members on other machines also user, known-hosts and identity, of ssh from here to the member that
is filled; from there the same account must reach the source by ssh with a key of its own. Without
user both members are on this machine.

Tablespaces elsewhere are refused. An example: the copy on one machine is tested with a real server,
the way over ssh by its command lines.
"""
import base64
import json
import os
import re
import subprocess
import sys
import tempfile

# What a copy must not bring along, as PostgreSQL's documentation of its backup API lists it.
LEFT_OUT = ("postmaster.pid", "postmaster.opts", "backup_label", "backup_label.old",
            "tablespace_map", "tablespace_map.old", "standby.signal", "recovery.signal",
            "pg_wal/*", "pg_replslot/*", "pg_dynshmem/*", "pg_notify/*", "pg_serial/*",
            "pg_snapshots/*", "pg_stat_tmp/*", "pg_subtrans/*")
ANYWHERE = ("pgsql_tmp*", "pg_internal.init*")
# Files that went away meanwhile: the log has what happened to them.
VANISHED = 24
PLACE = re.compile(r"/[A-Za-z0-9/._-]{1,500}")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,200}")
SSH = ("user", "known-hosts", "identity")


def refuse(reason):
    print(json.dumps({"ok": False, "reason": reason}))
    sys.exit(0)


class Source:
    """A session with the source: a backup ends with the session that began it."""

    def __init__(self, parameters, arguments):
        where = "host=%s port=%s user=%s dbname=postgres connect_timeout=10" % (
            arguments["from-host"], arguments["from-port"], parameters["sql-user"])
        self.process = subprocess.Popen(
            [parameters.get("psql") or "psql", "--no-psqlrc", "--no-align", "--tuples-only",
             "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", where],
            env={**os.environ, "PGPASSFILE": parameters["sql-passfile"]},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, query):
        """The one line that the query answers."""
        self.process.stdin.write(query + ";\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the source does not answer: " + query.split("(")[0])
        return line.strip()

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def shell(parameters):
    """How rsync reaches the member that is filled."""
    return ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
            "-o", "UserKnownHostsFile=" + parameters["known-hosts"], "-i", parameters["identity"]]


def commands(parameters, question, label):
    """What is run, each a list of arguments: the copy, and then the label's."""
    arguments = question["arguments"]
    rsync = parameters.get("rsync") or "rsync"
    copy = [rsync, "--archive", "--sparse", "--numeric-ids", "--delete"]
    copy += ["--exclude=/" + each for each in LEFT_OUT] + ["--exclude=" + each for each in ANYWHERE]
    rate = int(arguments.get("bytes-per-second") or 0)
    if rate > 0:
        copy.append("--bwlimit=%d" % max(1, rate // 1024))
    source, target = arguments["from-data"] + "/", arguments["data"] + "/"
    if not parameters.get("user"):
        return copy + [source, target], [rsync, label, target + "backup_label"]
    user, host = parameters["user"], question["member"]["host"]
    copy += ["--rsh='ssh -o BatchMode=yes -o StrictHostKeyChecking=yes'"]
    # The far side has a shell, so patterns are quoted; every other word was looked at.
    words = ["'%s'" % each if "*" in each else each for each in copy]
    words += ["%s@%s:%s" % (user, arguments["from-host"], source), target]
    far = "%s@%s" % (user, host)
    return (shell(parameters) + [far, " ".join(words)],
            [rsync, "--rsh=" + " ".join(shell(parameters)), label,
             "%s:%sbackup_label" % (far, target)])


def check(question):
    parameters, arguments = question["parameters"], question["arguments"]
    for name in ("sql-user", "sql-passfile") + (SSH if parameters.get("user") else ()):
        if not parameters.get(name):
            refuse("no parameter " + name)
    for place in (arguments["data"], arguments["from-data"]):
        if not PLACE.fullmatch(place):
            refuse("not fit for rsync: " + place)
    words = [arguments["from-host"], str(arguments["from-port"]), parameters["sql-user"]]
    if parameters.get("user"):
        words += [parameters["user"], question["member"]["host"]]
    for word in words:
        if not WORD.fullmatch(word):
            refuse("not a plain word: " + word)


def run(words, allowed):
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    if ran.returncode not in allowed:
        sys.exit("%s ended with %d: %s" % (words[0], ran.returncode, ran.stderr.strip()[-300:]))


def backup(source, copying):
    """Runs the copy inside a backup, and gives the label's bytes."""
    new = int(source.ask("SHOW server_version_num")) >= 150000
    start = "pg_backup_start('cotidal', true)" if new else "pg_start_backup('cotidal', true, false)"
    stop = "pg_backup_stop(false)" if new else "pg_stop_backup(false, false)"
    source.ask("SELECT " + start)
    run(copying, (0, VANISHED))
    answer = source.ask(
        "SELECT replace(encode(convert_to(labelfile, 'UTF8'), 'base64'), chr(10), '') || ' '"
        " || length(spcmapfile) FROM " + stop)
    label, tablespaces = answer.split(" ")
    if tablespaces != "0":
        sys.exit("the source has tablespaces elsewhere")
    return base64.b64decode(label)


def main():
    question = json.load(sys.stdin)
    check(question)
    parameters, arguments = question["parameters"], question["arguments"]
    source = Source(parameters, arguments)
    elsewhere = "SELECT count(*) FROM pg_tablespace WHERE pg_tablespace_location(oid) <> ''"
    if source.ask(elsewhere) != "0":
        refuse("the source has tablespaces elsewhere")
    with tempfile.TemporaryDirectory() as folder:
        label = os.path.join(folder, "backup_label")
        copying, labelling = commands(parameters, question, label)
        text = backup(source, copying)
        with open(label, "wb") as file:
            file.write(text)
        if not parameters.get("user"):
            owner = os.stat(os.path.join(arguments["data"], "PG_VERSION"))
            os.chown(label, owner.st_uid, owner.st_gid)
            labelling.insert(1, "--archive")
        run(labelling, (0,))
    source.close()
    print(json.dumps({"ok": True, "how": "rsync"}))


if __name__ == "__main__":
    main()
