"""`houtai openapi`: the description of the API, for docs/openapi.json."""

import click

from app.web.api import description


@click.command("openapi")
def command() -> None:
    """Print the description of the API as OpenAPI 3.1."""
    click.echo(description.text(), nl=False)
