"""What is called in the child process; here only, so that the parent never loads what signs."""

import asyncio
from collections.abc import Sequence

from portal.seal_means import Means, Sealed


def fix(pdf: bytes, canonical_form: bytes, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.fix`."""
    from portal import seal_work

    return asyncio.run(seal_work.fix(pdf, canonical_form, means))


def fill(pdf: bytes, party: str, lines: Sequence[str], reason: str, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.fill`. Raises FieldFilled."""
    from portal import seal_work

    return asyncio.run(seal_work.fill(pdf, seal_work.Signing(party, tuple(lines), reason), means))


def close(pdf: bytes, means: Means) -> Sealed:
    """See `resolvers.ports.Sealer.close`."""
    from portal import seal_work

    return asyncio.run(seal_work.close(pdf, means))


def prove(pdf: bytes, means: Means) -> Sealed | None:
    """See `resolvers.ports.Sealer.prove`."""
    from portal import seal_proof

    return asyncio.run(seal_proof.prove(pdf, means))
