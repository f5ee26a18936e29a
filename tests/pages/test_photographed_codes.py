"""A code that cannot be scanned is photographed: at an angle, small, noisy, or not at all."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from time import perf_counter

import pytest
from flask import Flask
from PIL import Image, ImageFilter

from app.domain.inventory import serials
from app.kernel.db import in_transaction
from app.web.scanning import decoder, photographs
from app.web.scanning.photographs import (
    NoCodeFound,
    NoPhotograph,
    PhotographTakesTooLong,
    PhotographTooLarge,
)
from tests.builders.codes import a_bar_code, a_qr, as_file, on_a_table
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery

UNIT, EAN = "LF-BA28-0001234", "4710088412348"


def noisy(picture: Image.Image) -> Image.Image:
    dice = random.Random(7)
    noise = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
    return Image.blend(picture, noise, 0.25).filter(ImageFilter.GaussianBlur(0.8))


SEEN: dict[str, Callable[[Image.Image], Image.Image]] = {
    "straight": lambda code: code,
    "on a table": on_a_table,
    "turned by 90": lambda code: code.rotate(90, expand=True, fillcolor=255),
    "turned by 23": lambda code: on_a_table(code).rotate(23, expand=True, fillcolor=140),
    "upside down": lambda code: code.rotate(180),
    "small": lambda code: code.resize((code.width // 3, code.height // 3)),
    "noisy": lambda code: noisy(on_a_table(code)),
    "white on black": lambda code: code.point(lambda shade: 255 - shade),
}


@pytest.mark.parametrize("way", SEEN.values(), ids=SEEN)
def test_a_square_code_is_read_however_it_lies(way: Callable[[Image.Image], Image.Image]) -> None:
    assert _read(as_file(way(a_qr(UNIT)))) == [UNIT]


@pytest.mark.parametrize("turn", [0, 90, 180, 8])
@pytest.mark.parametrize(
    ("kind", "text"), [("Code128", UNIT), ("EAN13", EAN), ("EAN8", "96385074")]
)
def test_bar_codes_are_read(kind: str, text: str, turn: int) -> None:
    picture = on_a_table(a_bar_code(kind, text)).rotate(turn, expand=True, fillcolor=140)

    assert _read(as_file(picture, "PNG")) == [text]


def test_several_codes_are_read_from_top_to_bottom() -> None:
    page = Image.new("L", (1200, 1600), 255)
    page.paste(a_qr("B-2"), (100, 900))
    page.paste(a_qr("A-1"), (600, 100))

    assert _read(as_file(page, "WEBP")) == ["A-1", "B-2"]


def test_what_a_file_says_of_itself_is_not_believed() -> None:
    picture = a_qr(UNIT).rotate(90, expand=True)
    exif = Image.Exif()
    exif[274], exif[256], exif[257] = 6, 1, 1
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)

    assert _read(content.getvalue()) == [UNIT]


def test_a_photograph_is_read_in_a_process_of_its_own_and_in_time() -> None:
    picture = noisy(on_a_table(a_qr(UNIT))).resize((4000, 3000))
    begun = perf_counter()

    found = photographs.codes(as_file(picture))

    assert found == [UNIT]
    assert perf_counter() - begun < photographs.SECONDS


def a_bomb(side: int) -> bytes:
    """A PNG of a few kB that says it has side × side pixels, all of them white."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" + b"\xff" * (side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 16_000])
def test_a_picture_that_swells_is_refused_before_it_does(side: int) -> None:
    with pytest.raises(PhotographTooLarge):
        photographs.codes(a_bomb(side))


RUBBISH = {
    "nothing": b"",
    "words": b"this is not a picture",
    "a broken picture": as_file(a_qr(UNIT))[:200],
    "a broken PNG": as_file(a_qr(UNIT), "PNG")[:120],
    "a GIF": as_file(a_qr(UNIT), "GIF"),
    "a PDF": b"%PDF-1.7\n",
}


