"""Everything that changes a poll. One transaction each: lock (meeting, poll, ballot), ask, write, record, publish."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acts import record
from accounts.models import Person
from accounts.personal import touch_people
from meetings.models import AgendaItem, Attendance, Meeting, Participant, RuleSet
from meetings.quorum import Quorum, quorum_of
from meetings.room import touch_room
from meetings.rules import may_run, may_see_item
from meetings.undoing import may_be_taken_back, refuse_if_long_ago
from realtime import rows
from realtime.refusals import Refusal
from realtime.transactions import at_end, held, keep, kept, one_transaction
from voting import rules
from voting.ballot_papers import NotOnThisPaper
from voting.models import Ballot, Correction, Elector, Poll, state_shared
from voting.results import result_of
from voting.terms import Choice, Subject, applied, choices_of, takes_sides

State, Kind = Poll.State, Poll.Kind
WRONG_ON_PAPER = {
    "unknown": gettext_lazy("That choice is not on this ballot."),
    "none": gettext_lazy("Choose at least one."),
    "too_many": gettext_lazy("At most %(most)d may be chosen."),
    "incomplete": gettext_lazy("Choose a level for everybody on the list."),
}
POLL, COUNT, READY = "poll", "poll_count", "poll_ready"
BALLOT_COLUMNS = ["poll_id", "elector_id", "choice", "op", "how", "recorded_by_id", "cast_at", "changed_at", "salt"]
columns_of = attrgetter(*BALLOT_COLUMNS)
BAR = "bar"  # of the desk, where the next sensible act stands


# -- Before the vote ---------------------------------------------------------------------------------------------------


def draft_poll(
    item: AgendaItem,
    *,
    by: Person,
    question: str,
    rule_set: RuleSet | None = None,
    kind: str = Kind.QUESTION,
    options: list[Choice] | None = None,
    subjects: list[Subject] | None = None,
    seats: int | None = None,
    open_seconds: int | None = None,
    secrecy: str = Poll.Secrecy.NAMED,
    repeats: Poll | None = None,
) -> Poll:
    """Prepare a poll; nobody but who prepares or runs the meeting sees it before it opens."""
    with one_transaction():
        meeting = locked_meeting(item.meeting_id)
        refuse_unless_drafter(meeting, by)
        refuse_if_over(meeting)
        refuse_secret(secrecy)
        poll = Poll(
            meeting=meeting,
            item=item,
            position=next_position(item),
            question=question.strip(),
            rule_set=rule_set or meeting.rule_set,
            kind=kind,
            options=options or [],
            subjects=subjects or [],
            seats=seats,
            open_seconds=open_seconds,
            created_by=by,
            repeats=repeats,
        )
        refuse_unfit(poll)
        poll.save()
        facts = {"question": poll.question, "repeats": str(repeats.pk) if repeats else None}
        note(poll, "poll_drafted", by=by, facts=facts)
        tell(poll, POLL, READY, BAR)
    return poll


def change_poll(
    poll: Poll,
    *,
    by: Person,
    question: str,
    rule_set: RuleSet,
    kind: str = Kind.QUESTION,
    options: list[Choice] | None = None,
    subjects: list[Subject] | None = None,
    seats: int | None = None,
    open_seconds: int | None = None,
    secrecy: str = Poll.Secrecy.NAMED,
) -> None:
    with one_transaction():
        poll = locked_draft(poll, by=by)
        refuse_if_over(poll.meeting)
        refuse_secret(secrecy)
        poll.question, poll.rule_set, poll.kind, poll.options = question.strip(), rule_set, kind, options or []
        poll.subjects, poll.seats, poll.open_seconds = subjects or [], seats, open_seconds
        refuse_unfit(poll)
        poll.save(
            update_fields=["question", "rule_set", "kind", "options", "subjects", "seats", "open_seconds"],
        )
        note(poll, "poll_changed", by=by, facts={"question": poll.question})
        tell(poll, POLL, READY, BAR)


def move_draft(poll: Poll, *, by: Person, earlier: bool) -> None:
    """Change places with the draft before or after it on the same item; at the end of the row nothing happens."""
    with one_transaction():
        locked_meeting(poll.meeting_id)
        poll = locked_draft(poll, by=by)
        row = list(Poll.objects.filter(item=poll.item_id, state=State.DRAFTED).order_by("position", "pk"))
        place = row.index(poll) + (-1 if earlier else 1)
        if not 0 <= place < len(row):
            return
        row.remove(poll)
        row.insert(place, poll)
        for position, one in zip(sorted(one.position for one in row), row, strict=True):
            one.position = position
        if len({one.position for one in row}) < len(row):  # drafts of before there were positions
            for position, one in enumerate(row, start=next_position(poll.item)):
                one.position = position
        Poll.objects.bulk_update(row, ["position"])
        note(poll, "poll_moved", by=by, facts={"question": poll.question, "earlier": earlier})
        tell(poll, POLL, READY, BAR)


def discard_draft(poll: Poll, *, by: Person) -> None:
    """Throw away a poll that never opened. One that was open is cancelled, and stays visible."""
    with one_transaction():
        poll = locked_draft(poll, by=by)
        note(poll, "poll_discarded", by=by, facts={"question": poll.question})
        tell(poll, POLL, READY, BAR)
        poll.delete()


# -- The vote ----------------------------------------------------------------------------------------------------------


def open_poll(poll: Poll, *, by: Person) -> None:
    """Put the question to the vote; roll and rules are fixed now. Only on the current item, only with a quorum."""
    with one_transaction():
        meeting = locked_meeting(poll.meeting_id)
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        if poll.state != State.DRAFTED:
            raise Refusal("already_opened", _("This poll has been opened already."))
        refuse_unless_on_the_floor(poll, meeting)
        roll = fix_roll(poll)
        quorum = refuse_without_quorum(poll, roll)
        poll.rules = applied(poll.rule_set, poll.kind, poll.options)
        poll.options = choices_of(poll.rule_set, poll.options)
        poll.state, poll.opened_at, poll.opened_by = State.OPEN, timezone.now(), by
        if poll.open_seconds:
            poll.ends_at = poll.opened_at + timedelta(seconds=poll.open_seconds)
        poll.save(update_fields=["rules", "options", "state", "opened_at", "opened_by", "ends_at"])
        Elector.objects.bulk_create(roll)
        facts = {"question": poll.question, "rules": poll.rules, "roll": [elector.person_id for elector in roll]}
        facts |= {"there": [elector.person_id for elector in roll if elector.is_present]}
        facts |= {"kind": poll.kind, "options": poll.options, "subjects": poll.subjects, "seats": poll.seats}
        note(poll, "poll_opened", by=by, facts={**facts, "present": quorum.present, "needed": quorum.needed})
        tell(poll, POLL, COUNT, READY, BAR)


def undo_opening(poll: Poll, *, by: Person) -> None:
    """Take back an opening by mistake: the poll is a draft again, as it was. Only while there is no ballot."""
    with one_transaction():
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        opened_at = opening_to_undo(poll)
        note(poll, "opening_undone", by=by, facts={"opened_at": opened_at.isoformat()})
        poll.electors.all().delete()
        if poll.options == poll.rule_set.terms["options"]:
            poll.options = []
        poll.state, poll.rules, poll.opened_at, poll.opened_by, poll.ends_at = State.DRAFTED, {}, None, None, None
        poll.save(update_fields=["state", "rules", "options", "opened_at", "opened_by", "ends_at"])
        tell(poll, POLL, COUNT, READY, BAR)


def opening_to_undo(poll: Poll) -> datetime:
    if poll.state != State.OPEN or poll.opened_at is None:
        raise Refusal("not_open", _("This poll is not open."))
    if poll.ballots.exists():
        words = _("A ballot has been cast. The vote can no longer be taken back unseen; cancel it, with a reason.")
        raise Refusal("ballot_since", words)
    refuse_if_long_ago(poll.opened_at)
    return poll.opened_at


def fix_roll(poll: Poll) -> list[Elector]:
    """All members in office; who is checked in (and admitted, if the item is closed) may cast a ballot.

    Delegating attendance does not delegate the vote. Where the rule set says that it does, the stand-in who is there
    takes the line of the member who is not, so that the number of members stays the same.
    """
    there = present_people(poll)
    participants = list(poll.meeting.participants.select_related("person").order_by("pk"))
    stand_ins = {}
    if poll.rule_set.terms["stand_ins_may_vote"]:
        stand_ins = {p.stands_for_id: p for p in participants if p.role == Participant.Role.STAND_IN}
    roll = []
    for member in participants:
        if not member.counts:
            continue
        stand_in = stand_ins.get(member.pk)
        votes = stand_in if stand_in and stand_in.person_id in there and member.person_id not in there else member
        roll.append(
            Elector(
                poll=poll,
                person=votes.person,
                title=votes.title,
                stands_for=member.person if votes is not member else None,
                is_head=member.is_head and votes is member,  # the head's side at a tie is nobody else's
                present_at_opening=votes.person_id in there,
            )
        )
    return roll


def present_people(poll: Poll) -> set[int]:
    """Who is checked in now and may be in the room while this item is on."""
    here = Attendance.objects.filter(participant__meeting=poll.meeting_id, left_at=None)
    people = {row.participant.person for row in here.select_related("participant__person")}
    return {person.pk for person in people if not poll.item.is_closed or may_see_item(person, poll.item)}


@dataclass(frozen=True)
class Seen:
    """What a tablet showed when its person chose, in the words of `received`: a tap may arrive long after."""

    opened_at: str
    ballot_of: str  # when the ballot on record was received; "" when none was


def cast_ballot(poll_id: UUID, *, by: Person, choice: str, op: UUID | None = None, seen: Seen | None = None) -> Ballot:
    """Put in one's ballot, or change it where the rule set allows. A repeat gets the ballot that is there.

    Refused to whoever is not on the roll, was not there at the opening nor since, and once the poll is closed; and
    where it is known what was `seen`, if the vote was opened anew since, or another ballot of this person came.
    """
    with one_transaction():
        # Held open until this transaction ends: a batch asks once.
        state, opened_at = held(("state", poll_id), lambda: state_shared(poll_id))
        if state == State.DRAFTED:
            raise Refusal("taken_back", _("This vote was taken back before your ballot arrived; it was not recorded."))
        elector = held(("elector", poll_id, by.pk), lambda: elector_of(poll_id, by))
        # Held open, it stays as it was opened: all ballots of a batch read it once.
        poll = elector.poll = kept(("poll", poll_id, state, opened_at), lambda: whole_poll(poll_id))
        if state != State.OPEN or is_out_of_time(poll):
            raise late(poll, elector)
        if not elector.is_present:
            raise Refusal("not_checked_in", _("You are on the roll but not checked in; check in, then vote."))
        refuse_if_opened_anew(poll, seen)
        choice = written(poll, choice)
        ballot, is_new = put_in(poll, elector, choice=choice, op=op)
        if not is_new and ballot.choice != choice:
            change_ballot(ballot, by=by, choice=choice, op=op, seen=seen)
    return ballot


def look_at_roll(poll_id: UUID, people: list[int]) -> None:
    """Read for a batch at once whose ballots come: asked one by one, that is most of the work.

    A ballot of whoever has none is presumed to be the first, and inserted with the others at the end. Where another
    process was quicker, that end fails, and the batch is begun again with care.
    """
    held(("state", poll_id), lambda: state_shared(poll_id))
    lines = Elector.objects.filter(poll=poll_id, person__in=people, person__is_active=True).select_related("person")
    by_key = {elector.pk: elector for elector in lines}
    voted = Ballot.objects.filter(elector__in=by_key).values_list("elector", flat=True)
    keep(("without ballot", poll_id), by_key.keys() - set(voted))
    for elector in by_key.values():
        keep(("elector", poll_id, elector.person_id), elector)


def is_presumed_first(elector: Elector) -> bool:
    """Was there no ballot of this elector when the batch was looked at? Of a second one in it the database is asked."""
    without: set[int] = kept(("without ballot", elector.poll_id), set)
    is_first = elector.pk in without
    without.discard(elector.pk)
    return is_first


def insert_ballots(lanes: dict[str, list[Ballot]]) -> None:
    for ballots in lanes.values():
        rows.insert(Ballot, BALLOT_COLUMNS, [columns_of(ballot) for ballot in ballots])


def record_aloud(poll: Poll, *, person: Person, choice: str, by: Person) -> Ballot:
    """Write down a vote given aloud, because a tablet died; it stays marked as such, with who wrote it down."""
    with one_transaction():
        state, _opened_at = state_shared(poll.pk)
        poll = whole_poll(poll.pk)
        refuse_unless_runner(poll.meeting, by)
        if state != State.OPEN or is_out_of_time(poll):
            raise Refusal("not_open", _("This poll is not open."))
        elector = elector_of(poll.pk, person)
        elector.poll = poll
        if not elector.is_present:
            words = _("%(name)s is not checked in; check %(name)s in first, then record the vote.")
            raise Refusal("not_checked_in", words % {"name": person.full_name})
        choice = written(poll, choice)
        ballot, is_new = put_in(poll, elector, choice=choice, op=None, recorded_by=by)
        if not is_new:
            words = _("%(name)s has voted already, at %(time)s; that ballot stands.")
            raise Refusal("already_voted", words % {"name": person.full_name, "time": clock(ballot.received_at)})
    return ballot


def put_in(
    poll: Poll, elector: Elector, *, choice: str, op: UUID | None, recorded_by: Person | None = None
) -> tuple[Ballot, bool]:
    """Insert the ballot unless one is there; return the one that is there, and whether it is this one."""
    made = Ballot(
        poll=poll,
        elector=elector,
        choice=choice,
        op=op,
        how=Ballot.How.ALOUD if recorded_by else Ballot.How.TABLET,
        recorded_by=recorded_by,
        cast_at=timezone.now(),
        salt=secrets.token_hex(16),
    )
    if is_presumed_first(elector):
        at_end("ballots", insert_ballots, made)
    else:
        # Waits for a transaction that is inserting the same ballot, and raises nothing.
        made.pk = rows.insert_unless_there(made)
        if made.pk is None:
            return Ballot.objects.select_for_update(no_key=True).get(poll=poll, elector=elector), False
    after_ballot(made, "ballot_cast", poll=poll, elector=elector, by=recorded_by or elector.person)
    if may_be_taken_back(poll.opened_at) and kept(("first", poll.pk), lambda: is_first(made)):
        tell(poll, BAR)  # it offered to take the opening back
    return made, True


def is_first(ballot: Ballot) -> bool:
    return not Ballot.objects.filter(poll=ballot.poll_id).exclude(elector=ballot.elector_id).exists()


def change_ballot(ballot: Ballot, *, by: Person, choice: str, op: UUID | None, seen: Seen | None) -> None:
    poll = ballot.elector.poll
    if not poll.rules["ballot_may_change"]:
        words = _("You voted at %(time)s; by the rules of this poll that ballot stands.")
        raise Refusal("already_voted", words % {"time": clock(ballot.received_at)}, now=received(ballot))
    if seen is not None and seen.ballot_of != ballot.received_at.isoformat():
        words = _("Meanwhile another ballot of yours was received, at %(time)s. It stands, unless you change it now.")
        raise Refusal("another_since", words % {"time": clock(ballot.received_at)}, now=received(ballot))
    ballot.choice, ballot.op, ballot.changed_at, ballot.salt = choice, op, timezone.now(), secrets.token_hex(16)
    ballot.how, ballot.recorded_by = Ballot.How.TABLET, None
    ballot.save(update_fields=["choice", "op", "changed_at", "salt", "how", "recorded_by"])
    after_ballot(ballot, "ballot_changed", poll=poll, elector=ballot.elector, by=by)


def after_ballot(ballot: Ballot, act: str, *, poll: Poll, elector: Elector, by: Person) -> None:
    """Record that there is a ballot, never what it says; tell the elector, and the room that there is one more."""
    facts = {"elector": elector.person_id, "how": ballot.how, "operation": str(ballot.op or ""), "hash": sealed(ballot)}
    note(poll, act, by=by, facts=facts)
    touch_people([elector.person_id], f"votes:{poll.meeting_id}")
    tell(poll, COUNT)


def sealed(ballot: Ballot) -> str:
    """The hash that stands for a ballot in the log of acts; its salt, kept with the ballot, opens it."""
    told = f"{ballot.salt}|{ballot.poll_id}|{ballot.elector_id}|{ballot.choice}"
    return hashlib.sha256(told.encode()).hexdigest()


def received(ballot: Ballot) -> dict[str, Any]:
    """What the elector's own tablet is told about the ballot that is there."""
    return {
        "poll": str(ballot.poll_id),
        "choice": ballot.choice,
        "received_at": ballot.received_at.isoformat(),
        "time": clock(ballot.received_at),
        "how": ballot.how,
    }


