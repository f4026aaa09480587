"""The demonstration world: invented organisations, people and placements of the West Midlands."""
