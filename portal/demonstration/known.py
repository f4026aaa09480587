"""What the demonstration knows beforehand where a real portal draws lots, so that its sign-ins can be printed."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Self

from portal.keys import Keys


class KnownToken(Keys):
    """The keys of one demonstration, whose next token is the founder's invitation: the same at every start.

    An interrupted first start can so be gone on with. It follows from the secret key and is as hard to guess.
    """

    @classmethod
    def of(cls, keys: Keys) -> Self:
        made = cls.__new__(cls)
        made.__dict__.update(vars(keys))
        return made

    @property
    def invitation(self) -> str:
        return urlsafe_b64encode(self.keyed_digest("demonstration/founder's invitation")).decode().rstrip("=")

    def new_token(self) -> tuple[str, bytes]:
        return self.invitation, self.token_hash(self.invitation)


class KnownSecret(Keys):
    """The keys of one demonstration while one of its people takes up an invitation.

    The new authenticator secret is the one printed for that person, instead of random bits. All else is as always.
    """

    _secret: str

    @classmethod
    def of(cls, keys: Keys, secret: str) -> Self:
        made = cls.__new__(cls)
        made.__dict__.update(vars(keys), _secret=secret)
        return made

    def new_authenticator_secret(self) -> str:
        return self._secret
