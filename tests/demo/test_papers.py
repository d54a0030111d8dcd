"""The papers of the demo: right in form, the same each time, and readable as Vietnamese."""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from config.demo import filing
from config.demo.papers import PAPERS, make_papers
from config.demo.typesetting import MM
from tests.demo.conftest import DAY

SCAN = "y-kien-so-tu-phap"


@pytest.fixture(scope="module")
def opened(papers: dict[str, Path]) -> Iterator[dict[str, pymupdf.Document]]:
    documents = {key: pymupdf.open(path) for key, path in papers.items()}
    yield documents
    for document in documents.values():
        document.close()


def words_of(page: pymupdf.Page) -> str:
    return " ".join(page.get_text().split())


def test_each_paper_has_the_number_of_sides_it_announces(opened):
    assert {key: len(document) for key, document in opened.items()} == {paper.key: paper.sides for paper in PAPERS}


def test_the_same_day_gives_the_same_bytes_and_another_day_other_dates(tmp_path: Path, papers):
    again = make_papers(tmp_path / "again", day=DAY)
    assert [path.read_bytes() for path in papers.values()] == [path.read_bytes() for path in again.values()]

    later = make_papers(tmp_path / "later", day=datetime.date(2027, 1, 12))
    with pymupdf.open(later["bao-cao-kinh-te-xa-hoi"]) as report:
        text = words_of(report[0])
    assert "kinh tế - xã hội tháng 1 năm 2027" in text
    assert "Lam Giang, ngày 08 tháng 01 năm 2027" in text


@pytest.mark.parametrize("key", [paper.key for paper in PAPERS if paper.key != SCAN])
def test_every_paper_has_the_nine_components_of_the_decree(opened, key):
    document = opened[key]
    first = words_of(document[0])
    whole = " ".join(words_of(page) for page in document)
    symbol = {
        "to-trinh-du-toan": "Số: 123/TTr-STC",
        "bao-cao-du-toan": "Số: 287/BC-UBND",
        "du-thao-nghi-quyet": "/NQ-HĐND",
        "bao-cao-tiep-thu-giai-trinh": "Số: 418/BC-STC",
        "bao-cao-kinh-te-xa-hoi": "Số: 291/BC-UBND",
        "quy-hoach-phan-khu": "Số: 206/TTr-SXD",
        "danh-muc-dau-tu-cong": "Số: 436/BC-STC",
        "ban-do-su-dung-dat": "Số: 318/TTr-SNNMT",
        "bao-cao-tham-tra": "Số: 47/BC-KTNS",
        "chuong-trinh-ky-hop": "Số: 61/TTr-HĐND",
        "bao-cao-giai-ngan": "Số: 440/BC-STC",
        "phuong-an-chay-rung": "Số: 322/BC-SNNMT",
        "du-thao-cay-xanh": "/QĐ-UBND",
    }[key]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "Độc lập - Tự do - Hạnh phúc" in first
    assert "TỈNH LAM GIANG" in first
    assert symbol in first
    assert re.search(r"Lam Giang, ngày +(\d\d)? *tháng", first)
    assert re.search(r"BÁO CÁO|TỜ TRÌNH|NGHỊ QUYẾT|QUYẾT ĐỊNH", first)
    assert re.search(r"Điều 1\.|I\. [A-ZĐS]", first)
    assert re.search(r"CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN", whole)
    assert "Nơi nhận:" in whole


def test_a_signed_paper_bears_a_seal_that_says_it_is_a_specimen(opened):
    page = opened["to-trinh-du-toan"][1]
    red = [drawing for drawing in page.get_drawings() if drawing["color"] and drawing["color"][0] > 0.7]
    assert len(red) >= 3
    assert "BẢNMINHHỌA" in "".join(page.get_text().split())


def test_every_paper_says_that_nothing_in_it_is_real(opened):
    assert [key for key, document in opened.items() if "đều không có thật" not in words_of(document[0])] == [SCAN]


def test_vietnamese_is_extracted_in_the_composed_form(opened):
    for key, document in opened.items():
        text = "".join(page.get_text() for page in document)
        if key == SCAN:
            continue
        assert text == unicodedata.normalize("NFC", text)
        assert {"ế", "ộ", "ề", "Ủ", "đ"} <= set(text)
        assert "\ufffd" not in text


