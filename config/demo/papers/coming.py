"""Papers of the sessions to come: disbursement (8 sides), forest fires (8 sides), street trees (2 sides)."""

import datetime
import random
from pathlib import Path

from config.demo.papers.budget import Figures, project_columns, project_rows
from config.demo.papers.economy import bar_chart, line_chart, place_rows
from config.demo.papers.form import COMMITTEE_RECIPIENTS, Heading, addressee, blank, legal_grounds, signature, start
from config.demo.people import name_of
from config.demo.typesetting import Column, Style

DISBURSEMENT_SIDES, FOREST_SIDES = 8, 8


def make_disbursement(path: Path, *, day: datetime.date, seed: int) -> None:
    issued = day - datetime.timedelta(days=1)
    paper = blank(title="Báo cáo giải ngân vốn đầu tư công", author="Sở Tài chính", made_at=f"{issued:%Y%m%d}0900")
    abstract = f"Tiến độ giải ngân vốn đầu tư công\nđến ngày {issued.day:02} tháng {issued.month:02} năm {issued.year}"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ TÀI CHÍNH", "440/BC-STC", issued, "BÁO CÁO", abstract))
    addressee(paper, "Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh")
    dice = random.Random(seed + 21)  # noqa: S311 - numbers of a chart
    paper.heading("I. KẾT QUẢ")
    paper.paragraph(
        "Vốn đã phân bổ chi tiết đạt 98,6%. Giải ngân chung cao hơn cùng kỳ 6,3 điểm phần trăm; năm chủ đầu tư dưới 40% đã được nhắc nhở "
        "bằng văn bản. Vướng mắc chính vẫn là mặt bằng và vật liệu đắp nền."
    )
    bar_chart(paper, dice)
    paper.heading("II. DANH MỤC DỰ ÁN CHẬM TIẾN ĐỘ")
    year = day.year
    paper.table(project_columns(year), project_rows(Figures(seed + 22), year), until_side=DISBURSEMENT_SIDES, keep=230)
    paper.skip(8)
    paper.heading("III. ĐỀ XUẤT")
    paper.paragraph("Điều chuyển vốn của các dự án không còn khả năng giải ngân trước ngày 15 tháng 12./.")
    recipients = ("Như trên", "Lưu: VT, ĐT")
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("uy-vien"), recipients=recipients)
    paper.save(path)


def make_forest_plan(path: Path, *, day: datetime.date, seed: int) -> None:
    issued = day - datetime.timedelta(days=3)
    title = "Phương án phòng cháy, chữa cháy rừng"
    paper = blank(title=title, author="Sở Nông nghiệp và Môi trường", made_at=f"{issued:%Y%m%d}1400")
    agency = "SỞ NÔNG NGHIỆP\nVÀ MÔI TRƯỜNG"
    abstract = "Phương án phòng cháy, chữa cháy rừng mùa khô"
    start(paper, Heading("UBND TỈNH LAM GIANG", agency, "322/BC-SNNMT", issued, "BÁO CÁO", abstract))
    dice = random.Random(seed + 31)  # noqa: S311 - numbers of a chart
    paper.heading("I. ĐÁNH GIÁ NGUY CƠ")
    for text in (
        "Mùa khô năm nay đến sớm, lượng mưa hai tháng qua chỉ bằng 70% trung bình nhiều năm. Khu vực rừng trồng dọc đường tỉnh 418 và các xã "
        "Nậm Tông, Pá Lầu có thảm thực bì dày, nguy cơ cháy cấp IV.",
        "Lực lượng tại chỗ có 214 tổ, đội với 2.360 người; thiết bị chữa cháy được kiểm tra xong trước ngày 20.",
    ):
        paper.paragraph(text)
    line_chart(paper, dice)
    bar_chart(paper, dice)
    paper.heading("II. NHIỆM VỤ CỦA TỪNG ĐỊA PHƯƠNG")
    columns = [
        Column("STT", 6, "center"), Column("Địa phương, nội dung", 46), Column("Kế hoạch", 16, "right"),
        Column("Thực hiện", 16, "right"), Column("Đạt (%)", 14, "right"),
    ]  # fmt: skip
    paper.table(columns, place_rows(dice), until_side=FOREST_SIDES, keep=260)
    paper.skip(8)
    paper.heading("III. TỔ CHỨC THỰC HIỆN")
    paper.paragraph(
        "Trực ban 24/24 giờ trong thời gian cảnh báo cấp IV, cấp V; báo cáo nhanh trước 16 giờ hằng ngày./."
    )
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("luong-van-quyet"), recipients=COMMITTEE_RECIPIENTS)
    paper.save(path)


