"""The monthly report on the economy and society: words, tables, a bar chart and a line chart (18 sides)."""

import datetime
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.demo.papers.budget import PLACES, Figures, project_columns, project_rows
from config.demo.papers.form import COMMITTEE_RECIPIENTS, Heading, blank, signature, start
from config.demo.people import name_of
from config.demo.typesetting import LEFT, Column, Row, Style, Typesetter, grouped

SIDES = 18
BLUE, RED, LIGHT = "0.04 0.31 0.47", "0.61 0.11 0.11", "0.85 0.86 0.87"

SECTIONS: list[tuple[str, list[str]]] = [
    (
        "1. Sản xuất công nghiệp",
        [
            "Chỉ số sản xuất công nghiệp (IIP) ước tăng {a}% so với tháng trước và tăng {b}% so với cùng kỳ; công nghiệp chế biến, chế "
            "tạo tiếp tục dẫn dắt tăng trưởng với mức tăng {c}%. Một số sản phẩm tăng khá là linh kiện điện tử, hàng may mặc, chè chế "
            "biến và gỗ ván ép; xi măng và gạch nung giảm do nhu cầu xây dựng chậm lại trong mùa mưa.",
            "Khu công nghiệp Bến Lam có thêm 03 nhà máy hoạt động chính thức, giải quyết việc làm cho hơn 1.900 lao động. Vướng mắc chủ "
            "yếu là thiếu nhà ở công nhân và công suất trạm biến áp khu vực phía Bắc.",
        ],
    ),
    (
        "2. Nông nghiệp, lâm nghiệp, thủy sản",
        [
            "Diện tích gieo trồng cây vụ đông đạt 12.460 ha, bằng {d}% kế hoạch. Sản lượng lương thực có hạt cả năm ước đạt 318,4 nghìn "
            "tấn. Chăn nuôi ổn định, dịch tả lợn châu Phi xảy ra lẻ tẻ tại 04 xã của thị xã Vân Đài và đã được khống chế.",
            "Trồng rừng tập trung đạt 6.820 ha; tỷ lệ che phủ rừng duy trì 58,3%. Sản lượng thủy sản nuôi trồng trên hồ chứa tăng {a}%.",
        ],
    ),
    (
        "3. Thương mại, dịch vụ, du lịch",
        [
            "Tổng mức bán lẻ hàng hóa và doanh thu dịch vụ tiêu dùng tăng {b}% so với cùng kỳ. Lễ hội trà Vân Đài thu hút 61 nghìn lượt "
            "khách trong 4 ngày, công suất phòng bình quân đạt {d}%.",
            "Chỉ số giá tiêu dùng bình quân tăng {e}%; nguồn cung hàng thiết yếu bảo đảm, không xảy ra đầu cơ, găm hàng.",
        ],
    ),
    (
        "4. Đầu tư, xây dựng",
        [
            "Giải ngân vốn đầu tư công đạt {d}% kế hoạch, cao hơn cùng kỳ nhưng chưa đạt mục tiêu đề ra. Có 09 chủ đầu tư giải ngân dưới "
            "50%, trong đó 05 dự án vướng giải phóng mặt bằng, 03 dự án chờ điều chỉnh chủ trương đầu tư.",
            "Trong tháng cấp mới 04 dự án đầu tư với tổng vốn đăng ký 1.870 tỷ đồng; 96 doanh nghiệp thành lập mới, 31 doanh nghiệp quay "
            "trở lại hoạt động.",
        ],
    ),
    (
        "5. Tài chính, ngân hàng",
        [
            "Thu ngân sách nhà nước trên địa bàn lũy kế đạt {d}% dự toán. Tổng nguồn vốn huy động tăng {c}% so với đầu năm; dư nợ tín "
            "dụng tăng {b}%, tỷ lệ nợ xấu ở mức 1,2%.",
        ],
    ),
]
SOCIETY: list[tuple[str, list[str]]] = [
    (
        "1. Giáo dục và đào tạo",
        [
            "Toàn ngành đã tổ chức đánh giá giữa học kỳ; 100% trường phổ thông sử dụng học bạ số. Thiếu 214 giáo viên, tập trung ở môn "
            "tiếng Anh và tin học của các xã vùng cao; Sở Nội vụ đang phối hợp tuyển dụng đợt 2.",
            "Có 17 điểm trường được sửa chữa trước mùa mưa bão; 04 trường bán trú được bổ sung bếp ăn đạt chuẩn.",
        ],
    ),
    (
        "2. Y tế",
        [
            "Giám sát chặt chẽ bệnh truyền nhiễm; số ca sốt xuất huyết giảm {b}% so với cùng kỳ. Bệnh viện Đa khoa tỉnh thực hiện thành "
            "công kỹ thuật can thiệp mạch vành; tỷ lệ bao phủ bảo hiểm y tế đạt 94,6%.",
        ],
    ),
    (
        "3. An sinh xã hội, lao động",
        [
            "Giải quyết việc làm cho 1.740 lao động trong tháng. Tỷ lệ hộ nghèo đa chiều dự kiến cuối năm còn 6,8%. Đã hoàn thành 412 nhà "
            "ở cho hộ nghèo, hộ gia đình chính sách, đạt {d}% kế hoạch.",
        ],
    ),
    (
        "4. Văn hóa, thể thao",
        [
            "Tổ chức thành công Đại hội thể dục thể thao cấp huyện; kiểm kê 46 di sản văn hóa phi vật thể; số hóa 1.250 tài liệu Hán Nôm.",
        ],
    ),
    (
        "5. Tài nguyên, môi trường, phòng chống thiên tai",
        [
            "Đợt mưa lớn đầu tháng làm sạt lở 27 điểm trên các tuyến đường tỉnh, ước thiệt hại 38 tỷ đồng; đã thông tuyến sau 36 giờ. Tỷ "
            "lệ thu gom chất thải rắn sinh hoạt đô thị đạt {d}%.",
        ],
    ),
    (
        "6. Cải cách hành chính, chuyển đổi số",
        [
            "Tỷ lệ hồ sơ thủ tục hành chính giải quyết trực tuyến toàn trình đạt {d}%; 100% văn bản không mật được ký số và gửi trên trục "
            "liên thông. Tỉnh thí điểm họp không giấy tờ tại 01 huyện và 01 phường.",
        ],
    ),
    (
        "7. Quốc phòng, an ninh, nội chính",
        [
            "Quốc phòng, an ninh được giữ vững. Tai nạn giao thông giảm cả ba tiêu chí so với cùng kỳ. Thanh tra tỉnh kết thúc 06 cuộc "
            "thanh tra, kiến nghị thu hồi 4,7 tỷ đồng. Tiếp 138 lượt công dân, giải quyết {d}% đơn thuộc thẩm quyền.",
        ],
    ),
]
TASKS = [
    "Tập trung giải ngân vốn đầu tư công; giao ban tiến độ hằng tuần với chủ đầu tư giải ngân dưới 50%; điều chuyển vốn trước ngày 15.",
    "Hoàn thiện dự toán ngân sách, kế hoạch phát triển kinh tế - xã hội năm sau trình Hội đồng nhân dân tỉnh tại kỳ họp cuối năm.",
    "Tháo gỡ dứt điểm vướng mắc về giá đất tại 05 dự án; hoàn thành đấu giá 14 khu đất tại huyện Trà Khê và thị xã Vân Đài.",
    "Bảo đảm nguồn hàng, bình ổn giá dịp cuối năm; kiểm tra an toàn thực phẩm, phòng cháy tại chợ, kho hàng, khu nhà trọ công nhân.",
    "Chủ động phòng chống rét cho cây trồng, vật nuôi; tiêm phòng đủ mũi cho đàn gia súc vùng cao.",
    "Rà soát hộ nghèo, hộ cận nghèo đúng quy trình, công khai kết quả tại thôn, bản, tổ dân phố.",
    "Mở rộng họp không giấy tờ đến toàn bộ sở, ban, ngành; đánh giá thời gian họp thực tế và lượng giấy tiết kiệm được.",
    "Giữ vững an ninh chính trị, trật tự an toàn xã hội; cao điểm trấn áp tội phạm, pháo nổ và vi phạm nồng độ cồn.",
]
INDICATORS = [
    ("Chỉ số sản xuất công nghiệp (IIP)", "%"),
    ("Tổng mức bán lẻ hàng hóa", "tỷ đồng"),
    ("Kim ngạch xuất khẩu", "triệu USD"),
    ("Kim ngạch nhập khẩu", "triệu USD"),
    ("Vốn đầu tư thực hiện", "tỷ đồng"),
    ("Thu ngân sách trên địa bàn", "tỷ đồng"),
    ("Doanh nghiệp thành lập mới", "doanh nghiệp"),
    ("Khách du lịch", "nghìn lượt"),
    ("Vận chuyển hàng hóa", "nghìn tấn"),
    ("Vận chuyển hành khách", "nghìn lượt"),
    ("Dư nợ tín dụng", "tỷ đồng"),
    ("Lao động được giải quyết việc làm", "người"),
]
PRODUCTS = [
    "Chè khô", "Gỗ ván ép", "Xi măng", "Gạch nung", "Quần áo may sẵn", "Linh kiện điện tử", "Điện sản xuất", "Nước máy", "Đá xây dựng",
    "Bột giấy", "Thức ăn gia súc", "Phân bón", "Bia hơi", "Tinh bột sắn", "Đường kết tinh", "Giày vải", "Bao bì", "Cáp điện",
]  # fmt: skip


