"""The photographs and papers that came with the answers of a case, and who may see them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.kernel import attachments
from app.kernel.attachments import SHOWN, Attachment
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.cases import blind, drawn, listing, visible
from app.web.rooms import is_outsider
from app.web.session import my_memberships
from app.web.words import name_of
from app.workflow import answering, comments, definitions, rights
from app.workflow.blueprints import Blueprint
from app.workflow.forms.components import everywhere
from app.workflow.records import HistoryRow, ProcessInstance, Task
from app.workflow.steps import COMPLETED, STARTED


@dataclass(frozen=True)
class Photograph:
    """One file of an answer; what a browser cannot show is a link only."""

    id: int
    name: str
    address: str
    is_picture: bool
    step: str
    person: str
    at: datetime


@dataclass(frozen=True)
class Album:
    """The fields of a process that ask for files, and the files of one case."""

    fields: frozenset[str] = frozenset()
    files: Mapping[int, Photograph] = field(default_factory=dict)

    def at(self, name: str, value: object) -> list[Photograph]:
        """The files an answer names."""
        if name not in self.fields or not isinstance(value, list):
            return []
        return [self.files[one] for one in value if one in self.files]


@dataclass(frozen=True)
class _Mention:
    """Where an answer names a file."""

    file_id: int
    case_id: int
    step: str
    person_id: int | None
    at: datetime


def of(case: ProcessInstance) -> list[Photograph]:
    """Every file of the case's answers, in the order they were given."""
    return _shown(_mentions(case))


def for_task(case: ProcessInstance) -> list[Photograph]:
    """Those of the case, and of the reader's other cases about the same number."""
    others = listing.about(case.business_key) if case.business_key else []
    beside = [one for one in others if one.id != case.id and not blind.hides(one)]
    return _shown([mention for one in (case, *beside) for mention in _mentions(one)])


def album(case: ProcessInstance) -> Album:
    """The files of the case as its history names them."""
    names = _file_fields(definitions.blueprint(case.definition_id))
    return Album(names, {one.id: one for one in of(case)})


def file(case_id: int, file_id: int) -> Attachment:
    """One file of a case.

    Raises:
        NotFound: the case has none such, or it is not this person's to see.
    """
    case = db.session.get(ProcessInstance, case_id)
    if case is None or not _is_open_to_me(case):
        raise NotFound
    came_with_answers = any(one.file_id == file_id for one in _mentions(case))
    if not came_with_answers and not _came_with_a_comment(case, file_id):
        raise NotFound
    return attachments.get(file_id)


def _came_with_a_comment(case: ProcessInstance, file_id: int) -> bool:
    return not is_outsider() and _may_read(case) and comments.has_file(case.id, file_id)


def _is_open_to_me(case: ProcessInstance) -> bool:
    """Who may see the case and need not count it blindly, or has a task of it to do now."""
    return _does_a_task_of(case) or _may_read(case)


def _may_read(case: ProcessInstance) -> bool:
    try:
        return not blind.hides(visible.case(case.id))
    except NotFound:
        return False


def _does_a_task_of(case: ProcessInstance) -> bool:
    blueprint, held = definitions.blueprint(case.definition_id), my_memberships()
    mine = [
        task
        for task in db.session.scalars(select(Task).filter_by(instance_id=case.id))
        if rights.holds(held, task.role, task.scope)
    ]
    steps = [drawn.element(blueprint, task.element_id) for task in mine]
    return bool(steps) and not any(step and answering.is_blind(step.properties) for step in steps)


def _mentions(case: ProcessInstance) -> list[_Mention]:
    blueprint = definitions.blueprint(case.definition_id)
    names = _file_fields(blueprint)
    if not names:
        return []
    query = select(HistoryRow).where(
        HistoryRow.instance_id == case.id, HistoryRow.kind.in_((COMPLETED, STARTED))
    )
    rows = db.session.scalars(query.order_by(HistoryRow.edition, HistoryRow.n))
    return [mention for row in rows for mention in _of_row(row, blueprint, names)]


def _of_row(row: HistoryRow, blueprint: Blueprint, names: Collection[str]) -> Iterator[_Mention]:
    step, detail = drawn.element(blueprint, row.element_id), row.detail or {}
    form = blueprint.form(step) if step else None
    if step is None or form is None or not form.takes_files:
        return
    for file_id in _ids(detail.get("answers") or detail.get("data"), names):
        yield _Mention(file_id, row.instance_id, drawn.title(step), row.person_id, row.at)


def _file_fields(blueprint: Blueprint) -> frozenset[str]:
    """The last names of every field of the process that asks for files."""
    forms = (blueprint.form(one) for one in blueprint.elements.values())
    parts = (part for form in forms if form for part in everywhere(form.components))
    return frozenset(part.path.rpartition(".")[2] for part in parts if part.kind == "filepicker")


def _ids(answers: Any, names: Collection[str]) -> Iterator[int]:
    if isinstance(answers, list):
        for one in answers:
            yield from _ids(one, names)
    elif isinstance(answers, Mapping):
        for name, value in answers.items():
            if name in names and isinstance(value, list):
                yield from (one for one in value if isinstance(one, int))
            else:
                yield from _ids(value, names)


def _shown(mentions: list[_Mention]) -> list[Photograph]:
    first = {one.file_id: one for one in reversed(mentions)}
    kept = attachments.named(frozenset(first))
    return [_photograph(one, kept[one.file_id]) for one in reversed(first.values())]


def _photograph(mention: _Mention, kept: Attachment) -> Photograph:
    return Photograph(
        id=kept.id,
        name=kept.name,
        address=url_for("cases.file", case_id=mention.case_id, file_id=kept.id),
        is_picture=kept.media_type in SHOWN,
        step=mention.step,
        person=name_of(mention.person_id),
        at=mention.at,
    )
