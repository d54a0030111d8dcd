"""The made-up province of Lam Giang: its units and people, as plain data. No person or place of this name is meant."""

from typing import NamedTuple

PROVINCE = "Lam Giang"
CAPITAL = "Lam Giang"


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
        words = unit.split()
        for count in range(len(words), 0, -1):
            shared = " ".join(words[:count])
            if self.position.endswith(shared):
                return self.position + unit.removeprefix(shared)
        return f"{self.position} {unit}"


UNITS = [
    Unit("ubnd", "Ủy ban nhân dân tỉnh Lam Giang", "UBND tỉnh", "people_committee", "province", ""),
    Unit("hdnd", "Hội đồng nhân dân tỉnh Lam Giang", "HĐND tỉnh", "people_council", "province", ""),
    Unit("vp", "Văn phòng Ủy ban nhân dân tỉnh", "Văn phòng UBND tỉnh", "office", "province", "ubnd"),
    Unit("stc", "Sở Tài chính", "Sở Tài chính", "department", "province", "ubnd"),
    Unit("sxd", "Sở Xây dựng", "Sở Xây dựng", "department", "province", "ubnd"),
    Unit("snv", "Sở Nội vụ", "Sở Nội vụ", "department", "province", "ubnd"),
    Unit("stp", "Sở Tư pháp", "Sở Tư pháp", "department", "province", "ubnd"),
    Unit("sct", "Sở Công Thương", "Sở Công Thương", "department", "province", "ubnd"),
    Unit("snnmt", "Sở Nông nghiệp và Môi trường", "Sở NN&MT", "department", "province", "ubnd"),
    Unit("skhcn", "Sở Khoa học và Công nghệ", "Sở KH&CN", "department", "province", "ubnd"),
    Unit("sgddt", "Sở Giáo dục và Đào tạo", "Sở GD&ĐT", "department", "province", "ubnd"),
    Unit("syt", "Sở Y tế", "Sở Y tế", "department", "province", "ubnd"),
    Unit("svhttdl", "Sở Văn hóa, Thể thao và Du lịch", "Sở VH,TT&DL", "department", "province", "ubnd"),
    Unit("sdttg", "Sở Dân tộc và Tôn giáo", "Sở DT&TG", "department", "province", "ubnd"),
    Unit("ttra", "Thanh tra tỉnh", "Thanh tra tỉnh", "department", "province", "ubnd"),
    Unit("bqlkcn", "Ban Quản lý các khu công nghiệp", "BQL các KCN", "department", "province", "ubnd"),
    Unit("cat", "Công an tỉnh", "Công an tỉnh", "other", "province", "ubnd"),
    Unit("bchqs", "Bộ Chỉ huy quân sự tỉnh", "Bộ CHQS tỉnh", "other", "province", "ubnd"),
    Unit("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "UBMTTQ tỉnh", "other", "province", ""),
    Unit("tke", "Thống kê tỉnh", "Thống kê tỉnh", "other", "province", ""),
    Unit("tra-khe", "Ủy ban nhân dân huyện Trà Khê", "UBND huyện Trà Khê", "people_committee", "district", "ubnd"),
    Unit("van-dai", "Ủy ban nhân dân huyện Vân Đài", "UBND huyện Vân Đài", "people_committee", "district", "ubnd"),
    Unit("an-linh", "Ủy ban nhân dân xã An Lĩnh", "UBND xã An Lĩnh", "people_committee", "commune", "tra-khe"),
    Unit("dong-mac", "Ủy ban nhân dân xã Đông Mạc", "UBND xã Đông Mạc", "people_committee", "commune", "tra-khe"),
    Unit("phu-thuong", "Ủy ban nhân dân xã Phú Thượng", "UBND xã Phú Thượng", "people_committee", "commune", "van-dai"),
    Unit("ben-lam", "Ủy ban nhân dân phường Bến Lam", "UBND phường Bến Lam", "people_committee", "commune", "van-dai"),
]

# The 21 members of the committee, in the order of precedence.
COMMITTEE = [
    Somebody("chu-toa", "Hoàng Đức Thuận", "ubnd", "Chủ tịch"),
    Somebody("nguyen-thi-bich-lien", "Nguyễn Thị Bích Liên", "ubnd", "Phó Chủ tịch"),
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
    Somebody("ly-seo-pao", "Lý Seo Páo", "van-dai", "Chủ tịch"),
    Somebody("truong-thi-my-dung", "Trương Thị Mỹ Dung", "an-linh", "Chủ tịch"),
    Somebody("ha-van-don", "Hà Văn Đôn", "dong-mac", "Chủ tịch"),
    Somebody("pham-hong-phi", "Phạm Hồng Phi", "phu-thuong", "Chủ tịch"),
    Somebody("dao-tuan-kiet", "Đào Tuấn Kiệt", "ben-lam", "Chủ tịch"),
    Somebody("uong-thi-lan-phuong", "Uông Thị Lan Phương", "hdnd", "Trưởng Ban Kinh tế - Ngân sách"),
    Somebody("giang-a-chu", "Giàng A Chư", "hdnd", "Phó Chủ tịch"),
    Somebody("nghiem-thi-tuoi", "Nghiêm Thị Tươi", "mttq", "Phó Chủ tịch"),
    Somebody("doan-the-vu", "Đoàn Thế Vũ", "tke", "Trưởng Thống kê"),
]

PEOPLE = [*COMMITTEE, *STAFF, *GUESTS]


def unit_of(key: str) -> Unit:
    return next(unit for unit in UNITS if unit.key == key)


def name_of(key: str) -> str:
    return next(somebody.full_name for somebody in PEOPLE if somebody.key == key)


# Held office before, so that "who was a member on that day" has an answer that differs from today's.
FORMER = Somebody("", "Lưu Bá Khoát", "ubnd", "Chủ tịch")
# Closed when communes were merged; its history stays.
MERGED_UNIT = ("Ủy ban nhân dân xã Khe Vài", "UBND xã Khe Vài", "an-linh")


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
    Seat("quan-tri", "Quản trị đơn vị", "unit administrator"),
]
WALL = Seat("man-hinh", "Màn hình hội trường", "wall screen")
PASSWORD = "phien-hop-mau"  # noqa: S105 - printed at every start of the demo
