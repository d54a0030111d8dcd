"""Everything that changes a meeting. One transaction each: lock, ask the rules, write, record, publish last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acts import record
from accounts.models import Membership, Organisation, Person
from accounts.personal import touch_people
from meetings import events, rules
from meetings.models import (
    AgendaItem,
    Attendance,
    ItemTurn,
    Meeting,
    MeetingSeries,
    Notice,
    Participant,
    Pause,
    RuleSet,
    Speech,
    TimeCorrection,
)
from meetings.readiness import problems_of
from meetings.room import tell_inside, tell_room
from realtime.principals import rights_changed
from realtime.refusals import Refusal
from realtime.transactions import one_transaction

State, Role = Meeting.State, Participant.Role


# -- Before the meeting ------------------------------------------------------------------------------------------------


def create_meeting(
    *,
    by: Person,
    organisation: Organisation,
    title: str,
    starts_at: datetime,
    planned_minutes: int,
    rule_set: RuleSet,
    series: MeetingSeries | None = None,
    **more: Any,
) -> Meeting:
    """Make a draft; a meeting of a series starts with the series' members, agenda and room."""
    if not rules.may_prepare_for(by, organisation):
        raise Refusal("not_yours", _("You do not prepare meetings of this unit."))
    with one_transaction():
        meeting = Meeting.objects.create(
            organisation=organisation,
            series=series,
            title=title,
            starts_at=starts_at,
            planned_minutes=planned_minutes,
            rule_set=rule_set,
            created_by=by,
            **more,
        )
        if series is not None:
            take_from_series(meeting, series)
        if not meeting.participants.filter(person=by).exists():
            Participant.objects.create(meeting=meeting, person=by, role=Role.SECRETARY, title=title_of(by, meeting))
        note(meeting, "meeting_created", by=by, facts={"title": title, "starts_at": starts_at.isoformat()})
    return meeting


def take_from_series(meeting: Meeting, series: MeetingSeries) -> None:
    """Copy what the series gives every meeting."""
    for member in series.default_members.select_related("person"):
        Participant.objects.create(
            meeting=meeting,
            person=member.person,
            role=member.role,
            has_vote=member.has_vote,
            is_head=member.is_head,
            title=member.title or title_of(member.person, meeting),
            organisation=member.organisation,
        )
    for position, line in enumerate(series.agenda_template, start=1):
        AgendaItem.objects.create(
            meeting=meeting,
            position=position,
            title=str(line["title"]),
            planned_minutes=int(line.get("planned_minutes", 15)),
        )


def change_meeting(meeting: Meeting, *, by: Person, **changes: Any) -> None:
    """Change title, time, length, place, ...; everybody of a published meeting is told what changed."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_preparing(meeting, by)
        changed = [name for name, value in changes.items() if getattr(meeting, name) != value]
        if not changed:
            return
        if meeting.has_begun and {"starts_at", "rule_set", "rule_set_id"} & set(changed):
            raise Refusal("has_begun", _("The meeting has begun; its beginning and its rules stay as they are."))
        for name in changed:
            setattr(meeting, name, changes[name])
        meeting.save()
        note(meeting, "meeting_changed", by=by, facts={name: str(changes[name]) for name in changed})
        tell_of_change(meeting, [describe_change(meeting, name) for name in changed], by=by)
        tell_room(meeting, "state")


def describe_change(meeting: Meeting, name: str) -> str:
    """Say one change as a sentence for those who were invited."""
    label = label_of(name)
    value = getattr(meeting, name)
    if isinstance(value, datetime):
        value = date_format(timezone.localtime(value), "DATETIME_FORMAT")
    elif hasattr(meeting, f"get_{name}_display"):
        value = getattr(meeting, f"get_{name}_display")()
    return f"{label}: {value}"


def label_of(name: str) -> str:
    field = Meeting._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def publish(meeting: Meeting, *, by: Person) -> None:
    """Make the meeting known to its participants; refused while something blocking is missing."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_preparer(meeting, by)
        if meeting.state != State.DRAFT:
            raise Refusal("already_published", _("The meeting has been published already."))
        blocking = [problem for problem in problems_of(meeting) if problem.blocking]
        if blocking:
            raise Refusal("not_ready", blocking[0].sentence)
        meeting.state, meeting.published_at = State.PUBLISHED, timezone.now()
        meeting.save(update_fields=["state", "published_at"])
        note(meeting, "meeting_published", by=by)
        tell_everyone(meeting, _("You are invited: %(title)s, %(time)s.") % spoken(meeting), but=by)
        show_papers_anew(meeting)


