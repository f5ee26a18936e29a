"""Put-away: released goods reach a bin and become available."""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.inventory import places
from app.domain.supply import put_away, releases
from app.domain.supply.releases import Release
from app.effects.papers import Paper
from app.kernel.errors import N_, Refusal
from app.workflow import nudges
from app.workflow.effects import effect


class NoFreeBin(Refusal):
    """Nothing proposed can take the goods; a person names a bin."""

    code = "no_free_bin"
    message = N_("No bin at {site} has room for {sku}.")


class OtherGoods(Refusal):
    """What was scanned is not what is to be put away."""

    code = "other_goods"
    message = N_("You scanned {scanned}; {release} is {sku}. Put {scanned} aside.")


class NothingLeft(Refusal):
    """A recall, or a count, left nothing to put away."""

    code = "nothing_left"
    message = N_("Nothing of {release} is left to put away.")


@effect
def propose_bin(release_no: str, full_bins: list[str]) -> Paper:
    """The best bin for what is left, leaving out those that people found full.

    Raises:
        NothingLeft: nothing of the release waits for a shelf any more.
        NoFreeBin: no bin of the site can take the goods.
    """
    release = releases.locked(release_no)
    if not release.remaining:
        raise NothingLeft(release=release.number)
    proposals = put_away.propose(release, full=full_bins)
    if not proposals:
        raise NoFreeBin(site=release.site.name, sku=release.sku.code)
    best = proposals[0]
    return {"bin": best.bin.code, "quantity": plain(best.quantity), "reason": best.why}


@effect
def book_put_away(
    release_no: str,
    item: str,
    bin_code: str,
    quantity: str,
    serials: list[str],
    full_bins: list[str],
) -> Paper:
    """Put the goods into the bin; reservations that waited for them are served.

    Who put nothing there is asked again.
    """
    release = releases.locked(release_no)
    if Decimal(quantity):
        _shelve(release, item, bin_code, quantity=Decimal(quantity), serials=serials)
    return {"left": plain(release.remaining), "full_bins": full_bins}


@effect
def set_bin_full(
    release_no: str,
    item: str,
    bin_code: str,
    quantity: str,
    serials: list[str],
    full_bins: list[str],
) -> Paper:
    """Put as much as fitted into the bin, and propose it no more for this release."""
    release = releases.locked(release_no)
    place = places.location(bin_code)
    if Decimal(quantity):
        _shelve(release, item, bin_code, quantity=Decimal(quantity), serials=serials)
    return {"left": plain(release.remaining), "full_bins": [*full_bins, place.code]}


@effect
def see_rest(release_no: str, full_bins: list[str]) -> Paper:
    """What is left to put away, after some of it was withdrawn."""
    return {"left": plain(releases.locked(release_no).remaining), "full_bins": full_bins}


@effect
def remind_of_put_away() -> int:
    """Put the goods that nobody has put away on top of the keepers' inbox."""
    return nudges.nudge("put_away_goods")


def _shelve(
    release: Release, item: str, bin_code: str, *, quantity: Decimal, serials: Sequence[str]
) -> None:
    _check_scanned(release, item)
    units = serials or _all_units(release, quantity)
    put_away.shelve(release, places.location(bin_code), quantity, serials=units)


def _check_scanned(release: Release, item: str) -> None:
    """One scan tells goods apart: of the SKU, its barcode, or one of its units."""
    if item.strip() in {each.serial.code for each in release.serials}:
        return
    if skus.scanned(item).id != release.sku_id:
        raise OtherGoods(scanned=item, release=release.number, sku=release.sku.code)


def _all_units(release: Release, quantity: Decimal) -> list[str]:
    """Nobody scans each unit when all that are left go into one bin."""
    if quantity != release.remaining:
        return []
    return [serial.code for serial in put_away.units_remaining(release)]
