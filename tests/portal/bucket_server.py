"""A small server that speaks as much S3 as a vault asks for, on a port of its own; nothing outlives it."""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from aiohttp import web

CONTENTS = (
    "<Contents><Key>{key}</Key><LastModified>{at}</LastModified><ETag>&quot;{tag}&quot;</ETag>"
    "<Size>{size}</Size></Contents>"
)
LISTING = (
    '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>papers</Name>'
    "<IsTruncated>false</IsTruncated><KeyCount>{n}</KeyCount>{contents}</ListBucketResult>"
)
MISSING = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>There is none.</Message></Error>'


@dataclass
class Bucket:
    """What it keeps, by key, and who was seen asking."""

    address: str = ""
    kept: dict[str, tuple[bytes, datetime]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.headers.get("authorization", ""))
        key = request.match_info.get("key", "")
        if request.method == "GET" and not key:
            return self._listed(request.query.get("prefix", ""))
        if request.method == "PUT":
            self.kept[key] = (await request.read(), datetime.now(UTC).replace(microsecond=0))
        if request.method == "POST" and "delete" in request.query:
            gone = re.findall("<Key>(.*?)</Key>", await request.text())
            for one in gone:
                self.kept.pop(one, None)
            text = "".join(f"<Deleted><Key>{one}</Key></Deleted>" for one in gone)
            return web.Response(text=f"<DeleteResult>{text}</DeleteResult>", content_type="application/xml")
        if key not in self.kept:
            return web.Response(status=404, text=MISSING, content_type="application/xml")
        content, at = self.kept[key]
        headers = {"ETag": f'"{_tag(content)}"', "Last-Modified": format_datetime(at, usegmt=True)}
        return web.Response(body=b"" if request.method == "PUT" else content, headers=headers)

    def _listed(self, prefix: str) -> web.Response:
        rows = [
            CONTENTS.format(key=escape(key), at=at.isoformat(), tag=_tag(content), size=len(content))
            for key, (content, at) in self.kept.items()
            if key.startswith(prefix)
        ]
        return web.Response(text=LISTING.format(n=len(rows), contents="".join(rows)), content_type="application/xml")


def _tag(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@asynccontextmanager
async def bucket() -> AsyncIterator[Bucket]:
    made = Bucket()
    app = web.Application(client_max_size=1 << 26)
    app.router.add_route("*", "/papers/{key:.*}", made.answer)
    app.router.add_route("*", "/papers", made.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()