@pytest.mark.parametrize("content", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(NoPhotograph, match="not a photograph"):
        photographs.codes(content)


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(PhotographTooLarge, match="10 MB and 50 megapixels"):
        photographs.codes(b"\xff\xd8\xff" + bytes(photographs.MOST_BYTES))


def test_a_picture_without_a_code_says_so() -> None:
    with pytest.raises(NoCodeFound, match="last six characters"):
        photographs.codes(as_file(Image.new("L", (300, 300), 200)))


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photographs, "SECONDS", 0.001)

    with pytest.raises(PhotographTakesTooLong):
        photographs.codes(as_file(a_qr(UNIT)))
    assert photographs._AT_ONCE.acquire(blocking=False)
    photographs._AT_ONCE.release()


def test_a_photograph_leads_to_what_carries_the_code(bruno: Visitor, app: Flask) -> None:
    in_transaction(lambda: a_sku("BA-28", barcode=EAN).id)
    picture = as_file(on_a_table(a_bar_code("EAN13", EAN)))

    page = bruno.post("/scan/photograph", photograph=(io.BytesIO(picture), "shelf.jpg"))

    assert page.address == "/stock/BA-28"


def test_several_codes_are_offered(bruno: Visitor) -> None:
    both = Image.new("L", (1200, 1600), 255)
    both.paste(a_qr("A-1"), (100, 100))
    both.paste(a_qr("B-2"), (100, 900))

    page = bruno.post("/scan/photograph", photograph=(io.BytesIO(as_file(both)), "two.jpg"))

    assert page.links("/search?q=") == ["/search?q=A-1", "/search?q=B-2"]


def test_a_script_is_told_the_codes_or_the_sentence(bruno: Visitor) -> None:
    good = bruno.post(
        "/scan/photograph", json=True, photograph=(io.BytesIO(as_file(a_qr(UNIT))), "a.jpg")
    )
    bad = bruno.post("/scan/photograph", json=True, photograph=(io.BytesIO(b"x"), "a.jpg"))

    assert good.json == {"codes": [UNIT]}
    assert (bad.status, bad.json["code"]) == (415, "no_photograph")


def test_a_page_without_scripts_says_what_is_wrong(bruno: Visitor) -> None:
    page = bruno.post("/scan/photograph", photograph=(io.BytesIO(b"x"), "a.jpg"))

    assert page.status == 415
    assert "This is not a photograph" in page.text


def test_the_last_six_characters_are_enough(bruno: Visitor, nils: Visitor, app: Flask) -> None:
    in_transaction(_three_units)

    assert bruno.get("/scan/units?ends=000123").json == {"codes": ["LF-A-000123"]}
    assert bruno.get("/scan/units?ends=000777").json == {"codes": ["LF-A-000777", "LF-B-000777"]}
    assert bruno.get("/scan/units?ends=00777").json == {"codes": []}
    assert nils.get("/scan/units?ends=000123").json == {"codes": []}


def test_the_last_six_characters_open_the_unit_or_offer_the_choices(
    bruno: Visitor, app: Flask
) -> None:
    in_transaction(_three_units)

    assert bruno.get("/search?q=000123").address == "/serials/LF-A-000123"
    both = bruno.get("/search?q=000777").links("/serials/LF-")
    assert both == ["/serials/LF-A-000777", "/serials/LF-B-000777"]


def test_fields_for_units_of_the_house_say_so_and_those_for_new_codes_do_not(
    bruno: Visitor, lee: Visitor, app: Flask
) -> None:
    unit = in_transaction(lambda: a_sku("U", serial_policy="unit"))
    delivery = a_delivery((unit, 2))
    delivery.check_in(by=bruno.person)
    counting = open_task(bruno)
    delivery.count({"counted": "2", "serials": ["U-1", "U-2"]}, by=bruno.person)

    assert "data-scan-lines" in counting
    assert "data-unit" not in counting
    assert "data-unit" in open_task(lee)


def open_task(visitor: Visitor) -> str:
    """The one task of this person, as its page shows it."""
    link = max(visitor.get("/inbox").links("/tasks/"))
    return visitor.get(link).source


def _read(content: bytes) -> list[str]:
    """What the decoder finds, without the walls around it."""
    return decoder.codes(content, most_pixels=photographs.MOST_PIXELS)


def _three_units() -> None:
    sku = a_sku("U", serial_policy="unit")
    codes = ("LF-A-000123", "LF-A-000777", "LF-B-000777")
    serials.register(sku, codes, at=a_bin("A-01"), born_with="OS-000001")
