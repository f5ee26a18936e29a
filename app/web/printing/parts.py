"""The parts of a printed paper: its title, its facts in two columns, its lines, its sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, Spacer, Table

from app.web.documents.papers import Column, Paper, words_of
from app.web.printing import columns, fonts
from app.web.printing.columns import Wants
from app.web.tongue import _

_INK, _SOFT, _LINE = HexColor("#111111"), HexColor("#555555"), HexColor("#bbbbbb")
_PADDING = 3.0
_LABEL = 30 * mm
_FACT_SIZE = 9.0
_CHINESE = 0x2E80
_SHORT_HEAD = 4


@dataclass(frozen=True)
class Parts:
    """Sets papers in these faces, `room` points wide."""

    faces: tuple[str, ...]
    bold: tuple[str, ...]
    room: float

    def paper(self, paper: Paper, *, is_first: bool) -> list[Flowable]:
        """One paper, as its page shows it."""
        found = [self._title(paper, size=16.0 if is_first else 12.0), Spacer(0, 2 * mm)]
        if paper.head:
            found += [self._facts(paper), Spacer(0, 3 * mm)]
        if paper.lines:
            found.append(self._lines(paper))
        if paper.total:
            found.append(self._total(paper.total))
        return found

    def line(self, text: str) -> Flowable:
        """A line of soft words."""
        return self._words(text, size=_FACT_SIZE, colour=_SOFT)

    def _title(self, paper: Paper, *, size: float) -> Flowable:
        text = " ".join(part for part in (paper.kind, paper.number) if part)
        title = fonts.marked(text, self.bold)
        if paper.status:
            state = fonts.marked(paper.status, self.faces)
            title += f'  <font name="{self.faces[0]}" size="{_FACT_SIZE}">{state}</font>'
        style = self._style(self.bold[0], size)
        return Paragraph(title, style)

    def _facts(self, paper: Paper) -> Table:
        """Names and values, two of each a row."""
        cells = [
            part
            for name, value in paper.head
            for part in (self.line(name), self._words(words_of(value), size=_FACT_SIZE))
        ]
        rows = [cells[at : at + 4] for at in range(0, len(cells), 4)]
        rows[-1] += [""] * (4 - len(rows[-1]))
        value = self.room / 2 - _LABEL
        style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_padded(left=0)]
        return Table(rows, colWidths=(_LABEL, value) * 2, style=style)

    def _lines(self, paper: Paper) -> LongTable:
        """The lines under their head; a column with nothing in it takes no room."""
        used = [one for one in paper.columns if any(words_of(row[one.name]) for row in paper.lines)]
        texts = [[words_of(line[one.name]) for one in used] for line in paper.lines]
        each = zip(used, zip(*texts, strict=True), strict=True)
        wants = [self._wants(one, found) for one, found in each]
        size, widths = columns.fitted(wants, self.room, padding=2 * _PADDING + 1)
        head = [self._cell(one.title, one, size, is_head=True) for one in used]
        rows = [
            [self._cell(text, one, size) for text, one in zip(row, used, strict=True)]
            for row in texts
        ]
        style = [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, _INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.3, _LINE),
            *_padded(left=_PADDING),
        ]
        return LongTable([head, *rows], widths, repeatRows=1, splitInRow=1, style=style)

    def _total(self, text: str) -> Table:
        name, amount = fonts.marked(_("Total"), self.bold), fonts.marked(text, self.bold)
        style = self._style(self.bold[0], _FACT_SIZE + 1, right=True)
        return Table(
            [[Paragraph(f"{name}   {amount}", style)]],
            colWidths=(self.room,),
            style=[("LINEABOVE", (0, 0), (-1, -1), 0.8, _INK), *_padded(left=_PADDING)],
        )

    def _cell(self, text: str, column: Column, size: float, *, is_head: bool = False) -> Flowable:
        faces = self.bold if is_head else self.faces
        style = self._style(faces[0], size, right=column.numeric, text=text)
        # Digits and their blanks belong together: a figure never breaks.
        shown = text if is_head or not column.numeric else text.replace(" ", "\u00a0")
        return Paragraph(fonts.marked(shown, faces), style)

    def _words(self, text: str, *, size: float, colour: HexColor = _INK) -> Flowable:
        style = self._style(self.faces[0], size, colour=colour, text=text)
        return Paragraph(fonts.marked(text, self.faces), style)

    def _wants(self, column: Column, texts: Sequence[str]) -> Wants:
        head = self._longest_word(column.title, self.bold, whole=_SHORT_HEAD)
        least = max([head, *(self._longest_word(text, self.faces) for text in texts)])
        whole = [fonts.width(text, self.faces, 1) for text in texts]
        return Wants(least, max([head, *whole]), column.numeric)

    def _longest_word(self, text: str, faces: tuple[str, ...], *, whole: int = 0) -> float:
        """Chinese breaks after any letter, unless it is as short as `whole`; the rest at blanks."""
        if len(text) <= whole:
            return fonts.width(text, faces, 1)
        spaced = "".join(letter if ord(letter) < _CHINESE else f" {letter} " for letter in text)
        return max((fonts.width(word, faces, 1) for word in spaced.split()), default=0.0)

    def _style(
        self,
        face: str,
        size: float,
        *,
        right: bool = False,
        colour: HexColor = _INK,
        text: str = "",
    ) -> ParagraphStyle:
        """Words with Chinese in them break after any letter, others between words."""
        is_chinese = any(ord(letter) >= _CHINESE for letter in text)
        return ParagraphStyle(
            "words",
            fontName=face,
            fontSize=size,
            leading=size * 1.35,
            textColor=colour,
            wordWrap="CJK" if is_chinese else None,
            alignment=TA_RIGHT if right else 0,
        )


def _padded(*, left: float) -> list[tuple[object, ...]]:
    whole = ((0, 0), (-1, -1))
    return [
        ("LEFTPADDING", *whole, left),
        ("RIGHTPADDING", *whole, _PADDING),
        ("TOPPADDING", *whole, 1.5),
        ("BOTTOMPADDING", *whole, 2.5),
    ]
