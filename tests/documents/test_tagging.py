"""What a tagged PDF says about its lines: headings, lists and cells of tables are what the file says they are."""

import random
from pathlib import Path

import pytest

from documents.children import Child
from documents.paragraphs import Cell, Paragraph, paragraphs_of
from documents.tagging import Line, Piece, Tag, TooMuch, tagged_lines
from tests.documents.hostile import COURIER, PAGE_BOX, objects, stream

EAST = (1.0, 0.0)


def line(text: str, x: float, y: float, *, width: float = 6.0) -> Line:
    return Line([(letter, (x + width * n, y, x + width * (n + 1), y + 10)) for n, letter in enumerate(text)], EAST)


def piece(text: str, x: float, y: float, tag: Tag, *, width: float = 6.0) -> Piece:
    return Piece((x, y, x + width * len(text), y + 10), tag)


def said(lines: list[Line]) -> list[tuple[str, Tag | None]]:
    return [(one.text, one.tag) for one in lines]


# -- Lines and what they are part of -----------------------------------------------------------------------------------


def test_lines_are_read_in_the_order_of_the_structure() -> None:
    pieces = [piece("dau", 50, 100, ["h1", 1]), piece("giua", 50, 300, ["p", 2]), piece("cuoi", 50, 200, ["p", 3])]
    lines = [line("cuoi", 50, 200), line("dau", 50, 100), line("giua", 50, 300)]
    assert said(tagged_lines(lines, pieces)) == [("dau", ["h1", 1]), ("giua", ["p", 2]), ("cuoi", ["p", 3])]


def test_what_has_no_tag_stays_behind_what_it_followed() -> None:
    pieces = [piece(text, 50, y, ["p", y % 200]) for text, y in (("hai", 200), ("ba", 300), ("mot", 100))]
    lines = [
        line("9", 300, 20),
        line("mot", 50, 100),
        line("chu thich", 50, 120),
        line("hai", 50, 200),
        line("ba", 50, 300),
    ]
    found = tagged_lines(lines, pieces)
    assert [one.text for one in found] == ["9", "hai", "ba", "mot", "chu thich"], (
        "behind all of the element it followed"
    )


def test_a_line_across_two_cells_becomes_two() -> None:
    pieces = [piece("thu", 50, 100, ["td", 1, 2, 3]), piece("9.326", 80, 100, ["td", 1, 2, 4])]
    found = tagged_lines([line("thu  9.326", 50, 100)], pieces)
    assert [(text.strip(), tag) for text, tag in said(found)] == [("thu", ["td", 1, 2, 3]), ("9.326", ["td", 1, 2, 4])]


def test_a_watermark_across_the_page_is_torn_into_no_paragraph() -> None:
    pieces = [piece(f"doan van thu {n}", 50, 100 + 20 * n, ["p", n]) for n in range(6)]
    lines = [line(f"doan van thu {n}", 50, 100 + 20 * n) for n in range(6)]
    slanting = Line(
        [(letter, (50 + 20 * n, 180 - 20 * n, 90 + 20 * n, 220 - 20 * n)) for n, letter in enumerate("DU THAO")],
        (0.7, -0.7),
    )
    lying = Line([(letter, (50 + 40 * n, 120, 90 + 40 * n, 180)) for n, letter in enumerate("MAU")], EAST)
    found = said(tagged_lines([*lines, slanting, lying], pieces))
    assert [one for one in found if one[1] is None] == [("DU THAO", None), ("MAU", None)]
    assert [text for text, tag in found if tag] == [one.text for one in lines]


def test_a_word_in_two_runs_beside_another_cell_stays_one_word() -> None:
    pieces = [
        piece("UB", 50, 100, ["td", 1, 2, 3]),
        piece("ND", 62, 100, ["td", 1, 2, 3]),
        piece("9", 86, 100, ["td", 1, 2, 4]),
    ]
    assert [text.strip() for text, _tag in said(tagged_lines([line("UBND  9", 50, 100)], pieces))] == ["UBND", "9"]


def test_a_page_that_would_take_for_ever_is_given_up() -> None:
    lines = [line("abcde", 50, 100) for _time in range(2000)]
    pieces = [piece("abcde", 50, 100, ["p", number]) for number in range(2000)]
    with pytest.raises(TooMuch):
        tagged_lines(lines, pieces)


def test_a_sign_and_its_words_of_one_item_stay_one_line() -> None:
    pieces = [piece("-", 50, 100, ["li", 1]), piece("thu", 62, 100, ["li", 1])]
    assert said(tagged_lines([line("- thu", 50, 100)], pieces)) == [("- thu", ["li", 1])]


