"""The zoning plan: words, a table of land use, and two landscape plans drawn as vectors (9 sides)."""

import datetime
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from config.demo.papers.form import Heading, addressee, blank, legal_grounds, signature, start
from config.demo.people import name_of
from config.demo.typesetting import LEFT, RIGHT, Column, Row, Style, Typesetter, grouped

Point = tuple[float, float]
Theme = Literal["uses", "roads", "phases"]

USES = [
    ("OM", "Đất ở hiện trạng chỉnh trang", "0.99 0.90 0.62", 96.4),
    ("ODT", "Đất ở mới", "0.98 0.78 0.42", 71.8),
    ("CC", "Đất công trình công cộng, dịch vụ", "0.93 0.55 0.50", 28.6),
    ("GD", "Đất giáo dục", "0.80 0.62 0.78", 14.2),
    ("CX", "Đất cây xanh, công viên, mặt nước", "0.70 0.85 0.62", 63.9),
    ("CN", "Đất công nghiệp, kho bãi", "0.76 0.74 0.82", 52.1),
    ("NN", "Đất nông nghiệp giữ lại", "0.88 0.93 0.78", 38.5),
    ("HT", "Đất giao thông, hạ tầng kỹ thuật", "0.90 0.90 0.90", 54.5),
]
RIVER, INK, LACQUER, PLAIN = "0.62 0.80 0.90", "0.25 0.27 0.30", "0.61 0.11 0.11", "0.95 0.95 0.92"
MAIN_ROAD = "0.99 0.86 0.55"
PHASES = [("Giai đoạn 1", "0.96 0.80 0.72"), ("Giai đoạn 2", "0.99 0.92 0.72"), ("Giai đoạn 3", "0.80 0.88 0.92")]


def make_plan(path: Path, *, day: datetime.date, seed: int) -> None:
    issued = day - datetime.timedelta(days=7)
    title = "Đồ án quy hoạch phân khu xây dựng khu vực phía Bắc phường Bến Lam"
    paper = blank(title=title, author="Sở Xây dựng", made_at=f"{issued:%Y%m%d}1530")
    abstract = "Về việc phê duyệt Đồ án quy hoạch phân khu xây dựng tỷ lệ 1/2.000\nkhu vực phía Bắc phường Bến Lam, thị xã Vân Đài"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ XÂY DỰNG", "206/TTr-SXD", issued, "TỜ TRÌNH", abstract))
    addressee(paper, "Ủy ban nhân dân tỉnh Lam Giang")
    legal_grounds(
        paper,
        (
            "Căn cứ Luật Quy hoạch đô thị và nông thôn",
            "Căn cứ Quy hoạch tỉnh Lam Giang đã được phê duyệt",
            "Xét hồ sơ đồ án do Ban Quản lý dự án thị xã Vân Đài lập và kết quả lấy ý kiến cộng đồng dân cư",
        ),
    )
    write_case(paper)
    plan(paper, seed, "BẢN ĐỒ QUY HOẠCH TỔNG MẶT BẰNG SỬ DỤNG ĐẤT", "QH-04", "uses")
    plan(paper, seed, "BẢN ĐỒ QUY HOẠCH HỆ THỐNG GIAO THÔNG VÀ CHỈ GIỚI ĐƯỜNG ĐỎ", "QH-05", "roads")
    plan(paper, seed, "BẢN ĐỒ PHÂN KỲ ĐẦU TƯ", "QH-06", "phases")
    plots(paper, random.Random(seed + 4))  # noqa: S311 - plausible numbers, no secrets
    paper.save(path)


