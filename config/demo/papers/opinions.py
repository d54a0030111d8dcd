"""The report on opinions taken over or answered: one long table of words (12 sides)."""

import datetime
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

from config.demo.papers.form import Heading, addressee, blank, signature, start
from config.demo.people import UNITS, name_of
from config.demo.typesetting import Column, Row, Typesetter

SIDES = 12

OPINIONS = [
    (
        "Đề nghị rà soát dự toán thu tiền sử dụng đất, do tiến độ đấu giá tại địa bàn phụ thuộc giải phóng mặt bằng, khó đạt mức giao.",
        "Tiếp thu. Đã điều chỉnh giảm 6% số giao tại các khu đất chưa hoàn thành bồi thường, đồng thời bổ sung 02 khu đất đủ điều kiện.",
    ),
    (
        "Đề nghị tăng định mức chi hoạt động cho đơn vị có địa bàn rộng, nhiều điểm trường lẻ.",
        "Tiếp thu một phần. Bổ sung hệ số 1,3 đối với xã miền núi; không tăng định mức chung để bảo đảm cân đối.",
    ),
    (
        "Bổ sung kinh phí duy trì hệ thống thông tin dùng chung, chữ ký số và an toàn thông tin cấp độ 3.",
        "Tiếp thu. Bố trí tập trung tại Sở Khoa học và Công nghệ, các đơn vị không lập dự toán riêng.",
    ),
    (
        "Làm rõ căn cứ xác định 10% tiết kiệm tăng thêm và các khoản được loại trừ.",
        "Giải trình: mức tiết kiệm tính trên chi thường xuyên sau khi trừ lương, các khoản theo lương, chi cho con người theo chế độ và "
        "chi an sinh xã hội; cách tính nêu tại mục III phần thuyết minh.",
    ),
    (
        "Đề nghị chuyển dự án kè chống sạt lở sang nhóm khởi công mới do đã xảy ra sạt lở nghiêm trọng.",
        "Tiếp thu. Đã bổ sung vào Phụ lục VI, bố trí vốn từ dự phòng đầu tư công trung hạn.",
    ),
    (
        "Xem xét phân cấp cho huyện quyết định chủ trương đầu tư các công trình dưới 15 tỷ đồng.",
        "Giải trình: nội dung thuộc phạm vi quy định phân cấp quản lý đầu tư, sẽ trình riêng; không đưa vào nghị quyết dự toán.",
    ),
    (
        "Bổ sung nguồn thực hiện chính sách hỗ trợ học sinh bán trú và giáo viên dạy liên trường.",
        "Tiếp thu. Tính đủ nhu cầu 8 tháng năm học mới theo số học sinh do Sở Giáo dục và Đào tạo xác nhận.",
    ),
    (
        "Cân nhắc mức trích dự phòng ngân sách cấp xã để chủ động ứng phó thiên tai.",
        "Tiếp thu. Nâng mức dự phòng cấp xã từ 2% lên 2,5% tổng chi cân đối.",
    ),
    (
        "Đề nghị thống nhất tên gọi các chương trình, dự án giữa báo cáo, tờ trình và phụ lục.",
        "Tiếp thu. Đã rà soát, sửa thống nhất 31 tên gọi.",
    ),
    (
        "Đề nghị không giao chỉ tiêu thu phí bảo vệ môi trường đối với khai thác đá do mỏ đã dừng hoạt động.",
        "Tiếp thu. Đã giảm chỉ tiêu tương ứng và ghi chú tại Phụ lục II.",
    ),
    (
        "Đề nghị bố trí kinh phí sửa chữa phòng họp, trang bị màn hình và máy tính bảng phục vụ họp không giấy tờ.",
        "Tiếp thu một phần. Trang bị theo định mức dùng chung tại phòng họp; ưu tiên sử dụng thiết bị đã được cấp.",
    ),
    (
        "Làm rõ trách nhiệm của chủ đầu tư khi giải ngân chậm và cơ chế điều chuyển vốn trong năm.",
        "Tiếp thu. Bổ sung thời điểm rà soát 30 tháng 6 và 30 tháng 9, ngưỡng giải ngân dưới 50% thì điều chuyển.",
    ),
    (
        "Đề nghị tách riêng nguồn vốn đối ứng các dự án có vốn nước ngoài để dễ theo dõi.",
        "Tiếp thu. Đã lập biểu riêng, có cột lũy kế giải ngân đến hết tháng báo cáo.",
    ),
    (
        "Đề nghị bổ sung đánh giá tác động đối với hộ nghèo khi điều chỉnh mức thu dịch vụ.",
        "Giải trình: mức thu không thay đổi trong năm kế hoạch; khi điều chỉnh sẽ đánh giá tác động theo quy định.",
    ),
]  # fmt: skip
QUALIFIERS = [
    "", "Đơn vị nhất trí với bố cục dự thảo. ", "Qua nghiên cứu hồ sơ, đơn vị cơ bản thống nhất và có ý kiến: ", "Về nội dung chi tiết: ",
    "Tại cuộc họp thảo luận dự toán, đơn vị kiến nghị: ",
]  # fmt: skip


