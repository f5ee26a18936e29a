"""`houtai calendar`: when the company and its places work; durations are counted in those hours."""

import click

from app.cli.application import application
from app.kernel import calendars
from app.kernel.calendars import Calendar
from app.kernel.calendars.hours import WEEKDAYS
from app.kernel.db import in_transaction


@click.group("calendar")
def command() -> None:
    """Say when a place works: due times and reminders count only those hours."""


@command.command("save")
@click.argument("code", default=calendars.DEFAULT_CODE)
@click.option("--zone", required=True, help="Time zone, such as Asia/Taipei.")
@click.option(
    "--open",
    "opening",
    multiple=True,
    required=True,
    metavar='"DAYS HH:MM-HH:MM"',
    help='Hours of one day or several: "mon-fri 09:00-18:00". Repeat as needed.',
)
@click.option("--country", help="Whose public holidays are kept: TW, CN, DE ...")
def save(code: str, zone: str, opening: tuple[str, ...], country: str | None) -> None:
    """Make or change the calendar CODE; "default" holds where a place has none of its own."""
    week: dict[str, list[str]] = {}
    for text in opening:
        days, hours = _read(text)
        for day in days:
            week.setdefault(day, []).append(hours)

    def step() -> None:
        calendars.save(code, Calendar(zone, calendars.week_of(week), country))

    with application():
        in_transaction(step)
    click.echo(f"The calendar {code} is kept.")


@command.command("assign")
@click.argument("scope", metavar="site:CODE")
@click.argument("code")
def assign(scope: str, code: str) -> None:
    """Let a place keep the calendar CODE."""
    with application():
        in_transaction(lambda: calendars.assign(scope, code))
    click.echo(f"{scope} keeps the calendar {code}.")


def _read(text: str) -> tuple[list[str], str]:
    """The weekdays and the hours of "mon-fri 09:00-18:00"."""
    days, _, hours = text.strip().lower().partition(" ")
    first, _, last = days.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS or not hours.strip():
        message = f'{text!r} is not clear. Write days and hours: "mon-fri 09:00-18:00".'
        raise click.BadParameter(message, param_hint="--open")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return list(WEEKDAYS[begin : end + 1]), hours.strip()