def make_report(path: Path, *, day: datetime.date, seed: int) -> None:
    dice = random.Random(seed + 1)  # noqa: S311 - plausible numbers, no secrets
    issued = day - datetime.timedelta(days=4)
    period = f"tháng {day.month} và {day.month} tháng năm {day.year}" if day.month > 1 else f"tháng 1 năm {day.year}"
    title = f"Báo cáo tình hình kinh tế - xã hội {period}"
    paper = blank(title=title, author="UBND tỉnh Lam Giang", made_at=f"{issued:%Y%m%d}1400")
    abstract = f"Tình hình kinh tế - xã hội {period};\nnhiệm vụ trọng tâm thời gian tới"
    start(paper, Heading("", "ỦY BAN NHÂN DÂN\nTỈNH LAM GIANG", "291/BC-UBND", issued, "BÁO CÁO", abstract))
    paper.paragraph(
        f"Thực hiện Chương trình công tác năm {day.year}, Ủy ban nhân dân tỉnh báo cáo tình hình kinh tế - xã hội {period} và nhiệm vụ "
        "trọng tâm thời gian tới như sau:"
    )
    paper.heading("I. TÌNH HÌNH KINH TẾ")
    indicators(paper, dice)
    for title_line, paragraphs in SECTIONS:
        section(paper, dice, title_line, paragraphs)
    bar_chart(paper, dice)
    line_chart(paper, dice)
    paper.heading("II. VĂN HÓA, XÃ HỘI, MÔI TRƯỜNG")
    for title_line, paragraphs in SOCIETY:
        section(paper, dice, title_line, paragraphs)
    paper.heading("III. ĐÁNH GIÁ CHUNG")
    for text in (
        "1. Ưu điểm: kinh tế duy trì đà tăng trưởng; thu ngân sách, giải ngân đầu tư công, xuất khẩu đều cao hơn cùng kỳ; an sinh xã "
        "hội được bảo đảm; trật tự xã hội ổn định.",
        "2. Hạn chế: tiến độ giải phóng mặt bằng chậm; một số chỉ tiêu về đô thị hóa, nước sạch nông thôn khó hoàn thành; chất lượng "
        "tham mưu của một vài đơn vị chưa cao, còn họp nhiều, tài liệu gửi muộn.",
        "3. Nguyên nhân chủ quan: người đứng đầu một số đơn vị chưa sâu sát; phối hợp giữa các ngành thiếu chặt chẽ.",
    ):
        paper.paragraph(text)
    paper.heading("IV. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI")
    for number, text in enumerate(TASKS, 1):
        paper.paragraph(f"{number}. {text}")
    paper.paragraph("Trên đây là báo cáo của Ủy ban nhân dân tỉnh, kính trình phiên họp xem xét, thảo luận./.")
    signature(
        paper,
        capacity=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        name=name_of("tran-quoc-khai"),
        recipients=COMMITTEE_RECIPIENTS,
    )
    annexes(paper, dice, year=day.year, seed=seed)
    paper.save(path)


