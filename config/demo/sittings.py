"""One session that was held, told minute by minute: who came, what was said, how they voted, what was concluded."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

from accounts.models import Organisation, Person
from accounts.words import fold
from config.demo import people
from config.demo.chronicle import Chronicle
from config.demo.clock import at
from config.demo.months import first_of_month, working_day
from config.demo.series import Place, SeriesPlan
from config.demo.topics import ABSENCES, CLOSED_TOPIC, FORGOTTEN_END, TOPICS, Topic
from documents.models import Document
from meetings.models import (
    AgendaItem,
    Attendance,
    Conclusion,
    ItemTurn,
    Meeting,
    MeetingSeries,
    Participant,
    Pause,
    RuleSet,
    Speech,
    TimeCorrection,
)
from meetings.quorum import quorum_of
from voting.actions import sealed
from voting.models import Ballot, Elector, Poll
from voting.results import as_kept
from voting.tally import Ballot as Cast
from voting.tally import Elector as Entitled
from voting.tally import tally
from voting.terms import applied, choices_of, rule_of

# So that addresses of old sessions are the same after every fresh start on the same day.
NAMES = UUID("5f1d6a52-9c1e-4f6e-8c60-0d5b8b1f2027")
MINUTE = timedelta(minutes=1)
LUNCH_AFTER, BREAK_AFTER = 205, 85  # net minutes
VOTE_TAKES = 3.0


@dataclass
class Province:
    """Everybody and everything that sessions name, fetched once."""

    day: date
    persons: dict[str, Person]
    before: dict[str, tuple[date, Person]]  # who held the office of that key before that day
    units: dict[str, Organisation]
    series: dict[str, MeetingSeries]
    rule_sets: dict[str, RuleSet]

    def holder(self, key: str, day: date) -> Person:
        """Who held that office on that day."""
        changed, predecessor = self.before.get(key, (date.min, None))
        return predecessor if predecessor and day < changed else self.persons[key]


def province_on(day: date) -> Province:
    persons = {person.username: person for person in Person.objects.exclude(username=None)}
    by_name = {person.full_name: person for person in Person.objects.filter(username=None)}
    short = {unit.short_name: unit for unit in Organisation.objects.all()}
    return Province(
        day,
        {key or "": person for key, person in persons.items()},
        {
            change.key: (first_of_month(day, months_ago=change.months_ago), by_name[change.predecessor])
            for change in people.CHANGES
        },
        {unit.key: short[unit.short_name] for unit in people.UNITS},
        {series.name: series for series in MeetingSeries.objects.select_related("rule_set", "organisation")},
        {rules.code: rules for rules in RuleSet.objects.order_by("version")},
    )


@dataclass(frozen=True)
class Sitting:
    """What is known of a session before it is told: whose it is, when, and its net minutes."""

    plan: SeriesPlan
    title: str
    day: date
    net_minutes: int
    number: int = 0
    adjourned_until: datetime | None = None

    @property
    def name(self) -> str:
        return f"{self.plan.key}:{self.day}"


@dataclass
class NetClock:
    """From net minutes of a session to the time of day: pauses lie in between."""

    began: datetime
    pauses: list[tuple[float, float]] = field(default_factory=list)  # after so many net minutes, so many minutes

    def at(self, minutes: float) -> datetime:
        missed = sum(length for after, length in self.pauses if after < minutes)
        return (self.began + (minutes + missed) * MINUTE).replace(microsecond=0)

    def spans(self) -> Iterator[tuple[datetime, datetime]]:
        for after, length in self.pauses:
            began = self.at(after)
            yield began, began + length * MINUTE


@dataclass(frozen=True)
class Stage:
    """An item on the net clock."""

    topic: Topic
    item: AgendaItem
    begin: float
    end: float


class Told:
    """The telling of one sitting into a chronicle."""

    def __init__(self, sitting: Sitting, province: Province, chronicle: Chronicle) -> None:
        self.sitting, self.province, self.chronicle = sitting, province, chronicle
        self.plan = sitting.plan
        self.dice = random.Random(f"{NAMES}:{sitting.name}")  # noqa: S311 - who came and said what in a demo
        self.seats: dict[str, Participant] = {}
        self.stays: dict[str, tuple[datetime, datetime]] = {}

    def person(self, key: str) -> Person:
        return self.province.holder(key, self.sitting.day)

    def tell(self) -> Meeting:
        due = at(self.sitting.day, self.plan.hour)
        began = due + self.dice.randrange(0, 7) * MINUTE + self.dice.randrange(60) * timedelta(seconds=1)
        self.clock = NetClock(began, list(self.pauses()))
        self.end = self.clock.at(self.sitting.net_minutes)
        self.secretary, self.chair = self.person(self.plan.secretary), self.person(self.plan.chair)
        self.meeting = self.new_meeting(due)
        self.seat_people()
        topics = self.topics()
        self.check_in_people({topic.presenter for topic in topics})
        self.begin()
        for stage in self.stages(topics):
            self.deal_with(stage)
        self.break_off()
        self.close()
        return self.meeting

    # The session as a whole

    def pauses(self) -> Iterator[tuple[float, float]]:
        net = self.sitting.net_minutes
        if net > LUNCH_AFTER:
            yield LUNCH_AFTER - self.dice.randrange(12), 90 + self.dice.randrange(4) * 5
        elif net > BREAK_AFTER:
            yield net * 0.52, 10 + self.dice.randrange(9)

    def new_meeting(self, due: datetime) -> Meeting:
        series = self.province.series[self.plan.name]
        return self.chronicle.add(
            Meeting(
                id=uuid5(NAMES, self.sitting.name),
                series=series,
                organisation=self.province.units[self.plan.unit],
                title=self.sitting.title,
                folded_title=fold(self.sitting.title),
                kind=series.kind,
                place=self.plan.place,
                starts_at=due,
                planned_minutes=self.plan.planned_minutes,
                rule_set=series.rule_set,
                state=Meeting.State.CLOSED,
                created_by=self.secretary,
                created_at=due - timedelta(days=9),
                published_at=due - timedelta(days=6, hours=2),
                started_at=self.clock.began,
            )
        )

    def begin(self) -> None:
        created, published = self.meeting.created_at, self.meeting.published_at
        facts = {"title": self.meeting.title, "starts_at": self.meeting.starts_at.isoformat()}
        self.note("meeting_created", created, by=self.secretary, **facts)
        if published is not None:
            self.note("meeting_published", published, by=self.secretary)
        quorum = quorum_of(
            present=len(self.present_voters(self.clock.began)),
            total=sum(participant.counts for participant in self.seats.values()),
            share=self.meeting.rule_set.quorum_share,
            strictly_more=self.meeting.rule_set.quorum_strictly_more,
        )
        numbers = {"present": quorum.present, "total": quorum.total, "needed": quorum.needed}
        self.note("meeting_started", self.clock.began, by=self.chair, **numbers)

    def break_off(self) -> None:
        for began, ended in self.clock.spans():
            self.chronicle.add(Pause(meeting=self.meeting, began_at=began, ended_at=ended))
            self.note("meeting_paused", began, by=self.chair)
            self.note("meeting_resumed", ended, by=self.chair)

    def close(self) -> None:
        if self.sitting.adjourned_until is not None:
            return self.adjourn(self.sitting.adjourned_until)
        ended = self.end
        if self.sitting.number % 13 == 5:
            ended += self.dice.randrange(18, 40) * MINUTE
            self.correct_end(measured=ended)
        self.meeting.ended_at = ended
        self.note("meeting_closed", ended, by=self.chair, net_seconds=60 * self.sitting.net_minutes)
        return None

    def adjourn(self, until: datetime) -> None:
        self.meeting.state = Meeting.State.ADJOURNED
        self.chronicle.add(Pause(meeting=self.meeting, began_at=self.end, is_adjournment=True, resumes_at=until))
        self.note("meeting_adjourned", self.end, by=self.chair)

    def correct_end(self, *, measured: datetime) -> None:
        """The secretary forgot to end the session, and said so the next morning."""
        noted = at(working_day(self.sitting.day, after=1), 8, 15)
        reason = FORGOTTEN_END
        which = TimeCorrection.Which.ENDED_AT
        self.chronicle.add(
            TimeCorrection(
                meeting=self.meeting,
                which=which,
                original=measured,
                value=self.end,
                reason=reason,
                by=self.secretary,
                at=noted,
            )
        )
        facts = {"original": measured.isoformat(), "value": self.end.isoformat(), "reason": reason}
        self.note("time_corrected", noted, by=self.secretary, which=which.value, **facts)

    # People

    def seat_people(self) -> None:
        for place in self.plan.roster:
            somebody = people.somebody_of(place.key)
            self.seats[place.key] = self.chronicle.add(
                Participant(
                    meeting=self.meeting,
                    person=self.person(place.key),
                    role=place.role,
                    has_vote=place.has_vote,
                    is_head=place.role == Participant.Role.CHAIR,
                    organisation=self.province.units[somebody.unit],
                    title=somebody.title,
                )
            )

    def check_in_people(self, needed: set[str]) -> None:
        """A few are excused, a few come late or leave early; a quorum is always there."""
        may_miss = sum(place.has_vote for place in self.plan.roster) // 4
        for place in self.plan.roster:
            missing = place.role in {"member", "invitee"} and place.key not in needed and self.dice.random() < 0.09
            if missing and (not place.has_vote or may_miss > 0):
                may_miss -= place.has_vote
                self.excuse(place)
            elif place.role != Participant.Role.SECRETARY or self.dice.random() < 0.8:
                self.check_in(place)

    def excuse(self, place: Place) -> None:
        reason = self.dice.choice(ABSENCES)
        self.seats[place.key].absence_reason = reason
        noted = self.meeting.starts_at - timedelta(hours=20, minutes=self.dice.randrange(300))
        self.note("absence_noted", noted, by=self.secretary, about=self.person(place.key), reason=reason)

    def check_in(self, place: Place) -> None:
        person, is_late = self.person(place.key), place.role == "invitee" and self.dice.random() < 0.12
        wait = self.dice.randrange(60, 900) if is_late else -self.dice.randrange(60, 1500)
        arrived = self.clock.began + timedelta(seconds=wait)
        leaves_early = place.role == "invitee" and self.dice.random() < 0.1
        left = self.clock.at(self.sitting.net_minutes * 0.8) if leaves_early else None
        how = self.dice.choices(list(Attendance.How), weights=(80, 12, 8))[0]
        is_here = self.sitting.adjourned_until is not None and left is None
        self.stays[place.key] = (arrived, left or self.end)
        self.chronicle.add(
            Attendance(
                participant=self.seats[place.key],
                arrived_at=arrived,
                left_at=None if is_here else left or self.end,
                how=how,
                recorded_by=self.secretary if how == Attendance.How.SECRETARY else person,
            )
        )
        self.note("checked_in", arrived, by=person, about=person, how=how.value)
        if left:
            self.note("checked_out", left, by=person, about=person)

    def present_voters(self, moment: datetime) -> list[str]:
        voters = [place.key for place in self.plan.roster if place.has_vote]
        return [key for key in voters if self.is_there(key, moment, moment)]

    # Items

    def topics(self) -> list[Topic]:
        """What this session deals with: the standing items, then some of the others, sometimes a closed one."""
        standing = [
            Topic(title, self.plan.chair, minutes, "", "Các đơn vị thực hiện theo kết luận của chủ trì.")
            for title, minutes in self.plan.standing_items
        ]
        first, *others = TOPICS[self.plan.key]
        if not standing:
            standing = [first]
        else:
            others = [first, *others]
        count = max(2, min(len(others), round(self.sitting.net_minutes / 24)))
        found = [*standing, *self.dice.sample(others, count)]
        if self.plan.key == "regular" and self.sitting.number % 3 == 0:
            found.append(CLOSED_TOPIC)
        return found

    def stages(self, topics: list[Topic]) -> Iterator[Stage]:
        weights = [topic.minutes * math.exp(0.3 * self.dice.gauss(0, 1)) for topic in topics]
        begin, last = 1.0, self.sitting.net_minutes
        scale = (last - begin) / sum(weights)
        for position, (topic, weight) in enumerate(zip(topics, weights, strict=True), start=1):
            end = last if position == len(topics) else begin + weight * scale
            yield Stage(topic, self.new_item(topic, position), begin, end)
            begin = end

    def new_item(self, topic: Topic, position: int) -> AgendaItem:
        is_closed = topic is CLOSED_TOPIC
        unit = people.somebody_of(topic.presenter).unit
        item = self.chronicle.add(
            AgendaItem(
                meeting=self.meeting,
                position=position,
                title=topic.title.format(month=self.sitting.day.month),
                presenter=self.person(topic.presenter),
                submitting_unit=self.province.units[unit],
                planned_minutes=topic.minutes,
                is_closed=is_closed,
                state=AgendaItem.State.DONE,
            )
        )
        if is_closed:
            for place in self.plan.roster:
                if place.has_vote:
                    self.chronicle.add(AgendaItem.admitted.through(agendaitem=item, person=self.person(place.key)))
        added = self.meeting.created_at + position * 5 * MINUTE
        facts = {"title": item.title, "planned_minutes": item.planned_minutes, "closed": is_closed}
        self.note("item_added", added, by=self.secretary, about=item, **facts)
        return item

    def deal_with(self, stage: Stage) -> None:
        item = stage.item
        self.chronicle.add(ItemTurn(item=item, began_at=self.clock.at(stage.begin), ended_at=self.clock.at(stage.end)))
        self.note("item_taken_up", self.clock.at(stage.begin) + timedelta(seconds=1), by=self.chair, about=item)
        votes = bool(stage.topic.question) and stage.end - stage.begin > 4 * VOTE_TAKES
        self.let_people_speak(stage, until=stage.end - (VOTE_TAKES + 0.5 if votes else 0.3))
        if votes:
            self.hold_poll(stage)
        self.conclude(stage)
        self.hand_out(stage)

    def let_people_speak(self, stage: Stage, *, until: float) -> None:
        """The presenter, some of those who are there, and the chair at the end."""
        length = until - stage.begin
        silent = {self.plan.chair, stage.topic.presenter}
        silent |= {place.key for place in self.plan.roster if place.role == Participant.Role.SECRETARY}
        there = [key for key in self.stays if key not in silent]
        speakers = self.dice.sample(there, min(len(there), max(0, round(length / 9))))
        moment = stage.begin + 0.3
        for key in [stage.topic.presenter, *speakers, self.plan.chair]:
            share = 0.3 if key == stage.topic.presenter else 0.5 / (len(speakers) + 1)
            said = min(length * share * self.dice.uniform(0.7, 1.1), 12)
            if key not in self.seats or moment + said > until:
                continue
            self.speak(key, stage, moment, moment + said)
            moment += said + self.dice.uniform(0.1, 0.6)

    def speak(self, key: str, stage: Stage, begin: float, end: float) -> None:
        for after, _length in self.clock.pauses:
            if begin <= after < end:
                end = after  # a break ends who speaks
        began, ended = self.clock.at(begin), self.clock.at(end)
        if (ended - began).total_seconds() < 20 or not self.is_there(key, began, ended):
            return
        self.chronicle.add(
            Speech(
                meeting=self.meeting,
                item=stage.item,
                participant=self.seats[key],
                began_at=began,
                ended_at=ended,
                recorded_by=self.secretary,
            )
        )
        person = self.person(key)
        seconds = int((ended - began).total_seconds())
        self.note("floor_given", began, by=self.secretary, about=stage.item, person=person.pk, allotted_seconds=None)
        self.note("speech_ended", ended, by=self.secretary, about=stage.item, person=person.pk, seconds=seconds)

    def is_there(self, key: str, began: datetime, ended: datetime) -> bool:
        arrived, left = self.stays.get(key, (ended, ended))
        return arrived <= began and ended <= left

    def conclude(self, stage: Stage) -> None:
        written = self.clock.at(stage.end) - timedelta(seconds=5)
        text = stage.topic.conclusion
        self.chronicle.add(Conclusion(item=stage.item, text=text, written_by=self.secretary, written_at=written))
        facts = {"revision": 1, "letters": len(text), "hash": sha256(text.encode()).hexdigest()}
        self.note("conclusion_written", written, by=self.secretary, about=stage.item, **facts)

    def hand_out(self, stage: Stage) -> None:
        """Paper on the tables becomes rare in the months of use."""
        if self.dice.random() > 0.3 - 0.02 * self.sitting.number:
            return
        self.chronicle.add(
            Document(
                id=uuid5(NAMES, f"{self.sitting.name}:{stage.item.position}:handed-out"),
                meeting=self.meeting,
                item=stage.item,
                title="Tài liệu phát tại chỗ",
                is_handed_out=True,
                added_by=self.secretary,
                added_at=self.clock.at(stage.begin),
            )
        )

    # Votes

    def hold_poll(self, stage: Stage) -> None:
        opened = self.clock.at(stage.end - VOTE_TAKES)
        closed, announced = opened + timedelta(seconds=95), opened + timedelta(seconds=130)
        rule_set = self.province.rule_sets[self.plan.rules]
        poll = Poll(
            id=uuid5(NAMES, f"{self.sitting.name}:{stage.item.position}:poll"),
            meeting=self.meeting,
            item=stage.item,
            question=stage.topic.question,
            rule_set=rule_set,
            options=choices_of(rule_set, []),
            rules=applied(rule_set, Poll.Kind.QUESTION, []),
            state=Poll.State.ANNOUNCED,
            created_by=self.secretary,
            opened_at=opened,
            opened_by=self.chair,
            closed_at=closed,
            closed_by=self.chair,
            announced_at=announced,
            announced_by=self.chair,
        )
        roll = self.roll(poll, set(self.present_voters(opened)))
        cast = self.cast_ballots(poll, roll, opened)
        result = tally(
            [Entitled(number, present=line.is_present, is_head=line.is_head) for number, line in enumerate(roll)],
            [Cast(number, choice) for number, choice in cast],
            rule_of(poll.rules, poll.options),
        )
        poll.result, poll.outcome = as_kept(result), result.outcome
        self.chronicle.add(poll)
        self.note("poll_drafted", self.meeting.created_at + timedelta(hours=3), by=self.secretary, about=poll,
                  question=poll.question, repeats=None)  # fmt: skip
        present = sum(line.is_present for line in roll)
        self.note(
            "poll_opened",
            opened,
            by=self.chair,
            about=poll,
            question=poll.question,
            rules=poll.rules,
            roll=[line.person_id for line in roll],
            present=present,
            needed=result.quorum.needed,
        )
        self.note("poll_closed", closed, by=self.chair, about=poll, result=poll.result)
        self.note("result_announced", announced, by=self.chair, about=poll, outcome=poll.outcome, tie_confirmed=False)

    def roll(self, poll: Poll, there: set[str]) -> list[Elector]:
        return [
            self.chronicle.add(
                Elector(
                    poll=poll,
                    person=self.person(place.key),
                    title=self.seats[place.key].title,
                    is_head=place.role == Participant.Role.CHAIR,
                    present_at_opening=place.key in there,
                )
            )
            for place in self.plan.roster
            if place.has_vote
        ]

    def cast_ballots(self, poll: Poll, roll: list[Elector], opened: datetime) -> list[tuple[int, str]]:
        cast = []
        for number, elector in enumerate(roll):
            if not elector.is_present or self.dice.random() < 0.015:
                continue
            choice = "for" if elector.is_head else self.dice.choices(("for", "against", "not_voting"), (92, 4, 4))[0]
            self.cast_ballot(poll, elector, choice, opened + timedelta(seconds=self.dice.uniform(4, 88)))
            cast.append((number, choice))
        return cast

    def cast_ballot(self, poll: Poll, elector: Elector, choice: str, moment: datetime) -> None:
        ballot = self.chronicle.add(
            Ballot(
                poll=poll,
                elector=elector,
                choice=choice,
                op=UUID(int=self.dice.getrandbits(128), version=4),
                cast_at=moment,
                salt=f"{self.dice.getrandbits(128):032x}",
            )
        )
        facts = {"elector": elector.person_id, "how": ballot.how, "operation": str(ballot.op)}
        self.chronicle.tell_later(
            self.meeting,
            "ballot_cast",
            at=moment,
            by=elector.person,
            about=poll,
            facts=lambda: {**facts, "hash": sealed(ballot)},
        )

    def note(self, act: str, moment: datetime, *, by: Person, about: object = None, **facts: object) -> None:
        self.chronicle.tell(self.meeting, act, at=moment, by=by, about=about, **facts)  # type: ignore[arg-type]
