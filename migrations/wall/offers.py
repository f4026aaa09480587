"""The wall around what offers have gained: new tables, and functions that know more than before."""

from migrations.wall.policies import Row

TABLES: tuple[str, ...] = ()
"""What the migration before has made: each is forced behind its policies."""
POLICIES: tuple[Row, ...] = ()
SHOWN: tuple[str, ...] = ()
"""What the contract can reach: it reads as nothing for a role without a policy."""
GUARDED: dict[str, tuple[str, ...]] = {}
"""New functions of the guard, and who may call each."""
INSERT_ONLY: tuple[str, ...] = ()
NEVER_REMOVED: tuple[str, ...] = ()
STATEMENTS: tuple[str, ...] = ()
"""Triggers, policies of tables that were there, and rows to begin with; after everything else."""
