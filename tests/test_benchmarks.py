"""Each benchmark works, and compares equal answers; how fast they come is for a quiet machine."""

import sys
from collections.abc import Callable
from importlib import import_module

import pytest

from portal.embedded import EmbeddedPostgres

READS = ("inbox of 25", "one referral in full", "500 for a case system", "unread badge")


@pytest.fixture
def run(
    postgres: EmbeddedPostgres, migrated: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What a benchmark prints on the tests' server, where there is a migrated database to copy."""

    def printed(name: str, *options: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, "--server", postgres.dsn, *options])
        assert import_module(f"benchmarks.{name}").main() == 0
        return capsys.readouterr().out

    return printed


def test_a_workbook_comes_in_with_progress_to_be_seen(run: Callable[..., str]) -> None:
    printed = run("registration", "--homes", "4", "--families", "2")
    assert "4 homes and 2 families" in printed
    assert "taken in after" in printed


def test_sockets_close_in_every_process_when_their_session_ends(run: Callable[..., str]) -> None:
    printed = run("revocation", "--rounds", "2", "--sockets", "4")
    assert "2 sessions with 4 sockets each, in 2 processes" in printed
    assert "the last socket closed after" in printed


def test_a_sending_reaches_everybody_who_matches_and_says_what_it_took(run: Callable[..., str]) -> None:
    printed = run("sending", "--quick")
    assert "60 providers with 200 homes" in printed
    assert "portal_record" in printed
    assert "ratio to that" in printed


def test_agreements_are_enabled_signed_and_sealed_while_others_read(run: Callable[..., str]) -> None:
    printed = run("sealing", "--quick")
    assert "enabling: " in printed
    assert "signing: " in printed
    assert "1 agreements sealed in" in printed
    assert "others' p95: " in printed


def test_the_portal_and_the_limit_answer_alike(run: Callable[..., str]) -> None:
    printed = run("reads", "--quick")
    assert printed.count("identical") == len(READS)
    shown = [line for line in printed.splitlines() if line.startswith("│")]
    assert [name for name in (*READS, "offer submitted") if any(name in line for line in shown)] == [
        *READS,
        "offer submitted",
    ]


def test_every_count_and_list_is_measured(run: Callable[..., str]) -> None:
    printed = run("lists", "--scale", "0.004")
    assert "200 referrals, each to 40 of 80 providers" in printed
    for name in ("newReferrals", "overdue", "unreadMessages"):
        assert printed.count(f"{name} ") == 4, name
    for order in ("NEWEST", "NEEDED_SOONEST", "DEADLINE", "CHANGED"):
        assert f"provider: unread, {order} " in printed
        assert f"authority: name, {order} " in printed


def test_everybody_is_told_beside_the_floor_and_misses_nothing(run: Callable[..., str]) -> None:
    printed = run("fanout", "--quick")
    for figure in ("connecting, ", "an idle socket: ", "uvloop alone ", "ratio to that: ", "p50 ", "p99 "):
        assert figure in printed, figure
    assert "80 sockets back with all they missed after" in printed


def test_appending_is_measured_beside_the_bare_rows(run: Callable[..., str]) -> None:
    printed = run("appending", "--reached", "40", "--rounds", "3")
    assert "appending to 160 inboxes: " in printed
    assert "the same rows barely" in printed
