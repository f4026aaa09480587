"""What the demonstration knows beforehand where a real portal draws lots, so that its sign-ins can be printed."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Self

from argon2 import PasswordHasher

from portal.keys import Keys
from portal.passwords import Passwords


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


class QuickPasswords(Passwords):
    """Argon2id at the least cost there is: two hundred passwords are chosen at once, and all are printed anyway."""

    def __init__(self) -> None:
        super().__init__()
        self._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class KnownSecret(Keys):
    """The keys of one demonstration while one of its people takes up an invitation.

    The new authenticator secret is the one printed for that person, instead of random bits; the password is hashed at
    less cost. All else is as always.
    """

    _secret: str

    @classmethod
    def of(cls, keys: Keys, secret: str, passwords: QuickPasswords) -> Self:
        made = cls.__new__(cls)
        made.__dict__.update(vars(keys), _secret=secret, _passwords=passwords)
        return made

    def new_authenticator_secret(self) -> str:
        return self._secret
