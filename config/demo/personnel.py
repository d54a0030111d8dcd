"""Two votes about people on the last item of today's session: an election and a list of confidence, both prepared."""

from typing import Any

from accounts.models import Person
from config.demo import people
from config.demo.series import COMMITTEE_RATING
from meetings.models import AgendaItem, RuleSet
from voting.actions import draft_poll
from voting.models import Poll
from voting.terms import own_choices, subjects_of

SEATS = 3
CANDIDATES = ("nguyen-manh-cuong", "kieu-duc-manh", "thai-ba-son", "vi-thi-chuyen", "la-thi-huyen")
# Heads of departments in the order of precedence.
RATED = (
    *("vu-minh-dao", "uy-vien", "uy-vien-2", "do-thi-ngoc-anh", "ngo-gia-huy", "duong-cong-thanh"),
    *("luong-van-quyet", "mai-phuong-thao", "ta-quang-vinh", "ho-thi-kim-yen", "cao-bao-ngoc", "trinh-dinh-loc"),
)


def draft_votes_on_people(item: AgendaItem, *, by: Person, year: int) -> None:
    draft_poll(
        item,
        by=by,
        kind=Poll.Kind.ELECTION,
        question="Bầu 3 thành viên Tổ công tác rà soát vị trí việc làm khối các cơ quan chuyên môn",
        options=own_choices([line_of(key) for key in CANDIDATES]),
        seats=SEATS,
    )
    draft_poll(
        item,
        by=by,
        kind=Poll.Kind.RATING,
        question=f"Lấy phiếu tham khảo mức độ tín nhiệm đối với thủ trưởng các cơ quan chuyên môn năm {year}",
        subjects=subjects_of([line_of(key) for key in RATED]),
        rule_set=rating_rules(),
    )


def line_of(key: str) -> str:
    """Name and office, as both stand on a ballot."""
    somebody = people.somebody_of(key)
    return f"{somebody.full_name}, {somebody.title}"


def rating_rules() -> RuleSet:
    """Levels and shares are those of the council's; a demo that was made before they were there gets them too."""
    like = RuleSet.objects.filter(code="confidence-rating").latest("version")
    content: dict[str, Any] = {**COMMITTEE_RATING, "terms": like.terms}
    return RuleSet.objects.get_or_create(code=content.pop("code"), version=1, defaults=content)[0]