def cancel(meeting: Meeting, *, by: Person, reason: str) -> None:
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_preparer(meeting, by)
        if meeting.has_begun or meeting.is_over:
            raise Refusal("has_begun", _("A meeting that has begun or ended cannot be cancelled; close it instead."))
        if not reason.strip():
            raise Refusal("no_reason", _("Say why the meeting is cancelled."))
        was_known = meeting.state == State.PUBLISHED
        meeting.state, meeting.cancel_reason = State.CANCELLED, reason.strip()
        meeting.save(update_fields=["state", "cancel_reason"])
        note(meeting, "meeting_cancelled", by=by, facts={"reason": reason.strip()})
        if was_known:
            words = _("Cancelled: %(title)s, %(time)s. Reason: %(reason)s")
            tell_everyone(meeting, words % {**spoken(meeting), "reason": reason.strip()}, but=by)
        tell_room(meeting, "state")


# -- Agenda ------------------------------------------------------------------------------------------------------------


def add_item(
    meeting: Meeting,
    *,
    by: Person,
    title: str,
    parent: AgendaItem | None = None,
    admitted: Sequence[Person] = (),
    **more: Any,
) -> AgendaItem:
    """Put a new item at the end, or a sub-item behind its siblings."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_preparing(meeting, by)
        if parent is not None and parent.parent_id is not None:
            raise Refusal("too_deep", _("A sub-item cannot have sub-items of its own."))
        last = meeting.items.aggregate(last=Max("position"))["last"] or 0
        item = AgendaItem.objects.create(meeting=meeting, parent=parent, position=last + 1, title=title, **more)
        item.admitted.set(admitted)
        put_in_order(meeting, [row.pk for row in meeting.items.all()])
        item.refresh_from_db()
        note(meeting, "item_added", by=by, about=item, facts=item_facts(item))
        tell_of_agenda(meeting, item, _("New item: %(item)s"), by=by)
    return item


def change_item(item: AgendaItem, *, by: Person, admitted: Sequence[Person] | None = None, **changes: Any) -> None:
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_open_to_preparing(meeting, by)
        item = locked_item(item)
        if (
            item.state == AgendaItem.State.DONE
            and {"is_closed"} & set(changes)
            and changes["is_closed"] != item.is_closed
        ):
            raise Refusal("item_done", _("The item has been dealt with; who may see it stays as it was."))
        before = let_into(item)
        for name, value in changes.items():
            setattr(item, name, value)
        item.save()
        if admitted is not None:
            item.admitted.set(admitted)
        if let_into(item) != before:
            if meeting.current_item_id == item.pk and shuts_out(before, let_into(item)):
                events.about_to_leave(meeting, item)  # a vote under way: its roll was fixed with those admitted then
            # Who may not see the item any more would go on hearing its stream and those of its papers.
            rights_changed(f"person:{person_id}" for person_id in people_of(meeting))
            events.admission_changed(item)
        note(meeting, "item_changed", by=by, about=item, facts=item_facts(item))
        tell_of_agenda(meeting, item, _("Changed item: %(item)s"), by=by)


def let_into(item: AgendaItem) -> tuple[bool, set[int]]:
    """Whether the item is closed, and who is admitted to it."""
    return item.is_closed, set(item.admitted.values_list("pk", flat=True))


def shuts_out(before: tuple[bool, set[int]], after: tuple[bool, set[int]]) -> bool:
    """Whether somebody who was let in may not be any more."""
    (was_closed, admitted_before), (is_closed, admitted) = before, after
    return is_closed and (not was_closed or not admitted_before <= admitted)


def remove_item(item: AgendaItem, *, by: Person) -> None:
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_open_to_preparing(meeting, by)
        item = locked_item(item)
        if item.turns.exists():
            raise Refusal("item_was_on", _("The item has been taken up in the meeting; it stays in its record."))
        note(meeting, "item_removed", by=by, about=item, facts=item_facts(item))
        tell_of_agenda(meeting, item, _("Removed item: %(item)s"), by=by)
        try:
            item.delete()
        except ProtectedError:
            raise Refusal("item_in_use", _("Papers or votes belong to this item; remove them first.")) from None
        put_in_order(meeting, [row.pk for row in meeting.items.all()])


def move_item(item: AgendaItem, *, by: Person, to: int) -> None:
    """Give the item the place `to` (from 1) among its siblings; sub-items travel with it."""
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_open_to_preparing(meeting, by)
        siblings = [row.pk for row in meeting.items.filter(parent=item.parent_id)]
        siblings.remove(item.pk)
        siblings.insert(max(0, min(to - 1, len(siblings))), item.pk)
        others = [row.pk for row in meeting.items.exclude(parent=item.parent_id)]
        put_in_order(meeting, siblings + others if item.parent_id is None else others + siblings)
        note(meeting, "item_moved", by=by, about=item, facts={"to": to})
        tell_room(meeting, "agenda", item=item)
        show_papers_anew(meeting)


def put_in_order(meeting: Meeting, keys: Sequence[int]) -> None:
    """Number the items as `keys` says, each followed by its sub-items in the same order.

    Items pass through numbers beyond all that are taken, because two may never have the same one.
    """
    rows = {item.pk: item for item in meeting.items.all()}
    order = [rows[key] for key in keys]
    flat = []
    for item in order:
        if item.parent_id is None:
            flat += [item, *(row for row in order if row.parent_id == item.pk)]
    if [item.position for item in flat] == list(range(1, len(flat) + 1)):
        return
    beyond = max(item.position for item in order) + len(order)
    for offset in (beyond, 0):
        for number, item in enumerate(flat, start=1):
            item.position = offset + number
            item.save(update_fields=["position"])


def item_facts(item: AgendaItem) -> dict[str, Any]:
    return {"title": item.title, "planned_minutes": item.planned_minutes, "closed": item.is_closed}


# -- People ------------------------------------------------------------------------------------------------------------


def add_participant(
    meeting: Meeting, person: Person, *, by: Person, role: str = Role.MEMBER, has_vote: bool | None = None, **more: Any
) -> Participant:
    """Invite a person; members and the chair have a vote unless said otherwise."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_preparing(meeting, by)
        participant = place_participant(meeting, person, role=role, has_vote=has_vote, **more)
        note(meeting, "participant_added", by=by, about=f"person:{person.pk}", facts={"role": role})
        after_change_of_people(meeting, [participant.person_id])
        if meeting.state == State.PUBLISHED:
            tell([person.pk], meeting, _("You are invited: %(title)s, %(time)s.") % spoken(meeting))
    return participant


