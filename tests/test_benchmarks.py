"""The benchmark works, and compares equal answers; how fast they come is for a quiet machine."""

import subprocess
import sys
from pathlib import Path

READS = ("inbox of 25", "one referral in full", "500 for a case system", "unread badge")


def run(benchmark: str, *options: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", benchmark, *options],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_a_workbook_comes_in_with_progress_to_be_seen() -> None:
    done = run("benchmarks.registration", "--homes", "40", "--families", "10")
    assert "40 homes and 10 families" in done.stdout
    assert "taken in after" in done.stdout


def test_sockets_close_in_every_process_when_their_session_ends() -> None:
    done = run("benchmarks.revocation", "--rounds", "2", "--sockets", "4")
    assert "2 sessions with 4 sockets each, in 2 processes" in done.stdout
    assert "the last socket closed after" in done.stdout


def test_a_sending_reaches_everybody_who_matches_and_says_what_it_took() -> None:
    done = run("benchmarks.sending", "--quick")
    assert "60 providers with 200 homes" in done.stdout
    assert "portal_record" in done.stdout
    assert "ratio to that" in done.stdout


def test_agreements_are_enabled_signed_and_sealed_while_others_read() -> None:
    done = run("benchmarks.sealing", "--agreements", "1", "--singly", "1")
    assert "enabling: " in done.stdout
    assert "signing: " in done.stdout
    assert "1 agreements sealed in" in done.stdout
    assert "others' p95: " in done.stdout


def test_the_portal_and_the_limit_answer_alike() -> None:
    done = run("benchmarks.reads", "--quick")
    assert not done.stderr
    assert done.stdout.count("identical") == len(READS)
    shown = [line for line in done.stdout.splitlines() if line.startswith("│")]
    assert [name for name in (*READS, "offer submitted") if any(name in line for line in shown)] == [
        *READS,
        "offer submitted",
    ]


def test_every_count_and_list_is_measured() -> None:
    done = run("benchmarks.lists", "--scale", "0.004")
    assert "200 referrals, each to 40 of 80 providers" in done.stdout
    for name in ("newReferrals", "overdue", "unreadMessages"):
        assert done.stdout.count(f"{name} ") == 4, name
    for order in ("NEWEST", "NEEDED_SOONEST", "DEADLINE", "CHANGED"):
        assert f"provider: unread, {order} " in done.stdout
        assert f"authority: name, {order} " in done.stdout
