"""Budget: the draft estimate with its annexes (60 sides), the submission (2), and the draft resolution (5)."""

import datetime
import itertools
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from config.demo.papers.form import COMMITTEE_RECIPIENTS, Heading, addressee, blank, legal_grounds, signature, start
from config.demo.people import UNITS, name_of
from config.demo.typesetting import LEFT, Column, Link, Row, Style, Typesetter, grouped

MONEY = [Column("STT", 6, "center"), Column("Nội dung", 46), Column("Dự toán năm trước", 16, "right")]
MONEY += [Column("Ước thực hiện", 16, "right"), Column("Dự toán năm kế hoạch", 16, "right")]

REVENUE = [
    ("Thu từ khu vực doanh nghiệp nhà nước trung ương quản lý", 412_000),
    ("Thu từ khu vực doanh nghiệp nhà nước địa phương quản lý", 168_000),
    ("Thu từ khu vực doanh nghiệp có vốn đầu tư nước ngoài", 1_284_000),
    ("Thu từ khu vực kinh tế ngoài quốc doanh", 2_036_000),
    ("Thuế thu nhập cá nhân", 748_000),
    ("Thuế bảo vệ môi trường", 655_000),
    ("Lệ phí trước bạ", 391_000),
    ("Thu phí, lệ phí", 184_000),
    ("Thuế sử dụng đất phi nông nghiệp", 21_500),
    ("Thu tiền cho thuê đất, thuê mặt nước", 236_000),
    ("Thu tiền sử dụng đất", 2_450_000),
    ("Thu tiền cấp quyền khai thác khoáng sản, tài nguyên nước", 97_000),
    ("Thu từ hoạt động xổ số kiến thiết", 68_000),
    ("Thu khác ngân sách", 213_000),
    ("Thu từ quỹ đất công ích và hoa lợi công sản tại xã", 18_400),
    ("Thu cổ tức và lợi nhuận sau thuế", 9_600),
]
SPENDING = [
    ("Chi giáo dục - đào tạo và dạy nghề", 4_386_000),
    ("Chi khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số", 328_000),
    ("Chi y tế, dân số và gia đình", 1_102_000),
    ("Chi văn hóa thông tin", 174_000),
    ("Chi phát thanh, truyền hình, thông tấn", 46_000),
    ("Chi thể dục, thể thao", 71_000),
    ("Chi bảo vệ môi trường", 236_000),
    ("Chi các hoạt động kinh tế", 1_348_000),
    ("Chi hoạt động của cơ quan quản lý nhà nước, đảng, đoàn thể", 1_963_000),
    ("Chi bảo đảm xã hội", 812_000),
    ("Chi quốc phòng", 142_000),
    ("Chi an ninh và trật tự, an toàn xã hội", 97_000),
    ("Chi thường xuyên khác", 58_000),
]
UNIT_LINES = [
    "Quỹ tiền lương và các khoản đóng góp theo lương",
    "Chi hoạt động theo định mức",
    "Sửa chữa, bảo dưỡng trụ sở và tài sản công",
    "Chi chuyển đổi số, duy trì hệ thống thông tin",
    "Đào tạo, bồi dưỡng cán bộ, công chức, viên chức",
    "Chi nhiệm vụ đặc thù được giao trong năm",
]
WORKS = [
    "Cải tạo, nâng cấp đường liên xã {a} - {b}",
    "Trường tiểu học {a}, hạng mục nhà lớp học 3 tầng 12 phòng",
    "Trường trung học cơ sở {a}, hạng mục nhà bộ môn",
    "Trường mầm non {a}, giai đoạn 2",
    "Trạm y tế {a}, xây mới và trang thiết bị",
    "Kè chống sạt lở bờ sông Lam Giang đoạn qua {a}",
    "Hệ thống cấp nước sinh hoạt tập trung {a}",
    "Cầu {a} trên tuyến đường huyện",
    "Hồ chứa nước {a}, nâng cấp bảo đảm an toàn đập",
    "Kiên cố hóa kênh mương nội đồng {a} - {b}",
    "Hạ tầng kỹ thuật khu tái định cư {a}",
    "Nhà văn hóa và khu thể thao {a}",
    "Trụ sở làm việc Đảng ủy, HĐND, UBND {a}",
    "Đường dây trung áp và trạm biến áp {a}",
    "Hệ thống thoát nước và xử lý nước thải {a}",
    "Chợ trung tâm {a}",
]
PLACES = [
    "An Lĩnh", "Đông Mạc", "Phú Thượng", "Bến Lam", "Trà Khê", "Vân Đài", "Khe Mây", "Đồi Sim", "Suối Vàng", "Hòa Lạc Trung",
    "Tân Kiều", "Mỏ Quạ", "Nà Sản Hạ", "Thượng Phong", "Cổ Lương", "Yên Đỗ Tây", "Bãi Bồi", "Lũng Thông", "Nậm Tra", "Quế Ổ",
]  # fmt: skip
PROVINCIAL_SERVICES = [
    "Bệnh viện Đa khoa tỉnh", "Bệnh viện Y dược cổ truyền tỉnh", "Trung tâm Kiểm soát bệnh tật tỉnh", "Trung tâm Lưu trữ lịch sử tỉnh",
    "Trường Cao đẳng Lam Giang", "Trung tâm Khuyến nông tỉnh", "Bảo tàng tỉnh", "Thư viện tỉnh", "Đoàn Nghệ thuật tỉnh",
    "Trung tâm Chuyển đổi số tỉnh", "Trung tâm Phục vụ hành chính công tỉnh", "Quỹ Bảo vệ môi trường tỉnh",
]  # fmt: skip
ANNEXES = [
    ("pl1", "Phụ lục I", "Cân đối ngân sách địa phương"),
    ("pl2", "Phụ lục II", "Dự toán thu ngân sách nhà nước theo sắc thuế"),
    ("pl3", "Phụ lục III", "Dự toán thu, chi phân theo huyện, xã, phường"),
    ("pl4", "Phụ lục IV", "Dự toán chi ngân sách địa phương theo lĩnh vực"),
    ("pl5", "Phụ lục V", "Dự toán chi thường xuyên của từng cơ quan, đơn vị cấp tỉnh"),
    ("pl6", "Phụ lục VI", "Kế hoạch đầu tư công nguồn ngân sách địa phương"),
]
ESTIMATE_SIDES = 60


