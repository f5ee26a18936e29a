"""Reads the codes in a picture, alone in a process with little time and memory and nothing else.

Bytes come in, JSON goes out. What parses pictures is written in C and reads what strangers send:
here it finds no data base, no secret and no way to take the server with it.
"""

import io
import json
import resource
import sys
import warnings

import zxingcpp
from PIL import Image, ImageFilter, UnidentifiedImageError

KINDS = ("JPEG", "PNG", "WEBP")
MOST_CODES = 12
SECONDS, MEMORY_BYTES = 8, 1_500_000_000
# Small first: most codes are large in their picture, and small pictures are read in no time.
_SIDES = (1000, 2000, 4000)
_TINY = 400
_FORMATS = zxingcpp.barcode_formats_from_str("QRCode,Code128,EAN13,EAN8,DataMatrix")
TOO_MANY_PIXELS, NO_PICTURE = "too_many_pixels", "no_picture"


class Unreadable(Exception):
    """The bytes are no picture we look at."""


def codes(content: bytes, *, most_pixels: int) -> list[str]:
    """The texts of the codes in a picture, as they stand from top to bottom.

    What the file says about itself (EXIF) is not read: codes are found at any angle.

    Raises:
        Unreadable: no picture, of another kind, broken, or with too many pixels.
    """
    try:
        picture = _opened(content, most_pixels)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise Unreadable(TOO_MANY_PIXELS) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as broken:
        raise Unreadable(NO_PICTURE) from broken
    return _found(picture)


def _opened(content: bytes, most_pixels: int) -> Image.Image:
    """In shades of grey, no larger than it is of use."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture: Image.Image = Image.open(io.BytesIO(content), formats=KINDS)
        picture.draft("L", (_SIDES[-1], _SIDES[-1]))
        if "A" in picture.getbands() or "transparency" in picture.info:
            picture = picture.convert("RGBA")
            paper = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(paper, picture)
        return picture.convert("L")


def _found(picture: Image.Image) -> list[str]:
    longest = max(picture.size)
    if longest < _TINY:
        large = (picture.width * 4, picture.height * 4)
        picture, longest = picture.resize(large, Image.Resampling.NEAREST), longest * 4
    for side in (*(one for one in _SIDES if one < longest), min(longest, _SIDES[-1])):
        small = picture.copy()
        small.thumbnail((side, side))
        if found := _read(small) or _read(small.filter(ImageFilter.MedianFilter(3))):
            return found
    return []


def _read(picture: Image.Image) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=_FORMATS, text_mode=zxingcpp.TextMode.Plain)
    found.sort(key=lambda one: (one.position.top_left.y, one.position.top_left.x))
    texts = ("".join(filter(str.isprintable, one.text)).strip() for one in found)
    return list(dict.fromkeys(text for text in texts if text))[:MOST_CODES]


def _confined() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(most_pixels: int) -> None:
    """Answer one picture."""
    _confined()
    content = sys.stdin.buffer.read()
    try:
        answer: dict[str, object] = {"codes": codes(content, most_pixels=most_pixels)}
    except Unreadable as refusal:
        answer = {"refused": str(refusal)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(int(sys.argv[1]))
