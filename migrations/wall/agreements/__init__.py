"""The wall around what agreements have gained: new tables, and functions that know more than before."""

NOUNS = ("files", "mails", "reviews", "seals", "signatures", "verifying", "ends")
