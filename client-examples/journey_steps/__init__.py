"""The steps of the journey, by what they are about."""
