"""The agreement: drawn up, reviewed, fixed, read, signed by both sides, and beyond change."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from portal_client import Person, fetch, new_key, sha256

from journey_steps import contents
from journey_steps.cast import Cast, is_refused, say

MINUTE = 60


async def drawn_up(cast: Cast, offer: str, today: date) -> dict[str, Any]:
    """From the accepted offer, filled in, and shared: before that the provider cannot see it."""
    draft = (await cast.officer.act("IpaCreate", offer=offer, key=new_key()))["ipa"]
    say(
        cast.officer,
        f"draws up agreement {draft['reference']} from the offer: £{draft['terms']['coreFeeWeekly']} a week",
    )
    id = draft["id"]
    full = await cast.officer.act("IpaUpdate", id=id, version=draft["version"], input=contents.agreement(today))
    say(cast.officer, "completes the child's details, contacts and arrangements")
    assert (await cast.member.ask("Ipa", id=id))["ipa"] is None
    await cast.officer.act("IpaShare", id=id, version=full["ipa"]["version"])
    say(cast.officer, "shares it for review")
    return dict(draft)


async def reviewed_and_fixed(cast: Cast, id: str) -> None:
    shared = (await cast.member.ask("Ipa", id=id))["ipa"]
    child = shared["details"]["child"]
    say(cast.member, f"reviews it and learns the child's name: {child['givenNames']} {child['familyName']}")
    theirs = await cast.member.act("IpaUpdateContacts", id=id, version=shared["version"], input=contents.CONTACTS)
    review = await cast.member.act("IpaConfirmReview", id=id, version=theirs["ipa"]["version"])
    say(cast.member, "enters the home's contacts and confirms the review")
    fixed = (await cast.officer.act("IpaEnable", id=id, version=review["ipa"]["version"]))["ipa"]
    say(cast.officer, f"enables it for signing: {fixed['status']}, content {fixed['contentHash'][:12]}…")


async def signed(signatory: Person, id: str) -> None:
    """Whoever signs has fetched the very bytes that are signed, and names their content."""
    read, _ = await _opened(signatory, id)
    code = await signatory.authenticator.code()
    given = await signatory.act("IpaSign", id=id, contentHash=read["contentHash"], code=code, key=new_key())
    say(signatory, f"signs with a fresh code: {given['ipa']['status']}")


async def sealed(person: Person, id: str) -> None:
    """A signature counts at once; its seal follows within seconds, and after both a certificate."""
    async with asyncio.timeout(MINUTE):
        while True:
            known = (await person.ask("IpaFiles", id=id))["ipa"]
            if "CERTIFICATE" in [file["kind"] for file in known["files"]]:
                break
            await asyncio.sleep(0.2)
    say(person, f"sees both signatures sealed: SHA-256 {known['signedPdfSha256'][:12]}…")


async def downloaded(person: Person, id: str, folder: Path) -> None:
    """The agreement with both signatures, sealed, and the certificate that says how it was signed."""
    side = "".join(letter if letter.isalnum() else "-" for letter in person.organisation.lower())
    for file, ending in (("AGREEMENT", ""), ("CERTIFICATE", "-certificate")):
        read, pdf = await _opened(person, id, file)
        path = folder / f"{read['ipa']['reference']}-{side}{ending}.pdf"
        path.write_bytes(pdf)
        say(person, f"downloads the {file.lower()}, {len(pdf)} bytes: {path}")


async def _opened(person: Person, id: str, file: str = "AGREEMENT") -> tuple[dict[str, Any], bytes]:
    """Opening is recorded, and answers where the PDF can be fetched once."""
    read = await person.act("IpaOpen", id=id, file=file)
    pdf = await fetch(read["download"]["url"])
    if sha256(pdf) != read["pdfSha256"]:
        raise SystemExit("The bytes that came are not those of the agreement.")
    say(person, f"opens the PDF of {read['ipa']['reference']}, {read['ipa']['status']}")
    return read, pdf


async def beyond_change(cast: Cast, offer: str, id: str) -> None:
    """Neither side can change offer or agreement any more."""
    held = (await cast.member.ask("Offer", id=offer))["offer"]
    edit = {"id": offer, "version": held["version"], "input": contents.OFFER_EDIT}
    await is_refused(cast.member, "edit the accepted offer", "OfferUpdate", **edit)
    version = (await cast.officer.ask("Ipa", id=id))["ipa"]["version"]
    details = {"id": id, "version": version, "input": {"child": {"knownAs": "Zosia"}}}
    await is_refused(cast.officer, "edit the signed agreement", "IpaUpdate", **details)
    theirs = {"id": id, "version": version, "input": contents.CONTACTS}
    await is_refused(cast.member, "change its contacts", "IpaUpdateContacts", **theirs)
