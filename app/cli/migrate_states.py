"""`houtai migrate-states`: open cases, kept as this release keeps them."""

from functools import partial

import click

from app.cli.application import application
from app.kernel.db import end_look, in_transaction
from app.kernel.faults import Fault, contained
from app.workflow import state_migration


@click.command("migrate-states")
@click.option("--check", is_flag=True, help="Only say what would happen.")
def command(*, check: bool) -> None:
    """Write the state of every open case as this release writes it; people may work meanwhile.

    Exits with 1 when a case cannot be read; it stays as it is, and is named.
    """
    with application():
        read, old, unreadable = _all(check=check)
    for number, why in unreadable.items():
        click.echo(f"case {number}: {why}", err=True)
    verb = "would be written anew" if check else "written anew"
    click.echo(f"{read} open cases: {old} {verb}, {len(unreadable)} cannot be read.")
    raise SystemExit(1 if unreadable else 0)


def _all(*, check: bool) -> tuple[int, int, dict[int, str]]:
    read, old, unreadable, last = 0, 0, dict[int, str](), 0
    while found := state_migration.after(last):
        end_look()
        for number in found:
            outcome = contained(partial(_one, number, check=check))
            if isinstance(outcome, Fault):
                unreadable[number] = outcome.sentence
            else:
                old += outcome
        read, last = read + len(found), found[-1]
    return read, old, unreadable


def _one(number: int, *, check: bool) -> bool:
    if not check:
        return in_transaction(partial(state_migration.migrate, number))
    try:
        return state_migration.is_old(number)
    finally:
        end_look()