def test_a_page_of_which_little_is_tagged_is_read_as_one_without_tags() -> None:
    lines = [line(str(number), 50, 20 * number) for number in range(1, 5)]
    pieces = [piece("1", 50, 20, ["p", 1]), piece("2", 50, 40, ["p", 2])]
    assert tagged_lines(lines, pieces) == lines


@pytest.mark.parametrize("seed", range(30))
def test_no_letter_is_lost_and_none_comes_twice(seed: int) -> None:
    dice = random.Random(seed)
    lines = [
        line("".join(dice.choices("abc ", k=dice.randint(1, 20))) + "x", dice.uniform(0, 400), dice.uniform(0, 800))
        for _number in range(dice.randint(1, 40))
    ]
    pieces = [
        Piece((x := dice.uniform(0, 500), y := dice.uniform(0, 800), x + dice.uniform(0, 200), y + 10), ["p", number])
        for number in range(dice.randint(0, 60))
    ]
    found = tagged_lines(lines, pieces)
    letters = sorted(letter for one in found for letter in one.letters if letter[0].strip())
    assert letters == sorted(letter for one in lines for letter in one.letters if letter[0].strip())


# -- Paragraphs --------------------------------------------------------------------------------------------------------

UPRIGHT = (1, 0, 0, -1, 0, 842)


def span(text: str, *tag: str | int, x: int = 50, width: int = 40) -> dict[str, object]:
    box = [x, 700, x + width, 712]
    return {"text": text, "box": box, "tag": list(tag)} if tag else {"text": text, "box": [50, 9, 99, 19]}


def cells_of(rows: list[list[tuple[str, int]]]) -> list[list[str]]:
    """The table that is made of cells at these places, as texts."""
    spans = [
        span(text, "td", 1, 100 + r, 1000 + 10 * r + c, x=x)
        for r, row in enumerate(rows)
        for c, (text, x) in enumerate(row)
    ]
    (table,) = paragraphs_of(spans, UPRIGHT)
    return [[cell.text for cell in row] for row in table.rows]


def test_a_figure_stands_under_its_year_also_beside_an_empty_cell() -> None:
    found = cells_of(
        [
            [("Chi tieu", 50), ("2025", 200), ("2026", 300)], [("Thu", 50), ("9.326", 300)],
            [("Chi", 50), ("1", 200), ("2", 300)], [("A. TONG", 50)], [("Ca hai nam", 250), ("x", 50)],
        ]
    )  # fmt: skip
    assert found == [
        ["Chi tieu", "2025", "2026"], ["Thu", "", "9.326"], ["Chi", "1", "2"], ["A. TONG"], ["Ca hai nam x"],
    ]  # fmt: skip


def test_columns_that_touch_are_columns() -> None:
    found = cells_of(
        [[("Noi dung", 50), ("2025", 88), ("2026", 126)], [("Thu", 50), ("9", 126)], [("a", 50), ("b", 88), ("c", 126)]]
    )
    assert found == [["Noi dung", "2025", "2026"], ["Thu", "", "9"], ["a", "b", "c"]]


def test_a_table_whose_columns_nobody_can_tell_is_read_row_by_row() -> None:
    rows = [[("a", 50), ("b", 70)], [("c", 200), ("d", 60)], [("e", 50), ("f", 300)]]
    spans = [
        span(text, "td", 1, 100 + r, 1000 + 10 * r + c, x=x)
        for r, row in enumerate(rows)
        for c, (text, x) in enumerate(row)
    ]
    assert [one.kind for one in paragraphs_of(spans, UPRIGHT)] == ["row", "row", "row"]


def test_headings_lists_and_tables_are_what_the_file_says() -> None:
    found = paragraphs_of(
        [
            span("BÁO CÁO", "h1", 1), span("Tình hình", "h4", 2),
            span("Dòng thứ nhất", "p", 3), span("và thứ hai", "p", 3),
            span("a) Thu", "li", 4), span("b) Chi", "li", 5), span("ngân sách", "li", 5),
            span("Chỉ tiêu", "th", 6, 7, 8), span("Năm 2026", "th", 6, 7, 9, x=200),
            span("Thu nội địa", "td", 6, 10, 11), span("toàn tỉnh", "td", 6, 10, 11),
            span("9.326", "td", 6, 10, 12, x=200),
            span("3"),
        ],
        UPRIGHT,
    )  # fmt: skip
    assert [(one.kind, one.level) for one in found[:2]] == [("heading", 3), ("heading", 6)]
    assert found[2] == Paragraph("paragraph", "Dòng thứ nhất và thứ hai")
    assert found[3].items == ("a) Thu", "b) Chi ngân sách")
    assert found[4].rows == (
        (Cell("Chỉ tiêu", True), Cell("Năm 2026", True)),
        (Cell("Thu nội địa toàn tỉnh", False), Cell("9.326", False)),
    )
    assert found[5] == Paragraph("paragraph", "3")


