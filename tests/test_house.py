"""What a linter cannot know about this house."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from schema import schema
from schema.public import public_schema

ROOT = Path(__file__).parent.parent
FOLDERS = ("models", "resolvers", "schema", "realtime", "portal")
NOT_NOUNS = {
    "act", "arguments", "care_input", "change_words", "code", "compile", "contact_input", "context", "effect",
    "enrolment", "family_input", "inputs", "link", "operation", "pages", "plain", "ports", "read", "record",
    "recovery_code", "referral_input", "registration", "selection", "service_info", "stream", "throttle",
    "ticket", "working_copy",
}  # fmt: skip
WALL_TIME = {
    "portal/clock.py", "portal/demo.py", "portal/keys.py", "portal/mail_notify.py", "portal/production.py",
    "portal/seal_keys.py", "portal/seal_operator.py", "portal/vault.py",
    "portal/database.py", "portal/orphans.py", "portal/verifying_pdf.py",
    "resolvers/code.py", "resolvers/enrolment.py", "resolvers/ipa_file.py",
    "resolvers/link.py",
    "resolvers/session.py", "resolvers/throttle.py", "resolvers/ticket.py",
}  # fmt: skip


def sources(*folders: str) -> Iterator[tuple[str, ast.Module, str]]:
    for folder in folders or FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text()
            yield str(path.relative_to(ROOT)), ast.parse(text), text


def test_nothing_but_the_gate_assigns_a_status() -> None:
    found = []
    for name, tree, _ in sources("models", "resolvers", "schema", "realtime"):
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            found += [name for target in targets if isinstance(target, ast.Attribute) and target.attr == "status"]
    assert set(found) == {"models/record.py"}


def test_only_one_place_opens_transactions_for_viewers() -> None:
    opening = re.compile(r"create_async_engine\(|asyncpg\.(connect|create_pool)\(|AsyncSession\(|\.begin\(\)")
    places = {name for name, _, text in sources() if opening.search(text)}
    assert places <= {
        "portal/database.py", "portal/connections.py", "portal/app.py", "portal/demo.py", "portal/founding.py",
        "portal/production.py", "realtime/line.py", "realtime/hints.py", "realtime/inbox.py",
    }  # fmt: skip


def test_only_realtime_names_broadcaster() -> None:
    places = {
        name.split("/")[0] for name, _, text in sources() if re.search(r"^\s*(from|import) broadcaster", text, re.M)
    }
    assert places == {"realtime"}


def test_every_mutation_is_an_act() -> None:
    for contract in (schema, public_schema):
        mutation = contract._schema.mutation_type
        assert mutation is not None
        for name, field in mutation.fields.items():
            extensions = field.extensions["strawberry-definition"].extensions
            assert [type(extension).__name__ for extension in extensions] == ["Act"], name


def test_every_payload_can_say_why_nothing_was_done() -> None:
    mutation = schema._schema.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        payload = getattr(field.type, "of_type", field.type)
        assert str(payload.fields["problems"].type) == "[Problem!]!", name


def test_every_compiled_read_starts_from_what_the_viewer_may_see() -> None:
    for name, field in schema._schema.query_type.fields.items():  # type: ignore[union-attr]
        source = field.extensions["strawberry-definition"].metadata.get("source")
        if source is None or name in ("gates",):
            continue
        text = Path(source.__code__.co_filename).read_text()
        tree = next(n for n in ast.walk(ast.parse(text)) if getattr(n, "name", "") == source.__name__)
        body = ast.unparse(tree)
        assert re.search(r"visible_to|\bmine\(|_visible|own\(", body) or "me." in body, name


def test_resolvers_of_different_nouns_do_not_call_each_other() -> None:
    crossing = []
    for name, tree, _ in sources("resolvers"):
        noun = Path(name).stem.split("_")[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("resolvers."):
                other = str(node.module).split(".")[1]
                if other not in NOT_NOUNS and other.split("_")[0] != noun:
                    crossing.append(f"{name} imports {other}")
    assert crossing == []


def test_rules_never_ask_the_time_themselves() -> None:
    asking = re.compile(r"datetime\.now\(|utcnow\(|date\.today\(|func\.now\(\)|time\.time\(")
    places = {name for name, _, text in sources("models", "resolvers", "schema", "portal") if asking.search(text)}
    outside = {name for name in places if not name.startswith("portal/demonstration/")} - WALL_TIME
    assert outside == set()


def test_no_file_outgrows_its_reader() -> None:
    long = {name: text.count("\n") for name, _, text in sources() if text.count("\n") > 300}
    assert long == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(^|/)(utils?|helpers?|managers?|common|misc|services?)(\.py|/)")
    assert [name for name, _, _ in sources() if empty.search(name)] == []


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    settings = re.findall(r'alias="([A-Z_]+)"', (ROOT / "portal" / "settings.py").read_text())
    assert len(settings) > 8
    assert [name for name in settings if f"`{name}`" not in text] == []


def test_rules_that_tests_name_exist() -> None:
    named = set()
    for path in (ROOT / "tests").rglob("*.py"):
        named |= {int(number) for number in re.findall(r"\bS-(\d{3})\b", path.read_text())}
    assert named <= set(range(1, 125))
    assert len(named) > 60


def test_the_project_speaks_of_itself_alone() -> None:
    machine = re.compile(r"/(root|home/\w+|work)/|pypi\.org|pythonhosted|npmjs")
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("*.toml"),
        *ROOT.glob("requirements*.txt"),
        *(ROOT / "docs").rglob("*.md"),
    ]:
        assert not machine.search(path.read_text()), path
