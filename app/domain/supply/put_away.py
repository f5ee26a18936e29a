"""Putting released goods on shelves, and settling a quantity that is not what was released."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.rules import plain
from app.domain.inventory import bins, ledger, places, reservations
from app.domain.inventory.bins import Proposal
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.inventory.places import Location
from app.domain.inventory.reservations import Reservation
from app.domain.inventory.serials import Serial, SerialNotHere, by_code
from app.domain.supply.releases import Release, ReleaseSerial, StockCount
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


class MoreThanReleased(Refusal):
    """Only what was released can be put away."""

    code = "more_than_released"
    message = N_(
        "{remaining} of {sku} are left to put away for {release}; {quantity} were given. "
        "If there really are more, ask for a count by two people."
    )


class SamePerson(Refusal):
    """A count by two people has two people."""

    code = "same_person"
    message = N_("{person} counted first, so someone else must count again.")


class NotOfThisRelease(Refusal):
    """A unit of another release was scanned."""

    code = "not_of_this_release"
    message = N_("{serial} does not belong to {release}. Put it aside and go on without it.")


def propose(release: Release, *, full: Collection[str] = ()) -> list[Proposal]:
    """Bins for what is left of the release, the best first; empty when every bin is full.

    `full` names bins that people found full, whatever the books say.
    """
    return bins.propose(release.sku, release.remaining, site=release.site, full=full)


def shelve(
    release: Release, place: Location, quantity: Decimal, *, serials: Sequence[str] = ()
) -> list[Reservation]:
    """Put `quantity` (stock units) of the release into `place`: from now on it is available.

    Those who wait for the SKU are served, the oldest first; returned are their reservations.

    Raises:
        MoreThanReleased: less is left of the release.
        WrongBin: the place is not for these goods.
        BinFull: the place has no room for that much.
        NotOfThisRelease: a scanned unit is not part of the release.
    """
    if quantity > release.remaining:
        raise MoreThanReleased(
            remaining=plain(release.remaining),
            sku=release.sku.code,
            release=release.number,
            quantity=plain(quantity),
        )
    bins.check(place, release.sku, site=release.site)
    _check_units(release, serials)
    release.shelved += quantity
    db.session.flush()
    reservations.lock_waiting(release.sku, site=release.site)
    source = places.waiting_for_shelf(release.site)
    line = Line(release.sku, source, place, quantity, release.lot, tuple(serials))
    ledger.move([line], reason="shelved", document=release.number)
    return reservations.serve_waiting(release.sku, site=release.site)


def units_remaining(release: Release) -> list[Serial]:
    """The units of the release that wait for a shelf, by code."""
    source = places.waiting_for_shelf(release.site)
    query = (
        select(Serial)
        .join(ReleaseSerial, ReleaseSerial.serial_id == Serial.id)
        .where(ReleaseSerial.release_id == release.id, Serial.location_id == source.id)
        .order_by(Serial.code)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def settle_count(
    release: Release,
    counted: Decimal,
    *,
    counted_by: tuple[str, str],
    present: Sequence[str] = (),
) -> Decimal:
    """Believe what two people counted of the rest of a release; the difference, + for a gain.

    Of goods with codes, `present` are the units that are there; the others are lost. A unit
    too many is no gain: it has a code, so it is somewhere in the books.

    Raises:
        SamePerson: one person counted twice.
        SerialsDoNotMatch: not as many codes as units.
        NotOfThisRelease: a code that was counted is not part of the release.
    """
    first, second = counted_by
    if first == second:
        raise SamePerson(person=first)
    lost = _missing(release, counted, present)
    difference = counted - release.remaining
    _record(release, counted, first, second)
    release.difference += difference
    db.session.flush()
    if difference:
        _book(release, difference, lost)
    return difference


def _check_units(release: Release, codes: Sequence[str]) -> None:
    """Refuse units of other releases; one that is already shelved is the ledger's to refuse."""
    of_release = {each.serial.code for each in release.serials}
    for code in codes:
        if code not in of_release:
            raise NotOfThisRelease(serial=code, release=release.number)


def _missing(release: Release, counted: Decimal, present: Sequence[str]) -> tuple[str, ...]:
    if release.sku.serial_policy != "unit":
        return ()
    if len(set(present)) != counted:
        raise SerialsDoNotMatch(
            quantity=plain(counted), sku=release.sku.code, scanned=len(set(present))
        )
    _check_units(release, present)
    expected = {serial.code for serial in units_remaining(release)}
    for code in sorted(set(present) - expected):
        waiting, actual = places.waiting_for_shelf(release.site), by_code(code).location
        raise SerialNotHere(serial=code, place=waiting.code, actual=actual.code)
    return tuple(sorted(expected - set(present)))


def _record(release: Release, counted: Decimal, first: str, second: str) -> None:
    db.session.add(
        StockCount(
            release_id=release.id,
            expected=release.remaining,
            counted=counted,
            first_by=first,
            second_by=second,
            effect_key=cause.current().effect_key,
            recorded_at=clock.now(),
        )
    )


def _book(release: Release, difference: Decimal, lost: tuple[str, ...]) -> None:
    waiting = places.waiting_for_shelf(release.site)
    outside = places.location(places.GAIN_OR_LOSS)
    source, target = (waiting, outside) if difference < 0 else (outside, waiting)
    line = Line(release.sku, source, target, abs(difference), release.lot, lost)
    ledger.move([line], reason="counted", document=release.number)
