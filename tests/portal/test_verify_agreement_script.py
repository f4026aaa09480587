"""The script that anybody can check an agreement with, who has nothing of the portal but the file."""

import ast
import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
import pytest_asyncio
from graphql import parse, validate

from schema.public import public_schema
from tests.portal.sealing import CANONICAL, a_print, some_means
from tests.portal.tampering import REVISIONS, STAGES, certificates, enabled_with, flipped, genuine, revised
from tests.portal.tampering import somebody_elses as somebody

SCRIPT = Path(__file__).resolve().parents[2] / "client-examples" / "verify_agreement.py"
LIBRARY = {"pyhanko", "pyhanko_certvalidator", "asn1crypto"}  # the one, and the two that come with it
VALID = {
    "state": "VALID", "enabledAt": "2026-06-15T09:00:00.000Z", "signedAt": None, "voidedAt": None,
    "localAuthority": "Birmingham", "provider": "Harbour Homes Ltd",
}  # fmt: skip


def loaded() -> Any:
    spec = importlib.util.spec_from_file_location("verify_agreement", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


script = loaded()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def files() -> dict[str, bytes]:
    return await genuine()


async def looked(pdf: bytes) -> tuple[bool, list[str]]:
    found = script.Findings()
    try:
        await script.look(pdf, script.certificates(certificates(some_means())), found)
    except script.Unreadable as fault:
        return False, [str(fault)]
    return found.good, found.lines


def test_it_needs_nothing_of_the_house() -> None:
    named = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text())):
        if isinstance(node, ast.Import):
            named |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            named.add(str(node.module).split(".")[0])
    assert named - set(sys.stdlib_module_names) == LIBRARY


def test_its_question_is_one_that_strangers_may_ask() -> None:
    assert validate(public_schema._schema, parse(script.QUESTION)) == []


@pytest.mark.parametrize("stage", STAGES)
async def test_a_genuine_file_is_found_good(stage: str, files: dict[str, bytes]) -> None:
    # S-111
    good, lines = await looked(files[stage])
    assert good, lines
    carries = stage not in ("certificate", "earlier release, signed")
    assert any(sha256(CANONICAL).hexdigest() in line for line in lines) == carries


@pytest.mark.parametrize("change", REVISIONS)
async def test_whatever_is_added_or_exchanged_is_found(change: str, files: dict[str, bytes]) -> None:
    # S-106
    good, _ = await looked(revised(change, files["one signature"]))
    assert not good


@pytest.mark.parametrize("seed", range(5))
async def test_one_changed_bit_is_found(seed: int, files: dict[str, bytes]) -> None:
    # S-106
    good, _ = await looked(flipped(files["enabled"], Random(100 + seed)))
    assert not good


async def test_somebody_elses_seal_and_a_foreign_form_are_found() -> None:
    good, lines = await looked((await genuine(somebody()))["enabled"])
    assert not good
    assert "  WRONG  PORTAL: NOT the portal's seal." in lines
    good, lines = await looked(await enabled_with(b'wmpp/ipa/1\n{"b": 1}'))
    assert not good
    good, lines = await looked(a_print())
    assert (good, lines) == (False, ["  WRONG  It carries no signature."])


# ── from the command line, beside a portal ───────────────────────────────────
class Answering(BaseHTTPRequestHandler):
    """A portal that knows one answer."""

    told: dict[str, Any] = VALID
    heard: list[str] = []  # noqa: RUF012  of the one class made for a test

    def do_GET(self) -> None:
        self._answer(certificates(some_means()).encode())

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.heard.append(asked["variables"]["sha256"])
        self._answer(json.dumps({"data": {"verifyAgreement": self.told}}).encode())

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def portal() -> Iterator[tuple[str, type[Answering]]]:
    class Own(Answering):
        heard: list[str] = []  # noqa: RUF012

    server = HTTPServer(("127.0.0.1", 0), Own)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", Own
    server.shutdown()
    thread.join()
    server.server_close()


def run(folder: Path, pdf: bytes, *words: str) -> tuple[int, str]:
    (folder / "agreement.pdf").write_bytes(pdf)
    (folder / "authority.pem").write_text(certificates(some_means()))
    command = [sys.executable, "-I", str(SCRIPT), "agreement.pdf", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_with_the_authority_alone_it_needs_no_network(tmp_path: Path, files: dict[str, bytes]) -> None:
    code, told = run(tmp_path, files["both signatures"], "--authority", "authority.pem")
    assert code == 0
    assert told.endswith("\nGENUINE.\n")
    code, told = run(tmp_path, files["both signatures"] + b"\n", "--authority", "authority.pem")
    assert code == 1
    code, told = run(tmp_path, b"Dear Sir", "--authority", "authority.pem")
    assert (code, told.splitlines()[-1]) == (2, "CANNOT BE READ: This is not a PDF.")


def test_a_portal_is_asked_whether_it_stands(
    tmp_path: Path, files: dict[str, bytes], portal: tuple[str, type[Answering]]
) -> None:
    address, answering = portal
    code, told = run(tmp_path, files["both signatures"], "--portal", address)
    assert code == 0
    assert answering.heard == [sha256(files["both signatures"]).hexdigest()]
    assert "between Birmingham and Harbour Homes Ltd" in told
    answering.told = {**VALID, "state": "VOID", "voidedAt": "2026-06-16T09:00:00.000Z"}
    code, told = run(tmp_path, files["enabled"], "--portal", address)
    assert (code, told.splitlines()[-1][:17]) == (0, "GENUINE, BUT VOID")
    answering.told = dict.fromkeys(VALID) | {"state": "UNKNOWN"}
    code, told = run(tmp_path, files["enabled"], "--portal", address)
    assert code == 1
    assert "The portal does not know this file." in told
