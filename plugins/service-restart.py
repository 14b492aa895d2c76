#!/usr/bin/python3
"""Starts and stops the servers of a cluster by systemd, here or over ssh.

For the hook restart. Parameters: units, the unit of each member as NAME=UNIT with commas between;
for members on other machines user, known-hosts and identity, of ssh; the account there may run
"sudo systemctl start UNIT" and "sudo systemctl stop UNIT". The units must not be enabled and must
say Restart=no: what systemd starts by itself would be an old primary as what it was.

An example: its command lines are tested, a systemd is not.
"""
import json
import re
import subprocess
import sys

UNIT = re.compile(r"([a-z0-9][a-z0-9._-]{0,62})=([A-Za-z0-9][A-Za-z0-9@._-]{0,200})")
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,200}")
SSH = ("user", "known-hosts", "identity")


def answer(ok, **more):
    print(json.dumps({"ok": ok, **more}))
    sys.exit(0)


def units(text):
    found = {}
    for part in text.split(","):
        match = UNIT.fullmatch(part.strip())
        if not match:
            answer(False, reason="no unit: %s" % part.strip())
        found[match.group(1)] = match.group(2)
    return found


def command(parameters, host, mode, unit):
    """What is run: a list of arguments, no shell on this side."""
    words = ["systemctl", mode, unit]
    if not parameters.get("user"):
        return words
    return ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
            "-o", "UserKnownHostsFile=" + parameters["known-hosts"],
            "-i", parameters["identity"], "%s@%s" % (parameters["user"], host),
            "sudo -n " + " ".join(words)]


def main():
    question = json.load(sys.stdin)
    parameters, member = question["parameters"], question["member"]
    mode = question["arguments"]["mode"]
    if mode not in ("start", "stop"):
        answer(False, reason="no such mode: " + mode)
    known = units(parameters.get("units", ""))
    if member["name"] not in known:
        answer(False, reason="no unit for " + member["name"])
    if parameters.get("user"):
        for name in SSH:
            if not parameters.get(name):
                answer(False, reason="no parameter " + name)
        if not WORD.fullmatch(parameters["user"]) or not WORD.fullmatch(member["host"]):
            answer(False, reason="not fit for ssh: user or host")
    unit = known[member["name"]]
    ran = subprocess.run(command(parameters, member["host"], mode, unit), capture_output=True,
                         text=True, check=False)
    if ran.returncode != 0:
        # It may have begun something: that is no clear no.
        sys.exit("%s %s: %s" % (mode, unit, ran.stderr.strip()[-300:]))
    answer(True, unit=unit)


main()
