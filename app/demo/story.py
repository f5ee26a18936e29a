"""What happened at the practice company before the visitor came, and what waits for them."""

from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from app.demo import company, demand
from app.demo.acting import Stage, open_task
from app.identity import people
from app.kernel import attachments, clock
from app.kernel.db import db, in_transaction
from app.workflow import instances
from app.workflow.records import Task

GATE = {"gate": {"vehicle": "KLA-2207", "seal": "S-4471", "cartons": "6", "damage_seen": False}}


def tell() -> None:
    """Play the last days; what is open afterwards is there for the visitor to finish."""
    stage = Stage(clock.now())
    stage.play(stage.at(days_ago=4, clock_time="08:00"), company.found)
    _brackets(stage)
    _air_conditioners(stage)
    _pipe(stage)
    _cartridges(stage)
    _purifiers(stage)
    _water_heaters(stage)
    _tape(stage)
    _plan(stage)


def _brackets(stage: Stage) -> None:
    """Yonggu delivers all of it; three days later it is on the shelf and the case is closed."""
    day: dict[str, Any] = {"days_ago": 3}
    _announce(stage, stage.at(**day, clock_time="08:10"), "YG-7001")
    stage.complete(
        stage.at(**day, clock_time="09:05"), "chang", "check_in_truck", "YG-7001", **GATE
    )
    _count(
        stage,
        stage.at(**day, clock_time="09:40"),
        "YG-7001",
        [{"counted": "120"}, {"counted": "48"}],
    )
    stage.complete(stage.at(**day, clock_time="10:15"), "lin", "read_count", "YG-7001")
    _accept(stage, stage.at(**day, clock_time="11:20"), "YG-7001")
    _shelve(stage, stage.at(**day, clock_time="13:30"), "YG-7001")
    _shelve(stage, stage.at(**day, clock_time="13:50"), "YG-7001")


def _air_conditioners(stage: Stage) -> None:
    """Seven of eight units are fine; the eighth carries a code that lies on a shelf already."""
    day: dict[str, Any] = {"days_ago": 2}
    codes = [f"BA41-{number:05d}" for number in range(201, 208)]
    counted = [{"counted": "8", "serials": "\n".join([*codes, "BA41-00122"])}]
    _announce(stage, stage.at(**day, clock_time="08:30"), "B-76")
    stage.complete(stage.at(**day, clock_time="10:00"), "ho", "check_in_truck", "B-76", **GATE)
    _count(stage, stage.at(**day, clock_time="10:45"), "B-76", counted, by="ho")
    stage.complete(stage.at(**day, clock_time="11:00"), "lin", "read_count", "B-76")
    _accept(stage, stage.at(**day, clock_time="14:10"), "B-76")
    _shelve(stage, stage.at(**day, clock_time="15:30"), "B-76", by="chang")


def _pipe(stage: Stage) -> None:
    """Hongsheng ships short once more; half of what came waits to be put away."""
    _announce(stage, stage.at(hours_ago=10.5), "HS-88107")
    stage.complete(stage.at(hours_ago=10), "chang", "check_in_truck", "HS-88107", **GATE)
    _count(
        stage,
        stage.at(hours_ago=9),
        "HS-88107",
        [{"counted": "108"}, {"counted": "80"}],
    )
    _accept(stage, stage.at(hours_ago=7), "HS-88107")
    _shelve(stage, stage.at(hours_ago=6), "HS-88107")


def _cartridges(stage: Stage) -> None:
    """Jingyuan's cartridges are counted, some of them wet, and wait for the inspector."""
    rows = [
        {"counted": "240", "damaged": "12", "lot": "PP5-2609", "expires_on": _day(400)},
        {"counted": "60", "lot": "RO-2607", "expires_on": _day(500)},
    ]
    _announce(stage, stage.at(hours_ago=5.9), "JY-3301")
    stage.complete(stage.at(hours_ago=5.5), "ho", "check_in_truck", "JY-3301", **GATE)
    _count(stage, stage.at(hours_ago=5), "JY-3301", rows, by="ho")


def _purifiers(stage: Stage) -> None:
    """Six cartons arrive that nobody announced; the buyer is asked whose they are."""

    def arrive() -> None:
        start = {"scope": "site:DAYUAN"}
        by = people.named("chang").id
        in_transaction(lambda: instances.start("receiving", start, by=by))

    stage.play(stage.at(hours_ago=4.6), arrive)
    photo = stage.play(stage.at(hours_ago=4.5), lambda: in_transaction(_photo))
    gate = {"supplier": "JINGYUAN", "cartons": "6", "description": "RO purifiers? No papers."}
    answers = {"gate": {**gate, "photos": [photo]}}
    stage.complete(stage.at(hours_ago=4.4), "chang", "record_blind_arrival", "", **answers)


def _photo() -> int:
    content = resources.files("app.demo").joinpath("data/gate.png").read_bytes()
    return attachments.keep("gate.png", content, by=people.named("chang").id).id


def _water_heaters(stage: Stage) -> None:
    """Checked in three hours ago; nobody has counted them, and the keepers were reminded."""
    _announce(stage, stage.at(hours_ago=3.5), "B-77")
    stage.complete(stage.at(hours_ago=3), "chang", "check_in_truck", "B-77", **GATE)


def _tape(stage: Stage) -> None:
    """Announced, and on its way."""
    _announce(stage, stage.at(hours_ago=1), "YG-7004")


def _plan(stage: Stage) -> None:
    """The heat wave is in the figures: 40 air conditioners and five rolls of pipe wait for Lin."""
    stage.play(stage.at(hours_ago=0.6), demand.tell)
    stage.play(stage.at(hours_ago=0.5), demand.plan)


def _announce(stage: Stage, at: datetime, asn: str) -> None:
    stage.play(at, lambda: company.load("asns", by=company.BUYER, rows=f"{asn},"))


def _count(
    stage: Stage, at: datetime, asn: str, rows: list[dict[str, str]], *, by: str = "chang"
) -> None:
    stage.complete(at, by, "count_delivery", asn, receipt={"lines": rows}, wrong_goods=[])


def _accept(stage: Stage, at: datetime, asn: str) -> None:
    """Lee accepts all that waits."""
    lines = _data("inspect_lot", asn)["inspection"]["lines"]
    verdict = [{"accepted": line["waiting"], "rejected": "0"} for line in lines]
    stage.complete(at, "lee", "inspect_lot", asn, inspection={"lines": verdict})


def _shelve(stage: Stage, at: datetime, asn: str, *, by: str = "ho") -> None:
    """The goods go where they were proposed to go."""
    data = _data("put_away_goods", asn)
    stage.complete(
        at,
        by,
        "put_away_goods",
        asn,
        scanned_item=data["goods"]["sku"],
        scanned_bin=data["proposal"]["bin"],
        proposal={"quantity": data["proposal"]["quantity"]},
        put_away_outcome="placed",
    )


def _data(element_id: str, number: str) -> dict[str, Any]:
    task = db.session.get_one(Task, open_task(element_id, number))
    return instances.data(task.instance_id)


def _day(ahead: int) -> str:
    return (clock.now() + timedelta(days=ahead)).date().isoformat()
