"""Pictures of codes, as a printer makes them and a camera sees them."""

import io

import segno
import zxingcpp
from PIL import Image


def a_qr(text: str) -> Image.Image:
    content = io.BytesIO()
    segno.make(text, error="m", micro=False).save(content, kind="png", scale=8, border=4)
    return Image.open(content).convert("L")


def a_bar_code(kind: str, text: str) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(kind))
    drawn = made.to_image(scale=4, add_quiet_zones=True)
    return Image.fromarray(drawn).convert("L")


def as_file(picture: Image.Image, kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    picture.save(content, kind)
    return content.getvalue()


def on_a_table(code: Image.Image) -> Image.Image:
    """A code on a grey table, as a camera sees it."""
    table = Image.new("L", (1600, 1200), 140)
    table.paste(code, (500, 300))
    return table
