"""Writes the corpus: `python -m tests.states` adds what is missing and changes nothing stored."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.config import ROOT
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.library import KNOWN
from app.workflow.spiff.state import VERSION
from tests.diagrams import (
    Node,
    attached,
    bpmn,
    call,
    catch,
    each,
    exclusive,
    first_event,
    inclusive,
    parallel,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.states.corpus import FOLDER, Stored


def main() -> None:
    """Store each case that is not stored for this version yet."""
    for case in cases():
        case.name = f"{VERSION.decode()}_{case.name}"
        if not (FOLDER / f"{case.name}.json").exists():
            _complete(case)
            case.write()


def cases() -> Iterator[Stored]:
    """One of each way a token can stand."""
    yield from _values()
    yield from _forks()
    yield from _repeats()
    yield from _waiting()
    yield from _calls()
    yield from _shipped()


def _values() -> Iterator[Stored]:
    yield _case(
        "values",
        script(
            "make",
            "amount = Decimal('1.50')\nday = date(2026, 6, 1)\nat = datetime(2026, 6, 1, 8, 30)\n"
            "span = timedelta(hours=2)\nrows = [{'sku': 'A', 'n': 1}, {'sku': '布', 'n': None}]",
        ),
        user("look"),
        script(
            "use", "total = amount * 2\nlater = day + span * 12\nnames = [r['sku'] for r in rows]"
        ),
        flows="begin -> make -> look -> use -> done",
        then=[["complete", "look", {"note": "ok"}]],
    )


def _forks() -> Iterator[Stored]:
    fork = (parallel("fork"), parallel("join"), user("count"), user("weigh"), user("sum_up"))
    yield _case(
        "parallel",
        *fork,
        flows="begin -> fork -> count -> join -> sum_up -> done\nfork -> weigh -> join",
        before=[["complete", "count", {"counted": "3"}]],
        then=[["complete", "weigh", {"weighed": "4"}], ["complete", "sum_up"]],
    )
    yield _case(
        "inclusive",
        inclusive("fork"),
        inclusive("join"),
        user("count"),
        user("weigh"),
        user("skip"),
        flows="begin -> fork\nfork -> count ? n > 0\nfork -> weigh ? n > 1\nfork -> skip ? else\n"
        "count -> join\nweigh -> join\nskip -> join\njoin -> done",
        begin={"n": 2},
        before=[["complete", "weigh", {"w": 1}]],
        then=[["complete", "count", {"c": 2}]],
    )
    yield _case(
        "loop",
        user("look"),
        exclusive("again"),
        flows="begin -> look -> again\nagain -> look ? more\nagain -> done ? else",
        before=[["complete", "look", {"more": True}], ["complete", "look", {"more": True}]],
        then=[["complete", "look", {"more": True}], ["complete", "look", {"more": False}]],
    )


def _repeats() -> Iterator[Stored]:
    lines = {"lines": [{"sku": "A"}, {"sku": "B"}, {"sku": "C"}]}
    for name, in_turn in (("all_at_once", False), ("one_after_another", True)):
        counted = each(
            user("count"),
            "lines",
            item="line",
            output="counts",
            output_item="n",
            sequential=in_turn,
        )
        yield _case(
            name,
            counted,
            flows="begin -> count -> done",
            begin=lines,
            before=[["complete", "count", {"n": 1}]],
            then=[["complete", "count", {"n": 2}], ["complete", "count", {"n": 3}]],
        )
    inner = sub(
        "each_line", start("inside"), user("count"), user("check"), flows="inside -> count -> check"
    )
    yield _case(
        "subprocess_per_item",
        each(inner, "lines", item="line"),
        flows="begin -> each_line -> done",
        begin=lines,
        before=[["complete", "count", {"a": 1}], ["complete", "check"], ["complete", "count"]],
        then=[["complete", "check"], ["complete", "count"], ["complete", "check"]],
    )


def _waiting() -> Iterator[Stored]:
    yield _case(
        "boundary_timer",
        sub("inner", start("inside"), user("count"), flows="inside -> count"),
        attached("late", "inner", after="'PT1H'", interrupting=False),
        user("remind"),
        flows="begin -> inner -> done\nlate -> remind",
        before=[["fire", "late"]],
        then=[["complete", "count", {"n": "1"}], ["complete", "remind"]],
    )
    yield _case(
        "first_event",
        first_event("whatever"),
        timer("wait", after="'PT1H'"),
        catch("heard", "news", into="news", correlation="no"),
        user("read"),
        flows="begin -> whatever -> wait -> done\nwhatever -> heard -> read -> done",
        begin={"no": "PO-1"},
        then=[["deliver", "news", ["PO-1", {"on": "Friday"}]], ["complete", "read"]],
    )
    yield _case(
        "refused_effect",
        service("book", "s.book", result="booked", sku="sku"),
        attached("failed", "book", error="broken"),
        user("mend"),
        flows="begin -> book -> done\nfailed -> mend -> done",
        begin={"sku": "A"},
        refusing=["s.book"],
        then=[["complete", "mend", {"mended": True}]],
    )


def _calls() -> Iterator[Stored]:
    called = bpmn("called", user("count"), user("check"), flows="begin -> count -> check -> done")
    case = _case(
        "call",
        call("other", "called"),
        user("read"),
        flows="begin -> other -> read -> done",
        before=[["complete", "count", {"n": 1}]],
        then=[["complete", "check", {"ok": True}], ["complete", "read"]],
    )
    case.files["called.bpmn"] = called.decode()
    yield case


def _shipped() -> Iterator[Stored]:
    first = {"first": {"quantity": "3"}}
    second = {**first, "second": {"quantity": "2"}}
    decided = {**second, "decided": {"quantity": "3"}}
    yield Stored(
        name="mini_count",
        key="mini_count",
        files=_files("stock/mini_count.bpmn"),
        begin={"release_no": "R-1", "rest": {"left": "4", "full_bins": []}},
        before=[["complete", "count_first", {"counts": first}]],
        then=[
            ["complete", "count_second", {"counts": second}],
            ["complete", "decide_count", {"counts": decided}],
        ],
        effects={"mini_count.adjust_stock": {"left": "3", "full_bins": [], "difference": "-1"}},
    )
    yield Stored(
        name="supplier_change",
        key="supplier_change",
        files=_files("supply/supplier_change.bpmn"),
        at="change_proposed",
        begin={"proposal_no": "SC-1", "about": "bank_details", "supplier_name": "Borea"},
        before=[],
        then=[["complete", "approve_account", {"decision": "approve", "reason": "called back"}]],
        effects={"supplier_change.apply_change": "applied", "supplier_change.warn_supplier": ""},
    )


def _case(name: str, *nodes: Node, flows: str, **more: object) -> Stored:
    files = {"d.bpmn": bpmn("d", *nodes, flows=flows).decode()}
    facts: dict[str, Any] = {"begin": {}, "before": [], "then": [], **more}
    return Stored(name=name, key="d", files=files, **facts)


def _files(name: str) -> dict[str, str]:
    path = ROOT / "processes" / name
    return {Path(name).name: path.read_text("utf-8")}


def _complete(case: Stored) -> None:
    """What this release makes of the case, and how it ends."""
    execution = Execution.start(case.process, at=case.at, data=case.begin, host=case)
    execution.advance()
    state = case.played(execution.save(), case.before)
    end = case.end_of(case.played(state, case.then))
    if not end.is_finished:
        raise SystemExit(f"{case.name} does not end")
    case.library, case.state = f"SpiffWorkflow {KNOWN}", base64.b64encode(state).decode()
    case.ends_with = repr(sorted(end.data.items()))


if __name__ == "__main__":
    main()