def make_answers(path: Path, *, day: datetime.date, seed: int) -> None:
    year = day.year + 1
    issued = day - datetime.timedelta(days=3)
    title = f"Báo cáo tiếp thu, giải trình ý kiến góp ý dự toán ngân sách năm {year}"
    paper = blank(title=title, author="Sở Tài chính", made_at=f"{issued:%Y%m%d}1600")
    abstract = f"Tiếp thu, giải trình ý kiến góp ý đối với hồ sơ\ndự toán ngân sách địa phương năm {year}"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ TÀI CHÍNH", "418/BC-STC", issued, "BÁO CÁO", abstract))
    addressee(paper, "Ủy ban nhân dân tỉnh Lam Giang")
    paper.heading("I. QUÁ TRÌNH LẤY Ý KIẾN")
    for text in (
        "Sở Tài chính đã gửi dự thảo hồ sơ đến 18 cơ quan cấp tỉnh, Ủy ban nhân dân 04 huyện, thị xã, thành phố và các xã, phường. Đến thời điểm báo cáo, "
        "tất cả đơn vị đã trả lời bằng văn bản trên hệ thống quản lý văn bản; không phát sinh bản giấy.",
        "Các ý kiến tập trung vào: số giao thu tiền sử dụng đất; định mức chi hoạt động; danh mục dự án khởi công mới; nguồn lực cho "
        "chuyển đổi số và an sinh xã hội.",
    ):
        paper.paragraph(text)
    paper.heading("II. TỔNG HỢP TIẾP THU, GIẢI TRÌNH")
    columns = [
        Column("STT", 6, "center"),
        Column("Cơ quan, đơn vị", 20),
        Column("Nội dung góp ý", 37, "justify"),
        Column("Tiếp thu, giải trình", 37, "justify"),
    ]
    paper.table(columns, opinion_rows(random.Random(seed + 2)), until_side=SIDES, keep=280)  # noqa: S311 - no secrets
    paper.skip(8)
    close(paper)
    recipients = ("Như trên", "Các cơ quan góp ý", "Lưu: VT, QLNS")
    signature(
        paper, capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), name=name_of("nguyen-manh-cuong"), recipients=recipients
    )
    paper.save(path)


def close(paper: Typesetter) -> None:
    paper.heading("III. NHỮNG NỘI DUNG CÒN Ý KIẾN KHÁC NHAU")
    paper.paragraph(
        "Còn một nội dung xin ý kiến Ủy viên Ủy ban nhân dân tỉnh: mức dự phòng ngân sách cấp xã 2,5% hay 3% tổng chi cân đối."
    )
    paper.paragraph("Sở Tài chính kính báo cáo Ủy ban nhân dân tỉnh xem xét, cho ý kiến./.")


def opinion_rows(dice: random.Random) -> Iterator[Row]:
    units = [unit.name for unit in UNITS if unit.key not in ("ubnd", "stc")]
    pairs = list(itertools.product(units, OPINIONS))
    dice.shuffle(pairs)
    for number, (unit, (opinion, answer)) in enumerate(pairs, 1):
        opening = dice.choice(QUALIFIERS)
        said = opening + (opinion[0].lower() + opinion[1:] if opening.endswith(": ") else opinion)
        yield Row((str(number), unit, said, answer))