def admit_latecomer(participant: Participant) -> None:
    """Let who checks in while a poll is open vote in it, if the rule set says so. Check-in calls, meeting locked."""
    polls = Poll.objects.filter(meeting=participant.meeting_id, state=State.OPEN)
    poll = polls.select_related("meeting", "item").first()
    if poll is None or state_shared(poll.pk)[0] != State.OPEN:
        return
    if poll.item.is_closed and not may_see_item(participant.person, poll.item):
        return
    if poll.rules["latecomers_may_vote"]:
        waiting = Elector.objects.filter(poll=poll, person=participant.person_id, present_at_opening=False)
        if waiting.filter(admitted_at=None).update(admitted_at=timezone.now()):
            note(poll, "elector_admitted", by=None, facts={"elector": participant.person_id})
            tell(poll, POLL, COUNT)


# -- After the vote ----------------------------------------------------------------------------------------------------


def close_poll(poll: Poll, *, by: Person) -> None:
    """End the vote and count in the same transaction: every ballot acknowledged before is in, none comes after."""
    with one_transaction():
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        if poll.state != State.OPEN:
            raise Refusal("not_open", _("This poll is not open."))
        end(poll, by=by)


def close_those_out_of_time() -> None:
    """Close polls whose time is over. Every server asks each second; the first one closes."""
    over = Poll.objects.filter(state=State.OPEN, ends_at__lte=timezone.now())
    for key in list(over.values_list("pk", flat=True)):
        with one_transaction():
            poll = locked(Poll(pk=key))
            if poll.state == State.OPEN and is_out_of_time(poll):
                end(poll, by=None)


