"""Every supported element, played through the inbox."""

from app.config import ROOT
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import definitions
from tests.diagrams import (
    attached,
    bpmn,
    call,
    catch,
    each,
    end,
    exclusive,
    first_event,
    inclusive,
    manual,
    parallel,
    rule,
    script,
    service,
    sub,
    timer,
    user,
)
from tests.workflow import effects
from tests.workflow.play import Case, deploy, form, tell

KEEPER = "Warehouse keeper"


def test_user_manual_script_and_service_tasks(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        user("count"),
        script("double", "twice = int(counted) * 2"),
        service("book", "effects.book", result="receipt", sku="'S'", quantity="twice"),
        manual("carry"),
        flows="begin -> count -> double -> book -> carry -> done",
        lanes={KEEPER: "count carry"},
    )
    deploy(diagram, "d", {"count": "counted"})
    case = Case.start("d")

    case.complete("count", by=bruno, counted="4")
    case.complete("carry", by=bruno)

    assert case.status == "finished"
    assert case.data["receipt"] == {"booked": 8}


def test_a_decision_table_decides(bruno: Person) -> None:
    decision = (ROOT / "tests/workflow/size.dmn").read_bytes()
    diagram = bpmn(
        "d",
        user("count"),
        rule("judge", "size"),
        exclusive("how"),
        user("carry"),
        user("lift"),
        flows="""
            begin -> count -> judge -> how
            how -> lift ? size == 'large'
            how -> carry ? else
            carry -> done
            lift -> done
        """,
        lanes={KEEPER: "count carry lift"},
    )
    deploy(diagram, "d", {"count": "kilograms"}, size__dmn=decision)
    small, large = Case.start("d"), Case.start("d")

    small.complete("count", by=bruno, kilograms="3")
    large.complete("count", by=bruno, kilograms="30")

    assert (small.open, large.open) == (["carry"], ["lift"])


def test_parallel_branches_wait_for_each_other(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        parallel("split"),
        user("a"),
        user("b"),
        parallel("join"),
        user("after"),
        flows="begin -> split -> a -> join -> after -> done\nsplit -> b -> join",
        lanes={KEEPER: "a b after"},
    )
    deploy(diagram, "d", {"a": "x", "b": "y"})
    case = Case.start("d")

    case.complete("b", by=bruno, y="2")
    assert case.open == ["a"]
    case.complete("a", by=bruno, x="1")

    assert case.open == ["after"]
    assert case.data == {"x": "1", "y": "2"}


def test_an_inclusive_gateway_takes_every_way_that_holds(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        inclusive("split"),
        user("a"),
        user("b"),
        user("c"),
        inclusive("join"),
        flows="""
            begin -> split
            split -> a ? n > 0
            split -> b ? n > 1
            split -> c ? else
            a -> join -> done
            b -> join
            c -> join
        """,
        lanes={KEEPER: "a b c"},
    )
    deploy(diagram, "d")
    case = Case.start("d", {"n": 2})
    assert case.open == ["a", "b"]

    case.complete("a", by=bruno)
    assert case.status == "open"
    case.complete("b", by=bruno)

    assert case.status == "finished"


def test_the_first_event_wins_and_the_others_are_forgotten(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        first_event("race"),
        timer("late", after="'PT3H'"),
        catch("told", "go", correlation="no"),
        user("by_timer"),
        user("by_message"),
        flows="begin -> race -> late -> by_timer -> done\nrace -> told -> by_message -> done",
        lanes={KEEPER: "by_timer by_message"},
    )
    deploy(diagram, "d")
    one, two = Case.start("d", {"no": "1"}), Case.start("d", {"no": "2"})

    tell("go", "1")
    two.pass_time()

    assert (one.open, one.timers, one.waits) == (["by_message"], [], [])
    assert (two.open, two.timers, two.waits) == (["by_timer"], [], [])


