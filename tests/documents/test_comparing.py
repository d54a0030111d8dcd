"""Which pages of a new version differ: pages that were put in, left out, changed, and those that only moved."""

import pytest

from documents.comparing import PageChanges, PrintedPage, changes_between, printed_page, ranges_of

TEXT = {
    "A": "Căn cứ Luật Tổ chức chính quyền địa phương và Luật Ngân sách nhà nước",
    "B": "Tổng thu ngân sách trên địa bàn là 12.500 tỷ đồng",
    "b": "Tổng thu ngân sách trên địa bàn là 12.900 tỷ đồng",
    "C": "Chi đầu tư phát triển từ nguồn thu tiền sử dụng đất",
    "c": "Chi đầu tư phát triển từ nguồn thu xổ số kiến thiết",
    "D": "Tổ chức thực hiện: Sở Tài chính chủ trì, phối hợp các sở, ngành",
    "X": "Phụ lục kèm theo: danh mục dự án khởi công mới trong kỳ",
    "Y": "Nơi nhận: như trên; lưu văn thư, tổng hợp",
}


def pages(letters: str, *, numbered: bool = True) -> list[PrintedPage]:
    """Small letters are changed pages, digits are scans (the same digit is the same picture), "?" shows nothing."""
    made = []
    for number, letter in enumerate(letters, start=1):
        lines = [str(number), TEXT[letter]] if letter in TEXT and numbered else [TEXT[letter]] if letter in TEXT else []
        picture = letter.encode() if letter.isdigit() else None
        made.append(printed_page(number, lines, picture))
    return made


@pytest.mark.parametrize(
    ("old", "new", "changed", "added", "removed"),
    [
        ("ABCD", "ABCD", [], [], []),
        ("ABCD", "AbcD", [2, 3], [], []),
        ("ABCD", "ABXCD", [], [3], []),  # C and D moved down, and bear other numbers
        ("ABCD", "ABCDX", [], [5], []),
        ("ABCD", "ACD", [], [], [2]),
        ("ABCD", "AXbCD", [3], [2], []),  # put in before one that changed
        ("ABCD", "AbXCD", [2], [3], []),
        ("ABCD", "AcD", [2], [], [2]),  # B left out, C changed
        ("ABCD", "AXCD", [2], [], []),  # another page in its place
        ("AB", "XAbY", [3], [1, 4], []),
        ("A", "", [], [], [1]),
        ("", "AB", [], [1, 2], []),
        ("AA", "AAA", [], [3], []),
        ("123", "123", [], [], []),
        ("123", "143", [2], [], []),
        ("123", "1423", [], [2], []),
        ("12", "345", [1, 2], [3], []),  # scanned anew, one page more
        ("A?B", "A?B", [2], [], []),  # what cannot be compared counts as changed
    ],
)
def test_pages_are_aligned(old: str, new: str, changed: list[int], added: list[int], removed: list[int]) -> None:
    assert changes_between(pages(old), pages(new)) == PageChanges(changed, added, removed)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["3", "Tổng thu 12.500"], ["- 3 -", "Tổng thu", "12.500"], True),  # other lines, another number on the page
        (["Trang 3/12", "Tổng thu"], ["Trang 3/13", "Tổng thu"], True),
        (["Tổng thu 12.500"], ["Tổng thu 12,500"], False),
        (["4", "Tổng thu"], ["5", "Tổng thu"], False),  # a number that is not the page's own is a figure
        (["Điều 3"], ["Điều 4"], False),
        (["Ho\u00e0"], ["Hoa\u0300"], True),  # one letter or letter and accent
    ],
)
def test_what_counts_on_a_page(one: list[str], other: list[str], same: bool) -> None:
    assert printed_page(3, one).is_same_as(printed_page(3, other)) is same


def test_of_a_page_with_words_the_picture_is_not_looked_at() -> None:
    assert printed_page(1, ["Tờ trình"], b"one").is_same_as(printed_page(1, ["Tờ trình"], b"other"))
    assert not printed_page(1, [], b"one").is_same_as(printed_page(1, [], b"other"))


def test_a_long_paper_that_changed_all_over_is_compared_in_its_order() -> None:
    old = [printed_page(number, [f"một {number}a"]) for number in range(1, 301)]
    new = [printed_page(number, [f"hai {number}b"]) for number in range(1, 302)]
    assert changes_between(old, new) == PageChanges(list(range(1, 301)), [301], [])


def test_runs_of_pages() -> None:
    assert ranges_of([]) == []
    assert ranges_of([3, 4, 5, 9]) == [(3, 5), (9, 9)]
