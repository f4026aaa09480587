"""The database, step by step; each step leaves the previous release of the portal working."""