class Figures:
    """All numbers of one budget, in million đồng, so that its tables agree with its words."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - plausible numbers, no secrets
        self.revenue = [self.three_years(name, amount) for name, amount in REVENUE]
        self.spending = [self.three_years(name, amount) for name, amount in SPENDING]
        self.trade = self.three_years("Thu từ hoạt động xuất khẩu, nhập khẩu", 1_120_000)
        self.grant = self.three_years("Thu bổ sung từ ngân sách trung ương", 6_418_000)
        self.investment = self.three_years("Chi đầu tư phát triển", 5_214_000)
        self.reserve = self.three_years("Dự phòng ngân sách", 352_000)

    def three_years(self, name: str, amount: int) -> tuple[str, int, int, int]:
        likely = round(amount * self.dice.uniform(0.97, 1.11), -2)
        return name, amount, int(likely), int(round(likely * self.dice.uniform(1.03, 1.12), -2))

    def totals(self, lines: Sequence[tuple[str, int, int, int]]) -> tuple[int, int, int]:
        return sum(x[1] for x in lines), sum(x[2] for x in lines), sum(x[3] for x in lines)


TO_BE_FOUND, TO_BE_FOUND_IN_ROW = "Cầu treo dân sinh Nà Lừa, đường dẫn hai đầu cầu", "750"


def money_row(number: str, line: tuple[str, int, int, int], *, bold: bool = False) -> Row:
    name, *amounts = line
    return Row((number, name, *(grouped(amount) for amount in amounts)), bold=bold)


def make_estimate(path: Path, *, day: datetime.date, seed: int) -> None:
    year = day.year + 1
    figures = Figures(seed)
    issued = day - datetime.timedelta(days=6)
    title = f"Báo cáo dự toán ngân sách địa phương năm {year}"
    paper = blank(title=title, author="UBND tỉnh Lam Giang", made_at=f"{issued:%Y%m%d}0800")
    abstract = f"Dự toán thu ngân sách nhà nước trên địa bàn,\nchi ngân sách địa phương năm {year}"
    start(paper, Heading("", "ỦY BAN NHÂN DÂN\nTỈNH LAM GIANG", "287/BC-UBND", issued, "BÁO CÁO", abstract))
    addressee(paper, "Hội đồng nhân dân tỉnh Lam Giang")
    write_estimate(paper, figures, year)
    signature(
        paper,
        capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        name=name_of("chu-toa"),
        recipients=COMMITTEE_RECIPIENTS,
    )
    write_annexes(paper, figures, year)
    paper.save(path)


def write_estimate(paper: Typesetter, figures: Figures, year: int) -> None:
    revenue, spending = figures.totals(figures.revenue), figures.totals(figures.spending)
    growth = (revenue[2] / revenue[1] - 1) * 100
    paper.paragraph(
        f"Thực hiện quy định của Luật Ngân sách nhà nước và văn bản hướng dẫn xây dựng dự toán ngân sách nhà nước năm {year}, "
        f"Ủy ban nhân dân tỉnh báo cáo Hội đồng nhân dân tỉnh tình hình thực hiện dự toán năm {year - 1} và dự toán thu, chi "
        f"ngân sách địa phương năm {year} như sau:"
    )
    paper.heading(f"I. ĐÁNH GIÁ THỰC HIỆN DỰ TOÁN NGÂN SÁCH NĂM {year - 1}")
    paper.heading("1. Về thu ngân sách nhà nước trên địa bàn", level=2)
    paper.paragraph(
        f"Ước thu nội địa năm {year - 1} đạt {grouped(revenue[1] / 1000)} tỷ đồng, bằng {grouped(revenue[1] / revenue[0] * 100, 1)}% "
        "dự toán Hội đồng nhân dân tỉnh giao. Thu tiền sử dụng đất phục hồi trong hai quý cuối năm; thu từ khu vực kinh tế ngoài "
        "quốc doanh tăng nhờ các dự án công nghiệp chế biến đi vào hoạt động tại Khu công nghiệp Bến Lam."
    )
    for text in (
        "a) Kết quả đạt được: cơ quan thuế và các địa phương đã rà soát, thu hồi nợ đọng, mở rộng hóa đơn điện tử khởi tạo từ "
        "máy tính tiền; tỷ lệ nợ thuế trên tổng thu giảm so với đầu năm.",
        "b) Hạn chế: thu tiền cho thuê đất chậm so với tiến độ; việc xác định giá đất cụ thể tại một số dự án kéo dài; hai huyện "
        "Trà Khê và Vân Đài chưa hoàn thành kế hoạch đấu giá quyền sử dụng đất.",
        "c) Nguyên nhân: quỹ đất sạch còn ít; một số xã lúng túng trong lập phương án bồi thường; phối hợp giữa cơ quan thuế và "
        "cơ quan quản lý đất đai chưa kịp thời.",
    ):
        paper.paragraph(text)
    paper.heading("2. Về chi ngân sách địa phương", level=2)
    paper.paragraph(
        f"Ước chi thường xuyên năm {year - 1} là {grouped(spending[1] / 1000)} tỷ đồng, bảo đảm tiền lương, an sinh xã hội và các "
        "nhiệm vụ cấp bách. Các đơn vị đã cắt giảm, tiết kiệm kinh phí hội nghị, khánh tiết, đi công tác và dành nguồn cho đầu tư "
        "hạ tầng số, trong đó có họp không giấy tờ tại các cơ quan nhà nước."
    )
    paper.table(MONEY, summary_rows(figures))
    paper.skip(4)
    paper.paragraph("__Đơn vị tính: triệu đồng. Số liệu chi tiết tại các phụ lục kèm theo.__", indent=0, after=8)
    paper.heading(f"II. DỰ TOÁN THU NGÂN SÁCH NHÀ NƯỚC TRÊN ĐỊA BÀN NĂM {year}")
    paper.heading("1. Mục tiêu, yêu cầu", level=2)
    for text in (
        "Dự toán thu được xây dựng tích cực, sát thực tế, tính đủ các khoản thu theo chế độ; phấn đấu thu nội địa không kể tiền "
        f"sử dụng đất, xổ số kiến thiết tăng tối thiểu {grouped(growth, 1)}% so với ước thực hiện.",
        "Mọi khoản thu phát sinh phải được kê khai, nộp kịp thời; chống thất thu trong kinh doanh thương mại điện tử, chuyển "
        "nhượng bất động sản và khai thác khoáng sản.",
    ):
        paper.paragraph(text)
    paper.heading("2. Dự toán thu", level=2)
    paper.paragraph(
        f"Tổng thu nội địa năm {year} là **{grouped(revenue[2] / 1000)} tỷ đồng**, tăng {grouped(growth, 1)}% so với ước thực hiện "
        f"năm {year - 1}. Thu từ hoạt động xuất khẩu, nhập khẩu {grouped(figures.trade[3] / 1000)} tỷ đồng. Bổ sung từ ngân sách "
        f"trung ương {grouped(figures.grant[3] / 1000)} tỷ đồng."
    )
    largest = sorted(figures.revenue, key=lambda line: -line[3])[:8]
    for index, (name, _before, likely, planned) in enumerate(largest):
        share = grouped(planned / likely * 100, 1)
        end = "." if index + 1 == len(largest) else ";"
        paper.paragraph(
            f"- {name}: {grouped(planned)} triệu đồng, bằng {share}% ước thực hiện năm {year - 1}{end}", after=3
        )
    paper.heading(f"III. DỰ TOÁN CHI NGÂN SÁCH ĐỊA PHƯƠNG NĂM {year}")
    paper.heading("1. Nguyên tắc bố trí", level=2)
    for text in (
        "a) Bảo đảm đủ nguồn cho tiền lương, các khoản có tính chất lương và chính sách an sinh xã hội đã ban hành;",
        "b) Ưu tiên vốn cho dự án chuyển tiếp, dự án trọng điểm có sức lan tỏa; không bố trí vốn cho dự án chưa đủ thủ tục;",
        "c) Dành tối thiểu 2% tổng chi ngân sách địa phương cho khoa học, công nghệ và chuyển đổi số;",
        "d) Tiết kiệm chi thường xuyên ngay từ khâu lập dự toán, trước hết là chi in ấn, sao chụp tài liệu phục vụ hội họp.",
    ):
        paper.paragraph(text)
    paper.heading("2. Chi đầu tư phát triển", level=2)
    paper.paragraph(
        f"Bố trí {grouped(figures.investment[3] / 1000)} tỷ đồng, trong đó hoàn trả tạm ứng, trả nợ đọng xây dựng cơ bản theo quy "
        "định; phần còn lại phân bổ cho các dự án chuyển tiếp và khởi công mới như Phụ lục VI."
    )
    paper.heading("3. Chi thường xuyên", level=2)
    paper.paragraph(
        f"Tổng chi thường xuyên {grouped(spending[2] / 1000)} tỷ đồng. Giáo dục - đào tạo và dạy nghề chiếm "
        f"{grouped(figures.spending[0][3] / spending[2] * 100, 1)}%; y tế, dân số và gia đình chiếm "
        f"{grouped(figures.spending[2][3] / spending[2] * 100, 1)}%. Dự phòng ngân sách {grouped(figures.reserve[3] / 1000)} tỷ đồng."
    )
    paper.heading("IV. GIẢI PHÁP TỔ CHỨC THỰC HIỆN")
    for text in (
        "1. Giao dự toán đến từng đơn vị sử dụng ngân sách trước ngày 31 tháng 12; công khai dự toán trên cổng thông tin điện tử.",
        "2. Sở Tài chính chủ trì, phối hợp với Thuế tỉnh Lam Giang theo dõi tiến độ thu hằng tuần, đề xuất điều hành chi khi thu không đạt.",
        "3. Các chủ đầu tư cam kết tiến độ giải ngân từng quý; quá thời hạn mà giải ngân dưới 50% thì điều chuyển vốn.",
        "4. Ủy ban nhân dân các huyện, xã, phường chịu trách nhiệm về tiến độ giải phóng mặt bằng và đấu giá quyền sử dụng đất.",
        "5. Thanh tra tỉnh đưa việc thực hành tiết kiệm, chống lãng phí vào kế hoạch thanh tra năm.",
    ):
        paper.paragraph(text)
    paper.heading("V. KIẾN NGHỊ")
    paper.paragraph(
        "Ủy ban nhân dân tỉnh kính trình Hội đồng nhân dân tỉnh xem xét, quyết định dự toán thu ngân sách nhà nước trên địa bàn, dự "
        f"toán thu, chi ngân sách địa phương và phương án phân bổ ngân sách cấp tỉnh năm {year}."
    )
    paper.heading("DANH MỤC PHỤ LỤC KÈM THEO")
    for anchor, number, name in ANNEXES:
        before = paper.y
        paper.paragraph(f"- **{number}:** {name}{'.' if anchor == ANNEXES[-1][0] else ';'}", after=2)
        rectangle = (LEFT, before, LEFT + paper.text_width, paper.y)
        paper.links.append(Link(paper.side_number, rectangle, anchor))


def summary_rows(figures: Figures) -> Iterator[Row]:
    home, current = figures.totals(figures.revenue), figures.totals(figures.spending)
    yield money_row("A", ("TỔNG NGUỒN THU", *add(home, figures.trade[1:], figures.grant[1:])), bold=True)
    yield money_row("1", ("Thu nội địa", *home))
    yield money_row("2", figures.trade)
    yield money_row("3", figures.grant)
    yield money_row("B", ("TỔNG CHI", *add(current, figures.investment[1:], figures.reserve[1:])), bold=True)
    yield money_row("1", figures.investment)
    yield money_row("2", ("Chi thường xuyên", *current))
    yield money_row("3", figures.reserve)


def add(*lines: tuple[int, ...]) -> tuple[int, int, int]:
    first, second, third = (sum(column) for column in zip(*lines, strict=True))
    return first, second, third


def annex(paper: Typesetter, number: int, year: int, *, unit: str = "triệu đồng") -> None:
    anchor, label, name = ANNEXES[number - 1]
    paper.new_side()
    paper.mark(f"{label}: {name}", anchor=anchor)
    paper.centred(label.upper(), Style(12, bold=True))
    paper.centred(f"{name.upper()} NĂM {year}", Style(11, bold=True))
    paper.centred(
        "(Kèm theo Báo cáo số 287/BC-UBND của Ủy ban nhân dân tỉnh Lam Giang)", Style(10, italic=True), after=4
    )
    paper.paragraph(f"__Đơn vị tính: {unit}__", style=Style(9.5), align="right", indent=0, after=3)


def write_annexes(paper: Typesetter, figures: Figures, year: int) -> None:
    annex(paper, 1, year)
    paper.table(MONEY, summary_rows(figures))
    annex(paper, 2, year)
    paper.table(MONEY, revenue_rows(figures))
    annex(paper, 3, year)
    paper.table(by_place_columns(), by_place_rows(figures))
    annex(paper, 4, year)
    paper.table(MONEY, spending_rows(figures))
    annex(paper, 5, year)
    paper.table(MONEY, by_unit_rows(figures))
    annex(paper, 6, year)
    columns = project_columns(year)
    taken = paper.table(columns, marked_rows(project_rows(figures, year)), until_side=ESTIMATE_SIDES, keep=60)
    amounts = [int(row.cells[-1].replace(".", "")) for row in taken]
    paper.last_row(columns, Row(("", "TỔNG CỘNG", "", "", "", grouped(sum(amounts))), bold=True))


def revenue_rows(figures: Figures) -> Iterator[Row]:
    yield money_row("", ("TỔNG THU NỘI ĐỊA", *figures.totals(figures.revenue)), bold=True)
    for number, line in enumerate(figures.revenue, 1):
        yield money_row(str(number), line, bold=True)
        rest = line[1:]
        for part, name in zip(
            parts(figures.dice, rest), ("Phần ngân sách cấp tỉnh", "Phần cấp huyện, xã"), strict=True
        ):
            yield money_row("", (f"- {name}", *part))


def parts(dice: random.Random, amounts: Sequence[int]) -> list[tuple[int, int, int]]:
    """Split three amounts in two parts that add up again."""
    share = dice.uniform(0.45, 0.75)
    first = [int(round(amount * share, -1)) for amount in amounts]
    rest = [amount - part for amount, part in zip(amounts, first, strict=True)]
    return [(first[0], first[1], first[2]), (rest[0], rest[1], rest[2])]


def by_place_columns() -> list[Column]:
    return [
        Column("STT", 6, "center"), Column("Địa phương", 26), Column("Thu trên địa bàn", 17, "right"),
        Column("Thu được hưởng", 17, "right"), Column("Bổ sung cân đối", 17, "right"), Column("Tổng chi", 17, "right"),
    ]  # fmt: skip


def by_place_rows(figures: Figures) -> Iterator[Row]:
    for district, places in (("HUYỆN TRÀ KHÊ", PLACES[::2]), ("HUYỆN VÂN ĐÀI", PLACES[1::2])):
        lines: list[tuple[str, tuple[int, int, int, int]]] = []
        for place in places:
            local = figures.dice.randrange(8_200, 96_000, 100)
            kept, grant = int(round(local * 0.62, -1)), figures.dice.randrange(21_000, 74_000, 100)
            lines.append((place, (local, kept, grant, kept + grant)))
        sums = [grouped(sum(column)) for column in zip(*(amounts for _place, amounts in lines), strict=True)]
        yield Row(("", district, *sums), bold=True)
        for number, (place, amounts) in enumerate(lines, 1):
            kind = "Phường" if place == "Bến Lam" else "Xã"
            yield Row((str(number), f"{kind} {place}", *(grouped(amount) for amount in amounts)))


def spending_rows(figures: Figures) -> Iterator[Row]:
    current = figures.totals(figures.spending)
    yield money_row("", ("TỔNG CHI", *add(current, figures.investment[1:], figures.reserve[1:])), bold=True)
    yield money_row("I", figures.investment, bold=True)
    yield money_row("II", ("Chi thường xuyên", *current), bold=True)
    for number, line in enumerate(figures.spending, 1):
        yield money_row(str(number), line)
    yield money_row("III", figures.reserve, bold=True)


def by_unit_rows(figures: Figures) -> Iterator[Row]:
    agencies = [unit.name for unit in UNITS if unit.level == "province" and unit.key not in ("ubnd", "hdnd")]
    schools = [f"Trường Trung học phổ thông {place}" for place in PLACES]
    for number, name_of_unit in enumerate(agencies + PROVINCIAL_SERVICES + schools, 1):
        lines = [figures.three_years(name, figures.dice.randrange(480, 24_000, 10)) for name in UNIT_LINES]
        yield money_row(str(number), (name_of_unit, *figures.totals(lines)), bold=True)
        for name, *amounts in lines:
            yield money_row("", (f"- {name}", amounts[0], amounts[1], amounts[2]))


def project_columns(year: int) -> list[Column]:
    return [
        Column("STT", 6, "center"), Column("Danh mục dự án", 40), Column("Địa điểm", 14), Column("Thời gian", 11, "center"),
        Column("Tổng mức đầu tư", 14, "right"), Column(f"Kế hoạch vốn {year}", 14, "right"),
    ]  # fmt: skip


def project_rows(figures: Figures, year: int) -> Iterator[Row]:
    """Yield projects without end: the table takes as many as fit."""
    met: set[str] = set()
    for number in itertools.count(1):
        here, there = figures.dice.sample(PLACES, 2)
        name = figures.dice.choice(WORKS).format(a=here, b=there)
        if name in met:
            name = f"{name} (giai đoạn {2 + number % 2})"
        met.add(name)
        total = figures.dice.randrange(1_200, 39_000, 50)
        first = year - figures.dice.randrange(0, 3)
        plan = int(round(total * figures.dice.uniform(0.15, 0.45), -1))
        yield Row((str(number), name, district_of(here), f"{first}-{first + 3}", grouped(total), grouped(plan)))


def marked_rows(rows: Iterator[Row]) -> Iterator[Row]:
    """Give one project of page 57 a name that stands nowhere else: what a demonstration of searching looks for."""
    for row in rows:
        number, _name, *rest = row.cells
        yield Row((number, TO_BE_FOUND, *rest)) if number == TO_BE_FOUND_IN_ROW else row


def district_of(place: str) -> str:
    return ("H. Trà Khê", "TX. Vân Đài")[PLACES.index(place) % 2]


def make_submission(path: Path, *, day: datetime.date, seed: int) -> None:
    year = day.year + 1
    issued = day - datetime.timedelta(days=6)
    title = f"Tờ trình về dự toán ngân sách năm {year}"
    paper = blank(title=title, author="Sở Tài chính", made_at=f"{issued:%Y%m%d}0930")
    abstract = f"Về việc thông qua hồ sơ trình Hội đồng nhân dân tỉnh\ndự toán ngân sách địa phương và phân bổ ngân sách năm {year}"
    start(paper, Heading("UBND TỈNH LAM GIANG", "SỞ TÀI CHÍNH", "123/TTr-STC", issued, "TỜ TRÌNH", abstract))
    addressee(paper, "Ủy ban nhân dân tỉnh Lam Giang")
    legal_grounds(
        paper,
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương",
            "Căn cứ Luật Ngân sách nhà nước",
            f"Căn cứ Chương trình công tác năm {year - 1} của Ủy ban nhân dân tỉnh",
        ),
    )
    revenue = Figures(seed).totals(Figures(seed).revenue)
    for text in (
        f"Sở Tài chính kính trình Ủy ban nhân dân tỉnh xem xét, cho ý kiến về hồ sơ trình Hội đồng nhân dân tỉnh dự toán ngân sách "
        f"năm {year} với các nội dung chủ yếu sau:",
        "**I. Sự cần thiết**",
        f"Năm {year} là năm có ý nghĩa quan trọng trong thực hiện kế hoạch tài chính trung hạn của tỉnh. Việc quyết định dự toán và "
        "phân bổ ngân sách trước ngày 10 tháng 12 giúp các đơn vị chủ động triển khai nhiệm vụ ngay từ đầu năm.",
        "**II. Quá trình xây dựng**",
        "Sở Tài chính đã thảo luận dự toán với 18 cơ quan cấp tỉnh, 04 huyện, thị xã, thành phố và các xã, phường; tổng hợp 46 ý kiến góp ý bằng văn bản, "
        "tiếp thu 39 ý kiến, giải trình 07 ý kiến. Hồ sơ đã được Sở Tư pháp thẩm định.",
        "**III. Nội dung xin ý kiến**",
        f"1. Tổng thu nội địa năm {year}: {grouped(revenue[2] / 1000)} tỷ đồng.",
        "2. Nguyên tắc, tiêu chí phân bổ chi thường xuyên và chi đầu tư công như dự thảo Nghị quyết kèm theo.",
        "3. Mức tiết kiệm chi thường xuyên tăng thêm 10% ngay từ khâu giao dự toán, trừ tiền lương và an sinh xã hội.",
        "4. Bố trí kinh phí trang bị thiết bị phục vụ phòng họp không giấy tờ cho hai huyện và bốn xã, phường thí điểm.",
        "**IV. Hồ sơ kèm theo**",
        f"1. Dự thảo Báo cáo của Ủy ban nhân dân tỉnh về dự toán ngân sách năm {year} và 06 phụ lục;",
        "2. Dự thảo Nghị quyết của Hội đồng nhân dân tỉnh;",
        "3. Báo cáo tiếp thu, giải trình ý kiến góp ý.",
        "**V. Đề nghị**",
        "Đề nghị các Ủy viên Ủy ban nhân dân tỉnh biểu quyết thông qua hồ sơ để trình Hội đồng nhân dân tỉnh tại kỳ họp cuối năm.",
        "Sở Tài chính kính trình Ủy ban nhân dân tỉnh xem xét, quyết định./.",
    ):
        if text.startswith("**"):
            paper.heading(text.strip("*"), level=2)
        else:
            paper.paragraph(text)
    recipients = ("Như trên", "Văn phòng UBND tỉnh", "Sở Tư pháp", "Lưu: VT, QLNS")
    signature(paper, capacity=("GIÁM ĐỐC",), name=name_of("uy-vien"), recipients=recipients)
    paper.save(path)


def make_resolution(path: Path, *, day: datetime.date, seed: int) -> None:
    year = day.year + 1
    issued = day - datetime.timedelta(days=5)
    figures = Figures(seed)
    revenue, spending = figures.totals(figures.revenue), figures.totals(figures.spending)
    title = f"Dự thảo Nghị quyết về dự toán ngân sách năm {year}"
    paper = blank(title=title, author="UBND tỉnh Lam Giang", made_at=f"{issued:%Y%m%d}1015")
    abstract = f"Về dự toán thu ngân sách nhà nước trên địa bàn,\nthu, chi ngân sách địa phương năm {year}"
    heading = Heading(
        "", "HỘI ĐỒNG NHÂN DÂN\nTỈNH LAM GIANG", "~~~~~/NQ-HĐND", None, "NGHỊ QUYẾT", abstract, is_draft=True
    )
    start(paper, heading)
    paper.centred("HỘI ĐỒNG NHÂN DÂN TỈNH LAM GIANG\nKHÓA XIX, KỲ HỌP CUỐI NĂM", Style(12, bold=True), after=8)
    legal_grounds(
        paper,
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương",
            "Căn cứ Luật Ngân sách nhà nước",
            f"Xét Tờ trình của Ủy ban nhân dân tỉnh về dự toán ngân sách địa phương năm {year}",
            "Báo cáo thẩm tra của Ban Kinh tế - Ngân sách; ý kiến thảo luận của đại biểu Hội đồng nhân dân tại kỳ họp",
        ),
    )
    paper.centred("QUYẾT NGHỊ:", Style(12, bold=True), after=6)
    total = add(revenue, figures.trade[1:], figures.grant[1:])[2]
    spend = add(spending, figures.investment[1:], figures.reserve[1:])[2]
    articles = [
        (
            f"Điều 1. Quyết định dự toán ngân sách năm {year}",
            (
                f"1. Tổng thu ngân sách nhà nước trên địa bàn và bổ sung từ ngân sách trung ương: {grouped(total)} triệu đồng, trong đó:",
                f"a) Thu nội địa: {grouped(revenue[2])} triệu đồng;",
                f"b) Thu từ hoạt động xuất khẩu, nhập khẩu: {grouped(figures.trade[3])} triệu đồng;",
                f"c) Bổ sung từ ngân sách trung ương: {grouped(figures.grant[3])} triệu đồng.",
                f"2. Tổng chi ngân sách địa phương: {grouped(spend)} triệu đồng, trong đó:",
                f"a) Chi đầu tư phát triển: {grouped(figures.investment[3])} triệu đồng;",
                f"b) Chi thường xuyên: {grouped(spending[2])} triệu đồng;",
                f"c) Dự phòng ngân sách: {grouped(figures.reserve[3])} triệu đồng.",
            ),
        ),
        (
            "Điều 2. Phân bổ ngân sách cấp tỉnh",
            (
                "1. Giao Ủy ban nhân dân tỉnh phân bổ, giao dự toán cho từng cơ quan, đơn vị, địa phương theo đúng nguyên tắc, tiêu chí "
                "và định mức đã được Hội đồng nhân dân tỉnh quyết định.",
                "2. Vốn đầu tư công được phân bổ theo thứ tự: trả nợ đọng xây dựng cơ bản; dự án chuyển tiếp hoàn thành trong năm; dự án "
                "chuyển tiếp khác; dự án khởi công mới đủ thủ tục.",
                "3. Trường hợp thu không đạt dự toán, Ủy ban nhân dân tỉnh báo cáo Thường trực Hội đồng nhân dân tỉnh phương án điều "
                "chỉnh giảm hoặc giãn các khoản chi chưa cấp bách.",
            ),
        ),
        (
            "Điều 3. Nguyên tắc phân bổ và định mức",
            (
                "1. Định mức chi quản lý hành chính của các sở, ban, ngành tính theo số biên chế được giao; đơn vị có từ 50 biên chế trở "
                "lên áp dụng mức thấp hơn 5% so với đơn vị có dưới 30 biên chế.",
                "2. Sự nghiệp giáo dục - đào tạo bảo đảm tỷ lệ chi lương và các khoản có tính chất lương tối đa 82%, chi giảng dạy và học "
                "tập tối thiểu 18%.",
                "3. Sự nghiệp y tế phân bổ theo đầu dân, có hệ số 1,6 đối với xã đặc biệt khó khăn và 1,3 đối với xã miền núi.",
                "4. Kinh phí bảo vệ môi trường cấp huyện phân bổ theo dân số, diện tích và khối lượng rác thải được thu gom trong năm trước.",
                "5. Dự phòng ngân sách mỗi cấp bố trí từ 2% đến 4% tổng chi cân đối ngân sách cấp đó.",
                "6. Kinh phí tiết kiệm được từ việc giảm in ấn, sao chụp tài liệu họp được giữ lại đơn vị để mua sắm thiết bị số.",
            ),
        ),
        (
            "Điều 4. Nhiệm vụ, giải pháp",
            (
                "1. Tăng cường quản lý thu, chống thất thu, xử lý nợ đọng thuế; hoàn thành kế hoạch đấu giá quyền sử dụng đất.",
                "2. Đẩy nhanh giải phóng mặt bằng, giải ngân vốn đầu tư công ngay từ quý I; công khai kết quả giải ngân hằng tháng.",
                "3. Thực hành tiết kiệm, chống lãng phí; thực hiện họp không giấy tờ tại Ủy ban nhân dân các cấp, giảm tối thiểu 30% thời "
                "gian họp và không in, sao chụp tài liệu họp, trừ tài liệu theo quy định phải phát tại chỗ.",
                "4. Nâng cao chất lượng dự báo; gắn trách nhiệm người đứng đầu với kết quả thu ngân sách trên địa bàn.",
            ),
        ),
        (
            "Điều 5. Bổ sung có mục tiêu cho ngân sách cấp dưới",
            (
                "1. Bổ sung có mục tiêu cho huyện Trà Khê và thị xã Vân Đài để thực hiện chính sách tiền lương, an sinh xã hội và các công "
                "trình phòng, chống thiên tai theo danh mục được duyệt.",
                "2. Kinh phí đã bổ sung mà đến ngày 30 tháng 9 chưa phân bổ hết thì thu hồi về ngân sách cấp tỉnh.",
                "3. Ủy ban nhân dân cấp nhận bổ sung báo cáo kết quả sử dụng hằng quý, chậm nhất ngày 10 của tháng đầu quý sau.",
            ),
        ),
        (
            "Điều 6. Tổ chức thực hiện",
            (
                "1. Ủy ban nhân dân tỉnh tổ chức thực hiện Nghị quyết này.",
                "2. Thường trực Hội đồng nhân dân, các Ban, Tổ đại biểu và đại biểu Hội đồng nhân dân tỉnh giám sát việc thực hiện.",
            ),
        ),
        (
            "Điều 7. Hiệu lực thi hành",
            (
                f"Nghị quyết này có hiệu lực từ ngày 01 tháng 01 năm {year}.",
                "Nghị quyết đã được Hội đồng nhân dân tỉnh Lam Giang khóa XIX thông qua tại kỳ họp cuối năm./.",
            ),
        ),
    ]
    for title_line, clauses in articles:
        paper.heading(title_line, level=1)
        for clause in clauses:
            paper.paragraph(clause)
    recipients = (
        "Chính phủ",
        "Bộ Tài chính",
        "Đoàn đại biểu Quốc hội tỉnh",
        "UBND tỉnh",
        "Các Ban HĐND tỉnh",
        "Lưu: VT",
    )
    signature(paper, capacity=("CHỦ TỊCH",), name="", recipients=recipients)
    paper.new_side()
    paper.mark(f"Phụ lục I: Dự toán thu, chi ngân sách địa phương năm {year}")
    paper.centred("PHỤ LỤC I", Style(12, bold=True))
    paper.centred(f"DỰ TOÁN THU, CHI NGÂN SÁCH ĐỊA PHƯƠNG NĂM {year}", Style(11, bold=True))
    paper.centred("(Ban hành kèm theo Nghị quyết của Hội đồng nhân dân tỉnh)", Style(10, italic=True), after=4)
    paper.paragraph("__Đơn vị tính: triệu đồng__", style=Style(9.5), align="right", indent=0, after=3)
    paper.table(MONEY, [*summary_rows(figures), *spending_rows(figures)])
    paper.new_side()
    paper.mark(f"Phụ lục II: Dự án trọng điểm khởi công năm {year}")
    paper.centred("PHỤ LỤC II", Style(12, bold=True))
    paper.centred(f"DỰ ÁN TRỌNG ĐIỂM KHỞI CÔNG NĂM {year}", Style(11, bold=True))
    paper.centred("(Ban hành kèm theo Nghị quyết của Hội đồng nhân dân tỉnh)", Style(10, italic=True), after=4)
    paper.paragraph("__Đơn vị tính: triệu đồng__", style=Style(9.5), align="right", indent=0, after=3)
    paper.table(project_columns(year), itertools.islice(project_rows(figures, year), 18))
    paper.save(path)
