"""Files people hand in are kept once, named plainly, and shown only when they are safe."""

import pytest
from flask import Flask

from app.identity import people
from app.kernel import attachments, db
from app.kernel.errors import NotFound, Refusal

JPEG = b"\xff\xd8\xff\xe0 a photograph"


@pytest.fixture
def bruno(app: Flask) -> int:
    """Who takes the photographs."""
    return db.in_transaction(lambda: people.add("bruno", name="Bruno", password="1234567890ab").id)


def kept(name: str, content: bytes, by: int | None = None) -> attachments.Attachment:
    return db.in_transaction(lambda: attachments.keep(name, content, by=by))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str) -> None:
    assert attachments.media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>", b"<html>", b"MZ\x90", b"PK\x03\x04", b"#!/bin/sh", b" "]
)
def test_what_could_do_harm_is_not_kept(app: Flask, content: bytes) -> None:
    with pytest.raises(attachments.FileNotKept, match=r"“door\.jpg” is not a photograph"):
        kept("door.jpg", content)


def test_too_large_or_empty_is_told_with_the_name(app: Flask) -> None:
    with pytest.raises(attachments.FileTooLarge, match=r"“a\.jpg” has more than 10 MB"):
        kept("a.jpg", JPEG + bytes(10_100_000))
    with pytest.raises(Refusal, match=r"“a\.jpg” is empty"):
        kept("a.jpg", b"")


def test_the_same_file_of_one_person_is_kept_once(bruno: int) -> None:
    first, second = kept("a.jpg", JPEG, bruno), kept("b.jpg", JPEG, bruno)

    assert first.id == second.id
    assert kept("a.jpg", JPEG).id != first.id
    assert attachments.get(first.id).content == JPEG


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\fakepath\\door.jpg", "door.jpg"),
        ("../../etc/passwd", "passwd"),
        ('a"\r\nX: 1.jpg', "a X 1.jpg"),
        ("", "file"),
        ("..", "file"),
        ("照片.jpg", "照片.jpg"),
    ],
)
def test_a_name_is_only_a_name(app: Flask, given: str, name: str) -> None:
    assert kept(given, JPEG).name == name


def test_an_answer_names_only_files_its_person_handed_in(bruno: int) -> None:
    mine, other = kept("a.jpg", JPEG, bruno).id, kept("b.jpg", JPEG).id

    assert attachments.unknown(frozenset({mine, other, 4711}), bruno) == {other, 4711}
    assert attachments.unknown(frozenset({mine, other, 4711}), None) == {4711}
    assert attachments.names(frozenset({mine, other})) == {mine: "a.jpg", other: "b.jpg"}


def test_what_is_not_there_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        attachments.get(4711)