def end(poll: Poll, *, by: Person | None) -> None:
    """Count a locked poll and close it; by nobody when its time was over."""
    poll.result = result_of(poll)
    poll.state, poll.closed_at, poll.closed_by = State.CLOSED, timezone.now(), by
    poll.outcome = poll.result["outcome"]
    poll.save(update_fields=["state", "closed_at", "closed_by", "result", "outcome"])
    note(poll, "poll_closed", by=by, facts={"result": poll.result})
    tell(poll, POLL, COUNT, READY, BAR)


def is_out_of_time(poll: Poll) -> bool:
    return poll.ends_at is not None and poll.ends_at <= timezone.now()


def announce_result(poll: Poll, *, by: Person, tie_confirmed: bool = False) -> None:
    """Make the result known, for good. At a tie, only after the side of the head of the body was confirmed."""
    with one_transaction():
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        if poll.state != State.CLOSED:
            raise Refusal("not_closed", _("Only a closed poll whose result is not announced yet can be announced."))
        if poll.outcome == "tie":
            if not tie_confirmed:
                words = _("As many are for as against. Confirm the side of the head of the body, then announce.")
                raise Refusal("tie_not_confirmed", words)
            poll.outcome, poll.tie_confirmed = (poll.result or {})["outcome_once_confirmed"], True
        poll.state, poll.announced_at, poll.announced_by = State.ANNOUNCED, timezone.now(), by
        poll.save(update_fields=["state", "outcome", "tie_confirmed", "announced_at", "announced_by"])
        note(poll, "result_announced", by=by, facts={"outcome": poll.outcome, "tie_confirmed": poll.tie_confirmed})
        tell(poll, POLL, COUNT, READY, BAR)


