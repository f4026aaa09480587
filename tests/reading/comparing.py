"""Whether the answers of the compiled ways are those of execution field by field."""

import json
from typing import Any

import orjson
from graphql import parse, validate

from resolvers.operation import compiled
from schema import schema
from tests.reading.landscape import Landscape
from tests.reading.one_by_one import OneByOne

whole = compiled(schema)


async def compare(land: Landscape, who: str, document: str, variables: dict[str, Any]) -> Any:
    """What both give, which must be the same to the last key and in the same order."""
    assert validate(schema._schema, parse(document)) == []
    viewer = land.viewers[who]
    slow = await OneByOne(land.world, viewer).answer(document, variables)
    fast = await schema.execute(document, variables, land.world.context(viewer))
    assert not fast.errors, f"{fast.errors}\n{document}\n{variables}"
    finished = orjson.dumps(fast.data)
    unlike = differences(orjson.loads(finished), slow)
    assert not unlike, f"{unlike}\n{document}\n{variables}"
    assert json.dumps(orjson.loads(finished)) == json.dumps(slow), f"order of keys\n{document}\n{variables}"
    lane = whole(parse(document), None)
    assert lane is not None
    assert await lane.run(land.world.context(viewer), variables) == finished
    return slow


def differences(fast: Any, slow: Any, path: str = "") -> list[str]:
    """Where two answers differ, to be read by whoever has to mend it."""
    if isinstance(fast, dict) and isinstance(slow, dict) and fast.keys() == slow.keys():
        return [fault for key in slow for fault in differences(fast[key], slow[key], f"{path}.{key}")]
    if isinstance(fast, list) and isinstance(slow, list) and len(fast) == len(slow):
        pairs = enumerate(zip(fast, slow, strict=True))
        return [fault for n, pair in pairs for fault in differences(*pair, f"{path}.{n}")]
    return [] if fast == slow else [f"{path}: {fast!r} is not {slow!r}"]
