"""The one thing that strangers may know of an agreement, and only those who hold a file of it."""

GUARDED: dict[str, tuple[str, ...]] = {"portal_verify_agreement(text)": ("portal_signin",)}
