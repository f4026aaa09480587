"""A question by message, and the label that is its reader's alone."""

from typing import Any

from portal_client import Person, new_key

from journey_steps import contents
from journey_steps.cast import Cast, say


async def asked_and_read(cast: Cast, thread: str) -> None:
    question = {"body": contents.QUESTION, "tag": "FURTHER_INFORMATION"}
    await cast.member.act("MessageSend", thread=thread, input=question, key=new_key())
    say(cast.member, f"asks: {contents.QUESTION}")
    as_asked = await cast.member.ask("Conversation", thread=thread)
    await _read(cast.officer, thread)
    if await cast.member.ask("Conversation", thread=thread) != as_asked:
        raise SystemExit("The asker could see that the question was read.")
    say(cast.member, "sees the conversation exactly as before: nobody is told that it was read")


async def _read(officer: Person, thread: str) -> None:
    before = await officer.ask("Conversation", thread=thread)
    say(officer, f"sees {_labels(before)} New Message label, reads the conversation")
    await officer.act("ThreadRead", thread=thread, upTo=before["thread"]["head"])
    after = await officer.ask("Conversation", thread=thread)
    say(officer, f"sees {_labels(after)} New Message label")


def _labels(conversation: dict[str, Any]) -> str:
    new = [message for message in conversation["messages"]["nodes"] if message["isNew"]]
    assert len(new) == conversation["thread"]["unread"]
    return str(len(new)) if new else "no"
