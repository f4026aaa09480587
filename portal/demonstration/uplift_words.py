"""Why a core fee shall rise, and why it shall not."""

from __future__ import annotations

REASONS: dict[str, tuple[str, ...]] = {
    "PROVIDER": (
        "The yearly rise of wages, as set out in our letter of last {day}.",
        "Energy and insurance for {home} cost more since the renewal of last {day}.",
        "Night staff in {town} are paid by the new scale, as we said on {day}.",
        "The regional uplift of this year, as the commissioners' meeting of {day} recommends.",
        "The inflation clause of the framework, worked out for {home} on {day}.",
    ),
    "LOCAL_AUTHORITY": (
        "The cabinet agreed the yearly uplift for placements in {town} on {day}.",
        "The same rise for all of our framework homes, {home} among them, as announced on {day}.",
        "Our inflation allowance for the year, settled on {day} for {home}.",
        "The fair-cost review of {town}, published on {day}, recommends it.",
        "The wage scale that we have used since last {day}; {home} is among those it is for.",
    ),
}
REFUSALS = (
    "More than this year's budget for placements in {town} allows; we talked about it on {day}.",
    "We would need to see the figures for {home} first, as asked for on {day}.",
    "It comes too soon after the last one; may we speak about {home} on {day}?",
    "The figures that we were sent on {day} do not bear it out for {home}.",
)
