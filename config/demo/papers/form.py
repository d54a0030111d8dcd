"""The nine components of an administrative paper (Decree 30/2020), set with the typesetter."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from config.demo.people import CAPITAL
from config.demo.typesetting import BODY_SIZE, LEFT, LINE, RIGHT, Style, Typesetter, text_width

LACQUER = "0.75 0.12 0.12"
SPECIMEN = "Tài liệu minh họa; tỉnh Lam Giang, con người và số liệu trong văn bản này đều không có thật."


@dataclass(frozen=True)
class Heading:
    superior: str
    agency: str
    number: str
    date: datetime.date | None
    kind: str
    abstract: str
    is_draft: bool = False


def written_day(day: datetime.date) -> str:
    """Decree 30/2020 wants a zero before days under 10 and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def blank(*, title: str, author: str, made_at: str) -> Typesetter:
    return Typesetter(title=title, author=author, date=f"D:{made_at}00+07'00'", foot=SPECIMEN)


def start(paper: Typesetter, heading: Heading) -> None:
    """Set national title, agency, number and symbol, place and date, type and abstract."""
    left_middle, right_middle = LEFT + paper.text_width * 0.2, LEFT + paper.text_width * 0.68
    top = paper.y
    agency_lines = [(line, False) for line in heading.superior.split("\n") if line]
    agency_lines += [(line, True) for line in heading.agency.split("\n")]
    y = top
    for line, bold in agency_lines:
        y += 15
        paper.line_at(line, left_middle, y, Style(10.5, bold=bold), align="center")
    paper.rule(left_middle - 28, y + 5, left_middle + 28, y + 5, width=0.7)
    agency_end = y
    title = Style(10.5, bold=True)
    paper.line_at("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", right_middle, top + 15, title, align="center")
    motto = Style(11.5, bold=True)
    width = paper.line_at("Độc lập - Tự do - Hạnh phúc", right_middle, top + 31, motto, align="center")
    paper.rule(right_middle - width / 2, top + 36, right_middle + width / 2, top + 36, width=0.7)
    y = max(agency_end, top + 31) + 24
    paper.line_at(f"Số: {heading.number}", left_middle, y, Style(11.5), align="center")
    paper.line_at(place_and_date(heading.date), right_middle, y, Style(11.5, italic=True), align="center")
    if heading.is_draft:
        box_width = text_width("DỰ THẢO", Style(10.5, bold=True)) + 14
        paper.draw(f"0.7 w {left_middle - box_width / 2:.2f} {paper.side.height - y - 24:.2f} {box_width:.2f} 17 re S")
        paper.line_at("DỰ THẢO", left_middle, y + 19, Style(10.5, bold=True), align="center")
        y += 18
    paper.y = y + 18
    paper.centred(heading.kind, Style(13, bold=True), after=2)
    paper.mark(f"{heading.kind.capitalize()}: {heading.abstract.replace(chr(10), ' ')}")
    paper.centred(heading.abstract, Style(12, bold=True))
    middle = LEFT + paper.text_width / 2
    paper.rule(middle - 40, paper.y + 7, middle + 40, paper.y + 7, width=0.7)
    paper.skip(20)


def place_and_date(day: datetime.date | None) -> str:
    return f"{CAPITAL}, {written_day(day)}" if day else f"{CAPITAL}, ngày~~~~~tháng~~~~~năm~~~~~~"


def addressee(paper: Typesetter, text: str) -> None:
    paper.centred(f"Kính gửi: {text}.", Style(BODY_SIZE), after=9)


def legal_grounds(paper: Typesetter, grounds: Sequence[str]) -> None:
    for index, ground in enumerate(grounds):
        end = "." if index + 1 == len(grounds) else ";"
        paper.paragraph(f"{ground}{end}", style=Style(BODY_SIZE, italic=True), after=3)


def signature(paper: Typesetter, *, capacity: Sequence[str], name: str, recipients: Sequence[str]) -> None:
    """Set title, name, specimen seal, and beside them the recipients."""
    leading = BODY_SIZE * LINE
    paper.need(max(len(capacity) * leading + 92, 24 + 13 * len(recipients)) + 8)
    top = paper.y + 8
    y = top + 13
    paper.line_at("Nơi nhận:", LEFT, y, Style(10, bold=True, italic=True))
    for index, recipient in enumerate(recipients):
        y += 13
        paper.line_at(f"- {recipient}{'.' if index + 1 == len(recipients) else ';'}", LEFT, y, Style(9))
    middle = paper.side.width - RIGHT - paper.text_width * 0.26
    baseline = top + 14
    for line in capacity:
        paper.line_at(line, middle, baseline, Style(BODY_SIZE, bold=True), align="center")
        baseline += leading
    if name:
        seal(paper, middle - 52, baseline + 24)
    paper.line_at(name, middle, baseline + 62, Style(BODY_SIZE, bold=True), align="center")
    paper.y = max(y, baseline + 66)


def seal(paper: Typesetter, x: float, y: float) -> None:
    """Draw a round red seal that says it is a specimen: a third of it lies over the signature, as the decree asks."""
    for radius, width in ((35.0, 1.4), (32.5, 0.5), (19.0, 0.5)):
        circle = [
            (x + radius * math.cos(a / 24 * math.tau), y + radius * math.sin(a / 24 * math.tau)) for a in range(96)
        ]
        paper.area(circle[:24], stroke=LACQUER, width=width)
    star = [
        (x + r * math.sin(i * math.pi / 5), y - r * math.cos(i * math.pi / 5)) for i, r in enumerate([9.0, 3.6] * 5)
    ]
    paper.area(star, fill=LACQUER)
    paper.draw(f"q {LACQUER} rg {LACQUER} RG")
    paper.line_on_circle("TỈNH LAM GIANG · BẢN MINH HỌA", x, y, 23.6, Style(6.2))
    paper.draw("Q")


COMMITTEE_RECIPIENTS = (
    "Thường trực Tỉnh ủy (để báo cáo)",
    "Thường trực HĐND tỉnh",
    "Chủ tịch, các Phó Chủ tịch UBND tỉnh",
    "Các Ủy viên UBND tỉnh",
    "Các sở, ban, ngành thuộc tỉnh",
    "UBND các huyện, xã, phường",
    "Lưu: VT, TH",
)
