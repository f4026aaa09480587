"""The wall around the portal's sealing keys: only the portal itself reads or makes one, and none is changed."""

from migrations.wall.policies import ALL, WORKER, Row

TABLES: tuple[str, ...] = ("sealing_key",)
POLICIES: tuple[Row, ...] = (("sealing_key", WORKER, "SELECT, INSERT", ALL, None),)
INSERT_ONLY: tuple[str, ...] = ("sealing_key",)