def write_case(paper: Typesetter) -> None:
    area = sum(use[3] for use in USES)
    paper.paragraph("Sở Xây dựng kính trình Ủy ban nhân dân tỉnh xem xét, phê duyệt đồ án với các nội dung chính sau:")
    paper.heading("I. PHẠM VI, RANH GIỚI, QUY MÔ")
    for text in (
        "1. Phạm vi: phía Bắc giáp sông Lam Giang; phía Đông giáp xã Phú Thượng; phía Tây giáp đường tỉnh 418; phía Nam giáp khu trung "
        "tâm hiện hữu phường Bến Lam.",
        f"2. Quy mô diện tích: {grouped(area, 1)} ha. Quy mô dân số đến năm 2035: khoảng 21.500 người, trong đó dân số hiện trạng 8.740 "
        "người.",
    ):
        paper.paragraph(text)
    paper.heading("II. HIỆN TRẠNG")
    for text in (
        "1. Địa hình thấp dần từ Nam ra Bắc, cao độ từ +9,80 m đến +14,20 m; khu dân cư ven sông ngập từ 0,3 m đến 0,7 m khi mưa trên 120 mm "
        "trong 3 giờ.",
        "2. Dân cư tập trung tại bốn tổ dân phố dọc đường tỉnh 418; 62% lao động làm việc trong khu công nghiệp và dịch vụ, còn lại trồng "
        "chè, hoa màu và nuôi cá lồng.",
        "3. Hạ tầng xã hội còn thiếu: 01 trường tiểu học quá tải, chưa có trường mầm non công lập phía Bắc, chưa có công viên; trạm y tế "
        "cách khu dân cư xa nhất 3,4 km.",
        "4. Hạ tầng kỹ thuật: đường nội bộ rộng từ 3 m đến 5 m; nước thải sinh hoạt xả ra suối Nậm Tra; đường dây 35 kV cắt ngang khu đất.",
        "5. Di tích: đình Bến Lam xếp hạng cấp tỉnh, hàng gạo cổ thụ bảy cây, nền lò gốm cũ đã khoanh vùng khảo sát.",
    ):
        paper.paragraph(text)
    paper.heading("III. TÍNH CHẤT, MỤC TIÊU")
    for text in (
        "1. Tính chất: khu đô thị dịch vụ gắn với cảng sông, khu ở cho công nhân Khu công nghiệp Bến Lam và vùng đệm sinh thái ven sông.",
        "2. Mục tiêu: cụ thể hóa quy hoạch chung; khắc phục ngập úng khu dân cư hiện hữu; tạo quỹ đất đấu giá, nhà ở xã hội và hạ tầng "
        "xã hội còn thiếu; làm cơ sở lập quy hoạch chi tiết và quản lý xây dựng.",
    ):
        paper.paragraph(text)
    paper.heading("IV. CƠ CẤU SỬ DỤNG ĐẤT")
    columns = [
        Column("Ký hiệu", 10, "center"),
        Column("Chức năng", 46),
        Column("Diện tích (ha)", 18, "right"),
        Column("Tỷ lệ (%)", 16, "right"),
    ]
    rows = [Row((code, name, grouped(size, 1), grouped(size / area * 100, 1))) for code, name, _colour, size in USES]
    paper.table(columns, [*rows, Row(("", "TỔNG CỘNG", grouped(area, 1), "100,0"), bold=True)])
    paper.skip(10)
    paper.heading("V. TỔ CHỨC KHÔNG GIAN, KIẾN TRÚC, CẢNH QUAN")
    for text in (
        "1. Trục chính Bắc - Nam rộng 36 m nối quảng trường bến sông với trung tâm hiện hữu; hai bên bố trí công trình công cộng cao tối "
        "đa 9 tầng, khoảng lùi 6 m.",
        "2. Hành lang xanh ven sông rộng từ 60 m đến 120 m, không bố trí công trình kiên cố ngoài tuyến kè, bến thuyền và chòi nghỉ.",
        "3. Khu ở hiện trạng giữ nguyên cấu trúc ngõ, mở rộng lối vào cho xe chữa cháy; mật độ xây dựng gộp không quá 55%.",
        "4. Nhà ở xã hội bố trí tại ô đất ODT-03 và ODT-07, cách cổng khu công nghiệp không quá 1,5 km, có tuyến xe buýt phục vụ.",
        "5. Công trình điểm nhấn: nhà ga hành khách bến thuyền, bảo tàng nghề chè, cầu đi bộ qua suối Nậm Tra.",
    ):
        paper.paragraph(text)
    paper.heading("VI. QUY HOẠCH HẠ TẦNG KỸ THUẬT")
    for title_line, texts in (
        (
            "1. Giao thông",
            (
                "Đường chính khu vực lộ giới 24 m đến 36 m; đường phân khu vực 17,5 m; bãi đỗ xe tập trung 2,8 ha tại bốn vị trí.",
                "Nút giao với đường tỉnh 418 tổ chức đèn tín hiệu giai đoạn đầu, dự trữ quỹ đất cho nút khác mức.",
            ),
        ),
        (
            "2. Chuẩn bị kỹ thuật, thoát nước",
            (
                "Cao độ nền xây dựng tối thiểu +12,40 m; hồ điều hòa 6,2 ha kết hợp công viên; thoát nước mưa tự chảy theo ba lưu vực.",
                "Nước thải thu gom riêng, công suất trạm xử lý 4.500 m3/ngày đêm.",
            ),
        ),
        (
            "3. Cấp nước, cấp điện, thông tin",
            (
                "Nhu cầu cấp nước 5.200 m3/ngày đêm từ nhà máy nước Trà Khê; phụ tải điện 18,6 MVA; hạ ngầm toàn bộ đường dây trung áp.",
                "Hạ tầng viễn thông thụ động dùng chung; dự trữ cống bể dọc mọi tuyến đường mới.",
            ),
        ),
    ):
        paper.heading(title_line, level=2)
        for text in texts:
            paper.paragraph(text)
    paper.heading("VII. ĐÁNH GIÁ MÔI TRƯỜNG CHIẾN LƯỢC")
    for text in (
        "Tác động chủ yếu là bụi, tiếng ồn trong thi công và thay đổi dòng chảy mặt. Giải pháp: thi công theo phân kỳ, tưới ẩm, trồng dải "
        "cây cách ly 30 m quanh khu công nghiệp, quan trắc nước ngầm hằng quý.",
        "Khu vực đất nông nghiệp giữ lại đóng vai trò trữ nước khi lũ sông Lam Giang vượt báo động 2.",
    ):
        paper.paragraph(text)
    paper.heading("VIII. Ý KIẾN CỘNG ĐỒNG VÀ TIẾP THU")
    for text in (
        "Đã lấy ý kiến 1.126 hộ dân, 94,2% đồng thuận. Các ý kiến khác tập trung vào giá bồi thường, vị trí tái định cư và đề nghị giữ lại "
        "đình Bến Lam cùng hàng gạo cổ thụ ven sông.",
        "Đồ án đã dịch chuyển tim đường D4 về phía Đông 14 m để giữ đình và cảnh quan; bổ sung 3,1 ha đất tái định cư tại chỗ.",
    ):
        paper.paragraph(text)
    paper.heading("IX. PHÂN KỲ ĐẦU TƯ")
    for text in (
        "1. Giai đoạn 1 (hai năm đầu): kè sông, trục Bắc - Nam, khu tái định cư, trường tiểu học và trường mầm non.",
        "2. Giai đoạn 2 (ba năm tiếp theo): hồ điều hòa, khu ở mới, nhà ở xã hội, trạm xử lý nước thải.",
        "3. Giai đoạn 3 (sau 5 năm): khu dịch vụ cảng sông, hoàn thiện cây xanh cảnh quan.",
    ):
        paper.paragraph(text)
    paper.heading("X. NGUỒN LỰC THỰC HIỆN")
    for text in (
        "1. Khái toán tổng kinh phí đầu tư hạ tầng khung: 2.340 tỷ đồng; trong đó ngân sách cấp tỉnh 46%, ngân sách huyện 18%, vốn xã hội "
        "hóa và đấu giá quyền sử dụng đất 36%.",
        "2. Danh mục dự án ưu tiên: kè sông Lam Giang đoạn qua phường Bến Lam; trục Bắc - Nam; khu tái định cư 3,1 ha; trường mầm non phía "
        "Bắc; trạm xử lý nước thải giai đoạn 1.",
    ):
        paper.paragraph(text)
    paper.heading("XI. TỔ CHỨC THỰC HIỆN")
    for text in (
        "Ủy ban nhân dân thị xã Vân Đài công bố quy hoạch trong 15 ngày sau khi được phê duyệt, cắm mốc giới ngoài thực địa và quản lý "
        "theo đồ án. Sở Xây dựng hướng dẫn, kiểm tra.",
    ):
        paper.paragraph(text)
    paper.paragraph("Sở Xây dựng kính trình Ủy ban nhân dân tỉnh xem xét, quyết định./.", keep_with_next=150)
    recipients = ("Như trên", "UBND thị xã Vân Đài", "UBND phường Bến Lam", "Lưu: VT, QHKT")
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("uy-vien-2"), recipients=recipients)


