"""An opinion that came as paper and was scanned: two sides that are pictures only, a little askew and specked."""

import datetime
import io
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pymupdf
from PIL import Image

from config.demo.papers.form import Heading, addressee, blank, signature, start
from config.demo.people import name_of
from config.demo.typesetting import A4_HEIGHT, A4_WIDTH, Typesetter

SIDES = 2
DOTS_PER_INCH, QUALITY = 130, 55
PAPER_GREY, SPECK_GREY = 243, 120
SPECKS = 260

REMARKS = [
    "Về sự cần thiết: việc ban hành nghị quyết là cần thiết để giao dự toán kịp thời, bảo đảm các cơ quan, đơn vị chủ động từ ngày đầu năm ngân sách.",
    "Về bố cục: dự thảo gồm ba điều, ngắn gọn; đề nghị chuyển các chỉ tiêu giao chi tiết sang phụ lục để dễ theo dõi và điều chỉnh khi cần thiết.",
    "Về đối tượng áp dụng: cần ghi đủ các đơn vị sự nghiệp tự bảo đảm một phần chi thường xuyên, tránh hiểu khác nhau khi giao dự toán.",
    "Về trách nhiệm thi hành: bổ sung trách nhiệm giám sát của các Ban, các tổ đại biểu; thời hạn báo cáo kết quả thực hiện là trước kỳ họp giữa năm.",
    "Về thẩm quyền: nội dung trình thuộc thẩm quyền của Ủy ban nhân dân tỉnh; việc trình Hội đồng nhân dân tỉnh xem xét, quyết nghị là phù hợp.",
    "Về trình tự: hồ sơ đã có báo cáo tiếp thu, giải trình; đề nghị bổ sung bản tổng hợp ý kiến của Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh.",
    "Về tính thống nhất: tên gọi các khoản chi tại dự thảo nghị quyết và phụ lục cần viết giống nhau; thống nhất dùng “ngân sách cấp xã”.",
    "Về thể thức: phần căn cứ sắp xếp theo thứ tự hiệu lực pháp lý; chữ viết tắt phải được giải thích ở lần xuất hiện đầu tiên.",
    "Về hiệu lực: đề nghị quy định rõ thời điểm áp dụng và điều khoản chuyển tiếp đối với dự án đang thực hiện dở dang.",
    "Về thủ tục hành chính: dự thảo không đặt thêm thủ tục; không làm phát sinh hồ sơ giấy đối với tổ chức, cá nhân.",
]


def make_opinion(path: Path, *, day: datetime.date, seed: int) -> None:
    with TemporaryDirectory() as folder:
        typed = Path(folder) / "typed.pdf"
        type_opinion(typed, day)
        scan(typed, path, random.Random(seed + 5), day)  # noqa: S311 - specks of dust


def type_opinion(path: Path, day: datetime.date) -> None:
    issued = day - datetime.timedelta(days=4)
    year = day.year + 1
    paper = blank(title="Ý kiến thẩm định", author="Sở Tư pháp", made_at=f"{issued:%Y%m%d}1000")
    abstract = f"Ý kiến thẩm định dự thảo Nghị quyết\nvề dự toán ngân sách năm {year}"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ TƯ PHÁP", "152/BC-STP", issued, "BÁO CÁO", abstract))
    addressee(paper, "Sở Tài chính")
    paper.heading("I. Ý KIẾN CHUNG")
    paper.paragraph(
        "Sở Tư pháp nhận hồ sơ ngày 10 của tháng; đã tổ chức cuộc họp thẩm định với sự tham gia của Văn phòng UBND tỉnh, Sở Nội vụ và đơn vị "
        "soạn thảo. Hồ sơ đủ thành phần; nội dung bám sát chủ trương đã được thống nhất."
    )
    write_remarks(paper)
    paper.heading("III. KẾT LUẬN")
    paper.paragraph("Dự thảo đủ điều kiện trình sau khi tiếp thu các ý kiến nêu tại mục II./.")
    recipients = ("Như trên", "UBND tỉnh (để báo cáo)", "Lưu: VT, XDVB")
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("ngo-gia-huy"), recipients=recipients)
    paper.save(path)


def write_remarks(paper: Typesetter) -> None:
    paper.heading("II. Ý KIẾN CỤ THỂ")
    for number, remark in enumerate(REMARKS, 1):
        paper.paragraph(f"{number}. {remark}")


def scan(typed: Path, path: Path, dice: random.Random, day: datetime.date) -> None:
    """Turn every side into a picture, as a scanner would see it."""
    with pymupdf.open(typed) as source, pymupdf.open() as scanned:
        for side in source:
            grey = side.get_pixmap(dpi=DOTS_PER_INCH, colorspace=pymupdf.csGRAY)
            page = scanned.new_page(width=A4_WIDTH, height=A4_HEIGHT)
            page.insert_image(page.rect, stream=as_scanned(grey, dice))
        made = f"D:{day:%Y%m%d}090000+07'00'"
        scanned.set_metadata({"title": "Bản quét", "producer": "Phiên", "creationDate": made, "modDate": made})
        scanned.save(path, garbage=4, deflate=True, no_new_id=True)


def as_scanned(grey: pymupdf.Pixmap, dice: random.Random) -> bytes:
    picture = Image.frombytes("L", (grey.width, grey.height), grey.samples)
    picture = picture.point(lambda value: value * PAPER_GREY // 255)
    picture = picture.rotate(dice.uniform(-0.7, 0.7), resample=Image.Resampling.BILINEAR, fillcolor=PAPER_GREY)
    for _speck in range(SPECKS):
        picture.putpixel((dice.randrange(grey.width), dice.randrange(grey.height)), SPECK_GREY)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