def correct_result(poll: Poll, *, by: Person, words: str) -> Correction:
    """Say what is to be corrected in an announced result, which stays as it is; this stands beside it."""
    with one_transaction():
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        if poll.state != State.ANNOUNCED:
            raise Refusal("not_announced", _("Only an announced result is corrected."))
        if not words.strip():
            raise Refusal("no_words", _("Say what was wrong and what holds; both stay in the record."))
        refuse_if_too_long(words.strip(), Correction, "words")
        correction = Correction.objects.create(poll=poll, words=words.strip(), by=by, at=timezone.now())
        note(poll, "result_corrected", by=by, facts={"words": correction.words})
        tell(poll, POLL)
    return correction


def cancel_poll(poll: Poll, *, by: Person, reason: str) -> None:
    """Take back a poll that was opened by mistake or went wrong. It stays visible as cancelled, with the reason."""
    with one_transaction():
        poll = locked(poll)
        refuse_unless_runner(poll.meeting, by)
        if poll.state not in {State.OPEN, State.CLOSED}:
            raise Refusal("not_cancellable", _("Only a poll that is open or not announced yet can be cancelled."))
        if not reason.strip():
            raise Refusal("no_reason", _("Say why the poll is cancelled; the reason stays in the record."))
        refuse_if_too_long(reason.strip(), Poll, "cancel_reason")
        poll.state, poll.cancelled_at, poll.cancel_reason = State.CANCELLED, timezone.now(), reason.strip()
        poll.save(update_fields=["state", "cancelled_at", "cancel_reason"])
        note(poll, "poll_cancelled", by=by, facts={"reason": poll.cancel_reason})
        tell(poll, POLL, COUNT, READY, BAR)


