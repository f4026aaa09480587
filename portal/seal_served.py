"""The certificates of the sealing authorities, for everybody: whoever checks a file has to trust them first."""

from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from resolvers.context import Shell

ADDRESS: Final = "/sealing-authority.pem"
PEM: Final = "application/x-pem-file"
AN_HOUR: Final = "public, max-age=3600"


def authority_route(shell: Callable[[], Shell]) -> Route:
    """Every authority under which this portal has sealed, the newest first; `shell` is asked for at each request."""

    async def give_out(_: Request) -> Response:
        sealer = shell().sealer
        assert sealer is not None
        headers = {"content-disposition": 'attachment; filename="sealing-authority.pem"', "cache-control": AN_HOUR}
        return Response("".join(await sealer.authorities()), headers=headers, media_type=PEM)

    return Route(ADDRESS, give_out)
