"""A step that is wrong: who may say so, who answers, who is told."""

import pytest

from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound
from app.workflow import step_reports, unseen
from app.workflow.rights import NotYourRole
from app.workflow.step_reports import AnsweredAlready, SayWhatIsWrong
from tests.builders.office import a_person
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy

COUNTING = bpmn(
    "counting",
    user("count"),
    flows="begin -> count -> done",
    lanes={"Warehouse keeper": "begin count"},
)


@pytest.fixture
def task(app: object) -> int:
    deploy(COUNTING, "counting")
    return Case.start("counting", {"scope": "site:DAYUAN"}).task("count")


@pytest.fixture
def hsu(app: object) -> Person:
    """Looks after the processes."""
    return a_person("hsu", "analyst")


def test_a_report_waits_in_the_backlog_of_its_process_until_it_is_answered(
    task: int, bruno: Person, hsu: Person
) -> None:
    report = _report(task, "  Scales are\nin the other hall. ", by=bruno)

    counts = step_reports.open_counts()
    in_transaction(lambda: step_reports.answer(report, "They move on Monday.", by=hsu))

    assert counts == {"counting": 1}
    assert step_reports.open_counts() == {}
    assert _listed(is_open=False) == [
        ("count", "Scales are in the other hall.", "They move on Monday.")
    ]
    assert [(one.kind, one.subject_id, one.by_id) for one in unseen.lines(bruno.id)] == [
        ("answered", report, hsu.id)
    ]


def test_of_what_one_may_not_see_one_reports_nothing(task: int, dov: Person) -> None:
    with pytest.raises(NotFound):
        _report(task, "No.", by=dov)

    assert _listed(is_open=True) == []


def test_people_of_other_companies_report_nothing(task: int, bruno: Person) -> None:
    in_transaction(lambda: setattr(db.session.merge(bruno), "party", "supplier:BOREA"))

    with pytest.raises(NotFound):
        _report(task, "No.", by=db.session.merge(bruno))


@pytest.mark.parametrize("text", ["", " \n", "\0", "a" * 1_001])
def test_a_report_is_a_sentence(task: int, bruno: Person, text: str) -> None:
    with pytest.raises(SayWhatIsWrong):
        _report(task, text, by=bruno)


def test_only_analysts_answer_and_only_once(
    task: int, bruno: Person, ines: Person, hsu: Person
) -> None:
    report = _report(task, "The scales are gone.", by=bruno)

    with pytest.raises(NotFound):
        in_transaction(lambda: step_reports.answer(report, "Yes.", by=ines))
    with pytest.raises(NotYourRole):
        in_transaction(lambda: step_reports.answer(report, "Yes.", by=bruno))
    in_transaction(lambda: step_reports.answer(report, "Yes.", by=hsu))
    with pytest.raises(AnsweredAlready, match="Hsu answered this"):
        in_transaction(lambda: step_reports.answer(report, "No.", by=hsu))


def _report(task: int, text: str, *, by: Person) -> int:
    return in_transaction(lambda: step_reports.report(task, text, by=by).id)


def _listed(*, is_open: bool) -> list[tuple[str, str, str | None]]:
    db.session.rollback()
    found = step_reports.listed(process_key="counting", is_open=is_open, most=10)
    return [(one.element_id, one.text, one.answer) for one in found]