def repeat_poll(poll: Poll, *, by: Person) -> Poll:
    """Prepare the same question anew; the new poll names the old one, which stays as it is.

    After an election in which as many votes fell to several for the last seats, on those and these seats only.
    """
    if poll.state not in {State.ANNOUNCED, State.CANCELLED}:
        raise Refusal("not_over", _("Announce or cancel this poll before repeating it."))
    options, seats = [choice for choice in poll.options if choice["key"].startswith("own-")], poll.seats
    if poll.outcome == "border_tie" and poll.result is not None:
        options = [choice for choice in options if choice["key"] in poll.result["undecided"]]
        seats = (seats or 0) - len(poll.result["elected"])
    return draft_poll(
        poll.item,
        by=by,
        question=poll.question,
        rule_set=poll.rule_set,
        kind=poll.kind,
        options=options,
        subjects=poll.subjects,
        seats=seats,
        open_seconds=poll.open_seconds,
        repeats=poll,
    )


def refuse_to_leave_a_vote_behind(meeting: Meeting, item: AgendaItem | None) -> None:
    """No pause, no other item, no end of the meeting while a vote is open or its result unsaid. Called by meetings."""
    left = Poll.objects.filter(meeting=meeting, state__in=(State.OPEN, State.CLOSED)).first()
    if left is None:
        return
    if left.state == State.OPEN:
        raise Refusal("poll_open", _("A vote is open. Close it first."))
    raise Refusal(
        "poll_not_announced", _("The result of a vote is not announced yet. Announce it, or cancel the poll.")
    )


