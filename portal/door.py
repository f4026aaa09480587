"""Who is let in: the credential a request carries, and the page it may come from (TRUST D2 to D4)."""

from collections.abc import Awaitable, Callable, Iterable

from starlette.requests import HTTPConnection

from models.person import Viewer
from portal.answers import Header, RequestRefused, refused


class SignedOut(Exception):
    """A credential was given and is not, or no longer, good: `UNAUTHENTICATED` or `SESSION_EXPIRED` (S-027)."""

    def __init__(self, code: str = "UNAUTHENTICATED") -> None:
        super().__init__(code)
        self.code = code


SignIn = Callable[[HTTPConnection], Awaitable[Viewer | None]]
"""Whose request this is; None where it carries no credential at all; raises SignedOut where it carries a dead one."""

MakeContext = Callable[[Viewer | None, HTTPConnection], object]
"""The context of one operation: called anew for each, never shared."""

FOREIGN = "Requests from this origin are not accepted."
BOTH = "Send a session cookie or an Authorization header, not both."
SIGN_IN_FIRST = "Sign in first."
SESSION_OVER = {"SESSION_EXPIRED": "Your session has expired. Sign in again."}


class Door:
    """Whose request it is, and whether it may come: knows the portal's public addresses and the name of its cookie.

    Cookies travel by themselves, so a request with one must prove that a page of ours sent it; a bearer token does not.
    """

    def __init__(self, *, origins: Iterable[str], cookie: str, sign_in: SignIn) -> None:
        self.origins = frozenset(origins)
        self.cookie = cookie
        self.sign_in = sign_in

    async def viewer(self, request: HTTPConnection) -> Viewer | None:
        """The one whose HTTP request this is; None for a caller without a credential, 401 for a dead one."""
        try:
            return await self.sign_in(request)
        except SignedOut as over:
            raise self.unauthenticated(request, over.code) from None

    def has_cookie(self, connection: HTTPConnection) -> bool:
        return self.cookie in connection.headers.get("cookie", "") and self.cookie in connection.cookies

    def check(self, connection: HTTPConnection) -> None:
        """Refuse an HTTP request that another site may have made a browser send, or that has two credentials."""
        with_cookie = self.has_cookie(connection)
        if "authorization" in connection.headers:
            if with_cookie:
                raise refused(400, "BAD_REQUEST", BOTH)
            return
        origin = connection.headers.get("origin")
        ours = origin in self.origins or connection.headers.get("sec-fetch-site") == "same-origin"
        if not ours and (with_cookie or origin is not None):
            raise refused(403, "FORBIDDEN", FOREIGN)

    def admits_socket(self, connection: HTTPConnection) -> bool:
        """Browsers always name the origin of a WebSocket, so only a client without a cookie may leave it out."""
        origin = connection.headers.get("origin")
        return origin in self.origins if origin is not None else not self.has_cookie(connection)

    def unauthenticated(self, connection: HTTPConnection, code: str = "UNAUTHENTICATED") -> RequestRefused:
        """401, taking back a dead cookie: it is HttpOnly, so the page could not drop it and sign in anew."""
        headers: list[Header] = [(b"www-authenticate", b"Bearer")]
        if self.has_cookie(connection):
            headers.append((b"set-cookie", self.no_cookie))
        return refused(401, code, SESSION_OVER.get(code, SIGN_IN_FIRST), headers=headers)

    @property
    def no_cookie(self) -> bytes:
        return f"{self.cookie}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict".encode()


def answer_headers(connection: HTTPConnection) -> list[Header]:
    """Headers that an operation adds to the HTTP answer it is part of, such as the cookie of a new session."""
    headers: list[Header] = connection.scope.setdefault("portal.answer_headers", [])
    return headers