def add_unit(meeting: Meeting, unit: Organisation, *, by: Person, role: str = Role.MEMBER) -> list[Participant]:
    """Invite everybody who is in office in the unit on the day of the meeting and not invited yet."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_open_to_preparing(meeting, by)
        there = set(meeting.participants.values_list("person_id", flat=True))
        day = timezone.localtime(meeting.starts_at).date()
        people = [p for p in Person.objects.members_of(unit, on=day) if p.pk not in there]
        added = [place_participant(meeting, person, role=role, organisation=unit) for person in people]
        note(meeting, "unit_added", by=by, about=f"organisation:{unit.pk}", facts={"role": role, "people": len(added)})
        after_change_of_people(meeting, [participant.person_id for participant in added])
        if meeting.state == State.PUBLISHED:
            tell([p.person_id for p in added], meeting, _("You are invited: %(title)s, %(time)s.") % spoken(meeting))
    return added


def place_participant(
    meeting: Meeting, person: Person, *, role: str, has_vote: bool | None = None, **more: Any
) -> Participant:
    if meeting.participants.filter(person=person).exists():
        raise Refusal("already_in", _("%(name)s takes part already.") % {"name": person.full_name})
    if role == Role.CHAIR and meeting.participants.filter(role=Role.CHAIR).exists():
        raise Refusal("two_chairs", _("The meeting has a chair already; give that person another role first."))
    votes = role in {Role.CHAIR, Role.MEMBER} if has_vote is None else has_vote
    more.setdefault("title", title_of(person, meeting))
    return Participant.objects.create(meeting=meeting, person=person, role=role, has_vote=votes, **more)


def change_participant(participant: Participant, *, by: Person, **changes: Any) -> None:
    """Change role, vote, title or reason of absence."""
    with one_transaction():
        meeting = locked(participant.meeting)
        refuse_unless_open_to_preparing(meeting, by)
        participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        role = changes.get("role", participant.role)
        if role == Role.CHAIR and meeting.participants.filter(role=Role.CHAIR).exclude(pk=participant.pk).exists():
            raise Refusal("two_chairs", _("The meeting has a chair already; give that person another role first."))
        if "role" in changes and "has_vote" not in changes:
            changes["has_vote"] = role in {Role.CHAIR, Role.MEMBER}
        for name, value in changes.items():
            setattr(participant, name, value)
        participant.save()
        facts = {name: str(value) for name, value in changes.items()}
        note(meeting, "participant_changed", by=by, about=f"person:{participant.person_id}", facts=facts)
        after_change_of_people(meeting, [participant.person_id])


def remove_participant(participant: Participant, *, by: Person) -> None:
    with one_transaction():
        meeting = locked(participant.meeting)
        refuse_unless_open_to_preparing(meeting, by)
        if participant.attendances.exists():
            raise Refusal(
                "was_there",
                _("%(name)s has been in the meeting and stays in its record.") % {"name": participant.person.full_name},
            )
        person_id = participant.person_id
        note(meeting, "participant_removed", by=by, about=f"person:{person_id}")
        participant.delete()
        after_change_of_people(meeting, [person_id])


def after_change_of_people(meeting: Meeting, person_ids: Iterable[int]) -> None:
    keys = [f"person:{person_id}" for person_id in person_ids]
    if keys:
        rights_changed(keys)
    tell_room(meeting, "presence")
    touch_people(person_ids, f"papers:{meeting.pk}", f"presence:{meeting.pk}")


def title_of(person: Person, meeting: Meeting) -> str:
    """The person's position on the day, as it stands on the list of participants."""
    day = timezone.localtime(meeting.starts_at).date()
    held = Membership.objects.on(day).filter(person=person).select_related("position", "organisation")
    best = sorted(held, key=lambda row: (row.organisation_id != meeting.organisation_id, row.position.rank))
    if not best:
        return ""
    return f"{best[0].position.name} {best[0].organisation.short_name}"[:160]


