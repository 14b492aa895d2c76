#!/usr/bin/python3
"""Lets a pool of a BIG-IP lead to the new primary: its node is enabled, the others are disabled.

For the hook connection-failover. Parameters: host, the address of the BIG-IP; user; pool, such as
/Common/orders; nodes, the pool's members as NAME=ADDRESS:PORT with commas between, by the names of
the cluster's members; known-hosts and identity, files of ssh. Speaks tmsh over ssh.

An example: its command lines are tested, a BIG-IP is not.
"""
import json
import re
import subprocess
import sys

WORD = re.compile(r"[A-Za-z0-9/_.-]{1,200}")
NODE = re.compile(r"([a-z0-9][a-z0-9._-]{0,62})=([0-9A-Za-z.:%-]{1,200}:[0-9]{1,5})")


def answer(ok, **more):
    print(json.dumps({"ok": ok, **more}))
    sys.exit(0)


def nodes(text):
    found = {}
    for part in text.split(","):
        match = NODE.fullmatch(part.strip())
        if not match:
            answer(False, reason="no node: %s" % part.strip())
        found[match.group(1)] = match.group(2)
    return found


def command(parameters, text):
    """What is run: a list of arguments, no shell on this side."""
    return ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes",
            "-o", "UserKnownHostsFile=" + parameters["known-hosts"],
            "-i", parameters["identity"], "%s@%s" % (parameters["user"], parameters["host"]), text]


def main():
    question = json.load(sys.stdin)
    parameters = question["parameters"]
    for name in ("host", "user", "pool", "nodes", "known-hosts", "identity"):
        if not parameters.get(name):
            answer(False, reason="no parameter " + name)
    for name in ("host", "user", "pool"):
        if not WORD.fullmatch(parameters[name]) or parameters[name].startswith("-"):
            answer(False, reason="not fit to be sent: parameter " + name)
    known = nodes(parameters["nodes"])
    primary = question["member"]["name"]
    if primary not in known:
        answer(False, reason="no node for " + primary)
    # The others first: at no moment two of them take writers.
    for name in sorted(known, key=lambda each: each == primary):
        state = "user-enabled" if name == primary else "user-disabled"
        text = "tmsh modify ltm pool %s members modify { %s { session %s } }" % (
            parameters["pool"], known[name], state)
        ran = subprocess.run(command(parameters, text), capture_output=True, text=True, timeout=10,
                             check=False)
        if ran.returncode != 0:
            answer(False, reason="%s: %s" % (name, ran.stderr.strip()[-300:]))
    answer(True, led=primary)


main()
