"""Every rule set that comes with the system, from the draft to the sentence read aloud, by the doors people use."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from meetings.models import Attendance, Participant, RuleSet
from meetings.rule_sets import SHIPPED
from tests.council import HASHED, Council, client_of
from tests.realtime.tablet import hello, ticket_for
from tests.voting.polls import QUESTION, act
from voting.models import Poll
from voting.proof import doubts

pytestmark = pytest.mark.django_db

RATED = ("Trần Thị Sáu, Giám đốc Sở Tài chính", "Lê Văn Bảy, Giám đốc Sở Nội vụ", "Hồ Thị Tám, Chánh Văn phòng")


@dataclass(frozen=True)
class Vote:
    """Of `members`, `present` are there; of them the first `for_` choose for (the head of the body is the first), …"""

    rule_set: str
    members: int
    present: int
    for_: int = 0
    against: int = 0
    not_voting: int = 0
    said: str = ""
    is_tie: bool = False
    head_is_against: bool = False
    low: tuple[int, ...] = field(default=())  # how many ballots give each of those rated the lowest level

    @property
    def choices(self) -> list[str]:
        if self.low:
            return [self.levels(number) for number in range(self.present)]
        chosen = ["for"] * self.for_ + ["against"] * self.against + ["not_voting"] * self.not_voting
        return chosen[::-1] if self.head_is_against else chosen

    def levels(self, ballot: int) -> str:
        return ";".join(f"p-{n}={'low' if ballot < low else 'confident'}" for n, low in enumerate(self.low, start=1))

    def __str__(self) -> str:
        numbers = self.low or (self.for_, self.against, self.not_voting)
        return f"{self.rule_set}-{'-'.join(map(str, numbers))}-of-{self.members}"


VOTES = (
    Vote(
        "people-committee",
        members=21,
        present=14,
        for_=11,
        against=3,
        said="Có 14 trên 21 thành viên có mặt, 14 người đã bỏ phiếu. "
        "Tán thành: 11, Không tán thành: 3, Không biểu quyết: 0. Cần 11 phiếu. "
        "Được thông qua.",
    ),
    # 71 % of those present agreed
    Vote(
        "people-committee",
        members=21,
        present=14,
        for_=10,
        against=4,
        said="Có 14 trên 21 thành viên có mặt, 14 người đã bỏ phiếu. "
        "Tán thành: 10, Không tán thành: 4, Không biểu quyết: 0. Cần 11 phiếu. "
        "Không được thông qua.",
    ),
    Vote(
        "people-committee",
        members=21,
        present=21,
        for_=10,
        against=10,
        not_voting=1,
        is_tie=True,
        said="Có 21 trên 21 thành viên có mặt, 21 người đã bỏ phiếu. "
        "Tán thành: 10, Không tán thành: 10, Không biểu quyết: 1. Cần 11 phiếu. "
        "Số tán thành và không tán thành ngang nhau; quyết định theo ý kiến của người đứng đầu, là tán thành. "
        "Được thông qua.",
    ),
    Vote(
        "people-committee-written",
        members=20,
        present=20,
        for_=10,
        against=10,
        is_tie=True,
        head_is_against=True,
        said="Có 20 trên 20 thành viên có mặt, 20 người đã bỏ phiếu. "
        "Tán thành: 10, Không tán thành: 10, Không biểu quyết: 0. Cần 11 phiếu. "
        "Số tán thành và không tán thành ngang nhau; quyết định theo ý kiến của người đứng đầu, là không tán thành. "
        "Không được thông qua.",
    ),
    Vote(
        "people-council-resolution",
        members=9,
        present=9,
        for_=5,
        against=4,
        said="Có 9 trên 9 thành viên có mặt, 9 người đã bỏ phiếu. "
        "Tán thành: 5, Không tán thành: 4, Không biểu quyết: 0. Cần 5 phiếu. "
        "Được thông qua.",
    ),
    Vote(
        "people-council-resolution",
        members=10,
        present=10,
        for_=5,
        against=5,
        said="Có 10 trên 10 thành viên có mặt, 10 người đã bỏ phiếu. "
        "Tán thành: 5, Không tán thành: 5, Không biểu quyết: 0. Cần 6 phiếu. "
        "Số tán thành và không tán thành ngang nhau; theo quy tắc áp dụng thì không được thông qua. "
        "Không được thông qua.",
    ),
    Vote(
        "people-council-removal",
        members=9,
        present=9,
        for_=6,
        against=3,
        said="Có 9 trên 9 thành viên có mặt, 9 người đã bỏ phiếu. "
        "Tán thành: 6, Không tán thành: 3, Không biểu quyết: 0. Cần 6 phiếu. "
        "Được thông qua.",
    ),
    Vote(
        "people-council-removal",
        members=10,
        present=10,
        for_=6,
        against=4,
        said="Có 10 trên 10 thành viên có mặt, 10 người đã bỏ phiếu. "
        "Tán thành: 6, Không tán thành: 4, Không biểu quyết: 0. Cần 7 phiếu. "
        "Không được thông qua.",
    ),
    Vote(
        "simple-meeting",
        members=40,
        present=25,
        for_=10,
        against=5,
        not_voting=5,
        said="Có 25 trên 40 thành viên có mặt, 20 người đã bỏ phiếu. "
        "Tán thành: 10, Không tán thành: 5, Không biểu quyết: 5. Cần 8 phiếu. "
        "Được thông qua.",
    ),
    # Of ballots, not of members: two thirds of nine are six, more than half are five.
    Vote(
        "confidence-rating",
        members=10,
        present=9,
        low=(6, 5, 4),
        said="Có 9 trên 10 thành viên có mặt, 9 người đã bỏ phiếu. "
        f"{RATED[0]}: Tín nhiệm cao 0, Tín nhiệm 3, Tín nhiệm thấp 6. "
        "Thực hiện thủ tục bãi nhiệm. "
        f"{RATED[1]}: Tín nhiệm cao 0, Tín nhiệm 4, Tín nhiệm thấp 5. Có thể xin từ chức. "
        f"{RATED[2]}: Tín nhiệm cao 0, Tín nhiệm 5, Tín nhiệm thấp 4. Tiếp tục giữ chức vụ.",
    ),
)


def test_no_rule_set_is_shipped_that_is_not_voted_by_here() -> None:
    assert {vote.rule_set for vote in VOTES} == {shipped.code for shipped in SHIPPED}


@pytest.mark.parametrize("vote", VOTES, ids=str)
def test_a_vote_by_every_shipped_rule_set_from_the_draft_to_the_sentence(council: Council, vote: Vote) -> None:
    present = seat(council, vote)
    council.start(with_members=0)
    council.take_up()
    secretary = client_of(council.secretary)

    poll = draft(secretary, council, vote)
    assert act(secretary, poll, "opening").status_code == 204
    line = Client(headers={"Origin": "http://testserver"})
    for person, choice in zip(present, vote.choices, strict=False):
        assert cast_over_http(line, person, poll, choice)["t"] == "ack"
    assert act(secretary, poll, "closing").status_code == 204
    announce(secretary, poll, vote)

    told = unescape(client_of(council.member).get(reverse("voting:poll", args=[poll.pk])).content.decode())
    assert re.findall(r'<p class="read-aloud">(.+)</p>', told) == [vote.said]
    assert list(doubts(Poll.objects.get())) == []


def seat(council: Council, vote: Vote) -> list[Person]:
    """Make the body as large as the vote has it; return those present, the head of the body first."""
    rules = RuleSet.objects.get(code=vote.rule_set)
    council.meeting.rule_set = rules
    council.meeting.save()
    if rules.body:
        council.province.kind = rules.body
        council.province.save()
    more = range(vote.members - len(council.voters))
    people = Person.objects.bulk_create(
        [Person(username=f"more-{n}", full_name=f"Thành viên {n}", password=HASHED) for n in more]
    )
    Participant.objects.bulk_create(
        [Participant(meeting=council.meeting, person=person, has_vote=True) for person in people]
    )
    places = {place.person_id: place for place in council.meeting.participants.all()}
    present = [*council.voters, *people][: vote.present]
    Attendance.objects.bulk_create(
        [
            Attendance(participant=places[one.pk], arrived_at=timezone.now(), how="tap", recorded_by=one)
            for one in present
        ]
    )
    return present


def draft(client: Client, council: Council, vote: Vote) -> Poll:
    typed: dict[str, Any] = {"item": council.item.pk, "question": QUESTION, "rule_set": council.meeting.rule_set_id}
    if vote.low:
        typed |= {"kind": "rating", "subjects": "\n".join(RATED)}
    url = reverse("voting:polls", args=[council.meeting.pk])
    assert client.post(url, typed, headers={"HX-Request": "true"}).status_code == 200
    return Poll.objects.get()


def cast_over_http(line: Client, person: Person, poll: Poll, choice: str) -> dict[str, Any]:
    """The frames of the socket, for networks that have none."""
    op = {"op": str(uuid4()), "t": "cast_ballot", "poll": str(poll.pk), "choice": choice}
    frames = [hello(ticket_for(person.principal_key)), {"t": "op", "ops": [op]}]
    heard = line.post("/sync/", json.dumps({"frames": frames}), content_type="application/json").json()["frames"]
    return heard[-1]


def announce(client: Client, poll: Poll, vote: Vote) -> None:
    """At a tie nothing is announced before the side of the head of the body is confirmed."""
    unconfirmed = act(client, poll, "announcement")
    assert unconfirmed.status_code == (422 if vote.is_tie else 204)
    if vote.is_tie:
        assert Poll.objects.get().state == "closed"
        assert act(client, poll, "announcement", tie_confirmed="yes").status_code == 204
