"""The series of the demo: who meets, how often, by which rules, and how long it takes before and with the system."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from config.demo import people

# The rules of procedure of this made-up council; the terms of its resolutions apply.
STANDING_COUNCIL: dict[str, Any] = {
    "code": "lam-giang-standing-council",
    "name": "Biểu quyết của Thường trực Hội đồng nhân dân tỉnh",
    "body": "people_council",
    "source": "Quy chế hoạt động của Thường trực HĐND tỉnh Lam Giang (văn bản minh họa)",
    "valid_from": date(2021, 7, 1),
    "quorum_numerator": 2,
    "quorum_denominator": 3,
}
COMMITTEE_RATING: dict[str, Any] = {
    "code": "lam-giang-committee-rating",
    "name": "Lấy phiếu tham khảo mức độ tín nhiệm tại UBND",
    "body": "people_committee",
    "source": "Quy chế làm việc của UBND tỉnh Lam Giang (văn bản minh họa)",
    "valid_from": date(2021, 7, 1),
    "quorum_numerator": 2,
    "quorum_denominator": 3,
}


@dataclass(frozen=True)
class Place:
    """Somebody's place in a series: a key of people.py, a role of a participant, a vote or not."""

    key: str
    role: str
    has_vote: bool = False


@dataclass(frozen=True)
class SeriesPlan:
    """One series. `before` is the median net length in minutes before the system, `cut` the share that is saved."""

    key: str
    unit: str
    name: str
    title: str  # of a session; {n} the number in the month, {month}, {year}
    rules: str
    place: str
    planned_minutes: int
    days: tuple[tuple[int, int], ...]  # weekday (Monday 0) and which one of the month
    hour: int
    before: int
    cut: float
    roster: tuple[Place, ...]
    secretary: str
    minutes_symbol: str  # of the minutes that the baseline is typed from
    items_before: tuple[int, int]
    standing_items: tuple[tuple[str, int], ...]
    months_of_use: int = 14
    kind: str = "regular"

    @property
    def chair(self) -> str:
        return next(place.key for place in self.roster if place.role == "chair")


def chaired(key: str) -> list[Place]:
    return [Place(key, "chair", has_vote=True)]


def voting(keys: Iterable[str]) -> list[Place]:
    return [Place(key, "member", has_vote=True) for key in keys]


def kept(*keys: str) -> list[Place]:
    return [Place(key, "secretary") for key in keys]


def invited(*keys: str) -> list[Place]:
    return [Place(key, "invitee") for key in keys]


COMMITTEE_KEYS = [somebody.key for somebody in people.COMMITTEE]
DISTRICT_KEYS = [somebody.key for somebody in people.TRA_KHE]
WARD_KEYS = [somebody.key for somebody in people.BEN_LAM]

