"""The rule sets that come with the system: data with a source and a date. A change of the law is a new version here.

Law 77/2015 has since been replaced by Law 72/2025 and Decrees 314 and 315/2025, whose articles nobody has checked
these numbers against: so each row names the older source and stays "not checked" until a person of the body says so.
"""

from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from meetings.models import RuleSet

LAW_77 = date(2016, 1, 1)  # the day on which Law 77/2015/QH13 came into force
RESOLUTION_96 = date(2023, 7, 1)  # the same of Resolution 96/2023/QH15
TWO_THIRDS, HALF = Fraction(2, 3), Fraction(1, 2)

CHOICES = [
    {"key": "for", "label": "", "counts_as": "for"},
    {"key": "against", "label": "", "counts_as": "against"},
    {"key": "not_voting", "label": "", "counts_as": "not_voting"},
]
LEVELS = [
    {"key": "high", "label": "", "counts_as": None},
    {"key": "confident", "label": "", "counts_as": None},
    {"key": "low", "label": "", "counts_as": None},
]


class Shipped(NamedTuple):
    code: str
    version: int
    name: str
    body: str
    source: str
    valid_from: date
    quorum: Fraction | None
    terms: dict[str, Any]


def step(counts: str, base: str, share: Fraction, outcome: str, *, strictly_more: bool) -> dict[str, Any]:
    return {"counts": counts, "base": base, "share": str(share), "strictly_more": strictly_more, "outcome": outcome}


def passing(base: str, share: Fraction, *, strictly_more: bool, tie: str, **more: Any) -> dict[str, Any]:
    """The terms of a poll that is passed or not; once sent, a ballot stays, so it is confirmed before."""
    return {
        "options": CHOICES,
        "steps": [step("for", base, share, "passed", strictly_more=strictly_more)],
        "otherwise": "not_passed",
        "tie": tie,
        "ballot_may_change": False,
        "ballot_is_confirmed": True,
        "latecomers_may_vote": True,
        "stand_ins_may_vote": False,
        **more,
    }


SHIPPED = (
    Shipped(
        code="people-committee",
        version=1,
        name="Biểu quyết của Ủy ban nhân dân",
        body="people_committee",
        source="Luật Tổ chức chính quyền địa phương số 77/2015/QH13, Điều 113 đến Điều 117",
        valid_from=LAW_77,
        quorum=TWO_THIRDS,
        terms=passing("all_members", HALF, strictly_more=True, tie="head_decides"),
    ),
    Shipped(
        code="people-committee-written",
        version=1,
        name="Lấy ý kiến thành viên Ủy ban nhân dân bằng văn bản",
        body="people_committee",
        source="Luật Tổ chức chính quyền địa phương số 77/2015/QH13, Điều 118",
        valid_from=LAW_77,
        quorum=None,
        terms=passing("all_members", HALF, strictly_more=True, tie="head_decides"),
    ),
    Shipped(
        code="people-council-resolution",
        version=1,
        name="Nghị quyết của Hội đồng nhân dân",
        body="people_council",
        source="Luật Tổ chức chính quyền địa phương số 77/2015/QH13, Điều 91",
        valid_from=LAW_77,
        quorum=TWO_THIRDS,
        terms=passing("all_members", HALF, strictly_more=True, tie="not_passed"),
    ),
    Shipped(
        code="people-council-removal",
        version=1,
        name="Bãi nhiệm đại biểu Hội đồng nhân dân",
        body="people_council",
        source="Luật Tổ chức chính quyền địa phương số 77/2015/QH13, Điều 91",
        valid_from=LAW_77,
        quorum=TWO_THIRDS,
        terms=passing("all_members", TWO_THIRDS, strictly_more=False, tie="not_passed"),
    ),
    Shipped(
        code="confidence-rating",
        version=1,
        name="Lấy phiếu tín nhiệm",
        body="people_council",
        source="Nghị quyết số 96/2023/QH15",
        valid_from=RESOLUTION_96,
        quorum=TWO_THIRDS,
        terms=passing("cast", TWO_THIRDS, strictly_more=False, tie="none")
        | {
            "options": LEVELS,
            "steps": [
                step("low", "cast", TWO_THIRDS, "removal_procedure", strictly_more=False),
                step("low", "cast", HALF, "may_resign", strictly_more=True),
            ],
            "otherwise": "keeps_office",
        },
    ),
    Shipped(
        code="simple-meeting",
        version=1,
        name="Cuộc họp thông thường: bên nhiều hơn",
        body="",
        source="",
        valid_from=LAW_77,
        quorum=None,
        terms=passing(
            "for_and_against",
            HALF,
            strictly_more=True,
            tie="not_passed",
            ballot_may_change=True,
            ballot_is_confirmed=False,
        ),
    ),
)


def ship_rule_sets() -> None:
    """Put in the rows that are missing. One that is there stays: meetings refer to it, somebody may have checked it."""
    for shipped in SHIPPED:
        RuleSet.objects.get_or_create(
            code=shipped.code,
            version=shipped.version,
            defaults={
                "name": shipped.name,
                "body": shipped.body,
                "source": shipped.source,
                "valid_from": shipped.valid_from,
                "quorum_numerator": shipped.quorum.numerator if shipped.quorum else None,
                "quorum_denominator": shipped.quorum.denominator if shipped.quorum else None,
                "terms": shipped.terms,
            },
        )
