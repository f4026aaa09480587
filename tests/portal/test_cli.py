"""What the command line takes and what it says of the rest."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from portal.cli import portal
from portal.settings import NotReady, from_environment

REFUSED = {
    "1800-01-01T00:00+00:00": "years 2020 to 2100",
    "0001-01-01T00:00+14:00": "years 2020 to 2100",
    "2019-12-31T23:59+00:00": "years 2020 to 2100",
    "2101-01-01T00:00+00:00": "years 2020 to 2100",
    "9999-12-31T23:59-14:00": "years 2020 to 2100",
    "2026-04-28T09:00": "needs its time zone",
    "yesterday": "is not an instant",
}


def stopped(home: Path, *words: str) -> str:
    """The sentence with which a command ends that did nothing."""
    ended = CliRunner().invoke(portal, words, env={"PORTAL_HOME": str(home)})
    assert isinstance(ended.exception, NotReady)
    assert list(home.iterdir()) == []
    return str(ended.exception)


@pytest.mark.parametrize("at", REFUSED)
def test_a_demonstration_begins_in_the_portals_own_time_or_not_at_all(tmp_path: Path, at: str) -> None:
    for words in (("demo", "--port", "0"), ("token", "somebody@example.org")):
        assert REFUSED[at] in stopped(tmp_path, *words, "--at", at)


@pytest.mark.parametrize("at", ["2020-01-01T00:00+00:00", "2100-12-31T23:59+00:00"])
def test_the_first_and_the_last_year_are_taken(tmp_path: Path, at: str) -> None:
    assert "There is no demonstration here yet" in stopped(tmp_path, "token", "somebody@example.org", "--at", at)


@pytest.mark.parametrize("count", ["0", "65", "-2", "many", "2.5", ""])
def test_processes_are_served_by_in_a_number_that_can_be(count: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = CliRunner().invoke(portal, ["serve", f"--workers={count}"], env={})
    assert asked.exit_code == 2
    assert "Invalid value for '--workers'" in asked.output
    monkeypatch.setenv("PORTAL_WORKERS", count)
    if count:
        with pytest.raises(NotReady, match=r"A setting cannot be understood: PORTAL_WORKERS: .*\."):
            from_environment()


@pytest.mark.parametrize("address", ["memory://geheim", "redis://:geheim@", "http://geheim@a", "redis://:geheim@a:b"])
def test_a_carrier_that_cannot_be_is_refused_by_the_name_of_its_setting(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADCAST_URL", address)
    with pytest.raises(NotReady, match=r"BROADCAST_URL cannot be understood\. .*\.") as refused:
        from_environment().broadcasting()
    assert "geheim" not in str(refused.value)