# -- In the room -------------------------------------------------------------------------------------------------------


def start(meeting: Meeting, *, by: Person) -> None:
    """Begin the session: only with a quorum, and the first item is not taken up by itself."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        if meeting.state != State.PUBLISHED:
            raise Refusal("not_published", _("Only a published meeting that has not begun can be started."))
        quorum = meeting.quorum()
        if not quorum.stands:
            words = _("The quorum is %(needed)d of %(total)d members; %(present)d are checked in.")
            raise Refusal(
                "no_quorum", words % {"needed": quorum.needed, "total": quorum.total, "present": quorum.present}
            )
        meeting.state, meeting.started_at = State.IN_SESSION, timezone.now()
        meeting.save(update_fields=["state", "started_at"])
        note(
            meeting,
            "meeting_started",
            by=by,
            facts={"present": quorum.present, "total": quorum.total, "needed": quorum.needed},
        )
        tell_room(meeting, "state")


def pause(meeting: Meeting, *, by: Person) -> None:
    interrupt(meeting, by=by, state=State.PAUSED, act="meeting_paused")


def adjourn(meeting: Meeting, *, by: Person, resumes_at: datetime | None = None) -> None:
    """Break off until a later time, maybe another day."""
    interrupt(meeting, by=by, state=State.ADJOURNED, act="meeting_adjourned", resumes_at=resumes_at)


def interrupt(meeting: Meeting, *, by: Person, state: str, act: str, resumes_at: datetime | None = None) -> None:
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        if meeting.state != State.IN_SESSION:
            raise Refusal("not_in_session", _("The meeting is not in session."))
        if resumes_at is not None and resumes_at <= timezone.now():
            raise Refusal("in_the_past", _("The time at which the meeting goes on lies in the past."))
        events.about_to_leave(meeting, meeting.current_item)
        now = timezone.now()
        end_open_speech(meeting, at=now)
        Pause.objects.create(
            meeting=meeting,
            began_at=now,
            is_adjournment=state == State.ADJOURNED,
            resumes_at=resumes_at,
        )
        meeting.state = state
        meeting.save(update_fields=["state"])
        note(meeting, act, by=by)
        tell_room(meeting, "state")


def resume(meeting: Meeting, *, by: Person) -> None:
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        if meeting.state not in {State.PAUSED, State.ADJOURNED}:
            raise Refusal("not_paused", _("The meeting is not paused."))
        end_pause(meeting)
        meeting.state = State.IN_SESSION
        meeting.save(update_fields=["state"])
        note(meeting, "meeting_resumed", by=by)
        tell_room(meeting, "state")


def close(meeting: Meeting, *, by: Person) -> None:
    """End the session: the current item is left, the net time stands."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        if not meeting.has_begun or meeting.is_over:
            raise Refusal("not_in_session", _("The meeting is not in session."))
        events.about_to_leave(meeting, meeting.current_item)
        end_pause(meeting)
        now = timezone.now()
        leave_current_item(meeting, at=now)
        meeting.state, meeting.ended_at = State.CLOSED, now
        meeting.save(update_fields=["state", "ended_at", "current_item"])
        Attendance.objects.filter(participant__meeting=meeting, left_at=None).update(left_at=meeting.ended_at)
        note(meeting, "meeting_closed", by=by, facts={"net_seconds": meeting.net_seconds()})
        tell_room(meeting, "state", "agenda", "presence")
        show_papers_anew(meeting)
        touch_people(people_of(meeting), f"presence:{meeting.pk}")


