"""The task's pages: open, claim, give back, draft, complete."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock, db
from app.kernel.errors import NotFound, Refusal
from app.web.flashes import say
from app.web.forms import submission
from app.web.inbox import page as inbox_page
from app.web.problems import sentence, wants_json
from app.web.session import current_person
from app.web.tasks import completed, opening, page
from app.web.tongue import _
from app.web.words import moment
from app.workflow import assigning, claims, completion, drafts, step_reports
from app.workflow.forms.errors import InvalidAnswers

rooms = Blueprint("tasks", __name__, url_prefix="/tasks")


@rooms.get("/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    return page.show(task_id)


@rooms.post("/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    db.in_transaction(lambda: claims.claim(task_id, by=person))
    undo = url_for("tasks.release", task_id=task_id, view=view)
    if wants_json():
        way_back = {"address": undo, "words": _("Give back")}
        return jsonify(holder=_("you have it"), undo=way_back)
    say(_("This task is yours now."), undo=undo)
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    db.in_transaction(lambda: claims.release(task_id, by=person))
    say(_("Given back to its role."), undo=url_for("tasks.claim", task_id=task_id, view=view))
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/assignment")
def assign(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    username = request.form.get("to", "")
    try:
        name = db.in_transaction(lambda: assigning.assign(task_id, username, by=person).name)
    except NotFound:
        raise
    except Refusal as refusal:
        return page.show(task_id, refusal=sentence(refusal)), refusal.status
    undo = url_for("tasks.take_back", task_id=task_id, view=view)
    say(_("%(name)s has it now and finds it in the inbox.", name=name), undo=undo)
    return redirect(url_for("inbox.index", view=view), code=303)


@rooms.post("/<int:task_id>/assignment/removal")
def take_back(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    db.in_transaction(lambda: assigning.take_back(task_id, by=person))
    say(_("Taken back; your colleague is not told."))
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/reports")
def report(task_id: int) -> ResponseReturnValue:
    person, text = current_person(), request.form.get("wrong", "")
    try:
        db.in_transaction(lambda: step_reports.report(task_id, text, by=person).id)
    except NotFound:
        raise
    except Refusal as refusal:
        return page.show(task_id, refusal=sentence(refusal)), refusal.status
    say(_("Reported. Whoever looks after the process answers you in the inbox."), kind="good")
    view = inbox_page.chosen_view()
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/draft")
def keep_draft(task_id: int) -> ResponseReturnValue:
    keep(task_id, submission.answers(request))
    words = _("Draft kept %(time)s", time=moment(clock.now()))
    if wants_json():
        return jsonify(sentence=words)
    say(words)
    return redirect(url_for("tasks.show", task_id=task_id), code=303)


@rooms.post("/<int:task_id>/draft/removal")
def drop_draft(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    db.in_transaction(lambda: drafts.put_aside(task_id, by=person))
    undo = url_for("tasks.restore_draft", task_id=task_id, view=view)
    say(_("Your draft is put aside; the form is as it was."), undo=undo)
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/draft/return")
def restore_draft(task_id: int) -> ResponseReturnValue:
    person, view = current_person(), inbox_page.chosen_view()
    db.in_transaction(lambda: drafts.restore(task_id, by=person))
    say(_("Your draft is filled in again."))
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/<int:task_id>/completion")
def complete(task_id: int) -> ResponseReturnValue:
    person, since = current_person(), clock.now()
    answers = submission.kept_answers(request, by=person.id)
    try:
        done = db.in_transaction(lambda: completion.complete_task(task_id, answers, by=person))
    except Refusal as refusal:
        return _refused(task_id, answers, refusal)
    return completed.go_on(done, view=inbox_page.chosen_view(), since=since)


def keep(task_id: int, answers: dict[str, object]) -> None:
    """Keep what was typed, whatever became of the task."""
    person = current_person()

    def step() -> None:
        opening.check_may_keep_draft(task_id, person)
        drafts.save(task_id, answers, by=person)

    db.in_transaction(step)


def _refused(task_id: int, answers: dict[str, object], refusal: Refusal) -> ResponseReturnValue:
    """The task as it was, with the sentence and everything that was typed."""
    try:
        keep(task_id, answers)
    except NotFound:
        raise refusal from None
    if isinstance(refusal, InvalidAnswers):
        return page.show(task_id, answers=answers, errors=refusal.errors), refusal.status
    return page.show(task_id, answers=answers, refusal=sentence(refusal)), refusal.status