def plan(paper: Typesetter, seed: int, title: str, number: str, theme: Theme) -> None:
    """Draw a plan on a landscape side: blocks between winding roads, a river, a legend and a scale."""
    dice = random.Random(seed + 5)  # noqa: S311 - the same ground under both plans
    paper.new_side(rotated=True)
    paper.mark(f"{number}: {title.capitalize()}", level=1)
    width, height = paper.side.width, paper.side.height
    frame = (LEFT, 76.0, width - RIGHT - 184, height - 44)
    paper.area(corners(frame), fill="0.99 0.985 0.96", stroke=INK, width=1.2)
    paper.line_at(title, LEFT, 67, Style(12.5, bold=True))
    grid = ground(dice, frame)
    blocks(paper, dice, grid, theme)
    roads(paper, grid, theme)
    river(paper, frame)
    marks(paper, frame)
    key(paper, (frame[2] + 14, frame[1], width - RIGHT, frame[3]), number, theme)


def corners(frame: tuple[float, float, float, float]) -> list[Point]:
    x1, y1, x2, y2 = frame
    return [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]


COLUMNS, ROWS = 11, 7


def ground(dice: random.Random, frame: tuple[float, float, float, float]) -> list[list[Point]]:
    """Return the crossings of the roads: a bent grid below the river."""
    x1, y1, x2, y2 = frame
    top = y1 + 118
    crossings = []
    for row in range(ROWS + 1):
        line = []
        for column in range(COLUMNS + 1):
            x = x1 + (x2 - x1) * column / COLUMNS
            y = top + (y2 - top) * row / ROWS + 12 * math.sin(column / 1.7 + row / 3)
            inner = 0 < column < COLUMNS and 0 < row < ROWS
            line.append((x + (dice.uniform(-9, 9) if inner else 0), min(y + (dice.uniform(-6, 6) if inner else 0), y2)))
        crossings.append(line)
    crossings[-1] = [(x, y2) for x, _ in crossings[-1]]
    return crossings


