"""A process that sends e-mail as the portal's do, until it is killed: `python -m tests.portal.mail_worker URL PORT`."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from portal.keys import Keys
from portal.mail_post import Sending
from portal.mail_sending import deliver
from tests.world import World


async def work(url: str, port: int) -> None:
    world = await World.of(url, Keys(b"a secret that is known to everyone"), Path(mkdtemp()))
    post = Sending(f"smtp+plain://127.0.0.1:{port}", "Portal <portal@example.org>").post()
    await deliver(replace(world.shell, post=post))
    await world.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
