"""The land use map: a short note, then one sheet of A1 with contours and parcels in fine lines (2 sides)."""

import datetime
import math
import random
from pathlib import Path

from config.demo.papers.form import Heading, addressee, blank, signature, start
from config.demo.people import name_of
from config.demo.typesetting import MM, Style, Typesetter

SIDES = 2
A1 = (841 * MM, 594 * MM)
INK, CONTOUR, RIVER, PARCEL = "0.15 0.15 0.15", "0.62 0.45 0.28", "0.72 0.86 0.93", "0.45 0.45 0.42"
COLOURS = {
    "Đất ở tại đô thị": "0.98 0.85 0.62",
    "Đất trồng lúa": "0.98 0.97 0.72",
    "Đất rừng phòng hộ": "0.72 0.85 0.66",
    "Đất rừng sản xuất": "0.83 0.92 0.76",
    "Đất khu công nghiệp": "0.82 0.76 0.88",
    "Đất công trình công cộng": "0.95 0.70 0.66",
}
MARGIN = 34 * MM
COLUMNS, ROWS = 34, 20


def make_map(path: Path, *, day: datetime.date, seed: int) -> None:
    issued = day - datetime.timedelta(days=8)
    paper = blank(title="Bản đồ sử dụng đất", author="Sở Nông nghiệp và Môi trường", made_at=f"{issued:%Y%m%d}0800")
    abstract = "Gửi bản đồ hiện trạng và kế hoạch sử dụng đất\nkhu vực thị xã Vân Đài"
    agency = "SỞ NÔNG NGHIỆP\nVÀ MÔI TRƯỜNG"
    start(paper, Heading("UBND TỈNH LAM GIANG", agency, "318/TTr-SNNMT", issued, "TỜ TRÌNH", abstract))
    addressee(paper, "Ủy ban nhân dân tỉnh Lam Giang")
    paper.heading("I. NỘI DUNG BẢN ĐỒ")
    for text in (
        "Bản đồ thể hiện ranh giới thửa, loại đất và đường bình độ với khoảng cao đều 5 mét; tỷ lệ in trên khổ A1. Khi xem trên máy tính bảng có "
        "thể phóng to để đọc số hiệu thửa.",
        "Phần diện tích dự kiến chuyển mục đích được đối chiếu với đồ án quy hoạch phân khu; không lấy vào đất trồng lúa hai vụ phía Nam "
        "đường tỉnh 418.",
        "Đề nghị Ủy ban nhân dân tỉnh xem xét cùng hồ sơ quy hoạch phân khu tại phiên họp./.",
    ):
        paper.paragraph(text)
    recipients = ("Như trên", "UBND thị xã Vân Đài", "Lưu: VT, QLĐĐ")
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("luong-van-quyet"), recipients=recipients)
    draw_sheet(paper, random.Random(seed + 7))  # noqa: S311 - shapes of a map
    paper.save(path)


def draw_sheet(paper: Typesetter, dice: random.Random) -> None:
    paper.new_side(sheet=A1)
    paper.mark("Bản đồ sử dụng đất, khổ A1")
    left, top, right, bottom = MARGIN, MARGIN, A1[0] - MARGIN, A1[1] - MARGIN
    parcels(paper, dice, (left, top, right - 200 * MM / 2, bottom))
    contours(paper, dice, (left, top, right - 100 * MM, bottom))
    river(paper, (left, top, right - 100 * MM, bottom))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    paper.area(corners, stroke=INK, width=1.6)
    legend(paper, right - 96 * MM, top + 12 * MM)