def test_the_head_of_a_letter_is_no_table() -> None:
    head = [
        span("ỦY BAN NHÂN DÂN", "td", 1, 2, 3),
        span("CỘNG HÒA XÃ HỘI", "td", 1, 2, 4),
        span("Số: 9", "td", 1, 5, 6),
    ]
    rows = paragraphs_of(head, UPRIGHT)
    assert [(row.kind, row.cells) for row in rows] == [
        ("row", ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI")),
        ("row", ("Số: 9",)),
    ]


def test_a_paragraph_that_the_outline_names_is_a_heading() -> None:
    (found,) = paragraphs_of([span("I. TÌNH HÌNH", "p", 1)], UPRIGHT, ["I. Tình hình"])
    assert (found.kind, found.level) == ("heading", 3)


# -- Files -------------------------------------------------------------------------------------------------------------


def tagged_pdf(*, suspects: bool = False, page: bytes = b"") -> bytes:
    """A page that is written from below; its tags say: a heading, a table of two rows, a paragraph."""
    written = [
        (4, "Ket thuc", 50, 100),
        (2, "Thu", 50, 300),
        (3, "9326", 90, 300),
        (1, "Chi tieu", 50, 400),
        (0, "BAO CAO", 50, 700),
    ]
    contents = b" ".join(
        b"/P <</MCID %d>> BDC BT /F 12 Tf %d %d Td (%b) Tj ET EMC" % (part, x, y, text.encode())
        for part, text, x, y in written
    )

    def element(kind: bytes, parent: int, children: bytes) -> bytes:
        return b"<</Type/StructElem/S/%b/P %d 0 R/Pg 3 0 R/K %b>>" % (kind, parent, children)

    return objects(
        b"<</Type/Catalog/Pages 2 0 R/MarkInfo<</Marked true/Suspects %b>>/StructTreeRoot 6 0 R>>"
        % (b"true" if suspects else b"false"),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b/StructParents 0/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R%b>>"
        % (PAGE_BOX, page),
        stream(contents),
        COURIER,
        b"<</Type/StructTreeRoot/K 7 0 R/ParentTree<</Nums[0 [8 0 R 11 0 R 13 0 R 14 0 R 15 0 R]]>>>>",
        element(b"Document", 6, b"[8 0 R 9 0 R 15 0 R]"),
        element(b"H1", 7, b"0"),
        element(b"Table", 7, b"[10 0 R 12 0 R]"),
        element(b"TR", 9, b"[11 0 R]"),
        element(b"TH", 10, b"1"),
        element(b"TR", 9, b"[13 0 R 14 0 R]"),
        element(b"TD", 12, b"2"),
        element(b"TD", 12, b"3"),
        element(b"P", 7, b"4"),
    )  # fmt: skip


def spans_of(content: bytes, folder: Path) -> list[dict[str, object]]:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    with Child(path) as child:
        return list(child.text(1)["spans"])


def test_a_tagged_file_is_read_as_its_tags_say(tmp_path: Path) -> None:
    spans = spans_of(tagged_pdf(), tmp_path)
    heading, table, end = paragraphs_of(spans, UPRIGHT)
    assert (heading.kind, heading.text, end.kind, end.text) == ("heading", "BAO CAO", "paragraph", "Ket thuc")
    assert [[cell.text.strip() for cell in row] for row in table.rows] == [["Chi tieu"], ["Thu", "9326"]]


@pytest.mark.parametrize("page", [b"/Rotate 90", b"/Rotate 180/CropBox[20 30 500 800]", b"/UserUnit 2"])
def test_a_page_that_is_turned_or_cropped_keeps_its_tags(tmp_path: Path, page: bytes) -> None:
    spans = spans_of(tagged_pdf(page=page), tmp_path)
    assert [(str(one["text"]).strip(), one["tag"][0]) for one in spans if "tag" in one] == [
        ("BAO CAO", "h1"), ("Chi tieu", "th"), ("Thu", "td"), ("9326", "td"), ("Ket thuc", "p"),
    ]  # fmt: skip


def test_tags_that_the_file_itself_suspects_are_not_believed(tmp_path: Path) -> None:
    spans = spans_of(tagged_pdf(suspects=True), tmp_path)
    assert "tag" not in spans[0]
    assert spans[0]["text"] == "Ket thuc"
