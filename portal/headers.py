"""Headers that every HTTP answer carries, whoever wrote it (TRUST 2l)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.answers import Header

ALWAYS: tuple[Header, ...] = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
OVER_TLS: Header = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class SecurityHeaders:
    """Adds them as the answer starts; a route that needs another value, such as a page with styles, sets its own.

    `over_tls` tells browsers to come by HTTPS only for two years: true wherever the public address is one of HTTPS.
    """

    def __init__(self, app: ASGIApp, *, over_tls: bool) -> None:
        self.app = app
        self.headers = (*ALWAYS, OVER_TLS) if over_tls else ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                names = {name.lower() for name, _ in own}
                message = {**message, "headers": [*own, *(header for header in self.headers if header[0] not in names)]}
            await send(message)

        await self.app(scope, receive, send_with_headers)
