"""Become the database server: the short-lived start of a process that `postmaster.py` spawns.

Run as `python -I -S launch.py PARENT UID GID PROGRAM ARGUMENT…`. It gives root away when UID is not −1, asks Linux for
a fast shutdown (SIGINT) when the parent ends in whatever way, and then turns into PROGRAM. A process of its own does
this, because code between fork and exec is not safe in a parent that has threads.
"""

from __future__ import annotations

import os
import sys

PR_SET_PDEATHSIG = 1
SIGINT = 2


def give_root_away(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def main(parent: str, uid: str, gid: str, *command: str) -> None:
    if sys.platform == "linux":
        import ctypes  # before root is given away: Python itself may be installed where only root can read

        libc = ctypes.CDLL(None)
    if uid != "-1":
        give_root_away(int(uid), int(gid))
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, SIGINT)  # after it: changing the account forgets the wish
    if os.getppid() == int(parent):
        os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