def refuse_to_undo_under_a_vote(meeting: Meeting, item: AgendaItem, taken_up_at: datetime) -> None:
    """Called before the taking up of an item is taken back: a vote on it since then keeps it."""
    if Poll.objects.filter(item=item, opened_at__gte=taken_up_at).exists():
        raise Refusal("poll_since", _("A vote has been opened on this item since; it stays taken up."))


# -- Steps the actions share -------------------------------------------------------------------------------------------


def locked_meeting(meeting_id: UUID) -> Meeting:
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting_id)


def locked(poll: Poll) -> Poll:
    """The poll as it is now; ballots, which hold it FOR SHARE, are all in or all not yet."""
    rows = Poll.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("meeting", "item", "rule_set").get(pk=poll.pk)


def locked_draft(poll: Poll, *, by: Person) -> Poll:
    poll = locked(poll)
    refuse_unless_drafter(poll.meeting, by)
    if poll.state != State.DRAFTED:
        raise Refusal("not_drafted", _("The poll has been opened; it can only be cancelled, with a reason."))
    return poll


def next_position(item: AgendaItem) -> int:
    return 1 + (Poll.objects.filter(item=item).aggregate(last=Max("position"))["last"] or 0)


def elector_of(poll_id: UUID, person: Person) -> Elector:
    lines = Elector.objects.filter(poll=poll_id, person=person, person__is_active=True).select_related("person")
    elector = lines.order_by("pk").first()
    if elector is None:
        raise Refusal("not_on_the_roll", _("You are not on the roll of this poll."))
    return elector


def whole_poll(poll_id: UUID) -> Poll:
    return Poll.objects.select_related("meeting", "item").get(pk=poll_id)


def refuse_unless_drafter(meeting: Meeting, by: Person) -> None:
    if not rules.may_draft(by, meeting):
        raise Refusal("forbidden", _("Only those who prepare or run this meeting prepare its polls."))


def refuse_unless_runner(meeting: Meeting, by: Person) -> None:
    if not may_run(by, meeting):
        raise Refusal("forbidden", _("Only the chair and the secretary of this meeting may do that."))


def refuse_if_over(meeting: Meeting) -> None:
    if meeting.is_over:
        raise Refusal("meeting_over", _("The meeting is over; its record can no longer be changed."))


