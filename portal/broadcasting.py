"""Whether what carries hints between processes brings them back, asked before anybody depends on it."""

from portal.database import asyncpg_dsn
from portal.settings import Settings
from realtime.carriers import carrier_at, comes_back

SILENT = (
    "Hints between processes do not come back by BROADCAST_URL (or by the database, where it is not set): "
    "live delivery loses nothing, but looks four times a second instead of being told."
)


async def silence(settings: Settings) -> list[str]:
    """That hints do not come back, where they do not. The settings are known to be complete."""
    assert settings.database_url is not None
    database = asyncpg_dsn(settings.database_url.get_secret_value())
    carrier = carrier_at(settings.broadcasting()["broadcast"], database)
    return [] if await comes_back(carrier) else [SILENT]
