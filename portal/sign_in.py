"""From the token of a request to the person who is signed in with it."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import HTTPConnection

from models.lifecycle import Role, Side
from models.person import Viewer
from portal.door import SignedOut
from resolvers.context import Shell
from resolvers.session import COOKIE

__all__ = ["COOKIE", "SignIn"]

SIGNED_IN = """
SELECT p.id AS person_id, o.id AS organisation_id, o.side, p.roles, s.id AS session_id, p.name, p.job_title,
  o.name AS organisation_name, s.expires_at
FROM session s JOIN person p ON p.id = s.person_id JOIN organisation o ON o.id = p.organisation_id
WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND p.status = 'ACTIVE'
"""
REMEMBERED = 10_000
FRESH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody as they were when last looked up."""

    viewer: Viewer
    at: datetime


class SignIn:
    """Finds whoever a bearer token or the session cookie belongs to, and remembers them for a minute.

    What is remembered only saves a look-up: every transaction asks the database whether the session is alive, so one
    that has been ended opens nothing, here or in another process.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._seen: OrderedDict[bytes, Seen] = OrderedDict()

    async def __call__(self, connection: HTTPConnection) -> Viewer | None:
        """None without any credential; raises SignedOut for one that is not, or no longer, good (S-027)."""
        token = _token(connection)
        if token is None:
            return None
        digest, now = self._shell.keys.token_hash(token), self._shell.clock()
        seen = self._seen.get(digest)
        if seen is None or not now - FRESH < seen.at <= now:
            seen = Seen(await self._looked_up(digest, now), now)
            self._remember(digest, seen)
        if seen.viewer.expires_at <= now:
            raise SignedOut("SESSION_EXPIRED")
        return seen.viewer

    def _remember(self, digest: bytes, seen: Seen) -> None:
        self._seen[digest] = seen
        self._seen.move_to_end(digest)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)

    async def _looked_up(self, digest: bytes, now: datetime) -> Viewer:
        async with self._shell.database.reading(None, now) as connection:
            row = await connection.fetchrow(SIGNED_IN, digest)
        if row is None:
            self._seen.pop(digest, None)
            raise SignedOut
        return Viewer(**{**row, "side": Side(row["side"]), "roles": frozenset(map(Role, row["roles"]))})


def _token(connection: HTTPConnection) -> str | None:
    given = connection.headers.get("authorization")
    if given is None:
        return connection.cookies.get(COOKIE)
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignedOut
    return token.strip()