def section(paper: Typesetter, dice: random.Random, title: str, paragraphs: Sequence[str]) -> None:
    paper.heading(title, level=2)
    for text in paragraphs:
        figures = {key: grouped(dice.uniform(2.1, 14.8), 1) for key in "abce"}
        paper.paragraph(text.format(**figures, d=grouped(dice.uniform(71, 98), 1)))


def indicators(paper: Typesetter, dice: random.Random) -> None:
    columns = [
        Column("STT", 6, "center"), Column("Chỉ tiêu", 34), Column("Đơn vị", 14, "center"), Column("Thực hiện tháng", 14, "right"),
        Column("Lũy kế", 14, "right"), Column("So cùng kỳ (%)", 14, "right"),
    ]  # fmt: skip
    rows = []
    for number, (name, unit) in enumerate(INDICATORS, 1):
        month = dice.randrange(120, 1900)
        total = month * 10 + dice.randrange(100, 900)
        growth = 100 + dice.uniform(-4, 16)
        rows.append(Row((str(number), name, unit, grouped(month), grouped(total), grouped(growth, 1))))
    paper.paragraph("Kết quả một số chỉ tiêu chủ yếu:", after=4)
    paper.table(columns, rows)
    paper.skip(10)


def bar_chart(paper: Typesetter, dice: random.Random) -> None:
    height = 190.0
    paper.need(height + 70)
    paper.mark("Hình 1. Giải ngân vốn đầu tư công theo địa phương", level=2)
    paper.skip(8)
    bottom = paper.y + height
    left, width = LEFT + 34, paper.text_width - 44
    for percent in range(0, 101, 20):
        y = bottom - percent / 100 * (height - 14)
        paper.track([(left, y), (left + width, y)], colour=LIGHT, width=0.6)
        paper.line_at(f"{percent}%", left - 6, y + 3, Style(8.5), align="right")
    places = ["Cấp tỉnh", "Trà Khê", "Vân Đài", "An Lĩnh", "Đông Mạc", "Phú Thượng", "Bến Lam"]
    step = width / len(places)
    for index, place in enumerate(places):
        last, now = dice.uniform(38, 76), dice.uniform(46, 94)
        x = left + index * step + step * 0.2
        for offset, value, colour in ((0.0, last, "0.66 0.71 0.75"), (step * 0.3, now, BLUE)):
            y = bottom - value / 100 * (height - 14)
            paper.area(
                [
                    (x + offset, bottom),
                    (x + offset, y),
                    (x + offset + step * 0.28, y),
                    (x + offset + step * 0.28, bottom),
                ],
                fill=colour,
            )
        y = bottom - now / 100 * (height - 14)
        paper.line_at(grouped(now, 1), x + step * 0.44, y - 3, Style(8), align="center")
        paper.line_at(place, x + step * 0.3, bottom + 13, Style(8.5), align="center")
    paper.rule(left, bottom, left + width, bottom, width=0.8)
    paper.y = bottom + 22
    legend(paper, (("0.66 0.71 0.75", "Cùng kỳ năm trước"), (BLUE, "Năm nay")))
    paper.centred("Hình 1. Tỷ lệ giải ngân vốn đầu tư công theo địa phương", Style(10.5, italic=True), after=10)