def end_pause(meeting: Meeting) -> None:
    meeting.pauses.filter(ended_at=None).update(ended_at=timezone.now())


def take_up_item(item: AgendaItem, *, by: Person) -> None:
    """Make this the current item; the one before it is done. An item may be taken up again."""
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_runner(meeting, by)
        if meeting.state != State.IN_SESSION:
            raise Refusal("not_in_session", _("Start or resume the meeting first."))
        if meeting.current_item_id == item.pk:
            raise Refusal("already_current", _("This item is already being dealt with."))
        events.about_to_leave(meeting, meeting.current_item)
        now = timezone.now()  # one stamp: what ended because of this act can be found again, see undoing.py
        left = leave_current_item(meeting, at=now)
        item = locked_item(item)
        item.state = AgendaItem.State.CURRENT
        item.save(update_fields=["state"])
        ItemTurn.objects.create(item=item, began_at=now)
        meeting.current_item = item
        meeting.save(update_fields=["current_item"])
        note(meeting, "item_taken_up", by=by, about=item)
        for touched in filter(None, (left, item)):
            tell_room(meeting, "agenda", item=touched)


def finish_item(item: AgendaItem, *, by: Person) -> None:
    """Leave the current item without taking up another."""
    with one_transaction():
        meeting = locked(item.meeting)
        refuse_unless_runner(meeting, by)
        if meeting.current_item_id != item.pk:
            raise Refusal("not_current", _("This item is not being dealt with."))
        events.about_to_leave(meeting, item)
        leave_current_item(meeting, at=timezone.now())
        meeting.save(update_fields=["current_item"])
        note(meeting, "item_finished", by=by, about=item)
        tell_room(meeting, "agenda", item=item)


