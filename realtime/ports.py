"""What the shell supplies to this folder."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

import asyncpg

Clock = Callable[[], datetime]
"""The time that dated rules and sessions go by: aware, UTC."""

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
OpenPool = Callable[[], Awaitable[Pool]]
"""Opens the hub's pool, with HUB_SETTINGS as its server settings."""

HUB_SETTINGS = {
    "application_name": "portal-hub",
    "role": "portal_hub",
    "plan_cache_mode": "force_custom_plan",  # a plan for two listeners is a bad one for two thousand
    "jit": "off",
}
