"""A step that can only fail again goes back to who did it, with what they answered."""

from collections.abc import Callable

import pytest

from app.identity.people import Person, set_active
from app.kernel.db import in_transaction
from app.workflow import (
    claims,
    drafts,
    ending,
    giving_back,
    halted,
    incidents,
    instances,
    opened,
    unseen,
)
from app.workflow.giving_back import GivenBack, TooLateToGiveBack
from app.workflow.incidents import AlreadyResolved
from app.workflow.rights import NotYourRole, SomeoneElseMust
from tests.builders.office import a_person
from tests.diagrams import attached, bpmn, end, parallel, service, user
from tests.workflow import effects
from tests.workflow.play import Case, deploy

KEEPERS = {"Warehouse keeper": "count check put_away nudge"}
BOOKING = bpmn(
    "booking",
    user("count"),
    attached("remind", "count", after="'PT1H'", interrupting=False),
    user("nudge"),
    end("nudged"),
    service("book", "effects.book", result="receipt", sku="'S'", quantity="int(counted)"),
    user("check", not_by="count"),
    user("put_away"),
    flows="begin -> count -> book -> check -> put_away -> done\nremind -> nudge -> nudged",
    lanes=KEEPERS,
)
TWO_EFFECTS = bpmn(
    "weighing",
    user("count"),
    service("weigh", "effects.weigh", result="weight", item="'box'"),
    service("book", "effects.book", result="receipt", sku="'S'", quantity="int(counted)"),
    flows="begin -> count -> weigh -> book -> done",
    lanes={"Warehouse keeper": "count"},
)
BESIDE = bpmn(
    "beside",
    parallel("fork"),
    parallel("join"),
    user("count"),
    user("check"),
    service("book", "effects.book", result="receipt", sku="'S'", quantity="int(counted)"),
    flows="begin -> fork -> count -> book -> join -> done\nfork -> check -> join",
    lanes={"Warehouse keeper": "count check"},
)
FULL = effects.NotEnough(left=3)


@pytest.fixture
def case(bruno: Person) -> Case:
    return _halted(BOOKING, "booking", bruno)


def test_the_task_is_open_again_for_who_did_it(case: Case, bruno: Person, olga: Person) -> None:
    (incident,) = case.incidents
    assert giving_back.whose(incident) == bruno

    back = _give_back(case, olga)

    assert back == GivenBack(case.task("count"), bruno)
    assert (case.open, case.incidents) == (["count"], [])
    task = opened.task(back.task_id, bruno)
    assert (task.holder_id, drafts.of(back.task_id, bruno)) == (bruno.id, {"counted": "5"})
    assert "counted" not in case.data
    assert case.story[-1] == ("given_back", "count")
    (line,) = unseen.lines(bruno.id)
    assert (line.kind, line.subject_id, line.by_id) == ("given_back", back.task_id, olga.id)


def test_they_answer_anew_and_the_case_goes_on(case: Case, bruno: Person, olga: Person) -> None:
    _give_back(case, olga)
    effects.reset()

    case.complete("count", by=bruno, counted="3")

    assert case.open == ["check"]
    assert effects.calls == ["S:3"]
    assert case.data["receipt"] == {"booked": 3}


def test_a_colleague_who_does_it_instead_is_who_did_it(
    case: Case, bruno: Person, ines: Person, olga: Person
) -> None:
    _give_back(case, olga)
    effects.reset()
    in_transaction(lambda: claims.release(case.task("count"), bruno))
    case.complete("count", by=ines, counted="3")

    with pytest.raises(SomeoneElseMust):
        case.complete("check", by=ines)
    case.complete("check", by=bruno)

    assert case.open == ["put_away"]


def test_its_timer_runs_again(case: Case, olga: Person) -> None:
    assert case.timers == []

    _give_back(case, olga)

    assert len(case.timers) == 1


def test_a_retry_that_failed_again_is_no_obstacle(case: Case, olga: Person) -> None:
    number = case.incidents[0].id
    for _ in range(2):
        assert not in_transaction(lambda: incidents.retry(number, by=olga.id))

    _give_back(case, olga)

    assert case.open == ["count"]