def test_text_stays_inside_the_margins_of_the_decree(opened):
    for document in opened.values():
        for page in document:
            if page.rotation:
                continue
            for x0, y0, x1, y1, *_ in page.get_text("words"):
                is_foot_or_number = y0 < 20 * MM or y1 > page.rect.height - 18 * MM
                assert is_foot_or_number or (x0 >= 29.5 * MM and x1 <= page.rect.width - 15 * MM)


def test_pages_are_numbered_from_the_second_in_the_middle_of_the_top_margin(opened):
    for key, document in opened.items():
        if key == SCAN:
            continue
        numbers = []
        for page in document:
            words = [(pymupdf.Rect(word[:4]) * page.rotation_matrix, word[4]) for word in page.get_text("words")]
            middle = page.rect.width / 2
            numbers.append("".join(text for box, text in words if box.y1 < 18 * MM and box.x0 < middle < box.x1))
        assert numbers == ["", *(str(number) for number in range(2, len(document) + 1))]


def test_each_annex_is_in_the_outline_and_linked_from_the_list(opened):
    estimate = opened["bao-cao-du-toan"]
    annexes = [page for _, title, page in estimate.get_toc() if title.startswith("Phụ lục")]
    links = [link["page"] + 1 for page in estimate for link in page.get_links()]
    assert links == annexes
    assert len(annexes) == 6
    assert "PHỤ LỤC VI" in words_of(estimate[annexes[-1] - 1])


def test_the_plans_are_landscape_drawings_stored_upright(opened):
    document = opened["quy-hoach-phan-khu"]
    rotated = [page for page in document if page.rotation == 90]
    assert [page.number + 1 for page in rotated] == [5, 6, 7]
    assert all(page.mediabox.width < page.mediabox.height and page.rect.width > page.rect.height for page in rotated)
    assert all(len(page.get_drawings()) > 300 for page in rotated)


def test_projects_cost_no_more_than_the_investment_of_the_budget(opened):
    text = " ".join(words_of(page) for page in opened["bao-cao-du-toan"])
    investment = re.search(r"Chi đầu tư phát triển [\d.]+ [\d.]+ ([\d.]+)", text)
    projects = re.search(r"TỔNG CỘNG ([\d.]+)", text)
    assert investment
    assert projects
    assert 0.7 < number(projects[1]) / number(investment[1]) < 1


def number(text: str) -> int:
    return int(text.replace(".", ""))


def test_there_are_14_papers_of_2_to_120_pages_and_each_is_filed_once():
    sides = sorted(paper.sides for paper in PAPERS)
    assert (len(sides), sides[0], sides[-1]) == (14, 2, 120)
    filed = [label.key for labels in (*filing.TODAY.values(), *filing.COMING.values()) for label in labels]
    assert sorted(filed) == sorted(paper.key for paper in PAPERS)


def test_the_word_that_a_demonstration_looks_for_stands_on_page_57_alone(opened):
    found = [page.number + 1 for page in opened["bao-cao-du-toan"] if "Nà Lừa" in words_of(page)]
    assert found == [57]


def test_the_longest_paper_has_an_outline_entry_for_each_of_its_annexes(opened):
    outline = opened["danh-muc-dau-tu-cong"].get_toc()
    annexes = [(title, page) for _level, title, page in outline if title.startswith("Phụ biểu")]
    assert len(annexes) == 12
    assert [page for _title, page in annexes] == sorted(page for _title, page in annexes)


def test_the_map_is_one_large_sheet_of_fine_lines(opened):
    sheet = opened["ban-do-su-dung-dat"][1]
    assert (round(sheet.rect.width / MM), round(sheet.rect.height / MM)) == (841, 594)
    widths = [drawing["width"] for drawing in sheet.get_drawings() if drawing["width"]]
    assert len(widths) > 2000
    assert min(widths) < 0.2


def test_the_scan_holds_pictures_and_no_text(opened):
    for page in opened[SCAN]:
        assert page.get_text().strip() == ""
        [image] = page.get_images()
        assert image[8] == "DCTDecode"
