"""The wall around what those who look at something are told of it."""

NOUNS: tuple[str, ...] = ("streams", "mails", "appending")