def blocks(paper: Typesetter, dice: random.Random, grid: list[list[Point]], theme: Theme) -> None:
    counts: dict[str, int] = {}
    for row in range(ROWS):
        for column in range(COLUMNS):
            corners_of_block = [
                grid[row][column],
                grid[row][column + 1],
                grid[row + 1][column + 1],
                grid[row + 1][column],
            ]
            weights = (20, 16, 6, 4, 18 if row == 0 else 7, 14 if column > 8 else 1, 9 if row > 4 else 2)
            code, _name, colour, _size = dice.choices(USES[:7], weights)[0]
            counts[code] = counts.get(code, 0) + 1
            phase = PHASES[min((row * 2 + column) // 8, 2)][1]
            paper.area(corners_of_block, fill={"uses": colour, "roads": PLAIN, "phases": phase}[theme])
            middle = (sum(x for x, _ in corners_of_block) / 4, sum(y for _, y in corners_of_block) / 4)
            parcels(paper, dice, corners_of_block, theme)
            if theme != "roads":
                paper.line_at(
                    f"{code}-{counts[code]:02}", middle[0], middle[1] + 3, Style(6.4, bold=True), align="center"
                )


def parcels(paper: Typesetter, dice: random.Random, block: Sequence[Point], theme: Theme) -> None:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = block
    pieces = dice.randrange(3, 7)
    colour = "0.84 0.84 0.80" if theme == "roads" else "0.72 0.68 0.58"
    for index in range(1, pieces):
        t = index / pieces
        top, bottom = (ax + (bx - ax) * t, ay + (by - ay) * t), (dx + (cx - dx) * t, dy + (cy - dy) * t)
        paper.track([top, bottom], colour=colour, width=0.3)
    half = ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)
    paper.track(half, colour=colour, width=0.3)


def roads(paper: Typesetter, grid: list[list[Point]], theme: Theme) -> None:
    lines = list(grid[:-1]) + [[row[column] for row in grid] for column in range(1, COLUMNS)]
    for index, line in enumerate(lines):
        main = index in (0, 3, ROWS + 2, ROWS + 6)
        paper.track(line, colour=INK, width=8.6 if main else 5.4)
        paper.track(line, colour=MAIN_ROAD if main and theme == "roads" else "1 1 1", width=7.4 if main else 4.4)
        if main:
            paper.track(line, colour=LACQUER, width=0.6, dash="7 3 1.5 3")
    if theme == "roads":
        for row in range(1, ROWS):
            for column in range(1, COLUMNS):
                x, y = grid[row][column]
                paper.area(circle(x, y, 4.2), fill="1 1 1", stroke=LACQUER, width=0.7)
                paper.line_at(f"N{(row - 1) * (COLUMNS - 1) + column:02}", x + 6, y - 5, Style(5.2))


def circle(x: float, y: float, radius: float) -> list[Point]:
    return [(x + radius * math.cos(i * math.tau / 24), y + radius * math.sin(i * math.tau / 24)) for i in range(24)]


def river(paper: Typesetter, frame: tuple[float, float, float, float]) -> None:
    x1, y1, x2, _ = frame
    bank = [(x1 + (x2 - x1) * i / 40, y1 + 58 + 13 * math.sin(i / 4.2) + 5 * math.sin(i / 1.9)) for i in range(41)]
    paper.area([(x1, y1), (x2, y1), *reversed(bank)], fill=RIVER)
    for offset in (0.0, 5.0):
        paper.track([(x, y + offset) for x, y in bank], colour="0.25 0.50 0.65", width=0.8 if offset else 1.4)
    paper.track([(x, y - 22) for x, y in bank[4:36]], colour="1 1 1", width=0.7, dash="18 9")
    paper.line_at("SÔNG LAM GIANG", (x1 + x2) / 2, y1 + 28, Style(13, italic=True), align="center")


def marks(paper: Typesetter, frame: tuple[float, float, float, float]) -> None:
    x1, y1, x2, y2 = frame
    inset = 5.0
    paper.track(
        [*corners((x1 + inset, y1 + 101, x2 - inset, y2 - inset)), (x1 + inset, y1 + 101)],
        colour=LACQUER,
        width=1.6,
        dash="10 4 2 4",
    )
    for text, x, y in (("XÃ PHÚ THƯỢNG", x2 - 70, y1 + 96), ("ĐƯỜNG TỈNH 418", x1 + 66, y1 + 96)):
        paper.line_at(text, x, y, Style(7.5, bold=True), align="center")


def key(paper: Typesetter, box: tuple[float, float, float, float], number: str, theme: Theme) -> None:
    x1, y1, x2, y2 = box
    paper.area(corners(box), stroke=INK, width=0.8)
    middle = (x1 + x2) / 2
    north = [(middle, y1 + 10), (middle + 9, y1 + 44), (middle, y1 + 36), (middle - 9, y1 + 44)]
    paper.area(north, fill=INK)
    paper.line_at("B", middle, y1 + 56, Style(10, bold=True), align="center")
    paper.line_at("CHÚ GIẢI", middle, y1 + 78, Style(9.5, bold=True), align="center")
    y = y1 + 90
    for colour, words in key_entries(theme):
        paper.area(corners((x1 + 10, y, x1 + 32, y + 12)), fill=colour, stroke=INK, width=0.4)
        paper.line_at(words, x1 + 38, y + 9, Style(6.8))
        y += 19
    for words, dash in (("Tim đường chính", "7 3 1.5 3"), ("Ranh giới lập quy hoạch", "10 4 2 4")):
        paper.track([(x1 + 10, y + 6), (x1 + 32, y + 6)], colour=LACQUER, width=1.2, dash=dash)
        paper.line_at(words, x1 + 38, y + 9, Style(6.8))
        y += 19
    y = y2 - 92
    for index in range(4):
        x = x1 + 18 + index * 30
        paper.area(corners((x, y, x + 30, y + 5)), fill=INK if index % 2 == 0 else "1 1 1", stroke=INK, width=0.5)
        paper.line_at(str(index * 100), x, y - 3, Style(6.5), align="center")
    paper.line_at("400 m", x1 + 138, y - 3, Style(6.5), align="center")
    for line, words in enumerate(
        (
            "Tỷ lệ 1/2.000",
            f"Bản vẽ số {number}",
            "Đơn vị lập: BQL dự án thị xã Vân Đài",
            "Bản minh họa, không dùng để cấp phép",
        )
    ):
        paper.line_at(words, middle, y + 24 + line * 15, Style(7.6, bold=line == 1), align="center")


def key_entries(theme: Theme) -> list[tuple[str, str]]:
    if theme == "uses":
        return [(colour, f"{code} {name}") for code, name, colour, _size in USES]
    if theme == "phases":
        return [(colour, name) for name, colour in PHASES]
    return [
        (MAIN_ROAD, "Đường chính, lộ giới 24-36 m"),
        ("1 1 1", "Đường phân khu vực, 17,5 m"),
        (PLAIN, "Ô đất trong ranh giới"),
    ]


def plots(paper: Typesetter, dice: random.Random) -> None:
    paper.new_side()
    paper.mark("Phụ lục: Bảng chỉ tiêu sử dụng đất từng ô đất")
    paper.centred("PHỤ LỤC", Style(12, bold=True))
    paper.centred("CHỈ TIÊU SỬ DỤNG ĐẤT TỪNG Ô ĐẤT", Style(11, bold=True), after=8)
    columns = [
        Column("STT", 7, "center"), Column("Ô đất", 14, "center"), Column("Diện tích (ha)", 16, "right"),
        Column("Mật độ xây dựng tối đa (%)", 20, "right"), Column("Tầng cao tối đa", 16, "right"), Column("Dân số (người)", 16, "right"),
    ]  # fmt: skip
    rows = []
    for number in range(1, 53):
        code = USES[dice.randrange(3)][0]
        size = dice.uniform(1.2, 7.4)
        people = grouped(size * dice.uniform(60, 190)) if code != "CC" else "-"
        cells = (
            f"{code}-{number:02}",
            grouped(size, 2),
            str(dice.randrange(30, 71, 5)),
            str(dice.randrange(2, 10)),
            people,
        )
        rows.append(Row((str(number), *cells)))
    paper.table(columns, rows)