def refuse_secret(secrecy: str) -> None:
    if secrecy != Poll.Secrecy.NAMED:
        words = _(
            "This version holds no secret ballots. Vote secretly on paper and put the tellers' record among the papers."
        )
        raise Refusal("no_secret_polls", words)


def refuse_unless_on_the_floor(poll: Poll, meeting: Meeting) -> None:
    if not meeting.is_running:
        raise Refusal("not_in_session", _("The meeting is not in session; start or resume it first."))
    if meeting.current_item_id != poll.item_id:
        raise Refusal(
            "not_current", _("Another item is being dealt with. Take this item up first, then open the vote.")
        )
    if Poll.objects.filter(meeting=meeting, state=State.OPEN).exists():
        raise Refusal("another_open", _("Another vote is open. Close it first."))


def quorum_for(poll: Poll, roll: list[Elector]) -> Quorum:
    return quorum_of(
        present=sum(elector.is_present for elector in roll),
        total=len(roll),
        share=poll.rule_set.quorum_share,
        strictly_more=poll.rule_set.quorum_strictly_more,
    )


def refuse_without_quorum(poll: Poll, roll: list[Elector]) -> Quorum:
    quorum = quorum_for(poll, roll)
    if not quorum.stands:
        words = _("Not enough members to vote: %(needed)d of %(total)d are needed, %(present)d are checked in.")
        numbers = {"needed": quorum.needed, "total": quorum.total, "present": quorum.present}
        raise Refusal("no_quorum", words % numbers)
    if not roll:
        raise Refusal("nobody_entitled", _("Nobody in this meeting is entitled to vote."))
    return quorum


def refuse_unfit(poll: Poll) -> None:
    """An election needs candidates and a majority, a rating a list and levels, a question sides or choices."""
    sides = takes_sides(poll.rule_set)
    if poll.kind == Kind.QUESTION and not sides and not poll.options:
        words = _("These rules know levels of confidence only: choose the kind of vote for confidence, or other rules.")
        raise Refusal("unfit", words)
    if poll.kind == Kind.RATING and (sides or not poll.subjects):
        words = _("For confidence choose rules with levels of confidence, and name who is rated, one a line.")
        raise Refusal("unfit", words)
    if poll.kind == Kind.ELECTION and (not sides or not poll.seats or len(poll.options) < poll.seats):
        words = _("For an election name at least as many candidates as are chosen, and rules with a majority.")
        raise Refusal("unfit", words)


def refuse_if_opened_anew(poll: Poll, seen: Seen | None) -> None:
    if seen is not None and poll.opened_at is not None and seen.opened_at != poll.opened_at.isoformat():
        words = _("After you chose, this vote was taken back and opened anew. Look at the question, and choose again.")
        raise Refusal("taken_back", words)


def refuse_if_too_long(text: str, model: type[Poll] | type[Correction], field: str) -> None:
    most = model._meta.get_field(field).max_length or 0  # type: ignore[union-attr]
    if len(text) > most:
        words = _("This has %(length)d characters; at most %(most)d fit here. Nothing was recorded: shorten it.")
        raise Refusal("too_long", words % {"length": len(text), "most": most})


def written(poll: Poll, choice: str) -> str:
    try:
        return poll.paper.written(choice)
    except NotOnThisPaper as error:
        raise Refusal("invalid", WRONG_ON_PAPER[error.reason] % {"most": poll.paper.seats}) from None


def late(poll: Poll, elector: Elector) -> Refusal:
    """Why a ballot comes too late, and what is on record instead."""
    if poll.state == State.CANCELLED:
        return Refusal("closed", _("This vote was cancelled; your ballot was not recorded."))
    ballot = Ballot.objects.filter(poll=poll, elector=elector).first()
    if ballot is not None:
        words = _("The vote is closed. Your ballot received at %(time)s stands.")
        return Refusal("closed", words % {"time": clock(ballot.received_at)}, now=received(ballot))
    ended = poll.closed_at or poll.ends_at or timezone.now()
    words = _("The vote was closed at %(time)s; your ballot came after that and was not recorded.")
    return Refusal("closed", words % {"time": clock(ended)})


def note(poll: Poll, act: str, *, by: Person | None, facts: dict[str, Any]) -> None:
    record(f"meeting:{poll.meeting_id}", act, by=by, about=poll.about, facts=facts)


def tell(poll: Poll, *panels: str) -> None:
    touch_room(poll.meeting, *panels, item=poll.item)


def clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")
