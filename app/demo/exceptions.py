"""What is open at the practice company: each exception of the purchase line once."""

from collections.abc import Iterator

from app.demo import arriving, buying, company, paying
from app.demo.acting import Stage, complete
from app.demo.agenda import Script
from app.demo.course import SELLERS, Course
from app.demo.deals import Deal, Row, article

# Deals of the history are fewer; from here on codes and numbers of notices are free.
_FIRST_NUMBER = 401


def scripts(stage: Stage) -> Iterator[Script]:
    """All of them; they end where somebody of today has to decide."""
    for number, (script, days_ago, supplier, goods) in enumerate(_TOLD, start=_FIRST_NUMBER):
        sold_by, sku, quantity = goods
        row = Row(article(sold_by, sku), quantity)
        yield script(Course(stage, Deal(number, days_ago, supplier, (row,), "")))


def _credit_is_overdue(course: Course) -> Script:
    """A purifier leaked and went back; after a fortnight its credit has not come."""
    yield from _delivered(course, bad=1)
    yield course.on(5, 15)
    paying.authorise(course.deal.notice, "debit")
    yield course.on(6, 11)
    paying.ship_back(course.deal.notice, by=course.keeper)
    yield course.on(8, 11)
    paying.bill(course)


def _order_is_late(course: Course) -> Script:
    """Promised for four days ago; nothing came, and nobody answers the telephone."""
    yield from buying.ordered(course)


def _return_waits_for_its_supplier(course: Course) -> Script:
    """One heater drips; Yeh has not agreed to its return yet."""
    yield from _delivered(course, bad=1)
    yield course.on(6, 11)
    paying.authorise(course.deal.notice, "ask")


def _rejection_is_disputed(course: Course) -> Script:
    """Borea says the housings are as they should be."""
    yield from _delivered(course, bad=2)
    yield course.on(5, 16)
    paying.authorise(course.deal.notice, "ask")
    yield course.on(6, 16)
    complete(
        SELLERS["BOREA"],
        "agree_return",
        course.deal.notice,
        agreement="dispute",
        objection="The marks are of the mould, not dents",
    )


def _bill_is_too_high(course: Course) -> Script:
    """Yonggu bills brackets dearer than they were ordered."""
    yield from _delivered(course)
    yield course.on(7, 10)
    paying.bill(course, dearer=2_400)


def _lot_failed(course: Course) -> Script:
    """Cartridges of a whole lot are wet; what becomes of them is not decided."""
    yield from _delivered(course, bad=48)


def _more_came_than_ordered(course: Course) -> Script:
    """A carton more than anybody ordered."""
    yield from buying.ordered(course)
    yield course.on(4, 16)
    (row,) = course.deal.rows
    arriving.announce(course, course.deal.notice, [row.quantity])
    yield course.on(5, 8)
    arriving.check_in(course, course.deal.notice)
    yield course.on(5, 9)
    arriving.count(course, course.deal.notice, [row.quantity + row.article.per])
    yield course.on(5, 10)
    arriving.judge(course.deal.notice)
    yield course.on(5, 12)
    arriving.shelve(course.deal.notice, course.keeper)


def _quantity_differs_at_the_shelf(course: Course) -> Script:
    """Fewer stand on the pallet than were released: two people have to count."""
    yield from buying.ordered(course)
    yield from _counted(course)
    yield course.on(5, 11)
    arriving.read(course.deal.notice)
    arriving.judge(course.deal.notice)
    yield course.on(5, 12)
    complete(
        course.keeper, "put_away_goods", course.deal.notice, put_away_outcome="quantity_differs"
    )


def _supplier_is_silent(course: Course) -> Script:
    """Yonggu neither confirms nor answers reminders."""
    yield course.on(0, 9)
    buying.write(course)


def _supplier_wants_more_time(course: Course) -> Script:
    """Mr Chou confirms eight days later than was wanted."""
    yield course.on(0, 9)
    buying.write(course)
    yield course.on(1, 10)
    buying.confirm(course, days_later=8, note="The mill overhauls its furnace 熔爐歲修")


def _price_strays(course: Course) -> Script:
    """Tape is needed at once, from who can send it, at a price a third higher."""
    yield course.on(0, 11)
    buying.write(course, price="20")


def _quotations_are_asked_for(course: Course) -> Script:
    """Nobody has a price for condensate pumps from others; three are asked."""
    yield course.on(0, 12)
    buying.write(course)
    asked = [{"supplier": code} for code in ("HONGSHENG", "BOREA", "JINGYUAN")]
    complete(company.BUYER, "request_quotation", course.case, pricing={"asked": asked})


def _delivered(course: Course, *, bad: int = 0) -> Script:
    """Ordered and counted in full; Lee rejects so many, the rest goes to its shelf."""
    yield from buying.ordered(course)
    yield from _counted(course)
    yield course.on(5, 11)
    arriving.read(course.deal.notice)
    (row,) = course.deal.rows
    rejected = arriving.judge(
        course.deal.notice, bad, codes=arriving.codes(course, row, row.quantity)
    )
    course.accepted = [row.quantity - rejected]
    yield course.on(5, 14)
    arriving.shelve(course.deal.notice, course.keeper)


def _counted(course: Course) -> Script:
    rows = [row.quantity for row in course.deal.rows]
    yield course.on(4, 16)
    arriving.announce(course, course.deal.notice, rows)
    yield course.on(5, 8)
    arriving.check_in(course, course.deal.notice)
    yield course.on(5, 9)
    arriving.count(course, course.deal.notice, rows)


# What happens, how many days ago it began, whose order it is; who sells such goods, what, how many.
_TOLD = (
    (_credit_is_overdue, 22, "JINGYUAN", ("JINGYUAN", "RO-400", 3)),
    (_order_is_late, 9, "HONGSHENG", ("HONGSHENG", "CB-35", 300)),
    (_return_waits_for_its_supplier, 8, "BOREA", ("BOREA", "WH-12", 4)),
    (_rejection_is_disputed, 8, "BOREA", ("BOREA", "RH-80", 5)),
    (_bill_is_too_high, 8, "YONGGU", ("YONGGU", "BR-ST", 24)),
    (_lot_failed, 7, "JINGYUAN", ("JINGYUAN", "RC-T33", 48)),
    (_more_came_than_ordered, 6, "YONGGU", ("YONGGU", "TK-E", 120)),
    (_quantity_differs_at_the_shelf, 6, "YONGGU", ("YONGGU", "SL-W", 48)),
    (_supplier_is_silent, 5, "YONGGU", ("YONGGU", "WP-12", 300)),
    (_supplier_wants_more_time, 2, "HONGSHENG", ("HONGSHENG", "CP-3-5", 80)),
    (_price_strays, 1, "JINGYUAN", ("YONGGU", "TP-B", 200)),
    (_quotations_are_asked_for, 1, "HONGSHENG", ("YONGGU", "DP-1", 60)),
)
