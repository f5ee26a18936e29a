"""The settings of this machine, as commands read them."""

import click
from sqlalchemy.engine import make_url

from app.config import Settings, UnusableSetting, from_environment


def settings_here() -> Settings:
    """The settings of this machine; one that means nothing ends the command."""
    try:
        settings = from_environment()
        make_url(settings.database_url)
    except UnusableSetting as setting:
        raise click.ClickException(str(setting)) from setting
    except ValueError as error:
        raise click.ClickException(f"DATABASE_URL cannot be read: {error}") from error
    except OSError as error:
        message = f"The folder for Houtai's own files cannot be used: {error}"
        raise click.ClickException(message) from error
    return settings
