"""The made-up province of Lam Giang: its units and people, as plain data. No person or place of this name is meant."""

import unicodedata
from typing import NamedTuple

PROVINCE = "Lam Giang"
CAPITAL = "Lam Giang"


# Said with the place, not with its committee: Trưởng phòng Nội vụ huyện Trà Khê.
OF_THE_PLACE = ("Trưởng phòng", "Trưởng Công an", "Chỉ huy trưởng")


class Unit(NamedTuple):
    key: str
    name: str
    short_name: str
    kind: str
    level: str
    parent: str = ""


class Somebody(NamedTuple):
    key: str  # also the login name
    full_name: str
    unit: str
    position: str

    @property
    def title(self) -> str:
        """Position and unit as they are said: Chánh Văn phòng + Văn phòng UBND tỉnh = Chánh Văn phòng UBND tỉnh."""
        unit = unit_of(self.unit).short_name
        if self.position.startswith(OF_THE_PLACE):
            unit = unit.removeprefix("UBND ")
        words = unit.split()
        for count in range(len(words), 0, -1):
            shared = " ".join(words[:count])
            if self.position.endswith(shared):
                return self.position + unit.removeprefix(shared)
        return f"{self.position} {unit}"


def department(key: str, name: str, short_name: str = "") -> Unit:
    return Unit(key, name, short_name or name, "department", "province", "ubnd")


def committee(key: str, place: str, level: str, parent: str) -> Unit:
    return Unit(key, f"Ủy ban nhân dân {place}", f"UBND {place}", "people_committee", level, parent)


