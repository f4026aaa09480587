"""Those who are at one place in one person's log: mostly the screens of that person, who move on together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from realtime.entry import Row
from realtime.inbox import PAGE, Asked
from realtime.place import Place


@dataclass(eq=False, slots=True)
class Party:
    """Its members have read everything up to `no`."""

    person: str
    no: int
    members: list[Place] = field(default_factory=list)
    asked: Asked = field(init=False)

    def __post_init__(self) -> None:
        self.asked = Asked.of(self.person, self.no)

    def move(self, rows: Sequence[Row]) -> None:
        """Past what was read; how much is unread there is known unless there may be more behind it."""
        self.no += len(rows)
        self.asked = Asked.of(self.person, self.no, rows[-1].unread if len(rows) < PAGE else None)


class Parties:
    """All who are up to date, by where they are."""

    def __init__(self) -> None:
        self._of: dict[Place, Party] = {}
        self._by_person: dict[UUID, list[Party]] = {}

    def __iter__(self) -> Iterator[Party]:
        for several in self._by_person.values():
            yield from several

    def __contains__(self, party: Party) -> bool:
        return bool(party.members) and self._of.get(party.members[0]) is party

    def join(self, place: Place) -> None:
        here = self._by_person.setdefault(place.person_id, [])
        party = next((party for party in here if party.no == place.read_up_to), None)
        if party is None:
            party = Party(str(place.person_id), place.read_up_to)
            here.append(party)
        party.members.append(place)
        self._of[place] = party

    def leave(self, place: Place) -> None:
        party = self._of.pop(place, None)
        if party is None:
            return
        party.members.remove(place)
        if not party.members:
            here = self._by_person[place.person_id]
            here.remove(party)
            if not here:
                del self._by_person[place.person_id]

    def gather(self, party: Party) -> None:
        """Those of another party who have come to the same place, or were there before, are of one from now on."""
        here = self._by_person[party.members[0].person_id]
        for other in here.copy() if len(here) > 1 else ():
            if other is not party and other.no == party.no:
                here.remove(other)
                party.members += other.members
                self._of |= dict.fromkeys(other.members, party)