def leave_current_item(meeting: Meeting, *, at: datetime) -> AgendaItem | None:
    """End the running turn, and the speech in it; the caller saves the meeting."""
    item = meeting.current_item
    if item is None:
        return None
    item = locked_item(item)
    end_open_speech(meeting, at=at)
    item.turns.filter(ended_at=None).update(ended_at=at)
    item.state = AgendaItem.State.DONE
    item.save(update_fields=["state"])
    meeting.current_item = None
    return item


def end_open_speech(meeting: Meeting, *, at: datetime, of: Participant | None = None) -> bool:
    """End the speech that is going on, if there is one (and it is this participant's); True if one was ended."""
    speeches = Speech.objects.filter(meeting=meeting, ended_at=None)
    if of is not None:
        speeches = speeches.filter(participant=of)
    return bool(speeches.update(ended_at=at))


def check_in(participant: Participant, *, by: Person, how: str = Attendance.How.TAP) -> Attendance:
    """Say that the participant is there; who is there already stays as checked in before."""
    with one_transaction():
        meeting = locked(participant.meeting)
        refuse_unless_own_or_runner(participant, meeting, by)
        if meeting.state == State.DRAFT:
            raise Refusal("not_published", _("The meeting has not been published yet."))
        if meeting.is_over:
            raise Refusal("meeting_over", _("The meeting is over."))
        there = participant.attendances.filter(left_at=None).first()
        if there is not None:
            return there
        how = how if by.pk == participant.person_id else Attendance.How.SECRETARY
        attendance = Attendance.objects.create(
            participant=participant, arrived_at=timezone.now(), how=how, recorded_by=by
        )
        if participant.absence_reason:
            participant.absence_reason = ""
            participant.save(update_fields=["absence_reason"])
        note(meeting, "checked_in", by=by, about=f"person:{participant.person_id}", facts={"how": how})
        events.checked_in(participant)
        after_change_of_presence(participant)
    return attendance


def check_out(participant: Participant, *, by: Person) -> None:
    """Say that the participant has left; coming back is a new check-in."""
    with one_transaction():
        meeting = locked(participant.meeting)
        refuse_unless_own_or_runner(participant, meeting, by)
        if not participant.attendances.filter(left_at=None).update(left_at=timezone.now()):
            raise Refusal("not_there", _("%(name)s is not checked in.") % {"name": participant.person.full_name})
        spoke = end_open_speech(meeting, at=timezone.now(), of=participant)
        note(meeting, "checked_out", by=by, about=f"person:{participant.person_id}")
        if spoke and meeting.current_item is not None:
            tell_inside(meeting.current_item, "speaking")
        after_change_of_presence(participant)


def note_absence(participant: Participant, *, by: Person, reason: str) -> None:
    with one_transaction():
        meeting = locked(participant.meeting)
        refuse_unless_own_or_runner(participant, meeting, by)
        if meeting.is_over:
            raise Refusal("meeting_over", _("The meeting is over; its record can no longer be changed."))
        if participant.attendances.filter(left_at=None).exists():
            raise Refusal("is_there", _("%(name)s is checked in.") % {"name": participant.person.full_name})
        participant.absence_reason = reason.strip()
        participant.save(update_fields=["absence_reason"])
        note(meeting, "absence_noted", by=by, about=f"person:{participant.person_id}", facts={"reason": reason.strip()})
        after_change_of_presence(participant)


def after_change_of_presence(participant: Participant) -> None:
    meeting = participant.meeting
    tell_room(meeting, "presence")
    touch_people([participant.person_id], f"presence:{meeting.pk}")


