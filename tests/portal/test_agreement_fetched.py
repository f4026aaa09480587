"""Files of agreements as they are fetched: the same bytes each time, and a page that can do nothing but be read."""

from models.lifecycle import Role
from tests.agreeing import Agreeing
from tests.filing import FETCH, filing
from tests.resolvers.test_ipa_files import chosen
from tests.sealing import bytes_of, seals_plainly, signed
from tests.world import World


async def url(agreeing: Agreeing, file: str) -> str:
    """A one-use address that the sign-only signatory is given."""
    return str((await chosen(agreeing, agreeing.provider_signatory, file))["download"]["url"])


# S-111, S-031
async def test_a_sign_only_person_fetches_the_same_bytes_of_every_file_each_time(world: World) -> None:
    async with filing(seals_plainly(world)) as files:
        agreeing = await signed(world)
        assert agreeing.provider_signatory.roles == frozenset({Role.SIGNATORY})
        contents = await bytes_of(agreeing)
        for file, content in (("AGREEMENT", contents[2]), ("ORIGINAL", contents[2]), ("CERTIFICATE", contents[3])):
            for _ in range(2):
                sent = await files.get(await url(agreeing, file))
                assert (sent.status, sent.headers["content-type"]) == (200, "application/pdf")
                assert sent.headers["content-disposition"].startswith("attachment")
                assert sent.body == content


# S-111
async def test_the_page_is_shown_once_and_can_do_nothing_but_be_read(world: World) -> None:
    async with filing(seals_plainly(world)) as files:
        agreeing = await signed(world)
        address = await url(agreeing, "PAGE")
        sent = await files.get(address)
        assert (sent.status, sent.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert sent.headers["content-disposition"] == "inline"
        policy = sent.headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert sent.headers["x-content-type-options"] == "nosniff"
        assert sent.headers["cache-control"] == "no-store"
        assert "Żak" in sent.body.decode()
        assert (await files.get(address)).status == 404


# S-111
async def test_nothing_that_was_uploaded_is_shown_as_a_page(world: World) -> None:
    async with filing(world) as files:
        officer = await files.officer()
        id = await files.filed(officer, b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF\n", name="page.pdf")
        await world.sql("UPDATE document SET media_type = 'text/html', name = 'page.html'")
        given = await world.do(officer, FETCH, id=id)
        sent = await files.get(given["download"]["url"])
        assert sent.headers["content-disposition"].startswith("attachment")
        assert sent.headers["content-security-policy"] == "sandbox; default-src 'none'"
