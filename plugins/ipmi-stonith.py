#!/usr/bin/python3
"""Ends a machine by its management board, and says so only if the board says that it is off.

Parameters: board-NAME, the board's address for each member; user; password-file, a file that only
its owner can read. Asks ipmitool, which must be installed.
"""
import json
import subprocess
import sys
import time


def answer(ok, **more):
    print(json.dumps({"ok": ok, **more}))
    sys.exit(0)


def main():
    question = json.load(sys.stdin)
    name = question["member"]["name"]
    parameters = question["parameters"]
    board = parameters.get("board-" + name)
    if not board:
        answer(False, reason="no parameter board-" + name)
    ask = ["ipmitool", "-I", "lanplus", "-H", board, "-U", parameters["user"],
           "-f", parameters["password-file"], "chassis", "power"]
    subprocess.run(ask + ["off"], capture_output=True, timeout=5, check=False)
    for _ in range(10):
        said = subprocess.run(ask + ["status"], capture_output=True, timeout=5, text=True, check=False)
        if "is off" in said.stdout:
            answer(True, proof="the board %s says: %s" % (board, said.stdout.strip()))
        time.sleep(0.5)
    answer(False, reason="the board does not say that the power is off")


main()
