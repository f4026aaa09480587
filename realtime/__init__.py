"""Who hears about it: a durable numbered log for each person, hints that something was added, and the hub between."""