def line_chart(paper: Typesetter, dice: random.Random) -> None:
    height = 150.0
    paper.need(height + 70)
    paper.mark("Hình 2. Chỉ số sản xuất công nghiệp theo tháng", level=2)
    paper.skip(8)
    bottom = paper.y + height
    left, width = LEFT + 34, paper.text_width - 44
    for value in range(95, 121, 5):
        y = bottom - (value - 95) / 25 * (height - 10)
        paper.track([(left, y), (left + width, y)], colour=LIGHT, width=0.6)
        paper.line_at(str(value), left - 6, y + 3, Style(8.5), align="right")
    for colour, base in (("0.66 0.71 0.75", 101.0), (RED, 105.0)):
        points = []
        for month in range(12):
            index = base + month * 0.7 + dice.uniform(-2.2, 2.2)
            points.append((left + (month + 0.5) * width / 12, bottom - (index - 95) / 25 * (height - 10)))
        paper.track(points, colour=colour, width=1.6)
    for month in range(12):
        paper.line_at(f"T{month + 1}", left + (month + 0.5) * width / 12, bottom + 12, Style(8.5), align="center")
    paper.rule(left, bottom, left + width, bottom, width=0.8)
    paper.y = bottom + 22
    legend(paper, (("0.66 0.71 0.75", "Hai năm trước"), (RED, "12 tháng gần nhất")))
    paper.centred(
        "Hình 2. Chỉ số sản xuất công nghiệp (cùng tháng năm trước = 100)", Style(10.5, italic=True), after=10
    )