def correct_time(meeting: Meeting, *, by: Person, which: str, value: datetime, reason: str) -> TimeCorrection:
    """Put a corrected begin or end beside the measured one."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_preparer(meeting, by)
        if meeting.state != State.CLOSED:
            raise Refusal("not_closed", _("Times are corrected after the meeting has been closed."))
        if not reason.strip():
            raise Refusal("no_reason", _("Say why the time is corrected."))
        original = getattr(meeting, which)
        began, ended = meeting.stamps()
        began, ended = (value, ended) if which == TimeCorrection.Which.STARTED_AT else (began, value)
        if began is None or ended is None or ended <= began:
            raise Refusal("ends_before_it_begins", _("The meeting would end before it begins."))
        if value > timezone.now():
            raise Refusal("in_the_future", _("The corrected time lies in the future."))
        correction = TimeCorrection.objects.create(
            meeting=meeting, which=which, original=original, value=value, reason=reason.strip(), by=by
        )
        facts = {"which": which, "original": original.isoformat(), "value": value.isoformat(), "reason": reason.strip()}
        note(meeting, "time_corrected", by=by, facts=facts)
    return correction


# -- Steps the actions share -------------------------------------------------------------------------------------------


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now, locked until the end of the transaction."""
    return Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


def locked_item(item: AgendaItem) -> AgendaItem:
    return AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)


def refuse_unless_preparer(meeting: Meeting, by: Person) -> None:
    if not rules.may_prepare(by, meeting):
        raise Refusal("forbidden", _("Only those who prepare this meeting may do that."))


def refuse_unless_open_to_preparing(meeting: Meeting, by: Person) -> None:
    refuse_unless_preparer(meeting, by)
    if meeting.is_over:
        raise Refusal("meeting_over", _("The meeting is over; its record can no longer be changed."))


def refuse_unless_runner(meeting: Meeting, by: Person) -> None:
    if not rules.may_run(by, meeting):
        raise Refusal("forbidden", _("Only the chair and the secretary of this meeting may do that."))


def refuse_unless_own_or_runner(participant: Participant, meeting: Meeting, by: Person) -> None:
    if participant.person_id != by.pk and not rules.may_run(by, meeting):
        raise Refusal("forbidden", _("Only the chair and the secretary may do that for somebody else."))


def note(
    meeting: Meeting, act: str, *, by: Person, about: AgendaItem | str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Write the act to the meeting's chain of the log."""
    place = f"item:{about.pk}" if isinstance(about, AgendaItem) else about or meeting.chain
    record(meeting.chain, act, by=by, about=place, facts=dict(facts or {}))


def people_of(meeting: Meeting) -> list[int]:
    return list(meeting.participants.values_list("person_id", flat=True))


def show_papers_anew(meeting: Meeting) -> None:
    """The agenda with its papers is a panel of each person's own: each may see other items and papers."""
    touch_people(people_of(meeting), f"papers:{meeting.pk}")


def tell_of_agenda(meeting: Meeting, item: AgendaItem, words: str, *, by: Person) -> None:
    """Tell of a change of the agenda; of a closed item only those who may see it."""
    tell_room(meeting, "agenda", item=item)
    show_papers_anew(meeting)
    if meeting.state == State.PUBLISHED:
        who = [person_id for person_id in people_of(meeting) if person_id != by.pk]
        if item.is_closed:
            people = Person.objects.filter(pk__in=who)
            who = [person.pk for person in people if rules.may_see_item(person, item)]
        tell(who, meeting, f"{meeting.title}. {words % {'item': item.title}}")


def tell_of_change(meeting: Meeting, sentences: list[str], *, by: Person) -> None:
    if meeting.state == State.PUBLISHED:
        tell_everyone(meeting, f"{_('Changed')}: {meeting.title}. {'; '.join(sentences)}", but=by)


def tell_everyone(meeting: Meeting, text: str, *, but: Person) -> None:
    tell([person_id for person_id in people_of(meeting) if person_id != but.pk], meeting, text)


def tell(person_ids: Sequence[int], meeting: Meeting, text: str) -> None:
    Notice.objects.bulk_create(
        [Notice(person_id=person_id, meeting=meeting, text=text[:400]) for person_id in person_ids]
    )
    touch_people(person_ids, "notices")


def spoken(meeting: Meeting) -> dict[str, str]:
    return {"title": meeting.title, "time": date_format(timezone.localtime(meeting.starts_at), "DATETIME_FORMAT")}