UNITS = [
    Unit("ubnd", "Ủy ban nhân dân tỉnh Lam Giang", "UBND tỉnh", "people_committee", "province"),
    Unit("hdnd", "Hội đồng nhân dân tỉnh Lam Giang", "HĐND tỉnh", "people_council", "province"),
    Unit("vp", "Văn phòng Ủy ban nhân dân tỉnh", "Văn phòng UBND tỉnh", "office", "province", "ubnd"),
    Unit(
        "vp-hdnd", "Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Văn phòng Đoàn ĐBQH và HĐND tỉnh", "office", "province", "hdnd"
    ),
    department("stc", "Sở Tài chính"),
    department("sxd", "Sở Xây dựng"),
    department("snv", "Sở Nội vụ"),
    department("stp", "Sở Tư pháp"),
    department("sct", "Sở Công Thương"),
    department("snnmt", "Sở Nông nghiệp và Môi trường", "Sở NN&MT"),
    department("skhcn", "Sở Khoa học và Công nghệ", "Sở KH&CN"),
    department("sgddt", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT"),
    department("syt", "Sở Y tế"),
    department("svhttdl", "Sở Văn hóa, Thể thao và Du lịch", "Sở VH,TT&DL"),
    department("sdttg", "Sở Dân tộc và Tôn giáo", "Sở DT&TG"),
    department("ttra", "Thanh tra tỉnh"),
    department("bqlkcn", "Ban Quản lý các khu công nghiệp", "BQL các KCN"),
    Unit("cat", "Công an tỉnh", "Công an tỉnh", "other", "province", "ubnd"),
    Unit("bchqs", "Bộ Chỉ huy quân sự tỉnh", "Bộ CHQS tỉnh", "other", "province", "ubnd"),
    Unit("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "UBMTTQ tỉnh", "other", "province"),
    Unit("tke", "Thống kê tỉnh", "Thống kê tỉnh", "other", "province"),
    committee("lam-giang", "thành phố Lam Giang", "district", "ubnd"),
    committee("van-dai", "thị xã Vân Đài", "district", "ubnd"),
    committee("tra-khe", "huyện Trà Khê", "district", "ubnd"),
    committee("nam-lam", "huyện Nậm Lam", "district", "ubnd"),
    committee("ben-lam", "phường Bến Lam", "commune", "van-dai"),
    committee("phu-thuong", "xã Phú Thượng", "commune", "van-dai"),
    committee("khe-may", "xã Khe Mây", "commune", "van-dai"),
    committee("an-linh", "xã An Lĩnh", "commune", "tra-khe"),
    committee("dong-mac", "xã Đông Mạc", "commune", "tra-khe"),
    committee("doi-sim", "xã Đồi Sim", "commune", "tra-khe"),
    committee("suoi-vang", "xã Suối Vàng", "commune", "nam-lam"),
    committee("nam-tong", "xã Nậm Tông", "commune", "nam-lam"),
    committee("pa-lau", "xã Pá Lầu", "commune", "nam-lam"),
    committee("tien-lat", "phường Tiền Lát", "commune", "lam-giang"),
    committee("cho-song", "phường Chợ Sông", "commune", "lam-giang"),
    committee("hoa-lac-trung", "xã Hòa Lạc Trung", "commune", "lam-giang"),
]

# The 21 members of the committee, in the order of precedence.
COMMITTEE = [
    Somebody("chu-toa", "Hoàng Đức Thuận", "ubnd", "Chủ tịch"),
    Somebody("lanh-dao", "Nguyễn Thị Bích Liên", "ubnd", "Phó Chủ tịch Thường trực"),
    Somebody("tran-quoc-khai", "Trần Quốc Khải", "ubnd", "Phó Chủ tịch"),
    Somebody("le-huu-tung", "Lê Hữu Tùng", "ubnd", "Phó Chủ tịch"),
    Somebody("phan-van-luc", "Phan Văn Lực", "cat", "Giám đốc"),
    Somebody("dang-xuan-bach", "Đặng Xuân Bách", "bchqs", "Chỉ huy trưởng"),
    Somebody("vu-minh-dao", "Vũ Minh Đạo", "vp", "Chánh Văn phòng"),
    Somebody("uy-vien", "Phạm Thị Thu Hường", "stc", "Giám đốc"),
    Somebody("uy-vien-2", "Bùi Trọng Nghĩa", "sxd", "Giám đốc"),
    Somebody("do-thi-ngoc-anh", "Đỗ Thị Ngọc Ánh", "snv", "Giám đốc"),
    Somebody("ngo-gia-huy", "Ngô Gia Huy", "stp", "Giám đốc"),
    Somebody("duong-cong-thanh", "Dương Công Thành", "sct", "Giám đốc"),
    Somebody("luong-van-quyet", "Lương Văn Quyết", "snnmt", "Giám đốc"),
    Somebody("mai-phuong-thao", "Mai Phương Thảo", "skhcn", "Giám đốc"),
    Somebody("ta-quang-vinh", "Tạ Quang Vinh", "sgddt", "Giám đốc"),
    Somebody("ho-thi-kim-yen", "Hồ Thị Kim Yến", "syt", "Giám đốc"),
    Somebody("cao-bao-ngoc", "Cao Bảo Ngọc", "svhttdl", "Giám đốc"),
    Somebody("nong-van-sinh", "Nông Văn Sình", "sdttg", "Giám đốc"),
    Somebody("trinh-dinh-loc", "Trịnh Đình Lộc", "ttra", "Chánh Thanh tra"),
    Somebody("chu-thi-hau", "Chử Thị Hậu", "bqlkcn", "Trưởng ban"),
    Somebody("quach-anh-tuyen", "Quách Anh Tuyến", "ubnd", "Ủy viên"),
]

STAFF = [
    Somebody("thu-ky", "Lý Thanh Hằng", "vp", "Phó Chánh Văn phòng"),
    Somebody("thu-ky-2", "Đinh Hải Yến", "vp", "Chuyên viên"),
    Somebody("quan-tri", "Tống Khánh Toàn", "vp", "Chuyên viên"),
    Somebody("nguyen-manh-cuong", "Nguyễn Mạnh Cương", "stc", "Phó Giám đốc"),
    Somebody("la-thi-huyen", "La Thị Huyền", "stc", "Trưởng phòng Quản lý ngân sách"),
    Somebody("kieu-duc-manh", "Kiều Đức Mạnh", "sxd", "Trưởng phòng Quy hoạch - Kiến trúc"),
    Somebody("thai-ba-son", "Thái Bá Sơn", "sct", "Phó Giám đốc"),
    Somebody("vi-thi-chuyen", "Vi Thị Chuyên", "sdttg", "Phó Giám đốc"),
]

GUESTS = [
    Somebody("khach-moi", "Huỳnh Tấn Phước", "tra-khe", "Chủ tịch"),
    Somebody("ly-seo-pao", "Lý Seo Páo", "nam-lam", "Chủ tịch"),
    Somebody("phung-the-duy", "Phùng Thế Duy", "van-dai", "Chủ tịch"),
    Somebody("tran-le-quyen", "Trần Lệ Quyên", "lam-giang", "Chủ tịch"),
    Somebody("truong-thi-my-dung", "Trương Thị Mỹ Dung", "an-linh", "Chủ tịch"),
    Somebody("dao-tuan-kiet", "Đào Tuấn Kiệt", "ben-lam", "Chủ tịch"),
    Somebody("uong-thi-lan-phuong", "Uông Thị Lan Phương", "hdnd", "Trưởng Ban Kinh tế - Ngân sách"),
    Somebody("giang-a-chu", "Giàng A Chư", "hdnd", "Phó Chủ tịch"),
    Somebody("nghiem-thi-tuoi", "Nghiêm Thị Tươi", "mttq", "Phó Chủ tịch"),
    Somebody("doan-the-vu", "Đoàn Thế Vũ", "tke", "Trưởng Thống kê"),
]


def slug(name: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return bare.lower().replace("đ", "d").replace(" ", "-")


def staff_of(unit: str, *rows: tuple[str, str]) -> list[Somebody]:
    return [Somebody(slug(name), name, unit, position) for name, position in rows]


def heads_of(*rows: tuple[str, str, str]) -> list[Somebody]:
    """The chairs and vice chairs of several communes: unit, chair, vice chair ("" where the chair is listed above)."""
    return [
        somebody
        for unit, chair, vice in rows
        for name, position in ((chair, "Chủ tịch"), (vice, "Phó Chủ tịch"))
        if name
        for somebody in staff_of(unit, (name, position))
    ]


COUNCIL = [
    *staff_of("hdnd", ("Lò Văn Thưởng", "Chủ tịch"), ("Phạm Minh Nguyệt", "Trưởng Ban Pháp chế")),
    *staff_of("hdnd", ("Triệu Mùi Ghến", "Trưởng Ban Dân tộc"), ("Nguyễn Quang Hòa", "Trưởng Ban Văn hóa - Xã hội")),
    *staff_of("vp-hdnd", ("Tô Hoài Nam", "Chánh Văn phòng"), ("Ninh Thị Diệu Linh", "Chuyên viên")),
]

# The committee of the district whose sessions the demo shows.
TRA_KHE = [
    *staff_of("tra-khe", ("Đàm Văn Khoa", "Phó Chủ tịch"), ("Lê Thị Hoài Thương", "Phó Chủ tịch")),
    *staff_of(
        "tra-khe",
        ("Vàng Seo Dìn", "Trưởng Công an"),
        ("Nguyễn Duy Khánh", "Chỉ huy trưởng Ban CHQS"),
        ("Trần Thị Mỹ Hạnh", "Trưởng phòng Nội vụ"),
        ("Bế Ngọc Thiện", "Trưởng phòng Tài chính - Kế hoạch"),
        ("Hà Thị Nhung", "Trưởng phòng Giáo dục và Đào tạo"),
        ("Phan Trung Kiên", "Trưởng phòng Kinh tế và Hạ tầng"),
        ("Chu Bá Thông", "Trưởng phòng Nông nghiệp và Môi trường"),
        ("Sầm Thị Lụa", "Trưởng phòng Văn hóa và Thông tin"),
    ),
    *staff_of("tra-khe", ("Tạ Thu Hiền", "Chánh Văn phòng HĐND và UBND"), ("Lục Văn Pảo", "Chuyên viên")),
]

# The committee of the ward that began to use the system a few months ago.
BEN_LAM = staff_of(
    "ben-lam",
    ("Dư Thị Hồng Vân", "Phó Chủ tịch"),
    ("Nguyễn Chí Dũng", "Phó Chủ tịch"),
    ("Mạc Đình Phong", "Trưởng Công an"),
    ("Trần Ánh Tuyết", "Trưởng phòng Kinh tế, Hạ tầng và Đô thị"),
    ("Phí Văn Lâm", "Trưởng phòng Văn hóa - Xã hội"),
    ("Khổng Thị Thanh Tâm", "Chánh Văn phòng HĐND và UBND"),
)

OTHERS = [
    *staff_of("vp", ("Từ Công Minh", "Phó Chánh Văn phòng"), ("Nguyễn Hồng Nhung", "Trưởng phòng Tổng hợp")),
    *staff_of("vp", ("Hứa Quốc Việt", "Trưởng phòng Hành chính - Tổ chức"), ("Âu Dương Thùy", "Chuyên viên")),
    *staff_of("stc", ("Đồng Thị Phương Mai", "Phó Giám đốc")),
    *staff_of("sxd", ("Phạm Hữu Trác", "Phó Giám đốc"), ("Lê Thị Vân Khánh", "Trưởng phòng Hạ tầng kỹ thuật")),
    *staff_of("snv", ("Nguyễn Bá Hiển", "Phó Giám đốc"), ("Ma Thị Sen", "Trưởng phòng Công chức, viên chức")),
    *staff_of("stp", ("Vương Thị Tố Uyên", "Phó Giám đốc"), ("Đỗ Nhật Tân", "Trưởng phòng Xây dựng văn bản")),
    *staff_of("sct", ("Lưu Thị Bảo Châu", "Trưởng phòng Quản lý năng lượng")),
    *staff_of("snnmt", ("Hoàng Văn Páo", "Phó Giám đốc"), ("Tăng Thị Loan", "Chi cục trưởng Chi cục Kiểm lâm")),
    *staff_of("skhcn", ("Trần Đăng Quang", "Phó Giám đốc"), ("Đoàn Thị Khuê", "Trưởng phòng Chuyển đổi số")),
    *staff_of("sgddt", ("Lã Thị Minh Ngọc", "Phó Giám đốc"), ("Cầm Bá Lợi", "Trưởng phòng Kế hoạch - Tài chính")),
    *staff_of("syt", ("Phan Hoàng Anh", "Phó Giám đốc"), ("Bạch Thị Nga", "Trưởng phòng Nghiệp vụ Y")),
    *staff_of("svhttdl", ("Quàng Thị Xôm", "Phó Giám đốc")),
    *staff_of("ttra", ("Thân Văn Hải", "Phó Chánh Thanh tra")),
    *staff_of("bqlkcn", ("Nguyễn Viết Tiệp", "Phó Trưởng ban")),
    *staff_of("cat", ("Trịnh Xuân Hùng", "Phó Giám đốc")),
    *staff_of("bchqs", ("Hồ Sỹ Đạt", "Chính ủy")),
    *staff_of("mttq", ("Lương Thị Bích Hợp", "Chủ tịch")),
    *staff_of("lam-giang", ("Nguyễn Thế Hưng", "Phó Chủ tịch"), ("Đặng Thị Thùy Trang", "Phó Chủ tịch")),
    *staff_of("lam-giang", ("Võ Đình Nguyên", "Chánh Văn phòng HĐND và UBND"), ("Mã Kim Oanh", "Trưởng phòng Nội vụ")),
    *staff_of("lam-giang", ("Tiêu Công Lý", "Trưởng phòng Quản lý đô thị")),
    *staff_of("van-dai", ("Lại Văn Thắng", "Phó Chủ tịch"), ("Nguyễn Thị Tường Vi", "Phó Chủ tịch")),
    *staff_of("van-dai", ("Bùi Thị Hảo", "Chánh Văn phòng HĐND và UBND"), ("Cù Huy Bình", "Trưởng phòng Nội vụ")),
    *staff_of("van-dai", ("Đinh Công Sáng", "Trưởng phòng Kinh tế, Hạ tầng và Đô thị")),
    *staff_of("nam-lam", ("Sùng A Tủa", "Phó Chủ tịch"), ("Vũ Thị Mai Hoa", "Phó Chủ tịch")),
    *staff_of("nam-lam", ("Điêu Chính Trực", "Chánh Văn phòng HĐND và UBND"), ("Tẩn Mẩy Pham", "Trưởng phòng Nội vụ")),
    *staff_of("nam-lam", ("Thào A Sính", "Trưởng phòng Nông nghiệp và Môi trường")),
    *heads_of(
        ("an-linh", "", "Nguyễn Khắc Tiến"),
        ("dong-mac", "Hà Văn Đôn", "Phùng Thị Xuân"),
        ("doi-sim", "Lường Thị Dung", "Ngô Tiến Đạt"),
        ("phu-thuong", "Phạm Hồng Phi", "Lê Thị Ngân"),
        ("khe-may", "Bàn Phúc Tài", "Đào Thị Hường"),
        ("suoi-vang", "Hoàng Sín Chẩn", "Lò Thị Ban"),
        ("nam-tong", "Chảo Láo Tả", "Trần Văn Ngọc"),
        ("pa-lau", "Mùa A Vảng", "Khoàng Thị Hà"),
        ("tien-lat", "Nguyễn Thị Thanh Thủy", "Đỗ Xuân Trường"),
        ("cho-song", "Vũ Anh Tú", "Trần Hải Đăng"),
        ("hoa-lac-trung", "Bùi Thị Kim Cúc", "Nguyễn Hữu Phúc"),
    ),
]

PEOPLE = [*COMMITTEE, *STAFF, *GUESTS, *COUNCIL, *TRA_KHE, *BEN_LAM, *OTHERS]


class Change(NamedTuple):
    """Who held an office before the one who holds it today, and in which month of the demo it changed hands."""

    key: str
    predecessor: str
    months_ago: int


# So that "who was a member on that day" has an answer that differs from today's.
CHANGES = [
    Change("chu-toa", "Lưu Bá Khoát", 8),
    Change("uy-vien-2", "Vương Đình Khôi", 13),
    Change("lo-van-thuong", "Mùa Thị Chứ", 6),
    Change("bui-thi-kim-cuc", "Nguyễn Văn Tứ", 10),
]
# Held another office until the same day: Đỗ Thị Ngọc Ánh came from the Department of Justice.
EARLIER_OFFICE, EARLIER_UNIT, EARLIER_POSITION, MOVED_MONTHS_AGO = "do-thi-ngoc-anh", "stp", "Phó Giám đốc", 20
# Closed when communes were merged; its history stays.
MERGED_UNIT, MERGED_MONTHS_AGO = ("Ủy ban nhân dân xã Khe Vài", "UBND xã Khe Vài", "an-linh"), 16


def unit_of(key: str) -> Unit:
    return next(unit for unit in UNITS if unit.key == key)


def somebody_of(key: str) -> Somebody:
    return next(somebody for somebody in PEOPLE if somebody.key == key)


def name_of(key: str) -> str:
    return somebody_of(key).full_name


class Seat(NamedTuple):
    """A role of the demo: the name of its host and of its account, and what to say about it in both languages."""

    key: str
    vi: str
    en: str


SEATS = [
    Seat("thu-ky", "Thư ký phiên họp", "secretary"),
    Seat("chu-toa", "Chủ tọa", "chair"),
    Seat("uy-vien", "Ủy viên, Giám đốc Sở Tài chính", "member"),
    Seat("uy-vien-2", "Ủy viên, Giám đốc Sở Xây dựng", "second member"),
    Seat("khach-moi", "Khách mời", "invitee"),
    Seat("lanh-dao", "Lãnh đạo xem hiệu quả", "leadership"),
    Seat("quan-tri", "Quản trị hệ thống", "system administrator"),
]
WALL = Seat("man-hinh", "Màn hình hội trường", "wall screen")
PASSWORD = "phien-hop-mau"  # noqa: S105 - printed at every start of the demo