def test_an_error_boundary_catches_what_its_subprocess_refuses(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        sub(
            "stock",
            user("count"),
            service("book", "effects.book", sku="'S'", quantity="1"),
            flows="begin_inside -> count -> book -> done_inside",
        ),
        attached("short", "stock", error="not_enough"),
        user("explain"),
        flows="begin -> stock -> done\nshort -> explain -> done",
        lanes={KEEPER: "stock explain"},
    )
    diagram = diagram.replace(
        b'<bpmn:subProcess id="stock">',
        b'<bpmn:subProcess id="stock"><bpmn:startEvent id="begin_inside" />'
        b'<bpmn:endEvent id="done_inside" />',
    )
    deploy(diagram, "d")
    effects.broken["book"] = effects.NotEnough(left=0)
    case = Case.start("d")

    case.complete("count", by=bruno)

    assert case.open == ["explain"]


def test_a_called_process_is_done_in_its_own_lanes(bruno: Person, chloe: Person) -> None:
    inner = bpmn(
        "inner",
        user("approve"),
        service("book", "effects.book", sku="'S'", quantity="1"),
        flows="begin -> approve -> book -> done",
        lanes={"Buyer": "approve"},
    )
    outer = bpmn(
        "outer",
        user("count"),
        call("approving", "inner"),
        user("put_away"),
        flows="begin -> count -> approving -> put_away -> done",
        lanes={KEEPER: "count put_away"},
    )
    files = {"outer.bpmn": outer, "inner.bpmn": inner, "forms/inner/approve.json": form("why")}
    in_transaction(lambda: definitions.deploy("outer", files, by=None))
    case = Case.start("outer")

    case.complete("count", by=bruno)
    case.complete("approve", by=chloe, why="good")

    assert case.open == ["put_away"]
    assert case.data["why"] == "good"
    assert ("passed", "book") in case.story


def test_one_task_per_item_at_once_or_one_after_another(bruno: Person) -> None:
    for sequential in (False, True):
        diagram = bpmn(
            "d",
            each(
                user("weigh"),
                "items",
                item="item",
                output="weights",
                output_item="weight",
                sequential=sequential,
            ),
            flows="begin -> weigh -> done",
            lanes={KEEPER: "weigh"},
        )
        deploy(diagram, "d", {"weigh": "weight"})
        case = Case.start("d", {"items": ["a", "b", "c"]})
        assert len(case.open) == (1 if sequential else 3)

        for number in range(3):
            case.complete("weigh", by=bruno, weight=str(number))

        assert case.status == "finished"
        assert case.data["weights"] == ["0", "1", "2"]


def test_an_end_that_sends_a_message(bruno: Person) -> None:
    sending = bpmn(
        "sending",
        user("count"),
        end("told", message="counted", correlation="no"),
        flows="begin -> count -> told",
        lanes={KEEPER: "count"},
    )
    waiting = bpmn(
        "waiting",
        catch("heard", "counted", correlation="no"),
        user("go_on"),
        flows="begin -> heard -> go_on -> done",
        lanes={KEEPER: "go_on"},
    )
    deploy(sending, "sending")
    deploy(waiting, "waiting")
    one, two = Case.start("sending", {"no": "1"}), Case.start("waiting", {"no": "1"})

    one.complete("count", by=bruno)

    assert (one.status, two.open) == ("finished", ["go_on"])


def test_a_loop_is_a_new_visit_each_time(bruno: Person) -> None:
    diagram = bpmn(
        "d",
        exclusive("again"),
        user("count"),
        service("book", "effects.book", result="receipt", sku="'S'", quantity="int(counted)"),
        exclusive("enough"),
        flows="""
            begin -> again -> count -> book -> enough
            enough -> again ? int(counted) < 3
            enough -> done ? else
        """,
        lanes={KEEPER: "count"},
    )
    deploy(diagram, "d", {"count": "counted"})
    case = Case.start("d")

    for counted in ("1", "2", "3"):
        case.complete("count", by=bruno, counted=counted)

    assert effects.calls == ["S:1", "S:2", "S:3"]
    assert case.status == "finished"