def legend(paper: Typesetter, entries: Sequence[tuple[str, str]]) -> None:
    x = LEFT + paper.text_width / 2 - 105
    for colour, words in entries:
        paper.area([(x, paper.y), (x + 9, paper.y), (x + 9, paper.y + 9), (x, paper.y + 9)], fill=colour)
        x += 14 + paper.line_at(words, x + 14, paper.y + 8, Style(9)) + 22
    paper.y += 12


def annexes(paper: Typesetter, dice: random.Random, *, year: int, seed: int) -> None:
    paper.new_side()
    paper.mark("Phụ lục 1: Sản phẩm công nghiệp chủ yếu")
    annex_title(paper, "PHỤ LỤC 1", "SẢN PHẨM CÔNG NGHIỆP CHỦ YẾU")
    columns = [
        Column("STT", 6, "center"), Column("Sản phẩm", 34), Column("Tháng trước", 15, "right"), Column("Tháng này", 15, "right"),
        Column("Lũy kế", 15, "right"), Column("So cùng kỳ (%)", 15, "right"),
    ]  # fmt: skip
    paper.table(columns, product_rows(dice))
    paper.new_side()
    paper.mark("Phụ lục 2: Chỉ tiêu kinh tế - xã hội theo xã, phường")
    annex_title(paper, "PHỤ LỤC 2", "CHỈ TIÊU KINH TẾ - XÃ HỘI THEO XÃ, PHƯỜNG")
    columns = [
        Column("STT", 6, "center"), Column("Địa phương, chỉ tiêu", 46), Column("Kế hoạch", 16, "right"), Column("Thực hiện", 16, "right"),
        Column("Đạt (%)", 14, "right"),
    ]  # fmt: skip
    paper.table(columns, place_rows(dice))
    paper.new_side()
    paper.mark("Phụ lục 3: Tiến độ giải ngân các dự án đầu tư công")
    annex_title(paper, "PHỤ LỤC 3", "TIẾN ĐỘ GIẢI NGÂN CÁC DỰ ÁN ĐẦU TƯ CÔNG")
    paper.table(project_columns(year), project_rows(Figures(seed + 3), year), until_side=SIDES)


def annex_title(paper: Typesetter, number: str, name: str) -> None:
    paper.centred(number, Style(12, bold=True))
    paper.centred(name, Style(11, bold=True))
    paper.centred(
        "(Kèm theo Báo cáo số 291/BC-UBND của Ủy ban nhân dân tỉnh Lam Giang)", Style(10, italic=True), after=8
    )


def product_rows(dice: random.Random) -> Iterator[Row]:
    for number, product in enumerate(PRODUCTS, 1):
        last, now = dice.randrange(90, 4200), dice.randrange(90, 4200)
        yield Row(
            (str(number), product, grouped(last), grouped(now), grouped(now * 10), grouped(dice.uniform(91, 123), 1))
        )


def place_rows(dice: random.Random) -> Iterator[Row]:
    lines = (
        "Thu ngân sách (triệu đồng)", "Giải ngân đầu tư công (triệu đồng)", "Diện tích gieo trồng (ha)", "Đàn gia súc (con)",
        "Hộ thoát nghèo (hộ)", "Hồ sơ trực tuyến toàn trình (hồ sơ)", "Người tham gia bảo hiểm y tế (người)",
        "Trồng rừng tập trung (ha)", "Đường giao thông nông thôn (m)", "Lao động có việc làm mới (người)",
    )  # fmt: skip
    for number, place in enumerate(PLACES, 1):
        name = f"Phường {place}" if place == "Bến Lam" else f"Xã {place}"
        yield Row((str(number), name, "", "", ""), bold=True)
        for line in lines:
            plan = dice.randrange(320, 9800, 10)
            done = int(plan * dice.uniform(0.66, 1.08))
            yield Row(("", f"- {line}", grouped(plan), grouped(done), grouped(done / plan * 100, 1)))
