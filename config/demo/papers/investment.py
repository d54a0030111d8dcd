"""The list of all projects of public investment: the longest paper, a table of many sectors (120 sides)."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

from config.demo.papers.budget import Figures, project_columns, project_rows
from config.demo.papers.form import COMMITTEE_RECIPIENTS, Heading, addressee, blank, signature, start
from config.demo.people import name_of
from config.demo.typesetting import Column, Row, Style, Typesetter, grouped

SIDES = 120
SIDES_OF_A_SECTOR = 10
SECTORS = [
    "Giao thông", "Thủy lợi, kè và phòng chống thiên tai", "Giáo dục và đào tạo", "Y tế và dân số", "Văn hóa, thể thao",
    "Cấp nước, thoát nước đô thị", "Nông nghiệp và phát triển nông thôn", "Khu công nghiệp, cụm công nghiệp",
    "Quốc phòng, an ninh và trật tự", "Trụ sở cơ quan, đơn vị", "Chuyển đổi số", "Dự án chuyển tiếp khác",
]  # fmt: skip


def make_list(path: Path, *, day: datetime.date, seed: int) -> None:
    year = day.year + 1
    issued = day - datetime.timedelta(days=5)
    title = f"Báo cáo danh mục dự án đầu tư công năm {year} và giai đoạn trung hạn"
    paper = blank(title=title, author="Sở Tài chính", made_at=f"{issued:%Y%m%d}1430")
    abstract = f"Danh mục dự án đầu tư công năm {year}\nvà giai đoạn trung hạn"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ TÀI CHÍNH", "436/BC-STC", issued, "BÁO CÁO", abstract))
    addressee(paper, "Ủy ban nhân dân tỉnh Lam Giang")
    figures = Figures(seed + 11)
    explain(paper, figures)
    for number, sector in enumerate(SECTORS, 1):
        write_sector(paper, figures, number, sector, year)
    close(paper)
    paper.save(path)


def explain(paper: Typesetter, figures: Figures) -> None:
    paper.heading("I. CÁCH LẬP DANH MỤC")
    for text in (
        "Danh mục được lập theo từng ngành, lĩnh vực; mỗi dự án ghi địa điểm, thời gian thực hiện, tổng mức đầu tư và mức vốn bố trí. Đơn vị "
        "tính là triệu đồng. Dự án chuyển tiếp xếp trước, dự án khởi công mới xếp sau.",
        "Các dự án có tổng mức đầu tư lớn được đối chiếu với quy hoạch tỉnh; dự án chưa đủ thủ tục chỉ bố trí vốn chuẩn bị đầu tư và được "
        "nêu riêng trong phần ghi chú của từng phụ biểu.",
        "Sở Tài chính đã đối chiếu với số liệu của các chủ đầu tư đến ngày 15 của tháng báo cáo. Chênh lệch còn lại do làm tròn.",
    ):
        paper.paragraph(text)
    paper.heading("II. TỔNG HỢP THEO NGÀNH, LĨNH VỰC")
    columns = [
        Column("STT", 7, "center"), Column("Ngành, lĩnh vực", 45), Column("Số dự án", 14, "right"),
        Column("Tổng mức đầu tư", 17, "right"), Column("Tỷ trọng (%)", 14, "right"),
    ]  # fmt: skip
    amounts = [figures.dice.randrange(240_000, 1_900_000, 500) for _sector in SECTORS]
    rows = [
        Row(
            (
                str(n),
                sector,
                str(figures.dice.randrange(70, 190)),
                grouped(amount),
                grouped(100 * amount / sum(amounts), 1),
            )
        )
        for n, (sector, amount) in enumerate(zip(SECTORS, amounts, strict=True), 1)
    ]
    paper.table(columns, [*rows, Row(("", "Cộng", "", grouped(sum(amounts)), "100,0"), bold=True)])


def write_sector(paper: Typesetter, figures: Figures, number: int, sector: str, year: int) -> None:
    paper.new_side()
    paper.mark(f"Phụ biểu {number:02}: {sector}", anchor=f"sector-{number}")
    paper.centred(f"PHỤ BIỂU {number:02}", Style(12, bold=True))
    paper.centred(sector.upper(), Style(11, bold=True))
    paper.centred("(Kèm theo Báo cáo số 436/BC-STC của Sở Tài chính)", Style(10, italic=True), after=8)
    last = SIDES - 1 if number == len(SECTORS) else SIDES_OF_A_SECTOR * number
    paper.table(project_columns(year), numbered(project_rows(figures, year)), until_side=last)


def numbered(rows: Iterator[Row]) -> Iterator[Row]:
    """Without an end; the typesetter takes as many as fit."""
    yield from itertools.islice(rows, 2000)


def close(paper: Typesetter) -> None:
    paper.new_side()
    paper.heading("III. ĐỀ NGHỊ")
    paper.paragraph(
        "Sở Tài chính trình Ủy ban nhân dân tỉnh xem xét, thông qua danh mục để các chủ đầu tư hoàn thiện thủ tục, sẵn sàng giải ngân ngay "
        "từ tháng đầu năm./."
    )
    signature(
        paper,
        capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        name=name_of("nguyen-manh-cuong"),
        recipients=COMMITTEE_RECIPIENTS,
    )
