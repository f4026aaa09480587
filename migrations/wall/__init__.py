"""The wall of the first release: roles, row policies, guarding functions and freezing triggers."""
