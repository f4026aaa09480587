"""The `portal` command. Each command imports what it needs when it runs, so that all of them start quickly."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from portal.crowd import MOST
from portal.settings import NotReady

portal = typer.Typer(add_completion=False, no_args_is_help=True, help="The West Midlands Placement Portal.")
audit = typer.Typer(no_args_is_help=True, help="The record of everything that was done.")
portal.add_typer(audit, name="audit")
YEARS = range(2020, 2101)
When = Annotated[str | None, typer.Option("--at", help="Start the clock here, like 2026-04-28T09:00+01:00.")]


@portal.command()
def demo(at: When = None, port: Annotated[int, typer.Option(help="The port to serve on.")] = 8000) -> None:
    """Run the portal with its demonstration world, on this machine alone."""
    from portal.demo import run

    run(_instant(at), port)


@portal.command()
def token(email: str, at: When = None) -> None:
    """Print a bearer token for somebody of the demonstration world."""
    from portal.demo import token_for

    print(asyncio.run(token_for(email, _instant(at))))


@portal.command()
def init(name: str, email: str) -> None:
    """Make a database ready: schema, authorities, dated gates, and the first regional administrator's invitation."""
    from portal.production import initialise

    print(asyncio.run(initialise(name, email)))


@portal.command()
def serve(
    workers: Annotated[
        int | None,
        typer.Option(
            help="Serve by so many processes, restarted when they die and one by one at SIGHUP.", min=1, max=MOST
        ),
    ] = None,
) -> None:
    """Serve the portal, set up by the environment alone."""
    from portal.production import run

    run(workers)


@portal.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from portal.production import upgrade

    print(asyncio.run(upgrade()))


@portal.command()
def restored() -> None:
    """Say that the database is an older one than it was, where it cannot know that itself: clients read afresh."""
    from portal.production import renumber

    print(asyncio.run(renumber()))


@portal.command()
def check() -> None:
    """Check settings, database, roles and migrations; say what is wrong."""
    from portal.broadcasting import silence
    from portal.production import examine, notes
    from portal.settings import from_environment

    faults = asyncio.run(examine()) or asyncio.run(silence(from_environment()))
    print("\n".join(asyncio.run(notes())) or "Uploads are looked at for malware.")
    print("\n".join(faults) if faults else "Everything is as it should be.")
    raise typer.Exit(1 if faults else 0)


@portal.command()
def schema(
    write: Annotated[bool, typer.Option(help="Write the printed contracts into schema/.")] = False,
) -> None:
    """Print the contract of signed-in clients."""
    from portal.printouts import contract, write_contracts

    if write:
        write_contracts(_root())
    else:
        print(contract())


@portal.command()
def lifecycles(
    write: Annotated[bool, typer.Option(help="Write docs/lifecycles.md, permissions.md and problems.md.")] = False,
) -> None:
    """Print who may do what, in which state, and who is told."""
    from portal.printouts import lifecycles as printed
    from portal.printouts import write_docs

    if write:
        write_docs(_root())
    else:
        print(printed())


@audit.command()
def verify() -> None:
    """Check every chain of events; name the first fault of each and fail if there is one."""
    from portal.production import verify_audit

    faults = asyncio.run(verify_audit())
    print("\n".join(map(str, faults)) if faults else "Every chain is whole.")
    raise typer.Exit(1 if faults else 0)


@portal.command()
def verify_pdf(
    file: Annotated[Path, typer.Argument(help="The PDF, as you received it.")],
    authority: Annotated[
        Path | None, typer.Option(help="Check by these certificates (PEM) instead of the portal's database.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="The certificate of signing that came with it: is it of this agreement?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
    at: When = None,
) -> None:
    """Find out whether a PDF is a genuine file of an agreement: 0 if so, 1 if not, 2 if it cannot be told."""
    from portal.verifying import Asked, verified

    try:
        found = asyncio.run(verified(Asked(file, certificate), authority, _instant(at)))
    except NotReady as stopped:
        print(stopped, file=sys.stderr)
        raise typer.Exit(2) from None
    print(found.as_json() if as_json else found.as_text())
    raise typer.Exit(found.code)


def _root() -> Path:
    return Path(__file__).resolve().parent.parent


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise NotReady(f"{text!r} is not an instant; write it like 2026-04-28T09:00+01:00.") from None
    if at.tzinfo is None:
        raise NotReady(f"{text!r} needs its time zone, like 2026-04-28T09:00+01:00.")
    if at.year not in YEARS:
        raise NotReady(
            f"{text!r} is outside the years {YEARS[0]} to {YEARS[-1]}, in which the demonstration can begin."
        )
    return at


def main() -> Any:
    """Run a command; what stops it is told in one sentence."""
    from portal.embedded import EmbeddedPostgresError

    try:
        portal()
    except (NotReady, EmbeddedPostgresError) as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(1)
