"""The fields in which a file is signed: where the print has room for them, and in the structure that is read aloud."""

from io import BytesIO
from typing import Any, NamedTuple

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields

from portal.seal_means import CERTIFICATION, PARTIES

SPOKEN = {
    "LOCAL_AUTHORITY": "Signature for the placing authority",
    "PROVIDER": "Signature for the provider",
    CERTIFICATION: "Seal of the West Midlands Placement Portal",
}
INSET = 1.5
BY_THEMSELVES = {"LOCAL_AUTHORITY": (60.0, 84.0, 290.0, 144.0), "PROVIDER": (305.0, 84.0, 535.0, 144.0)}


class Room(NamedTuple):
    """A rectangle of a page, in points from its lower left corner."""

    page: int
    box: tuple[float, float, float, float]

    @property
    def wide(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def high(self) -> float:
        return self.box[3] - self.box[1]


def opened(pdf: bytes) -> IncrementalPdfFileWriter:
    """The file, to be appended to."""
    return IncrementalPdfFileWriter(BytesIO(pdf))


def present(handler: Any) -> dict[str, bool]:
    """The names of the signature fields of a file, and whether each is filled."""
    return {name: value is not None for name, value, _ in enumerate_sig_fields(handler)}


def room_of(handler: Any, name: str) -> Room:
    """Where the field of this name is in the file."""
    (widget,) = (ref.get_object() for found, _, ref in enumerate_sig_fields(handler) if found == name)
    left, bottom, right, top = map(float, widget["/Rect"])
    return Room(_page_of(handler, widget.raw_get("/P")), (left, bottom, right, top))


def place_missing(writer: IncrementalPdfFileWriter) -> None:
    """Place the parties' fields that the file does not have; a party with room named after it is given that."""
    there = present(writer)
    for party in PARTIES:
        if party not in there:
            _place(writer, party)


def place_certification(writer: IncrementalPdfFileWriter) -> None:
    """Place the portal's own field, which is not seen."""
    append_signature_field(writer, SigFieldSpec(CERTIFICATION, readable_field_name=SPOKEN[CERTIFICATION]))


def _place(writer: IncrementalPdfFileWriter, party: str) -> None:
    room = _named(writer, party) or Room(_pages(writer) - 1, BY_THEMSELVES[party])
    spec = SigFieldSpec(party, on_page=room.page, box=room.box, readable_field_name=SPOKEN[party])  # type: ignore[arg-type]
    append_signature_field(writer, spec)
    (widget,) = (ref for name, _, ref in enumerate_sig_fields(writer) if name == party)
    _tell_structure(writer, widget, SPOKEN[party])


def _named(handler: Any, name: str) -> Room | None:
    """The rectangle that the file names so, a little smaller so that its lines stay seen."""
    place = _inside(handler.root, "/Dests", "/" + name)
    if not isinstance(place, ArrayObject) or len(place) != 6 or place[1] != "/FitR":
        return None
    left, bottom, right, top = (float(place[number]) for number in range(2, 6))
    box = (left + INSET, bottom + INSET, right - INSET, top - INSET)
    return Room(_page_of(handler, place.raw_get(0)), box)


def _inside(place: Any, *names: str) -> Any:
    for name in names:
        if name not in place:
            return None
        place = place[name]
    return place


def _pages(handler: Any) -> int:
    return int(handler.root["/Pages"]["/Count"])


def _page_of(handler: Any, page: IndirectObject) -> int:
    every = range(_pages(handler))
    return next(number for number in every if handler.find_page_for_modification(number)[0].idnum == page.idnum)


def _tell_structure(writer: IncrementalPdfFileWriter, widget: IndirectObject, spoken: str) -> None:
    """Make the field an element of the structure, the last of its document, where the file has a structure."""
    root = _inside(writer.root, "/StructTreeRoot")
    if root is None:
        return
    key = int(root["/ParentTreeNextKey"])
    document = root["/K"][0] if isinstance(root["/K"], ArrayObject) else root["/K"]
    above = root["/K"].raw_get(0) if isinstance(root["/K"], ArrayObject) else root.raw_get("/K")
    element = DictionaryObject({
        NameObject("/Type"): NameObject("/StructElem"),
        NameObject("/S"): NameObject("/Form"),
        NameObject("/P"): above,
        NameObject("/Alt"): TextStringObject(spoken),
        NameObject("/K"): DictionaryObject({
            NameObject("/Type"): NameObject("/OBJR"),
            NameObject("/Obj"): widget,
            NameObject("/Pg"): widget.get_object().raw_get("/P"),
        }),
    })  # fmt: skip
    added = writer.add_object(element)
    document["/K"].append(added)
    writer.update_container(document["/K"])
    numbers = root["/ParentTree"]["/Nums"]
    numbers += [NumberObject(key), added]
    writer.update_container(numbers)
    root["/ParentTreeNextKey"] = NumberObject(key + 1)
    writer.update_container(root)
    widget.get_object()["/StructParent"] = NumberObject(key)
