"""`houtai user`: people, their roles and passwords, for whoever holds the machine."""

import sys

import click

from app.cli.application import application
from app.identity import memberships, passwords, people, roles, sign_in
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.kernel.i18n import DEFAULT_LOCALE, LOCALES

_ROLE = click.option(
    "--role",
    "grants",
    multiple=True,
    metavar="ROLE[:SCOPE]",
    help="A role, everywhere or at a scope: warehouse_keeper:site:DAYUAN. Repeat as needed.",
)
_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from a pipe.")


@click.group("user")
def command() -> None:
    """Add people, give them roles, set their passwords."""


@command.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The name others see.")
@click.option("--locale", type=click.Choice(LOCALES), default=DEFAULT_LOCALE, show_default=True)
@_ROLE
@_STDIN
def add(
    username: str, name: str, locale: str, grants: tuple[str, ...], *, password_stdin: bool
) -> None:
    """Add a person who signs in as USERNAME."""
    password = _password(from_pipe=password_stdin)
    pairs = [_pair(grant) for grant in grants]

    def step() -> None:
        person = people.add(
            username, name=name, password=password, locale=locale, party=_party(pairs)
        )
        for role, scope in pairs:
            memberships.grant(person, role, scope)

    with application():
        in_transaction(step)
    click.echo(f"{name} can sign in as {people.normal(username)}.")


@command.command("grant")
@click.argument("username")
@_ROLE
def grant(username: str, grants: tuple[str, ...]) -> None:
    """Give a person roles."""

    def step() -> None:
        person = people.named(username)
        for role, scope in map(_pair, grants):
            memberships.grant(person, role, scope)

    with application():
        in_transaction(step)
    click.echo(f"Done: {', '.join(grants) or 'nothing'}.")


@command.command("revoke")
@click.argument("username")
@_ROLE
def revoke(username: str, grants: tuple[str, ...]) -> None:
    """Take roles away from a person."""

    def step() -> None:
        person = people.named(username)
        for role, scope in map(_pair, grants):
            memberships.revoke(person, role, scope)

    with application():
        in_transaction(step)
    click.echo(f"Done: {', '.join(grants) or 'nothing'}.")


@command.command("password")
@click.argument("username")
@_STDIN
def password(username: str, *, password_stdin: bool) -> None:
    """Set a person's password and end their sessions."""
    chosen = _password(from_pipe=password_stdin)
    with application():
        in_transaction(lambda: sign_in.set_password(people.named(username), chosen, by=None))
    click.echo("The password is set; sessions begun with the old one are ended.")


@command.command("list")
def list_people() -> None:
    """List people and what they hold."""
    with application():
        for person in people.everyone():
            click.echo(_line(person))


@command.command("roles")
def list_roles() -> None:
    """List the roles there are."""
    with application():
        for code, title in sorted(roles.titles(DEFAULT_LOCALE).items()):
            click.echo(f"{code:24} {title}")


def _password(*, from_pipe: bool) -> str:
    if from_pipe:
        return sys.stdin.readline().rstrip("\n")
    prompt = f"Password (at least {passwords.SHORTEST} characters)"
    chosen: str = click.prompt(prompt, hide_input=True, confirmation_prompt=True)
    return chosen


def _pair(grant: str) -> tuple[str, str]:
    """Role and scope of "warehouse_keeper:site:DAYUAN"; a role alone holds everywhere."""
    role, _, scope = grant.partition(":")
    return role, scope or memberships.EVERYWHERE


def _party(pairs: list[tuple[str, str]]) -> str | None:
    """Whoever holds a role for a supplier works for that supplier."""
    return next((scope for _, scope in pairs if scope.startswith("supplier:")), None)


def _line(person: Person) -> str:
    held = sorted(memberships.of(person.id))
    shown = ", ".join(role if scope == "*" else f"{role}:{scope}" for role, scope in held)
    state = "" if person.is_active else " (kept out)"
    return f"{person.username:20} {person.name}{state}: {shown or 'no role'}"
