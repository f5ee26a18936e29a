"""`houtai deploy`: processes, decisions and forms, published."""

from pathlib import Path

import click

from app.cli.application import application
from app.config import ROOT
from app.kernel.db import in_transaction
from app.workflow import shipping
from app.workflow.spiff.findings import ParseRefused

_SAID = {
    shipping.PUBLISHED: "{key}: version {version} is live.",
    shipping.UNCHANGED: "{key}: unchanged.",
    shipping.DRAFTED: "{key}: your own version stays live; this one waits as draft {version}.",
}


@click.command("deploy")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT)
def command(path: Path) -> None:
    """Publish every process under PATH/processes (this repository's, when PATH is left out)."""
    with application():
        try:
            shipments = in_transaction(lambda: shipping.deploy_folder(path))
        except ParseRefused as refused:
            for finding in refused.findings:
                click.echo(f"{finding.element}: {finding.message} {finding.hint}", err=True)
            raise SystemExit(1) from None
    for shipment in shipments:
        click.echo(_SAID[shipment.outcome].format(key=shipment.key, version=shipment.version))
        for doubt in shipment.doubts:
            click.echo(f"  warning: {doubt}", err=True)


def publish_shipped() -> None:
    """Publish what this release ships; quick when nothing changed."""
    in_transaction(lambda: shipping.deploy_folder(ROOT))
