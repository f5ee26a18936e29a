"""What processes rely on: how scripts and conditions change data, or do not."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException

from app.kernel import clock
from app.kernel.errors import Refusal
from app.workflow.spiff.sandbox.engine import script_engine
from app.workflow.spiff.sandbox.environment import Environment
from app.workflow.spiff.sandbox.errors import ScriptError
from tests.sandbox.doors import Door, doors

SCRIPT, CONDITION, CELL, TIMER = doors()


def executed(script: str, **data: Any) -> dict[str, Any]:
    Environment().execute(script, data)
    return data


def evaluated(expression: str, **data: Any) -> Any:
    return Environment().evaluate(expression, data)


def failure_of(script: str, **data: Any) -> ScriptError:
    with pytest.raises(ScriptError) as failed:
        executed(script, **data)
    return failed.value


def test_a_script_changes_the_data() -> None:
    assert executed("total = a + 1", a=1) == {"a": 1, "total": 2}


def test_what_is_changed_in_place_comes_back() -> None:
    data = executed("xs.append(3)\norder['lines'][0]['qty'] = 5", xs=[1], order={"lines": [{}]})

    assert data == {"xs": [1, 3], "order": {"lines": [{"qty": 5}]}}


def test_a_failing_script_changes_nothing() -> None:
    data = {"a": 1, "xs": [1]}

    with pytest.raises(ScriptError):
        Environment().execute("a = 2\nxs.append(2)\n1 / 0", data)

    assert data == {"a": 1, "xs": [1]}


def test_a_result_that_cannot_be_kept_changes_nothing() -> None:
    data: dict[str, Any] = {"a": 1}

    with pytest.raises(ScriptError, match="b is not a finite number"):
        Environment().execute("a = 2\nb = float('inf')", data)

    assert data == {"a": 1}


def test_a_condition_cannot_change_the_data() -> None:
    order = {"lines": [1]}

    assert evaluated("order['lines'].append(2) or len(order['lines'])", order=order) == 2
    assert order == {"lines": [1]}


def test_a_plain_condition_gives_a_copy() -> None:
    order = {"lines": [1]}

    evaluated("order['lines']", order=order).append(2)

    assert order == {"lines": [1]}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("order['lines'][0]['qty'] + 1 > 2 and not order.get('paid')", True),
        ("len(order['lines']) == 1", True),
        ("rate('normal') * 2", 10),
        ("[rate('x'), order.get('no', 'none')]", [5, "none"]),
        ("order['no'] if 'no' in order else None", None),
        ("-limit - 1", -4),
    ],
)
def test_plain_expressions_need_no_worker(
    expression: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.workflow.spiff.sandbox.environment.run", None)
    data = {"order": {"lines": [{"qty": 2}], "paid": False}, "limit": 3}

    assert Environment({"rate": lambda _: 5}).evaluate(expression, data) == value


@pytest.mark.parametrize(
    "expression",
    ["big * big * big", "1e308 * 10", "'a' * 3", "helper == 1", "helper()", "helper.get(1)"],
)
def test_what_only_looks_plain_goes_to_a_worker(
    expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        "app.workflow.spiff.sandbox.environment.run", lambda job, **_: asked.append(job)
    )

    Environment({"helper": object()}).evaluate(expression, {"big": 10**250})

    assert len(asked) == 1


def test_deleted_names_are_gone() -> None:
    assert executed("del a, xs[0], d['k']", a=1, xs=[1, 2], d={"k": 1, "l": 2}) == {
        "xs": [2],
        "d": {"l": 2},
    }


def test_a_deleted_name_is_not_known_any_more() -> None:
    assert "`a` is not known" in str(failure_of("del a\nb = a", a=1))


def test_functions_and_modules_do_not_become_data() -> None:
    assert executed("import math\ndef f(x): return math.ceil(x)\ny = f(1.5)") == {"y": 2}


def test_one_run_knows_nothing_of_another() -> None:
    executed("secret = 1\ndef helper(): return 1")

    assert "`secret` is not known" in str(failure_of("x = secret"))
    assert "`helper` is not known" in str(failure_of("x = helper()"))


def test_a_name_can_be_asked_for() -> None:
    assert evaluated("'a' in locals() and 'b' not in globals()", a=1) is True


def test_names_of_builtins_may_be_fields() -> None:
    data = executed("type = str(type)\nlist.append(len(list))", type=7, list=[1])

    assert data == {"type": "7", "list": [1, 1]}


def test_exact_values_stay_exact() -> None:
    data = executed(
        "price = Decimal('19.90') * 3\ndue = day + timedelta(hours=1.5)\nat = [day]",
        day=datetime(2026, 3, 28, 17, tzinfo=UTC),
    )

    assert data["price"] == Decimal("59.70")
    assert str(data["price"]) == "59.70"
    assert data["due"] == datetime(2026, 3, 28, 18, 30, tzinfo=UTC)
    assert data["at"] == [datetime(2026, 3, 28, 17, tzinfo=UTC)]


def test_the_clock_is_the_products_own() -> None:
    with clock.turned_to(datetime(2030, 5, 6, 7, 8, tzinfo=UTC)):
        assert evaluated("date.today()") == date(2030, 5, 6)
        assert evaluated("datetime.now().hour") == 7


def test_searches_stop_at_the_first_answer() -> None:
    data = executed(
        "seen = []\n"
        "def note(x):\n    seen.append(x)\n    return x > 1\n"
        "found = any(note(x) for x in xs)\n"
        "first = next((x for x in xs if note(x)), None)\n"
        "short = [o for o in orders if any(q / o['n'] > 1 for q in o['qs'])]\n",
        xs=[2, 0],
        orders=[{"n": 1, "qs": [2, 0]}],
    )

    assert (data["seen"], data["found"], data["first"]) == ([2, 2], True, 2)
    assert data["short"] == data["orders"]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("b = amout", "line 1: `amout` is not known here; did you mean `amount`?"),
        ("x = 1\n\ny = 1 / 0", "line 3: division by zero"),
        ("x = amount\ny = order.no", "line 2: 'dict' object has no attribute 'no'; read a field"),
        ("for x in [1]:\n  def g(): yield x", "line 2: `yield` is not available in scripts; build"),
        ("import os", "line 1: the module `os` is not available in scripts; there are base64"),
        ("x = (1", "line 1: this is not valid: '(' was never closed"),
        ("x = 1\nwhile True: pass", "it ran too long; look for a loop without an end"),
        ("x = 'a' * 10 ** 9", "line 1: it used too much memory; keep less at once"),
        ("x = {1: 2}", "x holds the field name 1, which is not text; use str()"),
        ("x = {1, 2}", "x is a set, which cannot be kept with the case"),
        ("import re\nm = re.match('a', 'a')", "m is a re.Match, which cannot be kept"),
        ("x = round(1.5)\n# one\ny = [\n  2,\n]\nz = nope", "line 6: `nope` is not known here"),
        ("del order['a']\n\n\nx = order['b']['c']", "line 4:"),
        ("x = list({3, 1})", "line 1: the order of a set is not defined; use `sorted(…)`"),
        ("g = map(order.pop, ['a'])", "line 1: this would be computed at once, not step by step"),
        ("for i, x in enumerate(xs):\n  xs.pop()", "line 1: the loop changes what it goes through"),
        ("import re\nx = re.findall('a*', 'ba')", "line 2: a pattern that also matches nothing"),
    ],
)
def test_an_error_names_line_cause_and_remedy(script: str, sentence: str) -> None:
    error = failure_of(script, amount=1, order={"a": 1, "b": {}}, xs=[1, 2])

    assert sentence in str(error)


def test_functions_are_offered_and_their_refusals_come_through() -> None:
    class NoPolicy(Refusal):
        message = "There is no policy {name}."

    def policy(name: str) -> Decimal:
        if name == "nope":
            raise NoPolicy(name=name)
        return Decimal("0.05")

    offered = Environment({"policy": policy})

    assert offered.evaluate("policy('rate') * 2", {}) == Decimal("0.10")
    with pytest.raises(NoPolicy):
        offered.evaluate("policy('nope')", {})


def test_only_plain_data_reaches_a_function() -> None:
    reached: list[object] = []
    offered = Environment({"notify": reached.append})

    for hostile in (
        "notify({k * (2**61 - 1): 1 for k in range(60000)})",
        "notify(notify)",
        "notify(float('nan'))",
        "notify({'typename': 1})",
    ):
        with pytest.raises((ScriptError, Refusal)):
            offered.evaluate(hostile, {})

    offered.evaluate("notify([date(2026, 1, 2), (1, 'a')])", {})
    assert reached == [[date(2026, 1, 2), [1, "a"]]]


def test_a_field_hides_no_function() -> None:
    offered = Environment({"today": lambda: "2026-01-01"})

    assert offered.evaluate("a + 1", {"a": 1, "today": "x"}) == 2
    with pytest.raises(ScriptError, match="both a function and a field of the case"):
        offered.evaluate("today()", {"today": "x"})


def test_the_engine_tells_spiffworkflow_the_line() -> None:
    visit = SCRIPT.enter("x = 1\ny = amout", {"amount": 2})

    assert isinstance(visit.failure, WorkflowTaskException)
    assert (visit.failure.line_number, visit.failure.error_line) == (2, "y = amout")
    assert isinstance(visit.failure.__cause__, ScriptError)


@pytest.mark.parametrize(
    ("door", "text", "result"),
    [
        (SCRIPT, "limit += 1", {"limit": 4}),
        (CONDITION, "limit > 2", {"limit": 3}),
        (CELL, "> 2", {"limit": 3, "r": 1}),
        (CELL, "? > 2 and ? < 9", {"limit": 3, "r": 1}),
        (CELL, "> 5", {"limit": 3}),
        (TIMER, '"PT" + str(limit) + "H"', {"limit": 3}),
    ],
)
def test_good_texts_pass_every_door(door: Door, text: str, result: dict[str, Any]) -> None:
    visit = door.enter(text, {"limit": 3})

    assert (visit.failure, visit.data) == (None, result)


def test_a_service_is_called_with_plain_values() -> None:
    def service(_: object, name: str, arguments: dict[str, Any]) -> object:
        return {"name": name, **arguments}

    engine = script_engine(service=service)

    result = engine.call_service(
        None,
        operation_name="receiving.book",
        operation_params={"due": {"value": date(2026, 1, 2)}, "q": {"value": Decimal("1.50")}},
    )

    assert result == '{"name": "receiving.book", "due": "2026-01-02", "q": "1.50"}'


@pytest.mark.parametrize("result", [float("nan"), {"typename": "x"}, {1: 2}, "\x00", object()])
def test_a_service_cannot_poison_the_case(result: object) -> None:
    engine = script_engine(service=lambda *_: result)

    with pytest.raises(Refusal):
        engine.call_service(None, operation_name="x.y", operation_params={})


def test_a_long_wait_is_plain_data() -> None:
    assert evaluated("timedelta(days=1) * 2") == timedelta(days=2)