REGULAR = SeriesPlan(
    key="regular",
    unit="ubnd",
    name="Phiên họp thường kỳ UBND tỉnh",
    title="Phiên họp thường kỳ tháng {month} năm {year}",
    rules="people-committee",
    place="Phòng họp số 1, trụ sở UBND tỉnh",
    planned_minutes=180,
    days=((1, 4),),
    hour=8,
    before=232,
    cut=0.45,
    roster=(
        *chaired(COMMITTEE_KEYS[0]),
        *voting(COMMITTEE_KEYS[1:]),
        *kept("thu-ky", "thu-ky-2"),
        *invited(*(somebody.key for somebody in people.GUESTS)),
    ),
    secretary="thu-ky",
    minutes_symbol="BB-UBND",
    items_before=(6, 9),
    standing_items=(),
)
BRIEFING = SeriesPlan(
    key="briefing",
    unit="ubnd",
    name="Giao ban Chủ tịch và các Phó Chủ tịch UBND tỉnh",
    title="Giao ban Chủ tịch và các Phó Chủ tịch lần {n} tháng {month} năm {year}",
    rules="simple-meeting",
    place="Phòng họp số 2, trụ sở UBND tỉnh",
    planned_minutes=60,
    days=((0, 1), (0, 3)),
    hour=14,
    before=96,
    cut=0.48,
    roster=(
        *chaired("chu-toa"),
        *voting(("lanh-dao", "tran-quoc-khai", "le-huu-tung", "vu-minh-dao")),
        *kept("thu-ky", "thu-ky-2"),
        *invited("uy-vien", "uy-vien-2", "do-thi-ngoc-anh", "luong-van-quyet", "tu-cong-minh"),
    ),
    secretary="thu-ky",
    minutes_symbol="TB-VP",
    items_before=(4, 6),
    standing_items=(("Việc trọng tâm của hai tuần tới", 20),),
)
DISTRICT = SeriesPlan(
    key="district",
    unit="tra-khe",
    name="Phiên họp thường kỳ UBND huyện Trà Khê",
    title="Phiên họp UBND huyện Trà Khê tháng {month} năm {year}",
    rules="people-committee",
    place="Hội trường tầng 2, trụ sở UBND huyện Trà Khê",
    planned_minutes=150,
    days=((3, 3),),
    hour=8,
    before=186,
    cut=0.42,
    roster=(
        *chaired("khach-moi"),
        *voting(DISTRICT_KEYS[:10]),
        *kept("ta-thu-hien", "luc-van-pao"),
        *invited("truong-thi-my-dung", "ha-van-don", "luong-thi-dung", "la-thi-huyen"),
    ),
    secretary="ta-thu-hien",
    minutes_symbol="BB-UBND",
    items_before=(5, 8),
    standing_items=(("Tình hình kinh tế - xã hội của huyện trong tháng", 45),),
)
COUNCIL = SeriesPlan(
    key="council",
    unit="hdnd",
    name="Phiên họp Thường trực HĐND tỉnh",
    title="Phiên họp Thường trực HĐND tỉnh tháng {month} năm {year}",
    rules=STANDING_COUNCIL["code"],
    place="Phòng họp Thường trực HĐND tỉnh",
    planned_minutes=120,
    days=((2, 2),),
    hour=8,
    before=128,
    cut=0.08,
    roster=(
        *chaired("lo-van-thuong"),
        *voting(("giang-a-chu", "uong-thi-lan-phuong", "pham-minh-nguyet", "trieu-mui-ghen", "nguyen-quang-hoa")),
        *kept("to-hoai-nam", "ninh-thi-dieu-linh"),
        *invited("le-huu-tung", "uy-vien", "ngo-gia-huy", "nghiem-thi-tuoi"),
    ),
    secretary="to-hoai-nam",
    minutes_symbol="BB-TTHĐND",
    items_before=(4, 6),
    standing_items=(("Giải quyết kiến nghị của cử tri", 30),),
)
WARD = SeriesPlan(
    key="ward",
    unit="ben-lam",
    name="Phiên họp thường kỳ UBND phường Bến Lam",
    title="Phiên họp UBND phường Bến Lam tháng {month} năm {year}",
    rules="people-committee",
    place="Phòng họp UBND phường Bến Lam",
    planned_minutes=90,
    days=((4, 2),),
    hour=14,
    before=104,
    cut=0.40,
    roster=(
        *chaired("dao-tuan-kiet"),
        *voting(WARD_KEYS[:5]),
        *kept(WARD_KEYS[5]),
        *invited("cu-huy-binh"),
    ),
    secretary=WARD_KEYS[5],
    minutes_symbol="BB-UBND",
    items_before=(3, 5),
    standing_items=(("Tình hình thu chi ngân sách và trật tự đô thị trong tháng", 30),),
    months_of_use=6,  # four of them count: fewer than it takes for a figure
)
PLANS = (REGULAR, BRIEFING, DISTRICT, COUNCIL, WARD)
# The session of the day, and others on one subject: a series without a baseline, so that what a visitor plays for five
# minutes is compared with nothing.
THEMATIC = replace(
    REGULAR,
    key="thematic",
    name="Phiên họp chuyên đề UBND tỉnh",
    title="Phiên họp chuyên đề ngày {day:02}/{month:02}/{year}",
    planned_minutes=170,
    kind="thematic",
)
