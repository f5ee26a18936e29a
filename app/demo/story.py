"""What happened at the practice company in its last days, and what waits for the visitor."""

from importlib import resources

from app.demo import agenda, arriving, company, demand
from app.demo.acting import Stage, begin, complete, day
from app.demo.agenda import Script
from app.demo.people import DAYUAN
from app.identity import people
from app.kernel import attachments
from app.kernel.db import in_transaction

GATE = {"gate": {"vehicle": "KLA-2207", "seal": "S-4471", "cartons": "6", "damage_seen": False}}


def tell(stage: Stage) -> None:
    """Found the company and play its last days."""
    stage.play(stage.at(days_ago=4, clock_time="08:00"), company.found)
    agenda.play(stage, [orders(stage), *last_days(stage), *today(stage)])
    _plan(stage)


def tell_today(stage: Stage) -> None:
    """Play what happened today; what is open afterwards is there for the visitor to finish."""
    agenda.play(stage, today(stage))
    _plan(stage)


def orders(stage: Stage) -> Script:
    """Orders from before Houtai was there are brought in."""
    yield stage.at(days_ago=4, clock_time="08:02")
    company.load("purchase_orders", by=company.BUYER)


def last_days(stage: Stage) -> list[Script]:
    """What was done by yesterday."""
    return [_brackets(stage), _air_conditioners(stage)]


def today(stage: Stage) -> list[Script]:
    """What happened in the last hours."""
    return [
        _pipe(stage),
        _cartridges(stage),
        _purifiers(stage),
        _water_heaters(stage),
        _tape(stage),
        _tape_for_neihu(stage),
    ]


def _brackets(stage: Stage) -> Script:
    """Yonggu delivers all of it; three days later it is on the shelf and the case is closed."""
    yield stage.at(days_ago=3, clock_time="08:10")
    _announce("YG-7001")
    yield stage.at(days_ago=3, clock_time="09:05")
    complete("chang", "check_in_truck", "YG-7001", **GATE)
    yield stage.at(days_ago=3, clock_time="09:40")
    _count("YG-7001", [{"counted": "120"}, {"counted": "48"}])
    yield stage.at(days_ago=3, clock_time="10:15")
    complete("lin", "read_count", "YG-7001")
    yield stage.at(days_ago=3, clock_time="11:20")
    arriving.judge("YG-7001")
    yield stage.at(days_ago=3, clock_time="13:30")
    arriving.shelve("YG-7001", "ho")


def _air_conditioners(stage: Stage) -> Script:
    """Seven of eight units are fine; the eighth carries a code that lies on a shelf already."""
    codes = [f"BA41-{number:05d}" for number in range(201, 208)]
    counted = [{"counted": "8", "serials": "\n".join([*codes, "BA41-00122"])}]
    yield stage.at(days_ago=2, clock_time="08:30")
    _announce("B-76")
    yield stage.at(days_ago=2, clock_time="10:00")
    complete("ho", "check_in_truck", "B-76", **GATE)
    yield stage.at(days_ago=2, clock_time="10:45")
    _count("B-76", counted, by="ho")
    yield stage.at(days_ago=2, clock_time="11:00")
    complete("lin", "read_count", "B-76")
    yield stage.at(days_ago=2, clock_time="14:10")
    arriving.judge("B-76")
    yield stage.at(days_ago=2, clock_time="15:30")
    arriving.shelve("B-76", "chang")


def _pipe(stage: Stage) -> Script:
    """Hongsheng ships short once more; half of what came waits to be put away."""
    yield stage.at(hours_ago=10.5)
    _announce("HS-88107")
    yield stage.at(hours_ago=10)
    complete("chang", "check_in_truck", "HS-88107", **GATE)
    yield stage.at(hours_ago=9)
    _count("HS-88107", [{"counted": "108"}, {"counted": "80"}])
    yield stage.at(hours_ago=7)
    arriving.judge("HS-88107")
    yield stage.at(hours_ago=6)
    arriving.shelve_one("HS-88107", "ho")


def _cartridges(stage: Stage) -> Script:
    """Jingyuan's cartridges are counted, some of them wet, and wait for the inspector."""
    yield stage.at(hours_ago=5.9)
    _announce("JY-3301")
    yield stage.at(hours_ago=5.5)
    complete("ho", "check_in_truck", "JY-3301", **GATE)
    yield stage.at(hours_ago=5)
    rows = [
        {"counted": "240", "damaged": "12", "lot": "PP5-2609", "expires_on": day(400)},
        {"counted": "60", "lot": "RO-2607", "expires_on": day(500)},
    ]
    _count("JY-3301", rows, by="ho")


def _purifiers(stage: Stage) -> Script:
    """Six cartons arrive that nobody announced; the buyer is asked whose they are."""
    yield stage.at(hours_ago=4.6)
    begin("receiving", "chang", scope=DAYUAN)
    yield stage.at(hours_ago=4.4)
    photo = in_transaction(_photo)
    gate = {"supplier": "JINGYUAN", "cartons": "6", "description": "RO purifiers? No papers."}
    complete("chang", "record_blind_arrival", "", gate={**gate, "photos": [photo]})


def _photo() -> int:
    content = resources.files("app.demo").joinpath("data/gate.png").read_bytes()
    return attachments.keep("gate.png", content, by=people.named("chang").id).id


def _water_heaters(stage: Stage) -> Script:
    """Checked in three hours ago; nobody has counted them, and the keepers were reminded."""
    yield stage.at(hours_ago=3.5)
    _announce("B-77")
    yield stage.at(hours_ago=3)
    complete("chang", "check_in_truck", "B-77", **GATE)


def _tape(stage: Stage) -> Script:
    """Announced, and on its way."""
    yield stage.at(hours_ago=1)
    _announce("YG-7004")


def _tape_for_neihu(stage: Stage) -> Script:
    """A small van on its way to Tsai's outlet."""
    yield stage.at(hours_ago=0.8)
    _announce("YG-7005")


def _plan(stage: Stage) -> None:
    """The heat wave is in the figures: 40 air conditioners and five rolls of pipe wait for Lin."""
    stage.play(stage.at(hours_ago=0.6), demand.tell)
    stage.play(stage.at(hours_ago=0.5), demand.plan)


def _announce(asn: str) -> None:
    company.load("asns", by=company.BUYER, rows=f"{asn},")


def _count(asn: str, rows: list[dict[str, str]], *, by: str = "chang") -> None:
    complete(by, "count_delivery", asn, receipt={"lines": rows}, wrong_goods=[])
