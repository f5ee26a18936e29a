"""Tasks: what the person of the key could do in the inbox."""

from typing import Any

from flask import Response, json
from sqlalchemy import and_, false, or_, select

from app.identity.people import Person
from app.kernel.errors import N_
from app.web import rooms as house
from app.web.api import etags, form_shapes, once, paging
from app.web.api import task_shapes as shapes
from app.web.api.room import Room
from app.web.inbox import cards
from app.web.language import locale_code
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tasks import opening
from app.web.tongue import _
from app.workflow import assigning, cases, claims, completion, drafts, inbox, opened, rows
from app.workflow.blueprints import form_name
from app.workflow.completion import Completion
from app.workflow.opened import OpenTask
from app.workflow.reach import reach, within
from app.workflow.records import CaseNumber, Task
from app.workflow.spiff.sandbox import contract

room = Room("tasks", N_("What people have to do, as the inbox of the key's person shows it."))


@room.get("", answer=shapes.TaskPage, query=shapes.TasksAsked)
def list_tasks(asked: dict[str, Any]) -> dict[str, Any]:
    """List open tasks."""
    person = current_person()
    if "number" in asked or "step" in asked:
        return _about(asked, person)
    found = inbox.page(
        person,
        view=asked["view"],
        after=asked.get("after"),
        limit=asked["limit"],
        today_ends=cards.today_ends(),
    )
    return paging.page([_line(row, person) for row in found.rows], found.after)


@room.get("/<int:task_id>", answer=shapes.Task)
def show_task(task_id: int) -> dict[str, Any]:
    """Show one open task with its form."""
    person = current_person()
    task = opened.task(task_id, person)
    return {
        **_common(task),
        "step": task.element.id,
        "title": task.title(locale_code()),
        "is_mine": task.holder_id == person.id,
        "case_id": None if house.is_outsider() else task.instance_id,
        "summary": task.summary(locale_code()) or task.element.documentation,
        "is_blind": task.is_blind,
        "facts": None if task.is_blind else contract.plain(task.facts),
        "form": _form(task),
        "draft": task.draft,
        "barred": _barred(task),
    }


@room.post("/<int:task_id>/claim", answer=shapes.Task)
def claim_task(task_id: int) -> dict[str, Any]:
    """Let the person of the key hold the task."""
    _check_unchanged(task_id)
    claims.claim(task_id, by=current_person())
    return show_task(task_id)


@room.post("/<int:task_id>/release", answer=shapes.Task)
def release_task(task_id: int) -> dict[str, Any]:
    """Give the task back to its role."""
    _check_unchanged(task_id)
    claims.release(task_id, by=current_person())
    return show_task(task_id)


@room.post("/<int:task_id>/assignment", answer=shapes.Task, body=shapes.Assignee)
def assign_task(asked: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Hand the task to a colleague, as who holds it or as a manager of its role."""
    _check_unchanged(task_id)
    assigning.assign(task_id, asked["username"], by=current_person())
    return show_task(task_id)


@room.put("/<int:task_id>/draft", answer=shapes.Draft, body=shapes.Answers)
def keep_draft(asked: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Keep answers for later; the person finds them in the inbox."""
    _check_unchanged(task_id)
    _keep(task_id, asked["answers"], current_person())
    return asked


@room.delete("/<int:task_id>/draft")
def drop_draft(task_id: int) -> Response:
    """Throw the draft away."""
    person = current_person()
    opening.check_may_keep_draft(task_id, person)
    _check_unchanged(task_id)
    drafts.forget(task_id, person.id)
    return Response(status=204)


@room.post("/<int:task_id>/completion", answer=shapes.Completion, body=shapes.Answers)
def complete_task(asked: dict[str, Any], task_id: int) -> dict[str, Any]:
    """Answer the task; its case goes on. When it is refused, the answers stay as a draft."""
    person, answers = current_person(), asked["answers"]
    once.keep_anyway(lambda: _keep(task_id, answers, person))
    _check_unchanged(task_id)
    return _done(completion.complete_task(task_id, answers, by=person))


def _about(asked: dict[str, Any], person: Person) -> dict[str, Any]:
    """Tasks within reach by number and step, oldest first."""
    mine = [and_(*within(role, scope)) for role, scope in reach(person)]
    query = rows.columns().where(or_(false(), *mine)).order_by(Task.id)
    if "number" in asked:
        same = select(CaseNumber.instance_id).where(CaseNumber.number == asked["number"].upper())
        query = query.where(Task.instance_id.in_(same))
    if "step" in asked:
        query = query.where(Task.element_id == asked["step"])
    if "after" in asked:
        query = query.where(Task.id > int(asked["after"].partition(".")[2]))
    found, last = paging.cut(rows.rows_of(query.limit(asked["limit"] + 1), person), asked["limit"])
    return paging.page([_line(row, person) for row in found], f"0.{last.id}" if last else None)


def _line(row: rows.Row, person: Person) -> dict[str, Any]:
    return {
        **_common(row),
        "step": row.element_id,
        "title": row.title(locale_code()),
        "is_mine": row.holder_id == person.id,
    }


def _common(found: rows.Row | OpenTask) -> dict[str, Any]:
    return {
        "id": found.id,
        "role": found.role,
        "scope": found.scope,
        "number": found.business_key,
        "subject": found.subject,
        "due_at": found.due_at,
        "opened_at": found.opened_at,
        "holder": found.holder,
    }


def _form(task: OpenTask) -> dict[str, Any] | None:
    if task.form is None:
        return None
    view = task.form.view(
        task.data, task.draft, locale=locale_code(), occasion=task.occasion, say=_
    )
    return form_shapes.form(view, json.loads(task.blueprint.files[form_name(task.element)]))


def _barred(task: OpenTask) -> dict[str, str] | None:
    refusal = task.refusal
    return {"code": refusal.code, "sentence": sentence(refusal)} if refusal else None


def _done(found: Completion) -> dict[str, Any]:
    outside = house.is_outsider()
    return {
        "task_id": found.task_id,
        "title": found.titles.get(locale_code()) or found.titles["en"],
        "case_id": None if outside else found.instance_id,
        "number": found.business_key,
        "next": [] if outside else [_next(one) for one in found.next],
        "incidents": found.incidents,
        "is_finished": found.is_finished,
    }


def _next(found: completion.Next) -> dict[str, str]:
    title = found.titles.get(locale_code()) or found.titles["en"]
    return {"title": title, "role": found.role, "scope": found.scope}


def _keep(task_id: int, answers: dict[str, Any], person: Person) -> None:
    opening.check_may_keep_draft(task_id, person)
    drafts.save(task_id, answers, by=person)


def _check_unchanged(task_id: int) -> None:
    """Lock the case first, so that what is compared stays so until the step ends."""
    cases.lock_of_task(task_id)
    etags.check(shapes.Task, lambda: show_task(task_id))
