"""The wall around what live delivery, the bell and e-mail have gained."""

NOUNS: tuple[str, ...] = ("mails", "restoring", "bell")