def parcels(paper: Typesetter, dice: random.Random, frame: tuple[float, float, float, float]) -> None:
    """A net of four-cornered fields, each with its number and divided into narrow strips."""
    x1, y1, x2, y2 = frame
    wide, high = (x2 - x1) / COLUMNS, (y2 - y1) / ROWS
    net = [
        [
            (
                x1 + wide * column + (dice.uniform(-0.28, 0.28) * wide if 0 < column < COLUMNS else 0),
                y1 + high * row + (dice.uniform(-0.28, 0.28) * high if 0 < row < ROWS else 0),
            )
            for column in range(COLUMNS + 1)
        ]
        for row in range(ROWS + 1)
    ]
    kinds = list(COLOURS.values())
    for row in range(ROWS):
        for column in range(COLUMNS):
            field = [net[row][column], net[row][column + 1], net[row + 1][column + 1], net[row + 1][column]]
            place = math.sin(column / 5) + math.cos(row / 4) + dice.uniform(-0.4, 0.4)
            paper.area(field, fill=kinds[int((place + 2.5) / 5 * len(kinds)) % len(kinds)], stroke=PARCEL, width=0.25)
            for strip in range(1, 5):
                share = strip / 5
                begin, end = between(field[0], field[1], share), between(field[3], field[2], share)
                paper.track([begin, end], colour=PARCEL, width=0.12)
            middle = between(between(field[0], field[2], 0.5), between(field[1], field[3], 0.5), 0.5)
            paper.line_at(f"{row * COLUMNS + column + 101}", middle[0], middle[1] + 1.5, Style(4.6), align="center")


def between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def contours(paper: Typesetter, dice: random.Random, frame: tuple[float, float, float, float]) -> None:
    x1, y1, x2, y2 = frame
    for _hill in range(7):
        x, y = dice.uniform(x1 + 260, x2 - 260), dice.uniform(y1 + 260, y2 - 230)
        phase, height = dice.uniform(0, math.tau), dice.randrange(180, 420, 20)
        for ring in range(14):
            radius = 16 + ring * 15
            points = [ring_point(x, y, radius, phase, step / 72 * math.tau) for step in range(73)]
            paper.track(points, colour=CONTOUR, width=0.7 if ring % 5 == 0 else 0.22)
            if ring % 5 == 0:
                paper.line_at(
                    str(height - ring * 5), points[0][0], points[0][1], Style(5.5, italic=True), align="center"
                )


def ring_point(x: float, y: float, radius: float, phase: float, angle: float) -> tuple[float, float]:
    bulge = 1 + 0.14 * math.sin(3 * angle + phase) + 0.06 * math.sin(5 * angle - phase)
    return x + radius * bulge * 1.25 * math.cos(angle), y + radius * bulge * math.sin(angle)


def river(paper: Typesetter, frame: tuple[float, float, float, float]) -> None:
    x1, y1, x2, y2 = frame
    middle = (y1 + y2) / 2
    bank = [(x1 + (x2 - x1) * i / 90, middle + 90 * math.sin(i / 13) + 24 * math.sin(i / 5)) for i in range(91)]
    paper.area([*bank, *reversed([(x, y + 34) for x, y in bank])], fill=RIVER, stroke="0.25 0.50 0.65", width=0.8)
    paper.line_at("SÔNG LAM GIANG", bank[45][0], bank[45][1] + 24, Style(18, italic=True), align="center")


def legend(paper: Typesetter, x: float, y: float) -> None:
    paper.line_at("BẢN ĐỒ HIỆN TRẠNG", x, y, Style(17, bold=True))
    paper.line_at("VÀ KẾ HOẠCH SỬ DỤNG ĐẤT", x, y + 26, Style(14, bold=True))
    paper.line_at("Thị xã Vân Đài, tỉnh Lam Giang", x, y + 48, Style(12, italic=True))
    paper.line_at("CHÚ GIẢI", x, y + 96, Style(13, bold=True))
    for number, (name, colour) in enumerate(COLOURS.items()):
        at = y + 116 + number * 27
        paper.area([(x, at), (x + 36, at), (x + 36, at + 18), (x, at + 18)], fill=colour, stroke=INK, width=0.5)
        paper.line_at(name, x + 46, at + 14, Style(11))
    for number, words in enumerate(("Tỷ lệ 1/5.000", "Khoảng cao đều 5 m", "Bản minh họa, không dùng để giao đất")):
        paper.line_at(words, x, A1[1] - MARGIN - 70 + number * 22, Style(11))
