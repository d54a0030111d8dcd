"""Sets administrative papers in the form of Decree 30/2020: a small typesetter on top of PyMuPDF.

Every glyph comes from the shipped Noto Serif, so a paper looks the same on every machine. The package holds no bold
cut: bold is the regular cut with a stroke around it, a little wider set.
"""

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import fontpkg_noto_serif
import pymupdf

MM = 72 / 25.4
A4_WIDTH, A4_HEIGHT = 210 * MM, 297 * MM
# Decree 30/2020: top and bottom 20-25 mm, left 30-35, right 15-20.
TOP, BOTTOM, LEFT, RIGHT = 22 * MM, 20 * MM, 30 * MM, 16 * MM
FIRST_LINE_INDENT = 10 * MM
# Noto Serif stands larger on its body than Times, so 12 points of it read like 13 to 14 points of Times.
BODY_SIZE = 12.0
TABLE_SIZE = 9.6
LINE = 1.42
BOLD_STROKE_EM = 0.038
BOLD_TRACKING_EM = 0.026
CELL_PADDING = 3.2
GREY = "0.45 0.45 0.45"

FONT_FOLDER = Path(fontpkg_noto_serif.__file__).parent / "files"
FONT_FILES = {"F0": FONT_FOLDER / "NotoSerif[wdth,wght].ttf", "F1": FONT_FOLDER / "NotoSerif-Italic[wdth,wght].ttf"}


class Style(NamedTuple):
    size: float = BODY_SIZE
    bold: bool = False
    italic: bool = False

    @property
    def face(self) -> "Face":
        return FACES["F1" if self.italic else "F0"]


