"""Brings a database up to date, or says how it differs."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from models.base import Base

HERE = Path(__file__).parent


def configuration(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Apply what is missing, as the owner of the schema; waits at most five seconds for a lock."""
    connection.execute(text("SET lock_timeout = '5s'"))
    command.upgrade(configuration(connection), "head")


def current(connection: Connection) -> tuple[str | None, str | None]:
    """The revision the database is at, and the one this release needs."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision(), head


def differences(connection: Connection) -> list[Any]:
    """What the models say and the database does not, or the other way round."""
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))
