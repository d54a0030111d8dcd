"""Lines in the order in which they are read, and paragraphs made of them."""

import time
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from documents.geometry import Box
from documents.paragraphs import Paragraph, paragraphs_of
from documents.reading_order import reading_order

LEADING = 14.0
UPRIGHT = (1, 0, 0, 1, 0, 0)  # spans that are in the view already


def line(x0: float, row: float, x1: float) -> Box:
    return Box(x0, 100 + LEADING * row, x1, 110 + LEADING * row)


def column(x0: float, x1: float, rows: int, first: int = 0) -> list[Box]:
    return [line(x0, first + row, x1 if (row + 1) % 5 else (x0 + x1) / 2) for row in range(rows)]


LEFT, RIGHT = column(70, 290, 9), column(310, 530, 9)
ACROSS = [box for pair in zip(LEFT, RIGHT, strict=True) for box in pair]


def read(lines: list[Box], text: str = "của báo cáo") -> list[Box]:
    return [lines[place] for place in reading_order([text] * len(lines), lines)]


def test_columns_written_across_are_read_one_after_the_other() -> None:
    title = line(70, -3, 530)
    assert read([title, *ACROSS]) == [title, *LEFT, *RIGHT]


def test_columns_under_a_line_that_runs_across_begin_anew() -> None:
    below = [column(70, 290, 6, 12), column(310, 530, 6, 12)]
    across = [box for pair in zip(*below, strict=True) for box in pair]
    wall = line(70, 10, 530)
    assert read([*ACROSS, wall, *across]) == [*LEFT, *RIGHT, wall, *below[0], *below[1]]


def test_three_columns_are_read_from_left_to_right() -> None:
    columns = [column(x0, x0 + 130, 8) for x0 in (70, 230, 390)]
    assert read([box for row in zip(*columns, strict=True) for box in row]) == [*chain(*columns)]


def test_columns_that_were_written_one_after_the_other_stay() -> None:
    assert read([*LEFT, *RIGHT]) == [*LEFT, *RIGHT]


def test_a_table_stays_as_it_was_written() -> None:
    rows = [
        [line(70, row, 90), line(100, row, 180 + 40 * (row % 3)), line(400, row, 440), line(480, row, 530)]
        for row in range(12)
    ]
    assert read([*chain(*rows)], "Chi 2027") == [*chain(*rows)]


def test_the_old_wording_beside_the_new_one_stays_cell_by_cell() -> None:
    rows = [[*column(70, 290, 3, 4 * row), *column(310, 530, 3, 4 * row)] for row in range(4)]
    assert read([*chain(*rows)]) == [*chain(*rows)]


def test_a_list_in_two_columns_stays_row_by_row() -> None:
    assert read(ACROSS, "Nguyễn Văn An") == ACROSS


def test_a_letterhead_stays_as_it_was_written() -> None:
    head = [line(70, 0, 250), line(310, 0, 530), line(100, 1, 220), line(340, 1, 500), line(120, 2, 200)]
    assert read(head) == head


boxes = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height),
    *(st.floats(0, 800), st.floats(0, 800), st.floats(0, 600), st.floats(0, 40)),
)


@given(st.lists(boxes, max_size=60))
def test_every_line_is_read_once(lines: list[Box]) -> None:
    assert sorted(reading_order([""] * len(lines), lines)) == list(range(len(lines)))


@given(st.lists(st.tuples(st.text(max_size=8), boxes), max_size=40))
def test_no_word_is_lost_among_paragraphs(lines: list[tuple[str, Box]]) -> None:
    found = paragraphs_of([{"text": text, "box": box} for text, box in lines], UPRIGHT)
    assert " ".join(one.text for one in found).split() == " ".join(text for text, _box in lines).split()


def test_a_heap_of_letters_takes_no_time() -> None:
    letters = [span("x", Box(70, row * 14.0, 76, row * 14.0 + 12)) for row in range(5000)]
    began = time.process_time()
    paragraphs_of(letters, UPRIGHT)
    assert time.process_time() - began < 2  # it takes 0.1 s


def span(text: str, box: Box) -> dict[str, object]:
    return {"text": text, "box": list(box)}


def test_lines_of_one_paragraph_flow_and_the_next_begins_with_its_indent() -> None:
    said = paragraphs_of(
        [
            span("Thực hiện nghị quyết của Hội đồng nhân dân tỉnh,", line(90, 0, 530)),
            span("Sở Tài chính trình Ủy ban nhân dân tỉnh", line(70, 1, 528)),
            span("dự toán năm 2027.", line(70, 2, 180)),
            span("Dự toán gồm ba phần.", line(90, 3, 300)),
            span("- Thu ngân sách;", line(90, 4, 528)),
            span("- Chi ngân sách.", line(90, 5, 240)),
        ],
        UPRIGHT,
    )
    assert [one.text for one in said] == [
        "Thực hiện nghị quyết của Hội đồng nhân dân tỉnh, Sở Tài chính trình Ủy ban nhân dân tỉnh dự toán năm 2027.",
        "Dự toán gồm ba phần.",
        "- Thu ngân sách;",
        "- Chi ngân sách.",
    ]


def test_titles_grounds_and_articles_begin_anew() -> None:
    texts = ("Căn cứ Luật Đầu tư công;", "Căn cứ Luật Ngân sách;", "QUYẾT NGHỊ:", "Điều 1. Dự toán năm 2027")
    said = paragraphs_of([span(text, line(70, row, 300)) for row, text in enumerate(texts)], UPRIGHT)
    assert [one.text for one in said] == list(texts)


def test_cells_side_by_side_are_a_row_also_where_one_has_two_lines() -> None:
    said = paragraphs_of(
        [
            span("1", line(70, 0, 80)),
            span("Chi đầu tư", line(120, 0, 200)),
            span("phát triển", line(120, 1, 180)),
            span("1.234", line(400, 0, 440)),
            span("2", line(70, 2.5, 80)),
            span("Chi thường xuyên", line(120, 2.5, 230)),
            span("5.678", line(400, 2.5, 440)),
        ],
        UPRIGHT,
    )
    assert said == [
        Paragraph("row", "1 Chi đầu tư phát triển 1.234", ("1", "Chi đầu tư phát triển", "1.234")),
        Paragraph("row", "2 Chi thường xuyên 5.678", ("2", "Chi thường xuyên", "5.678")),
    ]


def test_a_title_of_the_outline_is_a_heading() -> None:
    said = paragraphs_of([span("II. NGUỒN  VỐN", line(70, 0, 200))], UPRIGHT, ["II. Nguồn vốn"])
    assert said == [Paragraph("heading", "II. NGUỒN VỐN")]
