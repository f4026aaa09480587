"""One server of the comparison, in a process of its own: `python -m benchmarks.serve portal|limit JOB FD`."""

import base64
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
import uvicorn
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from benchmarks.client import Request
from benchmarks.limit import Limit
from benchmarks.world import SECRET
from models.organisation import Organisation
from models.person import Person, Viewer
from models.session import Session
from portal.app import Installation, Portal
from portal.clock import system_clock
from portal.database import sqlalchemy_url
from portal.keys import Keys
from portal.serving import SERVER

CONNECTIONS = 8


@dataclass(frozen=True)
class Job:
    """What both servers are told: the superuser's address of the database, and the requests to come."""

    url: str
    home: Path
    requests: list[Request]

    def write(self) -> Path:
        file = self.home / "job.json"
        asked = [(request.token, base64.b64encode(request.body).decode()) for request in self.requests]
        file.write_bytes(orjson.dumps({"url": self.url, "requests": asked}))
        return file

    @classmethod
    def read(cls, file: Path) -> "Job":
        told = orjson.loads(file.read_bytes())
        asked = [Request(token, base64.b64decode(body)) for token, body in told["requests"]]
        return cls(told["url"], file.parent, asked)

    @property
    def app_url(self) -> str:
        return self.url.replace("postgres@", "portal_app@", 1)


def portal(job: Job) -> Any:
    where = Installation(
        job.app_url, job.home, Keys(SECRET), system_clock, "http://127.0.0.1", {}, connections=CONNECTIONS
    )
    return Portal(where).asgi


async def limit(job: Job) -> Any:
    viewers = await _viewers(job.url)
    made = Limit(system_clock)
    asked = [(request, viewers[Keys.token_hash(request.token)]) for request in job.requests]
    await made.prepare(job.app_url, CONNECTIONS, asked)
    return made


async def _viewers(url: str) -> dict[bytes, Viewer]:
    everybody = (
        select(Session, Person, Organisation)
        .join(Person, Person.id == Session.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
    )
    engine = create_async_engine(sqlalchemy_url(url))
    async with AsyncSession(engine) as session:
        rows = (await session.execute(everybody)).all()
        found = {s.token_hash: person.in_session(where, s.id, s.expires_at) for s, person, where in rows}
    await engine.dispose()
    return found


async def _serve(kind: str, job: Job, listener: socket.socket) -> None:
    is_portal = kind == "portal"
    app = portal(job) if is_portal else await limit(job)
    lifespan: Literal["on", "off"] = "on" if is_portal else "off"
    config = uvicorn.Config(app, **SERVER, loop="uvloop", http="httptools", lifespan=lifespan, proxy_headers=is_portal)
    await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    import uvloop

    uvloop.run(_serve(sys.argv[1], Job.read(Path(sys.argv[2])), socket.socket(fileno=int(sys.argv[3]))))