def test_it_can_fail_and_be_given_back_again(case: Case, bruno: Person, olga: Person) -> None:
    for counted in ("7", "8"):
        back = _give_back(case, olga)
        effects.broken["book"] = RuntimeError("no")
        case.complete("count", by=bruno, counted=counted)

    assert _give_back(case, olga).task_id != back.task_id
    assert drafts.of(case.task("count"), bruno) == {"counted": "8"}


def test_why_it_came_back_is_said(case: Case, bruno: Person, olga: Person) -> None:
    number = case.incidents[0].id

    back = _give_back(case, olga)

    incident = giving_back.came_back(opened.task(back.task_id, bruno))
    assert incident is not None
    assert incident.id == number
    effects.reset()
    case.complete("count", by=bruno, counted="3")
    checked = opened.task(case.task("check"), a_person("ivo", "warehouse_keeper"))
    assert giving_back.came_back(checked) is None


def test_of_who_left_it_is_open_to_the_role(case: Case, bruno: Person, olga: Person) -> None:
    in_transaction(lambda: set_active(bruno, False, by=None))

    back = _give_back(case, olga)

    assert back == GivenBack(case.task("count"), None)
    assert opened.task(back.task_id, a_person("ivo", "warehouse_keeper")).holder_id is None


def test_only_who_runs_the_house_gives_back(case: Case, bruno: Person) -> None:
    with pytest.raises(NotYourRole):
        _give_back(case, bruno)


def test_two_who_press_give_back_once(case: Case, olga: Person) -> None:
    number = case.incidents[0].id
    _give_back(case, olga)

    with pytest.raises(AlreadyResolved):
        in_transaction(lambda: giving_back.give_back(number, by=olga))
    assert case.open == ["count"]


def test_what_an_effect_was_done_for_stays_done(bruno: Person, olga: Person) -> None:
    case = _halted(TWO_EFFECTS, "weighing", bruno)

    assert effects.calls.count("box") > 0
    _is_too_late(case, olga)


def _goes_on(case: Case, by: Person) -> None:
    case.complete("check", by=by)


def _is_retried(case: Case, by: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    number = case.incidents[0].id
    in_transaction(lambda: incidents.retry(number, by=None))
    case.complete("check", by=by)


@pytest.mark.parametrize("move", [_goes_on, _is_retried])
def test_once_the_case_moved_it_is_too_late(
    bruno: Person, olga: Person, move: Callable[[Case, Person], None]
) -> None:
    case = _halted(BESIDE, "beside", bruno)
    assert giving_back.whose(case.incidents[0]) == bruno

    move(case, bruno)

    _is_too_late(case, olga)


def test_nothing_of_it_is_kept_longer_than_it_can_be_undone(case: Case, olga: Person) -> None:
    effects.reset()
    number = case.incidents[0].id
    assert halted.of(case.id) is not None

    in_transaction(lambda: incidents.retry(number, by=olga.id))

    assert halted.of(case.id) is None


def test_a_cancelled_case_gives_nothing_back(case: Case, olga: Person) -> None:
    in_transaction(lambda: ending.cancel(case.id, "A mistake.", olga.id))

    assert halted.of(case.id) is None
    assert instances.get(case.id).status == "cancelled"


def test_a_broken_step_in_which_nobody_answered_has_nobody_to_go_to(bruno: Person) -> None:
    effects.broken["book"] = RuntimeError("no")
    alone = bpmn(
        "alone",
        service("book", "effects.book", result="receipt", sku="'S'", quantity="1"),
        flows="begin -> book -> done",
    )
    deploy(alone, "alone")
    case = Case.start("alone")

    assert giving_back.whose(case.incidents[0]) is None


def _halted(diagram: bytes, key: str, by: Person) -> Case:
    deploy(diagram, key, {"count": "counted"})
    case = Case.start(key)
    effects.broken["book"] = RuntimeError("the printer is on fire")
    case.complete("count", by=by, counted="5")
    return case


def _give_back(case: Case, by: Person) -> GivenBack:
    number = case.incidents[0].id
    return in_transaction(lambda: giving_back.give_back(number, by=by))


def _is_too_late(case: Case, by: Person) -> None:
    assert giving_back.whose(case.incidents[0]) is None
    before = case.story
    with pytest.raises(TooLateToGiveBack):
        _give_back(case, by)
    assert case.story == before
