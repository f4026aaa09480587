"""What an act is written down with, told to however many: who is told, their next numbers, and the entries."""

GUARDED: dict[str, tuple[str, ...]] = {
    "portal_next_numbers(uuid[], bigint[])": (),
    "portal_whom_to_tell(jsonb, uuid)": (),
}
