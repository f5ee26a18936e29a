"""A request sent again under its key is answered as it was, on both databases."""

from datetime import timedelta

import pytest

from app.identity import answered_requests
from app.identity.answered_requests import (
    PATIENCE,
    Answer,
    KeyUsedForAnother,
    Request,
    StillWorking,
    Taken,
)
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import in_transaction

ANSWER = Answer(201, {"Location": "/api/v1/orders/7"}, b'{"id": 7}')


@pytest.fixture
def request_(bruno: Person) -> Request:
    return Request(bruno.id, "monday", "f1")


def _taken(request: Request) -> Taken:
    found = in_transaction(lambda: answered_requests.take(request))
    assert isinstance(found, Taken)
    return found


def test_what_was_answered_is_answered_again(request_: Request) -> None:
    taken = _taken(request_)
    in_transaction(lambda: answered_requests.keep(taken, ANSWER))

    assert in_transaction(lambda: answered_requests.take(request_)) == ANSWER


def test_a_key_stands_for_one_request(request_: Request) -> None:
    _taken(request_)

    with pytest.raises(KeyUsedForAnother):
        in_transaction(lambda: answered_requests.take(request_._replace(fingerprint="f2")))


def test_the_second_of_two_at_once_is_told_to_wait(request_: Request) -> None:
    _taken(request_)

    with pytest.raises(StillWorking):
        in_transaction(lambda: answered_requests.take(request_))


def test_whoever_died_leaves_the_key_to_the_next(request_: Request) -> None:
    dead = _taken(request_)
    clock.turn(PATIENCE + timedelta(seconds=1))

    next_one = _taken(request_)

    with pytest.raises(StillWorking):
        in_transaction(lambda: answered_requests.keep(dead, ANSWER))
    in_transaction(lambda: answered_requests.keep(next_one, ANSWER))


def test_what_was_refused_frees_the_key(request_: Request) -> None:
    refused = _taken(request_)
    in_transaction(lambda: answered_requests.give_back(refused))

    _taken(request_._replace(fingerprint="f2"))
