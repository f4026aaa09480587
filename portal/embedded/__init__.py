"""The portal's own PostgreSQL, for development, demonstration and tests.

It has one owner, and a unix socket in a private folder instead of a port. Whoever may enter that folder is trusted,
also as superuser: the folder is the password. Production uses DATABASE_URL.
"""

from __future__ import annotations

import atexit
import fcntl
import io
import time
from pathlib import Path
from typing import Self

from portal.embedded.account import EmbeddedPostgresError, default_home, make_home, stand_in
from portal.embedded.cluster import Cluster
from portal.embedded.entrance import Entrance
from portal.embedded.postmaster import Postmaster
from portal.embedded.programs import programs_for

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "default_home"]

MOST_SETBACKS = 6  # failed attempts in a row before start() gives up, about three seconds
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",  # the details of an error quote rows, and rows are about children
    "log_parameter_max_length_on_error": "0",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A PostgreSQL whose files lie in `home`.

    The first process to start it owns it: it keeps it running and stops it. Any other shares it and never stops it; it
    loses it when the owner stops. `durable=False` trades safety against a power cut for speed.
    """

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.owner = False
        self._durable = durable
        self._account = stand_in()
        self._entrance = Entrance(self.home)
        self._lock: io.BufferedWriter | None = None
        self._postmaster: Postmaster | None = None

    @property
    def dsn(self) -> str:
        """The superuser's address of the database `postgres`; not for the application, which row policies must bind."""
        return self._entrance.dsn

    def start(self, patience: float = 60) -> Self:
        """Return once the server answers, started by this process or shared with its owner.

        Raises EmbeddedPostgresError, with the reason and nothing left running, if it does not in `patience` seconds.
        """
        try:
            make_home(self.home, self._account)
            self._entrance.prepare(self._account)
            self._serve_or_share(time.monotonic() + patience)
        except OSError as problem:
            self.stop()
            raise EmbeddedPostgresError(f"The embedded database in {self.home} cannot be used: {problem}.") from problem
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server if this process owns it, and let the next owner in; otherwise do nothing."""
        atexit.unregister(self.stop)
        if self._postmaster:
            self._postmaster.stop()
            self._postmaster = None
        self.owner = False
        if self._lock:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def answers(self) -> bool:
        """Whether the server would let somebody in now."""
        return self._entrance.answers()

    def _serve_or_share(self, deadline: float) -> None:
        while True:
            if not self.owner and self._claim():
                self._serve()
            if self.answers():
                return
            setbacks = self._postmaster.setbacks if self._postmaster else 0
            if setbacks >= MOST_SETBACKS or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"The embedded database did not start. {self._last_words()}")
            time.sleep(0.01)

    def _claim(self) -> bool:
        lock = (self.home / "owner.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock, self.owner = lock, True
        atexit.register(self.stop)
        return True

    def _serve(self) -> None:
        cluster = Cluster(self.home, programs_for(self._account, self.home), self._account)
        cluster.make(durable=self._durable)
        folder = str(self._entrance.folder).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{folder}"'} | ({} if self._durable else CARELESS)
        postmaster = Postmaster(cluster, settings)
        postmaster.start()
        self._postmaster = postmaster

    def _last_words(self) -> str:
        log = self.home / "postgres.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return f"{log} ends with: {' / '.join(lines[-3:])}"
