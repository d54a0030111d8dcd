"""Who has the floor. Like the other actions: lock, ask the rules, write, record, publish last."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person
from meetings.actions import end_open_speech, locked, note, refuse_unless_runner
from meetings.models import AgendaItem, Meeting, Participant, Speech
from meetings.room import tell_inside
from realtime.refusals import Refusal
from realtime.transactions import one_transaction


def give_the_floor(
    meeting: Meeting, participant: Participant, *, by: Person, allotted_seconds: int | None = None
) -> Speech:
    """Let somebody who is there speak on the current item; whoever spoke until now has ended."""
    with one_transaction():
        meeting = locked(meeting)
        refuse_unless_runner(meeting, by)
        item = item_spoken_on(meeting)
        refuse_unless_there(participant, meeting)
        if Speech.objects.filter(participant=participant, ended_at=None).exists():
            words = _("%(name)s has the floor already.")
            raise Refusal("already_speaking", words % {"name": participant.person.full_name})
        now = timezone.now()
        end_open_speech(meeting, at=now)
        speech = Speech.objects.create(
            meeting=meeting,
            item=item,
            participant=participant,
            began_at=now,
            allotted_seconds=allotted_seconds,
            recorded_by=by,
        )
        facts = {"person": participant.person_id, "allotted_seconds": allotted_seconds}
        note(meeting, "floor_given", by=by, about=item, facts=facts)
        tell_inside(item, "speaking")
    return speech


def end_speech(speech: Speech, *, by: Person) -> None:
    with one_transaction():
        meeting = locked(speech.meeting)
        refuse_unless_runner(meeting, by)
        speech = Speech.objects.select_for_update(no_key=True).select_related("participant", "item").get(pk=speech.pk)
        if speech.ended_at is not None:
            raise Refusal("speech_ended", _("This speech has ended already."))
        speech.ended_at = timezone.now()
        speech.save(update_fields=["ended_at"])
        facts = {"person": speech.participant.person_id, "seconds": speech.seconds()}
        note(meeting, "speech_ended", by=by, about=speech.item, facts=facts)
        tell_inside(speech.item, "speaking")


def item_spoken_on(meeting: Meeting) -> AgendaItem:
    if not meeting.is_running:
        raise Refusal("not_in_session", _("The meeting is not in session; start or resume it first."))
    if meeting.current_item is None:
        raise Refusal("no_item", _("No item is being dealt with. Take one up first."))
    return meeting.current_item


def refuse_unless_there(participant: Participant, meeting: Meeting) -> None:
    if participant.meeting_id != meeting.pk:
        raise Refusal("not_in_meeting", _("That person does not take part in this meeting."))
    if not participant.attendances.filter(left_at=None).exists():
        words = _("%(name)s is not checked in; check %(name)s in first.")
        raise Refusal("not_there", words % {"name": participant.person.full_name})
