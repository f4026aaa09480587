"""The wall around what a restored database is recognised by: the portal asks, and cannot set it."""

GUARDED: dict[str, tuple[str, ...]] = {
    "portal_life()": (),
    "portal_renumber()": ("portal_owner",),
    "portal_recognise()": ("portal_app", "portal_hub"),
}