class Face:
    """One font file with the widths and glyph numbers of the letters met so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._font: pymupdf.Font | None = None
        self._letters: dict[str, tuple[str, float]] = {}

    def letter(self, letter: str) -> tuple[str, float]:
        """Return the glyph number as four hexadecimal digits and the width in em."""
        if letter not in self._letters:
            if self._font is None:
                self._font = pymupdf.Font(fontfile=str(FONT_FILES[self.name]))
            glyph = self._font.has_glyph(ord(letter))
            if not glyph:
                raise ValueError(f"Noto Serif has no letter {letter!r}")
            self._letters[letter] = (f"{glyph:04x}", self._font.glyph_advance(ord(letter)))
        return self._letters[letter]


FACES = {name: Face(name) for name in FONT_FILES}


class Piece(NamedTuple):
    """Letters of one style that stand together."""

    text: str
    style: Style

    @property
    def width(self) -> float:
        em = sum(self.style.face.letter(letter)[1] for letter in self.text)
        if self.style.bold:
            em += BOLD_TRACKING_EM * len(self.text)
        return em * self.style.size

    @property
    def glyphs(self) -> str:
        return "".join(self.style.face.letter(letter)[0] for letter in self.text)


class Word(NamedTuple):
    pieces: tuple[Piece, ...]
    width: float


class SetLine(NamedTuple):
    words: list[Word]
    width: float
    is_last: bool


def words_of(markup: str, style: Style) -> list[Word]:
    """Cut a text into words; `**bold**` and `__italic__` may stand in it."""
    words: list[Word] = []
    pieces: list[Piece] = []

    def end_word() -> None:
        if pieces:
            words.append(Word(tuple(pieces), sum(piece.width for piece in pieces)))
            pieces.clear()

    for part in re.split(r"(\*\*|__|\s+)", markup):
        if part == "**":
            style = style._replace(bold=not style.bold)
        elif part == "__":
            style = style._replace(italic=not style.italic)
        elif part.isspace():
            end_word()
        elif part:
            pieces.append(Piece(part.replace("~", "\u00a0"), style))
    end_word()
    return words


def space_after(word: Word) -> float:
    style = word.pieces[-1].style
    return style.face.letter(" ")[1] * style.size


def lines_of(words: Sequence[Word], width: float, *, first_indent: float = 0) -> list[SetLine]:
    """Break greedily: Vietnamese syllables are short, so justified lines stay even."""
    lines: list[SetLine] = []
    line: list[Word] = []
    used = 0.0
    room = width - first_indent
    for word in words:
        gap = space_after(line[-1]) if line else 0.0
        if line and used + gap + word.width > room:
            lines.append(SetLine(line, used, is_last=False))
            line, used, gap, room = [], 0.0, 0.0, width
        line.append(word)
        used += gap + word.width
    if line:
        lines.append(SetLine(line, used, is_last=True))
    return lines


def text_width(text: str, style: Style) -> float:
    return sum(piece.width for word in words_of(text, style) for piece in word.pieces) + style.face.letter(" ")[
        1
    ] * style.size * text.count(" ")


@dataclass(frozen=True)
class Column:
    title: str
    width: float  # share of the text width
    align: str = "left"


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    bold: bool = False
    italic: bool = False


@dataclass
class Side:
    """One side of paper being written; `rotated` sides are landscape drawings stored upright with /Rotate 90."""

    rotated: bool = False
    sheet: tuple[float, float] = (A4_WIDTH, A4_HEIGHT)  # width and height of the paper, in points
    operators: list[str] = field(default_factory=list)

    @property
    def width(self) -> float:
        return self.sheet[1] if self.rotated else self.sheet[0]

    @property
    def height(self) -> float:
        return self.sheet[0] if self.rotated else self.sheet[1]


class Link(NamedTuple):
    side: int
    rectangle: tuple[float, float, float, float]
    target: str


class Typesetter:
    """Writes one paper from top to bottom; `y` is the distance from the top edge in points."""

    def __init__(self, *, title: str, author: str, date: str, foot: str = "") -> None:
        self.metadata = {"title": title, "author": author, "creationDate": date, "modDate": date, "producer": "Phiên"}
        self.sides: list[Side] = []
        self.outline: list[tuple[int, str, int]] = []
        self.links: list[Link] = []
        self.anchors: dict[str, int] = {}
        self.foot = foot
        self.y = 0.0
        self.new_side()

    # Sides

    @property
    def side(self) -> Side:
        return self.sides[-1]

    @property
    def side_number(self) -> int:
        return len(self.sides)

    @property
    def text_width(self) -> float:
        return self.side.width - LEFT - RIGHT

    @property
    def room(self) -> float:
        return self.side.height - BOTTOM - self.y

    def new_side(self, *, rotated: bool = False, sheet: tuple[float, float] = (A4_WIDTH, A4_HEIGHT)) -> None:
        self.sides.append(Side(rotated, sheet))
        self.y = TOP
        if self.side_number > 1:
            number = str(self.side_number)
            self.line_at(number, self.side.width / 2, TOP - 8 * MM, Style(11.5), align="center")

    def need(self, height: float) -> None:
        if self.room < height:
            self.new_side(rotated=self.side.rotated)

    def skip(self, height: float) -> None:
        self.y += height

    # Outline and links

    def mark(self, title: str, *, level: int = 1, anchor: str = "") -> None:
        self.outline.append((level, re.sub(r"\*\*|__", "", title).replace("~", " "), self.side_number))
        if anchor:
            self.anchors[anchor] = self.side_number

    # Text

    def set_words(self, words: Sequence[Word], x: float, baseline: float, *, stretch: float = 0.0) -> None:
        """Write one line; `stretch` points are added to every space."""
        operators = [f"BT 1 0 0 1 {x:.2f} {self.side.height - baseline:.2f} Tm"]
        current: Style | None = None
        shown: list[str] = []

        def show() -> None:
            if shown:
                operators.append(f"[{''.join(shown)}]TJ")
                shown.clear()

        for index, word in enumerate(words):
            for piece in word.pieces:
                if piece.style != current:
                    show()
                    current = piece.style
                    operators.append(font_operators(current))
                shown.append(f"<{piece.glyphs}>")
            if index + 1 < len(words):
                style = word.pieces[-1].style
                extra = stretch - (BOLD_TRACKING_EM * style.size if style.bold else 0)
                shown.append(f"<{style.face.letter(' ')[0]}>{-1000 * extra / style.size:.0f}")
        show()
        operators.append("ET")
        self.side.operators.append(" ".join(operators))

    def line_at(self, text: str, x: float, baseline: float, style: Style, *, align: str = "left") -> float:
        """Write one unbroken line and return its width."""
        words = words_of(text, style)
        width = sum(word.width for word in words) + sum(space_after(word) for word in words[:-1])
        left = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        self.set_words(words, left, baseline)
        return width

    def line_on_circle(self, text: str, x: float, y: float, radius: float, style: Style) -> None:
        """Write a line around the upper half of a circle, its middle at the top."""
        pieces = [Piece(letter, style) for letter in text]
        angle = -sum(piece.width for piece in pieces) / radius / 2
        for piece in pieces:
            angle += piece.width / radius / 2
            cos, sin = math.cos(angle), math.sin(angle)
            left = x + radius * sin - piece.width / 2 * cos
            base = self.side.height - (y - radius * cos) + piece.width / 2 * sin
            turn = f"{cos:.4f} {-sin:.4f} {sin:.4f} {cos:.4f} {left:.2f} {base:.2f} Tm"
            self.draw(f"BT {turn} {font_operators(style)} <{piece.glyphs}>Tj ET")
            angle += piece.width / radius / 2

    def centred(self, text: str, style: Style, *, after: float = 0.0, middle: float | None = None) -> None:
        middle = LEFT + self.text_width / 2 if middle is None else middle
        for line in text.split("\n"):
            self.need(style.size * LINE)
            self.y += style.size * 1.3
            self.line_at(line, middle, self.y, style, align="center")
        self.y += after

    def paragraph(
        self,
        text: str,
        *,
        style: Style = Style(),  # noqa: B008 - immutable
        indent: float = FIRST_LINE_INDENT,
        after: float = 5.0,
        align: str = "justify",
        keep_with_next: float = 0.0,
        left: float = 0.0,
    ) -> None:
        width = self.text_width - left
        lines = lines_of(words_of(text, style), width, first_indent=indent)
        leading = style.size * LINE
        # No single line is left alone at the foot of a side, nor carried over to the next.
        self.need(leading * min(len(lines), 2) + keep_with_next)
        for index, line in enumerate(lines):
            if index and (self.room < leading or (index == len(lines) - 2 and self.room < 2 * leading)):
                self.new_side(rotated=self.side.rotated)
            self.y += leading
            first = indent if index == 0 else 0.0
            self.set_justified(line, LEFT + left + first, width - first, self.y - leading * 0.26, align)
        self.y += after

    def set_justified(self, line: SetLine, x: float, width: float, baseline: float, align: str) -> None:
        spare = width - line.width
        if align == "justify" and not line.is_last and len(line.words) > 1:
            self.set_words(line.words, x, baseline, stretch=spare / (len(line.words) - 1))
        else:
            self.set_words(line.words, x + {"right": spare, "center": spare / 2}.get(align, 0.0), baseline)

    def heading(self, text: str, *, level: int = 1, bold: bool = True, italic: bool = False) -> None:
        style = Style(BODY_SIZE, bold=bold, italic=italic)
        self.need(style.size * LINE * 4)
        self.mark(text, level=level)
        self.paragraph(text, style=style, after=5.0, align="left")

    # Lines and areas

    def draw(self, *operators: str) -> None:
        self.side.operators.append(" ".join(operators))

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5) -> None:
        height = self.side.height
        self.draw(f"{width:.2f} w {x1:.2f} {height - y1:.2f} m {x2:.2f} {height - y2:.2f} l S")

    def area(
        self, points: Iterable[tuple[float, float]], *, fill: str = "", stroke: str = "", width: float = 0.5
    ) -> None:
        """Draw a closed shape; colours are three numbers from 0 to 1, as in `0.9 0.8 0.7`."""
        height = self.side.height
        path = " ".join(f"{x:.1f} {height - y:.1f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points))
        paint = "B" if fill and stroke else "f" if fill else "S"
        colours = (f"{fill} rg " if fill else "") + (f"{stroke} RG " if stroke else "")
        self.draw(f"q {colours}{width:.2f} w {path} h {paint} Q")

    def track(self, points: Iterable[tuple[float, float]], *, colour: str, width: float, dash: str = "") -> None:
        height = self.side.height
        path = " ".join(f"{x:.1f} {height - y:.1f} {'l' if i else 'm'}" for i, (x, y) in enumerate(points))
        self.draw(f"q {colour} RG {width:.2f} w 1 j {f'[{dash}] 0 d' if dash else ''} {path} S Q")

    # Tables

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Row],
        *,
        size: float = TABLE_SIZE,
        until_side: int = 0,
        keep: float = 0.0,
    ) -> list[Row]:
        """Set a table whose head is repeated on every side, and return the rows that were set.

        With `until_side` rows are taken as long as they fit on that side with `keep` points left below them.
        """
        widths = self.widths_of(columns)
        titles = [column.title for column in columns]
        head = self.row_lines(titles, widths, Style(size, bold=True))
        head_height = self.row_height(head, size)
        source = iter(rows)
        first = next(source, None)
        if first is None:
            return []
        self.need(head_height + self.row_height(self.cells_of(first, widths, size), size) + 2 * size)
        self.table_row(head, widths, ["center"] * len(columns), size)
        taken: list[Row] = []
        for row in itertools.chain([first], source):
            cells = self.cells_of(row, widths, size)
            height = self.row_height(cells, size)
            if self.room < height:
                if until_side and self.side_number >= until_side:
                    break
                self.new_side(rotated=self.side.rotated)
                self.table_row(head, widths, ["center"] * len(columns), size)
            if until_side and self.side_number >= until_side and self.room < height + keep:
                break
            self.table_row(cells, widths, [column.align for column in columns], size)
            taken.append(row)
        return taken

    def last_row(self, columns: Sequence[Column], row: Row, *, size: float = TABLE_SIZE) -> None:
        """Set a row below a table that has been set."""
        widths = self.widths_of(columns)
        cells = self.cells_of(row, widths, size)
        self.need(self.row_height(cells, size))
        self.table_row(cells, widths, [column.align for column in columns], size)

    def widths_of(self, columns: Sequence[Column]) -> list[float]:
        total = sum(column.width for column in columns)
        return [column.width / total * self.text_width for column in columns]

    def cells_of(self, row: Row, widths: Sequence[float], size: float) -> list[list[SetLine]]:
        return self.row_lines(row.cells, widths, Style(size, bold=row.bold, italic=row.italic))

    def row_lines(self, cells: Sequence[str], widths: Sequence[float], style: Style) -> list[list[SetLine]]:
        return [
            [line for part in cell.split("\n") for line in lines_of(words_of(part, style), width - 2 * CELL_PADDING)]
            for cell, width in zip(cells, widths, strict=True)
        ]

    def row_height(self, cells: Sequence[Sequence[SetLine]], size: float) -> float:
        return max(len(lines) for lines in cells) * size * 1.32 + 2 * CELL_PADDING

    def table_row(
        self, cells: Sequence[Sequence[SetLine]], widths: Sequence[float], aligns: Sequence[str], size: float
    ) -> None:
        height = self.row_height(cells, size)
        x = LEFT
        self.draw(f"0.4 w {LEFT:.2f} {self.side.height - self.y - height:.2f} {sum(widths):.2f} {height:.2f} re S")
        for lines, width, align in zip(cells, widths, aligns, strict=True):
            if x > LEFT:
                self.rule(x, self.y, x, self.y + height, width=0.4)
            above = (height - len(lines) * size * 1.32) / 2 if align != "justify" else CELL_PADDING
            for index, line in enumerate(lines):
                baseline = self.y + above + (index + 0.76) * size * 1.32
                self.set_justified(line, x + CELL_PADDING, width - 2 * CELL_PADDING, baseline, align)
            x += width
        self.y += height

    # The finished paper

    def write_foot(self) -> None:
        """Write the small grey line at the foot of the first side, last, so that a screen reader comes to it last."""
        first = self.sides[0]
        words = words_of(self.foot, Style(7.5, italic=True))
        [line] = lines_of(words, first.width)
        before, self.sides = self.sides, [first]
        self.draw(f"q {GREY} rg")
        self.set_words(line.words, LEFT + (self.text_width - line.width) / 2, first.height - 28)
        self.draw("Q")
        self.sides = before

    def save(self, path: Path) -> None:
        if self.foot:
            self.write_foot()
        with pymupdf.open() as document:
            for side in self.sides:
                page = document.new_page(width=side.sheet[0], height=side.sheet[1])
                for name, file in FONT_FILES.items():
                    page.insert_font(fontname=name, fontfile=str(file))
                turn = f"0 1 -1 0 {side.sheet[0]:.2f} 0 cm\n" if side.rotated else ""
                stream = document.get_new_xref()
                document.update_object(stream, "<<>>")
                document.update_stream(stream, (turn + "\n".join(side.operators)).encode("ascii"), compress=True)
                page.set_contents(stream)
                if side.rotated:
                    page.set_rotation(90)
            for link in self.links:
                target = {"kind": pymupdf.LINK_GOTO, "page": self.anchors[link.target] - 1, "to": pymupdf.Point(0, 0)}
                document[link.side - 1].insert_link({**target, "from": pymupdf.Rect(link.rectangle)})
            document.set_toc([list(entry) for entry in self.outline])
            document.set_metadata(self.metadata)
            document.set_language("vi")
            document.subset_fonts()
            document.save(path, garbage=4, deflate=True, no_new_id=True, use_objstms=1)


def font_operators(style: Style) -> str:
    select = f"/{style.face.name} {style.size:g} Tf"
    if style.bold:
        return f"{select} 2 Tr {BOLD_STROKE_EM * style.size:.3f} w {BOLD_TRACKING_EM * style.size:.3f} Tc"
    return f"{select} 0 Tr 0 Tc"


def grouped(number: float, decimals: int = 0) -> str:
    """Write a number as Vietnamese papers do: 1.234.567 and 12,5."""
    text = f"{number:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))
