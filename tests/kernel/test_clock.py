"""The clock of the product is turned by one test and right again in the next."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kernel import clock


@pytest.mark.parametrize("again", [False, True])
def test_no_test_begins_with_the_clock_another_one_turned(*, again: bool) -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1), again

    clock.turn(timedelta(days=400))