def make_tree_rules(path: Path, *, day: datetime.date, seed: int) -> None:
    """Write the draft decision on street trees and lighting; the seed changes nothing in words."""
    paper = blank(title="Dự thảo Quyết định", author="UBND tỉnh", made_at=f"{day:%Y%m%d}0800")
    abstract = "Quy định phân cấp quản lý cây xanh,\nchiếu sáng đô thị trên địa bàn tỉnh"
    heading = Heading(
        "", "ỦY BAN NHÂN DÂN\nTỈNH LAM GIANG", "~~~~~/QĐ-UBND", None, "QUYẾT ĐỊNH", abstract, is_draft=True
    )
    start(paper, heading)
    grounds = ("Căn cứ quy chế làm việc của Ủy ban nhân dân tỉnh", "Theo đề nghị của Giám đốc Sở Xây dựng")
    legal_grounds(paper, grounds)
    paper.centred("QUYẾT ĐỊNH:", Style(13, bold=True), after=6)
    for number, (title, text) in enumerate(ARTICLES, 1):
        paper.heading(f"Điều {number}. {title}")
        paper.paragraph(text)
    recipients = ("Như Điều 7", "Thường trực HĐND tỉnh", "Lưu: VT, CN")
    signature(paper, capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), name="", recipients=recipients)
    paper.save(path)


ARTICLES = [
    (
        "Phạm vi",
        "Quyết định này phân cấp việc quản lý, duy trì cây xanh sử dụng công cộng và hệ thống chiếu sáng đô thị cho Ủy ban nhân dân cấp huyện, "
        "cấp xã trên địa bàn tỉnh; không áp dụng với cây xanh trong khuôn viên cơ quan, nhà ở.",
    ),
    (
        "Nguyên tắc",
        "Mỗi tuyến phố, mỗi vườn hoa chỉ do một cơ quan quản lý. Việc giao phải kèm hồ sơ, bản đồ và kinh phí. Không chặt hạ cây đang sinh "
        "trưởng bình thường khi chưa có ý kiến của cộng đồng dân cư nơi có cây.",
    ),
    (
        "Trách nhiệm của Ủy ban nhân dân cấp huyện",
        "Lập kế hoạch trồng, thay thế hằng năm; lựa chọn đơn vị duy trì bằng hình thức đấu thầu; công khai số điện thoại tiếp nhận phản ánh "
        "về cây đổ, đèn hỏng và xử lý trong 24 giờ.",
    ),
    (
        "Trách nhiệm của Ủy ban nhân dân cấp xã",
        "Kiểm tra hằng tuần; phát hiện và báo cáo cây có nguy cơ gãy đổ trước mùa mưa bão; vận động nhân dân chăm sóc cây trước nhà.",
    ),
    (
        "Trách nhiệm của Sở Xây dựng",
        "Hướng dẫn kỹ thuật, ban hành danh mục cây khuyến khích trồng; kiểm tra mỗi năm hai lần; tổng hợp số liệu trên nền bản đồ số dùng chung.",
    ),
    (
        "Kinh phí",
        "Kinh phí duy trì bố trí trong dự toán hằng năm của cấp được giao quản lý; khuyến khích xã hội hóa. Chi phí điện chiếu sáng thanh toán "
        "theo đồng hồ, tắt giảm luân phiên sau 23 giờ.",
    ),
    (
        "Thi hành",
        "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Xây dựng, Chủ tịch Ủy ban nhân dân các huyện, thị xã, thành phố và các xã, phường "
        "chịu trách nhiệm thi hành Quyết định này.",
    ),
]
