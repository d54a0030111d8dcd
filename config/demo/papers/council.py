"""Papers of the standing council: the verification of the budget (words) and the programme of the session (a table)."""

import datetime
from pathlib import Path

from config.demo.papers.form import Heading, addressee, blank, signature, start
from config.demo.people import name_of
from config.demo.typesetting import Column, Row

COUNCIL = "HỘI ĐỒNG NHÂN DÂN\nTỈNH LAM GIANG"
FINDINGS = [
    (
        "I. VỀ HỒ SƠ VÀ CĂN CỨ",
        [
            "Hồ sơ gửi đến Ban bảo đảm thành phần và thời hạn. Tờ trình và báo cáo thống nhất về số liệu tổng hợp; phụ lục chi tiết đã được đối chiếu "
            "xác suất với 40 dự án, không phát hiện sai lệch lớn.",
            "Ban đánh giá cao việc gửi tài liệu điện tử trước phiên họp; thành viên Ban đã đọc và ghi ý kiến trực tiếp trên tài liệu nên cuộc họp "
            "thẩm tra rút còn một buổi.",
        ],
    ),
    (
        "II. VỀ DỰ TOÁN THU",
        [
            "Mức phấn đấu thu là tích cực nhưng có cơ sở. Riêng khoản thu tiền sử dụng đất phụ thuộc tiến độ giải phóng mặt bằng của hai địa phương, "
            "đề nghị có phương án bù đắp nếu hụt thu.",
            "Đề nghị làm rõ số nợ đọng có khả năng thu và biện pháp xử lý với từng nhóm nợ.",
        ],
    ),
    (
        "III. VỀ DỰ TOÁN CHI",
        [
            "Cơ cấu chi hợp lý, bảo đảm chi cho con người, an sinh xã hội. Tỷ lệ chi đầu tư tăng so với năm trước; cần ưu tiên dự án có khả năng hoàn "
            "thành trong năm.",
            "Ban đề nghị tăng mức dự phòng ngân sách cấp xã ở vùng thường xuyên chịu ảnh hưởng của lũ quét, sạt lở.",
            "Về kinh phí cho họp không giấy tờ: thống nhất chủ trương dùng chung thiết bị, không mua sắm riêng lẻ.",
        ],
    ),
    (
        "IV. NHỮNG NỘI DUNG CÒN Ý KIẾN KHÁC NHAU",
        [
            "Có ý kiến đề nghị giữ mức dự phòng 2,5%; có ý kiến đề nghị 3%. Ban nghiêng về phương án thứ hai và kính trình Thường trực xem xét.",
            "Có ý kiến đề nghị lùi khởi công hai trụ sở cấp xã để dành vốn cho trường học.",
        ],
    ),
]
PREPARATIONS = [
    "Các Ban gửi báo cáo thẩm tra chậm nhất năm ngày trước kỳ họp. Tài liệu gửi muộn được ghi rõ ngày gửi và chỉ đưa vào chương trình khi "
    "Thường trực đồng ý.",
    "Văn phòng Đoàn ĐBQH và HĐND tỉnh kiểm tra máy tính bảng, đường truyền và màn hình hội trường trước kỳ họp một ngày; bố trí hai người hỗ "
    "trợ đại biểu trong suốt kỳ họp.",
    "Đại biểu ghi ý kiến trực tiếp trên tài liệu; ý kiến góp chung được tổng hợp tự động theo từng trang để cơ quan soạn thảo tiếp thu.",
    "Cử tri theo dõi phiên chất vấn qua truyền hình trực tiếp; câu hỏi của cử tri gửi về trước kỳ họp được chuyển đến cơ quan trả lời.",
    "Kinh phí tổ chức kỳ họp thực hiện theo định mức; không in sao tài liệu, trừ tài liệu mang nội dung không được đưa lên hệ thống.",
    "Thư ký kỳ họp ghi kết luận từng nội dung ngay tại chỗ, trình chủ tọa thông qua trong ngày.",
]
PROGRAMME = [
    ("08:00", "Khai mạc; thông qua chương trình", "Chủ tọa kỳ họp"),
    ("08:20", "Báo cáo tóm tắt tình hình kinh tế - xã hội (không đọc toàn văn)", "UBND tỉnh"),
    ("08:40", "Báo cáo thẩm tra của các Ban", "Các Ban HĐND tỉnh"),
    ("09:10", "Thảo luận tại hội trường về dự toán và phân bổ ngân sách", "Đại biểu"),
    ("10:20", "Nghỉ giải lao", ""),
    ("10:35", "Chất vấn và trả lời chất vấn: ba nhóm vấn đề", "Thủ trưởng các sở"),
    ("14:00", "Tiếp tục chất vấn", "Thủ trưởng các sở"),
    ("15:15", "Thảo luận, biểu quyết các dự thảo nghị quyết", "Đại biểu"),
    ("16:30", "Thông qua nghị quyết về kỳ họp; bế mạc", "Chủ tọa kỳ họp"),
]


