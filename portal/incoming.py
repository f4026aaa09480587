"""A request as the endpoint reads it."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope


class HeadersByName(Headers):
    """Headers that are looked up a dozen times a request: by the first of each name, without going through them all."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        pairs = reversed(self.raw)
        self._by_name = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}

    def __getitem__(self, key: str) -> str:
        return self._by_name[key.lower()]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._by_name


class Incoming(Request):
    """A request that goes through its headers once."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope, receive)
        self._by_name = HeadersByName(scope)

    @property
    def headers(self) -> Headers:
        return self._by_name
