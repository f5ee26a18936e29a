"""`houtai proof`: every invariant of stock and cases, checked now."""

import click

from app.cli.application import application
from app.domain import proof, proof_runs


@click.command("proof")
@click.option("--quick", is_flag=True, help="Only what came since the last run that held.")
def command(*, quick: bool) -> None:
    """Check every invariant; exit with 1 when one does not hold."""
    with application():
        results = proof_runs.quick() if quick else proof.run()
    for each in results:
        verdict = f"BROKEN in {len(each.rows)} rows" if each.rows else "holds"
        click.echo(f"{each.code:<4} {verdict:<20} {each.seconds * 1000:6.1f} ms  {each.meaning}")
        for row in each.rows[:20]:
            click.echo(f"       {row}")
    raise SystemExit(1 if any(each.rows for each in results) else 0)
