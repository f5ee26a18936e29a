"""`houtai check`: whether files can run here."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from app.workflow.checks.checker import check_all
from app.workflow.checks.judging import OK


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list instead of lines.")
def command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Say whether BPMN and DMN FILES can run here, element by element.

    Each file is ok, not_executable or refused. What a file calls is looked for beside it.
    Exits with 0 only if all files are ok.
    """
    answers = _named(files)
    told = _print_json(answers) if as_json else _print_lines(answers)
    if not all(verdict == OK for verdict in told):
        raise SystemExit(1)


def _named(files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path, answer in zip(files, check_all(files), strict=True):
        yield {"file": os.fsencode(path).decode("utf-8", "replace"), **answer}


def _print_json(answers: Iterator[dict[str, Any]]) -> list[str]:
    listed = list(answers)
    click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    return [answer["verdict"] for answer in listed]


def _print_lines(answers: Iterator[dict[str, Any]]) -> list[str]:
    verdicts = []
    for answer in answers:
        click.echo(f"{answer['file']}: {answer['verdict']}")
        for finding in answer["findings"]:
            where = f"{finding['element']}: " if finding["element"] else ""
            click.echo(f"  {where}{finding['message']} {finding['hint']}".rstrip())
        verdicts.append(answer["verdict"])
    return verdicts
