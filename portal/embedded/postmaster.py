"""One PostgreSQL server process, kept running by one thread of the portal until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping

from portal.embedded import launch
from portal.embedded.account import PLAIN
from portal.embedded.cluster import Cluster

LONG_ENOUGH = 10.0  # seconds a server has run for its end to count as a first one again
LONGEST_PAUSE = 5.0  # seconds between two attempts

log = logging.getLogger(__name__)


class Postmaster:
    """Starts the server again whenever it ends by itself.

    The thread that spawns the server lives as long as the server is wanted, because Linux ends a child that is bound to
    its parent when the *thread* that made it ends. `setbacks` counts the ends in a row, none of which came after a long
    run.
    """

    def __init__(self, cluster: Cluster, settings: Mapping[str, str]) -> None:
        self.setbacks = 0
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._command = [str(cluster.programs / "postgres"), "-D", str(cluster.data), *options]
        self._cluster = cluster
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = True
        self._change = threading.Condition()
        self._thread = threading.Thread(target=self._keep, name="embedded-postgres", daemon=True)

    def start(self) -> None:
        """Return when no earlier server of this cluster is left, with the first attempt under way."""
        self._cluster.clear_leftovers()
        self._thread.start()

    def stop(self) -> None:
        """End the server: sessions are cut, what was committed is safe. Returns when the process is gone."""
        for sign, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, None)):
            with self._change:
                self._wanted = False
                self._change.notify_all()
                if self._process:
                    self._process.send_signal(sign)
            self._thread.join(patience)
            if not self._thread.is_alive():
                return

    def _keep(self) -> None:
        while self._wanted:
            began = time.monotonic()
            outcome = self._run_once()
            with self._change:
                self.setbacks = 1 if time.monotonic() - began > LONG_ENOUGH else self.setbacks + 1
                if self._wanted:
                    log.warning("The embedded database stopped by itself (%s); starting it again.", outcome)
                    self._change.wait(min(0.05 * 2**self.setbacks, LONGEST_PAUSE))

    def _run_once(self) -> str:
        try:
            self._cluster.clear_leftovers()
            process = self._spawn()
        except OSError as problem:
            return str(problem)
        return f"exit status {process.wait()}" if process else "not wanted"

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        account = self._cluster.account
        identity = [str(account.uid), str(account.gid)] if account else ["-1", "-1"]
        with self._change, self._cluster.log.open("ab") as output:
            if not self._wanted:
                return None
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), *identity, *self._command],
                cwd="/",
                env=PLAIN,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is the portal's to handle
            )
            return self._process