def make_verification(path: Path, *, day: datetime.date, seed: int) -> None:
    """Write the report of the committee for economy and budget; the seed changes nothing in words."""
    issued, year = day - datetime.timedelta(days=2), day.year + 1
    title = f"Báo cáo thẩm tra dự toán ngân sách năm {year}"
    paper = blank(title=title, author="Ban Kinh tế - Ngân sách", made_at=f"{issued:%Y%m%d}1500")
    abstract = f"Thẩm tra tờ trình về dự toán và phân bổ\nngân sách địa phương năm {year}"
    start(paper, Heading(COUNCIL, "BAN KINH TẾ - NGÂN SÁCH", "47/BC-KTNS", issued, "BÁO CÁO", abstract))
    addressee(paper, "Thường trực Hội đồng nhân dân tỉnh")
    for heading, paragraphs in FINDINGS:
        paper.heading(heading)
        for text in paragraphs:
            paper.paragraph(text)
    paper.heading("V. KIẾN NGHỊ")
    paper.paragraph("Ban kính trình Thường trực Hội đồng nhân dân tỉnh cho ý kiến để hoàn thiện, trình kỳ họp./.")
    recipients = ("Như trên", "UBND tỉnh", "Các Ban HĐND tỉnh", "Lưu: VT")
    name = name_of("uong-thi-lan-phuong")
    signature(paper, capacity=("TM. BAN KINH TẾ - NGÂN SÁCH", "TRƯỞNG BAN"), name=name, recipients=recipients)
    paper.save(path)


def make_programme(path: Path, *, day: datetime.date, seed: int) -> None:
    """Write the programme of the council's session; the seed changes nothing in words."""
    issued = day - datetime.timedelta(days=1)
    paper = blank(title="Dự kiến chương trình kỳ họp", author="HĐND tỉnh", made_at=f"{issued:%Y%m%d}1100")
    start(
        paper,
        Heading(
            COUNCIL, "THƯỜNG TRỰC", "61/TTr-HĐND", issued, "TỜ TRÌNH", "Dự kiến chương trình kỳ họp thường lệ cuối năm"
        ),
    )
    addressee(paper, "Các đại biểu Hội đồng nhân dân tỉnh")
    paper.heading("I. NGUYÊN TẮC")
    for text in (
        "Kỳ họp tổ chức trong một ngày, rút một ngày so với các kỳ trước. Đại biểu nghiên cứu tài liệu trên hệ thống trước kỳ họp; báo cáo chỉ "
        "trình bày tóm tắt, dành thời gian cho thảo luận và chất vấn.",
        "Tài liệu kỳ họp được gửi điện tử. Đại biểu có nhu cầu bản giấy đăng ký với Văn phòng trước ba ngày.",
    ):
        paper.paragraph(text)
    paper.heading("II. CHƯƠNG TRÌNH")
    columns = [Column("Thời gian", 14, "center"), Column("Nội dung", 56), Column("Thực hiện", 30)]
    paper.table(columns, [Row(line) for line in PROGRAMME])
    paper.skip(8)
    paper.heading("III. VIỆC CHUẨN BỊ")
    for text in PREPARATIONS:
        paper.paragraph(text)
    paper.paragraph("Thường trực Hội đồng nhân dân tỉnh kính mời các đại biểu cho ý kiến trước phiên họp./.")
    recipients = ("Như trên", "UBND tỉnh", "UBMTTQ tỉnh", "Lưu: VT")
    capacity = ("TM. THƯỜNG TRỰC", "CHỦ TỊCH")
    signature(paper, capacity=capacity, name=name_of("lo-van-thuong"), recipients=recipients)
    paper.save(path)
